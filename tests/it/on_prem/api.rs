//! API clients of local accounts, and the calls that they make (rest-api 2.2 and 11).

use super::{engine, fill, signed_in, with_accounts};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::rest::{Answer, Rest};
use serde_json::{Value, json};
use syncom::config::LAB_PASSWORD;

on_both_databases!(
    a_client_reads_its_account_and_no_other,
    a_client_ends_when_it_expires_and_when_it_is_revoked,
    bearers_come_in_all_encodings,
    every_call_of_an_account_answers,
    nonsense_is_refused_with_its_reason,
);

const TOKEN: &str = "/backend/oauth/token";

/// Identifier and secret, read from the page that shows them once.
pub(super) async fn client(app: &TestApp, account: &str, expires: &str) -> (String, String) {
    let admin = signed_in(app, "admin").await;
    let page = admin.get("/admin/api-toolkit").await;
    if page.text().contains("switched off") {
        admin.submit(page.form("form[action='/admin/api-toolkit']")).await;
    }
    let fields = [("account", account), ("name", "Monitor"), ("expires", expires)];
    let made = fill(&admin, "/admin/api-toolkit/new", &fields).await;
    (made.one("#client-id"), made.one("#client-secret"))
}

pub(super) async fn ask_bearer(app: &TestApp, (id, secret): &(String, String)) -> Answer {
    let body = json!({"grant_type":"client_credentials","client_id":id,"client_secret":secret});
    Rest::new(&app.satellite_url()).post(TOKEN, &body).await
}

/// Posts JSON with the bearer of an answer of the token endpoint.
pub(super) async fn call(app: &TestApp, granted: &Answer, path: &str, body: &Value) -> Answer {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let bearer = granted.json["access_token"].as_str().unwrap();
    let request = http.post(format!("{}{path}", app.satellite_url()));
    Rest::new("").send(request.bearer_auth(bearer).body(body.to_string())).await
}

pub(super) async fn look(app: &TestApp, granted: &Answer, path: &str) -> Answer {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let bearer = granted.json["access_token"].as_str().unwrap();
    Rest::new("").send(http.get(format!("{}{path}", app.satellite_url())).bearer_auth(bearer)).await
}

/// AS-47, B-ADM-21, E-LIM-16: the licenses of the own account; 403 for another one, 403 while the
/// switch is off, before and after.
async fn a_client_reads_its_account_and_no_other(app: &TestApp) {
    with_accounts(app).await;
    let nobody = ("x".to_owned(), "y".to_owned());
    assert_eq!(ask_bearer(app, &nobody).await.status, 403, "the switch is off");
    let known = client(app, "Plant A", "").await;
    assert_eq!(ask_bearer(app, &nobody).await.status, 401);
    let granted = ask_bearer(app, &known).await;
    assert_eq!(granted.json["token_type"], "Bearer", "{granted:?}");
    assert_eq!(granted.json["expires_in"], 3_599);
    let all = json!({"limit": -1});
    for path in
        ["/api/v1/accounts/Plant%20A/licenses", "/backend/api/v1/accounts/plant%20a/licenses"]
    {
        let answer = call(app, &granted, path, &all).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["licenses"].as_array().unwrap().len(), 2, "{answer:?}");
        let row = &answer.json["licenses"][0];
        for key in ["license", "quantity", "inUse", "available", "status"] {
            assert!(!row[key].is_null(), "{key}: {row}");
        }
    }
    let other = call(app, &granted, "/api/v1/accounts/Plant%20B/licenses", &all).await;
    assert_eq!(other.status, 403, "{other:?}");
    let admin = signed_in(app, "admin").await;
    let page = admin.get("/admin/api-toolkit").await;
    admin.submit(page.form("form[action='/admin/api-toolkit']")).await;
    let off = call(app, &granted, "/api/v1/accounts/Plant%20A/licenses", &all).await;
    assert_eq!(off.status, 403);
    assert!(off.text.contains("switched off"), "{off:?}");
    assert_eq!(ask_bearer(app, &known).await.status, 403);
}

