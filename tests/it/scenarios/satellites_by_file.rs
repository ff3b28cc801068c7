//! Satellites without a network: both real sides, and files that people carry between them.

use super::{ENHANCED_PLUS as PLUS, account_events, figures, instances, some_with};
use crate::support::air_gap::AirGap;
use crate::support::app::instant;
use crate::support::databases::on_both_databases;
use crate::support::device::{TestDevice, tags};
use crate::support::on_prem::{LIST, download, on_prem};
use crate::support::satellite::Satellite;
use serde_json::json;
use syncom::config::LAB_PASSWORD;
use syncom::device::machine::AuthorizationState;
use syncom::domain::id::InstanceId;
use syncom::domain::local_account::LocalState;
use syncom::domain::on_prem::Overdue;
use syncom::domain::security::PasswordRules;
use syncom::domain::standing::{SyncKind, SyncState};
use syncom::domain::virtual_account::{Access, Name};
use syncom::engine::{NewVirtualAccount, RequestBy, VaRef, Who};

on_both_databases!(
    a_local_account_is_registered_by_files,
    local_work_is_carried_to_cssm_once_a_month,
    a_late_file_is_taken_on_the_last_day,
    who_brings_no_file_is_removed_and_registers_again,
    what_is_attached_cannot_be_taken_away,
    a_local_account_is_deleted_in_the_right_order,
);

/// AS-35, B-ACC-07, A-OPA-02, A-OPA-03, B-SYN-15: no network, two hours, and only for itself.
async fn a_local_account_is_registered_by_files(gap: &AirGap) {
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let number = sat.request("Plant A", "Sat-A-VA").await;
    let told = sat.approve(number, "ann").await.unwrap_err().to_string();
    assert!(told.contains("no network connection to CSSM"), "{told}");
    let file = sat.engine.local_registration_file(&sat.who, number).await.unwrap();
    let made = gap.create(&file).await;
    let path = format!("{}/authorization", made.path);
    assert_eq!(download(&gap.ann().await, &path).await.0, 409, "it is not ready");
    gap.advance(chrono::TimeDelta::hours(2));
    let (status, file) = download(&gap.ann().await, &path).await;
    assert_eq!(status, 200);

    let mut other = Satellite::of(&gap.plants, "sat-b").await;
    let foreign = other.request("Plant A", "Sat-B-VA").await;
    other.engine.local_registration_file(&other.who, foreign).await.unwrap();
    let refused = other.engine.take_authorization(&other.who, foreign, file.clone()).await;
    let told = refused.unwrap_err().to_string();
    assert!(told.contains("is for the On-Prem Plant A") && told.contains("not for"), "{told}");
    assert_eq!(other.view(foreign).await.account.state, LocalState::Pending);

    sat.again().await;
    sat.engine.take_authorization(&sat.who, number, file.clone()).await.unwrap();
    assert_eq!(sat.view(number).await.account.state, LocalState::Active);
    let again = sat.engine.take_authorization(&sat.who, number, file).await;
    assert!(again.is_err(), "it is used up");
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    let stands = sat.view(number).await.standing.unwrap();
    assert_eq!((stands.state, stands.last_kind), (SyncState::Synchronized, Some(SyncKind::Full)));
    let told = sat.sync(number, SyncKind::Standard).await.unwrap_err().to_string();
    assert!(told.contains("no network connection to CSSM"), "{told}");
    other.again().await;
}

async fn line2(sat: &Satellite) {
    let new = NewVirtualAccount {
        name: Name::parse("Line2").unwrap(),
        description: String::new(),
        access: Access::Public,
        parent: None,
        is_default: false,
        people: None,
    };
    sat.engine.create_virtual_account(&sat.who, "Plant A", new).await.unwrap();
}

/// Products that use two licenses each.
async fn products(gap: &AirGap, sat: &Satellite, count: u32) -> Vec<TestDevice> {
    let token = sat.token("Plant A", "Default").await;
    let mut devices = Vec::new();
    for n in 1..=count {
        let mut device = sat.device(&gap.plants, n);
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
        devices.push(device);
    }
    devices
}

