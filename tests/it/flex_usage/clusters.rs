//! Clusters: registered, verified, found; and their agents.

use super::{Caller, day, kind, of, order};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(
    collecting_begins_with_verification,
    a_day_is_told_once_and_corrected,
    the_daily_look_finds_publishers_of_release_12,
    a_new_secret_ends_the_old_one,
    columns_follow_the_model,
);

/// F-FU-01, F-FU-02: before a cluster is verified its agent hears no order, entitlements are shown
/// and use is not collected yet; afterwards the agent collects.
async fn collecting_begins_with_verification(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    let bought = json!({"knowledge_worker":100});
    paula.done("/orders", &order("mira", "V", "flex_2_0", &bought)).await;
    let body =
        json!({"name":"Milan","region":"EU","version":"12.5.1","publisher":"pub.mi.example"});
    let told = paula.done("/customers/mira/clusters", &body).await;
    let (number, secret) = (told["cluster"]["cluster"].clone(), told["secret"].as_str().unwrap());
    let agent = Caller::agent(app, secret);
    let before = agent.get("/agent").await.1;
    assert_eq!((&before["collect"], &before["order_id"]), (&json!(false), &json!(null)));
    let (status, refused) = agent.post("/agent/usage", &day("2026-01-05", [1, 0, 0])).await;
    assert_eq!(status, 409, "{refused}");
    assert_eq!(refused["detail"], "Cluster Milan is not verified yet; nothing is collected.");
    let page = app.sign_in("paula").await.get("/hub/mira/ucm-cloud").await;
    let text = page.text();
    for told in [
        "Sub-V Flex 2.0 Active 100",
        "Not collected yet",
        "Clusters that wait for their verification: 1",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let verify = format!("/customers/mira/clusters/{number}/verify");
    paula.done(&verify, &json!({})).await;
    assert_eq!(paula.post(&verify, &json!({})).await.0, 409);
    let after = agent.get("/agent").await.1;
    assert_eq!((&after["order_id"], &after["model"]), (&json!("CCW-V"), &json!("flex_2_0")));
    agent.done("/agent/usage", &day("2026-01-05", [7, 0, 0])).await;
    let usage = paula.get("/customers/mira/usage").await.1;
    assert_eq!(kind(of(&usage, "Sub-V"), "knowledge_worker")["consumed"], 7);
}

/// F-FU-01, FU-7, FU-8: a day is kept once for each cluster; the same again changes nothing, another
/// report of the day takes its place and is noted.
async fn a_day_is_told_once_and_corrected(app: &TestApp) {
    super::customer_x(app, "2026-01-05").await;
    let paula = Caller::person(app, "paula").await;
    let agent = super::verified(app, "mira", ("Rome", "X")).await;
    let kinds = json!({"day":"2026-01-05",
        "users":[{"id":"ann","extension_mobility":true},{"id":"bob"},{"id":"eve"}],
        "devices":[{"name":"hall","kind":"desk_phone"},{"name":"fax","kind":"analog"},
                   {"name":"EX90","kind":"telepresence"},
                   {"name":"d0","kind":"mobile","owner":"bob"}]});
    let counted = json!({"knowledge_worker":2,"common_area":2,"telepresence":1});
    let first = agent.done("/agent/usage", &kinds).await;
    assert_eq!((&first["counted"], &first["uncounted"]), (&counted, &json!(1)), "eve has nothing");
    assert_eq!((&first["changed"], &first["corrected"]), (&json!(true), &json!(false)));
    let again = agent.done("/agent/usage", &kinds).await;
    assert_eq!((&again["changed"], &again["corrected"]), (&json!(false), &json!(false)));
    let eleven: Vec<_> = (0..11)
        .map(|n| json!({"name":format!("d{n}"),"kind":"desk_phone","owner":"bob"}))
        .collect();
    let users = json!([{"id":"bob"}]);
    let other = json!({"day":"2026-01-05","users":users,"devices":eleven});
    let corrected = agent.done("/agent/usage", &other).await;
    assert_eq!(corrected["corrected"], true);
    assert_eq!(corrected["counted"]["knowledge_worker"], 2, "eleven devices are two");
    let usage = paula.get("/customers/mira/usage").await.1;
    let one = of(&usage, "Sub-X");
    assert_eq!(kind(one, "knowledge_worker")["consumed"], 105);
    assert_eq!(kind(one, "common_area")["consumed"], 7);
    let log = app.sign_in("paula").await.get("/hub/mira/activity").await.text();
    let line = "The use of cluster Rome on 2026-01-05 was corrected: Common Area 2 to 0, \
                TelePresence 1 to 0.";
    assert!(log.contains(line), "{log}");
}

/// F-FU-16: a publisher of release 12.x that was added is found at the next daily look, once, and
/// under the instant of the look; another release is not.
async fn the_daily_look_finds_publishers_of_release_12(app: &TestApp) {
    let paula = Caller::person(app, "paula").await;
    for (name, version) in [("Old", "11.5.1"), ("New", "12.5.1")] {
        let body = json!({"name":name,"region":"EU","version":version,"publisher":"pub.example"});
        let told = paula.done("/customers/vega/publishers", &body).await;
        assert_eq!(told["looked_for_at"], "2026-01-06T02:00:00Z");
    }
    let clusters = async || {
        // A bearer does not live that long.
        let told = Caller::person(app, "paula").await.get("/customers/vega/clusters").await.1;
        let rows = told["clusters"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["cluster"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    app.set_clock("2026-01-06T01:59:59Z");
    assert_eq!(clusters().await, ["Utrecht"]);
    app.set_clock("2026-03-06T12:00:00Z");
    assert_eq!(clusters().await, ["Utrecht", "New"]);
    let browser = app.sign_in("paula").await;
    let page = browser.get("/hub/vega/ucm-cloud/clusters").await;
    assert!(page.text().contains("Found by the daily look"), "{}", page.text());
    let log = browser.get("/hub/vega/activity").await;
    let rows = log.texts("tbody tr");
    let found: Vec<_> = rows.iter().filter(|row| row.contains("was found")).collect();
    assert_eq!(found.len(), 1, "{rows:?}");
    assert!(found[0].contains("2026-01-06 02:00"), "{found:?}");
}

/// F-FU-01: the secret of an agent is told once; another one ends it.
async fn a_new_secret_ends_the_old_one(app: &TestApp) {
    super::customer_x(app, "2026-01-05").await;
    let paula = Caller::person(app, "paula").await;
    let told = paula.get("/customers/mira/clusters").await.1;
    let text = told.to_string();
    assert!(!text.contains("secret"), "{text}");
    let number = &told["clusters"][0]["cluster"]["cluster"];
    let path = format!("/customers/mira/clusters/{number}/secret");
    let first = paula.done(&path, &json!({})).await["secret"].as_str().unwrap().to_owned();
    let second = paula.done(&path, &json!({})).await["secret"].as_str().unwrap().to_owned();
    assert_eq!(Caller::agent(app, &first).get("/agent").await.0, 401);
    assert_eq!(Caller::agent(app, &second).get("/agent").await.0, 200);
    // The secret of an agent opens nothing that is for people.
    assert_eq!(Caller::agent(app, &second).get("/customers/mira/usage").await.0, 401);
}

/// X-18, F-FU-16: the columns of clusters are the types of the subscription's model.
async fn columns_follow_the_model(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    for (customer, columns) in [
        ("vega", "Knowledge Worker, Common Area, TelePresence"),
        ("altair", "Professional, Enhanced, Access, TelePresence"),
        ("deneb", "Knowledge Worker, Common Area, Access, TelePresence"),
        ("lyra", ""),
    ] {
        let page = paula.get(&format!("/hub/{customer}/ucm-cloud/clusters")).await;
        let heads = page.texts("thead th.num").join(", ");
        assert_eq!(heads, columns, "{customer}");
        assert!(page.texts("thead th").starts_with(&["Region".into(), "Cluster name".into()]));
    }
}
