//! Clients that others have published, unmodified, through the CONNECT proxy.

mod agent;

use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::tools;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use syncom::crypto::keys::KeyKind;
use syncom::device::Device;
use syncom::device::machine::{Ask, Event};
use syncom::device::show::{self, Topic};
use syncom::domain::reservation::Kind;

on_both_databases!(mcssmapi_gets_a_bearer_and_lists_licenses);

/// What the script printed: what was tried, and the client's own account of it.
async fn run(app: &TestApp, python: PathBuf, code: &str) -> Vec<Value> {
    let (id, secret) = app.lab().api_client.clone().unwrap();
    let script =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/clients/mcssmapi_licenses.py");
    let mut command = Command::new(python);
    command
        .arg(script)
        .args([&id, &secret, "lab.example", "Tokyo", code, tags::MEETINGS_HOST])
        .env("HTTPS_PROXY", format!("http://{}", app.running.proxy.unwrap()))
        .env("REQUESTS_CA_BUNDLE", &app.running.ca)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    let output: Output =
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A-RSV-03, A-RSV-07: the hosts that the client has built in reach us; it sends doubled slashes
/// and reads our answers with its own code, its handling of a 401 included. What it reserves, our
/// device installs.
async fn mcssmapi_gets_a_bearer_and_lists_licenses(app: &TestApp) {
    let Some(python) = tools::need("mcssmapi", tools::python("mcssmapi")) else { return };
    let mut device = Device::simulated("000010", KeyKind::P256).unwrap();
    device.settings_mut().ca_pem = Some(std::fs::read_to_string(&app.running.ca).unwrap());
    for ask in [Ask::Enable, Ask::Request(Kind::Specific)] {
        device.step(Event::Reserve(ask), app.now()).unwrap();
    }
    let code = device.state().reservation.request.clone().unwrap().code;
    let told = run(app, python, &code).await;
    let result = |what: &str| told.iter().find(|line| line["what"] == what).unwrap();

    assert_eq!(result("no bearer")["error"], 401, "{}", result("no bearer"));
    assert_eq!(result("bearer")["success"], true, "{}", result("bearer"));
    let one = &result("one")["response"];
    assert_eq!((&one["status"], &one["totalRecords"]), (&"COMPLETE".into(), &2.into()), "{one}");
    let plus = &one["licenses"][1];
    assert_eq!(plus["license"], "UCM Enhanced Plus");
    assert_eq!((&plus["quantity"], &plus["inUse"]), (&40.into(), &0.into()), "{plus}");
    assert_eq!(result("all")["response"]["totalRecords"], 9, "{}", result("all"));
    assert_eq!(result("wrong code")["success"], false, "{}", result("wrong code"));
    let reserved = &result("reserve")["response"]["authorizationCodes"][0];
    let text = reserved["authorizationCode"].as_str().unwrap_or_else(|| panic!("{told:?}"));
    device.step(Event::Reserve(Ask::Install(text.to_owned())), app.now()).unwrap();
    let shown = show::license(device.state(), Topic::Reservation, app.now());
    assert!(shown.contains("Total reserved count: 3"), "{shown}");
    let wrong = result("wrong secret");
    assert_eq!((&wrong["success"], &wrong["error"]), (&false.into(), &401.into()), "{wrong}");
}
