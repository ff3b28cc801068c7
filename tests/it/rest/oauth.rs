//! The token endpoint and its neighbours (rest-api 2.1).

use super::raw::{Reply, send};
use super::{API, lab};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use chrono::TimeDelta;
use serde_json::json;
use syncom::config::LAB_PASSWORD;

on_both_databases!(
    refusals_have_the_codes_of_the_standard,
    a_code_from_the_login_works_once,
    nothing_is_sent_to_an_address_that_is_not_registered,
    a_token_can_come_straight_from_the_login,
    a_refresh_token_brings_the_next_one,
    userinfo_tells_the_mail_address,
);

const BACK: &str = "http%3A%2F%2F127.0.0.1%2Fcallback";

async fn token(app: &TestApp, body: &str) -> Reply {
    send(app, "POST /as/token.oauth2", &[], body.as_bytes()).await
}

/// `client_id=…&client_secret=…` of the fixture.
fn pair(app: &TestApp) -> (String, String) {
    let (id, secret) = app.lab().api_client.clone().unwrap();
    (format!("client_id={id}&client_secret={secret}"), id)
}

/// rest-api 2.1: unknown client 401, wrong grant 400, and nothing is guessed.
async fn refusals_have_the_codes_of_the_standard(app: &TestApp) {
    let (pair, id) = pair(app);
    let cases = [
        (format!("grant_type=client_credentials&{pair}x"), 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=a&client_secret=b".into(), 401, "invalid_client"),
        (format!("grant_type=client_credentials&client_id={id}"), 401, "invalid_client"),
        ("grant_type=client_credentials".into(), 401, "invalid_client"),
        (pair.clone(), 400, "invalid_request"),
        (String::new(), 400, "invalid_request"),
        ("{\"grant_type\":".into(), 400, "invalid_request"),
        ("{\"grant_type\":5}".into(), 400, "invalid_request"),
        (format!("grant_type=magic&{pair}"), 400, "unsupported_grant_type"),
        // DBR leaves an `&` out.
        (format!("grant_type=password{pair}&username=ann"), 400, "unsupported_grant_type"),
        (
            format!("grant_type=client_credentials&grant_type=password&{pair}"),
            400,
            "invalid_request",
        ),
        (format!("grant_type=password&{pair}&username=ann"), 400, "invalid_request"),
        (format!("grant_type=password&{pair}&username=ann&password=no"), 400, "invalid_grant"),
        (
            format!("grant_type=authorization_code&{pair}&code=x&redirect_uri={BACK}"),
            400,
            "invalid_grant",
        ),
        (format!("grant_type=refresh_token&{pair}&refresh_token=x"), 400, "invalid_grant"),
        (format!("grant_type=password&{pair}&username=%00&password=x"), 400, "invalid_request"),
    ];
    for (body, status, error) in cases {
        let reply = token(app, &body).await;
        assert_eq!((reply.status, &reply.json()["error"]), (status, &json!(error)), "{body}");
        assert!(reply.json()["error_description"].is_string());
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    assert_eq!(token(app, "grant_type=x").await.header("www-authenticate"), None);
    assert_eq!(send(app, "GET /as/token.oauth2", &[], b"").await.status, 405);
}

/// Asks for an answer as the browser of this person, or of nobody.
async fn authorize(app: &TestApp, person: Option<&str>, query: &str) -> Reply {
    let mut headers = Vec::new();
    let cookie;
    if let Some(name) = person {
        let session = app.engine().sign_in(name, LAB_PASSWORD).await.unwrap();
        cookie = format!("syncom_cssm_session={}", session.secret);
        headers.push(("Cookie", cookie.as_str()));
    }
    send(app, &format!("GET /as/authorization.oauth2?{query}"), &headers, b"").await
}

/// The value of a parameter of the address that the answer leads to.
fn parameter(reply: &Reply, name: &str) -> String {
    let to = reply.header("location").unwrap().replace('#', "?");
    let address: url::Url = to.parse().unwrap();
    let found = address.query_pairs().find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// rest-api O3 (SLD): login, code, bearer; the code works once, for its client
/// and its address.
async fn a_code_from_the_login_works_once(app: &TestApp) {
    let (pair, id) = pair(app);
    let query = format!(
        "response_type=code&client_id={id}&redirect_uri={BACK}&scope=openid+email&state=a%26b%3D1"
    );
    let stranger = authorize(app, None, &query).await;
    assert_eq!(stranger.status, 302);
    let to = stranger.header("location").unwrap();
    assert!(to.starts_with("/login?next=%2Fas%2Fauthorization%2Eoauth2%3F"), "{to}");

    let sent = authorize(app, Some("bob"), &query).await;
    assert_eq!(sent.status, 302);
    assert!(sent.header("location").unwrap().starts_with("http://127.0.0.1/callback?code="));
    assert_eq!(parameter(&sent, "state"), "a&b=1");
    let code = parameter(&sent, "code");
    let wrong =
        format!("grant_type=authorization_code&{pair}&code={code}&redirect_uri=http%3A%2F%2Fx");
    assert_eq!(token(app, &wrong).await.status, 400);

    let code = parameter(&authorize(app, Some("bob"), &query).await, "code");
    let body = format!("grant_type=authorization_code&{pair}&code={code}&redirect_uri={BACK}");
    let granted = token(app, &body).await;
    assert_eq!(granted.status, 200, "{granted:?}");
    let bearer = format!("Bearer {}", granted.json()["access_token"].as_str().unwrap());
    let own =
        send(app, &format!("GET {API}/v2/accounts"), &[("Authorization", &bearer)], b"").await;
    assert_eq!(
        own.json()["accounts"][0]["roles"],
        json!([{"role":"Virtual Account User","virtualAccount":"Berlin"}])
    );
    assert_eq!(token(app, &body).await.status, 400, "a code works once");

    let late = parameter(&authorize(app, Some("bob"), &query).await, "code");
    app.advance(TimeDelta::minutes(6));
    let late = format!("grant_type=authorization_code&{pair}&code={late}&redirect_uri={BACK}");
    assert_eq!(token(app, &late).await.json()["error"], "invalid_grant");
}

/// RFC 6749 4.1.2.1: an open redirector is worse than an error page.
async fn nothing_is_sent_to_an_address_that_is_not_registered(app: &TestApp) {
    let (_, id) = pair(app);
    for query in [
        format!("response_type=code&client_id={id}&redirect_uri=http%3A%2F%2Fevil.example%2F"),
        format!("response_type=code&client_id={id}&redirect_uri={BACK}%2Fmore"),
        format!("response_type=code&client_id=unknown&redirect_uri={BACK}"),
        format!("response_type=code&redirect_uri={BACK}"),
        format!("response_type=code&client_id={id}"),
    ] {
        for person in [None, Some("ann")] {
            let reply = authorize(app, person, &query).await;
            assert!([400, 401].contains(&reply.status), "{query}: {reply:?}");
            assert_eq!(reply.header("location"), None);
            assert!(reply.json()["error"].is_string());
        }
    }
    let query = format!("response_type=magic&client_id={id}&redirect_uri={BACK}&state=s");
    let told = authorize(app, Some("ann"), &query).await;
    assert_eq!(parameter(&told, "error"), "unsupported_response_type");
    assert_eq!(parameter(&told, "state"), "s");
}

/// rest-api 2.1: the implicit flow (documented).
async fn a_token_can_come_straight_from_the_login(app: &TestApp) {
    let (_, id) = pair(app);
    let query = format!("response_type=token&client_id={id}&redirect_uri={BACK}&state=s");
    let sent = authorize(app, Some("vera"), &query).await;
    assert!(sent.header("location").unwrap().contains("/callback#access_token="), "{sent:?}");
    assert_eq!(parameter(&sent, "expires_in"), "3599");
    let bearer = format!("Bearer {}", parameter(&sent, "access_token"));
    let listed =
        send(app, &format!("POST {}", lab("v1", "licenses")), &[("Authorization", &bearer)], b"")
            .await;
    assert_eq!(listed.status, 200);
}

/// rest-api 2.1: user grants bring a refresh token (documented); it works once.
async fn a_refresh_token_brings_the_next_one(app: &TestApp) {
    let (pair, _) = pair(app);
    let body = format!("grant_type=password&{pair}&username=ann&password={LAB_PASSWORD}");
    let first = token(app, &body).await.json();
    let refresh = first["refresh_token"].as_str().unwrap();
    let body = format!("grant_type=refresh_token&{pair}&refresh_token={refresh}");
    let second = token(app, &body).await;
    assert_eq!(second.status, 200, "{second:?}");
    assert_ne!(second.json()["refresh_token"], first["refresh_token"]);
    assert_eq!(token(app, &body).await.json()["error"], "invalid_grant");
}

/// rest-api O4: SLD reads `email`.
async fn userinfo_tells_the_mail_address(app: &TestApp) {
    let bearer = super::raw::bearer(app, "berta").await;
    let headers = [("Authorization", bearer.as_str())];
    let reply = send(app, "POST /idp/userinfo.openid", &headers, b"").await;
    assert_eq!(reply.json()["email"], "berta@lab.example");
    assert_eq!(send(app, "POST /idp/userinfo.openid", &[], b"").await.status, 401);
}
