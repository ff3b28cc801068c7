//! Consumption, shortage and alerts.

use super::{ENHANCED_PLUS, V1, enhanced_plus, events, figures, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::json;
use syncom::device::machine::AuthorizationState;

on_both_databases!(a_product_registers_and_consumes, over_use_is_allowed_and_told);

/// AS-08, A-PIN-01, A-SEM-05, A-LIC-01
async fn a_product_registers_and_consumes(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    assert_eq!(one.authorization(), AuthorizationState::Authorized);
    let now = figures(&rest, "Berlin", ENHANCED_PLUS).await;
    assert_eq!(now, (10, 4, 6, "In Compliance".into()));

    let bob = app.sign_in("bob").await;
    let row = tab(&bob, "Berlin", "licenses").await.table("License")[0].join(" | ");
    assert!(row.contains("| 10 | 4 | – | +6 |"), "{row}");
    let list = tab(&bob, "Berlin", "instances").await;
    let row = list.table("Name")[0].join(" | ");
    assert!(row.contains("dev-1") && row.contains("2026-01-05 09:00"), "{row}");
    let detail = bob.get(&list.link("dev-1")).await;
    let usage = detail.table("License")[0].join(" | ");
    assert!(usage.contains(ENHANCED_PLUS) && usage.contains('4'), "{usage}");
}

/// AS-09, A-SEM-07, A-SEM-09, A-SEM-18, A-ALK-01, A-ALR-01, A-ALR-09
async fn over_use_is_allowed_and_told(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({})).await;
    let (mut one, mut two) = (app.device(1), app.device(2));
    for (device, count) in [(&mut one, 4), (&mut two, 9)] {
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, count).await.unwrap();
    }
    let now = figures(&rest, "Berlin", ENHANCED_PLUS).await;
    assert_eq!(now, (10, 13, -3, "Out Of Compliance".into()));
    assert_eq!(two.authorization(), AuthorizationState::OutOfCompliance);
    assert_eq!(one.authorization(), AuthorizationState::Authorized, "it was not told yet");
    one.renew_authorization().await.unwrap();
    assert_eq!(one.authorization(), AuthorizationState::OutOfCompliance);

    let ulf = app.sign_in("ulf").await;
    let licenses = tab(&ulf, "Berlin", "licenses").await;
    let row = licenses.table("License")[0].join(" | ");
    assert!(row.contains("−3") && row.contains("Insufficient"), "{row}");
    for path in ["/sa/lab.example/alerts".to_owned(), licenses.path.replace("licenses", "alerts")] {
        let alerts = ulf.get(&path).await.alerts("Insufficient");
        assert_eq!(alerts.len(), 1, "{path}: {alerts:?}");
        let alert = &alerts[0];
        for part in ["Major", "Insufficient Licenses", "short of 3", "Now"] {
            assert!(alert.contains(part), "{part} in {alert}");
        }
    }
    let selector = licenses.texts("a[href*='/inventory/']");
    assert!(selector.iter().any(|va| va.starts_with("Berlin") && va.contains('1')), "{selector:?}");
    assert!(some_with(&events(&ulf, "Berlin").await, &["out of compliance", "short of 3"]));

    // One mail to everybody who sees Berlin, however often a product asks.
    two.renew_authorization().await.unwrap();
    let mails = app.rest().get("/_syncom/outbox").await.json["mails"].as_array().unwrap().clone();
    let mut to: Vec<&str> = mails.iter().map(|mail| mail["recipient"].as_str().unwrap()).collect();
    to.sort_unstable();
    let expected = ["ann", "berta", "bob", "ulf", "vera"].map(|name| format!("{name}@lab.example"));
    assert_eq!(to, expected);
    assert_eq!(enhanced_plus(&app.rest_as("ulf").await, "Tokyo").await, (40, 0, 40));
    let vera = app.rest_as("vera").await;
    let listed = vera.post(&format!("{V1}/licenses"), &json!({"virtualAccounts":[]})).await;
    assert_eq!(listed.status, 200, "viewers see it too");
}
