//! The JSON of the agent: who may call, what is refused, what the status says.

use crate::scenarios::token;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::facade::{TestFacade, product};
use serde_json::{Value, json};
use syncom::clock::Clock;

on_both_databases!(a_status_follows_the_product);

/// Every call of the client that is for users.
const CALLS: [(&str, &str); 18] = [
    ("GET", "authok"),
    ("GET", "authentication"),
    ("DELETE", "logout"),
    ("GET", "licensing"),
    ("GET", "licensing/status"),
    ("GET", "licensing/tech_support"),
    ("GET", "licensing/features"),
    ("PATCH", "licensing/features"),
    ("PUT", "licensing/transport"),
    ("PUT", "licensing/product_license"),
    ("POST", "licensing/registration"),
    ("PUT", "licensing/registration/renew"),
    ("PUT", "licensing/authorization/renew"),
    ("DELETE", "licensing/deregistration"),
    ("GET", "licensing/certificate"),
    ("POST", "licensing/certificate"),
    ("DELETE", "licensing/certificate"),
    ("PUT", "licensing/reservation/mode"),
];

fn alone(folder: &std::path::Path) -> TestFacade {
    crate::support::app::install_crypto();
    let device = product("webex", "http://127.0.0.1:9");
    TestFacade::start(device, folder, &Clock::wall())
}

fn description(json: &Value) -> &str {
    json["description"].as_str().unwrap_or_default()
}

#[actix_web::test]
async fn no_call_answers_a_stranger() {
    let folder = tempfile::tempdir().unwrap();
    let facade = alone(folder.path());
    let open = facade.call("", "GET", "system_information", "").await;
    assert_eq!((open.status, &open.json["ready"]), (200, &json!(true)));
    for (method, path) in CALLS {
        for bearer in ["", "unknown"] {
            let answer = facade.call(bearer, method, path, "true").await;
            assert_eq!(answer.status, 401, "{method} {path}: {answer:?}");
            assert!(description(&answer.json).contains("authenticate"), "{answer:?}");
        }
    }
    let body = json!({"username": "admin", "password": "wrong"}).to_string();
    for path in ["authenticate", "auth_extended"] {
        assert_eq!(facade.call("", "POST", path, &body).await.status, 403);
        let unread = facade.call("", "POST", path, "{\"username\":\"admin\"}").await;
        assert_eq!(unread.status, 400);
        assert!(description(&unread.json).starts_with("password: "), "{unread:?}");
    }
    facade.stop().await;
}

#[actix_web::test]
async fn a_session_ends_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let facade = alone(folder.path());
    let (one, two) = (facade.bearer().await, facade.bearer().await);
    assert_eq!(facade.call(&one, "GET", "authok", "").await.json, "OK");
    assert_eq!(facade.call(&one, "GET", "authentication", "").await.json["username"], "admin");
    assert_eq!(facade.call(&one, "DELETE", "logout", "").await.json, true);
    assert_eq!(facade.call(&one, "GET", "authok", "").await.status, 401);
    let all = facade.call(&two, "DELETE", "logout?clear_all_sessions=true", "").await;
    assert_eq!(all.json, true);
    assert_eq!(facade.call(&two, "GET", "authok", "").await.status, 401);
    facade.stop().await;
}

#[actix_web::test]
async fn what_does_not_fit_is_told_and_never_our_fault() {
    let folder = tempfile::tempdir().unwrap();
    let facade = alone(folder.path());
    let bearer = facade.bearer().await;
    for (method, path, body, status, words) in [
        ("POST", "licensing/registration", "", 400, "body: it must be JSON"),
        ("POST", "licensing/registration", "{\"token\":\"\"}", 400, "token: "),
        ("PUT", "licensing/registration/renew", "", 400, "Smart Agent not registered"),
        ("PUT", "licensing/authorization/renew", "", 400, "Smart Agent not registered"),
        ("DELETE", "licensing/deregistration", "", 400, "Smart Agent not registered"),
        ("PATCH", "licensing/features", "[]", 400, "at least one feature"),
        ("PUT", "licensing/transport", "{\"ssms\":\"ftp://a\"}", 400, "ssms: "),
        ("PUT", "licensing/product_license", "\"webex\"", 400, "is the active one already"),
        ("POST", "licensing/certificate", "\"no PEM\"", 400, "certificate: it must be"),
        ("GET", "licensing/certificate", "", 404, "certificate"),
        ("PUT", "licensing/reservation/mode", "\"false\"", 400, "body: it must be true or false"),
        ("PUT", "licensing/reservation/mode", "false", 400, "disabled already"),
        ("POST", "licensing/reservation/request", "", 400, "not enabled"),
        ("GET", "licensing/reservation/request", "", 405, "method GET"),
        ("POST", "licensing/reservation/other", "", 404, "reservation/other"),
        ("GET", "labs", "", 404, "/api/v0/labs"),
        ("DELETE", "licensing", "", 405, "DELETE"),
        ("POST", "licensing/registration", &"x".repeat(300_000), 413, ""),
    ] {
        let answer = facade.call(&bearer, method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        assert!(description(&answer.json).contains(words), "{method} {path}: {answer:?}");
    }
    facade.stop().await;
}

/// A CA certificate of a lab, as clients before 2.7 installed it.
#[actix_web::test]
async fn a_certificate_is_installed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let facade = alone(folder.path());
    let bearer = facade.bearer().await;
    let ca = rcgen_certificate();
    let body = json!(ca).to_string();
    let set = facade.call(&bearer, "POST", "licensing/certificate", &body).await;
    assert_eq!(set.status, 204, "{set:?}");
    assert_eq!(facade.call(&bearer, "GET", "licensing/certificate", "").await.json, ca);
    assert_eq!(facade.call(&bearer, "DELETE", "licensing/certificate", "").await.status, 204);
    assert_eq!(facade.call(&bearer, "GET", "licensing/certificate", "").await.status, 404);
    assert!(facade.stop().await.settings.ca_pem.is_none());
}

fn rcgen_certificate() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    certificate.pem()
}

/// device-protocol.md 3.2: not covered, then covered, in the words of Cisco Modeling Labs.
async fn a_status_follows_the_product(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let device = product("webex", &app.url());
    let facade = TestFacade::start(device, folder.path(), &app.running.clock);
    let bearer = facade.bearer().await;
    let tag = facade.status(&bearer).await["features"][0]["id"].as_str().unwrap().to_owned();
    let vault = token(&app.rest_as("ann").await, "Vault", json!({})).await;
    let register = json!({"token": vault}).to_string();
    let taken = facade.call(&bearer, "POST", "licensing/registration", &register).await;
    assert_eq!(taken.status, 204);
    until(&facade, &bearer, "registration", "COMPLETED").await;
    for (count, status) in [(31, "OUT_OF_COMPLIANCE"), (30, "IN_COMPLIANCE"), (0, "INIT")] {
        let body = json!({tag.clone(): count}).to_string();
        until_taken(&facade, &bearer, &body).await;
        until(&facade, &bearer, "authorization", status).await;
    }
    facade.stop().await;
}

async fn until_taken(facade: &TestFacade, bearer: &str, body: &str) {
    let answer = facade.call(bearer, "PATCH", "licensing/features", body).await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

/// Asks until the status is this one; nextest and patience end it otherwise.
async fn until(facade: &TestFacade, bearer: &str, what: &str, wanted: &str) {
    let mut last = Value::Null;
    for _ in 0..2_000 {
        last = facade.status(bearer).await;
        if last[what]["status"] == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{what} is not {wanted}: {last}");
}
