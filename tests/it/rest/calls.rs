//! The calls as clients see them: exact names, order and types (rest-api 3 to 7).

use super::{API, lab};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::rest::Rest;
use serde_json::{Value, json};

on_both_databases!(
    own_accounts_come_with_roles,
    account_search_has_both_sets_of_names,
    account_search_of_version_2_has_numbers_as_text,
    virtual_accounts_are_listed_created_and_deleted,
    tokens_are_listed_created_and_revoked,
    the_export_flag_follows_the_entitlement_unless_told,
    licenses_are_listed_as_clients_read_them,
    subscriptions_tell_what_ends,
    devices_are_listed_as_clients_read_them,
    devices_are_moved_with_what_they_use,
    devices_are_removed_under_a_misspelled_key,
);

/// A1: SLD tests whether `virtualAccount` is there.
async fn own_accounts_come_with_roles(app: &TestApp) {
    let ann = app.rest_as("ann").await.get(&format!("{API}/v2/accounts")).await;
    assert_eq!(
        ann.text,
        r#"{"accounts":[{"accountName":"Contoso Lab","accountDomain":"lab.example","accountStatus":"Active","accountType":"CUSTOMER","roles":[{"role":"Smart Account Administrator"}]}],"status":"COMPLETE","statusMessage":""}"#
    );
    let bob = app.rest_as("bob").await;
    let own = bob.get(&format!("{API}/v2/accounts")).await;
    let role = &own.json["accounts"][0]["roles"][0];
    assert_eq!(*role, json!({"role":"Virtual Account User","virtualAccount":"Berlin"}));
    let none = bob.get(&format!("{API}/v2/accounts?domain=other.example")).await;
    assert_eq!((none.status, &none.json["accounts"]), (200, &json!([])));
}

/// A2: GO and JSH read the short names, PAN requires the long ones.
async fn account_search_has_both_sets_of_names(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let found = rest.get(&format!("{API}/v1/accounts/search?domain=B.EXAM&name=lab")).await;
    assert_eq!(
        found.text,
        r#"{"totalRecords":1,"accounts":[{"domain":"lab.example","name":"Contoso Lab","id":100001,"type":"CUSTOMER","status":"ACTIVE","accountDomain":"lab.example","accountName":"Contoso Lab","accountType":"CUSTOMER","accountStatus":"ACTIVE"}],"status":"COMPLETE","statusMessage":""}"#
    );
    let search = |query: &str| format!("{API}/v1/accounts/search?{query}");
    assert_eq!(rest.get(&search("type=holding")).await.json["totalRecords"], 0);
    assert_eq!(rest.get(&search("type=planet")).await.status, 400);
    assert_eq!(rest.get(&search("limit=-2")).await.status, 400);
    let past = rest.get(&search("offset=1")).await;
    assert_eq!((&past.json["totalRecords"], &past.json["accounts"]), (&json!(1), &json!([])));
}

/// A3: these numbers feed the X-CSW headers.
async fn account_search_of_version_2_has_numbers_as_text(app: &TestApp) {
    let path = format!("{API}/v2/accounts/search");
    let found = app.rest_as("berta").await.get(&path).await;
    assert_eq!(
        found.text,
        r#"{"message_code":"","accounts":[{"account_id":"100001","domain":"lab.example","name":"Contoso Lab","virtual_accounts":[{"default":false,"name":"Berlin","virtual_account_id":"100003"},{"default":false,"name":"Berlin-Lab","virtual_account_id":"100008"}]}],"message":"","status":"COMPLETE"}"#
    );
}

