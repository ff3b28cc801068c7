//! A person in front of a real browser.

use crate::support::app::TestApp;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use fantoccini::{Client, Locator};

on_both_databases!(a_va_user_clicks_a_first_token);

async fn click(page: &Client, what: Locator<'_>) {
    let found = page.wait().for_element(what).await;
    found.unwrap_or_else(|error| panic!("{what:?}: {error}")).click().await.unwrap();
}

async fn fill(page: &Client, field: &str, text: &str) {
    let field = page.wait().for_element(Locator::Id(field)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn read(page: &Client, what: &str) -> String {
    let found = page.wait().for_element(Locator::Css(what)).await;
    found.unwrap_or_else(|error| panic!("{what}: {error}")).text().await.unwrap()
}

/// Signs in and lands in Berlin, the only virtual account that bob has.
async fn to_the_tokens(app: &TestApp, page: &Client) {
    page.goto(&app.url()).await.unwrap();
    fill(page, "f-username", "bob").await;
    fill(page, "f-password", &app.lab().password).await;
    click(page, Locator::Css("main form button")).await;
    page.wait().for_element(Locator::Css(".bar .who")).await.unwrap();
    page.goto(&format!("{}/sa/lab.example/inventory", app.url())).await.unwrap();
    assert!(read(page, "h1").await.starts_with("Berlin"));
}

/// The dialog, as it opens over the page.
async fn create_token(page: &Client) -> String {
    click(page, Locator::Css(".section-head a[href$='/tokens/new']")).await;
    fill(page, "f-description", "first lab").await;
    let days = page.find(Locator::Id("f-expire_after")).await.unwrap();
    assert_eq!(days.prop("value").await.unwrap().as_deref(), Some("30"));
    let export = page.find(Locator::Id("f-export")).await.unwrap();
    assert_eq!(export.prop("checked").await.unwrap().as_deref(), Some("true"));
    click(page, Locator::Id("f-terms")).await;
    click(page, Locator::Css(".sheet-foot button.primary")).await;
    read(page, "#token-text").await
}

/// AS-01, A-TOK-03, A-TOK-09, A-VAS-05: by clicking, and a product registers with what the
/// page shows.
async fn a_va_user_clicks_a_first_token(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let page = chromium.page();
    to_the_tokens(app, page).await;
    let token = create_token(page).await;
    let copy = page.find(Locator::Css("[data-copy-from='token-text']")).await.unwrap();
    assert!(copy.is_displayed().await.unwrap(), "it can be copied");

    app.device(1).register(&token).await.unwrap();
    page.goto(&format!("{}/sa/lab.example/inventory", app.url())).await.unwrap();
    let row = read(page, "main tbody tr").await;
    for cell in ["Active", "1", "Allowed", "first lab", "bob"] {
        assert!(row.contains(cell), "no {cell}: {row}");
    }
    let ends = page.find(Locator::Css("main tbody time")).await.unwrap();
    assert_eq!(ends.attr("datetime").await.unwrap().as_deref(), Some("2026-02-04T09:00:00Z"));
    click(page, Locator::LinkText("Product Instances")).await;
    assert_eq!(read(page, "main tbody th").await, "dev-1");
    chromium.close().await;
}
