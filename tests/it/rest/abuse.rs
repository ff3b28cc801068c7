//! What no client should send: a clear JSON error of the family's own shape,
//! never a 500, and nothing stored.

use super::raw::{Line, bearer, request, send};
use super::{API, lab};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use serde_json::{Value, json};

on_both_databases!(
    unknown_accounts_are_not_found,
    unreadable_bodies_are_told_and_not_stored,
    ten_megabytes_are_refused_on_a_connection_that_goes_on,
    wrong_types_are_named,
    numbers_beyond_the_rules_are_refused,
    unknown_paths_and_methods_are_told_in_json,
    strangers_hear_that_they_are_strangers_first,
    each_family_refuses_in_its_own_shape,
);

/// Every call that takes a body, with a path inside the fixture.
const CALLS: [(&str, &str); 12] = [
    ("v1", "licenses"),
    ("v1", "license-subscriptions"),
    ("v1", "devices"),
    ("v1", "customer/virtual-accounts"),
    ("v1", "customer/virtual-accounts/Vault/delete"),
    ("v1", "virtual-accounts/Tokyo/tokens"),
    ("v1", "virtual-accounts/Tokyo/tokens/revoke"),
    ("v1", "virtual-accounts/Tokyo/licenses/transfer"),
    ("v1", "virtual-accounts/Tokyo/devices/transfer"),
    ("v2", "virtual-accounts/Tokyo/devices/remove"),
    ("v1", "virtual-accounts/Tokyo/reserve-licenses"),
    ("v2", "virtual-accounts/Tokyo/reserve-licenses"),
];

fn paths() -> Vec<String> {
    let policy = ["v2/devices/authrequest", "v2/devices/reportusage", "v2/accounts/poll"];
    CALLS
        .iter()
        .map(|(version, rest)| lab(version, rest))
        .chain(policy.iter().map(|rest| format!("{API}/{rest}")))
        .collect()
}

/// Fails unless a refusal is told in the shape of the family that the path belongs to.
fn assert_shape(path: &str, body: &Value) {
    let text = |name: &str| body[name].as_str().is_some_and(|text| text.len() > 5);
    if path.contains("/poll") || path.contains("request") || path.contains("reportusage") {
        assert!(body["status"] == "FAILED" && text("message"), "{path}: {body}");
        return;
    }
    assert!(body["status"] == "ERROR" && text("statusMessage"), "{path}: {body}");
    let arrays = [
        ("reserve-licenses", "authorizationCodes"),
        ("licenses/transfer", "licensesTransferStatus"),
        ("tokens/revoke", "tokensRevokeStatus"),
        ("devices/remove", "removeProductInstancesStatus"),
        ("devices/transfer", "productInstancesTransferStatus"),
    ];
    for (_, array) in arrays.iter().filter(|(end, _)| path.ends_with(end)) {
        assert_eq!(body[array][0]["statusMessage"], body["statusMessage"], "{path}: {body}");
    }
}

/// How much is stored: accounts, tokens, licenses, devices.
async fn stored(app: &TestApp) -> String {
    let rest = app.rest_as("ann").await;
    let all = json!({"limit":-1});
    let mut text = rest.get(&lab("v1", "customer/virtual-accounts")).await.text;
    text.push_str(&rest.get(&lab("v1", "virtual-accounts/Tokyo/tokens")).await.text);
    text.push_str(&rest.post(&lab("v1", "licenses"), &all).await.text);
    text.push_str(&rest.post(&lab("v1", "devices"), &all).await.text);
    text
}

/// Unknown domain, unknown virtual account; and those of which one may not know.
async fn unknown_accounts_are_not_found(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let bodies = json!({"licenses":[{"license":"CUWL","licenseType":"PERPETUAL","quantity":1,
        "targetVirtualAccount":"Berlin"}],"tokens":["x"],"name":"New",
        "productInstances":[{"sudi":{"suvi":"x"},"targetVirtualAccount":"Berlin"}],
        "productInstacesRemoveRequests":[{"sudi":{"suvi":"x"}}],
        "reservationRequests":[{"reservationCode":"CB-ZX:1-1-00","reservationType":"UNIVERSAL"}]});
    for (version, call) in CALLS {
        let path = lab(version, call).replace("lab.example", "nowhere.example");
        let answer = rest.post(&path, &bodies).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
        assert!(answer.text.contains("nowhere.example"), "{answer:?}");
        assert_shape(&path, &answer.json);
        if call.starts_with("virtual-accounts/") {
            let path = lab(version, call).replace("Tokyo", "Atlantis");
            let answer = rest.post(&path, &bodies).await;
            assert_eq!(answer.status, 404, "{path}: {answer:?}");
            assert_shape(&path, &answer.json);
        }
    }
    let names = json!({"virtualAccounts":["Atlantis"]});
    assert_eq!(rest.post(&lab("v1", "licenses"), &names).await.status, 404);
    for path in ["%00", "%FF", "..%2f..", "%25"] {
        let path = format!("{API}/v1/accounts/{path}/customer/virtual-accounts");
        let answer = rest.get(&path).await;
        assert!([400, 404].contains(&answer.status), "{path}: {answer:?}");
        assert_shape(&path, &answer.json);
    }
}

