//! Synchronization on the pages of the Administration Workspace, with CSSM's own pages at the
//! other end.

use super::{fill, new_user, signed_in};
use crate::scenarios::V1;
use crate::support::app::{T0, TestApp, instant};
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases, run};
use crate::support::on_prem::{LIST, download, file_sync, on_prem};
use crate::support::satellite::Satellite;
use actix_web::rt;
use chrono::TimeDelta;
use serde_json::json;
use std::sync::mpsc;
use syncom::config::{Config, LAB_PASSWORD};
use syncom::domain::security::PasswordRules;
use syncom::domain::standing::SyncState;

on_both_databases!(
    the_list_tells_how_each_account_stands,
    a_click_synchronizes_over_the_network,
    a_password_is_asked_for_when_the_login_has_ended,
    a_login_lasts_as_long_as_the_setting_says,
    files_are_carried_from_page_to_page,
    wrong_files_are_refused_in_the_dialog,
    what_is_outdated_is_refused,
    schedules_are_set_for_all_and_for_one,
    what_is_hidden_does_not_go_up,
    who_may_not_synchronize_is_told_so,
);

/// Where the synchronizations are.
pub const SYNC: &str = "/admin/synchronization";

/// A satellite with one account that is registered over the network, and its administrator.
pub async fn registered(app: &TestApp) -> (Satellite, i64, Browser) {
    let satellite = Satellite::of(app, "sat-a").await;
    let number = satellite.registered("Plant A", "Sat-A-VA").await;
    (satellite, number, signed_in(app, "admin").await)
}

pub fn at(number: i64, rest: &str) -> String {
    format!("{SYNC}/{number}{rest}")
}

/// The cells of a local account's row.
pub async fn row(browser: &Browser, name: &str) -> Vec<String> {
    let page = browser.get(SYNC).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let rows = page.table("Local Account");
    rows.into_iter().find(|cells| cells[0] == name).unwrap()
}

/// Presses *Download File* in the dialog.
pub async fn request(browser: &Browser, number: i64, kind: &str) -> (u16, Vec<u8>) {
    let dialog = browser.get(&at(number, "/manual")).await;
    browser.save(dialog.form("form[action$='/request']").set("kind", kind)).await
}

/// Presses *Upload File* in the dialog.
pub async fn respond(browser: &Browser, number: i64, file: &[u8]) -> Page {
    let dialog = browser.get(&at(number, "/manual")).await;
    let form = dialog.form("form[action$='/response']");
    browser.upload(form, ("response.sync", file)).await
}

/// Carries a request to CSSM and brings its response.
pub async fn carry(app: &TestApp, name: &str, file: &[u8]) -> Vec<u8> {
    let ann = app.sign_in("ann").await;
    let taken = file_sync(&ann, name, file).await;
    assert!(taken.text().contains("The file is taken"), "{}", taken.text());
    let page = on_prem(&ann, name).await;
    download(&ann, &page.link("Download Response File")).await.1
}

/// B-SYN-01, B-SYN-02, B-SYN-10, B-SYN-11: name, state, last, due, next and alerts, as time passes.
async fn the_list_tells_how_each_account_stands(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let empty = admin.get(SYNC).await;
    assert!(empty.text().contains("No registered local account"), "{}", empty.text());
    let satellite = Satellite::of(app, "sat-a").await;
    let asked = satellite.request("Plant B", "Sat-B-VA").await;
    let number = satellite.registered("Plant A", "Sat-A-VA").await;
    let cells = row(&admin, "Plant A").await;
    assert_eq!(cells[1], "Synchronized");
    for (cell, part) in [(2, "2026-01-05 09:00"), (3, "in 30 days"), (4, "2026-02-01 02:00")] {
        assert!(cells[cell].contains(part), "{part}: {cells:?}");
    }
    assert_eq!(cells[5], "None");
    let list = admin.get(SYNC).await.text();
    assert!(!list.contains("Plant B"), "it is only asked for: {list}");
    let early = admin.get(&at(asked, "")).await;
    assert_eq!(early.status, 409, "{}", early.text());
    assert!(early.text().contains("Plant B is not registered."));
    for action in ["Standard Synchronization Now…", "Full Synchronization Now…"] {
        assert!(list.contains(action), "{action}: {list}");
    }
    let details = admin.get(&at(number, "")).await.text();
    for fact in ["Contoso Lab", "Sat-A-VA", "full synchronization 1", "2026-07-04", "Full"] {
        assert!(details.contains(fact), "{fact}: {details}");
    }
    for path in ["/schedules", "/events"] {
        assert_eq!(admin.get(&format!("{SYNC}{path}")).await.status, 200, "{path}");
    }
    for path in [at(99, ""), at(99, "/manual"), at(number, "/now/huge"), format!("{SYNC}/x")] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
}

