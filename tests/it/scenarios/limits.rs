//! What a virtual account of a satellite, and a Smart Account without export
//! entitlement, do not let happen; and moving a product instance.

use super::grounds::{Attached, NotEntitled};
use super::{V1, enhanced_plus, events, some_with, tab, token, va_path};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::json;

on_both_databases!(
    a_virtual_account_of_a_satellite_gets_no_token,
    without_entitlement_tokens_exclude_export_control,
    a_product_instance_moves_with_what_it_uses,
    the_general_tab_shows_what_the_virtual_account_is,
    text_with_nul_is_refused,
);

/// A-TOK-13
async fn a_virtual_account_of_a_satellite_gets_no_token(app: &Attached) {
    let (app, ann) = (&app.0, app.0.sign_in("ann").await);
    let general = tab(&ann, "Sat-A-VA", "general").await;
    assert!(general.text().contains("sat-a"), "{}", general.text());
    let form = ann.get(&va_path(&ann, "Sat-A-VA", "tokens/new").await).await;
    assert_eq!(form.status, 409, "{}", form.text());
    let path = format!("{V1}/virtual-accounts/Sat-A-VA/tokens");
    let rest = app.rest_as("ann").await;
    let refused = rest.post(&path, &json!({"expiresAfterDays": 30})).await;
    assert!((400..500).contains(&refused.status), "{refused:?}");
    assert!(refused.json["statusMessage"].as_str().unwrap().contains("sat-a"), "{refused:?}");
    assert_eq!(rest.get(&path).await.json["tokens"], json!([]));
}

/// A-TOK-08, A-TOK-14
async fn without_entitlement_tokens_exclude_export_control(app: &NotEntitled) {
    let (app, bob) = (&app.0, app.0.sign_in("bob").await);
    let page = bob.get(&va_path(&bob, "Berlin", "tokens/new").await).await;
    let form = page.form("form[action$='tokens/new']").set("terms", "yes");
    assert_eq!(form.value("export_controlled"), None, "the box is not there");
    let forced = bob.submit(form.clone().set("export_controlled", "yes")).await;
    assert_eq!(forced.status, 400, "{}", forced.text());
    assert_eq!(bob.submit(form).await.status, 200);
    let rows = tab(&bob, "Berlin", "general").await.table("Token");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].join(" | ").contains("Not Allowed"), "{rows:?}");
    let rest = app.rest_as("bob").await;
    let mut product = app.device(1);
    product.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    let identity = product.state().registration.identity.clone().unwrap();
    assert!(!identity.export_control_allowed);
}

/// A-TRF-09, A-PIN-05, A-SEM-13
async fn a_product_instance_moves_with_what_it_uses(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&ulf, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();

    let browser = app.sign_in("ulf").await;
    let list = tab(&browser, "Berlin", "instances").await;
    let page = browser.get(&list.attributes("a[href$='/transfer']", "href").remove(0)).await;
    let tokyo = va_path(&browser, "Tokyo", "x").await;
    let number = tokyo.rsplit('/').nth(1).unwrap();
    let form = page.form("form[action$='/transfer']").set("target", number);
    let done = browser.submit(form).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(enhanced_plus(&ulf, "Berlin").await, (10, 0, 10));
    assert_eq!(enhanced_plus(&ulf, "Tokyo").await, (40, 4, 36));
    for va in ["Berlin", "Tokyo"] {
        let log = events(&browser, va).await;
        assert!(some_with(&log, &["dev-1 moved from Berlin to Tokyo", "ulf"]), "{va}: {log:?}");
    }
    one.renew_authorization().await.unwrap();

    one.overwrite(&token(&ulf, "Berlin", json!({})).await).await.unwrap();
    assert_eq!(enhanced_plus(&ulf, "Tokyo").await, (40, 0, 40), "registering elsewhere moves too");
}

/// A-TOK-01, A-VAS-05
async fn the_general_tab_shows_what_the_virtual_account_is(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let text = tab(&ann, "Berlin", "general").await.text();
    for part in ["Unified communications in Berlin", "Default Virtual Account", "Public"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for name in ["General", "Licenses", "Product Instances", "Event Log"] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

/// Text that PostgreSQL cannot store is refused at every door, on both databases.
async fn text_with_nul_is_refused(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    assert_eq!(app.anonymous().get("/login?next=%00").await.status, 400);
    assert_eq!(ann.get("/sa/a%00/alerts").await.status, 400);
    let login = app.anonymous().get("/login").await.form("form").set("username", "a\0");
    assert_eq!(app.anonymous().submit(login.clone()).await.status, 400);
    let rest = app.rest();
    assert_eq!(rest.get("/_syncom/explain?license=%00").await.status, 400);
    let version = rest.post("/_syncom/agreements", &json!({"version": "2\0"})).await;
    assert_eq!(version.status, 400, "{version:?}");
    let order = json!({"smart_account":"lab.example","license":"CUWL","license_type":"PERPETUAL",
        "quantity":1,"sku":"a\0"});
    let refused = rest.post("/_syncom/orders", &order).await;
    assert!(refused.status == 400 && refused.text.contains("sku"), "{refused:?}");
}
