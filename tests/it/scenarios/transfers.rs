//! Transfers between virtual accounts.

use super::{ENHANCED_PLUS, V1, enhanced_plus, events, some_with, tab, token, va_path};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Form, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::device::tags;
use serde_json::json;
use syncom::device::machine::AuthorizationState;

on_both_databases!(
    a_shortage_is_resolved_from_its_alert,
    more_than_available_is_refused,
    a_transfer_may_cause_a_shortage_when_confirmed,
    a_strict_site_lets_no_transfer_go_short,
    two_transfers_at_once_move_the_licenses_once,
    a_license_shows_its_order_history,
);

/// The lab with five of Tokyo's licenses reserved for a device.
pub struct Reserved(TestApp);

impl Ground for Reserved {
    async fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reserved.yaml");
        let lab = include_str!("../../../src/lab/fixtures/lab.yaml");
        let more = "    reservations:\n      - { virtual_account: Tokyo, pid: SIM, serial: \"R1\", \
                    license: UCM Enhanced Plus, quantity: 5 }\n";
        std::fs::write(&path, format!("{lab}{more}")).unwrap();
        let fixture = path.display().to_string();
        Self(TestApp::start(database, |config| config.fixture = fixture).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// A site where no transfer may leave its source short.
pub struct Strict(TestApp);

impl Ground for Strict {
    async fn on(database: Database) -> Self {
        let strict = TestApp::start(database, |config| {
            config.settings.transfer_may_go_short = false;
        });
        Self(strict.await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// The dialog for UCM Enhanced Plus in a virtual account.
async fn dialog(browser: &Browser, va: &str) -> Page {
    let licenses = tab(browser, va, "licenses").await;
    let rows = licenses.attributes("a[href$='/transfer'], a[href*='/transfer?']", "href");
    let row = licenses.table("License").iter().position(|row| row[0].contains("UCM Enhanced Plus"));
    browser.get(&rows[row.unwrap()]).await
}

/// The form that moves some of the first line from `va` to `target`.
async fn moving(browser: &Browser, va: &str, target: &str, quantity: &str) -> Form {
    let page = dialog(browser, va).await;
    let target = va_path(browser, target, "x").await;
    let number = target.rsplit('/').nth(1).unwrap().to_owned();
    let field = page.attributes("input.narrow", "name").remove(0);
    page.form("form[action$='/transfer']")
        .set("direction", "to")
        .set("target", &number)
        .set(&field, quantity)
}

/// The transfers among the license transactions.
async fn transfers_listed(browser: &Browser) -> Vec<String> {
    let page = browser.get("/sa/lab.example/activity/transactions").await;
    page.texts("tbody tr").into_iter().filter(|row| row.contains("Transfer")).collect()
}

/// From the alert through the filled-in dialog to its preview.
async fn preview_from_the_alert(ulf: &Browser) -> Page {
    let alerts = ulf.get("/sa/lab.example/alerts").await;
    let page = ulf.get(&alerts.link("Transfer From…")).await;
    let form = page.form("form[action$='/transfer']");
    assert_eq!(form.value("direction"), Some("from"));
    let field = page.attributes("input.narrow", "name").remove(0);
    assert_eq!(form.value(&field), Some("3"), "what is missing is filled in");
    let preview = ulf.submit(form).await;
    let rows: Vec<String> =
        preview.table("Virtual Account").iter().map(|row| row.join(" | ")).collect();
    for (name, figures) in [
        ("Tokyo", ["40 becomes 37", "+40 becomes +37"]),
        ("Berlin", ["10 becomes 13", "−3 becomes 0"]),
    ] {
        assert!(some_with(&rows, &[name, figures[0], figures[1]]), "{name}: {rows:?}");
    }
    preview
}

/// AS-11, A-TRF-01, A-TRF-07, A-ACT-01, A-ACT-02
async fn a_shortage_is_resolved_from_its_alert(app: &TestApp) {
    let bob = app.rest_as("bob").await;
    let mut one = app.device(1);
    one.register(&token(&bob, "Berlin", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 13).await.unwrap();

    let ulf = app.sign_in("ulf").await;
    let preview = preview_from_the_alert(&ulf).await;
    let rest = app.rest_as("ulf").await;
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (10, 13, -3), "a preview moves nothing");

    let done = ulf.submit(preview.form("form[action$='/transfer']")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (13, 13, 0));
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (37, 0, 37));
    let left = ulf.get("/sa/lab.example/alerts").await.alerts("Insufficient");
    assert!(left.is_empty(), "{left:?}");
    for va in ["Berlin", "Tokyo"] {
        let log = events(&ulf, va).await;
        assert!(
            some_with(&log, &["3 UCM Enhanced Plus", "from Tokyo to Berlin", "ulf"]),
            "{log:?}"
        );
    }
    let rows = transfers_listed(&ulf).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(some_with(&rows, &["Tokyo", "Berlin", "3"]), "{rows:?}");

    assert_eq!(one.authorization(), AuthorizationState::OutOfCompliance, "not before it asks");
    one.renew_authorization().await.unwrap();
    assert_eq!(one.authorization(), AuthorizationState::Authorized);
}

/// AS-17, A-TRF-02
async fn more_than_available_is_refused(app: &Reserved) {
    let (app, ulf) = (&app.0, app.0.sign_in("ulf").await);
    let rest = app.rest_as("ulf").await;
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (40, 5, 35), "reserved counts as in use");
    for (target, quantity, text) in
        [("Berlin", "36", "At most 35"), ("Berlin", "0", "nothing to transfer"), ("Berlin", "", "")]
    {
        let page = ulf.submit(moving(&ulf, "Tokyo", target, quantity).await).await;
        assert!((400..410).contains(&page.status), "{quantity:?}: {}", page.status);
        assert!(page.text().contains(text), "{quantity:?}: {}", page.text());
    }
    let same = moving(&ulf, "Tokyo", "Tokyo", "1").await;
    let same = ulf.submit(same).await;
    assert!((400..410).contains(&same.status), "{}", same.text());
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (40, 5, 35), "nothing moved");

    let preview = ulf.submit(moving(&ulf, "Tokyo", "Berlin", "35").await).await;
    let done = ulf.submit(preview.form("form[action$='/transfer']")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (5, 5, 0));
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (45, 0, 45));
}

/// AS-18, A-TRF-03
async fn a_transfer_may_cause_a_shortage_when_confirmed(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let mut one = app.device(1);
    one.register(&token(&rest, "Tokyo", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 30).await.unwrap();
    rest.take_the_substitutes_away().await;
    let ulf = app.sign_in("ulf").await;
    let preview = ulf.submit(moving(&ulf, "Tokyo", "Berlin", "15").await).await;
    assert!(preview.text().contains("−5"), "{}", preview.text());
    let asked = ulf.submit(preview.form("form[action$='/transfer']")).await;
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (40, 30, 10), "the first press only asks");
    assert!(asked.text().contains("short of 5"), "{}", asked.text());
    let done = ulf.submit(asked.form("form[action$='/transfer']")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (25, 30, -5));
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (25, 0, 25));
}

