//! Reservations by clicking, in a real browser.

use super::reservations::{PERPETUAL, TERM, available, enter, instance, reserve, update};
use super::{account_events, events, some_with, tab};
use crate::chromium::{click, fill, read, sign_in, told};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::chromium::Chromium;
use crate::support::databases::on_both_databases;
use crate::support::paper::{Offline, Paper};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use syncom::device::show::{self, Topic};
use syncom::protocol::codes::AuthorizationCode;

on_both_databases!(licenses_are_reserved_by_clicking, an_update_has_two_phases);

const PRIMARY: Locator<'static> = Locator::Css(".sheet-foot .primary");

/// Fills the quantity of a row in.
async fn quantity(page: &Client, row: &str, value: &str) {
    let path =
        format!("//tr[th[starts-with(normalize-space(.), '{row}')]]//input[@inputmode='numeric']");
    let field = page.wait().for_element(Locator::XPath(&path)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(value).await.unwrap();
}

/// A file of this page's links, as the person who clicks gets it.
async fn fetched(page: &Client, path: &str) -> String {
    let script = "const done = arguments[1]; fetch(arguments[0]).then((r) => r.text()).then(done);";
    let got = page.execute_async(script, vec![Value::from(path)]).await.unwrap();
    got.as_str().unwrap().to_owned()
}

/// From the Licenses tab to the code, with the request code as a file.
async fn wizard(page: &Client, device: &Paper) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), device.request()).unwrap();
    click(page, Locator::LinkText("License Reservation…")).await;
    told(page, "Step 1 of 4: Enter Request Code").await;
    let upload = page.wait().for_element(Locator::Id("f-file")).await.unwrap();
    upload.send_keys(file.path().to_str().unwrap()).await.unwrap();
    click(page, PRIMARY).await;
    told(page, "Step 2 of 4: Select Licenses").await;
    quantity(page, PERPETUAL, "10").await;
    quantity(page, TERM, "2").await;
    click(page, PRIMARY).await;
    told(page, "Step 3 of 4: Review and Confirm").await;
    click(page, Locator::XPath("//footer//button[.='Generate Authorization Code']")).await;
    told(page, "Step 4 of 4: Authorization Code").await;
    read(page, "#authorization-code").await
}

/// AS-23, A-RSV-01, A-RSV-02, A-RSV-04, A-RSV-07, A-RSV-08, A-RSV-20, A-LIC-02, A-LIC-04, A-EVT-03: hidden and
/// refused until support enables it, then from the file with the request code to the file with the
/// authorization code.
async fn licenses_are_reserved_by_clicking(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let (page, device) = (chromium.page(), Paper::new(10));
    let off = json!({"reservation_enabled":false});
    assert_eq!(app.rest().post("/_syncom/support/lab.example", &off).await.status, 200);
    let ulf = app.sign_in("ulf").await;
    let licenses = super::va_path(&ulf, "Vault", "licenses").await;
    let shown = ulf.get(&licenses).await.text();
    assert!(!shown.contains("License Reservation"), "{shown}");
    let refused = ulf.get(&super::va_path(&ulf, "Vault", "reserve").await).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("not enabled"), "{}", refused.text());

    sign_in(app, page, "ulf").await;
    page.goto(&format!("{}/sa/lab.example/support", app.url())).await.unwrap();
    click(page, Locator::XPath("//form[input[@value='reservation']]//button")).await;
    told(page, "is changed").await;
    page.goto(&format!("{}{licenses}", app.url())).await.unwrap();
    let code = wizard(page, &device).await;
    let link = page.find(Locator::LinkText("Download as File")).await.unwrap();
    assert_eq!(link.attr("download").await.unwrap().as_deref(), Some("AC_000010.xml"));
    let path = link.attr("href").await.unwrap().unwrap();
    assert_eq!(fetched(page, &path).await, code);
    holds_ten_and_two(&device, &code);
    accepts(app, &device, &code);
    chromium.close().await;
    reserved(app, &ulf, &device, &code).await;
}

fn holds_ten_and_two(device: &Paper, code: &str) {
    let AuthorizationCode::Specific(read) = device.read(code) else { panic!("{code}") };
    let mut held: Vec<_> = read
        .entitlements
        .iter()
        .map(|of| (of.count, of.term.map(|(_, last)| last.to_string())))
        .collect();
    held.sort();
    assert_eq!(held, [(2, Some("2026-06-30".to_owned())), (10, None)]);
}

/// The simulated product takes the file, and says so as real ones do.
fn accepts(app: &TestApp, paper: &Paper, code: &str) {
    let mut product = Offline::new(app, 10);
    let asked = product.device.state().reservation.request.clone().unwrap();
    assert_eq!(asked.code, paper.request());
    assert_eq!(product.install(code), paper.confirmation(code));
    let shown = show::license(product.device.state(), Topic::All, app.now());
    assert!(shown.contains("REGISTERED - SPECIFIC LICENSE RESERVATION"), "{shown}");
}