/// V1 to V3; A-MSA-04, A-MSA-11, A-VAS-04.
async fn virtual_accounts_are_listed_created_and_deleted(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let all = lab("v1", "customer/virtual-accounts");
    let listed = rest.get(&all).await;
    assert!(listed.text.starts_with(
        r#"{"virtualAccounts":[{"name":"DEFAULT","description":"Orders without a virtual account land here","isDefault":"true","commerceAccessLevel":"PUBLIC"},{"name":"Berlin","#
    ));
    let new = json!({"name":"Madrid","description":"Spain","isDefault":"false",
                     "commerceAccessLevel":"PRIVATE"});
    let made = rest.post(&all, &new).await;
    assert_eq!(made.json["status"], "SUCCESS", "{made:?}");
    for taken in ["madrid ", "MAD RID", "", &"x".repeat(101)] {
        let again = rest.post(&all, &json!({"name":taken,"description":""})).await;
        assert_eq!(again.status, 400, "{taken}");
        assert!(again.json["statusMessage"].as_str().unwrap().starts_with("name: "));
    }
    let delete = |name: &str| lab("v1", &format!("customer/virtual-accounts/{name}/delete"));
    let full = rest.post(&delete("Tokyo"), &json!(null)).await;
    assert_eq!(full.status, 422);
    assert!(full.json["statusMessage"].as_str().unwrap().contains("140 licenses"), "{full:?}");
    assert_eq!(rest.post(&delete("default"), &json!(null)).await.status, 422);
    assert_eq!(rest.post(&delete("Madrid"), &json!(null)).await.status, 200);
    assert_eq!(rest.post(&delete("Madrid"), &json!(null)).await.status, 404);
    assert_eq!(rest.get(&all).await.text, listed.text);
}

