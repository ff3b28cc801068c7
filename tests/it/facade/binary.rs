//! `syncom device serve` as a user starts it.

use crate::support::browser::Browser;
use crate::support::process::Process;
use std::path::Path;
use syncom::device::state::State;

/// F-HL-21: one line of JSON when ready; the signal to end ends it, with the state in its file.
#[actix_web::test]
async fn the_command_says_where_it_is_and_stops_cleanly() {
    crate::support::app::install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("product.json");
    let product = serve(&file, &["--profile", "sim"]);
    let url = product.ready["http"].as_str().unwrap().to_owned();
    assert_eq!(product.ready["user"], "admin");
    let password = product.ready["password"].as_str().unwrap().to_owned();
    assert_eq!(product.ready["server"], "http://127.0.0.1:8080/licservice/license");

    let browser = Browser::new(&url);
    let form = browser.get("/login").await.form("main form").set("username", "admin");
    let page = browser.submit(form.set("password", &password)).await;
    assert!(page.text().contains("Syncom SIM"), "{}", page.text());
    let form = browser.get("/users").await.form("form[action='/users']");
    let (name, _) = form.first("count:").unwrap();
    browser.submit(form.set(&name, "3")).await;
    assert!(product.end().success());
    let kept = State::load(&file).unwrap();
    assert_eq!(kept.usage.values().map(|usage| usage.count).sum::<u64>(), 3);

    let again = serve(&file, &["--password", "given"]);
    assert!(again.ready["password"].is_null(), "it is not told to the log");
    assert!(again.end().success());
}

fn serve(file: &Path, flags: &[&str]) -> Process {
    let file = file.to_str().unwrap();
    let fixed = ["device", "serve", "--port", "0", "--json", "--state", file];
    Process::start(&[&fixed, flags].concat())
}
