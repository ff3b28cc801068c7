//! Files that are carried late, very late and too late, by clicking.

use super::carrier::Carrier;
use crate::chromium::{click, told};
use crate::scenarios::token;
use crate::support::air_gap::AirGap;
use crate::support::app::instant;
use crate::support::databases::on_both_databases;
use crate::support::device::{TestDevice, tags};
use crate::support::on_prem::LIST;
use crate::support::satellite::Satellite;
use fantoccini::Locator;
use serde_json::json;
use std::path::Path;
use syncom::device::machine::AuthorizationState;

on_both_databases!(a_late_file_is_carried_by_clicking, a_file_comes_too_late);

const ALERTS: &str = "/sa/lab.example/alerts";
const OVERDUE: &str = "Synchronization Overdue";
const NEAR: &str = "Upcoming Satellite Sync Deadline";

/// `Plant A`, registered and synchronized by files at 11:00 on 2026-01-05, with ten licenses and a
/// product that uses two.
async fn plant(gap: &AirGap) -> Option<(Carrier<'_>, TestDevice)> {
    let person = Carrier::begin(gap).await?;
    person.passwords_last().await;
    person.ask().await;
    person.register().await;
    gap.transfer("Tokyo", "Sat-A-VA", 10).await;
    person.synchronize(1).await;
    let token = person.token("for the line").await;
    let mut device = Satellite::of(&gap.plants, "sat-a").await.device(&gap.plants, 1);
    device.register(&token).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    Some((person, device))
}

/// The row of an alert on the page that is open.
async fn alert(person: &Carrier<'_>, kind: &str) -> String {
    let row = format!("//main//tr[td[contains(., '{kind}')]]");
    let found = person.page().wait().for_element(Locator::XPath(&row)).await;
    found.unwrap_or_else(|error| panic!("{kind}: {error}")).text().await.unwrap()
}

/// What the alerts of both sides say: severity and date, CSSM first.
async fn both_tell(person: &Carrier<'_>, kind: &str, (here, there): (&str, &str), date: &str) {
    person.cssm(ALERTS).await;
    let row = alert(person, kind).await;
    assert!(row.contains(here) && row.contains("Plant A") && row.contains(date), "{row}");
    person.satellite("/admin").await;
    let row = alert(person, kind).await;
    assert!(row.contains(there) && row.contains("Plant A") && row.contains(date), "{row}");
}

/// Nobody has anything to say of Plant A.
async fn nobody_complains(person: &Carrier<'_>) {
    person.satellite("/admin").await;
    told(person.page(), "No alerts").await;
    person.cssm(ALERTS).await;
    let page = person.page().find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(!page.contains("Plant A"), "{page}");
}

/// AS-37, B-SYN-11, A-ALK-06, A-ALK-07, A-OPA-06: told on the pages of both sides, each in its
/// days; a file of the last day is taken, and both are quiet until May.
async fn a_late_file_is_carried_by_clicking(gap: &AirGap) {
    let Some((person, mut device)) = plant(gap).await else { return };
    person.at(instant("2026-02-04T10:59:59Z")).await;
    nobody_complains(&person).await;
    person.at(instant("2026-02-05T11:00:00Z")).await;
    both_tell(&person, OVERDUE, ("Minor", "Minor"), "2026-04-05").await;
    device.renew_authorization().await.unwrap();
    person.at(instant("2026-03-06T11:00:00Z")).await;
    both_tell(&person, NEAR, ("Minor", "Minor"), "2026-04-05").await;
    both_tell(&person, OVERDUE, ("Major", "Major"), "2026-04-05").await;
    device.renew_authorization().await.unwrap();

    person.at(instant("2026-04-04T11:00:00Z")).await;
    device.renew_authorization().await.unwrap();
    person.synchronize(2).await;
    told(person.page(), "2026-05-04 11:00").await;
    nobody_complains(&person).await;
    person.cssm(LIST).await;
    click(person.page(), Locator::LinkText("Plant A")).await;
    for part in ["2026-04-04 11:00", "2026-05-04 11:00", "2026-07-03 11:00"] {
        told(person.page(), part).await;
    }
    person.va("Sat-A-VA", "instances").await;
    assert_eq!(person.rows().await, ["dev-1"]);
    person.end().await;
}

