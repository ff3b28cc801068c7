//! Files between a satellite and CSSM, by clicking: real downloads and uploads in a browser.

mod carrier;
mod late;
mod monthly;

use crate::chromium::{click, fill, read, sign_in};
use crate::support::app::TestApp;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use fantoccini::{Client, Locator};
use std::path::Path;
use syncom::config::LAB_PASSWORD;

on_both_databases!(two_files_are_carried_by_a_person);

async fn choose(page: &Client, file: &Path) {
    let field = page.wait().for_element(Locator::Id("f-file")).await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
}

/// Asks for the account in a dialog of the widget.
async fn ask(page: &Client, satellite: &str) {
    page.goto(&format!("{satellite}/login")).await.unwrap();
    fill(page, "f-username", "admin").await;
    fill(page, "f-password", LAB_PASSWORD).await;
    click(page, Locator::Css("main form button")).await;
    page.wait().for_element(Locator::Css(".bar .who")).await.unwrap();
    page.goto(&format!("{satellite}/admin/accounts")).await.unwrap();
    click(page, Locator::LinkText("New Account…")).await;
    fill(page, "f-name", "Plant A").await;
    fill(page, "f-smart_account", "Contoso Lab").await;
    fill(page, "f-virtual_account", "Sat-A-VA").await;
    fill(page, "f-email", "nobody").await;
    click(page, Locator::Css("dialog .sheet-foot button.primary")).await;
    assert!(read(page, "#f-email-error").await.contains("name@example.com"));
    fill(page, "f-email", "plant@lab.example").await;
    click(page, Locator::Css("dialog .sheet-foot button.primary")).await;
    click(page, Locator::LinkText("Plant A")).await;
    click(page, Locator::LinkText("Manual Registration…")).await;
}

/// AS-35, B-ACC-02, B-ACC-07, A-OPA-02, A-OPA-04: both files are downloaded on one site and uploaded
/// on the other.
async fn two_files_are_carried_by_a_person(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let page = chromium.page();
    ask(page, &app.satellite_url()).await;
    let manual = page.current_url().await.unwrap();
    click(page, Locator::Css("form[action$='/registration'] button")).await;
    let registration = chromium.downloaded("Plant_A_registration.sync").await;

    sign_in(app, page, "ann").await;
    page.goto(&format!("{}/sa/lab.example/on-prem", app.url())).await.unwrap();
    click(page, Locator::Css(".head-actions a.primary")).await;
    choose(page, &registration).await;
    click(page, Locator::Css("dialog .sheet-foot button.primary")).await;
    click(page, Locator::LinkText("Download Authorization File")).await;
    let authorization = chromium.downloaded("Plant_A_authorization.sync").await;

    page.goto(manual.as_str()).await.unwrap();
    choose(page, &registration).await;
    click(page, Locator::Css("form[action$='/manual'] button")).await;
    assert!(read(page, "#f-file-error").await.contains("an authorization file is needed"));
    choose(page, &authorization).await;
    click(page, Locator::Css("form[action$='/manual'] button")).await;
    assert!(read(page, "main tbody tr").await.contains("Active"));
    chromium.close().await;
}
