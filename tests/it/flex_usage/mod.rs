//! The Flex usage report over real HTTP, on both databases.

mod clicked;
mod clusters;
mod dutch;
mod fixture;
mod refused;
mod report;
mod roles;
mod workbook;

use crate::support::app::TestApp;
use serde_json::{Value, json};

/// A caller of `/_syncom/flex/…` with a bearer.
pub struct Caller {
    http: reqwest::Client,
    base: String,
    bearer: Option<String>,
}

/// A status and a body.
pub type Told = (u16, Value);

impl Caller {
    /// Somebody who shows nothing.
    pub fn stranger(app: &TestApp) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, base: format!("{}/_syncom/flex", app.url()), bearer: None }
    }

    /// A person of the fixture.
    pub async fn person(app: &TestApp, name: &str) -> Self {
        let bearer = app.rest_as(name).await.bearer().map(str::to_owned);
        Self { bearer, ..Self::stranger(app) }
    }

    /// The agent of a cluster.
    pub fn agent(app: &TestApp, secret: &str) -> Self {
        Self { bearer: Some(secret.to_owned()), ..Self::stranger(app) }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Told {
        let request = match &self.bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Gets.
    pub async fn get(&self, path: &str) -> Told {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    /// Posts.
    pub async fn post(&self, path: &str, body: &Value) -> Told {
        self.send(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// Puts.
    pub async fn put(&self, path: &str, body: &Value) -> Told {
        self.send(self.http.put(format!("{}{path}", self.base)).json(body)).await
    }

    /// Does what must succeed.
    pub async fn done(&self, path: &str, body: &Value) -> Value {
        let (status, told) = self.post(path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {told}");
        told
    }
}

/// An order.
pub fn order(customer: &str, name: &str, model: &str, quantities: &Value) -> Value {
    json!({"customer":customer,"partner":"relay","order_id":format!("CCW-{name}"),
           "transaction_id":format!("Sub-{name}"),"model":model,"quantities":quantities})
}

/// Registers and verifies a cluster for the order of that name; answers its agent.
pub async fn verified(app: &TestApp, customer: &str, (cluster, name): (&str, &str)) -> Caller {
    let paula = Caller::person(app, "paula").await;
    let path = format!("/customers/{customer}/clusters");
    let body = json!({"name":cluster,"region":"EU West","version":"12.5.1",
                      "publisher":format!("cucm.{cluster}.example")});
    let told = paula.done(&path, &body).await;
    let verify = format!("{path}/{}/verify", told["cluster"]["cluster"]);
    paula.done(&verify, &json!({"order_id":format!("CCW-{name}")})).await;
    Caller::agent(app, told["secret"].as_str().unwrap())
}

/// So many users with a telephone, telephones of nobody, and room systems.
pub fn day(day: &str, [users, ownerless, rooms]: [usize; 3]) -> Value {
    let people = (0..users).map(|n| json!({"id":format!("u{n}"),"directory_number":true}));
    let phones = (0..users)
        .map(|n| json!({"name":format!("SEP{n}"),"kind":"desk_phone","owner":format!("u{n}")}));
    let halls = (0..ownerless).map(|n| json!({"name":format!("HALL{n}"),"kind":"desk_phone"}));
    let rooms = (0..rooms).map(|n| json!({"name":format!("EX{n}"),"kind":"telepresence"}));
    json!({"day":day,"users":people.collect::<Vec<_>>(),
           "devices":phones.chain(halls).chain(rooms).collect::<Vec<_>>()})
}

/// Customer X of AS-57: FU-1 with its own subscription `Sub-X`, reported for a day.
pub async fn customer_x(app: &TestApp, on: &str) {
    let paula = Caller::person(app, "paula").await;
    let bought = json!({"knowledge_worker":100,"common_area":10,"telepresence":5});
    paula.done("/orders", &order("mira", "X", "flex_2_0", &bought)).await;
    let agent = verified(app, "mira", ("Milan", "X")).await;
    agent.done("/agent/usage", &day(on, [103, 7, 5])).await;
}

/// Customer Y of AS-57: the FU-4 series, of which the last day is 2026-01-07.
pub async fn customer_y(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    let bought = json!({"knowledge_worker":100});
    paula.done("/orders", &order("lyra", "Y", "flex_2_0", &bought)).await;
    let agent = verified(app, "lyra", ("Lille", "Y")).await;
    for (date, users) in [("2026-01-05", 98), ("2026-01-06", 104), ("2026-01-07", 99)] {
        app.set_clock(&format!("{date}T09:00:00Z"));
        agent.done("/agent/usage", &day(date, [users, 0, 0])).await;
    }
}

/// The subscription of that identifier in a customer's report.
pub fn of<'a>(told: &'a Value, id: &str) -> &'a Value {
    let all = told["subscriptions"].as_array().unwrap();
    all.iter().find(|one| one["subscription_id"] == id).unwrap_or_else(|| panic!("{id}: {told}"))
}

/// One license type of a subscription.
pub fn kind<'a>(subscription: &'a Value, code: &str) -> &'a Value {
    let types = subscription["types"].as_array().unwrap();
    types.iter().find(|one| one["type"] == code).unwrap()
}
