//! What the people of a local account are told in its Licensing Workspace, and what they make there
//! that CSSM only shows.

use super::signed_in;
use super::workspace::{HOME, PLUS, plant, va};
use crate::scenarios::{V1, tab, va_path};
use crate::support::app::{TestApp, instant};
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::device::tags;
use crate::support::satellite::Satellite;
use serde_json::json;
use syncom::config::LAB_PASSWORD;
use syncom::device::machine::AuthorizationState;
use syncom::domain::license::LicenseType;
use syncom::domain::on_prem::Profile;
use syncom::domain::security::PasswordRules;
use syncom::domain::standing::SyncKind;
use syncom::domain::sync::schedule::Schedule;
use syncom::domain::token::{Days, NewToken};
use syncom::domain::transfer::Precedence;
use syncom::engine::{NamedTransfer, VaRef, Who};
use syncom::lab::worlds::{DEFAULT, Move};

on_both_databases!(
    what_is_wrong_is_told_in_the_workspace,
    a_newer_agreement_is_told,
    a_loan_between_tiers_is_shown_in_detail,
    no_token_of_a_satellite_is_made_in_cssm,
    a_year_may_pass_by_setting,
);

async fn move_clock(app: &TestApp, to: &str) {
    let world = app.running.worlds.get(DEFAULT).unwrap();
    world.move_clock(Move::To(instant(to))).await.unwrap();
}

/// `Plant A`, which synchronizes only when it is told to; passwords do not end.
async fn on_its_own(app: &TestApp) -> (Satellite, i64) {
    let (sat, number) = plant(app).await;
    let never = Schedule { enabled: false, ..Schedule::default() };
    sat.engine.set_schedule(&sat.who, never).await.unwrap();
    let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
    sat.engine.set_password_rules(&sat.who, rules).await.unwrap();
    (sat, number)
}

/// The alerts of the local account, for its administrator.
async fn alerts(app: &TestApp) -> Page {
    signed_in(app, "sam").await.get(&format!("{HOME}/alerts")).await
}

/// A token of the default local virtual account, made by its administrator.
async fn token(sat: &Satellite) -> String {
    let who = Who::Session(sat.engine.sign_in("sam", LAB_PASSWORD).await.unwrap().secret);
    let new = NewToken {
        description: "a local one".to_owned(),
        days: Days::DEFAULT,
        max_uses: None,
        export_allowed: false,
    };
    let va = VaRef::Name("Default".to_owned());
    sat.engine.create_token(&who, "Plant A", va, new).await.unwrap().text
}

async fn ann(app: &TestApp) -> Who {
    Who::Session(app.engine().sign_in("ann", LAB_PASSWORD).await.unwrap().secret)
}

/// B-LWS-12, A-ALK-01, A-ALK-02, A-ALK-06 to A-ALK-08: short licenses, silent products, and what
/// stands between the account and CSSM, each in its days; narrowed by kind, and as a file.
async fn what_is_wrong_is_told_in_the_workspace(app: &TestApp) {
    let (sat, number) = on_its_own(app).await;
    assert!(alerts(app).await.table("Sev").is_empty());
    let mut device = sat.device(app, 1);
    device.register(&token(&sat).await).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 150).await.unwrap();
    assert_eq!(alerts(app).await.alerts("Insufficient Licenses").len(), 1);
    move_clock(app, "2026-02-05T09:00:00Z").await;
    let page = alerts(app).await;
    assert_eq!(page.alerts("Product Instance Failed to Connect").len(), 1, "{}", page.text());
    let late = page.alerts("Synchronization Overdue");
    assert!(late.len() == 1 && late[0].contains("Plant A"), "{late:?}");
    assert!(late[0].contains("2026-04-05") && late[0].contains("Minor"), "{late:?}");
    let sam = signed_in(app, "sam").await;
    let chosen = sam.get(&format!("{HOME}/alerts?kind=Synchronization%20Overdue")).await;
    assert_eq!(chosen.table("Sev").len(), 1, "{}", chosen.text());
    let (status, file) = sam.bytes(&format!("{HOME}/alerts.csv")).await;
    let file = String::from_utf8(file).unwrap();
    assert!(status == 200 && file.contains("Synchronization Overdue"), "{file}");
    move_clock(app, "2026-03-06T09:00:00Z").await;
    let page = alerts(app).await;
    assert!(page.alerts("Synchronization Overdue")[0].contains("Major"), "{}", page.text());
    assert_eq!(page.alerts("Upcoming Satellite Sync Deadline").len(), 1, "{}", page.text());
    let mut sat = sat;
    sat.again().await.sync(number, SyncKind::Standard).await.unwrap();
    let page = alerts(app).await;
    assert!(page.alerts("Synchronization Overdue").is_empty(), "{}", page.text());
    move_clock(app, "2026-06-30T09:00:00Z").await;
    let page = alerts(app).await;
    assert_eq!(page.alerts("Satellite Unregistered and Removed").len(), 1, "{}", page.text());
}