/// AS-36, B-SYN-06 to -08, B-SYN-12, B-LWS-04, A-PIN-09: 50 licenses down, 20 products up.
async fn local_work_is_carried_to_cssm_once_a_month(gap: &AirGap) {
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let number = gap.registered(&mut sat, "Plant A", "Sat-A-VA").await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Full).await;
    gap.transfer("Tokyo", "Sat-A-VA", 40).await;
    gap.transfer("Berlin", "Sat-A-VA", 10).await;
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (0, 0, 0));
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (50, 0, 50));

    line2(&sat).await;
    let devices = products(gap, &sat, 20).await;
    for device in &devices[..5] {
        let id = device.state().registration.identity.as_ref().unwrap();
        let id = InstanceId(id.product_instance_identifier);
        let to = VaRef::Name("Line2".into());
        sat.engine.move_instance(&sat.who, "Plant A", id, to).await.unwrap();
    }
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await.1, 30);
    assert_eq!(sat.figures("Plant A", "Line2", PLUS).await.1, 10);
    let ann = gap.rest().await;
    assert!(instances(&ann, "Sat-A-VA").await.is_empty());
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.1, 0);
    gap.sync_by_pages("sat-a", (number, "Plant A")).await;
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 20);
    let found = figures(&ann, "Sat-A-VA", PLUS).await;
    assert_eq!((found.0, found.1, found.2), (50, 40, 10));
    let body = json!({"productInstacesRemoveRequests":[{"sudi":{"udiPid":"SIM",
        "udiSerialNumber":"000001"}}]});
    let path = format!("{}/virtual-accounts/Sat-A-VA/devices/remove", super::V1);
    let answer = ann.post(&path, &body).await;
    assert_ne!(answer.json["status"], "SUCCESS", "read-only: {answer:?}");
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 20);
}

/// A registered local account with 10 licenses and a product, synchronized at T0 + 2 h.
async fn plant(gap: &AirGap) -> (Satellite, i64, TestDevice) {
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
    sat.engine.set_password_rules(&sat.who, rules).await.unwrap();
    let number = gap.registered(&mut sat, "Plant A", "Sat-A-VA").await;
    gap.transfer("Tokyo", "Sat-A-VA", 10).await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Full).await;
    let device = products(gap, &sat, 1).await.remove(0);
    (sat, number, device)
}

/// AS-37, B-SYN-11, A-ALK-06, A-ALK-07: told on both sides, taken on the last day.
async fn a_late_file_is_taken_on_the_last_day(gap: &AirGap) {
    let (mut sat, number, mut device) = plant(gap).await;
    for (now, late, alert) in [
        ("2026-02-05T11:00:00Z", Overdue::Due, "Synchronization Overdue"),
        ("2026-03-06T11:00:00Z", Overdue::Near, "Upcoming Satellite Sync Deadline (30 Day)"),
    ] {
        gap.set_clock(now).await;
        assert_eq!(sat.again().await.view(number).await.overdue, late, "{now}");
        device.renew_authorization().await.unwrap();
        let alerts = gap.ann().await.get("/sa/lab.example/alerts").await;
        let told = alerts.alerts(alert);
        assert!(some_with(&told, &["Minor", "Plant A", "2026-04-05"]), "{now}: {told:?}");
        let mails = sat.engine.outbox().await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject.contains("overdue")), "{mails:?}");
        let mails = gap.cloud.rest().get("/_syncom/outbox").await.text;
        assert!(mails.contains("Overdue"), "{mails}");
    }
    gap.set_clock("2026-04-04T11:00:00Z").await;
    device.renew_authorization().await.unwrap();
    sat.again().await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    let view = sat.view(number).await;
    assert_eq!(view.overdue, Overdue::No);
    assert_eq!(view.standing.unwrap().dates.due, instant("2026-05-04T11:00:00Z"));
    let ann = gap.ann().await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert!(!alerts.text().contains("Plant A"), "{}", alerts.text());
    let page = on_prem(&ann, "Plant A").await;
    assert!(page.text().contains("2026-05-04 11:00"), "{}", page.text());
}

/// AS-37, A-OPA-10, A-OPA-11, A-ALK-08, B-ACC-12, B-SYN-12: removed at the deadline; products keep
/// what they were told; the next file is refused, and registering again loses and doubles nothing.
async fn who_brings_no_file_is_removed_and_registers_again(gap: &AirGap) {
    let (mut sat, number, mut device) = plant(gap).await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    gap.set_clock("2026-04-04T11:00:00Z").await;
    device.renew_authorization().await.unwrap();
    sat.again().await;
    let late = gap.request(&sat, number, SyncKind::Standard).await;
    assert_eq!(instances(&gap.rest().await, "Sat-A-VA").await.len(), 1);

    gap.set_clock("2026-04-05T11:00:00Z").await;
    let ann = gap.rest().await;
    assert!(instances(&ann, "Sat-A-VA").await.is_empty());
    gap.transfer("Sat-A-VA", "Tokyo", 4).await;
    let log = account_events(&gap.cloud).await;
    assert!(some_with(&log, &["Plant A failed to synchronize until", "was removed"]), "{log:?}");
    let who = cssm_person(gap).await;
    let by = RequestBy::Person { who, domain: "lab.example".into(), on_prem: 1 };
    let told = gap.cloud.engine().take_request(by, late).await.unwrap_err().to_string();
    assert!(told.contains("unknown here") && told.contains("register again"), "{told}");
    assert_eq!(sat.again().await.view(number).await.account.state, LocalState::Expired);
    assert!(device.renew_authorization().await.is_err());
    assert_eq!(device.authorization(), AuthorizationState::Authorized);

    gap.register_again(&mut sat, number).await;
    device.renew_authorization().await.unwrap();
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (6, 2, 4));
    let ann = gap.rest().await;
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-1"]);
    let found = figures(&ann, "Sat-A-VA", PLUS).await;
    assert_eq!((found.0, found.1, found.2), (6, 2, 4));
    assert_eq!(figures(&ann, "Tokyo", PLUS).await.0, 34);
}