/// B-SYN-02, B-SYN-03: standard and full, with their numbers in the log.
async fn a_click_synchronizes_over_the_network(app: &TestApp) {
    let (_, number, admin) = registered(app).await;
    for (kind, told) in
        [("standard", "standard synchronization 2"), ("full", "full synchronization 3")]
    {
        let page = fill(&admin, &at(number, &format!("/now/{kind}")), &[]).await;
        assert_eq!(page.path, at(number, ""));
        let text = page.text();
        assert!(text.contains("Plant A is synchronized with CSSM."), "{text}");
        assert!(text.contains(told), "{told}: {text}");
    }
    let log = admin.get(&format!("{SYNC}/events")).await.text();
    assert!(log.contains("full synchronization 3"), "{log}");
}

/// AS-44, B-ACC-08, B-SYN-05: the dialog asks for a user of CSSM once the login has ended, says
/// what is wrong with what was typed, and the right one is good for another 180 days.
async fn a_password_is_asked_for_when_the_login_has_ended(app: &TestApp) {
    let (satellite, number, admin) = registered(app).await;
    let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
    satellite.engine.set_password_rules(&satellite.who, rules).await.unwrap();
    // Nothing begins by itself while somebody clicks.
    fill(&admin, &format!("{SYNC}/schedules/edit"), &[("enabled", "")]).await;
    let path = at(number, "/now/standard");
    assert!(admin.get(&path).await.texts("input[name=password]").is_empty());
    for day in [30, 60, 90, 120, 150, 179] {
        app.set_clock(&instant_after(day));
        let satellite = signed_in_again(app).await;
        assert_eq!(fill(&satellite, &path, &[]).await.path, at(number, ""), "day {day}");
    }
    app.set_clock(&instant_after(181));
    let admin = signed_in_again(app).await;
    let dialog = admin.get(&path).await;
    assert!(dialog.text().contains("The login for CSSM has ended"), "{}", dialog.text());
    for (user, password, status, told) in [
        ("", "", 400, "A value is needed."),
        ("ann", "", 400, "A value is needed."),
        ("ann", "wrong", 409, "wrong"),
        ("vera", LAB_PASSWORD, 409, "vera"),
    ] {
        let page = fill(&admin, &path, &[("user", user), ("password", password)]).await;
        assert_eq!(page.status, status, "{user} {password}: {}", page.text());
        assert!(page.text().contains(told), "{told}: {}", page.text());
        assert!(!page.html.contains(LAB_PASSWORD), "what was typed does not come back");
    }
    let page = fill(&admin, &path, &[("user", "ann"), ("password", LAB_PASSWORD)]).await;
    assert!(page.text().contains("Plant A is synchronized with CSSM."), "{}", page.text());
    assert!(page.text().contains("in 180 days"), "{}", page.text());
}

/// A lab in which a login for CSSM lasts 30 days.
pub struct Short(TestApp);

