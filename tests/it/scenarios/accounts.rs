//! The default virtual account and the rules of names.

use super::grounds::Attached;
use super::{account_events, enhanced_plus, some_with};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(exactly_one_virtual_account_is_the_default, names_are_unique_and_bounded);

const LIST: &str = "/sa/lab.example/virtual-accounts";

async fn press(browser: &Browser, name: &str, what: &str) -> Page {
    let list = browser.get(LIST).await;
    let links = "tbody th a[href*='/inventory/']";
    let at = list.texts(links).iter().position(|text| text == name).unwrap();
    let number = list.attributes(links, "href")[at].split('/').nth(4).unwrap().to_owned();
    let path = format!("{LIST}/{number}/{what}");
    let asked = browser.get(&path).await;
    if asked.status != 200 {
        return asked;
    }
    browser.submit(asked.form(&format!("form[action$='/{what}']"))).await
}

async fn stars(browser: &Browser) -> Vec<String> {
    let list = browser.get(LIST).await;
    let names = list.texts("tbody th").into_iter();
    names.filter(|name| name.to_lowercase().contains("default virtual account")).collect()
}

/// AS-21, A-VAS-04, A-MSA-03, A-MSA-04
async fn exactly_one_virtual_account_is_the_default(app: &Attached) {
    let (app, ann) = (&app.0, app.0.sign_in("ann").await);
    assert_eq!(press(&ann, "Berlin", "default").await.status, 200);
    let starred = stars(&ann).await;
    assert_eq!(starred.len(), 1, "{starred:?}");
    assert!(starred[0].starts_with("Berlin"), "{starred:?}");
    assert!(some_with(&account_events(app).await, &["Berlin is the default", "ann"]));

    let order = json!({"smart_account":"lab.example","license":"UCM Enhanced Plus",
        "license_type":"PERPETUAL","quantity":2});
    assert_eq!(app.rest().post("/_syncom/orders", &order).await.status, 201);
    assert_eq!(enhanced_plus(&app.rest_as("ulf").await, "Berlin").await, (12, 0, 12));

    let refused = press(&ann, "Sat-A-VA", "default").await;
    assert!((400..410).contains(&refused.status), "{}", refused.text());
    assert!(refused.text().contains("sat-a"), "{}", refused.text());
    let refused = press(&ann, "Berlin", "delete").await;
    assert!(refused.text().contains("default"), "{}", refused.text());
    assert_eq!(stars(&ann).await.len(), 1);
}

/// AS-21, A-MSA-02, A-MSA-11
async fn names_are_unique_and_bounded(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let new = format!("{LIST}/new");
    for (name, text) in [("berlin ", "Berlin"), (&*"x".repeat(101), "100"), ("", "name")] {
        let form = ann.get(&new).await.form("form[action$='/new']");
        let page = ann.submit(form.set("name", name)).await;
        assert_eq!(page.status, 400, "{name:?}: {}", page.text());
        assert!(page.text().contains(text), "{name:?}: {}", page.text());
    }
    let name = "München 東京 \"=1+1\"";
    let form = ann.get(&new).await.form("form[action$='/new']");
    let created = ann.submit(form.set("name", name)).await;
    assert_eq!(created.status, 200, "{}", created.text());
    let csv = ann.get(&format!("{LIST}.csv")).await;
    assert_eq!(csv.status, 200);
    assert!(csv.html.contains("München 東京"), "{}", csv.html);
    assert!(csv.html.contains("\"\"=1+1\"\""), "quotes are doubled: {}", csv.html);
    let berta = app.sign_in("berta").await;
    assert_eq!(berta.post(&new, &[("name", "Top")]).await.status, 403);
}
