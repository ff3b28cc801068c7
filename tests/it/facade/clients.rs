//! The published client of Cisco Modeling Labs, unmodified.

use crate::scenarios::token;
use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground as _};
use crate::support::facade::{PASSWORD, TestFacade, USER, product, trusting};
use crate::support::tools;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use syncom::clock::Clock;
use syncom::device::situations::portal::license;
use syncom::domain::time::Timestamp;

/// What the script printed: what was called, and the client's own account of it.
async fn run(python: &Path, facade: &TestFacade, more: &[&str]) -> Vec<Value> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/clients/virl2_licensing.py");
    let mut command = Command::new(python);
    command.arg(script).args([&facade.url, USER, PASSWORD]).args(more);
    command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The only line about something.
fn about<'a>(told: &'a [Value], what: &str) -> &'a Value {
    let mut found = told.iter().filter(|line| line["what"] == what);
    let line = found.next().unwrap_or_else(|| panic!("nothing about {what}: {told:?}"));
    assert!(found.next().is_none(), "{what} twice");
    line
}

fn result<'a>(told: &'a [Value], what: &str) -> &'a Value {
    let line = about(told, what);
    assert!(line.get("error").is_none(), "{line}");
    &line["result"]
}

fn error<'a>(told: &'a [Value], what: &str) -> &'a str {
    let line = about(told, what);
    line["error"].as_str().unwrap_or_else(|| panic!("no error: {line}"))
}

/// A good token, one that has expired, and one whose only use is used up.
async fn tokens(app: &TestApp) -> [String; 3] {
    let rest = app.rest_as("bob").await;
    let expired = token(&rest, "Berlin", json!({"expiresAfterDays": 1})).await;
    let exhausted = token(&rest, "Berlin", json!({"numberofUses": 1})).await;
    app.device(1).register(&exhausted).await.unwrap();
    app.advance(TimeDelta::days(2));
    [app.lab().token.clone().unwrap(), expired, exhausted]
}

