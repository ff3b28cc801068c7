//! Active User contracts over HTTP.

mod company_a;
mod pages;
mod roles;
mod rules;
mod time;

use crate::support::app::TestApp;
use crate::support::rest::Answer;
use serde_json::{Value, json};

const CONTRACTS: &str = "/_syncom/flex/contracts";

/// A Full admin of the lab's partner, with contracts to look after. Years pass here, and a bearer
/// lives for an hour: each call signs in.
struct Paula<'a>(&'a TestApp);

impl Paula<'_> {
    async fn look(&self, path: &str) -> Answer {
        self.0.rest_as("paula").await.get(path).await
    }

    async fn send(&self, path: &str, body: &Value) -> Answer {
        self.0.rest_as("paula").await.post(path, body).await
    }

    /// Opens a contract of Vega; `more` is what differs from 300 knowledge workers under clause 6.
    async fn open(&self, name: &str, more: Value) -> Answer {
        self.send(CONTRACTS, &contract(name, more)).await
    }

    /// The same, of which nothing is wrong: its address.
    async fn opened(&self, name: &str, more: Value) -> String {
        let answer = self.open(name, more).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        format!("{CONTRACTS}/{}", answer.json["id"].as_str().unwrap())
    }

    /// The address of the contract of the fixture.
    async fn of_the_fixture(&self) -> String {
        let all = self.get(CONTRACTS).await;
        let all = all["contracts"].as_array().unwrap().clone();
        let own = all.iter().find(|one| one["name"] == "Flex Meetings").unwrap();
        format!("{CONTRACTS}/{}", own["id"].as_str().unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.look(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.send(path, &body).await;
        assert!([200, 201].contains(&answer.status), "{path}: {}", answer.text);
        answer.json
    }

    /// So many employees `p1`, `p2`, … with an account each.
    async fn people(&self, at: &str, number: usize) {
        let person = |n| {
            json!({"key":format!("p{n}"),"name":format!("P {n}"),"employment":"employee",
                   "account":format!("p{n}")})
        };
        let people: Vec<_> = (1..=number).map(person).collect();
        let path = format!("{at}/people");
        assert_eq!(self.post(&path, json!({"people":people})).await["changed"], number);
    }

    /// So many hosts, one session each, on a day.
    async fn hosts(&self, at: &str, day: &str, number: usize) -> Value {
        let one = |n| session(&format!("{day}-{n}"), &format!("p{n}"), day);
        let sessions: Vec<_> = (1..=number).map(one).collect();
        self.post(&format!("{at}/sessions"), json!({"sessions":sessions})).await
    }

    async fn ledger(&self, at: &str) -> Vec<Value> {
        self.get(&format!("{at}/ledger")).await["entries"].as_array().unwrap().clone()
    }
}

fn contract(name: &str, more: Value) -> Value {
    let mut body = json!({
        "organization": "vega", "name": name, "variant": "clause_6", "starts": "2026-01-15",
        "months": 36, "headcount_kw": 300, "price_minor": 1_000, "currency": "USD",
    });
    let (Value::Object(fields), Value::Object(more)) = (&mut body, more) else { panic!("{name}") };
    fields.extend(more);
    fields.retain(|_, value| !value.is_null());
    body
}

fn session(id: &str, host: &str, day: &str) -> Value {
    json!({"id":id,"host":host,"type":"meetings","launch":"app","scheduled":true,
           "deployment":"cloud","started_at":format!("{day}T10:00:00Z")})
}

/// The steps of a kind in a ledger.
fn steps<'a>(ledger: &'a [Value], kind: &str) -> Vec<&'a Value> {
    ledger.iter().map(|entry| &entry["step"]).filter(|step| step["kind"] == kind).collect()
}
