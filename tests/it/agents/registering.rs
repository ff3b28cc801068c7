//! Registering anew with another token, and what of a product is told.

use super::agent;
use crate::scenarios::grounds::TwoAccounts;
use crate::scenarios::{V1, enhanced_plus, events, instances, some_with, tab, token};
use crate::support::agent::in_use;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::json;

on_both_databases!(
    force_moves_a_product_to_the_token_s_virtual_account,
    force_moves_a_product_to_another_smart_account,
    a_product_that_hides_its_name_is_shown_by_its_identifier,
    the_token_decides_about_export_control,
);

/// A-SEM-12, A-SEM-13, AS-13
async fn force_moves_a_product_to_the_token_s_virtual_account(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let (berlin, tokyo) =
        (token(&ulf, "Berlin", json!({})).await, token(&ulf, "Tokyo", json!({})).await);
    let mut product = agent(app, "1");
    product.register(product.registration(&berlin)).await;
    product.report(&[(tags::ENHANCED_PLUS, 4)]).await;
    let before = product.header.clone();
    let mut again = product.registration(&tokyo);
    assert!(product.turned_away(again.clone()).await.contains("Use force to replace"));
    again.force = true;
    assert_eq!(product.register(again).await.virtual_account, "Tokyo");

    assert!(instances(&ulf, "Berlin").await.is_empty());
    assert_eq!(instances(&ulf, "Tokyo").await.len(), 1);
    assert_eq!(enhanced_plus(&ulf, "Berlin").await, (10, 0, 10));
    let browser = app.sign_in("ulf").await;
    let log = events(&browser, "Berlin").await;
    assert!(some_with(&log, &["was overwritten; 4 licenses are free again"]), "{log:?}");
    let log = events(&browser, "Tokyo").await;
    assert!(some_with(&log, &["registered again, overwriting"]), "{log:?}");
    product.report(&[(tags::ENHANCED_PLUS, 4)]).await;
    let id = before.product_instance_identifier.unwrap();
    product.header = before;
    assert_eq!(
        product.refused(in_use(&[])).await,
        format!(
            "{{\"product_instance_identifier\":[\"The identity for the instance {id} is not \
             valid.Please re-register the instance.\"]}}"
        )
    );
}

/// A-SEM-12, A-SEM-13: also across Smart Accounts.
async fn force_moves_a_product_to_another_smart_account(app: &TwoAccounts) {
    let app = &app.0;
    let mut product = agent(app, "1");
    product.register(product.registration(&app.lab().token.clone().unwrap())).await;
    product.report(&[(tags::ENHANCED_PLUS, 4)]).await;
    let olga = app.rest_as("olga").await;
    let other = V1.replace("lab.example", "other.example");
    let body = json!({"description":"other","expiresAfterDays":30});
    let made = olga.post(&format!("{other}/virtual-accounts/DEFAULT/tokens"), &body).await;
    let mut again = product.registration(made.json["tokenInfo"]["token"].as_str().unwrap());
    assert!(product.turned_away(again.clone()).await.contains("has already been registered"));
    again.force = true;
    let registered = product.register(again).await;
    let place = (&*registered.smart_account, &*registered.virtual_account);
    assert_eq!(place, ("Fabrikam Lab", "DEFAULT"));

    assert_eq!(enhanced_plus(&app.rest_as("tom").await, "Tokyo").await, (40, 0, 40));
    let log = events(&app.sign_in("tom").await, "Tokyo").await;
    assert!(some_with(&log, &["was overwritten; 4 licenses are free again"]), "{log:?}");
    let page = app.sign_in("olga").await.get("/sa/other.example/activity/events").await;
    let log: Vec<String> = page.table("Message").into_iter().map(|row| row.join(" ")).collect();
    assert!(some_with(&log, &["registered again, overwriting"]), "{log:?}");
}

/// A-PIN-03: on the pages and in the logs, as in the API.
async fn a_product_that_hides_its_name_is_shown_by_its_identifier(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let mut hidden = agent(app, "1");
    hidden.register(hidden.registration(&token)).await;
    let mut open = agent(app, "2");
    let mut wanted = open.registration(&token);
    wanted.hostname = Some("open.example".to_owned());
    open.register(wanted).await;

    let tom = app.sign_in("tom").await;
    let list = tab(&tom, "Tokyo", "instances").await;
    for (name, serial) in [("UDI_PID:SIM; UDI_SN:1;", "1"), ("open.example", "2")] {
        let page = tom.get(&list.link(name)).await;
        assert_eq!(page.one("h1").trim(), name);
        assert!(page.texts("dd").contains(&serial.to_owned()), "{}", page.text());
        let host = page.texts("dt").contains(&"Host name".to_owned());
        assert_eq!(host, serial == "2");
    }
    let log = events(&tom, "Tokyo").await;
    assert!(some_with(&log, &["Product instance UDI_PID:SIM; UDI_SN:1;", "registered"]), "{log:?}");
    let rest = app.rest_as("tom").await;
    let answer = rest.post(&format!("{V1}/devices"), &json!({"virtualAccounts":["Tokyo"]})).await;
    let names: Vec<&str> = answer.json["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["displayName"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"UDI_PID:SIM; UDI_SN:1; ") && names.contains(&"open.example"));
}

/// A-EXP-02, A-TOK-08: what the device is told is the flag of its token.
async fn the_token_decides_about_export_control(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    for (serial, flag, wanted) in [("1", "Allowed", true), ("2", "Not Allowed", false)] {
        let text = token(&rest, "Berlin", json!({"exportControlled": flag})).await;
        let mut product = agent(app, serial);
        let told = product.register(product.registration(&text)).await;
        assert_eq!(told.export_control_allowed, wanted, "{flag}");
        // Another token changes it.
        let other = token(&rest, "Berlin", json!({"exportControlled":"Allowed"})).await;
        let mut again = product.registration(&other);
        again.force = true;
        assert!(product.register(again).await.export_control_allowed);
    }
}