/// K1 to K3; A-TOK-06, A-TOK-07, A-TOK-10, A-TOK-12: only what still works is listed.
async fn tokens_are_listed_created_and_revoked(app: &TestApp) {
    let rest = app.rest_as("bob").await;
    let path = lab("v1", "virtual-accounts/berlin/tokens");
    assert_eq!(
        rest.get(&path).await.text,
        r#"{"tokens":[],"status":"COMPLETE","statusMessage":""}"#
    );
    let body = json!({"description":"for the lab","expiresAfterDays":5,
                      "exportControlled":"NOT allowed","numberofUses":1,"limit":3,"offset":0});
    let made = rest.post(&path, &body).await;
    let text = made.json["tokenInfo"]["token"].as_str().unwrap().to_owned();
    let info = format!(
        r#"{{"token":"{text}","expirationDate":"2026-Jan-10 09:00:00","description":"for the lab","exportControl":"Not Allowed","createdBy":"bob"}}"#
    );
    assert_eq!(
        made.text,
        format!(
            r#"{{"status":"SUCCESS","statusMessage":"A valid, active token was generated.","tokenInfo":{info}}}"#
        )
    );
    let listed = rest.get(&path).await;
    assert_eq!(
        listed.text,
        format!(r#"{{"tokens":[{info}],"status":"COMPLETE","statusMessage":""}}"#)
    );
    app.device(1).register(&text).await.unwrap();
    assert_eq!(rest.get(&path).await.json["tokens"], json!([]), "its only use is used up");

    let made = rest.post(&path, &json!({})).await;
    let text = &made.json["tokenInfo"]["token"];
    let revoke = lab("v1", "virtual-accounts/Berlin/tokens/revoke");
    let mixed = rest.post(&revoke, &json!({"tokens":[text, "unknown"]})).await;
    assert_eq!(mixed.json["status"], "WARNING");
    assert_eq!(mixed.json["statusMessage"], "1 tokens successfully revoked.");
    assert_eq!(mixed.json["tokensRevokeStatus"][0]["status"], "SUCCESS");
    assert_eq!(mixed.json["tokensRevokeStatus"][1]["status"], "ERROR");
    assert_eq!(rest.get(&path).await.json["tokens"], json!([]));
    let again = rest.post(&revoke, &json!({"tokens":[text]})).await;
    assert_eq!(again.json["status"], "ERROR");
}

/// A-TOK-08, A-TOK-14: what the call leaves out, the entitlement of the account decides.
async fn the_export_flag_follows_the_entitlement_unless_told(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let path = lab("v1", "virtual-accounts/Berlin/tokens");
    for (body, expected) in [
        (json!({}), "Allowed"),
        (json!({"exportControlled":null}), "Allowed"),
        (json!({"exportControlled":"ALLOWED"}), "Allowed"),
        (json!({"exportControlled":"Not Allowed"}), "Not Allowed"),
    ] {
        let made = rest.post(&path, &body).await;
        assert_eq!(made.json["tokenInfo"]["exportControl"], expected, "{body}");
    }
}

/// L1: names, order and types; the query of PAN; -1 for everything.
async fn licenses_are_listed_as_clients_read_them(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let path = lab("v1", "licenses");
    let berlin = rest.post(&path, &json!({"virtualAccounts":["BERLIN"]})).await;
    assert_eq!(
        berlin.text,
        r#"{"totalRecords":1,"status":"COMPLETE","statusMessage":"","licenses":[{"license":"UCM Enhanced Plus","virtualAccount":"Berlin","quantity":10,"inUse":0,"available":10,"status":"In Compliance","billingType":"PREPAID","ahaApps":false,"pendingQuantity":0,"reserved":0,"isPortable":false,"licenseSubstitutions":[],"licenseDetails":[{"licenseType":"PERPETUAL","quantity":10,"startDate":null,"endDate":null,"subscriptionId":null,"status":"ACTIVE","customer":null,"orderNumber":"SO-1001","licenseSku":"UCM-ENHP-K9","billToPo":null,"endCustomerPo":null,"orderLineIdentifier":null,"shipTo":null}]}]}"#
    );
    let all = rest.post(&path, &json!({"virtualAccounts":[],"limit":-1})).await;
    assert_eq!(all.json["licenses"].as_array().unwrap().len(), 9);
    let page = rest.post(&path, &json!({"limit":"2","offset":8.0})).await;
    assert_eq!(page.json["totalRecords"], 9);
    assert_eq!(page.json["licenses"].as_array().unwrap().len(), 1);
    let panoramic = format!("{path}?limit=2&offset=0");
    let page = rest.post(&panoramic, &json!({"virtualAccounts":["DEFAULT"]})).await;
    assert_eq!(page.json["licenses"][0]["license"], "Demo Host");
    let bob = app.rest_as("bob").await;
    assert_eq!(bob.post(&path, &json!({})).await.json["totalRecords"], 1);
    let tokyo = bob.post(&path, &json!({"virtualAccounts":["Tokyo"]})).await;
    assert_eq!((tokyo.status, &tokyo.json["status"]), (403, &json!("ERROR")));
}

/// L2, A-SEM-02: the only report of what expires; PAN requires every field.
async fn subscriptions_tell_what_ends(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let path = lab("v1", "license-subscriptions");
    let fabric = rest.post(&path, &json!({"virtualAccounts":["Fabric"]})).await;
    assert_eq!(
        fabric.text,
        r#"{"totalRecords":1,"status":"COMPLETE","statusMessage":"","licenseSubscriptions":[{"virtualAccount":"Fabric","license":"C9300 DNA Essentials","billingType":"PREPAID","quantity":25000,"startDate":"2026-01-05","endDate":"2029-01-04","status":"Active","subscriptionId":"Sub1005"}]}"#
    );
    let count = async |status: &str| {
        let answer = rest.post(&path, &json!({"status":[status],"limit":-1})).await;
        answer.json["totalRecords"].as_i64().unwrap()
    };
    assert_eq!((count("Active").await, count("Expired").await), (3, 0));
    app.set_clock("2026-01-05T09:30:00Z");
    assert_eq!((count("Canceled").await, count("FUTURE").await), (0, 0));
    app.set_clock("2026-03-07T00:00:00Z");
    let rest = app.rest_as("ann").await;
    let expired = rest.post(&path, &json!({"status":["Expired","Canceled"]})).await;
    assert_eq!(expired.json["licenseSubscriptions"][0]["license"], "Demo Host");
}

/// A device in Berlin that uses 4.
async fn four_in_use_in_berlin(app: &TestApp, rest: &Rest) {
    let token = rest.post(&lab("v1", "virtual-accounts/Berlin/tokens"), &json!({})).await;
    let mut dev = app.device(1);
    dev.register(token.json["tokenInfo"]["token"].as_str().unwrap()).await.unwrap();
    dev.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
}

/// D1, D2, A-PIN-03.
async fn devices_are_listed_as_clients_read_them(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    four_in_use_in_berlin(app, &rest).await;
    let here = rest.get(&lab("v1", "virtual-accounts/Berlin/devices")).await.json;
    assert_eq!((&here["totalRecords"], &here["status"]), (&json!(1), &json!("SUCCESS")));
    assert_eq!(here["devices"][0]["instanceName"], "dev-1");
    let all = rest.post(&lab("v1", "devices"), &json!({"virtualAccounts":[],"limit":10})).await;
    let device = &all.json["devices"][0];
    assert_eq!(device["licenseUsage"], json!([{"license":"UCM Enhanced Plus","quantity":4}]));
    assert_eq!(device["sudi"], here["devices"][0]["sudi"]);
    assert_eq!(
        (&device["virtualAccount"], &device["hostName"]),
        (&json!("Berlin"), &json!("dev-1"))
    );
    assert_eq!(device["registrationDate"], "2026-01-05T09:00:00Z");
    assert!(all.text.contains(r#""sudi":{"suvi":"#), "{}", all.text);
}

/// D3, AS-20, A-TRF-09: its licenses go with it.
async fn devices_are_moved_with_what_they_use(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    four_in_use_in_berlin(app, &rest).await;
    let berlin = lab("v1", "virtual-accounts/Berlin/devices");
    let here = rest.get(&berlin).await.json;
    let body = json!({"productInstances":[{"sudi":here["devices"][0]["sudi"],
        "productTagName":here["devices"][0]["productTagName"],"targetVirtualAccount":"Tokyo"}]});
    let moved = rest.post(&format!("{berlin}/transfer"), &body).await;
    assert_eq!(moved.json["status"], "SUCCESS", "{moved:?}");
    let there = rest.get(&lab("v1", "virtual-accounts/Tokyo/devices")).await;
    assert_eq!(there.json["devices"], here["devices"]);
    let licenses = rest.post(&lab("v1", "licenses"), &json!({})).await;
    let in_use = |name: &str| {
        let rows = licenses.json["licenses"].as_array().unwrap();
        let is =
            |row: &&Value| row["virtualAccount"] == name && row["license"] == "UCM Enhanced Plus";
        rows.iter().find(is).unwrap()["inUse"].as_i64().unwrap()
    };
    assert_eq!((in_use("Berlin"), in_use("Tokyo")), (0, 4));
    let again = rest.post(&format!("{berlin}/transfer"), &body).await;
    assert_eq!(again.json["status"], "ERROR");
    assert_eq!(again.json["productInstancesTransferStatus"][0]["status"], "ERROR");
}

/// D4, A-PIN-06: the key really is misspelled; the right spelling works too.
async fn devices_are_removed_under_a_misspelled_key(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let remove = lab("v2", "virtual-accounts/Berlin/devices/remove");
    for key in ["productInstacesRemoveRequests", "productInstancesRemoveRequests"] {
        four_in_use_in_berlin(app, &rest).await;
        let here = rest.get(&lab("v1", "virtual-accounts/Berlin/devices")).await.json;
        let sudi = &here["devices"][0]["sudi"];
        let wrong = json!([{"sudi":sudi,"productTagName":"wrong"}]);
        let wrong = rest.post(&remove, &json!({key:wrong})).await;
        assert_eq!(wrong.json["removeProductInstancesStatus"][0]["status"], "FAILURE", "{wrong:?}");
        let body = json!({key:[{"sudi":sudi,"returnCode":null}]});
        let gone = rest.post(&remove, &body).await;
        assert_eq!((gone.status, &gone.json["status"]), (200, &json!("SUCCESS")), "{gone:?}");
        let left = rest.get(&lab("v1", "virtual-accounts/Berlin/devices")).await;
        assert_eq!(left.json["totalRecords"], 0);
    }
}
