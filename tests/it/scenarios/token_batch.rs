//! Registration tokens for several virtual accounts at once.

use super::grounds::{Attached, NotEntitled};
use super::{account_events, events, some_with, tab, va_path};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Form, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    several_virtual_accounts_get_a_token_each,
    what_is_wrong_is_said_and_what_was_typed_stays,
    all_tokens_are_made_or_none,
    a_virtual_account_of_a_satellite_is_refused_with_its_reason,
    without_entitlement_no_export_box_is_offered,
);

const NEW: &str = "/sa/lab.example/tokens/new";
/// The form of the review.
const LAST: &str = "form[method='post'][action$='/tokens/new']";

async fn number(browser: &Browser, va: &str) -> String {
    let path = va_path(browser, va, "general").await;
    path.rsplit('/').nth(1).unwrap().to_owned()
}

/// The second step, after the terms were agreed to.
async fn details(browser: &Browser) -> Page {
    let form = browser.get(NEW).await.form("form[action$='/details']");
    browser.submit(form.set("terms", "yes")).await
}

async fn form(browser: &Browser) -> Form {
    details(browser).await.form("form[action$='/review']")
}

async fn tokens(browser: &Browser, va: &str) -> Vec<String> {
    let rows = tab(browser, va, "general").await.table("Token");
    rows.into_iter().map(|row| row.join(" | ")).collect()
}

/// A-TOK-02, A-TOK-08, A-TOK-16: terms, details, review, tokens; each leads into
/// its own virtual account.
async fn several_virtual_accounts_get_a_token_each(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let general = tab(&ann, "Berlin", "general").await;
    assert_eq!(general.link("Several Virtual Accounts…"), NEW);
    let form = form(&ann).await;
    assert_eq!(form.value("expire_after"), Some("30"));
    assert_eq!(form.value("export_controlled"), Some("yes"), "ticked by default");
    assert_eq!(form.value("va"), None, "nothing is chosen for anybody");
    let (berlin, lab) = (number(&ann, "Berlin").await, number(&ann, "Berlin-Lab").await);
    // The same box twice is one token.
    let form = form.tick("va", &berlin).tick("va", &lab).tick("va", &berlin);
    let review = ann.submit(form.set("description", "rollout").set("max_uses", "5")).await;
    assert_eq!(review.status, 200, "{}", review.text());
    for part in ["2 tokens", "Berlin-Lab", "30 days", "Allowed", "rollout", "2026-02-04 09:00"] {
        assert!(review.text().contains(part), "{part}: {}", review.text());
    }
    assert!(tokens(&ann, "Berlin").await.is_empty(), "a review makes nothing");
    let changed = ann.get(&review.link("Change")).await.form("form[action$='/review']");
    assert_eq!(changed.value("description"), Some("rollout"));
    assert_eq!(changed.value("va"), Some(&berlin[..]));

    let made = ann.submit(review.form(LAST)).await;
    assert_eq!(made.status, 200, "{}", made.text());
    each_leads_to_its_own(app, &ann, &made).await;
}

/// What the last step shows, and what it has made.
async fn each_leads_to_its_own(app: &TestApp, ann: &Browser, made: &Page) {
    assert_eq!(made.texts("section h2")[..2], ["Berlin", "Berlin-Lab"]);
    let files = made.attributes("a[href$='/download']", "href");
    let (one, two) = (made.one("#token-text-1"), made.one("#token-text-2"));
    assert_ne!(one, two);
    assert!(ann.get(&files[1]).await.html.starts_with(&two));
    let mut shown = Vec::new();
    for va in ["Berlin", "Berlin-Lab"] {
        let rows = tokens(ann, va).await;
        assert_eq!(rows.len(), 1, "{va}: {rows:?}");
        assert!(rows[0].contains("0 of 5") && rows[0].contains("rollout"), "{va}: {rows:?}");
        shown.push(rows[0].split(" | ").next().unwrap().to_owned());
        assert!(some_with(&events(ann, va).await, &["\"rollout\" was created", "ann"]));
    }
    assert_ne!(shown[0], shown[1], "lists tell them apart");
    assert!(some_with(&account_events(app).await, &[&shown[0], "was created"]));
    assert!(some_with(&account_events(app).await, &[&shown[1], "was created"]));
    app.device(1).register(&two).await.unwrap();
    assert!(tokens(ann, "Berlin-Lab").await[0].contains("1 of 5"));
    assert!(tokens(ann, "Berlin").await[0].contains("0 of 5"));
}

