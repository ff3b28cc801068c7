//! A partner's admin in front of a real browser.

use super::customer_x;
use crate::chromium::{click, fill, read, sign_in, told};
use crate::support::app::TestApp;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use fantoccini::Locator;

on_both_databases!(an_overage_is_found_and_taken_along);

/// AS-57, F-FU-12, F-FU-14: by clicking: overage is shown, a customer found, its graph seen, in
/// Dutch too, and the report of a month saved as a file.
async fn an_overage_is_found_and_taken_along(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    customer_x(app, "2026-01-05").await;
    let page = chromium.page();
    sign_in(app, page, "paula").await;
    page.goto(&format!("{}/partner/customer-license-usage", app.url())).await.unwrap();
    click(page, Locator::Css("input[name=overage]")).await;
    fill(page, "f-search", "mira").await;
    click(page, Locator::Css("form.filters button")).await;
    // The page before has that row among others.
    assert!(read(page, "tbody tr:only-child").await.contains("Sub-X"));
    click(page, Locator::LinkText("Mira Clinics")).await;
    told(page, "License usage by type").await;
    let bar = page.find(Locator::Css("svg.chart rect.over")).await.unwrap();
    assert!(bar.rectangle().await.unwrap().3 > 10.0, "the bar is drawn");
    click(page, Locator::LinkText("Nederlands")).await;
    told(page, "Licentiegebruik per type").await;
    assert!(read(page, "tbody tr.short th").await.contains("Sub-X"));
    page.goto(&format!("{}/hub/relay/customer-license-usage/custom", app.url())).await.unwrap();
    // A month has a picker of its own in each language; the address says the same.
    let report = "/hub/relay/customer-license-usage/report.xlsx?month=2025-12";
    page.goto(&format!("{}{report}", app.url())).await.ok();
    let file = chromium.downloaded("relay_flex-usage_2025-12-01_2025-12-31.xlsx").await;
    assert!(std::fs::read(file).unwrap().starts_with(b"PK"));
    chromium.close().await;
}
