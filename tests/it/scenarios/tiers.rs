//! Tiers of one family, and the arithmetic of a balance.

use super::{ENHANCED_PLUS, V1, enhanced_plus, events, figures, some_with, tab, token};
use crate::properties::dump;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::rest::Rest;
use serde_json::{Value, json};
use syncom::db;
use syncom::device::machine::AuthorizationState;
use syncom::domain::license::{Entitlement, Tier};

on_both_databases!(
    surplus_elsewhere_does_not_help,
    a_higher_tier_lends_to_a_lower_one,
    every_balance_is_explained,
    a_catalogue_tells_what_it_changes,
    licenses_are_tagged_and_found,
    a_line_waits_is_provisioned_and_cancelled,
    lines_of_every_source_are_told,
);

/// AS-10, A-LIC-14, SUB-7
async fn surplus_elsewhere_does_not_help(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 13).await.unwrap();
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 13, -3));
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (40, 0, 40));
    assert_eq!(figures(&rest, "Tokyo", "CUWL").await.2, 100, "no loan crosses the wall");
}

/// The balance of a license in Tokyo, and what stands under Substitution on its page.
async fn tokyo(app: &TestApp, rest: &Rest, license: &str) -> (i64, String) {
    let balance = figures(rest, "Tokyo", license).await.2;
    let page = tab(&app.sign_in("ulf").await, "Tokyo", "licenses").await;
    let rows = page.table("License");
    let row = rows.iter().find(|row| row[0].starts_with(license)).unwrap();
    (balance, row[4].clone())
}

