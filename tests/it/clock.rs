//! The clock as people move it: the command, its page, and what a restart keeps.

use crate::support::app::{TestApp, install_crypto};
use crate::support::databases::{Database, run};
use crate::support::process::Process;
use crate::support::rest::Rest;
use serde_json::{Value, json};
use std::process::{Command, Output};

/// `syncom clock …` of a server that runs.
fn clock(server: &Process, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncom"));
    command.arg("clock").args(arguments).args(["--url", &server.url()]);
    command.env_remove("SYNCOM_URL").env_remove("SYNCOM_WORLD").output().unwrap()
}

/// The answer of a command that is obeyed.
fn told(server: &Process, arguments: &[&str]) -> Value {
    let output = clock(server, &[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a command that is refused says.
fn refused(server: &Process, arguments: &[&str]) -> String {
    let output = clock(server, arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A-SHL-07, AS-49: the command moves the clock, says what is wrong, and a restart keeps both
/// where the clock stands and how far it had come.
#[test]
fn the_command_moves_the_clock_and_a_restart_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(folder.path(), &[]);
    assert_eq!(told(&server, &["show"])["is_wall_time"], true);
    assert!(refused(&server, &["advance", "forty days"]).contains("forty days"));
    assert!(refused(&server, &["set", "tomorrow"]).contains("tomorrow is not like"));
    assert!(refused(&server, &["set", "2020-01-01T00:00:00Z"]).contains("back"));
    told(&server, &["freeze"]);
    let month = told(&server, &["advance", "30d"]);
    assert_eq!((&month["mode"], &month["is_wall_time"]), (&json!("frozen"), &json!(false)));
    let words = String::from_utf8(clock(&server, &["show"]).stdout).unwrap();
    assert!(words.contains(month["now"].as_str().unwrap()), "{words}");

    server.kill();
    let server = Process::serve(folder.path(), &["--clock-may-go-back"]);
    assert_eq!(told(&server, &["show"])["now"], month["now"]);
    let back = told(&server, &["set", "2020-01-01T00:00:00Z"]);
    assert_eq!((&back["behind"], &back["latest"]), (&json!(true), &month["now"]));
    assert_eq!(told(&server, &["resume"])["mode"], "running");
}

async fn on_sqlite(body: impl AsyncFnOnce(&TestApp)) {
    run(Database::sqlite(), body).await;
}

/// A-SHL-07: whoever administers a Smart Account moves the clock on its page, is told what fell
/// due, and stays signed in; others see the time and no more.
#[actix_web::test]
async fn the_page_moves_the_clock_and_keeps_the_mover() {
    on_sqlite(async |app| {
        let ann = app.sign_in("ann").await;
        let page = ann.get("/clock").await;
        let wrong = ann.submit(page.form("form:has([name=advance])").set("advance", "soon")).await;
        assert_eq!(wrong.status, 400, "{}", wrong.text());
        assert_eq!(wrong.form("form:has([name=advance])").value("advance"), Some("soon"));
        let year = page.form("form:has([name=advance])").set("advance", "365d");
        let after = ann.submit(year).await;
        assert_eq!(after.status, 200, "{}", after.text());
        assert_eq!(app.now().iso(), "2027-01-05T09:00:00Z");
        assert!(after.text().contains("What fell due"), "{}", after.text());
        assert_eq!(ann.get("/sa/lab.example/alerts").await.status, 200, "still signed in");

        let bob = app.sign_in("bob").await;
        let page = bob.get("/clock").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.attributes("input[name=advance]", "name"), [""; 0]);
    })
    .await;
}

/// A-EXP-06, A-SEM-08: a license of the catalogue file can be ordered after a restart, keeps
/// the words of the newest file, and a file that is wrong stops the start by name.
#[actix_web::test]
async fn a_catalogue_brings_licenses_at_each_start() {
    install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("mine.yaml"));
    let flags = ["--catalogue", file.to_str().unwrap()];
    let entry = |words: &str| {
        let tag = "regid.2026-11.example.my-product.GOLD,1.0_6f0e9f0a-0000-4000-8000-000000000001";
        format!(
            "format: 1\ncatalog:\n  - {{ name: My Gold, tag: \"{tag}\", description: {words} }}\n"
        )
    };
    let order = json!({"smart_account":"lab.example","virtual_account":"Tokyo",
        "license":"My Gold","license_type":"PERPETUAL","quantity":3});
    std::fs::write(&file, entry("first")).unwrap();
    for (words, owned) in [("first", 3), ("second", 6)] {
        std::fs::write(&file, entry(words)).unwrap();
        let server = Process::serve(&data, &flags);
        let rest = Rest::new(&server.url());
        let answer = rest.post("/_syncom/orders", &order).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let wanted = "smart_account=lab.example&virtual_account=Tokyo&license=My%20Gold";
        let explained = rest.get(&format!("/_syncom/explain?{wanted}")).await;
        assert_eq!(explained.json["balance"], owned, "{explained:?}");
    }
    std::fs::write(&file, "format: 1\ncatalog:\n  - { name: My Gold }\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_syncom"))
        .args(["serve", "--port", "0", "--data"])
        .arg(&data)
        .args(flags)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("mine.yaml") && said.contains("tag"),
        "{said}"
    );
}