/// B-LWS-12, B-SYN-08, A-ALK-04: a text that CSSM has published is told after the next
/// synchronization, and so is that it was accepted there.
async fn a_newer_agreement_is_told(app: &TestApp) {
    let (sat, number) = on_its_own(app).await;
    app.engine().publish_agreement("2.0".to_owned()).await.unwrap();
    assert!(alerts(app).await.alerts("Smart License Agreement").is_empty(), "not heard of yet");
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let told = alerts(app).await.alerts("Updated Smart License Agreement");
    assert!(told.len() == 1 && told[0].contains("2.0"), "{told:?}");
    let sam = signed_in(app, "sam").await;
    let log = sam.get(&format!("{HOME}/activity/events")).await.text();
    assert!(log.contains("Version 2.0 of the agreement was published."), "{log}");
    app.engine().accept_agreement(&ann(app).await, "lab.example").await.unwrap();
    assert_eq!(alerts(app).await.alerts("Updated Smart License Agreement").len(), 1);
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let page = alerts(app).await;
    assert!(page.table("Sev").is_empty(), "{}", page.text());
}

/// B-LWS-13: who lends how many to whom, in the list and in the breakdown of the balance; CSSM
/// computes its own from what is told.
async fn a_loan_between_tiers_is_shown_in_detail(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let some = NamedTransfer {
        license: "CUWL".to_owned(),
        license_type: LicenseType::Perpetual,
        quantity: 20,
        to: "Sat-A-VA".to_owned(),
        precedence: Precedence::LongestTermFirst,
    };
    let (who, tokyo) = (ann(app).await, VaRef::Name("Tokyo".to_owned()));
    app.engine().transfer_named(&who, "lab.example", tokyo, vec![some]).await.unwrap();
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let mut device = sat.device(app, 1);
    device.register(&token(&sat).await).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 45).await.unwrap();
    assert_eq!(device.authorization(), AuthorizationState::Authorized);
    let sam = signed_in(app, "sam").await;
    let list = sam.get(&format!("{}/licenses", va(&sam, "Default").await)).await;
    for (license, loan) in [("CUWL", "−5"), (PLUS, "+5")] {
        let rows = list.table("License");
        let row = rows.iter().find(|row| row[0].starts_with(license)).unwrap();
        assert!(row.iter().any(|cell| cell == loan), "{license}: {row:?}");
    }
    let page = sam.get(&list.link(PLUS)).await;
    let parts: Vec<String> = page.table("Part").iter().map(|row| row.join(" | ")).collect();
    assert_eq!(
        parts,
        [
            "40 Perpetual licenses owned | +40",
            "45 in use by dev-1 | −45",
            "5 borrowed from CUWL substitution between tiers | +5"
        ]
    );
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let browser = app.sign_in("ann").await;
    let there = browser.get(&tab(&browser, "Sat-A-VA", "licenses").await.link(PLUS)).await;
    assert!(there.text().contains("5 borrowed from CUWL"), "{}", there.text());
}

