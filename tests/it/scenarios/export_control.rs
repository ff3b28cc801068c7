//! Export control as people and simulated products see it.

use super::{events, figures, instances, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::device::{TestDevice, tags};
use crate::support::rest::Rest;
use chrono::TimeDelta;
use serde_json::json;
use syncom::device::machine::ExportCommand;
use syncom::device::show::{self, Part};

on_both_databases!(
    a_key_holds_a_removal_back,
    a_key_that_is_not_free_is_told_and_asked_for_again,
    a_request_moves_and_goes_with_its_instance,
);

const LICENSE: &str = "Router US Export Lic. for DNA";
const ALERT: &str = "Restricted License Not Available";

fn request() -> ExportCommand {
    ExportCommand::Request(tags::RESTRICTED.to_owned())
}

fn give_back() -> ExportCommand {
    ExportCommand::Return(tags::RESTRICTED.to_owned())
}

/// A product of a virtual account, registered without the export flag.
async fn product(app: &TestApp, ulf: &Rest, number: u32, va: &str) -> TestDevice {
    let mut product = app.device(number);
    let text = token(ulf, va, json!({"exportControlled":"Not Allowed"})).await;
    product.register(&text).await.unwrap();
    product
}

/// An instance's own page.
async fn page(browser: &Browser, va: &str, name: &str) -> Page {
    let list = tab(browser, va, "instances").await;
    browser.get(&list.link(name)).await
}

async fn alerts(browser: &Browser, va: &str) -> Vec<String> {
    tab(browser, va, "alerts").await.alerts(ALERT)
}

/// AS-15, A-PIN-07, A-EXP-03, A-EXP-05, A-EXP-06
async fn a_key_holds_a_removal_back(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut three = product(app, &ulf, 3, "Fabric").await;
    three.export(request()).await.unwrap();
    three.consume_all(&[(tags::RESTRICTED, 1), (tags::ESSENTIALS, 4)]).await.unwrap();
    let browser = app.sign_in("ulf").await;
    let own = page(&browser, "Fabric", "dev-3").await;
    assert!(some_with(&own.texts("tbody tr"), &[LICENSE, "1", "Held"]), "{}", own.text());
    let license = browser.get(&own.link(LICENSE)).await;
    assert!(some_with(&license.texts("dl.figures div"), &["Enforcement", "Export-Controlled"]));
    let list = tab(&browser, "Fabric", "instances").await;
    let remove = list.attributes("a[href$='/remove']", "href").remove(0);
    let window = browser.get(&remove).await;
    assert!(window.text().contains("Restricted Licenses in Use"), "{}", window.text());
    let ok = window.form("form[action$='/release']");
    assert_eq!(browser.submit(ok.clone()).await.status, 200);
    assert_eq!(figures(&ulf, "Fabric", "C9300 DNA Essentials").await.1, 0, "4 freed");
    assert_eq!(figures(&ulf, "Fabric", LICENSE).await.1, 1, "1 kept");
    assert_eq!(instances(&ulf, "Fabric").await, ["dev-3"], "still listed");
    let only = browser.get(&remove).await;
    assert_eq!(only.texts("button.danger[disabled]").len(), 1, "OK is disabled");
    assert_eq!(browser.submit(ok).await.status, 409, "and pressing it anyway changes nothing");

    three.consume_all(&[(tags::RESTRICTED, 0), (tags::ESSENTIALS, 0)]).await.unwrap();
    assert_eq!(figures(&ulf, "Fabric", LICENSE).await.1, 1, "a report returns no key");
    let refused = three.deregister().await.unwrap_err().to_string();
    assert!(refused.contains("return it first"), "{refused}");
    three.export(give_back()).await.unwrap();
    three.deregister().await.unwrap();
    assert_eq!(figures(&ulf, "Fabric", LICENSE).await.1, 0);
    assert!(instances(&ulf, "Fabric").await.is_empty());
    let log = events(&browser, "Fabric").await;
    for what in ["was given an export", "returned its export"] {
        assert!(some_with(&log, &["dev-3", what, LICENSE]), "{what}: {log:?}");
    }
}

async fn order(app: &TestApp, va: &str) {
    let body = json!({"smart_account":"lab.example","virtual_account":va,"license":LICENSE,
        "license_type":"PERPETUAL","quantity":1});
    assert_eq!(app.rest().post("/_syncom/orders", &body).await.status, 201);
}

/// A-EXP-04, A-ALK-16, A-ALR-10
async fn a_key_that_is_not_free_is_told_and_asked_for_again(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut one = product(app, &ulf, 1, "Berlin").await;
    let refused = one.export(request()).await.unwrap_err().to_string();
    assert!(refused.contains("is free"), "{refused}");
    let browser = app.sign_in("ulf").await;
    let told = alerts(&browser, "Berlin").await;
    assert!(told.len() == 1 && some_with(&told, &["Major", "Now", "dev-1", LICENSE]), "{told:?}");
    let list = tab(&browser, "Berlin", "alerts").await;
    let dialog = browser.get(&list.link("Transfer From…")).await;
    assert_eq!(dialog.status, 200, "{}", dialog.text());
    let path = "/v1/software/apis/licensing/v1/account/lab.example/get-alerts";
    let rest = ulf.post(path, &json!({"virtualAccounts":["Berlin"]})).await;
    assert!(rest.text.contains(ALERT) && rest.text.contains("dev-1"), "{rest:?}");
    let own = page(&browser, "Berlin", "dev-1").await;
    assert!(some_with(&own.texts("tbody tr"), &[LICENSE, "Not available"]), "{}", own.text());
    let shown = show::text(one.state(), Part::Status, app.now());
    assert!(
        shown.contains("Last Request: FAILED") && shown.contains("Next Attempt: Jan"),
        "{shown}"
    );

    app.advance(TimeDelta::hours(2));
    assert!(one.run_due().await.is_err(), "still none");
    order(app, "Berlin").await;
    let (ulf, browser) = (app.rest_as("ulf").await, app.sign_in("ulf").await);
    assert_eq!(alerts(&browser, "Berlin").await.len(), 1, "until the product asks again");
    assert_eq!(figures(&ulf, "Berlin", LICENSE).await.1, 0);
    app.advance(TimeDelta::hours(2));
    one.run_due().await.unwrap();
    let ulf = app.rest_as("ulf").await;
    assert_eq!(figures(&ulf, "Berlin", LICENSE).await, (1, 1, 0, "In Compliance".to_owned()));
    let browser = app.sign_in("ulf").await;
    assert!(alerts(&browser, "Berlin").await.is_empty());
    let log = events(&browser, "Berlin").await;
    let count = |begin: &str| log.iter().filter(|event| event.starts_with(begin)).count();
    assert_eq!(count(&format!("{ALERT}: ")), 1, "raised once: {log:?}");
    assert_eq!(count(&format!("{ALERT} is over")), 1, "cleared once: {log:?}");
    assert_eq!(count("dev-1 asked for an export"), 1, "told once: {log:?}");
}

/// A-EXP-03, A-EXP-04, A-ALK-16: cancelled, moved, gone.
async fn a_request_moves_and_goes_with_its_instance(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let browser = app.sign_in("ulf").await;
    let mut one = product(app, &ulf, 1, "Berlin").await;
    one.export(request()).await.unwrap_err();
    one.export(ExportCommand::Cancel).await.unwrap();
    assert!(alerts(&browser, "Berlin").await.is_empty());
    let log = events(&browser, "Berlin").await;
    assert!(some_with(&log, &["dev-1 does not wait for an export"]), "{log:?}");
    app.advance(TimeDelta::hours(2));
    one.run_due().await.unwrap();
    let browser = app.sign_in("ulf").await;
    assert!(alerts(&browser, "Berlin").await.is_empty(), "it does not ask again");

    one.export(request()).await.unwrap_err();
    let list = tab(&browser, "Berlin", "instances").await;
    let dialog = browser.get(&list.attributes("a[href$='/transfer']", "href")[0]).await;
    let choices = dialog.texts("select[name=target] option");
    let at = choices.iter().position(|name| name == "Tokyo").unwrap();
    let number = dialog.attributes("select[name=target] option", "value")[at].clone();
    browser.submit(dialog.form("form[action$='/transfer']").set("target", &number)).await;
    assert!(alerts(&browser, "Berlin").await.is_empty());
    assert_eq!(alerts(&browser, "Tokyo").await.len(), 1);
    one.deregister().await.unwrap();
    assert!(alerts(&browser, "Tokyo").await.is_empty(), "a request holds nobody back");
    let log = events(&browser, "Tokyo").await;
    assert!(some_with(&log, &[&format!("{ALERT} is over")]), "{log:?}");
}