/// A-TOK-03, A-TOK-05, A-TOK-06, A-TOK-07, A-TOK-16
async fn what_is_wrong_is_said_and_what_was_typed_stays(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let unread = ann.submit(ann.get(NEW).await.form("form[action$='/details']")).await;
    assert_eq!(unread.status, 400);
    assert!(unread.one("#f-terms-error").contains("terms"), "{}", unread.text());

    let wrong = form(&ann).await.set("expire_after", "366").set("max_uses", "0");
    let long = "x".repeat(257);
    let again = ann.submit(wrong.clone().set("description", &long)).await;
    assert_eq!(again.status, 400);
    for (field, rule) in [
        ("va", "None is chosen; choose at least one."),
        ("expire_after", "366 is outside the rule: whole days from 1 to 365."),
        ("max_uses", "0 is not a whole number from 1"),
        ("description", "257 characters; the limit is 256."),
    ] {
        let said = again.one(&format!("#f-{field}-error"));
        assert!(said.contains(rule), "{field}: {said}");
    }
    let kept = again.form("form[action$='/review']");
    assert_eq!(kept.value("expire_after"), Some("366"));
    assert_eq!(kept.value("description"), Some(&long[..]));

    let tokyo = number(&ann, "Tokyo").await;
    let unticked =
        ann.submit(form(&ann).await.tick("va", &tokyo).set("export_controlled", "")).await;
    assert!(unticked.text().contains("Not Allowed"), "{}", unticked.text());
    let forged = [("terms", "yes"), ("va", &tokyo[..]), ("expire_after", "30"), ("csrf", "x")];
    assert_eq!(ann.post(NEW, &forged).await.status, 403, "a form of ours only");
}

/// A-TOK-16, A-TOK-17: one virtual account out of reach, and nothing is made anywhere.
async fn all_tokens_are_made_or_none(app: &TestApp) {
    let (ann, berta) = (app.sign_in("ann").await, app.sign_in("berta").await);
    let tokyo = number(&ann, "Tokyo").await;
    let page = details(&berta).await;
    assert_eq!(page.texts("fieldset label"), ["Berlin", "Berlin-Lab"], "only her own");
    let form = page.form("form[action$='/review']").tick("va", &number(&berta, "Berlin").await);
    let review = berta.submit(form).await.form(LAST);
    let refused = berta.submit(review.tick("va", &tokyo)).await;
    assert_eq!(refused.status, 404, "what is out of sight does not exist: {}", refused.text());
    assert!(refused.one("[role=alert]").contains(&tokyo), "{}", refused.text());
    assert!(tokens(&berta, "Berlin").await.is_empty());
    assert!(!some_with(&events(&berta, "Berlin").await, &["token"]));

    let vera = app.sign_in("vera").await;
    assert_eq!(vera.get(NEW).await.status, 403);
    let bob = app.sign_in("bob").await;
    let general = tab(&bob, "Berlin", "general").await;
    assert!(!general.text().contains("Several Virtual Accounts"), "bob has one only");
}

/// A-TOK-13, A-TOK-16
async fn a_virtual_account_of_a_satellite_is_refused_with_its_reason(app: &Attached) {
    let ann = app.0.sign_in("ann").await;
    let page = details(&ann).await;
    let (berlin, sat) = (number(&ann, "Berlin").await, number(&ann, "Sat-A-VA").await);
    assert_eq!(page.attributes("fieldset input[disabled]", "value"), [&sat[..]]);
    assert!(page.text().contains("create its registration tokens there"), "{}", page.text());
    let form = page.form("form[action$='/review']").tick("va", &berlin);
    let review = ann.submit(form).await.form(LAST);
    let refused = ann.submit(review.tick("va", &sat)).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.one("[role=alert]").contains("sat-a"), "{}", refused.text());
    let kept = refused.form("form[action$='/review']");
    assert_eq!(kept.value("va"), Some(&berlin[..]), "what was chosen stays");
    assert!(tokens(&ann, "Berlin").await.is_empty());
}

/// A-TOK-08, A-TOK-14, A-TOK-16
async fn without_entitlement_no_export_box_is_offered(app: &NotEntitled) {
    let ann = app.0.sign_in("ann").await;
    let form = form(&ann).await.tick("va", &number(&ann, "Berlin").await);
    assert_eq!(form.value("export_controlled"), None, "the box is not there");
    let review = ann.submit(form).await.form(LAST);
    let forced = ann.submit(review.clone().set("export_controlled", "yes")).await;
    assert_eq!(forced.status, 400, "{}", forced.text());
    assert!(forced.one("[role=alert]").contains("not entitled"), "{}", forced.text());
    assert_eq!(ann.submit(review).await.status, 200);
    assert!(tokens(&ann, "Berlin").await[0].contains("Not Allowed"));
}
