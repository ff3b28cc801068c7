//! R1 to R4 and the forms of the newer gateway, with a device that knows its codes.

use super::lab;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::rest::{Answer, Rest};
use serde_json::{Value, json};
use syncom::device::profile::Profile;
use syncom::domain::reservation::Kind;
use syncom::protocol::codes::{self, AuthorizationCode, request};
use syncom::protocol::sudi::Sudi;

on_both_databases!(
    a_reservation_lives_from_request_to_return,
    the_newer_gateway_says_the_same,
    refusals_stand_in_the_array,
    reporting_only_licenses_have_no_limit,
    a_factory_reservation_can_be_returned,
    a_factory_order_ends_no_shortage,
);

const GATEWAY: &str = "/v1/software/apis/licensing";

fn device(serial: &str) -> Sudi {
    Sudi::hardware("SIM", serial)
}

fn software_tag() -> String {
    Profile::find("sim").unwrap().software_tag
}

fn request_code(serial: &str, kind: Kind) -> String {
    request::write(&device(serial), &software_tag(), kind, false)
}

/// What a device answers to the code in an answer: confirmation and return code.
fn answers(code: &Value, serial: &str) -> (String, String) {
    let text = code["authorizationCode"].as_str().unwrap_or_else(|| panic!("no code in {code}"));
    let secret = AuthorizationCode::read(text, &device(serial)).unwrap().secret();
    (codes::confirmation(&secret, &device(serial)), codes::return_code(&secret, &device(serial)))
}

fn vault(action: &str) -> String {
    lab("v1", &format!("virtual-accounts/Vault/{action}"))
}

fn named(serial: &str) -> Value {
    json!({"udiPid":"SIM","udiSerialNumber":serial})
}

/// Reserved and available of Meetings Host in the Vault.
async fn hosts(rest: &Rest) -> (i64, i64) {
    let body = json!({"virtualAccounts":["Vault"]});
    let all = rest.post(&lab("v1", "licenses"), &body).await.json;
    let row = &all["licenses"][0];
    (row["reserved"].as_i64().unwrap(), row["available"].as_i64().unwrap())
}

async fn reserve(rest: &Rest, serial: &str, quantity: Value) -> Answer {
    let licenses = json!([{"entitlementTag":tags::MEETINGS_HOST,"quantity":quantity,
        "precedence":"LONGEST_TERM_FIRST"}]);
    let body = json!({"reservationRequests":[{"reservationCode":request_code(serial, Kind::Specific),
        "reservationType":"SPECIFIC","licenses":licenses}]});
    rest.post(&vault("reserve-licenses"), &body).await
}

/// A-RSV-05, A-RSV-10 to A-RSV-12, A-RSV-15: R1 with a number as text, R2, R3, R4; each takes and
/// gives back what it should, and a code counts once.
async fn a_reservation_lives_from_request_to_return(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let answer = reserve(&rest, "000010", json!("10")).await;
    assert_eq!((answer.status, &answer.json["status"]), (200, &json!("SUCCESS")), "{answer:?}");
    let code = &answer.json["authorizationCodes"][0];
    assert_eq!(code["sudi"]["udiSerialNumber"], "000010", "{code}");
    assert_eq!(code["reservationCode"], json!(request_code("000010", Kind::Specific)));
    let (_, first_return) = answers(code, "000010");
    assert_eq!(hosts(&rest).await, (10, 20));

    let tag = software_tag();
    let licenses = json!([{"entitlementTag":tags::MEETINGS_HOST,"quantity":6}]);
    let update = json!({"reservationUpdateRequests":[{"sudi":named("000010"),
        "productTagName":tag,"licenses":licenses}]});
    let answer = rest.post(&vault("update-licenses"), &update).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (confirmation, back) = answers(&answer.json["authorizationCodes"][0], "000010");
    assert_eq!(hosts(&rest).await, (10, 20), "a decrease waits");
    let again = rest.post(&vault("update-licenses"), &update).await;
    assert_eq!(again.status, 422, "{again:?}");

    let confirm = json!({"reservationConfirmationRequests":[{"sudi":named("000010"),
        "productTagName":tag,"confirmationCode":confirmation}]});
    let answer = rest.post(&vault("confirm-licenses"), &confirm).await;
    assert_eq!(
        (answer.status, &answer.json["data"]["statusMessage"]),
        (200, &json!("Update confirmed"))
    );
    assert_eq!(hosts(&rest).await, (6, 24));
    let twice = rest.post(&vault("confirm-licenses"), &confirm).await;
    assert!(twice.text.contains("already confirmed") && twice.status == 422, "{twice:?}");

    for (code, status) in [(first_return, "FAILURE"), (back, "SUCCESS")] {
        let body = json!({"productInstacesRemoveRequests":[{"sudi":named("000010"),
            "productTagName":tag,"returnCode":code}]});
        let answer = rest.post(&vault("devices/remove"), &body).await;
        let item = &answer.json["removeProductInstancesStatus"][0];
        assert_eq!(item["status"], status, "{answer:?}");
    }
    assert_eq!(hosts(&rest).await, (0, 30));
}