async fn reserved(app: &TestApp, ulf: &Browser, device: &Paper, code: &str) {
    assert_eq!(available(ulf).await, (15, 3));
    let list = tab(ulf, "Vault", "instances").await;
    assert!(list.text().contains("(Reserved Licenses)"), "{}", list.text());
    let licenses = tab(ulf, "Vault", "licenses").await;
    assert!(licenses.text().contains("(12 Reserved)"), "{}", licenses.text());
    let log = events(ulf, "Vault").await;
    let parts = ["10 Meetings Host", "2 Meetings Host until 2026-06-30", "ulf"];
    assert!(some_with(&log, &parts), "{log:#?}");
    let account = account_events(app).await;
    assert!(some_with(&account, &["License reservation was switched on", "Support (ulf)"]));
    let at = instance(ulf, "Vault", device).await;
    let confirm = format!("{at}/confirm");
    let done = enter(ulf, &confirm, &device.confirmation(code)).await;
    assert!(done.text().contains("is confirmed"), "{}", done.text());
    let again = enter(ulf, &confirm, &device.confirmation(code)).await;
    assert!(again.one("#f-code-error").contains("already confirmed"), "{}", again.text());
}

/// AS-26, A-RSV-10, A-RSV-11, A-RSV-12, A-RSV-13, A-PIN-08, A-EVT-03: an increase by clicking, then a
/// cancelled one and a decrease.
async fn an_update_has_two_phases(app: &TestApp) {
    let Some(chromium) = Chromium::start().await else { return };
    let (page, device, ulf) = (chromium.page(), Paper::new(10), app.sign_in("ulf").await);
    let mut product = Offline::new(app, 10);
    product.install(&reserve(&ulf, &device, &[(PERPETUAL, "10")]).await);
    let at = instance(&ulf, "Vault", &device).await;
    sign_in(app, page, "ulf").await;
    page.goto(&format!("{}{at}", app.url())).await.unwrap();
    click(page, Locator::Css("button[popovertarget^=actions-]")).await;
    click(page, Locator::LinkText("Update Reserved Licenses…")).await;
    quantity(page, PERPETUAL, "14").await;
    click(page, PRIMARY).await;
    told(page, "Step 2 of 3: Review and Confirm").await;
    click(page, PRIMARY).await;
    let code = read(page, "#authorization-code").await;
    nothing_else_while_pending(&ulf, &at, &code).await;
    click(page, Locator::LinkText("Enter Confirmation Code")).await;
    fill(page, "f-code", &product.install(&code)).await;
    click(page, PRIMARY).await;
    told(page, "is confirmed").await;
    chromium.close().await;

    let again = enter(&ulf, &format!("{at}/confirm"), &device.confirmation(&code)).await;
    assert!(again.one("#f-code-error").contains("already confirmed"), "{}", again.text());
    assert!(!ulf.get(&at).await.text().contains("Update pending"));
    cancelled(&ulf, &at, &device).await;
    decreased(&ulf, &at, &device).await;
    let log = events(&ulf, "Vault").await;
    for part in ["more are to be reserved", "less are to be reserved", "was cancelled", "entered"] {
        assert!(some_with(&log, &[part]), "{part}: {log:#?}");
    }
}

async fn nothing_else_while_pending(ulf: &Browser, at: &str, code: &str) {
    assert_eq!(available(ulf).await.0, 11);
    let list = tab(ulf, "Vault", "instances").await;
    assert!(list.table("Name")[0].join(" ").contains("Update pending"), "{}", list.text());
    let offered = list.texts("tbody .menu a");
    assert_eq!(
        offered,
        [
            "Enter Confirmation Code…",
            "Show Reservation Authorization Code",
            "Download Reservation Authorization Code",
            "Cancel Update…"
        ]
    );
    for path in ["update", "transfer", "remove", "rehost"] {
        let page = ulf.get(&format!("{at}/{path}")).await;
        assert_eq!(page.status, 409, "{path}: {}", page.text());
        assert!(page.text().contains("waits for its confirmation code"), "{}", page.text());
    }
    assert_eq!(ulf.get(&format!("{at}/authorization/download")).await.html, code);
}

/// 14 → 20 and back: the code that was given out is void.
async fn cancelled(ulf: &Browser, at: &str, device: &Paper) {
    let void = update(ulf, at, &[(PERPETUAL, "20")]).await;
    assert_eq!(available(ulf).await.0, 5);
    let question = ulf.get(&format!("{at}/cancel-update")).await;
    let done = ulf.submit(question.form("main form")).await;
    assert!(done.text().contains("is cancelled"), "{}", done.text());
    assert_eq!(available(ulf).await.0, 11);
    let refused = enter(ulf, &format!("{at}/confirm"), &device.confirmation(&void)).await;
    assert!(refused.one("#f-code-error").contains("cancelled"), "{}", refused.text());
}

/// 14 → 6: what is less comes back with the code.
async fn decreased(ulf: &Browser, at: &str, device: &Paper) {
    let code = update(ulf, at, &[(PERPETUAL, "6")]).await;
    assert_eq!(available(ulf).await.0, 11);
    enter(ulf, &format!("{at}/confirm"), &device.confirmation(&code)).await;
    assert_eq!(available(ulf).await.0, 19);
}