/// Neither the page of CSSM makes a token there, nor a form that is sent without it, nor the form
/// for several virtual accounts, nor REST; each says why.
async fn none_is_made_in_cssm(app: &TestApp, ann: &Browser) {
    let general = tab(ann, "Sat-A-VA", "general").await;
    let offered = general.attributes("a[href*='/inventory/'][href$='/tokens/new']", "href");
    assert!(offered.is_empty(), "{offered:?}");
    assert!(general.text().contains("made on the satellite"), "{}", general.text());
    let csrf = general.attributes("input[name=csrf]", "value")[0].clone();
    let new = va_path(ann, "Sat-A-VA", "tokens/new").await;
    let fields = [("csrf", csrf.as_str()), ("expire_after", "30"), ("terms", "yes")];
    let posted = ann.post(&new, &fields).await;
    assert_eq!(posted.status, 409, "{}", posted.text());
    assert!(posted.text().contains("create its registration tokens there"), "{}", posted.text());
    let own = general.path.rsplit('/').nth(1).unwrap().to_owned();
    let batch = [&fields[..], &[("va", own.as_str())]].concat();
    let posted = ann.post("/sa/lab.example/tokens/new", &batch).await;
    assert!([400, 409].contains(&posted.status), "{} {}", posted.status, posted.text());
    let rest = app.rest_as("ann").await;
    let path = format!("{V1}/virtual-accounts/Sat-A-VA/tokens");
    let refused = rest.post(&path, &json!({"expiresAfterDays":30})).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(refused.text.contains("create its registration tokens there"), "{refused:?}");
}

/// AS-07, A-TOK-13: no token is made in CSSM; one of the satellite is listed after the next
/// synchronization, and nothing can be done to it.
async fn no_token_of_a_satellite_is_made_in_cssm(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let ann = app.sign_in("ann").await;
    none_is_made_in_cssm(app, &ann).await;
    assert!(tab(&ann, "Sat-A-VA", "general").await.table("Token").is_empty());
    token(&sat).await;
    assert!(tab(&ann, "Sat-A-VA", "general").await.table("Token").is_empty(), "not told yet");
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let general = tab(&ann, "Sat-A-VA", "general").await;
    let rows = general.table("Token");
    assert!(rows.len() == 1 && rows[0].join(" | ").contains("a local one"), "{rows:?}");
    for deed in ["revoke", "remove", "download"] {
        let links = general.attributes(&format!("a[href$='/{deed}']"), "href");
        assert!(links.is_empty(), "{deed}: {links:?}");
    }
}

/// A lab in which satellites have a year.
struct Year(TestApp);

impl Ground for Year {
    async fn on(database: Database) -> Self {
        let start = TestApp::start(database, |config| {
            config.settings.on_prem.profile = Profile::ON_PREM_8;
        });
        Self(start.await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// B-SYN-11, B-SYN-12, X-15, A-ALK-06 to A-ALK-08: with `onprem8_30_365` a synchronization is due
/// after 30 days all the same, nothing is removed after 90, and products go on; the end is told 30
/// days before, and comes after a year, on both sides.
async fn a_year_may_pass_by_setting(Year(app): &Year) {
    let (mut sat, number) = on_its_own(app).await;
    let mut device = sat.device(app, 1);
    device.register(&token(&sat).await).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    let due =
        |page: &Page, kind: &str| page.alerts(kind).iter().any(|row| row.contains("2027-01-05"));
    for (now, is_near) in [
        ("2026-02-04T09:00:00Z", false),
        ("2026-04-05T09:00:00Z", false),
        ("2026-12-06T08:59:59Z", false),
        ("2026-12-06T09:00:00Z", true),
    ] {
        move_clock(app, now).await;
        device.run_due().await.unwrap();
        assert_eq!(device.authorization(), AuthorizationState::Authorized, "{now}");
        let cssm = app.sign_in("ann").await.get("/sa/lab.example/alerts").await;
        for page in [alerts(app).await, cssm] {
            assert!(due(&page, "Synchronization Overdue"), "{now}: {}", page.text());
            let near = due(&page, "Upcoming Satellite Sync Deadline");
            assert_eq!(near, is_near, "{now}: {}", page.text());
        }
    }
    move_clock(app, "2027-01-05T09:00:00Z").await;
    let told = sat.again().await.sync(number, SyncKind::Standard).await.unwrap_err().to_string();
    assert!(told.contains("register with CSSM again"), "{told}");
    let page = alerts(app).await;
    assert_eq!(page.alerts("Satellite Unregistered and Removed").len(), 1, "{}", page.text());
    let ann = app.sign_in("ann").await;
    let page = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(page.alerts("Satellite expired and removed").len(), 1, "{}", page.text());
    assert!(device.renew_authorization().await.is_err());
    assert_eq!(device.authorization(), AuthorizationState::Authorized, "what it was told lasts");
}