/// A-RSV-03, A-RSV-04: the addresses of the newer gateway, bulk included, with its spellings.
async fn the_newer_gateway_says_the_same(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let tag = software_tag();
    let details = json!({"softwareTags":[tag, "regid.unknown"]});
    let known = rest.post(&format!("{GATEWAY}/v1/search-slr-details"), &details).await.json;
    assert_eq!(known["data"].as_array().map(Vec::len), Some(1), "{known}");
    assert_eq!(known["data"][0]["entitlements"][0]["type"], "SPECIFIC");

    let entry = |serial: &str| {
        json!({"reservationCode":request_code(serial, Kind::Specific),
        "licenses":[{"entitlementTag":"Meetings Host","quantity":2.0}]})
    };
    let bulk = json!({"virtualAccounts":[{"name":"Vault","reservationRequests":[entry("1"), entry("2")]}]});
    let path = format!("{GATEWAY}/v2/account/lab.example/licenses/reserve-bulk");
    let answer = rest.post(&path, &bulk).await;
    assert_eq!((answer.status, &answer.json["status"]), (200, &json!("SUCCESS")), "{answer:?}");
    let two = answer.json["authorizationCodes"].clone();
    assert_eq!(two[1]["licenses"][0]["name"], "Meetings Host", "{two}");
    assert_eq!(two[1]["productType"].as_str().map(str::is_empty), Some(false));

    let all = format!("{GATEWAY}/v2/account/lab.example/virtual-account/Vault/licenses/reserve");
    let universal = json!({"reservationRequests":[{"reservationType":"UNIVERSAL",
        "reservationCode":request_code("3", Kind::Universal)}]});
    let answer = rest.post(&all, &universal).await;
    let code =
        answer.json["authorizationCodes"][0]["authorizationCode"].as_str().unwrap().to_owned();
    assert!(code.starts_with("DA") && code.split('-').count() == 16, "{code}");

    phases_of_the_newer_gateway(&rest, &two).await;
}

async fn phases_of_the_newer_gateway(rest: &Rest, two: &Value) {
    let tag = software_tag();
    let update = json!({"reservationUpdateRequests":[{"sudi":named("1"),"productTagName":tag,
        "licenses":[{"entitlementTag":tags::MEETINGS_HOST,"quantity":"3"}]}]});
    let one = format!("{GATEWAY}/v1/account/lab.example/virtual-account/Vault");
    let answer = rest.post(&format!("{one}/licenses/update"), &update).await;
    let (confirmation, _) = answers(&answer.json["autorizationCodes"][0], "1");
    let confirm = json!({"reservationConfirmationRequests":[{"sudi":named("1"),
        "productTagName":tag,"confirmationCode":confirmation}]});
    let path =
        format!("{GATEWAY}/v2/accounts/lab.example/licenses/confirm?virtualAccountName=Vault");
    let answer = rest.post(&path, &confirm).await;
    assert_eq!(answer.json["data"]["confirmation_code"], json!(confirmation), "{answer:?}");

    let (_, back) = answers(&two[1], "2");
    let body = json!({"productInstancesRemoveRequests":[{"sudi":named("2"),"productTagName":tag,
        "returnCode":back}]});
    let path = format!("{GATEWAY}/v3/accounts/lab.example/devices/remove?virtualAccountName=Vault");
    let answer = rest.post(&path, &body).await;
    assert_eq!(answer.json["status"], "SUCCESS", "{answer:?}");
    let path = format!("{GATEWAY}/v2/accounts/lab.example/devices?virtualAccountName=Vault");
    assert_eq!(rest.get(&path).await.json["totalRecords"], 2);
}

