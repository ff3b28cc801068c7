//! The list of alerts, what people do about them, and the logs as files.

use super::{V1, account_events, events, some_with, tab, token, va_path};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_databases!(
    the_worst_alert_stands_first,
    an_expired_alert_is_dismissed_once,
    agreements_are_published_and_accepted,
    logs_are_filtered_and_exported,
    the_accounts_log_offers_product_instances,
    roles_decide_what_a_page_may_do,
    an_administrator_of_one_place_nests_below_it,
);

/// Berlin short by 3, one device long silent, one a little.
async fn troubled(app: &TestApp) {
    let bob = app.rest_as("bob").await;
    let text = token(&bob, "Berlin", json!({"expiresAfterDays":365})).await;
    let mut first = app.device(1);
    first.register(&text).await.unwrap();
    app.set_clock("2026-02-20T09:00:00Z");
    app.device(2).register(&text).await.unwrap();
    app.set_clock("2026-03-25T09:00:00Z");
    let mut third = app.device(3);
    third.register(&text).await.unwrap();
    third.consume(tags::ENHANCED_PLUS, 13).await.unwrap();
    let order = json!({"smart_account":"lab.example","virtual_account":"Berlin",
        "license":"UCM Basic","license_type":"PERPETUAL","quantity":1});
    assert_eq!(app.rest().post("/_syncom/orders", &order).await.status, 201);
}

/// AS-50, A-ALR-01, A-ALR-02, A-ALR-03, A-ALR-04, A-ALR-08, A-ALR-09, A-ALK-17
async fn the_worst_alert_stands_first(app: &TestApp) {
    troubled(app).await;
    let ulf = app.sign_in("ulf").await;
    let berlin = va_path(&ulf, "Berlin", "alerts").await;
    let of_berlin = |rows: Vec<Vec<String>>| -> Vec<(String, String)> {
        let own = rows.into_iter().filter(|row| row[2] == "Berlin");
        own.map(|row| (row[0].clone(), row[3].clone())).collect()
    };
    let pair = |severity: &str, due: &str| (severity.to_owned(), due.to_owned());
    let worst = [pair("Major", "Now"), pair("Major", "2026-04-05"), pair("Minor", "2026-05-21")];
    let account = of_berlin(ulf.get("/sa/lab.example/alerts").await.table("Sev"));
    assert_eq!(account, worst);
    let list = ulf.get(&berlin).await;
    let all = of_berlin(list.table("Sev"));
    assert_eq!(all[..3], worst);
    assert!(all[3..].iter().all(|row| *row == pair("Informational", "–")), "{all:?}");
    assert!(list.text().contains("1 UCM Basic were added by an order"), "{}", list.text());
    let only = ulf.get(&format!("{berlin}?severity=informational")).await.table("Sev");
    assert_eq!(only.len(), all.len() - 3, "{only:?}");
    let hidden = ulf.get(&list.link("Hide Alerts")).await;
    let choice = hidden.texts("a[href*='/inventory/']");
    assert!(choice.iter().any(|va| va.starts_with("Berlin") && va.contains('2')), "{choice:?}");

    let path = "/v1/software/apis/licensing/v1/account/lab.example/get-alerts";
    let rest = app.rest_as("ulf").await;
    let body = json!({"virtualAccounts":["Berlin"],"severity":["major"],"limit":-1});
    let answer = rest.post(path, &body).await;
    assert_eq!(answer.json["totalRecords"], 2, "{answer:?}");
    let alert = &answer.json["alerts"][1];
    assert_eq!(alert["messageType"], "Product Instance Failed to Connect");
    assert_eq!(
        (&alert["actionDue"], &alert["productInstanceHostName"]),
        (&json!("Apr 5, 2026"), &json!("dev-1"))
    );
    let wrong = rest.post(path, &json!({"severity":["fatal"]})).await;
    assert!(wrong.status == 400 && wrong.text.contains("fatal"), "{wrong:?}");
    assert_eq!(app.rest().post(path, &body).await.status, 401);
    let none = rest.post(path, &json!({"virtualAccounts":["Nowhere"]})).await;
    assert_eq!(none.status, 404, "{none:?}");
}

