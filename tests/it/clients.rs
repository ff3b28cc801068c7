//! Clients that others have published, unmodified, through the CONNECT proxy.

mod agent;

use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::tools;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use syncom::device::profile::Profile;
use syncom::protocol::codes::{AuthorizationCode, Kind, request};
use syncom::protocol::sudi::Sudi;

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

/// The hosts that the client has built in reach us; it sends doubled slashes and reads our
/// answers with its own code, its handling of a 401 included.
async fn mcssmapi_gets_a_bearer_and_lists_licenses(app: &TestApp) {
    let Some(python) = tools::need("mcssmapi", tools::python("mcssmapi")) else { return };
    let profile = Profile::find("sim").unwrap();
    let device = Sudi::hardware("SIM", "000010");
    let code = request::write(&device, &profile.software_tag, Kind::Specific, false);
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
    let AuthorizationCode::Specific(read) = AuthorizationCode::read(text, &device).unwrap() else {
        panic!("{text}");
    };
    assert_eq!((read.entitlements[0].count, read.udi.as_str()), (3, "P:SIM,S:000010"));
    let wrong = result("wrong secret");
    assert_eq!((&wrong["success"], &wrong["error"]), (&false.into(), &401.into()), "{wrong}");
}