/// AS-24, A-RSV-01, A-RSV-03: what is refused says so where clients look for it, and changes
/// nothing.
async fn refusals_stand_in_the_array(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let good = request_code("000011", Kind::Specific);
    let unknown = request::write(&device("000011"), "regid.nobody", Kind::Specific, false);
    let mistyped = good.replace("000011", "000012");
    let first = reserve(&rest, "000010", json!(10)).await;
    assert_eq!(first.status, 200, "{first:?}");
    let held = request_code("000010", Kind::Specific);
    for (code, part, status) in [
        (&good[..good.len() - 4], "part is missing", 400),
        (mistyped.as_str(), "mistyped", 400),
        (unknown.as_str(), "not known here", 400),
        (held.as_str(), "is reserved already", 422),
    ] {
        let body = json!({"reservationRequests":[{"reservationCode":code,
            "licenses":[{"entitlementTag":tags::MEETINGS_HOST,"quantity":1}]}]});
        let answer = rest.post(&vault("reserve-licenses"), &body).await;
        let item = &answer.json["authorizationCodes"][0];
        assert_eq!((answer.status, &item["status"]), (status, &json!("ERROR")), "{answer:?}");
        assert!(item["statusMessage"].as_str().unwrap().contains(part), "{answer:?}");
    }
    for (quantity, part) in [(json!(21), "20 available"), (json!(0), "nothing to reserve")] {
        let answer = reserve(&rest, "000011", quantity).await;
        assert!(answer.text.contains(part) && answer.status >= 400, "{answer:?}");
    }
    assert_eq!(hosts(&rest).await, (10, 20));
    let off = json!({"reservation_enabled":false});
    assert_eq!(app.rest().post("/_syncom/support/lab.example", &off).await.status, 200);
    let answer = reserve(&rest, "000011", json!(1)).await;
    assert!(answer.status == 403 && answer.text.contains("not enabled"), "{answer:?}");
    let vera = app.rest_as("vera").await;
    assert_eq!(reserve(&vera, "000011", json!(1)).await.status, 403);
}

/// A-RSV-06: what is billed by use is reserved in any number, also where there is no line of it.
async fn reporting_only_licenses_have_no_limit(app: &TestApp) {
    let ids = app.engine().ids();
    let metered = syncom::domain::license::Entitlement {
        id: syncom::domain::id::EntitlementId(ids.uuid(app.now())),
        tag: "regid.2026-01.com.syncom.METERED,1.0_1".into(),
        name: "Metered".into(),
        description: "Billed by use".into(),
        billing: syncom::domain::license::Billing::Usage,
        enforced: false,
        export_restricted: false,
        tier: None,
    };
    app.engine().take_catalogue(vec![metered]).await.unwrap();
    let rest = app.rest_as("ulf").await;
    let body = json!({"reservationRequests":[{"reservationCode":request_code("7", Kind::Specific),
        "licenses":[{"entitlementTag":"Metered","quantity":1_000_000}]}]});
    let answer = rest.post(&vault("reserve-licenses"), &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let code = answer.json["authorizationCodes"][0]["authorizationCode"].as_str().unwrap();
    assert!(code.contains("<count>1000000</count>"), "{code}");
}

/// A-RSV-09: a reservation of the fixture has its code from the factory, and is given back with
/// the return code of a device that has it.
async fn a_factory_reservation_can_be_returned(app: &TestApp) {
    use syncom::engine::Who;
    let rest = app.rest_as("ulf").await;
    let order = json!({"smart_account":"lab.example","virtual_account":"Vault","license":"Meetings Host",
        "license_type":"PERPETUAL","quantity":4,
        "factory":{"pid":"SIM","serial":"F1","product":software_tag()}});
    let placed = app.rest().post("/_syncom/orders", &order).await;
    assert_eq!(placed.status, 201, "{placed:?}");
    assert_eq!(hosts(&rest).await, (4, 30));
    let who = Who::Bearer(rest.bearer().unwrap().to_owned());
    let all = app.engine().instances(&who, "lab.example", vec!["Vault".into()]).await.unwrap();
    let view = app.engine().reservation(&who, "lab.example", all[0].instance.id).await.unwrap();
    let code = json!({"authorizationCode":view.authorization.unwrap().code});
    let body = json!({"productInstacesRemoveRequests":[{"sudi":named("F1"),
        "returnCode":answers(&code, "F1").1}]});
    let answer = rest.post(&vault("devices/remove"), &body).await;
    assert_eq!(answer.json["status"], "SUCCESS", "{answer:?}");
    assert_eq!(hosts(&rest).await, (0, 34));
}

/// A-RSV-09, A-ALK-01: an order that is reserved as it arrives covers nobody's shortage, and no
/// event says that it did.
async fn a_factory_order_ends_no_shortage(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let token = crate::scenarios::token(&rest, "Vault", json!({})).await;
    let mut user = app.device(1);
    user.register(&token).await.unwrap();
    user.consume(tags::MEETINGS_HOST, 31).await.unwrap();
    assert_eq!(hosts(&rest).await, (0, -1));
    let order = json!({"smart_account":"lab.example","virtual_account":"Vault","license":"Meetings Host",
        "license_type":"PERPETUAL","quantity":4,"factory":{"pid":"SIM","serial":"F1"}});
    assert_eq!(app.rest().post("/_syncom/orders", &order).await.status, 201);
    assert_eq!(hosts(&rest).await, (4, -1));
    let ulf = app.sign_in("ulf").await;
    let log = crate::scenarios::events(&ulf, "Vault").await;
    assert!(crate::scenarios::some_with(&log, &["reserved for", "in the factory"]), "{log:#?}");
    assert!(!crate::scenarios::some_with(&log, &["in compliance again"]), "{log:#?}");
}