/// AS-12, A-SEM-08, SUB-1, SUB-2, A-LIC-01, A-EVT-04
async fn a_higher_tier_lends_to_a_lower_one(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let away = json!({"licenses":[{"license":ENHANCED_PLUS,"licenseType":"PERPETUAL","quantity":40,
        "targetVirtualAccount":"DEFAULT","precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    assert_eq!(rest.post(&path, &away).await.status, 200);
    let mut one = app.device(1);
    one.register(&token(&rest, "Tokyo", json!({})).await).await.unwrap();
    for (cuwl, plus, expected) in [
        (10, 50, [(40, "−50"), (0, "+50")]),
        (10, 95, [(0, "−90"), (-5, "+90")]),
        (5, 95, [(0, "−95"), (0, "+95")]),
    ] {
        one.consume_all(&[(tags::CUWL, cuwl), (tags::ENHANCED_PLUS, plus)]).await.unwrap();
        let now = [tokyo(app, &rest, "CUWL").await, tokyo(app, &rest, ENHANCED_PLUS).await];
        let expected = expected.map(|(balance, shown)| (balance, shown.to_owned()));
        assert_eq!(now, expected, "{cuwl} and {plus}");
        let told = match expected[1].0 {
            0 => AuthorizationState::Authorized,
            _ => AuthorizationState::OutOfCompliance,
        };
        assert_eq!(one.authorization(), told, "{cuwl} and {plus}");
    }
    let log = events(&app.sign_in("ulf").await, "Tokyo").await;
    for told in [
        "CUWL lends 50 to UCM Enhanced Plus.",
        "UCM Enhanced Plus borrows 50 from CUWL.",
        "CUWL lends 95 instead of 90 to UCM Enhanced Plus.",
    ] {
        assert!(some_with(&log, &[told, "dev-1"]), "A-EVT-04: {told} in {log:?}");
    }
    let listed = rest.post(&format!("{V1}/licenses"), &json!({"virtualAccounts":["Tokyo"]})).await;
    let loans = &listed.json["licenses"][0]["licenseSubstitutions"][0];
    assert_eq!(loans["license"], "CUWL", "{listed:?}");
    assert_eq!(loans["substitutedLicense"], ENHANCED_PLUS);
    assert_eq!(loans["substitutedQuantity"], 95);
}

/// A-SEM-08, A-EVT-04: a license that a catalogue puts under another begins to borrow, and the log
/// says so; what is wrong with a catalogue leaves everything as it was.
async fn a_catalogue_tells_what_it_changes(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Tokyo", json!({})).await).await.unwrap();
    one.consume(tags::MEETINGS_HOST, 2).await.unwrap();
    let host = "Meetings Host";
    assert_eq!(figures(&rest, "Tokyo", host).await.2, -2);
    let (cuwl, known) = dump::read(app, |conn| {
        let cuwl = db::licenses::by_name(conn, "CUWL")?.unwrap();
        Ok((cuwl, db::licenses::by_name(conn, "Meetings Host")?.unwrap()))
    })
    .await;
    let tier = cuwl.tier.clone().unwrap();
    let with = |rank| Entitlement { tier: Some(Tier { rank, ..tier.clone() }), ..known.clone() };
    let same = app.engine().take_catalogue(vec![with(tier.rank)]).await.unwrap_err().to_string();
    assert!(same.contains("have the same tier"), "{same}");
    assert_eq!(figures(&rest, "Tokyo", host).await.2, -2);
    assert_eq!(app.engine().take_catalogue(vec![with(-7)]).await.unwrap(), 0);
    assert_eq!(figures(&rest, "Tokyo", host).await.2, 0);
    one.renew_authorization().await.unwrap();
    assert_eq!(one.authorization(), AuthorizationState::Authorized, "the next contact knows it");
    let log = events(&app.sign_in("ulf").await, "Tokyo").await;
    for told in
        ["Meetings Host borrows 2 from UCM Enhanced Plus.", "Meetings Host is in compliance again."]
    {
        assert!(some_with(&log, &[told, "System"]), "{told} in {log:?}");
    }
}

async fn explain(app: &TestApp, va: &str, license: &str) -> Value {
    let query = serde_urlencoded::to_string([
        ("smart_account", "lab.example"),
        ("virtual_account", va),
        ("license", license),
    ]);
    let answer = app.rest().get(&format!("/_syncom/explain?{}", query.unwrap())).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// A-SEM-06: as JSON and as a panel on the page, adding up to the balance shown.
async fn every_balance_is_explained(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Tokyo", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 43).await.unwrap();
    let told = explain(app, "Tokyo", ENHANCED_PLUS).await;
    assert_eq!(told["adds_up"], true, "{told}");
    assert_eq!(told["lines"][0]["counted"], 40);
    assert_eq!(told["instances"][0]["name"], "dev-1");
    assert_eq!(told["loans"][0], json!({"license":"CUWL","quantity":3}));
    assert_eq!((&told["balance"], &told["borrowed"]), (&json!(0), &json!(3)));
    let by_tag = explain(app, "tokyo ", tags::CUWL).await;
    assert_eq!((&by_tag["lent"], &by_tag["balance"]), (&json!(3), &json!(97)));

    let ulf = app.sign_in("ulf").await;
    let licenses = tab(&ulf, "Tokyo", "licenses").await;
    let page = ulf.get(&licenses.link(ENHANCED_PLUS)).await;
    let parts: Vec<String> = page.table("Part").iter().map(|row| row.join(" | ")).collect();
    assert_eq!(
        parts,
        [
            "40 Perpetual licenses owned | +40",
            "43 in use by dev-1 | −43",
            "3 borrowed from CUWL substitution between tiers | +3"
        ]
    );
    for (query, status) in [
        ("smart_account=lab.example&virtual_account=Nowhere&license=CUWL", 404),
        ("smart_account=lab.example&virtual_account=Tokyo&license=None", 404),
        ("smart_account=x&virtual_account=Tokyo&license=CUWL", 404),
        ("smart_account=lab.example&virtual_account=Tokyo", 400),
        ("smart_account=lab.example&virtual_account=Tokyo&license=CUWL&extra=1", 400),
    ] {
        let refused = app.rest().get(&format!("/_syncom/explain?{query}")).await;
        assert_eq!(refused.status, status, "{query}: {refused:?}");
    }
}

/// A-LIC-04, A-LIC-10
async fn licenses_are_tagged_and_found(app: &TestApp) {
    let ulf = app.sign_in("ulf").await;
    let licenses = tab(&ulf, "Tokyo", "licenses").await;
    let manage = ulf.get(&licenses.link("Manage License Tags")).await;
    let form = || manage.form("form[action$='license-tags']");
    let nothing = ulf.submit(form().set("tags", "voice")).await;
    assert!(nothing.status == 400 && nothing.text().contains("at least one"), "{}", nothing.text());
    let id = manage.attributes("input[name=license]", "value").remove(0);
    let long = ulf.submit(form().set("tags", &"x".repeat(51)).set("license", &id)).await;
    assert!(long.status == 400 && long.text().contains("50"), "{}", long.text());
    let saved = ulf.submit(form().set("tags", "Voice, core").set("license", &id)).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let found = ulf.get(&format!("{}?by=tag&search=vo", licenses.path)).await.table("License");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0][0].starts_with("CUWL") && found[0][0].contains("core"), "{found:?}");
    let by_name = ulf.get(&format!("{}?by=name&search=vo", licenses.path)).await;
    assert!(by_name.table("License").is_empty());
    let vera = app.sign_in("vera").await;
    let refused = vera.get(&licenses.path.replace("licenses", "license-tags")).await;
    assert_eq!(refused.status, 403, "viewers tag nothing");
}

async fn order(app: &TestApp, body: Value) -> Value {
    let answer = app.rest().post("/_syncom/orders", &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json
}

/// An order of CUWL for Tokyo.
async fn cuwl(app: &TestApp, more: Value) -> Value {
    let mut body =
        json!({"smart_account":"lab.example","virtual_account":"Tokyo","license":"CUWL"});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    order(app, body).await
}

/// A-SEM-01, A-SEM-02, A-SEM-03, A-LIC-03
async fn a_line_waits_is_provisioned_and_cancelled(app: &TestApp) {
    let more = json!({"license_type":"TERM","quantity":9,"ends":"2027-01-01","pending":true});
    let pending = cuwl(app, more).await;
    let rest = app.rest_as("ulf").await;
    let stock = async || figures(&rest, "Tokyo", "CUWL").await.0;
    assert_eq!(stock().await, 100, "pending ones do not count");
    let line = format!("/_syncom/orders/{}", pending["line"].as_str().unwrap());
    let status =
        async |what: &str| app.rest().post(&format!("{line}/{what}"), &json!(null)).await.status;
    assert_eq!(status("provision").await, 200);
    assert_eq!(stock().await, 109);
    assert_eq!(status("provision").await, 409, "once");
    assert_eq!(status("cancel").await, 200);
    assert_eq!(stock().await, 100);
    let gone = json!({"virtualAccounts":["Tokyo"],"status":["Canceled","Pending"]});
    let listed = rest.post(&format!("{V1}/license-subscriptions"), &gone).await;
    assert_eq!(listed.json["totalRecords"], 1, "{listed:?}");
    assert_eq!(listed.json["licenseSubscriptions"][0]["status"], "Cancelled");
}

/// A-LIC-05, A-LIC-06, A-LIC-13
async fn lines_of_every_source_are_told(app: &TestApp) {
    cuwl(
        app,
        json!({"license_type":"SUBSCRIPTION","quantity":7,"ends":"2026-12-31",
        "enterprise_agreement":true,"portable":false,"subscription_id":"Sub77"}),
    )
    .await;
    cuwl(
        app,
        json!({"license_type":"PERPETUAL","quantity":2,"source":"pak","pak":"PAK-1",
        "sku":"CUWL-PAK"}),
    )
    .await;
    cuwl(
        app,
        json!({"license_type":"PERPETUAL","quantity":1,"source":"device_migration",
        "product_serial":"FDO1","product_family":"ISR"}),
    )
    .await;
    let ulf = app.sign_in("ulf").await;
    let text = tab(&ulf, "Tokyo", "licenses?lines=yes").await.text();
    for part in [
        "Enterprise Agreement",
        "not portable",
        "Subscription Sub77",
        "PAK Migration",
        "PAK PAK-1",
        "SKU CUWL-PAK",
        "Order SO-1002",
        "Device Migration",
        "SN FDO1",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    let body = json!({"licenses":[{"license":"CUWL","licenseType":"SUBSCRIPTION","quantity":1,
        "targetVirtualAccount":"Berlin","precedence":"LONGEST_TERM_FIRST"}]});
    let refused = app.rest_as("ulf").await.post(&path, &body).await;
    assert_eq!(refused.json["status"], "ERROR", "A-LIC-13: {refused:?}");
}