/// AS-18, X-14
async fn a_strict_site_lets_no_transfer_go_short(app: &Strict) {
    let rest = app.0.rest_as("ulf").await;
    let mut one = app.0.device(1);
    one.register(&token(&rest, "Tokyo", json!({})).await).await.unwrap();
    one.consume(tags::ENHANCED_PLUS, 30).await.unwrap();
    rest.take_the_substitutes_away().await;
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    for (quantity, status) in [(11, "ERROR"), (10, "SUCCESS")] {
        let body = json!({"licenses":[{"license":"UCM Enhanced Plus","licenseType":"PERPETUAL",
            "quantity":quantity,"targetVirtualAccount":"Berlin","precedence":"LONGEST_TERM_FIRST"}]});
        let answer = rest.post(&path, &body).await;
        assert_eq!(answer.json["status"], status, "{quantity}: {answer:?}");
    }
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (30, 30, 0));
}

/// AS-19, A-TRF-07
async fn two_transfers_at_once_move_the_licenses_once(app: &TestApp) {
    let (ulf, ann) = (app.sign_in("ulf").await, app.sign_in("ann").await);
    let first = ulf.submit(moving(&ulf, "Tokyo", "Berlin", "25").await).await;
    let second = ann.submit(moving(&ann, "Tokyo", "Berlin", "25").await).await;
    let press = |page: &Page| page.form("form[action$='/transfer']");
    let (one, two) =
        futures_util::future::join(ulf.submit(press(&first)), ann.submit(press(&second))).await;
    let mut outcomes = [(one.status, one.text()), (two.status, two.text())];
    outcomes.sort_by_key(|(status, _)| *status);
    assert_eq!(outcomes[0].0, 200, "{outcomes:?}");
    assert!((400..410).contains(&outcomes[1].0), "{outcomes:?}");
    assert!(outcomes[1].1.contains("At most 15"), "{outcomes:?}");
    let rest = app.rest_as("ulf").await;
    assert_eq!(enhanced_plus(&rest, "Tokyo").await, (15, 0, 15));
    assert_eq!(enhanced_plus(&rest, "Berlin").await, (35, 0, 35));
}

/// A-LIC-07: four tabs; the last one has what this virtual account received and gave.
async fn a_license_shows_its_order_history(app: &TestApp) {
    let ulf = app.sign_in("ulf").await;
    for _ in 0..2 {
        let preview = ulf.submit(moving(&ulf, "Tokyo", "Berlin", "3").await).await;
        assert_eq!(ulf.submit(preview.form("form[action$='/transfer']")).await.status, 200);
    }
    let history = async |browser: &Browser, va: &str| {
        let licenses = tab(browser, va, "licenses").await;
        let page = browser.get(&licenses.link(ENHANCED_PLUS)).await;
        for label in ["Overview", "Product Instances", "Event Log"] {
            let tab = browser.get(&page.link(label)).await;
            assert_eq!(
                (tab.status, tab.one("[aria-label=Sections] [aria-current]")),
                (200, label.into())
            );
        }
        let page = browser.get(&page.link("Order History")).await;
        page.table("Date").into_iter().map(|row| row.join(" | ")).collect::<Vec<_>>()
    };
    let bob = app.sign_in("bob").await;
    let rows = history(&bob, "Berlin").await;
    assert_eq!(rows.len(), 3, "{rows:?}");
    for part in ["Transfer", "| 3 |", "Tokyo", "Berlin", "ulf"] {
        assert!(rows[0].contains(part), "{part}: {rows:?}");
    }
    assert!(some_with(&rows[2..], &["Order", "SO-1001", "+10"]), "{rows:?}");
    let rows = history(&ulf, "Tokyo").await;
    assert!(some_with(&rows, &["SO-1002", "+40"]) && rows.len() == 3, "{rows:?}");
    assert!(!some_with(&rows, &["CUWL"]), "of this license only: {rows:?}");
}