impl Ground for Short {
    async fn on(database: Database) -> Self {
        let thirty = |config: &mut Config| config.settings.on_prem.credential_days = 30;
        Self(TestApp::start(database, thirty).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// AS-44, B-ACC-08: the login of before September 2020, by setting.
async fn a_login_lasts_as_long_as_the_setting_says(Short(app): &Short) {
    let (_, number, admin) = registered(app).await;
    fill(&admin, &format!("{SYNC}/schedules/edit"), &[("enabled", "")]).await;
    for (day, asks) in [(29, false), (31, true)] {
        app.set_clock(&instant_after(day));
        let admin = signed_in_again(app).await;
        let dialog = admin.get(&at(number, "/now/standard")).await;
        assert_eq!(dialog.text().contains("The login for CSSM has ended"), asks, "day {day}");
    }
}

fn instant_after(days: i64) -> String {
    (instant(T0) + TimeDelta::days(days)).iso()
}

/// Days have passed: a session does not last that long.
async fn signed_in_again(app: &TestApp) -> Browser {
    signed_in(app, "admin").await
}

/// AS-36, B-SYN-06, B-SYN-10, B-SYN-15: request down, to CSSM, response up; by pages on both sides.
async fn files_are_carried_from_page_to_page(app: &TestApp) {
    let (satellite, number, admin) = registered(app).await;
    let dialog = admin.get(&at(number, "/manual")).await;
    assert!(dialog.text().contains("No request waits for it yet."), "{}", dialog.text());
    let (status, file) = request(&admin, number, "standard").await;
    assert_eq!(status, 200);
    assert_eq!(row(&admin, "Plant A").await[1], "Waiting for response file");
    let details = admin.get(&at(number, "")).await.text();
    assert!(details.contains("Request 2 (standard, by file)"), "{details}");
    let taken = respond(&admin, number, &carry(app, "Plant A", &file).await).await;
    assert_eq!(taken.path, at(number, ""), "{}", taken.text());
    assert!(taken.text().contains("The response is taken"), "{}", taken.text());
    assert_eq!(row(&admin, "Plant A").await[1], "Synchronized");
    let stands = satellite.view(number).await.standing.unwrap();
    assert_eq!((stands.state, stands.next_sequence), (SyncState::Synchronized, 3));
    let (status, _) = request(&admin, number, "huge").await;
    assert_eq!(status, 400);
}

/// AS-38, AS-39, AS-40, B-SYN-13, B-SYN-14: each refusal is told in the dialog and in the log, and
/// changes nothing.
async fn wrong_files_are_refused_in_the_dialog(app: &TestApp) {
    let (satellite, number, admin) = registered(app).await;
    let other = satellite.registered("Plant B", "Sat-B-VA").await;
    let (_, first) = request(&admin, number, "standard").await;
    let old = carry(app, "Plant A", &first).await;
    let (_, second) = request(&admin, number, "standard").await;
    let good = carry(app, "Plant A", &second).await;
    let foreign = carry(app, "Plant B", &request(&admin, other, "standard").await.1).await;
    let mut tampered = good.clone();
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    for (file, status, told) in [
        (&b""[..], 400, "Choose the response file that CSSM has made."),
        (b"no file at all", 400, "The file is not taken"),
        (&good[..good.len() - 9], 400, "The file is not taken"),
        (&tampered, 400, "The file is not taken"),
        (&second, 400, "This is a request file; a response file is needed here."),
        (&foreign, 409, "This file is for the On-Prem Plant B"),
        (&old, 409, "This file answers request 2; the open request is 3."),
    ] {
        let page = respond(&admin, number, file).await;
        assert_eq!(page.status, status, "{told}: {}", page.text());
        assert!(page.one("#f-file-error").contains(told), "{told}: {}", page.text());
    }
    assert_eq!(row(&admin, "Plant A").await[1], "Waiting for response file");
    assert_eq!(respond(&admin, number, &good).await.path, at(number, ""));
    let again = respond(&admin, number, &good).await;
    assert!(again.one("#f-file-error").contains("Plant A waits for no such file"));
    let log = admin.get(&at(number, "")).await.text();
    assert!(log.contains("A response file for Plant A was refused: This file answers"), "{log}");
}

/// B-SYN-14, AS-40: a synchronization over the network makes an open request by file stale, and an
/// account that CSSM has removed makes no files.
async fn what_is_outdated_is_refused(app: &TestApp) {
    let (satellite, number, admin) = registered(app).await;
    let (_, file) = request(&admin, number, "standard").await;
    let response = carry(app, "Plant A", &file).await;
    fill(&admin, &at(number, "/now/full"), &[]).await;
    let stale = respond(&admin, number, &response).await;
    assert_eq!(stale.status, 409, "{}", stale.text());
    assert!(stale.one("#f-file-error").contains("waits for no such file"), "{}", stale.text());
    let removed = on_prem_removed(app, "Plant A").await;
    assert!(removed.contains("is removed"), "{removed}");
    let refused = fill(&admin, &at(number, "/now/standard"), &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("register again"), "{}", refused.text());
    let cell = row(&admin, "Plant A").await.swap_remove(1);
    assert!(cell.starts_with("Expired") && cell.contains("register again"), "{cell}");
    let (status, _) = request(&admin, number, "full").await;
    assert_eq!(status, 409, "an account that has expired makes no files");
    let details = admin.get(&at(number, "")).await;
    assert!(!details.text().contains("Manual Synchronization…"), "{}", details.text());
    assert_eq!(satellite.state(number).await, SyncState::Failed);
}

/// B-SYN-14, B-SYN-10: while one is under way the page says so, and another one is refused, by
/// network and by file. With SQLite alone: on one PostgreSQL the two sites would wait for each other.
#[actix_web::test]
async fn one_synchronization_at_a_time() {
    run(Database::sqlite(), while_one_is_under_way).await;
}

async fn while_one_is_under_way(app: &TestApp) {
    let (_, number, admin) = registered(app).await;
    let (release, held) = mpsc::channel::<()>();
    let (tell, told) = mpsc::channel::<()>();
    let cssm = app.engine().clone();
    // CSSM cannot answer while somebody else writes there.
    let busy = rt::spawn(async move {
        let wait = move |_: &mut _| Ok(tell.send(()).is_ok() && held.recv().is_ok());
        cssm.seed(wait).await
    });
    rt::task::spawn_blocking(move || told.recv()).await.unwrap().unwrap();
    let other = signed_in(app, "admin").await;
    let path = at(number, "/now/standard");
    let first = rt::spawn(async move { fill(&other, &path, &[]).await });
    while row(&admin, "Plant A").await[1] != "In progress" {
        rt::task::yield_now().await;
    }
    let second = fill(&admin, &at(number, "/now/full"), &[]).await;
    assert_eq!(second.status, 409, "{}", second.text());
    assert!(second.text().contains("A synchronization of Plant A is in progress."));
    assert_eq!(request(&admin, number, "standard").await.0, 409);
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap().path, at(number, ""));
    assert!(busy.await.unwrap().unwrap());
    assert_eq!(row(&admin, "Plant A").await[1], "Synchronized");
}

/// Removes an On-Prem in CSSM; what the page says.
async fn on_prem_removed(app: &TestApp, name: &str) -> String {
    let ann = app.sign_in("ann").await;
    let path = ann.get(LIST).await.link(name);
    let ask = ann.get(&format!("{path}/remove")).await;
    ann.submit(ask.form("main form")).await.text()
}

/// B-SYN-04: the satellite's schedule, an account's own, and back; wrong days and times are told
/// beside their fields.
async fn schedules_are_set_for_all_and_for_one(app: &TestApp) {
    let (_, number, admin) = registered(app).await;
    let edit = format!("{SYNC}/schedules/edit");
    let weekly = [("enabled", "yes"), ("rhythm", "weekly"), ("weekday", "3"), ("time", "04:15")];
    let page = fill(&admin, &edit, &weekly).await;
    assert!(page.text().contains("Weekly on Wednesday at 04:15 UTC"), "{}", page.text());
    assert!(row(&admin, "Plant A").await[4].contains("2026-01-07 04:15"));
    let own = at(number, "/schedule");
    let daily = [("whose", "own"), ("rhythm", "daily"), ("time", "23:30")];
    let page = fill(&admin, &own, &daily).await;
    assert!(page.text().contains("Daily at 23:30 UTC (its own)"), "{}", page.text());
    assert!(row(&admin, "Plant A").await[4].contains("2026-01-05 23:30"));
    for (fields, told) in [
        ([("rhythm", "monthly"), ("day", "32"), ("time", "02:00")], "A number from 1 to 31."),
        ([("rhythm", "daily"), ("day", "1"), ("time", "25:00")], "A time of day like 02:00, UTC."),
        (
            [("rhythm", "hourly"), ("day", "1"), ("time", "02:00")],
            "is not daily, weekly or monthly",
        ),
    ] {
        for path in [&edit, &own] {
            let page = fill(&admin, path, &fields).await;
            assert_eq!(page.status, 400, "{told}: {}", page.text());
            assert!(page.text().contains(told), "{told}: {}", page.text());
        }
    }
    let page = fill(&admin, &own, &[("whose", "satellite")]).await;
    assert!(page.text().contains("Wednesday"), "{}", page.text());
    let off = fill(&admin, &edit, &[("enabled", "")]).await;
    assert!(off.text().contains("Off"), "{}", off.text());
    assert_eq!(row(&admin, "Plant A").await[4], "–");
}

/// B-SYN-09: what is ticked does not reach CSSM, and comes back ticked.
async fn what_is_hidden_does_not_go_up(app: &TestApp) {
    let (satellite, number, admin) = registered(app).await;
    let token = satellite.token("Plant A", "Default").await;
    let mut device = satellite.device(app, 1);
    device.register(&token).await.unwrap();
    let page = fill(&admin, &at(number, "/privacy"), &[("hostname", "yes")]).await;
    assert!(page.text().contains("Hidden from CSSMhost names"), "{}", page.text());
    let dialog = admin.get(&at(number, "/privacy")).await;
    assert_eq!(dialog.form("main form").value("hostname"), Some("yes"));
    assert_eq!(dialog.form("main form").value("mac"), None);
    fill(&admin, &at(number, "/now/standard"), &[]).await;
    let devices = async || {
        let ann = app.rest_as("ann").await;
        let asked = json!({"virtualAccounts":["Sat-A-VA"]});
        ann.post(&format!("{V1}/devices"), &asked).await.text
    };
    let hidden = devices().await;
    assert!(hidden.contains("SN:000001") && !hidden.contains("\"dev-1\""), "{hidden}");
    fill(&admin, &at(number, "/privacy"), &[("hostname", "")]).await;
    fill(&admin, &at(number, "/now/full"), &[]).await;
    let shown = devices().await;
    assert!(shown.contains("\"dev-1\""), "{shown}");
}

/// B-SHL-01, B-SYN-02: the tab is for System Admins and Operators, strangers are led to the login,
/// and forms of others are not taken.
async fn who_may_not_synchronize_is_told_so(app: &TestApp) {
    let (_, number, admin) = registered(app).await;
    let olga = signed_in(app, "olga").await;
    let page = fill(&olga, &at(number, "/now/standard"), &[]).await;
    assert!(page.text().contains("Plant A is synchronized"), "{}", page.text());
    new_user(&admin, "nina", "System User").await;
    let sam = signed_in(app, "sam").await;
    let stranger = super::browser(app);
    for path in ["", "/now/standard", "/manual", "/schedule", "/privacy"] {
        let path = at(number, path);
        assert_eq!(sam.get(&path).await.status, 403, "{path}");
        assert!(stranger.get(&path).await.path.starts_with("/login"), "{path}");
    }
    for path in [SYNC, &format!("{SYNC}/schedules"), &format!("{SYNC}/events")] {
        assert_eq!(sam.get(path).await.status, 403, "{path}");
    }
    for path in ["/now/standard", "/request", "/schedule", "/privacy"] {
        let forged = admin.post(&at(number, path), &[("kind", "standard")]).await;
        assert_eq!(forged.status, 403, "{path}: a form that no page of ours made");
    }
    assert!(!sam.get("/").await.text().contains("Synchronization"));
}
