//! The acceptance scenarios AS-01 and following, over real HTTP on both databases.

mod accounts;
mod alerts;
mod compliance;
mod custom_tags;
mod export_control;
pub mod grounds;
mod limits;
mod places;
mod registration;
pub mod reservations;
mod reservations_clicked;
mod reservations_end;
mod reservations_on_satellite;
mod satellites;
mod satellites_by_file;
mod satellites_refused;
mod story;
mod tiers;
mod time;
mod token_batch;
mod tokens;
mod transfers;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::rest::Rest;
use serde_json::{Value, json};

/// The cloud's REST API, version 1.
pub const V1: &str = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example";
/// The license that the scenarios are about.
pub const ENHANCED_PLUS: &str = "UCM Enhanced Plus";

/// Where the pages of a virtual account are; `tab` is its last part.
pub async fn va_path(browser: &Browser, name: &str, tab: &str) -> String {
    let page = browser.get("/sa/lab.example/inventory").await;
    let general = page
        .attributes("a[href*='/inventory/']", "href")
        .into_iter()
        .zip(page.texts("a[href*='/inventory/']"))
        .find(|(href, text)| href.ends_with("/general") && text.starts_with(name))
        .map_or_else(|| page.path.clone(), |(href, _)| href);
    let (base, _) = general.rsplit_once('/').unwrap();
    format!("{base}/{tab}")
}

/// A tab of a virtual account.
pub async fn tab(browser: &Browser, va: &str, tab: &str) -> Page {
    let page = browser.get(&va_path(browser, va, tab).await).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

/// A registration token for a virtual account, through the REST API.
pub async fn token(rest: &Rest, va: &str, more: Value) -> String {
    let mut body = json!({"description":"scenario","expiresAfterDays":30});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let answer = rest.post(&format!("{V1}/virtual-accounts/{va}/tokens"), &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["tokenInfo"]["token"].as_str().unwrap().to_owned()
}

/// Quantity, in use, available and status of a license in a virtual account.
pub async fn figures(rest: &Rest, va: &str, license: &str) -> (i64, i64, i64, String) {
    let answer = rest.post(&format!("{V1}/licenses"), &json!({"virtualAccounts":[va]})).await;
    let all = answer.json["licenses"].as_array().unwrap().clone();
    let Some(row) = all.into_iter().find(|row| row["license"] == license) else {
        return (0, 0, 0, "absent".into());
    };
    let number = |key: &str| row[key].as_i64().unwrap();
    let status = row["status"].as_str().unwrap().to_owned();
    (number("quantity"), number("inUse"), number("available"), status)
}

/// The same for *UCM Enhanced Plus*, without the status.
pub async fn enhanced_plus(rest: &Rest, va: &str) -> (i64, i64, i64) {
    let (quantity, in_use, available, _) = figures(rest, va, ENHANCED_PLUS).await;
    (quantity, in_use, available)
}

/// The host names of the product instances in a virtual account.
pub async fn instances(rest: &Rest, va: &str) -> Vec<String> {
    let answer = rest.post(&format!("{V1}/devices"), &json!({"virtualAccounts":[va]})).await;
    let devices = answer.json["devices"].as_array().unwrap();
    devices.iter().map(|device| device["hostName"].as_str().unwrap().to_owned()).collect()
}

/// The messages of a virtual account's event log, newest first.
pub async fn events(browser: &Browser, va: &str) -> Vec<String> {
    let page = tab(browser, va, "events").await;
    page.table("Message").into_iter().map(|row| row.join(" | ")).collect()
}

/// The messages of the Smart Account's event log.
pub async fn account_events(app: &TestApp) -> Vec<String> {
    let page = app.sign_in("ann").await.get("/sa/lab.example/activity/events").await;
    page.table("Message").into_iter().map(|row| row.join(" | ")).collect()
}

/// Whether some text holds all of these.
pub fn some_with(texts: &[String], all: &[&str]) -> bool {
    texts.iter().any(|text| all.iter().all(|part| text.contains(part)))
}
