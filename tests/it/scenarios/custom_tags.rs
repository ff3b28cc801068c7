//! Custom tags of a Smart Account: names of labels with the values that they may have.

use super::{account_events, some_with, tab, va_path};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    a_custom_tag_is_created_changed_and_removed,
    labels_have_the_values_of_their_custom_tag,
    who_may_not_reads_custom_tags,
);

const LIST: &str = "/sa/lab.example/custom-tags";

async fn create(who: &Browser, name: &str, values: &str) -> Page {
    let form = who.get(&format!("{LIST}/new")).await.form("form[action$='/custom-tags/new']");
    who.submit(form.set("name", name).set("values", values)).await
}

/// The dialog of a custom tag: `edit` or `remove`.
async fn dialog(who: &Browser, name: &str, act: &str) -> Page {
    let list = who.get(LIST).await;
    let rows = list.table("Custom Tag");
    let at = rows.iter().position(|row| row[0] == name).unwrap();
    let href = list.attributes(&format!("td.actions a[href$='/{act}']"), "href")[at].clone();
    who.get(&href).await
}

async fn set_values(who: &Browser, name: &str, values: &str) -> Page {
    let form = dialog(who, name, "edit").await.form("form[action$='/edit']");
    who.submit(form.set("values", values)).await
}

/// Gives the virtual account Berlin labels.
async fn label(who: &Browser, tags: &str) -> Page {
    let general = va_path(who, "Berlin", "general").await;
    let number = general.split('/').nth(4).unwrap();
    let edit = who.get(&format!("/sa/lab.example/virtual-accounts/{number}/edit")).await;
    who.submit(edit.form("form[action$='/edit']").set("tags", tags)).await
}

fn refused(page: &Page, words: &str) {
    assert_eq!(page.status, 400, "{}", page.text());
    assert!(page.text().contains(words), "{words}: {}", page.text());
}

/// A-MSA-09, A-ACT-02
async fn a_custom_tag_is_created_changed_and_removed(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let before = ann.get("/sa/lab.example/virtual-accounts").await;
    let list = ann.get(&before.link("Custom Tags")).await;
    assert_eq!(list.table("Custom Tag")[0][..4], ["Region", "APAC EMEA", "0", "0"], "of the lab");
    for (name, values, words) in [
        ("", "a", "Must not be empty"),
        ("a:b", "a", "has a comma or a colon"),
        ("region", "a", "There is a custom tag Region already"),
        ("Stage", " , ", "At least one value is needed"),
        ("Stage", "lab: 1", "has a comma or a colon"),
    ] {
        let page = create(&ann, name, values).await;
        refused(&page, words);
        assert_eq!(page.one("#f-values").trim(), values.trim(), "what was typed stays");
    }
    let made = create(&ann, "Stage", "live\nlab, LIVE").await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.table("Custom Tag")[1][..2], ["Stage", "lab live"]);

    assert_eq!(label(&ann, "Stage: lab, edge").await.status, 200);
    refused(&set_values(&ann, "Stage", "live").await, "Labels in use need more: lab (1)");
    let changed = set_values(&ann, "Stage", "live, lab, old").await;
    assert_eq!(changed.table("Custom Tag")[1][..3], ["Stage", "lab live old", "1"]);
    refused(&create(&ann, "EDGE", "a").await, "Labels in use need more: no value (1)");

    let question = dialog(&ann, "Stage", "remove").await;
    assert!(question.text().contains("stay where they are"), "{}", question.text());
    let removed = ann.submit(question.form("form[action$='/remove']")).await;
    assert_eq!(removed.table("Custom Tag").len(), 1, "{}", removed.text());
    assert_eq!(label(&ann, "Stage: elsewhere").await.status, 200, "it is free");
    let gone = ann.submit(question.form("form[action$='/remove']")).await;
    assert_eq!(gone.status, 404, "{}", gone.text());
    let log = account_events(app).await;
    for words in [
        ["Custom tag Stage was created: lab, live.", "ann"],
        ["Custom tag Stage may be lab, live, old now.", "ann"],
        ["Custom tag Stage was removed; its labels stay.", "ann"],
    ] {
        assert!(some_with(&log, &words), "{words:?}: {log:?}");
    }
}

/// A-MSA-09, A-LIC-10, A-VAS-01
async fn labels_have_the_values_of_their_custom_tag(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let page = label(&ann, "edge, region: mars").await;
    refused(&page, "'mars' is no value of Region: APAC, EMEA");
    assert_eq!(page.attributes("#f-tags", "value"), ["edge, region: mars"], "what was typed stays");
    assert!(page.text().contains("Region: APAC | EMEA"), "{}", page.text());
    refused(&label(&ann, "REGION").await, "'Region' needs one of its values: APAC, EMEA");
    assert_eq!(label(&ann, "edge, region:emea").await.status, 200);
    let path = "/sa/lab.example/virtual-accounts?by=tag&search=region";
    let found = ann.get(path).await.table("Virtual Account");
    assert!(found.len() == 1 && found[0][0].ends_with("edge Region: EMEA"), "{found:?}");

    let licenses = tab(&ann, "Berlin", "licenses").await;
    let manage = ann.get(&licenses.link("Manage License Tags")).await;
    let id = manage.attributes("input[name=license]", "value").remove(0);
    let form = || manage.form("form[action$='license-tags']").set("license", &id);
    refused(&ann.submit(form().set("tags", "region: x")).await, "is no value of Region");
    assert_eq!(ann.submit(form().set("tags", "REGION: apac")).await.status, 200);
    let found = ann.get(&format!("{}?by=tag&search=Region", licenses.path)).await;
    assert!(found.table("License")[0][0].contains("Region: APAC"), "{}", found.text());
    let uses = ann.get(LIST).await.table("Custom Tag");
    assert_eq!(uses[0][..4], ["Region", "APAC EMEA", "1", "1"]);
    let of_tom = app.sign_in("tom").await.get(LIST).await.table("Custom Tag");
    assert_eq!(of_tom[0][..4], ["Region", "APAC EMEA", "0", "0"], "he sees Tokyo alone");
}

/// A-MSA-09
async fn who_may_not_reads_custom_tags(app: &TestApp) {
    let (ann, bob) = (app.sign_in("ann").await, app.sign_in("bob").await);
    let list = bob.get(LIST).await;
    assert_eq!(list.table("Custom Tag")[0][..2], ["Region", "APAC EMEA"]);
    assert!(list.attributes("a[href*='/custom-tags/']", "href").is_empty(), "{}", list.text());
    let csrf = list.attributes("input[name=csrf]", "value")[0].clone();
    let of_ann = ann.get(LIST).await.attributes("td.actions a", "href");
    for path in of_ann.iter().map(String::as_str).chain(["/sa/lab.example/custom-tags/new"]) {
        assert_eq!(bob.get(path).await.status, 403, "{path}");
        let fields = [("csrf", &csrf[..]), ("name", "x"), ("values", "y")];
        assert_eq!(bob.post(path, &fields).await.status, 403, "{path}");
    }
    assert_eq!(ann.get(&format!("{LIST}/none/edit")).await.status, 404);
}
