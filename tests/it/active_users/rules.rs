//! The vectors over HTTP, and what is refused.

use super::{CONTRACTS, Paula, session};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    first_minimums_and_clauses,
    who_counts_in_a_month,
    true_forwards_that_stay_rise_and_fall,
    accounts_are_one_persons,
    what_is_wrong_is_said,
    a_correction_and_an_order_are_made_once,
);

/// AS-56, AUM-1, AUM-2, AUM-4, AUM-7, AUM-11, F-AU-19, X-02, X-03, X-04: thresholds; clauses 7
/// and 10 are not selectable.
async fn first_minimums_and_clauses(app: &TestApp) {
    let paula = Paula(app);
    let workers = |number: i64| json!({"headcount_kw":number});
    let refused = paula.open("few", workers(249)).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.text.contains("headcount_kw: 249 knowledge workers are too few"),
        "{}",
        refused.text
    );
    let employees =
        json!({"variant":"clause_4","headcount_kw":null,"employees":300,"migrating":80});
    for (name, more, minimum) in [
        ("a", workers(250), 40),
        ("b", workers(267), 41),
        ("c", json!({"migrating":30}), 30),
        ("d", employees, 80),
    ] {
        let at = paula.opened(name, more).await;
        assert_eq!(paula.get(&at).await["au_minimum"], minimum, "{name}");
    }
    let known = paula.get("/_syncom/flex/variants").await;
    let known: Vec<_> =
        known["variants"].as_array().unwrap().iter().map(|one| &one["clause"]).collect();
    assert_eq!(known, [3, 6, 4, 5, 1, 2, 8, 9]);
    for clause in ["clause_7", "clause_10"] {
        let refused = paula.open("not ours", json!({"variant":clause})).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains("is none of clause_3"), "{}", refused.text);
    }
}

/// People of every kind, and one session of each.
async fn mixed(paula: &Paula<'_>, at: &str) -> Value {
    let person =
        |key: &str, employment: &str| json!({"key":key,"name":key,"employment":employment});
    let mut contractor = person("contractor", "contractor");
    contractor["on_behalf"] = json!(true);
    contractor["under_contract"] = json!(true);
    contractor["has_access"] = json!(false);
    let mut elsewhere = person("elsewhere", "affiliate");
    elsewhere["affiliate"] = json!("Elsewhere Inc");
    let people = [
        person("h", "employee"),
        person("a", "employee"),
        person("s", "employee"),
        contractor,
        elsewhere,
    ];
    paula.post(&format!("{at}/people"), json!({"people":people})).await;
    let day = "2026-02-01";
    let of = |id: &str, host: &str, key: &str, value: Value| {
        let mut one = session(id, host, day);
        one[key] = value;
        one
    };
    let mut one_on_one = of("1", "s", "launch", json!("one_on_one"));
    one_on_one["scheduled"] = json!(false);
    let mut phone = of("2", "h", "launch", json!("phone"));
    phone["scheduled_by"] = json!("s");
    let sessions = [
        one_on_one,
        phone,
        of("3", "h", "deployment", json!("on_premises")),
        of("4", "s", "alternate", json!("a")),
        of("5", "contractor", "type", json!("events")),
        of("6", "elsewhere", "type", json!("support")),
    ];
    paula.post(&format!("{at}/sessions"), json!({"sessions":sessions})).await
}

/// AS-56, AUC-2, AUC-3, AUC-4, AUC-5, AUC-6, AUC-7, AUC-8, F-AU-01, F-AU-02, F-AU-03, F-AU-04,
/// F-AU-05: hosts count, and only they; cloud and premises twice under Spark Flex.
async fn who_counts_in_a_month(app: &TestApp) {
    let paula = Paula(app);
    app.set_clock("2026-02-20T09:00:00Z");
    let plain = paula.opened("plain", json!({})).await;
    let spark = json!({"variant":"clause_5","headcount_kw":null,"active_users":10});
    let spark = paula.opened("spark", spark).await;
    for (at, active) in [(plain, 2), (spark, 3)] {
        let told = mixed(&paula, &at).await;
        assert_eq!(
            told["verdicts"],
            json!({"affiliate":1,"contractor":1,"counted":3,"no_meeting":1})
        );
        assert_eq!(told["new_active_users"], active);
        let months = paula.get(&at).await["measured_months"].clone();
        assert_eq!(
            (&months[0]["active_users"], &months[0]["sessions"]),
            (&json!(active), &json!(6))
        );
        assert_eq!(months[1]["reported"], false);
    }
}

