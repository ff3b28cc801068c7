//! Licenses and product instances in time: what happens without anybody doing anything.

use super::{V1, account_events, enhanced_plus, events, figures, instances, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::device::tags;
use chrono::TimeDelta;
use serde_json::{Value, json};
use syncom::device::machine::AuthorizationState;

on_both_databases!(
    a_silent_device_is_told_released_and_removed,
    a_contact_clears_the_alert_once,
    a_term_ends_at_midnight,
    future_and_demo_lines_take_their_course,
    a_jump_of_a_year_is_a_year,
    the_clock_goes_back_only_where_it_may,
    what_time_has_caused_stays_caused,
    moves_of_the_clock_take_turns,
    an_alert_moves_with_its_instance,
    a_device_clock_may_be_off_by_less_than_an_hour,
);

/// A world whose clock may be set back.
pub struct Backward(TestApp);

impl Ground for Backward {
    async fn on(database: Database) -> Self {
        Self(TestApp::start(database, |config| config.clock_may_go_back = true).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

async fn alerts_at(app: &TestApp, when: &str, kind: &str) -> Vec<String> {
    app.set_clock(when);
    app.sign_in("ulf").await.get("/sa/lab.example/alerts").await.alerts(kind)
}

/// AS-16, A-SEM-10, A-SEM-11, A-ALK-02, A-ALK-03, A-ALR-05
async fn a_silent_device_is_told_released_and_removed(app: &TestApp) {
    let mut one = app.device(1);
    let bob = app.rest_as("bob").await;
    one.register(&token(&bob, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    let failed = "Product Instance Failed to Connect";
    assert!(alerts_at(app, "2026-02-04T09:00:00Z", failed).await.is_empty());
    for (when, severity) in [("2026-02-05T00:00:00Z", "Minor"), ("2026-03-07T00:00:00Z", "Major")] {
        let alerts = alerts_at(app, when, failed).await;
        assert_eq!(alerts.len(), 1, "{when}: {alerts:?}");
        for part in [severity, "dev-1", "Berlin", "2026-04-05"] {
            assert!(alerts[0].contains(part), "{when}: {part} in {alerts:?}");
        }
    }
    app.set_clock("2026-04-05T08:59:59Z");
    let rest = app.rest_as("ulf").await;
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 4, 6));
    app.set_clock("2026-04-05T09:00:00Z");
    let rest = app.rest_as("ulf").await;
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 0, 10), "released at its instant");
    assert_eq!(instances(&rest, "Berlin").await, ["dev-1"], "but still listed");

    let renew = "Product Instance Failed to Renew";
    assert!(alerts_at(app, "2026-11-06T08:59:59Z", renew).await.is_empty());
    let alerts = alerts_at(app, "2026-11-06T09:00:00Z", renew).await;
    assert!(some_with(&alerts, &["Major", "2027-01-05"]), "{alerts:?}");
    app.set_clock("2027-01-05T09:00:00Z");
    assert!(instances(&app.rest_as("ulf").await, "Berlin").await.is_empty(), "removed");
    let log = events(&app.sign_in("ulf").await, "Berlin").await;
    assert!(some_with(&log, &["dev-1 was removed", "2027-01-05 09:00", "System"]), "{log:?}");
    let raised = log.iter().filter(|event| event.starts_with(failed) && !event.contains("is over"));
    assert_eq!(raised.count(), 1, "{log:?}");
}

/// AS-16, A-ALR-10, A-SEM-18
async fn a_contact_clears_the_alert_once(app: &TestApp) {
    let mut one = app.device(1);
    let bob = app.rest_as("bob").await;
    one.register(&token(&bob, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    app.set_clock("2026-03-07T12:00:00Z");
    one.renew_authorization().await.unwrap();
    let ulf = app.sign_in("ulf").await;
    let failed = "Product Instance Failed to Connect";
    for path in
        ["/sa/lab.example/alerts".to_owned(), super::va_path(&ulf, "Berlin", "alerts").await]
    {
        assert!(ulf.get(&path).await.alerts(failed).is_empty(), "{path}");
    }
    let list = tab(&ulf, "Berlin", "instances").await.table("Name");
    assert!(list[0].join(" ").contains("2026-03-07 12:00"), "{list:?}");
    let log = events(&ulf, "Berlin").await;
    let count = |begin: &str| log.iter().filter(|event| event.starts_with(begin)).count();
    assert_eq!(count(&format!("{failed}: ")), 1, "raised once: {log:?}");
    assert_eq!(count(&format!("{failed} is over")), 1, "cleared once: {log:?}");
}

async fn order(app: &TestApp, more: Value) -> Value {
    let mut body = json!({"smart_account":"lab.example","virtual_account":"Vault",
        "license":"Meetings Host","license_type":"TERM","quantity":5});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let answer = app.rest().post("/_syncom/orders", &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json
}

async fn vault(app: &TestApp) -> (i64, i64, i64, String) {
    figures(&app.rest_as("ulf").await, "Vault", "Meetings Host").await
}

/// The states of all lines that end, as L2 tells them.
async fn states(app: &TestApp, va: &str) -> Vec<String> {
    let rest = app.rest_as("ulf").await;
    let body = json!({"virtualAccounts":[va]});
    let answer = rest.post(&format!("{V1}/license-subscriptions"), &body).await;
    let rows = answer.json["licenseSubscriptions"].as_array().unwrap().clone();
    rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
}

/// A meetings server in the Vault that renews on these days of 2026.
async fn host(app: &TestApp) -> crate::support::device::TestDevice {
    let ulf = app.rest_as("ulf").await;
    let mut host = app.device(1);
    host.register(&token(&ulf, "Vault", json!({"expiresAfterDays":365})).await).await.unwrap();
    host.consume(tags::MEETINGS_HOST, 28).await.unwrap();
    host
}

async fn renewing(app: &TestApp, host: &mut crate::support::device::TestDevice, days: &[&str]) {
    for day in days {
        app.set_clock(&format!("2026-{day}T10:00:00Z"));
        host.renew_authorization().await.unwrap();
    }
}

/// AS-48, A-ALK-11, A-ALK-12, C-EML-02: a term ends at midnight, and nobody has done anything.
async fn a_term_ends_at_midnight(app: &TestApp) {
    let mut host = host(app).await;
    renewing(app, &mut host, &["02-03", "03-05"]).await;
    let expiring = "Licenses Expiring 5 Meetings";
    assert!(alerts_at(app, "2026-03-31T23:59:59Z", expiring).await.is_empty());
    assert_eq!(alerts_at(app, "2026-04-01T00:00:00Z", expiring).await.len(), 1);
    renewing(app, &mut host, &["04-02", "05-02", "06-01", "06-29"]).await;
    app.set_clock("2026-06-30T23:59:59Z");
    assert_eq!(vault(app).await, (30, 28, 2, "In Compliance".into()));
    app.set_clock("2026-07-01T00:00:00Z");
    assert_eq!(vault(app).await, (25, 28, -3, "Out Of Compliance".into()));
    let page = app.sign_in("ulf").await.get("/sa/lab.example/alerts").await;
    assert_eq!(page.alerts("Insufficient Licenses").len(), 1);
    assert!(page.alerts("Licenses Expired 5 Meetings")[0].starts_with("Major"), "{}", page.text());
    let mails = app.rest().get("/_syncom/outbox").await.json["mails"].as_array().unwrap().clone();
    let to_ulf = mails.iter().filter(|mail| mail["recipient"] == "ulf@lab.example");
    assert_eq!(to_ulf.count(), 1, "one mail, no user action: {mails:?}");
    assert_eq!(states(app, "Vault").await, ["Expired"]);
    host.renew_authorization().await.unwrap();
    assert_eq!(host.authorization(), AuthorizationState::OutOfCompliance);
    let log = events(&app.sign_in("ulf").await, "Vault").await;
    for told in ["5 Meetings Host have expired", "out of compliance: short of 3"] {
        assert!(some_with(&log, &[told, "2026-07-01 00:00", "System"]), "{told}: {log:?}");
    }
}

/// AS-48, A-SEM-02, A-SEM-03, A-LIC-03: what begins later, and what was for trying out.
async fn future_and_demo_lines_take_their_course(app: &TestApp) {
    order(app, json!({"starts":"2026-08-01","ends":"2027-07-31"})).await;
    let page = tab(&app.sign_in("ulf").await, "Vault", "licenses").await;
    assert!(page.text().contains("+5 pending"), "{}", page.text());
    assert_eq!(vault(app).await.0, 30, "not usable yet");
    app.set_clock("2026-07-31T23:59:59Z");
    assert_eq!(
        (vault(app).await.0, states(app, "Vault").await),
        (25, vec!["Expired".into(), "Future".into()])
    );
    app.set_clock("2026-08-01T00:00:00Z");
    assert_eq!(
        (vault(app).await.0, states(app, "Vault").await),
        (30, vec!["Expired".into(), "Active".into()])
    );
    assert_eq!(states(app, "DEFAULT").await, ["Expired"], "the demo ended on 2026-03-06");
    let log = events(&app.sign_in("ulf").await, "Vault").await;
    assert!(
        some_with(&log, &["5 Meetings Host have begun", "2026-08-01 00:00", "System"]),
        "{log:?}"
    );
    let ulf = app.sign_in("ulf").await;
    let demo = tab(&ulf, "DEFAULT", "licenses").await;
    let dialog = ulf.get(&demo.attributes("a[href$='/transfer']", "href")[0]).await;
    assert!(
        dialog.attributes("input.narrow", "name").is_empty(),
        "never offered: {}",
        dialog.text()
    );
}

/// AS-49: the jump writes each event under its own time, in order.
async fn a_jump_of_a_year_is_a_year(app: &TestApp) {
    let mut one = app.device(1);
    let ulf = app.rest_as("ulf").await;
    one.register(&token(&ulf, "Berlin", json!({"expiresAfterDays":1})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    let moved = app.rest().post("/_syncom/clock", &json!({"to":"2027-01-10T09:00:00Z"})).await;
    assert_eq!(moved.status, 200, "{moved:?}");
    let happened = &moved.json["happened"]["sites"]["cssm"]["events"];
    assert_eq!(happened["instance_removed"], 1, "{moved:?}");
    assert_eq!(happened["authorization_expired"], 1, "{moved:?}");
    assert_eq!(happened["token_expired"], 2, "the lab's own token ended as well: {moved:?}");
    let log = account_events(app).await;
    let place = |text: &str| {
        log.iter()
            .position(|event| event.contains(text))
            .unwrap_or_else(|| panic!("{text}: {log:#?}"))
    };
    let order = [
        place("dev-1 was removed"),
        place("Failed to Renew: dev-1"),
        place("5 Meetings Host have expired"),
        place("has not renewed its authorization"),
        place("3 Demo Host have expired"),
        place("Failed to Connect: dev-1"),
        place("has expired. | Berlin"),
    ];
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "newest first: {order:?} {log:#?}");
    assert!(log[order[3]].contains("2026-04-05 09:00"), "{}", log[order[3]]);
    let again = app.rest().post("/_syncom/clock", &json!({"advance":"1s"})).await;
    assert_eq!(again.json["happened"]["sites"]["cssm"]["instants"], 0, "each once: {again:?}");
}

/// AS-49, A-SHL-07: refused by default; in lab mode what has ended stays ended.
async fn the_clock_goes_back_only_where_it_may(app: &Backward) {
    let app = &app.0;
    let bob = app.rest_as("bob").await;
    let text = token(&bob, "Berlin", json!({"expiresAfterDays":30})).await;
    let mut one = app.device(1);
    one.register(&text).await.unwrap();
    let clock = async |body: Value| app.rest().post("/_syncom/clock", &body).await;
    assert_eq!(clock(json!({"advance":"100d"})).await.status, 200);
    let before = account_events(app).await.len();
    let back = clock(json!({"to":"2026-01-20T09:00:00Z"})).await;
    assert_eq!((back.status, &back.json["behind"]), (200, &json!(true)), "{back:?}");
    let page = app.sign_in("ulf").await.get("/sa/lab.example/alerts").await;
    assert!(page.text().contains("clock was set back"), "{}", page.text());
    let refused = app.device(2).register(&text).await.unwrap_err().to_string();
    assert!(refused.contains("has expired"), "an expired token stays expired: {refused}");
    one.renew_authorization().await.unwrap();
    let renewed = account_events(app).await.len();
    assert_eq!(clock(json!({"to":"2026-04-10T09:00:00Z"})).await.status, 200);
    let after = account_events(app).await;
    let expired = after.iter().filter(|event| event.contains("Demo Host have expired"));
    assert_eq!(expired.count(), 1, "no event twice: {after:#?}");
    assert!(renewed > before, "what devices do is still written");
}

/// How often the log of the Smart Account has this text.
async fn logged(app: &TestApp, text: &str) -> usize {
    let csv = app.sign_in("ann").await.get("/sa/lab.example/activity/events.csv").await;
    csv.html.matches(text).count()
}

/// AS-49, A-ALK-02, A-ALK-03, A-ALK-11, A-ALK-12: with the clock behind, a line that has ended
/// stays ended, an alert is over when its cause is, and nothing begins a second time.
async fn what_time_has_caused_stays_caused(app: &Backward) {
    let app = &app.0;
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    app.set_clock("2026-11-07T09:00:00Z");
    let (connect, renew) = ("Failed to Connect: dev-1", "Failed to Renew: dev-1");
    let demos = async || figures(&app.rest_as("ulf").await, "DEFAULT", "Demo Host").await.0;
    assert_eq!((logged(app, connect).await, logged(app, renew).await, demos().await), (1, 1, 0));

    let back = app.rest().post("/_syncom/clock", &json!({"to":"2026-03-01T09:00:00Z"})).await;
    assert_eq!(back.status, 200, "{back:?}");
    assert_eq!(demos().await, 0, "it ended on 2026-03-06 and stays ended");
    let ulf = app.sign_in("ulf").await;
    let failed = "Product Instance Failed to Renew";
    assert_eq!(ulf.get("/sa/lab.example/alerts").await.alerts(failed).len(), 1);
    one.renew_authorization().await.unwrap();
    assert_eq!(logged(app, "Failed to Connect is over").await, 1);
    assert_eq!(logged(app, "Failed to Renew is over").await, 0, "its certificate is the same");

    app.set_clock("2026-11-07T10:00:00Z");
    assert_eq!(logged(app, renew).await, 1, "the same warning");
    assert_eq!(logged(app, connect).await, 2, "another silence");
    assert_eq!(logged(app, "Demo Host have expired").await, 1);
    one.renew_identity().await.unwrap();
    assert_eq!(logged(app, "Failed to Renew is over").await, 1);
}

/// A-SHL-07, AS-49: moves at once come one after the other, and each thing happens in one of them.
async fn moves_of_the_clock_take_turns(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    let lab = app.rest();
    let body = json!({"advance":"40d"});
    let moves = (0..10).map(|_| lab.post("/_syncom/clock", &body));
    let answers = futures_util::future::join_all(moves).await;
    let mut begun: Vec<String> = Vec::new();
    let (mut removed, mut expired) = (0, 0);
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        begun.push(answer.json["happened"]["from"].as_str().unwrap().to_owned());
        let events = &answer.json["happened"]["sites"]["cssm"]["events"];
        removed += events["instance_removed"].as_u64().unwrap_or_default();
        expired += events["token_expired"].as_u64().unwrap_or_default();
    }
    begun.sort();
    begun.dedup();
    assert_eq!((begun.len(), removed, expired), (10, 1, 2), "{answers:?}");
    assert_eq!(app.now().iso(), "2027-02-09T09:00:00Z");
}

/// A-PIN-09, A-ALK-02: it ends where the instance was and begins where it is, in both logs.
async fn an_alert_moves_with_its_instance(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    app.set_clock("2026-02-06T00:00:00Z");
    let rest = app.rest_as("ulf").await;
    let body = json!({"productInstances":[{"sudi":{"udiPid":"SIM",
        "udiSerialNumber":"000001"},"targetVirtualAccount":"Tokyo"}]});
    let moved = rest.post(&format!("{V1}/virtual-accounts/Berlin/devices/transfer"), &body).await;
    assert_eq!(moved.status, 200, "{moved:?}");
    let ulf = app.sign_in("ulf").await;
    let (berlin, tokyo) = (events(&ulf, "Berlin").await, events(&ulf, "Tokyo").await);
    assert!(some_with(&berlin, &["Failed to Connect is over", "dev-1 in Berlin"]), "{berlin:?}");
    assert!(some_with(&tokyo, &["Failed to Connect: dev-1 in Tokyo"]), "{tokyo:?}");
    assert_eq!(logged(app, "Failed to Connect: dev-1").await, 2, "once in each place");
}

/// AS-49, A-SEM-17, E-LIM-21
async fn a_device_clock_may_be_off_by_less_than_an_hour(app: &TestApp) {
    let bob = app.rest_as("bob").await;
    let token = token(&bob, "Berlin", json!({})).await;
    let mut near = app.device(1);
    near.register_at(&token, app.now() + TimeDelta::minutes(59)).await.unwrap();
    let mut far = app.device(2);
    let refused = far.register_at(&token, app.now() + TimeDelta::minutes(61)).await.unwrap_err();
    assert!(refused.to_string().to_lowercase().contains("time"), "{refused}");
    assert_eq!(instances(&bob, "Berlin").await, ["dev-1"], "nothing is stored");
}

/// AS-49: without the setting the clock only goes forward, and says so.
#[actix_web::test]
async fn a_clock_refuses_to_go_back() {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let clock = async |body: Value| app.rest().post("/_syncom/clock", &body).await;
    for (body, status, text) in [
        (json!({"to":"2025-06-01T00:00:00Z"}), 409, "clock_may_go_back"),
        (json!({"advance":"-1d"}), 400, "duration"),
        (json!({"advance":"1d","to":"2026-06-01T00:00:00Z"}), 400, "one of"),
        (json!({"to":"yesterday"}), 400, "yesterday"),
        (json!({"to":"9999-06-01T00:00:00Z"}), 400, "9000"),
        (json!({"mode":"backwards"}), 400, "backwards"),
        (json!({"jump":"1d"}), 400, "jump"),
    ] {
        let refused = clock(body).await;
        assert_eq!(refused.status, status, "{refused:?}");
        assert!(refused.text.contains(text), "{text}: {refused:?}");
    }
    let shown = app.rest().get("/_syncom/clock").await;
    assert_eq!(
        (&shown.json["now"], &shown.json["mode"]),
        (&json!("2026-01-05T09:00:00Z"), &json!("frozen"))
    );
    let page = app.anonymous().get("/login").await;
    assert!(page.text().contains("not wall time"), "A-SHL-07: {}", page.text());
    let answer = reqwest::get(format!("{}/_syncom/health", app.url())).await.unwrap();
    assert_eq!(
        answer.headers()["date"],
        "Mon, 05 Jan 2026 09:00:00 GMT",
        "the date is the world's"
    );
    app.leave().await;
}