async fn cssm_person(gap: &AirGap) -> Who {
    Who::Session(gap.cloud.engine().sign_in("ann", LAB_PASSWORD).await.unwrap().secret)
}

/// AS-42, A-OPA-09, A-OPA-10: attached for good, until the On-Prem goes; then all is ordinary.
async fn what_is_attached_cannot_be_taken_away(gap: &AirGap) {
    let (sat, number, _) = plant(gap).await;
    sat.token("Plant A", "Default").await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    let ann = gap.rest().await;
    let (who, va) = (cssm_person(gap).await, VaRef::Name("Sat-A-VA".into()));
    assert!(gap.cloud.engine().delete_virtual_account(&who, "lab.example", va).await.is_err());
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 1);
    let browser = gap.ann().await;
    let tokens = super::tab(&browser, "Sat-A-VA", "general").await;
    assert!(tokens.text().contains("a local one"), "{}", tokens.text());

    let page = on_prem(&browser, "Plant A").await;
    let asked = browser.get(&page.link("Remove…")).await;
    let done = browser.submit(asked.form("form[action$='remove']")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(instances(&ann, "Sat-A-VA").await.is_empty());
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.0, 10, "its licenses are intact");
    let tokens = super::tab(&browser, "Sat-A-VA", "general").await;
    assert!(!tokens.text().contains("a local one"), "{}", tokens.text());
    let made = super::token(&ann, "Sat-A-VA", json!({})).await;
    let mut own = gap.cloud.device(9);
    own.register(&made).await.unwrap();
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-9"]);
}

/// AS-43, B-ACC-10, B-ACC-11: removed, synchronized, deactivated, deleted; CSSM lists it until
/// it is removed there, and then its virtual account is free.
async fn a_local_account_is_deleted_in_the_right_order(gap: &AirGap) {
    let (mut sat, number, mut device) = plant(gap).await;
    let refused = async |sat: &Satellite| {
        sat.engine.delete_local_account(&sat.who, number).await.unwrap_err().to_string()
    };
    assert!(refused(&sat).await.contains("1 product instances"));
    gap.sync(&sat, (number, "Plant A"), SyncKind::Standard).await;
    device.deregister().await.unwrap();
    assert!(refused(&sat).await.contains("not synchronized"));
    let up = gap.request(&sat, number, SyncKind::Standard).await;
    assert!(gap.upload("Plant A", &up).await.text().contains("The file is taken"));
    assert!(refused(&sat).await.contains("not synchronized"), "no response was taken");
    gap.take(&sat, number, gap.response("Plant A").await).await.unwrap();
    assert!(refused(&sat).await.contains("deactivate it first"));
    let reason = "lab closed".to_owned();
    sat.engine.deactivate_local_account(&sat.who, number, reason).await.unwrap();
    let mails = sat.engine.outbox().await.unwrap();
    assert!(mails.iter().any(|mail| mail.body.contains("lab closed")), "{mails:?}");
    let told = sat.engine.download_request(&sat.who, number, SyncKind::Full).await;
    assert!(told.is_err(), "it is inactive");
    sat.engine.delete_local_account(&sat.who, number).await.unwrap();

    let browser = gap.ann().await;
    let list = browser.get(LIST).await;
    assert_eq!(list.table("On-Prem Name").len(), 1, "{}", list.text());
    let again = sat.request("Plant A", "Sat-A-VA").await;
    let file = sat.engine.local_registration_file(&sat.who, again).await.unwrap();
    let told = gap.create(&file).await;
    assert!(told.text().contains("already"), "{}", told.text());
    let page = on_prem(&browser, "Plant A").await;
    let asked = browser.get(&page.link("Remove…")).await;
    browser.submit(asked.form("form[action$='remove']")).await;
    gap.register_again(&mut sat, again).await;
    gap.sync(&sat, (again, "Plant A"), SyncKind::Full).await;
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (10, 0, 10));
}
