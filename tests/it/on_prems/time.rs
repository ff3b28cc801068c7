//! What time does to an On-Prem.

use super::taking::transfer;
use crate::scenarios::{V1, account_events, enhanced_plus, instances, some_with};
use crate::support::app::{TestApp, instant};
use crate::support::databases::{Database, Ground as _, on_both_databases};
use crate::support::device::tags;
use crate::support::on_prem::{LIST, TestSatellite, file_sync, on_prem};
use chrono::TimeDelta;
use serde_json::json;
use syncom::domain::sync::Kind;

on_both_databases!(a_late_file_is_still_taken, a_satellite_that_stays_away_is_removed);

async fn mails(app: &TestApp) -> Vec<(String, String)> {
    let all = app.rest().get("/_syncom/outbox").await.json["mails"].as_array().unwrap().clone();
    let text = |mail: &serde_json::Value, key: &str| mail[key].as_str().unwrap().to_owned();
    all.iter().map(|mail| (text(mail, "recipient"), text(mail, "subject"))).collect()
}

/// AS-37, B-SYN-11, A-ALK-06, A-ALK-07: overdue, near its deadline, and taken on the last day.
async fn a_late_file_is_still_taken(app: &TestApp) {
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    one.sync(app, Kind::Full, vec![]).await;
    app.set_clock("2026-02-04T08:59:59Z");
    let ann = app.sign_in("ann").await;
    assert!(ann.get(LIST).await.table("On-Prem Name")[0].join("|").contains("None"));
    app.set_clock("2026-02-05T09:00:00Z");
    let ann = app.sign_in("ann").await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    let overdue = alerts.alerts("Synchronization Overdue");
    assert!(some_with(&overdue, &["Minor", "sat-a", "2026-04-05"]), "{overdue:?}");
    assert_eq!(mails(app).await.iter().filter(|(_, s)| s.contains("Overdue")).count(), 2);
    app.set_clock("2026-03-06T09:00:00Z");
    let ann = app.sign_in("ann").await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    let overdue = alerts.alerts("Synchronization Overdue");
    assert!(some_with(&overdue, &["Major"]), "{overdue:?}");
    let near = alerts.alerts("Upcoming Satellite Sync Deadline (30 Day)");
    assert!(some_with(&near, &["Minor", "2026-04-05"]), "{near:?}");
    let body = json!({"severity":["major"],"limit":-1});
    let path = "/v1/software/apis/licensing/v1/account/lab.example/get-alerts";
    let told = app.rest_as("ann").await.post(path, &body).await;
    assert_eq!(told.json["alerts"][0]["satelliteName"], "sat-a", "{told:?}");
    app.set_clock("2026-04-04T09:00:00Z");
    let ann = app.sign_in("ann").await;
    let file = one.request(app, Kind::Standard, vec![]);
    let taken = file_sync(&ann, "sat-a", &file).await;
    assert!(taken.text().contains("2026-05-04 09:00"), "{}", taken.text());
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert!(!alerts.text().contains("sat-a"), "{}", alerts.text());
    let log = account_events(app).await;
    for part in ["Synchronization Overdue", "Upcoming Satellite Sync Deadline (30 Day)"] {
        let raised = log.iter().filter(|row| row.starts_with(&format!("{part}:"))).count();
        let cleared = log.iter().filter(|row| row.starts_with(&format!("{part} is over"))).count();
        assert_eq!((raised, cleared), (1, 1), "{part}: {log:?}");
    }
}

/// AS-37, A-OPA-11, A-ALK-08: removed at its deadline, and unknown from then on.
async fn a_satellite_that_stays_away_is_removed(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    assert_eq!(transfer(&rest, "Tokyo", "Sat-A-VA", 10).await, 200);
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 4), one.token(app, "theirs")];
    one.sync(app, Kind::Full, told).await;
    app.set_clock("2026-04-05T08:59:59Z");
    let rest = app.rest_as("ann").await;
    assert_eq!(instances(&rest, "Sat-A-VA").await.len(), 1);
    app.set_clock("2026-04-05T09:00:00Z");
    let rest = app.rest_as("ann").await;
    assert!(instances(&rest, "Sat-A-VA").await.is_empty());
    assert_eq!(enhanced_plus(&rest, "Sat-A-VA").await, (10, 0, 10));
    let made = rest
        .post(&format!("{V1}/virtual-accounts/Sat-A-VA/tokens"), &json!({"expiresAfterDays":30}))
        .await;
    assert_eq!(made.status, 200, "it is ordinary: {made:?}");
    let log = account_events(app).await;
    assert!(
        some_with(&log, &["sat-a failed to synchronize until", "was removed", "System"]),
        "{log:?}"
    );
    let ann = app.sign_in("ann").await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert!(
        some_with(&alerts.alerts("Satellite expired and removed"), &["Major"]),
        "{}",
        alerts.text()
    );
    let file = one.request(app, Kind::Full, vec![]);
    let heard = one.send(app, file).await;
    assert_eq!((heard.status, &heard.json["reason"]), (404, &json!("unknown_on_prem")));
    assert!(heard.json["detail"].as_str().unwrap().contains("register again"), "{heard:?}");
    let question = ann.get(&alerts.link("Dismiss")).await;
    let done = ann.submit(question.form("form[action$='dismiss']")).await;
    assert!(done.text().contains("No On-Prem accounts"), "{}", done.text());
    let again = TestSatellite::registered(app, "sat-a", "Sat-B-VA").await;
    assert!(again.credential.is_some());
    assert!(on_prem(&ann, "sat-a").await.text().contains("Sat-B-VA"));
}

async fn year(days: i64) -> Vec<String> {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let mut one = TestSatellite::registered(&app, "sat-a", "Sat-A-VA").await;
    let told = vec![one.product(&app, 1, tags::ENHANCED_PLUS, 4)];
    one.sync(&app, Kind::Full, told).await;
    TestSatellite::registered(&app, "sat-b", "Sat-B-VA").await;
    let end = instant("2027-01-05T09:00:00Z");
    while app.now() < end {
        app.running.clock.set((app.now() + TimeDelta::days(days)).min(end));
        app.engine().tick().await.unwrap();
    }
    let mut told = account_events(&app).await;
    for (to, subject) in mails(&app).await {
        told.push(format!("{to}: {subject}"));
    }
    app.leave().await;
    told
}

/// AS-49, B-SYN-11: a year in one step is a year of days.
#[actix_web::test]
async fn a_year_is_the_same_in_any_steps() {
    let at_once = year(366).await;
    assert!(some_with(&at_once, &["sat-b failed to synchronize"]), "{at_once:?}");
    assert_eq!(at_once, year(1).await);
    assert_eq!(at_once, year(17).await);
}