/// AS-47, B-ADM-21: an expired or revoked client is a 401, and so are the bearers it had.
async fn a_client_ends_when_it_expires_and_when_it_is_revoked(app: &TestApp) {
    with_accounts(app).await;
    let path = "/api/v1/accounts/Plant%20A/licenses";
    let known = client(app, "Plant A", "2026-01-05").await;
    app.set_clock("2026-01-05T23:50:00Z");
    let granted = ask_bearer(app, &known).await;
    assert_eq!(granted.json["expires_in"], 600, "not longer than the client: {granted:?}");
    app.set_clock("2026-01-06T00:00:00Z");
    assert_eq!(ask_bearer(app, &known).await.status, 401);
    assert_eq!(call(app, &granted, path, &json!({})).await.status, 401);
    let admin = signed_in(app, "admin").await;
    let again = [("account", "Plant A"), ("name", "monitor")];
    let twice = fill(&admin, "/admin/api-toolkit/new", &again).await;
    assert_eq!(twice.status, 400, "the expired client has that name: {}", twice.text());
    let late = [("account", "Plant A"), ("name", "late"), ("expires", "2026-01-04")];
    assert_eq!(fill(&admin, "/admin/api-toolkit/new", &late).await.status, 400);

    let known = client(app, "Plant B", "").await;
    let granted = ask_bearer(app, &known).await;
    let revoke = format!("/admin/api-toolkit/{}/revoke", known.0);
    assert_eq!(fill(&admin, &revoke, &[]).await.status, 200);
    assert_eq!(ask_bearer(app, &known).await.status, 401);
    let answer = call(app, &granted, "/api/v1/accounts/Plant%20B/licenses", &json!({})).await;
    assert_eq!(answer.status, 401, "{answer:?}");
}