/// Removed in CSSM: the alert, the list, the log, the virtual account.
async fn cssm_has_removed_it(person: &Carrier<'_>) {
    let page = person.page();
    person.cssm(ALERTS).await;
    let row = alert(person, "Satellite expired and removed").await;
    assert!(row.contains("Major") && row.contains("ordinary ones again"), "{row}");
    person.cssm(LIST).await;
    click(page, Locator::LinkText("Plant A")).await;
    for part in [
        "Expired and removed",
        "None: what belonged to it is ordinary again",
        "Plant A failed to synchronize until 2026-04-05",
    ] {
        told(page, part).await;
    }
    person.va("Sat-A-VA", "instances").await;
    assert!(person.rows().await.is_empty(), "its products are gone");
    person.va("Sat-A-VA", "licenses").await;
    assert_eq!(person.figures().await.unwrap(), "10 0 +10");
}

/// What CSSM gives out directly now: a token, with which another product uses a license and leaves.
async fn its_licenses_are_usable(gap: &AirGap) {
    let once = json!({"numberofUses": 1});
    let made = token(&gap.rest().await, "Sat-A-VA", once).await;
    let mut own = gap.cloud.device(9);
    own.register(&made).await.unwrap();
    own.consume(tags::ENHANCED_PLUS, 10).await.unwrap();
    assert_eq!(own.authorization(), AuthorizationState::Authorized);
    own.deregister().await.unwrap();
    gap.transfer("Sat-A-VA", "Tokyo", 4).await;
}

/// The upload that somebody had left open for an On-Prem that is removed now.
async fn it_is_unknown(person: &Carrier<'_>, file: &Path) {
    person.cssm(&format!("{LIST}/1/sync")).await;
    person.choose(file).await;
    click(person.page(), Locator::Css("main .sheet-foot .primary")).await;
    told(person.page(), "is unknown here; the local account has to register again").await;
}

/// AS-37, A-OPA-11, A-ALK-08, B-ACC-12, B-SYN-12: nobody comes until the deadline. CSSM
/// removes the On-Prem, its product keeps what it was told for 90 days, the file is refused, and
/// registering again by files loses and doubles nothing.
async fn a_file_comes_too_late(gap: &AirGap) {
    let Some((person, mut device)) = plant(gap).await else { return };
    person.synchronize(2).await;
    person.at(instant("2026-04-04T11:00:00Z")).await;
    device.renew_authorization().await.unwrap();
    let late = person.request(3).await;
    person.at(instant("2026-04-05T11:00:00Z")).await;
    cssm_has_removed_it(&person).await;
    it_is_unknown(&person, &late).await;
    its_licenses_are_usable(gap).await;
    assert!(device.renew_authorization().await.is_err());
    let then = |now| device.state().authorization_state(instant(now));
    assert_eq!(then("2026-07-03T10:59:59Z"), AuthorizationState::Authorized);
    assert_eq!(then("2026-07-03T11:00:00Z"), AuthorizationState::AuthorizationExpired);

    person.satellite("/admin").await;
    let row = alert(&person, "Satellite Unregistered and Removed").await;
    assert!(row.contains("Major") && row.contains("has to register again"), "{row}");
    click(person.page(), Locator::LinkText("Plant A")).await;
    person.register().await;
    device.renew_authorization().await.unwrap();
    person.synchronize(1).await;
    person.va("Sat-A-VA", "instances").await;
    assert_eq!(person.rows().await, ["dev-1"]);
    person.va("Sat-A-VA", "licenses").await;
    assert_eq!(person.figures().await.unwrap(), "6 2 +4");
    person.local("Default", "licenses").await;
    assert_eq!(person.figures().await.unwrap(), "6 2 +4");
    person.satellite("/admin").await;
    told(person.page(), "No alerts").await;
    person.end().await;
}
