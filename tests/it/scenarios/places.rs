//! Virtual accounts that are changed, emptied and deleted; product instances that move.

use super::{V1, account_events, enhanced_plus, events, figures, instances, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::json;

on_both_databases!(
    an_instance_moves_with_its_use,
    a_virtual_account_is_emptied_and_deleted,
    restricted_licenses_hold_a_removal_back,
    the_export_flag_travels_from_token_to_instance,
    virtual_accounts_are_changed_and_found_by_tag,
);

const LIST: &str = "/sa/lab.example/virtual-accounts";

/// AS-20, A-TRF-09, A-SEM-13, A-PIN-05
async fn an_instance_moves_with_its_use(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&ulf, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    let browser = app.sign_in("ulf").await;
    let list = tab(&browser, "Berlin", "instances").await;
    let dialog = browser.get(&list.attributes("a[href$='/transfer']", "href")[0]).await;
    let choices = dialog.texts("select[name=target] option");
    let tokyo = choices.iter().position(|name| name == "Tokyo").unwrap();
    let number = dialog.attributes("select[name=target] option", "value")[tokyo].clone();
    let done =
        browser.submit(dialog.form("form[action$='/transfer']").set("target", &number)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(enhanced_plus(&ulf, "Berlin").await, (10, 0, 10));
    assert_eq!(enhanced_plus(&ulf, "Tokyo").await, (40, 4, 36));
    for va in ["Berlin", "Tokyo"] {
        let log = events(&browser, va).await;
        assert!(some_with(&log, &["dev-1 moved from Berlin to Tokyo", "ulf"]), "{log:?}");
    }
    one.renew_authorization().await.unwrap();
    let told = one.state().registration.identity.as_ref().unwrap().virtual_account.clone();
    assert_eq!(told, "Tokyo", "the next answer names it");

    one.overwrite(&token(&ulf, "Berlin", json!({})).await).await.unwrap();
    assert_eq!(instances(&ulf, "Tokyo").await, [""; 0], "moved by registering again");
    assert_eq!(instances(&ulf, "Berlin").await, ["dev-1"]);
}

/// The page of one thing to do with a virtual account.
async fn ask(browser: &Browser, name: &str, what: &str) -> Page {
    let list = browser.get(LIST).await;
    let links = "tbody th a[href*='/inventory/']";
    let at = list.texts(links).iter().position(|text| text == name).unwrap();
    let number = list.attributes(links, "href")[at].split('/').nth(4).unwrap().to_owned();
    browser.get(&format!("{LIST}/{number}/{what}")).await
}

/// Presses *Move everything*.
async fn move_all(browser: &Browser, from: &str, to: &str) -> Page {
    let dialog = ask(browser, from, "empty").await;
    let targets = dialog.texts("select[name=to] option");
    let at = targets.iter().position(|name| name == to).unwrap();
    let number = dialog.attributes("select[name=to] option", "value")[at].clone();
    browser.submit(dialog.form("form[action$='/empty']").set("to", &number)).await
}

/// A line that is not portable keeps its virtual account from being emptied, until it ends.
async fn fixed_lines_hold_back_until_they_end(app: &TestApp, ann: &Browser) {
    let fixed = json!({"smart_account":"lab.example","virtual_account":"Tokyo","license":"CUWL",
        "license_type":"PERPETUAL","quantity":2,"portable":false});
    let line = app.rest().post("/_syncom/orders", &fixed).await.json;
    let cancel = format!("/_syncom/orders/{}/cancel", line["line"].as_str().unwrap());
    let held = move_all(ann, "Tokyo", "DEFAULT").await;
    assert!(held.status == 409 && held.text().contains("not portable"), "{}", held.text());
    assert_eq!(app.rest().post(&cancel, &json!(null)).await.status, 200);
}

/// AS-22, A-MSA-04
async fn a_virtual_account_is_emptied_and_deleted(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let text = app.lab().token.clone().unwrap();
    for number in [1, 2] {
        let mut device = app.device(number);
        device.register(&text).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 3).await.unwrap();
    }
    let ann = app.sign_in("ann").await;
    fixed_lines_hold_back_until_they_end(app, &ann).await;
    let refused = ask(&ann, "Tokyo", "delete").await;
    for part in ["142 licenses", "2 product instances", "1 active token", "Move everything"] {
        assert!(refused.text().contains(part), "{part}: {}", refused.text());
    }
    assert!(refused.texts("button.danger").is_empty(), "there is nothing to press");
    let moved = move_all(&ann, "Tokyo", "DEFAULT").await;
    assert_eq!(moved.status, 200, "{}", moved.text());
    let notices = tab(&ann, "DEFAULT", "alerts").await.text();
    assert!(notices.contains("dev-1 moved from Tokyo to DEFAULT"), "{notices}");
    assert_eq!(enhanced_plus(&ulf, "DEFAULT").await, (40, 6, 34));
    assert_eq!(figures(&ulf, "DEFAULT", "CUWL").await.0, 100);
    assert_eq!(instances(&ulf, "DEFAULT").await, ["dev-1", "dev-2"]);
    let refused = app.device(3).register(&text).await.unwrap_err().to_string();
    assert!(refused.contains("revoked"), "{refused}");

    let question = ask(&ann, "Tokyo", "delete").await;
    let gone = ann.submit(question.form("form[action$='/delete']")).await;
    assert_eq!(gone.status, 200, "{}", gone.text());
    let tokyo = format!("{V1}/virtual-accounts/Tokyo/tokens");
    assert_eq!(app.rest_as("ann").await.get(&tokyo).await.status, 404);
    let log = account_events(app).await;
    assert!(some_with(&log, &["dev-1 moved from Tokyo to DEFAULT", "Tokyo (deleted)"]), "{log:#?}");
    assert!(some_with(&log, &["Virtual account Tokyo was deleted", "ann"]));
    let rows = ann.get("/sa/lab.example/activity/transactions?kind=Transfer").await;
    let rows = rows.texts("tbody tr");
    assert!(some_with(&rows, &["CUWL", "100", "Tokyo (deleted)", "DEFAULT"]), "{rows:?}");
}

/// AS-15, A-PIN-07
async fn restricted_licenses_hold_a_removal_back(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let mut three = app.device(3);
    three.register(&token(&ulf, "Fabric", json!({})).await).await.unwrap();
    three.consume_all(&[(tags::RESTRICTED, 1), (tags::ESSENTIALS, 4)]).await.unwrap();
    let browser = app.sign_in("ulf").await;
    let list = tab(&browser, "Fabric", "instances").await;
    let remove = list.attributes("a[href$='/remove']", "href").remove(0);
    let window = browser.get(&remove).await;
    assert!(window.text().contains("Restricted Licenses in Use"), "{}", window.text());
    let forced = window.form("form[action$='/release']");
    let done = browser.submit(forced.clone()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(figures(&ulf, "Fabric", "C9300 DNA Essentials").await.1, 0, "4 freed");
    assert_eq!(figures(&ulf, "Fabric", "Router US Export Lic. for DNA").await.1, 1, "1 kept");
    assert_eq!(instances(&ulf, "Fabric").await, ["dev-3"], "still listed");
    let only = browser.get(&remove).await;
    assert_eq!(only.texts("button.danger[disabled]").len(), 1, "OK is disabled");
    assert_eq!(browser.submit(forced).await.status, 409, "and pressing it anyway changes nothing");
    let body = json!({"productInstacesRemoveRequests":[{"sudi":{"udiPid":"SIM","udiSerialNumber":"000003"}}]});
    let refused = ulf.post(&format!("{V1}/virtual-accounts/Fabric/devices/remove"), &body).await;
    assert!(refused.text.contains("Restricted Licenses in Use"), "{refused:?}");
    three.consume_all(&[(tags::RESTRICTED, 0), (tags::ESSENTIALS, 0)]).await.unwrap();
    let asked = browser.get(&remove).await;
    assert_eq!(browser.submit(asked.form("form[action$='/remove']")).await.status, 200);
}

/// AS-06, A-TOK-08, A-EXP-01, A-EXP-02
async fn the_export_flag_travels_from_token_to_instance(app: &TestApp) {
    let bob = app.rest_as("bob").await;
    for (number, flag) in [(1, "Allowed"), (2, "Not Allowed")] {
        let text = token(&bob, "Berlin", json!({"exportControlled": flag})).await;
        app.device(number).register(&text).await.unwrap();
    }
    let browser = app.sign_in("bob").await;
    let shown = async |name: &str| {
        let list = tab(&browser, "Berlin", "instances").await;
        let page = browser.get(&list.link(name)).await;
        let place = page.texts("dt").iter().position(|term| term == "Export-controlled");
        page.texts("dd")[place.unwrap()].clone()
    };
    assert_eq!(shown("dev-1").await, "Allowed");
    assert_eq!(shown("dev-2").await, "Not Allowed");

    let off =
        app.rest().post("/_syncom/support/lab.example", &json!({"export_entitled":false})).await;
    assert_eq!((off.status, &off.json["export_entitled"]), (200, &json!(false)), "{off:?}");
    let general = tab(&browser, "Berlin", "general").await;
    let page = browser.get(&general.link("New Token…")).await;
    assert!(!page.html.contains("export_controlled"), "the box is not on the page");
    let form = page.form("form[action$='tokens/new']").set("terms", "yes");
    let forced = browser.submit(form.clone().set("export_controlled", "yes")).await;
    assert_eq!(forced.status, 400, "{}", forced.text());
    assert_eq!(browser.submit(form).await.status, 200, "A-TOK-14: without the flag it is made");
    assert_eq!(shown("dev-1").await, "Allowed", "it keeps its flag");
    assert!(some_with(
        &account_events(app).await,
        &["export-controlled", "switched off", "Support"]
    ));
}

/// A-MSA-02, A-MSA-03, A-MSA-09, A-VAS-01, A-VAS-03, A-VAS-06
async fn virtual_accounts_are_changed_and_found_by_tag(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let page = ask(&ann, "Berlin-Lab", "edit").await;
    let form = || page.form("form[action$='/edit']");
    for (field, value, text) in [
        ("name", "berlin", "already"),
        ("name", "", "name is needed"),
        ("tags", &*"y".repeat(51), "50"),
        ("description", &*"d".repeat(257), "256"),
    ] {
        let refused = ann.submit(form().set(field, value)).await;
        assert_eq!(refused.status, 400, "{field}: {}", refused.text());
        assert!(refused.text().to_lowercase().contains(text), "{text}: {}", refused.text());
    }
    let changed = form().set("name", "Berlin Test Floor").set("tags", "edge, lab, =1+1");
    assert_eq!(ann.submit(changed).await.status, 200);
    let found = ann.get(&format!("{LIST}?by=tag&search=ed")).await.table("Virtual Account");
    assert!(found.len() == 1 && found[0][0].starts_with("Berlin Test Floor"), "{found:?}");
    let shown = ann.get(&format!("{LIST}?by=tag&search=ed")).await;
    let file = ann.get(&shown.link("CSV")).await.html;
    assert_eq!(file.lines().count(), 2, "A-ACT-03: what is shown: {file}");
    assert!(file.contains("\"'=1+1, edge, lab\""), "no spreadsheet takes it for a formula: {file}");
    let log = account_events(app).await;
    assert!(
        some_with(&log, &["Berlin-Lab was changed", "Berlin Test Floor", "=1+1, edge, lab"]),
        "{log:?}"
    );

    let list = ann.get(LIST).await;
    let links = list.attributes("tbody th a[href*='/inventory/']", "href");
    let names = list.texts("tbody th a[href*='/inventory/']");
    let inner = links[names.iter().position(|n| n == "Berlin Test Floor").unwrap()].clone();
    let number = inner.split('/').nth(4).unwrap();
    let circle = ask(&ann, "Berlin", "edit").await.form("form[action$='/edit']");
    let refused = ann.submit(circle.set("parent", number)).await;
    assert!(refused.status == 400 && refused.text().contains("nested"), "{}", refused.text());

    let berta = app.sign_in("berta").await;
    assert_eq!(berta.get(&inner).await.status, 200, "her role reaches what is nested");
    let private = ask(&ann, "Berlin Test Floor", "edit").await.form("form[action$='/edit']");
    assert_eq!(ann.submit(private.set("access", "private")).await.status, 200);
    assert_eq!(berta.get(&inner).await.status, 404, "but not into a private one");
    assert_eq!(berta.get(&format!("{LIST}/{number}/edit")).await.status, 403);
}