/// F-HL-18, A-RSV-07, A-RSV-12, A-RSV-15, A-RSV-16, device-protocol.md 4.4, 4.5: the reservation
/// part of virl2-client does all it can do, and hears 400 for all that does not fit.
#[actix_web::test]
async fn virl2_client_reserves_updates_and_returns() {
    let Some(python) = tools::need("virl2-client", tools::python("virl2_client")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (device, portal) = trusting("sim");
    let sudi = device.state().product.sudi.clone();
    let tag = device.state().profile.licenses[0].tag.clone();
    let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
    let code = |count| portal.specific(&sudi, now, &[license(&tag, count, None)]).unwrap();
    let (first, update, unused) = (code(3), code(5), code(6));
    let facade = TestFacade::start(device, folder.path(), &Clock::wall());
    let told = run(&python, &facade, &["reserve", &tag, &first, &update, &unused]).await;
    refused_reservations(&told);
    a_reservation(&told);
    let kept = facade.stop().await;
    assert!(!kept.reservation.enabled && kept.reservation.spent.len() == 3);
}

fn refused_reservations(told: &[Value]) {
    for (what, words) in [
        ("off: request", "License Reservation is not enabled"),
        ("off: again", "disabled already"),
        ("on: again", "enabled already"),
        ("no request: complete", "No reservation request is in progress"),
        ("none: release", "No reservation authorization code installed in device"),
        ("none: confirmation", "The requested item was not found"),
        ("bad: complete", "could not be read"),
        ("bad: discard", "could not be read"),
        ("online", "does not talk to a server"),
        ("over", "4 would be in use, 3 are reserved"),
        ("installed: again", "installed already"),
        ("installed: cancel", "is installed"),
        ("returned: complete", "was used before"),
    ] {
        let error = error(told, what);
        assert!(error.contains(words), "{what}: {error}");
        assert!(error.contains("Client error"), "{what}: {error}");
    }
}

fn a_reservation(told: &[Value]) {
    assert_eq!(result(told, "cancel nothing"), true);
    let text = |what: &str| result(told, what).as_str().unwrap().to_owned();
    assert!(text("request").starts_with("CB-ZSIM:"));
    assert_eq!(text("request"), text("request again"));
    assert_eq!(result(told, "asked")["registration"]["status"], "RESERVATION_IN_PROGRESS");
    assert_eq!(text("complete"), text("confirmation"));
    let reserved = result(told, "reserved");
    assert_eq!(reserved["reservation_mode"], true);
    assert_eq!(reserved["registration"]["status"], "COMPLETED");
    assert_eq!(reserved["authorization"]["status"], "RESERVED_IN_COMPLIANCE");
    assert_ne!(text("update"), text("complete"));
    assert_eq!(text("release"), text("return code"));
    assert_ne!(text("discard"), text("release"));
    assert_eq!(text("discard").len(), 51);
}

/// device-protocol.md 2.2, 2.5, 3.4: the licensing part of virl2-client does all it can do.
#[actix_web::test]
async fn virl2_client_registers_renews_and_leaves() {
    let Some(python) = tools::need("virl2-client", tools::python("virl2_client")) else { return };
    let app = TestApp::on(Database::sqlite()).await;
    let [good, expired, exhausted] = tokens(&app).await;
    let folder = tempfile::tempdir().unwrap();
    let device = product("sim", &app.url());
    let facade = TestFacade::start(device, folder.path(), &app.running.clock);
    let server = format!("{}/licservice/license", app.url());

    let told = run(&python, &facade, &["here", &server, &good, &expired, &exhausted]).await;
    the_door_and_the_transport(&told, &server);
    refused_tokens(&told);
    a_registration(&told);
    an_end(&told);
    no_reservation(&told);

    app.running.stop().await;
    let told = run(&python, &facade, &["away"]).await;
    assert_eq!(result(&told, "deregister away"), 202, "the server does not run");
    assert_eq!(result(&told, "left away")["registration"]["status"], "NOT_REGISTERED");
    assert!(facade.stop().await.registration.identity.is_none());
}

fn the_door_and_the_transport(told: &[Value], server: &str) {
    assert!(error(told, "wrong password").contains("check your username and password"));
    let fresh = result(told, "fresh");
    assert_eq!(fresh["registration"]["status"], "NOT_REGISTERED");
    assert_eq!(fresh["authorization"]["status"], "INIT");
    assert_eq!(fresh["reservation_mode"], false);
    assert_eq!(result(told, "transport: proxy"), true);
    assert_eq!(
        *result(told, "proxied"),
        json!({"ssms": server, "default_ssms": server,
               "proxy": {"server": "127.0.0.1", "port": 49152}})
    );
    for set in ["transport: default", "transport: set", "default transport"] {
        assert_eq!(result(told, set), true);
    }
    let defaulted = result(told, "defaulted");
    assert_eq!(defaulted["ssms"], defaulted["default_ssms"]);
    assert_eq!(defaulted["proxy"], json!({"server": null, "port": null}));
    assert!(error(told, "transport: bad").contains("ssms: it must be a text"));
}

fn refused_tokens(told: &[Value]) {
    for (what, words) in [
        ("bad", "BadRegistrationToken' is not valid"),
        ("expired", "' has expired"),
        ("exhausted", "maximum number of uses"),
    ] {
        assert_eq!(result(told, &format!("{what}: register")), true, "taken, then refused");
        let registration = result(told, what);
        assert_eq!(registration["status"], "FAILED");
        let failure = registration["register_time"]["failure"].as_str().unwrap();
        assert!(failure.contains(words), "{failure}");
        assert_eq!(registration["register_time"]["success"], "FAILED");
    }
}

fn a_registration(told: &[Value]) {
    assert_eq!(result(told, "evaluating")["status"], "EVAL");
    assert_eq!(result(told, "register"), true);
    let registered = result(told, "registered");
    let registration = &registered["registration"];
    assert_eq!(registration["status"], "COMPLETED");
    assert_eq!(registration["smart_account"], "Contoso Lab");
    assert_eq!(registration["virtual_account"], "Tokyo");
    assert_eq!(registration["register_time"]["attempted"], "2026-01-07 09:00:00");
    assert_eq!(registration["register_time"]["failure"], "OK");
    assert_eq!(registration["renew_time"]["scheduled"], "2026-07-06 09:00:00");
    assert_eq!(registration["expires"], "2027-01-07 09:00:00");
    let authorization = &registered["authorization"];
    assert_eq!(authorization["status"], "IN_COMPLIANCE");
    assert_eq!(authorization["renew_time"]["scheduled"], "2026-02-06 09:00:00");
    assert_eq!(authorization["renew_time"]["status"], "SUCCEEDED");
    assert_eq!(authorization["expires"], "2026-04-07 09:00:00");
    let feature = &registered["features"][0];
    assert_eq!((&feature["in_use"], &feature["status"]), (&3.into(), &"IN_COMPLIANCE".into()));
    for done in ["renew authorization", "renew registration", "reregister"] {
        assert_eq!(result(told, done), true, "{done}");
    }
    assert_eq!(result(told, "features")[0]["in_use"], 2);
    assert!(error(told, "use: nothing").contains("at least one feature"));
    assert!(error(told, "use: unknown").contains("'unknown' is no feature"));
    assert!(error(told, "use: negative").contains("count: '-1' must be a whole number from 0"));
    assert!(error(told, "again").contains("Already registered"));
    assert!(error(told, "product license").contains("must be sim"));
    assert!(result(told, "tech support").as_str().unwrap().contains("Contoso Lab"));
}

fn an_end(told: &[Value]) {
    assert_eq!(result(told, "deregister"), 204);
    let left = result(told, "left");
    assert_eq!(left["registration"]["status"], "NOT_REGISTERED");
    assert_eq!(left["authorization"]["status"], "EVAL");
    assert!(error(told, "deregister again").contains("Smart Agent not registered"));
    assert_eq!(result(told, "register once more"), true);
}

/// Outside the mode every call but that of the mode is refused.
fn no_reservation(told: &[Value]) {
    let calls: Vec<_> = told.iter().filter(|line| line["what"] == "reservation").collect();
    assert_eq!(calls.len(), 10);
    for call in calls {
        let text = call["error"].as_str().unwrap_or_default();
        assert!(text.contains("Client error - License Reservation is"), "{call}");
    }
}