/// Invalid UTF-8, half a JSON text, the wrong kind of JSON.
async fn unreadable_bodies_are_told_and_not_stored(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let before = stored(app).await;
    let headers = [("Authorization", auth.as_str()), ("Content-Type", "application/json")];
    let bad: [&[u8]; 7] = [
        b"\xff\xfe\xfd",
        b"{\"name\":\"\xc3\x28\"}",
        b"{\"name\":\"New\"",
        b"[]",
        b"\"text\"",
        b"{\"expiresAfterDays\":NaN}",
        b"grant_type=client_credentials",
    ];
    let mut line = Line::open(app).await;
    for path in paths() {
        for body in bad {
            let reply = line.send(&request(&format!("POST {path}"), &headers, body)).await;
            assert_eq!(reply.status, 400, "{path} {body:?}: {reply:?}");
            assert_shape(&path, &reply.json());
            assert!(reply.body.contains("body: "), "{reply:?}");
        }
        let deep = "[".repeat(100_000);
        let reply = line.send(&request(&format!("POST {path}"), &headers, deep.as_bytes())).await;
        assert_eq!(reply.status, 400, "{path}");
    }
    assert_eq!(stored(app).await, before);
}

/// The rest of a large body is taken off the line; the next request works.
async fn ten_megabytes_are_refused_on_a_connection_that_goes_on(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let before = stored(app).await;
    let headers = [("Authorization", auth.as_str())];
    let mut body = br#"{"description":""#.to_vec();
    body.resize(10 * 1024 * 1024, b'x');
    body.extend_from_slice(br#""}"#);
    let mut line = Line::open(app).await;
    for path in paths() {
        let reply = line.send(&request(&format!("POST {path}"), &headers, &body)).await;
        assert_eq!(reply.status, 413, "{path}: {reply:?}");
        assert_shape(&path, &reply.json());
    }
    let token = line.send(&request("POST /as/token.oauth2", &[], &body)).await;
    assert_eq!((token.status, &token.json()["error"]), (413, &json!("invalid_request")));
    let next = line.send(&request(&format!("GET {API}/v2/accounts"), &headers, b"")).await;
    assert_eq!(next.status, 200);
    assert_eq!(stored(app).await, before);
}

/// A field of the wrong type is named, with its place in lists.
async fn wrong_types_are_named(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let before = stored(app).await;
    for (path, body, begins) in wrong_lists().into_iter().chain(wrong_actions()) {
        let answer = rest.post(&path, &body).await;
        let text = answer.json["statusMessage"].as_str().unwrap_or_default();
        assert_eq!(answer.status, 400, "{path} {body}: {answer:?}");
        assert!(text.starts_with(begins), "{path} {body}: {text}");
        assert_shape(&path, &answer.json);
    }
    assert_eq!(stored(app).await, before);
}

fn wrong_lists() -> Vec<(String, Value, &'static str)> {
    vec![
        (lab("v1", "licenses"), json!({"virtualAccounts":"Tokyo"}), "virtualAccounts: "),
        (lab("v1", "licenses"), json!({"virtualAccounts":[1]}), "virtualAccounts: "),
        (lab("v1", "licenses"), json!({"limit":"many"}), "limit: "),
        (lab("v1", "licenses"), json!({"offset":{}}), "offset: "),
        (lab("v1", "license-subscriptions"), json!({"status":["Eaten"]}), "status: "),
        (lab("v1", "customer/virtual-accounts"), json!({"description":"x"}), "name: "),
        (lab("v1", "customer/virtual-accounts"), json!({"name":7}), "name: "),
        (lab("v1", "customer/virtual-accounts"), json!({"name":"a\u{0}b"}), "name: "),
        (
            lab("v1", "customer/virtual-accounts"),
            json!({"name":"A","isDefault":"perhaps"}),
            "isDefault: ",
        ),
        (
            lab("v1", "customer/virtual-accounts"),
            json!({"name":"A","commerceAccessLevel":"SECRET"}),
            "commerceAccessLevel: ",
        ),
    ]
}

fn wrong_actions() -> Vec<(String, Value, &'static str)> {
    vec![
        (tokyo("tokens"), json!({"description":5}), "description: "),
        (tokyo("tokens"), json!({"description":"x".repeat(257)}), "description: "),
        (tokyo("tokens"), json!({"exportControlled":"maybe"}), "exportControlled: "),
        (tokyo("tokens"), json!({"numberofUses":0}), "numberofUses: "),
        (tokyo("tokens/revoke"), json!({}), "tokens: "),
        (tokyo("tokens/revoke"), json!({"tokens":[{}]}), "tokens: "),
        (tokyo("licenses/transfer"), json!({"licenses":{}}), "licenses: "),
        (tokyo("licenses/transfer"), json!({"licenses":[5]}), "licenses: "),
        (
            tokyo("licenses/transfer"),
            json!({"licenses":[{"license":"CUWL","quantity":1,"targetVirtualAccount":"Berlin"}]}),
            "licenses[0].licenseType: ",
        ),
        (
            tokyo("devices/transfer"),
            json!({"productInstances":[{"sudi":"x","targetVirtualAccount":"Berlin"}]}),
            "productInstances[0].sudi: ",
        ),
    ]
}

fn tokyo(call: &str) -> String {
    lab("v1", &format!("virtual-accounts/Tokyo/{call}"))
}

/// Bodies with a number that no rule allows.
fn numbered(number: &Value) -> [(String, Value); 4] {
    let poll = json!({"data":{"poll_id":number,"action":"authorizations"}});
    let entry = json!({"license":"CUWL","licenseType":"PERPETUAL","quantity":number,
                       "targetVirtualAccount":"Berlin"});
    [
        (tokyo("tokens"), json!({"expiresAfterDays":number})),
        (tokyo("tokens"), json!({"numberofUses":number})),
        (tokyo("licenses/transfer"), json!({"licenses":[entry]})),
        (format!("{API}/v2/accounts/poll"), poll),
    ]
}

/// E-LIM-16: negative and huge numbers.
async fn numbers_beyond_the_rules_are_refused(app: &TestApp) {
    let rest = app.rest_as("ann").await;
    let before = stored(app).await;
    let digits = json!("9".repeat(400));
    let huge = [json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(1e300), digits, json!(-1)];
    for number in huge {
        for (path, body) in numbered(&number) {
            let answer = rest.post(&path, &body).await;
            assert!([400, 404, 422].contains(&answer.status), "{path} {body}: {answer:?}");
            assert_shape(&path, &answer.json);
        }
    }
    for bad in [json!({"limit":-2}), json!({"offset":-1}), json!({"offset":u64::MAX})] {
        assert_eq!(rest.post(&lab("v1", "licenses"), &bad).await.status, 400, "{bad}");
    }
    let past_the_end = rest.post(&lab("v1", "licenses"), &json!({"offset":i64::MAX})).await;
    assert_eq!(past_the_end.json["licenses"], json!([]));
    let eleven = vec![json!({"license":"CUWL"}); 11];
    let kinds = rest.post(&tokyo("licenses/transfer"), &json!({"licenses":eleven})).await;
    assert_eq!(kinds.status, 400, "at most 10 kinds in one call");
    assert_eq!(stored(app).await, before);
}

/// A path that is none of the API's, and a method that is none of the path's.
async fn unknown_paths_and_methods_are_told_in_json(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let headers = [("Authorization", auth.as_str())];
    let mut line = Line::open(app).await;
    for path in ["v1/nothing", "v9/accounts", "accounts", "v1/accounts/lab.example/licenses/more"] {
        let reply = line.send(&request(&format!("POST {API}/{path}"), &headers, b"{}")).await;
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
        assert_eq!(reply.json()["status"], "ERROR");
    }
    for path in paths() {
        let reply = line.send(&request(&format!("DELETE {path}"), &headers, b"{}")).await;
        assert_eq!(reply.status, 405, "{path}: {reply:?}");
        assert!(reply.header("allow").is_some_and(|allow| allow.contains("POST")));
        assert_eq!(reply.json()["status"], "ERROR");
    }
}

/// Nobody without a credential learns what exists, or which body is right.
async fn strangers_hear_that_they_are_strangers_first(app: &TestApp) {
    let mut line = Line::open(app).await;
    for path in paths() {
        for body in [&b"{}"[..], b"not json", br#"{"limit":-7,"name":5,"tokens":5}"#] {
            let reply = line.send(&request(&format!("POST {path}"), &[], body)).await;
            assert_eq!(reply.status, 401, "{path}: {reply:?}");
            assert_shape(&path, &reply.json());
        }
        let headers = [("Authorization", "Bearer nobody")];
        let reply = line.send(&request(&format!("POST {path}"), &headers, b"not json")).await;
        assert_eq!(reply.status, 401, "{path}: {reply:?}");
    }
    for path in [lab("v1", "virtual-accounts/Tokyo/tokens"), format!("{API}/v2/accounts/search")] {
        assert_eq!(line.send(&request(&format!("GET {path}"), &[], b"")).await.status, 401);
    }
}

/// rest-api 8: SLA reads the text of the first entry, EZ its code.
async fn each_family_refuses_in_its_own_shape(app: &TestApp) {
    let auth = bearer(app, "ann").await;
    let path = lab("v2", "virtual-accounts/Tokyo/reserve-licenses");
    let body = br#"{"reservationRequests":[{"reservationCode":"CE-ZX:1-A-75",
        "licenses":[{"entitlementTag":"CUWL","quantity":1}]}]}"#;
    let reply = send(app, &format!("POST {path}"), &[("Authorization", &auth)], body).await;
    assert_eq!(reply.status, 400, "mcssmapi tells success by the status alone");
    let first = &reply.json()["authorizationCodes"][0];
    let text = first["statusMessage"].as_str().unwrap();
    assert!(text.contains("does not look like a request code"), "{text}");
    assert_eq!(first["authorizationCode"], Value::Null);
}