/// AS-56, TF-4, TF-10, TF-13, F-AU-14, F-AU-17, F-AU-34, X-10: 60 stays, a peak makes 46, and the
/// 10 % contract falls from 100 to 70.
async fn true_forwards_that_stay_rise_and_fall(app: &TestApp) {
    let paula = Paula(app);
    let stays = paula.opened("stays", json!({"migrating":60})).await;
    let peak = paula.opened("peak", json!({})).await;
    let falls = json!({"variant":"clause_4","headcount_kw":null,"employees":1_000});
    let falls = paula.opened("falls", falls).await;
    paula.post(&format!("{falls}/orders"), json!({"number":"SO-7","headcount":700})).await;
    app.set_clock("2026-12-20T09:00:00Z");
    for (at, hosts) in [(&stays, [10, 12, 14]), (&peak, [136, 0, 0]), (&falls, [60, 60, 60])] {
        paula.people(at, 140).await;
        for (day, number) in ["2026-09-20", "2026-10-20", "2026-11-20"].into_iter().zip(hosts) {
            paula.hosts(at, day, number).await;
        }
    }
    let empty = json!({"empty_months":[10, 11]});
    paula.post(&format!("{peak}/sessions"), empty).await;
    app.set_clock("2027-01-15T00:00:00Z");
    for (at, minimum, fee) in [(&stays, 60, 0), (&peak, 46, 24_000), (&falls, 70, 0)] {
        let told = paula.get(at).await;
        let run = &told["true_forwards"][0];
        assert_eq!(
            (&told["au_minimum"], &run["state"]),
            (&json!(minimum), &json!("done")),
            "{told}"
        );
        assert_eq!(run["fee"]["minor"], fee, "{told}");
    }
}

/// F-AU-06, F-AU-07: accounts for everybody at no fee, one each, passed on after leaving only.
async fn accounts_are_one_persons(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.opened("accounts", json!({})).await;
    paula.people(&at, 3).await;
    assert_eq!(paula.get(&at).await["enabled_accounts"], 0, "not before this very instant is over");
    app.set_clock("2026-01-05T09:00:01Z");
    assert_eq!(paula.get(&at).await["enabled_accounts"], 3);
    let enable = |key: &str, account: &str| {
        let (path, body) = (format!("{at}/people/enable"), json!({"key":key,"account":account}));
        async {
            let (path, body) = (path, body);
            paula.send(&path, &body).await
        }
    };
    let second = enable("p1", "another").await;
    assert_eq!(second.status, 409, "{}", second.text);
    let key = |key: &str| json!({"key":key});
    paula.post(&format!("{at}/people/disable"), key("p1")).await;
    let shared = enable("p1", "P2").await;
    assert!(shared.status == 409 && shared.text.contains("not shared"), "{}", shared.text);
    paula.post(&format!("{at}/people/leave"), key("p2")).await;
    assert_eq!(enable("p1", "P2").await.status, 200);
    assert_eq!(enable("p2", "p9").await.status, 409, "who left gets none");
    let people = paula.get(&format!("{at}/people")).await;
    assert_eq!((&people["total"], &people["people"][0]["account"]), (&json!(3), &json!("P2")));
    assert_eq!(paula.get(&at).await["au_minimum"], 45, "accounts change nothing");
}

