//! Registering by files.

use crate::scenarios::{account_events, some_with};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::on_prem::{LIST, TestSatellite, download, on_prem};
use syncom::domain::sync::Kind;

on_both_databases!(
    an_authorization_file_is_ready_after_its_delay,
    a_registration_file_is_checked,
    the_dialog_takes_names_and_places,
);

/// A lab where authorization files take two hours.
pub struct Slow(TestApp);

impl Ground for Slow {
    async fn on(database: Database) -> Self {
        let slow = |config: &mut syncom::config::Config| {
            config.settings.on_prem.authorization_hours = 2;
        };
        Self(TestApp::start(database, slow).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// Uploads a registration file in the dialog.
pub async fn create(browser: &Browser, fields: &[(&str, &str)], file: &[u8]) -> Page {
    let page = browser.get(&format!("{LIST}/new")).await;
    let form = page.form("form[action$='new']");
    let form = fields.iter().fold(form, |form, (name, value)| match *name {
        "place" => form.tick(name, value),
        _ => form.set(name, value),
    });
    browser.upload(form, ("registration.sync", file)).await
}

/// AS-35, A-OPA-02, A-OPA-03, A-OPA-04, A-ALK-09, A-ALK-10: pending, ready after 2 h on the clock,
/// downloaded as often as one likes until the first synchronization.
async fn an_authorization_file_is_ready_after_its_delay(slow: &Slow) {
    let app = &slow.0;
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::new("sat-a");
    let made = create(&ann, &[], &one.registration(&["Sat-A-VA"])).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let path = format!("{}/authorization", made.path);
    assert_eq!(download(&ann, &path).await.0, 409, "it is not ready");
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(alerts.alerts("Authorization Pending").len(), 1, "{}", alerts.text());
    app.set_clock("2026-01-05T10:59:59Z");
    assert_eq!(download(&ann, &path).await.0, 409);
    app.set_clock("2026-01-05T11:00:00Z");
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(alerts.alerts("Authorization Pending").len(), 0, "{}", alerts.text());
    assert_eq!(alerts.alerts("Satellite Authorization File Ready").len(), 1, "{}", alerts.text());
    assert_eq!(alerts.link("Download Authorization File"), path);
    let (status, file) = download(&ann, &path).await;
    assert_eq!(status, 200);
    one.read(app, &file);
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(alerts.alerts("Authorization File Ready").len(), 0, "{}", alerts.text());
    assert_eq!(download(&ann, &path).await.0, 200, "again, until it synchronizes");
    let log = account_events(app).await;
    for part in ["Authorization Pending:", "Authorization Pending is over", "File Ready:"] {
        assert!(some_with(&log, &[part]), "{part}: {log:?}");
    }
    let file = one.request(app, Kind::Full, vec![]);
    let taken = crate::support::on_prem::file_sync(&ann, "sat-a", &file).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert_eq!(download(&ann, &path).await.0, 409, "it synchronizes now");
}

/// AS-39, A-OPA-02: what is no registration file, or not of its maker's key, is refused.
async fn a_registration_file_is_checked(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::new("sat-a");
    let good = one.registration(&["Sat-A-VA"]);
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let request = one.request(app, Kind::Full, vec![]);
    let other = TestSatellite { uid: one.uid, ..TestSatellite::new("sat-a") };
    let wrong_account = other.registration_for("Fabrikam", &["Sat-A-VA"]);
    for (file, part) in [
        (vec![], "empty"),
        (b"hello".to_vec(), "not a synchronization file"),
        (changed, "unreadable"),
        (good[..good.len() - 9].to_vec(), "unreadable"),
        (request, "a registration file is needed"),
        (wrong_account, "Smart Account Fabrikam"),
    ] {
        let refused = create(&ann, &[], &file).await;
        assert_eq!(refused.attributes("#f-file", "aria-invalid"), ["true"], "{}", refused.text());
        assert!(refused.text().contains(part), "{part}: {}", refused.text());
    }
    assert!(ann.get(LIST).await.table("On-Prem Name").is_empty());
    assert_eq!(create(&ann, &[], &good).await.status, 200);
    let again = create(&ann, &[("name", "other")], &good).await;
    assert!(again.text().contains("that of the On-Prem sat-a already"), "{}", again.text());
}

/// A-OPA-02, A-OPA-07, A-OPA-10, X-11: name, address and further virtual accounts by the dialog.
async fn the_dialog_takes_names_and_places(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::new("sat-a");
    let more = [("place", "Sat-B-VA"), ("name", "Plant"), ("email", "ops@lab.example")];
    let refused = create(&ann, &more, &one.registration(&["Sat-A-VA"])).await;
    assert!(refused.text().contains("exactly one virtual account"), "{}", refused.text());
    one.mode = syncom::protocol::sync::Mode::Classic;
    let made = create(&ann, &more, &one.registration(&["Sat-A-VA"])).await;
    for part in ["Plant", "ops@lab.example", "Sat-A-VA", "Sat-B-VA"] {
        assert!(made.text().contains(part), "{part}: {}", made.text());
    }
    let form = ann.get(&made.link("Add Virtual Account…")).await.form("form[action$='attach']");
    let attached = ann.submit(form.set("new_place", "Third")).await;
    assert!(attached.text().contains("Third is attached"), "{}", attached.text());
    let form = ann.get(&made.link("Rename…")).await.form("form[action$='rename']");
    let bad = ann.submit(form.clone().set("name", "a/b")).await;
    assert_eq!(bad.attributes("#f-name", "aria-invalid"), ["true"], "{}", bad.text());
    let renamed = ann.submit(form.set("name", "Plant B")).await;
    assert!(renamed.text().contains("It is called Plant B now"), "{}", renamed.text());
    let page = on_prem(&ann, "Plant B").await;
    assert!(page.text().contains("The On-Prem Plant is called Plant B now"), "{}", page.text());
}
