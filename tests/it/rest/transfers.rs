//! Transfers and roles through the REST API (scenarios AS-17 to AS-21, AS-53).

use super::lab;
use crate::support::app::TestApp;
use crate::support::databases::{Database, on_both_databases};
use crate::support::device::tags;
use crate::support::rest::{Answer, Rest};
use serde_json::{Value, json};
use syncom::config::Config;

on_both_databases!(
    a_transfer_that_causes_a_shortage_is_carried_out,
    of_two_transfers_at_the_same_moment_one_succeeds,
    a_list_of_transfers_is_carried_out_as_a_whole,
    there_is_exactly_one_default_virtual_account,
    roles_decide_what_a_call_may_do,
);

const LICENSE: &str = "UCM Enhanced Plus";

async fn transfer(rest: &Rest, from: &str, quantity: i64, to: &str) -> Answer {
    let body = json!({"licenses":[{"license":LICENSE,"licenseType":"PERPETUAL",
        "quantity":quantity,"targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
    rest.post(&lab("v1", &format!("virtual-accounts/{from}/licenses/transfer")), &body).await
}

/// quantity, inUse, available and status of Enhanced Plus in a virtual account.
async fn standing(rest: &Rest, name: &str) -> (i64, i64, i64, String) {
    let list = rest.post(&lab("v1", "licenses"), &json!({"virtualAccounts":[name]})).await.json;
    let rows = list["licenses"].as_array().unwrap();
    let row = rows.iter().find(|row| row["license"] == LICENSE).cloned().unwrap_or(Value::Null);
    let number = |name: &str| row[name].as_i64().unwrap_or_default();
    let status = row["status"].as_str().unwrap_or_default().to_owned();
    (number("quantity"), number("inUse"), number("available"), status)
}

/// The fixture, with a device that holds 5 of Tokyo reserved.
async fn with_reservation(database: Database) -> (TestApp, tempfile::NamedTempFile) {
    let fixture = concat!(
        include_str!("../../../src/lab/fixtures/lab.yaml"),
        "    reservations:\n      - { virtual_account: Tokyo, pid: ISR, serial: F1, license: UCM \
         Enhanced Plus, quantity: 5 }\n"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), fixture).unwrap();
    let named = file.path().display().to_string();
    let app = TestApp::start(database, |config: &mut Config| config.fixture = named).await;
    (app, file)
}

/// AS-17, A-TRF-02, E-LIM-16: not more than is free, not nothing, not to itself.
#[actix_web::test]
async fn more_than_is_free_does_not_move() {
    let (app, _file) = with_reservation(Database::sqlite()).await;
    let rest = app.rest_as("ulf").await;
    let refused = transfer(&rest, "Tokyo", 36, "Berlin").await;
    assert_eq!(refused.json["status"], "ERROR");
    assert!(refused.json["statusMessage"].as_str().unwrap().starts_with("At most 35 of "));
    for (quantity, to) in [(0, "Berlin"), (1, "Tokyo"), (1, "Atlantis")] {
        let refused = transfer(&rest, "Tokyo", quantity, to).await;
        assert_eq!(refused.json["status"], "ERROR", "{quantity} {to}");
    }
    assert_eq!(standing(&rest, "Tokyo").await.0, 40);
    assert_eq!(transfer(&rest, "Tokyo", 35, "Berlin").await.json["status"], "SUCCESS");
    assert_eq!(standing(&rest, "Tokyo").await, (5, 5, 0, "In Compliance".into()));
    assert_eq!(standing(&rest, "Berlin").await.0, 45);
}

async fn thirty_in_use(app: &TestApp) {
    let mut dev = app.device(1);
    dev.register(&app.lab().token.clone().unwrap()).await.unwrap();
    dev.consume(tags::ENHANCED_PLUS, 30).await.unwrap();
    app.rest_as("ulf").await.take_the_substitutes_away().await;
}

/// AS-18, A-TRF-03: a script is not asked again; the texts are the ones ABH filters on.
async fn a_transfer_that_causes_a_shortage_is_carried_out(app: &TestApp) {
    thirty_in_use(app).await;
    let rest = app.rest_as("ulf").await;
    assert_eq!(transfer(&rest, "Tokyo", 15, "Berlin").await.status, 200);
    assert_eq!(standing(&rest, "Tokyo").await, (25, 30, -5, "Out Of Compliance".into()));
    assert_eq!(standing(&rest, "Berlin").await, (25, 0, 25, "In Compliance".into()));
}

/// AS-18, A-TRF-03: where transfers may not go short, 11 is refused and 10 is not.
#[actix_web::test]
async fn a_site_may_forbid_transfers_into_a_shortage() {
    let strict = |config: &mut Config| config.settings.transfer_may_go_short = false;
    let app = TestApp::start(Database::sqlite(), strict).await;
    thirty_in_use(&app).await;
    let rest = app.rest_as("ulf").await;
    let refused = transfer(&rest, "Tokyo", 11, "Berlin").await;
    assert_eq!((refused.status, &refused.json["status"]), (422, &json!("ERROR")));
    assert!(refused.json["statusMessage"].as_str().unwrap().contains("short of 1 "));
    assert_eq!(transfer(&rest, "Tokyo", 10, "Berlin").await.status, 200);
}

/// AS-19, A-TRF-07: never both, and nothing is lost or made.
async fn of_two_transfers_at_the_same_moment_one_succeeds(app: &TestApp) {
    let (one, two) = (app.rest_as("ulf").await, app.rest_as("ann").await);
    let (first, second) = futures_util::future::join(
        transfer(&one, "Tokyo", 25, "Berlin"),
        transfer(&two, "Tokyo", 25, "Berlin"),
    )
    .await;
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422], "{first:?} {second:?}");
    assert_eq!((standing(&one, "Tokyo").await.0, standing(&one, "Berlin").await.0), (15, 35));
}

/// rest-api L3: all or nothing, so that a script can simply send it again.
async fn a_list_of_transfers_is_carried_out_as_a_whole(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let entry = |license: &str, quantity: Value| {
        json!({"license":license,"licenseType":"perpetual","quantity":quantity,
               "targetVirtualAccount":"berlin"})
    };
    let path = lab("v1", "virtual-accounts/Tokyo/licenses/transfer");
    let bad = json!({"licenses":[entry("CUWL", json!(1)), entry(LICENSE, json!(41))]});
    assert_eq!(rest.post(&path, &bad).await.json["status"], "ERROR");
    assert_eq!(standing(&rest, "Berlin").await.0, 10);
    let good = json!({"licenses":[entry("CUWL", json!("7")), entry(LICENSE, json!(3.0))]});
    let done = rest.post(&path, &good).await;
    assert_eq!(done.json["statusMessage"], "10 licenses transferred successfully", "{done:?}");
    assert_eq!(done.json["licensesTransferStatus"].as_array().unwrap().len(), 2);
    assert_eq!(standing(&rest, "Berlin").await.0, 13);
}

/// AS-21, A-VAS-04: exactly one, never one of a satellite, and not to be deleted.
async fn there_is_exactly_one_default_virtual_account(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let all = lab("v1", "customer/virtual-accounts");
    let new = json!({"name":"München 東京","description":"","isDefault":"true"});
    assert_eq!(rest.post(&all, &new).await.status, 200);
    let listed = rest.get(&all).await.json;
    let is_default = |va: &&Value| va["isDefault"] == "true";
    let defaults: Vec<&Value> =
        listed["virtualAccounts"].as_array().unwrap().iter().filter(is_default).collect();
    assert_eq!(defaults.len(), 1);
    assert_eq!(defaults[0]["name"], "München 東京");
    let path = "customer/virtual-accounts/M%C3%BCnchen%20%E6%9D%B1%E4%BA%AC/delete";
    let kept = rest.post(&lab("v1", path), &json!(null)).await;
    assert_eq!(kept.status, 422);
    assert!(kept.json["statusMessage"].as_str().unwrap().contains("default"));
}

/// AS-53, A-TOK-17, A-VAS-06: the role matrix at every call that changes something.
async fn roles_decide_what_a_call_may_do(app: &TestApp) {
    let items = json!([{"license":LICENSE,"licenseType":"PERPETUAL","quantity":1,
        "targetVirtualAccount":"Tokyo","sudi":{"suvi":"x"}}]);
    let body = json!({"name":"Nested","parentVaName":"Berlin","licenses":items,"tokens":["x"],
        "productInstances":items,"productInstacesRemoveRequests":items});
    let changes = [
        "virtual-accounts/Berlin/tokens",
        "virtual-accounts/Berlin/tokens/revoke",
        "virtual-accounts/Berlin/licenses/transfer",
        "virtual-accounts/Berlin/devices/transfer",
        "virtual-accounts/Berlin/devices/remove",
        "customer/virtual-accounts",
        "customer/virtual-accounts/Berlin/delete",
    ];
    for name in ["vera", "tom", "appi"] {
        let rest = app.rest_as(name).await;
        for call in changes {
            let answer = rest.post(&lab("v1", call), &body).await;
            assert_eq!(
                (answer.status, &answer.json["status"]),
                (403, &json!("ERROR")),
                "{name} {call}"
            );
        }
        let tokens = rest.get(&lab("v1", "virtual-accounts/Berlin/tokens")).await;
        assert_eq!(tokens.status, 403, "{name}: a listed token lets products in");
    }
    let bob = app.rest_as("bob").await;
    assert_eq!(transfer(&bob, "Berlin", 1, "Tokyo").await.status, 403);
    assert_eq!(
        bob.post(&lab("v1", "virtual-accounts/Berlin/tokens"), &json!({})).await.status,
        200
    );
    let berta = app.rest_as("berta").await;
    let all = lab("v1", "customer/virtual-accounts");
    assert_eq!(berta.post(&all, &json!({"name":"Top"})).await.status, 403);
    assert_eq!(berta.post(&all, &body).await.status, 200);
    let names = berta.get(&all).await.json["virtualAccounts"].to_string();
    assert!(names.contains("Berlin-Lab") && names.contains("Nested") && !names.contains("Tokyo"));
    assert_eq!(berta.post(&lab("v1", changes[6]), &json!(null)).await.status, 403);
}
