//! Reservations at a satellite that knows CSSM by files only: its own key signs the codes.

use super::reservations::{enter, filled, finish};
use super::{ENHANCED_PLUS as PLUS, V1, figures, some_with};
use crate::support::air_gap::AirGap;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::paper::{Offline, Paper};
use crate::support::satellite::{Satellite, wish};
use serde_json::json;
use syncom::config::LAB_PASSWORD;
use syncom::device::machine::Ask;
use syncom::domain::on_prem::Mode;
use syncom::domain::standing::SyncKind;
use syncom::engine::AccountWish;

on_both_databases!(
    a_satellite_reserves_from_its_own_pool,
    a_satellite_refuses_what_it_cannot_sign_or_decide,
    in_classic_mode_reserved_licenses_stay_where_they_are,
    an_account_that_is_not_active_gives_out_no_code,
);

/// The row of the license on *Select Licenses*.
const ROW: &str = "UCM Enhanced Plus Perpetual";

/// `Plant A` with 40 licenses; its number, and `admin` in a browser.
async fn plant(gap: &AirGap, mode: Mode) -> (Satellite, i64, Browser) {
    let some = json!({"licenses":[{"license":PLUS,"licenseType":"PERPETUAL","quantity":40,
        "targetVirtualAccount":"Sat-A-VA","precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    let moved = gap.cloud.rest_as("ann").await.post(&path, &some).await.json;
    assert_eq!(moved["status"], "SUCCESS", "{moved}");
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let wish = AccountWish { mode, ..wish("Plant A", "Sat-A-VA\nSat-B-VA") };
    let wish = match mode {
        Mode::Classic => wish,
        Mode::OnPrem8 => AccountWish { virtual_accounts: "Sat-A-VA".into(), ..wish },
    };
    let number = sat.engine.request_local_account(&sat.who, wish).await.unwrap().number;
    gap.register_again(&mut sat, number).await;
    sat.again().await;
    let browser = Browser::new(&gap.plants.satellite_url());
    let page = browser.get("/login").await;
    let form = page.form("form").set("username", "admin").set("password", LAB_PASSWORD);
    assert_eq!(browser.submit(form).await.status, 200);
    (sat, number, browser)
}

/// A page of a local virtual account.
async fn at(browser: &Browser, va: &str, tab: &str) -> Page {
    let list = browser.get("/sa/Plant%20A/virtual-accounts").await;
    let general = list.link(va);
    browser.get(&general.replace("/general", &format!("/{tab}"))).await
}

/// The wizard after the first step.
async fn asked(browser: &Browser, va: &str, code: &str) -> Page {
    let page = at(browser, va, "reserve").await;
    browser.submit(page.form("main form").set("code", code)).await
}

/// A device that trusts the root of CSSM, and has heard of no satellite.
fn device(gap: &AirGap, number: u32) -> Offline<'_> {
    Offline::new(&gap.cloud, number)
}

/// Purchased, in use and balance here; quantity, in use and available in CSSM.
async fn both(gap: &AirGap, sat: &Satellite) -> [(i64, i64, i64); 2] {
    let ann = gap.cloud.rest_as("ann").await;
    let (quantity, in_use, available, _) = figures(&ann, "Sat-A-VA", PLUS).await;
    [sat.figures("Plant A", "Default", PLUS).await, (quantity, in_use, available)]
}

/// A-RSV-22, B-LWS-11, B-SYN-07, X-21: reserved, confirmed, updated and returned at the satellite; the
/// device knows CSSM's root alone, and CSSM hears of each step by the next standard file.
async fn a_satellite_reserves_from_its_own_pool(gap: &AirGap) {
    let (sat, number, admin) = plant(gap, Mode::OnPrem8).await;
    let licenses = at(&admin, "Default", "licenses").await;
    assert!(licenses.text().contains("License Reservation"), "{}", licenses.text());
    let (mut dev10, paper) = (device(gap, 10), Paper::new(10));
    let select = asked(&admin, "Default", &paper.request()).await;
    let made = finish(&admin, &select, &[(ROW, "10")]).await;
    let code = made.one("#authorization-code");
    let certificates = paper.read(&code).certificates().len();
    assert_eq!(certificates, 1, "{code}");
    let confirmation = dev10.install(&code);
    assert_eq!(both(gap, &sat).await, [(40, 10, 30), (40, 0, 40)]);
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    assert_eq!(both(gap, &sat).await, [(40, 10, 30), (40, 10, 30)]);

    let own = at(&admin, "Default", "instances").await.attributes("tbody th a", "href");
    let instance = own.first().unwrap();
    let done = enter(&admin, &format!("{instance}/confirm"), &confirmation).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let form = admin.get(&format!("{instance}/update")).await;
    let update = finish(&admin, &form, &[(ROW, "4")]).await.one("#authorization-code");
    enter(&admin, &format!("{instance}/confirm"), &dev10.install(&update)).await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    assert_eq!(both(gap, &sat).await, [(40, 4, 36), (40, 4, 36)]);
    seen_in_cssm(gap, &paper).await;

    dev10.ask(Ask::Return).unwrap();
    let done = enter(&admin, &format!("{instance}/remove"), &dev10.returned()).await;
    assert!(done.text().contains("4 licenses are available again"), "{}", done.text());
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    assert_eq!(both(gap, &sat).await, [(40, 0, 40), (40, 0, 40)]);
}

/// In CSSM the instance is the satellite's: it can be looked at, and nothing else.
async fn seen_in_cssm(gap: &AirGap, paper: &Paper) {
    let ann = gap.ann().await;
    let tab = super::tab(&ann, "Sat-A-VA", "instances").await;
    let href = tab.attributes("tbody th a", "href").into_iter().next().unwrap();
    let page = ann.get(&href).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains(paper.serial()) && page.text().contains(PLUS), "{}", page.text());
    assert!(!page.text().contains("Certificate ends"), "{}", page.text());
    for act in ["update", "rehost", "remove", "transfer", "authorization"] {
        let refused = ann.get(&format!("{href}/{act}")).await;
        assert_eq!(refused.status, 409, "{act}: {}", refused.text());
    }
}

/// A-RSV-22, A-RSV-01: a universal code has no room for the satellite's certificate; switches are
/// CSSM's; what support ends here is ended.
async fn a_satellite_refuses_what_it_cannot_sign_or_decide(gap: &AirGap) {
    let (sat, _, admin) = plant(gap, Mode::OnPrem8).await;
    let refused = asked(&admin, "Default", &Paper::new(10).universal_request()).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let told = refused.one("#f-code-error");
    assert!(told.contains("only CSSM can answer it"), "{told}");
    let select = asked(&admin, "Default", &Paper::new(10).request()).await;
    assert_eq!(select.attributes("input[name='kind']", "value"), ["specific"]);
    let refused = admin.submit(filled(&select, &[(ROW, "41")])).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    finish(&admin, &select, &[(ROW, "40")]).await;

    let desk = admin.get("/sa/Plant%20A/support").await;
    assert_eq!(desk.status, 200, "{}", desk.text());
    assert!(desk.text().contains("those of CSSM's support desk"), "{}", desk.text());
    assert!(desk.attributes("button[name='on']", "value").is_empty());
    let csrf = desk.form("form[action='/logout']").value("csrf").unwrap().to_owned();
    let fields = [("csrf", csrf.as_str()), ("what", "reservation"), ("on", "no")];
    let refused = admin.post("/sa/Plant%20A/support", &fields).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    let href = desk.attributes("a[href$='/remove']", "href").into_iter().next().unwrap();
    let question = admin.get(&href).await;
    let done = admin.submit(question.form("main form")).await;
    assert!(done.text().contains("is removed"), "{}", done.text());
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (40, 0, 40));
    let log = at(&admin, "Default", "events").await.texts("tbody tr");
    assert!(some_with(&log, &["admin", "000010"]), "{log:?}");
}

/// A-RSV-22, B-ACC-09: what is deactivated reserves nothing and updates nothing; what comes back is
/// taken.
async fn an_account_that_is_not_active_gives_out_no_code(gap: &AirGap) {
    let (sat, number, admin) = plant(gap, Mode::OnPrem8).await;
    let (mut dev10, dev11) = (device(gap, 10), Paper::new(11));
    let select = asked(&admin, "Default", &Paper::new(10).request()).await;
    let code = finish(&admin, &select, &[(ROW, "4")]).await.one("#authorization-code");
    dev10.install(&code);
    let open = asked(&admin, "Default", &dev11.request()).await;
    let begun = filled(&open, &[(ROW, "2")]);
    let reason = "moving house".to_owned();
    sat.engine.deactivate_local_account(&sat.who, number, reason).await.unwrap();

    let licenses = at(&admin, "Default", "licenses").await;
    assert!(licenses.attributes("a[href$='/reserve']", "href").is_empty());
    let own = at(&admin, "Default", "instances").await;
    assert!(own.attributes("a[href$='/update']", "href").is_empty());
    let own = own.attributes("tbody th a", "href").into_iter().next().unwrap();
    let late = admin.submit(begun).await;
    for refused in
        [at(&admin, "Default", "reserve").await, late, admin.get(&format!("{own}/update")).await]
    {
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.text().contains("Inactive"), "{}", refused.text());
    }
    dev10.ask(Ask::Return).unwrap();
    let done = enter(&admin, &format!("{own}/remove"), &dev10.returned()).await;
    assert!(done.text().contains("4 licenses are available again"), "{}", done.text());
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (40, 0, 40));
}

/// X-11, A-PIN-10: a reserved product would take its licenses along, and where those are is
/// decided in CSSM.
async fn in_classic_mode_reserved_licenses_stay_where_they_are(gap: &AirGap) {
    let (sat, _, admin) = plant(gap, Mode::Classic).await;
    let select = asked(&admin, "Sat-A-VA", &Paper::new(10).request()).await;
    finish(&admin, &select, &[(ROW, "3")]).await;
    let tab = at(&admin, "Sat-A-VA", "instances").await;
    assert!(tab.attributes("a[href$='/transfer']", "href").is_empty());
    let own = tab.attributes("tbody th a", "href").into_iter().next().unwrap();
    let other = at(&admin, "Sat-B-VA", "general").await.path;
    let target = other.trim_end_matches("/general").rsplit('/').next().unwrap().to_owned();
    let csrf = tab.form("form[action='/logout']").value("csrf").unwrap().to_owned();
    let fields = [("csrf", csrf.as_str()), ("target", target.as_str())];
    let refused = admin.post(&format!("{own}/transfer"), &fields).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("in CSSM only"), "{}", refused.text());
    assert_eq!(sat.figures("Plant A", "Sat-A-VA", PLUS).await, (40, 3, 37));
}