/// rest-api O5, O6, O6b, B-ADM-21: JSON, a form, a query without a body, a Basic header; the
/// password grant; and the probe for readiness.
async fn bearers_come_in_all_encodings(app: &TestApp) {
    with_accounts(app).await;
    let (id, secret) = client(app, "Plant A", "").await;
    let rest = Rest::new(&app.satellite_url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let pairs = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    for path in ["/oauth/token", TOKEN] {
        let url = format!("{}{path}", app.satellite_url());
        assert_eq!(rest.form(path, pairs.clone()).await.status, 200);
        assert_eq!(rest.send(http.post(format!("{url}?{pairs}"))).await.status, 200);
        let basic = http.post(&url).basic_auth(&id, Some(&secret));
        let basic = rest.send(basic.body("grant_type=client_credentials")).await;
        assert_eq!(basic.status, 200, "{basic:?}");
        assert_eq!(rest.get(path).await.status, 403, "a probe without a credential");
    }
    let grant = |password: &str| {
        json!({"grant_type":"password","client_id":id,"client_secret":secret,
               "username":"olga","password":password})
    };
    let granted = rest.post("/oauth/token", &grant(LAB_PASSWORD)).await;
    assert_eq!(granted.status, 200, "{granted:?}");
    let listed = call(app, &granted, "/api/v1/accounts/Plant%20A/licenses", &json!({})).await;
    assert_eq!(listed.status, 200, "an operator sees: {listed:?}");
    let other = call(app, &granted, "/api/v1/accounts/Plant%20B/licenses", &json!({})).await;
    assert_eq!(other.status, 403);
    for _ in 0..5 {
        assert_eq!(rest.post("/oauth/token", &grant("wrong")).await.status, 400);
    }
    let locked = rest.post("/oauth/token", &grant(LAB_PASSWORD)).await;
    assert_eq!((locked.status, &locked.json["error"]), (400, &json!("invalid_grant")));
}

/// rest-api P1 to P12: each call, on the account of the client.
async fn every_call_of_an_account_answers(app: &TestApp) {
    with_accounts(app).await;
    let granted = ask_bearer(app, &client(app, "Plant A", "").await).await;
    let base = "/api/v1/accounts/Plant%20A";
    let at = |rest: &str| format!("{base}/{rest}");
    let accounts = call(app, &granted, "/api/v1/upstream_satellites/accounts", &Value::Null).await;
    assert_eq!(accounts.json["accounts"].as_array().unwrap().len(), 1, "{accounts:?}");
    assert_eq!(accounts.json["accounts"][0]["name"], "Plant A");
    let places = look(app, &granted, &at("virtual-accounts")).await;
    assert_eq!(places.json["virtualAccounts"][0]["isDefault"], "true", "{places:?}");
    let new = json!({"name":"Line 2","description":"Paint"});
    let made = call(app, &granted, &at("virtual-accounts"), &new).await;
    assert_eq!(made.status, 200, "{made:?}");
    let gone = call(app, &granted, &at("virtual-accounts/Line%202/delete"), &Value::Null).await;
    assert_eq!(gone.status, 200, "{gone:?}");
    for list in ["licenses", "license-subscriptions", "alerts"] {
        let answer = call(app, &granted, &at(list), &json!({"limit":-1})).await;
        assert_eq!(answer.status, 200, "{list}: {answer:?}");
    }
    let devices = look(app, &granted, &at("virtual-accounts/Default/devices")).await;
    assert_eq!(devices.json["totalRecords"], 0, "{devices:?}");
    let move_none = json!({"productInstanceTransferRequests":[]});
    let moved =
        call(app, &granted, &at("virtual-accounts/Default/devices/transfer"), &move_none).await;
    assert_eq!(moved.status, 400, "nothing to move: {moved:?}");
    let tokens = at("virtual-accounts/Line%201/tokens");
    let token = call(app, &granted, &tokens, &json!({"expiresAfterDays":30})).await;
    let text = token.json["tokenInfo"]["token"].clone();
    assert_eq!(look(app, &granted, &tokens).await.json["tokens"][0]["token"], text, "{token:?}");
    let revoked = call(app, &granted, &format!("{tokens}/revoke"), &json!({"tokens":[text]})).await;
    assert_eq!(revoked.status, 200, "{revoked:?}");
    assert!(!engine(app).token_works(text.as_str().unwrap()).await.unwrap());
}

/// rest-api 14: wrong types, unknown places, other methods, too large a body, strangers.
async fn nonsense_is_refused_with_its_reason(app: &TestApp) {
    with_accounts(app).await;
    let granted = ask_bearer(app, &client(app, "Plant A", "").await).await;
    let tokens = "/api/v1/accounts/Plant%20A/virtual-accounts/Default/tokens";
    let wrong = call(app, &granted, tokens, &json!({"expiresAfterDays":"soon"})).await;
    assert_eq!(wrong.status, 400, "{wrong:?}");
    assert!(wrong.text.contains("expiresAfterDays"), "{wrong:?}");
    let nowhere = "/api/v1/accounts/Plant%20A/virtual-accounts/Nowhere/tokens";
    assert_eq!(call(app, &granted, nowhere, &json!({})).await.status, 404);
    let unknown = call(app, &granted, "/api/v1/accounts/Plant%20C/licenses", &json!({})).await;
    assert_eq!(unknown.status, 403, "no client learns which other accounts there are");
    assert_eq!(call(app, &granted, "/api/v1/nonsense", &json!({})).await.status, 404);
    assert_eq!(look(app, &granted, "/api/v1/accounts/Plant%20A/licenses").await.status, 405);
    let huge = Value::String("x".repeat(10 * 1024 * 1024));
    for path in [tokens, TOKEN, "/api/v1/upstream_satellites/accounts"] {
        assert_eq!(call(app, &granted, path, &huge).await.status, 413, "{path}");
    }
    let rest = Rest::new(&app.satellite_url());
    for path in [tokens, "/api/v1/upstream_satellites/accounts"] {
        assert_eq!(rest.post(path, &json!({})).await.status, 401, "{path}");
    }
    for body in [json!([]), json!({}), json!({"grant_type":7}), json!({"grant_type":"magic"})] {
        let answer = rest.post(TOKEN, &body).await;
        assert!([400, 401].contains(&answer.status), "{answer:?}");
        assert!(answer.json["error"].is_string(), "{answer:?}");
    }
}