/// A-ALK-12, A-ALR-07: put away by a person, it does not come back, and clears no second time.
async fn an_expired_alert_is_dismissed_once(app: &TestApp) {
    app.set_clock("2026-03-08T09:00:00Z");
    let ulf = app.sign_in("ulf").await;
    let list = tab(&ulf, "DEFAULT", "alerts").await;
    assert_eq!(list.alerts("Licenses Expired").len(), 1, "{}", list.text());
    let question = ulf.get(&list.link("Dismiss")).await;
    let done = ulf.submit(question.form("form[action*='dismiss']")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(done.alerts("Licenses Expired").is_empty(), "{}", done.text());
    app.set_clock("2026-05-08T09:00:00Z");
    let log = events(&app.sign_in("ulf").await, "DEFAULT").await;
    assert!(some_with(&log, &["was dismissed", "ulf"]), "{log:?}");
    assert!(!some_with(&log, &["Licenses Expired is over"]), "dismissed, not cleared: {log:?}");
    let vera = app.sign_in("vera").await;
    let path = question.path.clone();
    assert_eq!(vera.get(&path).await.status, 403, "viewers dismiss nothing");
}

/// A-SHL-05, A-ALK-04, A-ALK-05, A-MSA-08
async fn agreements_are_published_and_accepted(app: &TestApp) {
    let publish = async |version: &str| {
        app.rest().post("/_syncom/agreements", &json!({"version":version})).await
    };
    assert_eq!(publish("").await.status, 400);
    assert_eq!(publish("2.0").await.status, 201);
    let updated = "Updated Smart License Agreement";
    let ulf = app.sign_in("ulf").await;
    let alerts = ulf.get("/sa/lab.example/alerts").await;
    assert!(some_with(&alerts.alerts(updated), &["Minor", "2026-02-04"]), "{}", alerts.text());
    let page = ulf.get("/sa/lab.example/agreement").await;
    assert!(page.texts("button.primary").is_empty(), "users may not accept: {}", page.text());
    let csrf = page.attributes("form[action$='/agreement'] input[name=csrf]", "value").remove(0);
    assert_eq!(ulf.post("/sa/lab.example/agreement", &[("csrf", &csrf)]).await.status, 403);

    let appi = app.sign_in("appi").await;
    let page = appi.get("/sa/lab.example/agreement").await;
    let done = appi.submit(page.form("form[action$='/agreement']")).await;
    assert!(done.status == 200 && done.text().contains("Version 2.0 by appi"), "{}", done.text());
    assert!(ulf.get("/sa/lab.example/alerts").await.alerts(updated).is_empty());
    assert!(some_with(
        &account_events(app).await,
        &["Version 2.0 of the agreement was accepted", "appi"]
    ));
}

/// What a selection sends for one of its entries.
fn choice(page: &Page, select: &str, label: &str) -> String {
    let options = format!("select[name={select}] option");
    let at = page.texts(&options).iter().position(|text| text == label).unwrap();
    page.attributes(&options, "value")[at].clone()
}

/// A-EVT-02, A-ACT-02: the log of the Smart Account is filtered by product instance as well.
async fn the_accounts_log_offers_product_instances(app: &TestApp) {
    troubled(app).await;
    let ulf = app.sign_in("ulf").await;
    let page = ulf.get("/sa/lab.example/activity/events").await;
    let instance = choice(&page, "instance", "dev-2");
    let rows = ulf.get(&format!("{}?instance={instance}", page.path)).await.table("Message");
    assert!(!rows.is_empty() && rows.iter().all(|row| row[0].contains("dev-2")), "{rows:?}");
    let bob = app.sign_in("bob").await.get(&page.path).await;
    assert!(bob.texts("select[name=instance] option").contains(&"dev-2".to_owned()));
    let tom = app.sign_in("tom").await.get(&page.path).await;
    assert!(!tom.text().contains("dev-2"), "not his virtual account: {}", tom.text());
}

/// A-EVT-01, A-EVT-02, A-ACT-01, A-ACT-03, A-ALR-11, C-REP-05, C-REP-06, C-REP-07
async fn logs_are_filtered_and_exported(app: &TestApp) {
    troubled(app).await;
    let ulf = app.sign_in("ulf").await;
    let page = tab(&ulf, "Berlin", "events").await;
    let instance = choice(&page, "instance", "dev-2");
    let shown = ulf.get(&format!("{}?instance={instance}", page.path)).await;
    let rows = shown.table("Message");
    assert!(!rows.is_empty() && rows.iter().all(|row| row[0].contains("dev-2")), "{rows:?}");
    let csv = ulf.get(&shown.link("CSV")).await;
    assert!(csv.html.starts_with("\u{feff}Time,Virtual Account,User,Message\r\n"), "{}", csv.html);
    assert_eq!(csv.html.lines().count(), rows.len() + 1, "what is filtered: {}", csv.html);

    let all = ulf.get("/sa/lab.example/activity/transactions").await;
    assert!(all.table("SKU").iter().any(|row| row.contains(&"UCM-ENHP-K9".to_owned())));
    let license = choice(&all, "license", "UCM Basic");
    let path = format!("{}?license={license}&kind=Order", all.path);
    let some = ulf.get(&path).await;
    assert_eq!(some.table("Date").len(), 1, "{}", some.text());
    let csv = ulf.get(&some.link("CSV")).await.html;
    assert!(csv.contains("Order,UCM Basic,,1,,,Berlin,"), "{csv}");
    let csv = ulf.get("/sa/lab.example/activity/transactions.csv?kind=Expiry").await.html;
    assert!(csv.contains("Expiry,Demo Host,,-3,2026-03-06,DEFAULT,"), "{csv}");
    let majors = ulf.get("/sa/lab.example/alerts?severity=major").await;
    let csv = ulf.get(&majors.link("CSV")).await.html;
    assert_eq!(csv.lines().count(), 1 + majors.table("Message").len(), "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let none = ulf.get("/sa/lab.example/alerts?severity=major&source=DEFAULT").await;
    assert!(none.text().contains("No alert matches the filter"), "{}", none.text());
    let wrong = ulf.get("/sa/lab.example/alerts?severity=fatal").await;
    assert!(wrong.status == 400 && wrong.text().contains("fatal"), "{}", wrong.text());
    let wrong = ulf.get("/sa/lab.example/activity/transactions?kind=Gift").await;
    assert!(wrong.status == 400 && wrong.text().contains("Gift"), "{}", wrong.text());
    let bob = app.sign_in("bob").await.get("/sa/lab.example/activity/events.csv").await;
    assert!(
        bob.html.contains("Berlin") && !bob.html.contains("Demo Host"),
        "VA users get their own"
    );
}

/// Everything that any of the forms asks for.
fn filled<'a>(csrf: &'a str, number: &'a str) -> [(&'static str, &'a str); 8] {
    [
        ("csrf", csrf),
        ("name", "X"),
        ("access", "public"),
        ("what", "freeze"),
        ("expire_after", "30"),
        ("terms", "yes"),
        ("to", number),
        ("license", "019b8d62-7a80-7003-bd89-11764520e17b"),
    ]
}

/// What an administrator is offered anywhere, with the identities of things that are there.
async fn every_action(ann: &Browser) -> BTreeSet<String> {
    let mut everywhere = crate::portal::actions(ann, "ann").await;
    everywhere.insert("/sa/lab.example/agreement".to_owned());
    for part in [
        "/clock",
        "alerts/dismiss?key=",
        "/tokens/",
        "/transfer",
        "/remove",
        "/empty",
        "/edit",
        "/delete",
        "/default",
        "license-tags",
    ] {
        assert!(everywhere.iter().any(|path| path.contains(part)), "{part} in {everywhere:#?}");
    }
    everywhere
}

/// AS-53, A-TOK-17, A-VAS-06: every page that changes something, for those who may not.
async fn roles_decide_what_a_page_may_do(app: &TestApp) {
    troubled(app).await;
    let ann = app.sign_in("ann").await;
    let berlin = va_path(&ann, "Berlin", "x").await;
    let number = berlin.split('/').nth(4).unwrap().to_owned();
    let at = |tail: &str| format!("/sa/lab.example/inventory/{number}/{tail}");
    let mut everywhere = every_action(&ann).await;
    // The support desk belongs to the lab, not to a role (A-RSV-14).
    everywhere.retain(|path| !path.contains("/support"));
    for name in ["vera", "tom", "appi"] {
        let browser = app.sign_in(name).await;
        let csrf = csrf(&browser).await;
        // Tom administers another virtual account; vera only looks, wherever it is.
        let not_theirs =
            |path: &&String| name == "vera" || *path == "/clock" || path.contains(&number);
        for path in everywhere.iter().filter(not_theirs) {
            let fields = filled(&csrf, &number);
            let answer = browser.post(path, &fields).await;
            let refusals: &[u16] = if name == "vera" { &[403] } else { &[403, 404] };
            assert!(refusals.contains(&answer.status), "{name} {path}: {}", answer.status);
        }
        let page = browser.get("/sa/lab.example/virtual-accounts").await;
        assert!(page.texts("a[href$='/delete']").is_empty(), "{name}: hidden what is refused");
    }
    let appi = app.sign_in("appi").await;
    assert_eq!(appi.get(&at("licenses")).await.status, 404, "appi does not reach Inventory");
    let v: Value = app.rest_as("vera").await.post(&format!("{V1}/licenses"), &json!({})).await.json;
    assert_eq!(v["status"], "COMPLETE", "viewers see");
}

/// AS-53, A-VAS-06: an administrator of Berlin nests, and does nothing above.
async fn an_administrator_of_one_place_nests_below_it(app: &TestApp) {
    let berta = app.sign_in("berta").await;
    let berlin = va_path(&berta, "Berlin", "x").await;
    let number = berlin.split('/').nth(4).unwrap().to_owned();
    let secret = csrf(&berta).await;
    let fields = |name: &'static str, parent: &'static str| {
        [
            ("csrf", secret.clone()),
            ("name", name.into()),
            ("access", "public".into()),
            ("parent", parent.to_owned()),
        ]
    };
    let post = async |path: &str, fields: &[(&str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &value[..])).collect();
        berta.post(path, &fields).await.status
    };
    let new = "/sa/lab.example/virtual-accounts/new";
    let mut nested = fields("Nested", "");
    nested[3].1.clone_from(&number);
    assert_eq!(post(new, &nested).await, 200);
    assert_eq!(post(new, &fields("Top", "")).await, 403);
    let delete = format!("/sa/lab.example/virtual-accounts/{number}/delete");
    assert_eq!(post(&delete, &nested[..1]).await, 403);
}

/// The secret of a signed-in browser's forms.
async fn csrf(browser: &crate::support::browser::Browser) -> String {
    browser.get("/").await.attributes("form[action='/logout'] input[name=csrf]", "value").remove(0)
}
