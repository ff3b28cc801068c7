//! A person in front of a real browser.

use crate::support::app::TestApp;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use fantoccini::{Client, Locator};

on_both_databases!(a_va_user_clicks_a_first_token, the_selector_finds_while_one_types);

/// A step of a person.
pub async fn click(page: &Client, what: Locator<'_>) {
    let found = page.wait().for_element(what).await;
    found.unwrap_or_else(|error| panic!("{what:?}: {error}")).click().await.unwrap();
}

/// A step of a person.
pub async fn fill(page: &Client, field: &str, text: &str) {
    let field = page.wait().for_element(Locator::Id(field)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// A step of a person.
pub async fn read(page: &Client, what: &str) -> String {
    let found = page.wait().for_element(Locator::Css(what)).await;
    found.unwrap_or_else(|error| panic!("{what}: {error}")).text().await.unwrap()
}

/// Waits for a text on the page.
pub async fn told(page: &Client, text: &str) {
    let path = format!("//main//*[contains(., '{text}')] | //dialog//*[contains(., '{text}')]");
    let found = page.wait().for_element(Locator::XPath(&path)).await;
    found.unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// A step of a person.
pub async fn sign_in(app: &TestApp, page: &Client, name: &str) {
    page.goto(&app.url()).await.unwrap();
    fill(page, "f-username", name).await;
    fill(page, "f-password", &app.lab().password).await;
    click(page, Locator::Css("main form button")).await;
    page.wait().for_element(Locator::Css(".bar .who")).await.unwrap();
}

/// Signs in and lands in Berlin, the only virtual account that bob has.
async fn to_the_tokens(app: &TestApp, page: &Client) {
    sign_in(app, page, "bob").await;
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

/// The names that the selector shows.
async fn shown(page: &Client) -> Vec<String> {
    let mut names = Vec::new();
    for item in page.find_all(Locator::Css("#va-list li:not([hidden])")).await.unwrap() {
        names.push(item.attr("data-name").await.unwrap().unwrap());
    }
    names
}

/// A-VAS-01: part of a name, or the beginning of a tag, and both at once when one changes over.
async fn the_selector_finds_while_one_types(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let ann = app.sign_in("ann").await;
    let list = ann.get("/sa/lab.example/virtual-accounts").await;
    let names = list.texts("tbody th a[href*='/inventory/']");
    let edits = list.attributes("tbody a[href$='/edit']", "href");
    let fabric = ann.get(&edits[names.iter().position(|name| name == "Fabric").unwrap()]).await;
    let tagged = fabric.form("form[action$='/edit']").set("tags", "Berlin campus, edge");
    assert_eq!(ann.submit(tagged).await.status, 200);

    let page = chromium.page();
    sign_in(app, page, "ann").await;
    page.goto(&format!("{}/sa/lab.example/inventory", app.url())).await.unwrap();
    click(page, Locator::Css("button.picker")).await;
    let all = shown(page).await.len();
    fill(page, "va-search", "berlin").await;
    assert_eq!(shown(page).await, ["Berlin", "Berlin-Lab"]);
    click(page, Locator::Css("#va-menu input[name=by][value=tag]")).await;
    assert_eq!(shown(page).await, ["Fabric"]);
    fill(page, "va-search", "campus").await;
    assert_eq!(shown(page).await, [""; 0], "the beginning of a tag");
    let back = "\u{e003}".repeat("campus".len());
    page.find(Locator::Id("va-search")).await.unwrap().send_keys(&back).await.unwrap();
    assert_eq!(shown(page).await.len(), all);
    fill(page, "va-search", "ed\u{e007}").await;
    page.wait().for_element(Locator::Css("#f-by")).await.unwrap();
    assert_eq!(read(page, "main tbody th a").await, "Fabric", "and as a page");
    chromium.close().await;
}
