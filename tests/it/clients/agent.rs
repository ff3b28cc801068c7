//! An agent in another language, written from docs/PROTOCOL.md alone: `tests/clients/agent`.

use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::rest::Rest;
use crate::support::tools;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use syncom::app::CSSM;
use syncom::crypto::keys::KeyKind;

on_both_databases!(an_agent_written_from_the_page_lives_and_is_refused);

/// How many different wrong messages the page lets it send.
const REFUSALS: u32 = 180;

/// What it counted.
struct Told {
    refusals: u32,
    failures: u32,
}

fn tokens_of(virtual_account: &str) -> String {
    format!(
        "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example/\
         virtual-accounts/{virtual_account}/tokens"
    )
}

/// A token as a script of the account gets it.
async fn token(rest: &Rest, virtual_account: &str, wish: Value) -> Value {
    let made = rest.post(&tokens_of(virtual_account), &wish).await;
    assert_eq!(made.status, 200, "{made:?}");
    made.json["tokenInfo"]["token"].clone()
}

/// A token of each fate; two days pass meanwhile.
async fn tokens(app: &TestApp) -> Value {
    let expired = token(&app.rest_as("ann").await, "Tokyo", json!({"expiresAfterDays":1})).await;
    app.advance(TimeDelta::days(2));
    let rest = app.rest_as("ann").await;
    let revoked = token(&rest, "Tokyo", json!({})).await;
    let path = format!("{}/revoke", tokens_of("Tokyo"));
    let answer = rest.post(&path, &json!({"tokens":[revoked]})).await;
    assert_eq!(answer.json["status"], "SUCCESS", "{answer:?}");
    let one = json!({"smart_account":"lab.example","virtual_account":"Berlin","quantity":1,
        "license":"Router US Export Lic. for DNA","license_type":"PERPETUAL"});
    assert_eq!(app.rest().post("/_syncom/orders", &one).await.status, 201);
    json!({
        "expired": expired,
        "revoked": revoked,
        "exhausted": token(&rest, "Tokyo", json!({"numberofUses":1})).await,
        "valid": token(&rest, "Tokyo", json!({"exportControlled":"Allowed"})).await,
        "other": token(&rest, "Berlin", json!({"exportControlled":"Not Allowed"})).await,
    })
}

/// Starts the script with these tokens; a failed check, or none, is a failure here.
async fn run(app: &TestApp, python: &Path, tokens: &Value, more: [&str; 2]) -> Told {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = tempfile::NamedTempFile::new().unwrap();
    let accounts = json!({"valid":"Tokyo", "other":"Berlin"});
    let told = json!({"tokens":tokens, "accounts":accounts}).to_string();
    std::fs::write(file.path(), told).unwrap();
    let mut command = Command::new(python);
    command
        .arg("-B")
        .arg(top.join("tests/clients/agent"))
        .args(["--url", &app.url(), "--satellite-url", &app.satellite_url()])
        .args(["--tls-url", &format!("https://{}", app.running.site(CSSM).unwrap().https)])
        .args(["--now", &app.now().millis().to_string()])
        .arg("--ca")
        .arg(&app.running.ca)
        .arg("--document")
        .arg(top.join("docs/PROTOCOL.md"))
        .arg("--tokens")
        .arg(file.path())
        .args(more);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let wrong = lines.split("\nok ").filter(|line| line.contains("FAIL")).collect::<String>();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{wrong}\n{complaint}");
    summary(lines.lines().last().unwrap())
}

/// Reads `summary: checks=… refusals=… failures=…`.
fn summary(line: &str) -> Told {
    let number = |name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=")).unwrap();
        rest.split(' ').next().unwrap().parse().unwrap()
    };
    Told { refusals: number("refusals"), failures: number("failures") }
}

/// AS-08, AS-13, A-SEM-10, A-SEM-12, A-SEM-13, A-SEM-14, A-EXP-02, A-EXP-03, A-EXP-05: it
/// registers, authorizes, renews, asks for vouchers and export keys, replaces, groups and deregisters by four routes with both kinds of
/// key, and is refused for one fault at a time. A year later its instances are gone.
async fn an_agent_written_from_the_page_lives_and_is_refused(app: &TestApp) {
    let Some(python) = tools::need("cryptography", tools::python("cryptography")) else { return };
    let tokens = tokens(app).await;
    let directory = tempfile::tempdir().unwrap();
    let kept = directory.path().join("kept.json");
    let kept = kept.to_str().unwrap();

    let told = run(app, &python, &tokens, ["--keep", kept]).await;
    assert!(told.refusals >= REFUSALS && told.failures == 0, "{} refusals", told.refusals);

    app.advance(TimeDelta::days(365));
    let valid = token(&app.rest_as("ann").await, "Tokyo", json!({})).await;
    let tokens = json!({"valid": valid});
    let told = run(app, &python, &tokens, ["--kept", kept]).await;
    assert_eq!((told.refusals, told.failures), (6, 0));
}

/// The same agent reads the signatures of a site that signs with RSA.
#[actix_web::test]
async fn the_agent_accepts_a_site_that_signs_with_rsa() {
    let database = Database::sqlite();
    let app = TestApp::start(database, |config| config.signer = KeyKind::Rsa2048).await;
    if let Some(python) = tools::need("cryptography", tools::python("cryptography")) {
        let tokens = tokens(&app).await;
        let told = run(&app, &python, &tokens, ["--url", &app.url()]).await;
        assert!(told.refusals >= REFUSALS && told.failures == 0, "{} refusals", told.refusals);
    }
    app.leave().await;
}
