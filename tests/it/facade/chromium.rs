//! A person in front of the product's own pages.

use crate::scenarios::token;
use crate::support::app::TestApp;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use crate::support::facade::{PASSWORD, TestFacade, USER, product};
use fantoccini::{Client, Locator};
use serde_json::json;

on_both_databases!(an_administrator_clicks_from_the_token_to_the_end);

async fn click(page: &Client, what: Locator<'_>) {
    let found = page.wait().for_element(what).await;
    found.unwrap_or_else(|error| panic!("{what:?}: {error}")).click().await.unwrap();
}

async fn fill(page: &Client, field: &str, text: &str) {
    let field = page.wait().for_element(Locator::Id(field)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// Waits for a message on the page.
async fn told(page: &Client, text: &str) {
    let path = format!("//main//*[contains(text(), '{text}')]");
    let found = page.wait().for_element(Locator::XPath(&path)).await;
    found.unwrap_or_else(|error| panic!("{text}: {error}"));
}

async fn sign_in(page: &Client, facade: &TestFacade) {
    page.goto(&facade.url).await.unwrap();
    fill(page, "f-username", USER).await;
    fill(page, "f-password", PASSWORD).await;
    click(page, Locator::Css("main form button")).await;
}

/// F-HL-21: by clicking, from the first page: register, status, renew, reregister with
/// overwrite, deregister with its confirmation.
async fn an_administrator_clicks_from_the_token_to_the_end(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let device = product("webex", &app.url());
    let facade = TestFacade::start(device, folder.path(), &app.running.clock);
    let vault = token(&app.rest_as("ann").await, "Vault", json!({})).await;
    let page = chromium.page();
    sign_in(page, &facade).await;

    click(page, Locator::LinkText("System")).await;
    click(page, Locator::LinkText("View More")).await;
    fill(page, "f-token", &vault).await;
    click(page, Locator::Css("#register button.primary")).await;
    told(page, "The product is registered.").await;
    told(page, "Contoso Lab").await;
    click(page, Locator::Css("a[href$='/registration']")).await;
    click(page, Locator::XPath("//button[.='Renew Registration Now']")).await;
    told(page, "The registration is renewed.").await;

    click(page, Locator::LinkText("Reregistration")).await;
    fill(page, "f-token", &vault).await;
    click(page, Locator::Css(".sheet-foot button")).await;
    told(page, "Already registered.").await;
    let overwrite = page.find(Locator::Id("f-overwrite")).await.unwrap();
    assert_eq!(overwrite.prop("checked").await.unwrap().as_deref(), Some("true"));
    click(page, Locator::Css(".sheet-foot button")).await;
    told(page, "The product is registered again.").await;

    click(page, Locator::LinkText("Deregister")).await;
    click(page, Locator::Css("dialog .sheet-foot button.danger")).await;
    told(page, "The product is de-registered.").await;
    told(page, "Register your licenses").await;
    chromium.close().await;
    assert!(facade.stop().await.registration.identity.is_none());
}