/// Where something wrong is sent, what, and a part of what is said about it.
fn wrong(at: &str) -> [(String, Value, &'static str); 14] {
    let sessions = |one: Value| json!({"sessions":[one]});
    let other = sessions(session("1", "p1", "2026-02-02"));
    [
        (CONTRACTS.to_owned(), super::contract("good", json!({})), "has a contract good already"),
        (CONTRACTS.to_owned(), super::contract("x", json!({"colour":"red"})), "unknown field"),
        (
            CONTRACTS.to_owned(),
            super::contract("x", json!({"organization":"relay"})),
            "is a partner",
        ),
        (
            CONTRACTS.to_owned(),
            super::contract("x", json!({"currency":"DOGE"})),
            "currency: 'DOGE'",
        ),
        (CONTRACTS.to_owned(), super::contract("x", json!({"months":13})), "months: 13 is not"),
        (
            format!("{at}/sessions"),
            sessions(session("2", "p9", "2026-02-01")),
            "nobody goes by 'p9'",
        ),
        (format!("{at}/sessions"), sessions(session("3", "p1", "2026-03-02")), "still to come"),
        (
            format!("{at}/sessions"),
            sessions(session("4", "p1", "2026-01-14")),
            "the term runs from",
        ),
        (format!("{at}/sessions"), other, "with other facts"),
        (format!("{at}/sessions"), json!({"empty_months":[9]}), "no month of the contract"),
        (format!("{at}/people"), json!({"people":[]}), "people: 0 people"),
        (format!("{at}/orders"), json!({"number":"1"}), "lines: an order has lines"),
        (format!("{at}/renewal"), json!({"months":12,"headcount":200,"reset":true}), "too few"),
        (
            format!("{at}/adjustments"),
            json!({"reference":"1","reason":"why"}),
            "minimum: a correction",
        ),
    ]
}

/// AS-56: bad input is told by field, problem and rule; never a 500.
async fn what_is_wrong_is_said(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.opened("good", json!({})).await;
    app.set_clock("2026-03-01T09:00:00Z");
    paula.people(&at, 1).await;
    let first = json!({"sessions":[session("1", "p1", "2026-02-01")]});
    paula.post(&format!("{at}/sessions"), first).await;
    for (path, body, part) in wrong(&at) {
        let answer = paula.send(&path, &body).await;
        assert_eq!(answer.status, 400, "{part}: {}", answer.text);
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
    let unknown = format!("{CONTRACTS}/00000000-0000-7000-8000-000000000000");
    for path in [unknown, format!("{CONTRACTS}/x"), format!("{CONTRACTS}/x/ledger")] {
        assert_eq!(paula.look(&path).await.status, 404, "{path}");
    }
    let early = paula.send(&format!("{at}/true-forward"), &json!({})).await;
    assert_eq!(early.status, 409, "{}", early.text);
}

/// F-AU-20, F-AU-35: an order and a correction are made once; the ledger tells of both.
async fn a_correction_and_an_order_are_made_once(app: &TestApp) {
    let paula = Paula(app);
    let at = paula.opened("ledger", json!({})).await;
    let line = json!({"service":"devices","quantity":10});
    let order = json!({"number":"SO-9","lines":[line]});
    paula.post(&format!("{at}/orders"), order.clone()).await;
    let again = paula.send(&format!("{at}/orders"), &order).await;
    assert_eq!(again.status, 400, "{}", again.text);
    let fix = json!({"reference":"C-1","minimum":-5,"fee_minor":-1_000,"reason":"Counted twice"});
    for _ in 0..2 {
        let told = paula.post(&format!("{at}/adjustments"), fix.clone()).await;
        assert_eq!(told["au_minimum"], 40);
    }
    let mut other = fix;
    other["minimum"] = json!(-6);
    assert_eq!(paula.send(&format!("{at}/adjustments"), &other).await.status, 400);
    let texts: Vec<String> = paula
        .ledger(&at)
        .await
        .iter()
        .map(|one| one["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(texts[0], "Correction C-1: AU Minimum 45 to 40, USD \u{2212}10.00. Counted twice");
    assert_eq!(texts[1], "Order SO-9: 10 Cloud room devices.");
}
