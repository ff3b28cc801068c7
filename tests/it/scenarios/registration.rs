//! Registering again, leaving, and being removed.

use super::{V1, enhanced_plus, events, instances, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::{Value, json};

on_both_databases!(a_known_device_must_overwrite, leaving_and_being_removed_free_the_licenses);

async fn only_device(app: &TestApp) -> Value {
    let rest = app.rest_as("bob").await;
    let answer = rest.post(&format!("{V1}/devices"), &json!({"virtualAccounts":["Berlin"]})).await;
    assert_eq!(answer.json["devices"].as_array().unwrap().len(), 1, "{answer:?}");
    answer.json["devices"][0].clone()
}

/// AS-13, A-SEM-12, A-TOK-15
async fn a_known_device_must_overwrite(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({"numberofUses": 5})).await;
    let (mut old, mut new) = (app.device(1), app.device(1));
    old.register(&token).await.unwrap();
    let first = only_device(app).await["registrationDate"].clone();
    app.advance(chrono::TimeDelta::minutes(1));
    let refused = new.register(&token).await.unwrap_err().to_string();
    assert!(refused.contains("has already been registered"), "{refused}");
    let bob = app.sign_in("bob").await;
    let uses = |rows: Vec<Vec<String>>| rows[0].join(" | ");
    let row = uses(tab(&bob, "Berlin", "general").await.table("Token"));
    assert!(row.contains("1 of 5"), "a refusal takes no use: {row}");

    new.overwrite(&token).await.unwrap();
    assert_ne!(only_device(app).await["registrationDate"], first);
    let row = uses(tab(&bob, "Berlin", "general").await.table("Token"));
    assert!(row.contains("2 of 5"), "{row}");
    let refused = old.renew_authorization().await.unwrap_err().to_string();
    assert!(refused.contains("is not valid.Please re-register"), "{refused}");
    new.renew_authorization().await.unwrap();
}

/// AS-14, A-PIN-06, A-SEM-14
async fn leaving_and_being_removed_free_the_licenses(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let token = token(&rest, "Berlin", json!({})).await;
    let (mut one, mut two) = (app.device(1), app.device(2));
    for device in [&mut one, &mut two] {
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    }
    one.deregister().await.unwrap();
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 4, 6));

    let bob = app.sign_in("bob").await;
    let list = tab(&bob, "Berlin", "instances").await;
    let remove = list.attributes("a[href$='/remove']", "href").remove(0);
    let asked = bob.get(&remove).await;
    assert!(asked.text().contains("Remove dev-2 and free 4 licenses"), "{}", asked.text());
    assert_eq!(bob.submit(asked.form("form[action$='/remove']")).await.status, 200);
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 0, 10));
    assert!(instances(&rest, "Berlin").await.is_empty());
    let log = events(&bob, "Berlin").await;
    assert!(some_with(&log, &["dev-2 was removed", "bob"]), "{log:?}");
    assert!(some_with(&log, &["dev-1 deregistered"]), "{log:?}");
    let refused = two.renew_authorization().await.unwrap_err().to_string();
    assert!(refused.contains("is not valid.Please re-register"), "{refused}");
}
