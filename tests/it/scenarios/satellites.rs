//! Satellites: local accounts, local work and synchronization, both sites over their own HTTP.

use super::{V1, figures, instances, some_with};
use crate::support::app::{TestApp, instant};
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::satellite::{Satellite, login, wish};
use serde_json::{Value, json};
use syncom::config::LAB_PASSWORD;
use syncom::device::machine::AuthorizationState;
use syncom::domain::local_account::LocalState;
use syncom::domain::on_prem::Overdue;
use syncom::domain::security::PasswordRules;
use syncom::domain::standing::{SyncKind, SyncState};
use syncom::domain::sync::schedule::Schedule;
use syncom::engine::{AccountWish, Who};
use syncom::lab::worlds::{DEFAULT, Move};

const PLUS: &str = super::ENHANCED_PLUS;

on_both_databases!(
    a_local_account_is_registered_over_the_network,
    wrong_requests_are_refused,
    a_failed_registration_loses_nothing,
    local_work_reaches_cssm_at_the_next_synchronization,
    a_local_account_is_deleted_in_the_right_order,
    a_schedule_is_kept_until_the_credential_ends,
    who_comes_late_is_told_and_who_does_not_come_is_removed,
);

/// Moves licenses in CSSM.
async fn transfer(app: &TestApp, from: &str, to: &str, quantity: i64) -> Value {
    let ann = app.rest_as("ann").await;
    let body = json!({"licenses":[{"license":PLUS,"licenseType":"PERPETUAL","quantity":quantity,
        "targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/{from}/licenses/transfer");
    ann.post(&path, &body).await.json
}

/// AS-33, B-ACC-02, B-ACC-04, B-ACC-06, B-SYN-03
async fn a_local_account_is_registered_over_the_network(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    let number = sat.request("Plant A", "Sat-A-VA").await;
    assert_eq!(sat.view(number).await.account.state, LocalState::Pending);
    let before = sat.engine.keys().signing_chain();
    sat.approve(number, "ann").await.unwrap();
    let after = sat.engine.keys().signing_chain();
    assert!(before.iter().zip(&after).all(|(old, new)| old != new), "CSSM signed its sub-CA");
    assert!(sat.engine.keys().check(app.now()));
    let view = sat.view(number).await;
    assert_eq!(view.account.state, LocalState::Active);
    let stands = view.standing.unwrap();
    assert_eq!((stands.state, stands.last_kind), (SyncState::Synchronized, Some(SyncKind::Full)));
    assert_eq!(stands.last_at, Some(app.now()));
    assert_eq!(stands.dates.due, app.now().plus_days(30));

    let ann = app.sign_in("ann").await;
    let list = ann.get("/sa/lab.example/virtual-accounts").await;
    assert!(list.text().contains("Plant A"), "{}", list.text());
}

/// AS-34, B-ACC-03
async fn wrong_requests_are_refused(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    for (name, va, user, told) in [
        ("One", "DEFAULT", "ann", "default"),
        ("Two", "Sat-A-VA", "vera", "vera"),
        ("Three", "Sat-A-VA", "nobody", "wrong"),
    ] {
        let number = sat.request(name, va).await;
        let refused = sat.approve(number, user).await.unwrap_err().to_string();
        assert!(refused.contains(told), "{name}: {refused}");
        assert_eq!(sat.view(number).await.account.state, LocalState::Pending, "{name}");
    }
    let smart_account = "Contoso".to_owned();
    let elsewhere = AccountWish { smart_account, ..wish("Four", "Sat-A-VA") };
    let number = sat.engine.request_local_account(&sat.who, elsewhere).await.unwrap().number;
    let refused = sat.approve(number, "ann").await.unwrap_err().to_string();
    assert!(refused.contains("Contoso"), "{refused}");

    sat.registered("Plant A", "Sat-A-VA").await;
    let again = sat.request("Plant B", "Sat-A-VA").await;
    let refused = sat.approve(again, "ann").await.unwrap_err().to_string();
    assert!(refused.contains("already used"), "{refused}");
    let made = sat.request("Plant C", "Made on the fly").await;
    sat.approve(made, "ann").await.unwrap();
}

/// B-ACC-06, B-ACC-12: a registration that fails ends nothing; one that succeeds goes on from there.
async fn a_failed_registration_loses_nothing(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    let number = sat.registered("Plant A", "Sat-A-VA").await;
    let token = sat.token("Plant A", "Default").await;
    let mut device = sat.device(app, 1);
    device.register(&token).await.unwrap();
    // CSSM has sold none: the license is known all the same.
    device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    assert_eq!(device.authorization(), AuthorizationState::OutOfCompliance);
    let uid = sat.view(number).await.account.uid;
    for (user, told) in [("nobody", "wrong"), ("ann", "already")] {
        let refused = sat.approve(number, user).await.unwrap_err().to_string();
        assert!(refused.contains(told), "{refused}");
    }
    let view = sat.view(number).await;
    assert_eq!((view.account.uid, view.account.state), (uid, LocalState::Active));
    device.renew_authorization().await.unwrap();
    sat.sync(number, SyncKind::Standard).await.unwrap();

    let on_prem = cssm_number(app).await;
    let ann = Who::Session(app.engine().sign_in("ann", LAB_PASSWORD).await.unwrap().secret);
    app.engine().remove_on_prem(&ann, "lab.example", on_prem).await.unwrap();
    let told = sat.sync(number, SyncKind::Standard).await.unwrap_err().to_string();
    assert!(told.contains("register again"), "{told}");
    assert_eq!(sat.view(number).await.account.state, LocalState::Expired);
    sat.approve(number, "ann").await.unwrap();
    assert_ne!(sat.view(number).await.account.uid, uid);
    device.renew_authorization().await.unwrap();
    assert_eq!(instances(&app.rest_as("ann").await, "Sat-A-VA").await.len(), 1);
}

/// The number of the only On-Prem of CSSM.
async fn cssm_number(app: &TestApp) -> i64 {
    let ann = Who::Session(app.engine().sign_in("ann", LAB_PASSWORD).await.unwrap().secret);
    let list = app.engine().on_prems(&ann, "lab.example").await.unwrap();
    assert_eq!(list.rows.len(), 1);
    list.rows[0].on_prem.number
}

/// AS-36, AS-07, B-SYN-07, B-SYN-08, B-SYN-12, B-LWS-03, A-PIN-09
async fn local_work_reaches_cssm_at_the_next_synchronization(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    let number = sat.registered("Plant A", "Sat-A-VA").await;
    assert_eq!(transfer(app, "Tokyo", "Sat-A-VA", 40).await["status"], "SUCCESS");
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (0, 0, 0));
    sat.sync(number, SyncKind::Standard).await.unwrap();
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (40, 0, 40));

    let token = sat.token("Plant A", "Default").await;
    let mut devices = Vec::new();
    for n in 1..=5 {
        let mut device = sat.device(app, n);
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
        assert_eq!(device.authorization(), AuthorizationState::Authorized);
        devices.push(device);
    }
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (40, 10, 30));
    let ann = app.rest_as("ann").await;
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.1, 0);
    sat.sync(number, SyncKind::Standard).await.unwrap();
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 5);
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await, (40, 10, 30, "In Compliance".into()));

    devices[0].consume(tags::ENHANCED_PLUS, 7).await.unwrap();
    devices[1].deregister().await.unwrap();
    sat.sync(number, SyncKind::Standard).await.unwrap();
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 4);
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.1, 13);
    sat.sync(number, SyncKind::Full).await.unwrap();
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.1, 13);
}

/// AS-43, B-ACC-10, B-ACC-11
async fn a_local_account_is_deleted_in_the_right_order(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    let number = sat.registered("Plant A", "Sat-A-VA").await;
    let token = sat.token("Plant A", "Default").await;
    let mut device = sat.device(app, 1);
    device.register(&token).await.unwrap();
    let delete = || sat.engine.delete_local_account(&sat.who, number);
    let told = delete().await.unwrap_err().to_string();
    assert!(told.contains("1 product instances"), "{told}");
    device.deregister().await.unwrap();
    let told = delete().await.unwrap_err().to_string();
    assert!(told.contains("not synchronized"), "{told}");
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let told = delete().await.unwrap_err().to_string();
    assert!(told.contains("deactivate it first"), "{told}");
    let reason = "lab closed".to_owned();
    sat.engine.deactivate_local_account(&sat.who, number, reason).await.unwrap();
    assert!(sat.sync(number, SyncKind::Standard).await.is_err());
    assert!(device.register(&token).await.is_err(), "an inactive account serves nobody");
    delete().await.unwrap();
    assert!(sat.engine.local_accounts(&sat.who).await.unwrap().is_empty());
    let again = sat.request("Plant B", "Sat-A-VA").await;
    let told = sat.approve(again, "ann").await.unwrap_err().to_string();
    assert!(told.contains("already used"), "CSSM lists it until it is removed there: {told}");
}

/// AS-44, B-ACC-08, B-SYN-04, B-SYN-05: one jump of the clock passes every scheduled synchronization.
async fn a_schedule_is_kept_until_the_credential_ends(app: &TestApp) {
    let mut sat = Satellite::of(app, "sat-a").await;
    let number = sat.registered("Plant A", "Sat-A-VA").await;
    // The password of the lab lasts as long as the credential.
    let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
    sat.engine.set_password_rules(&sat.who, rules).await.unwrap();
    let daily = Schedule::read(true, "daily", "", "09:00").unwrap();
    sat.engine.set_schedule(&sat.who, daily).await.unwrap();
    move_clock(app, "2026-01-10T12:00:00Z").await;
    let view = sat.again().await.view(number).await;
    let stands = view.standing.unwrap();
    assert_eq!(stands.last_at, Some(instant("2026-01-10T09:00:00Z")));
    assert_eq!(stands.next_at, Some(instant("2026-01-11T09:00:00Z")));
    // The full one at the registration, and five by schedule.
    assert_eq!(stands.next_sequence, 7);

    move_clock(app, "2026-07-05T12:00:00Z").await;
    assert_eq!(sat.again().await.state(number).await, SyncState::Failed);
    let stands = sat.view(number).await.standing.unwrap();
    assert_eq!(stands.last_at, Some(instant("2026-07-03T09:00:00Z")));
    assert!(stands.problem.contains("sign in again"), "{}", stands.problem);
    let with = Some(login("ann"));
    sat.engine.synchronize_now(&sat.who, number, SyncKind::Standard, with).await.unwrap();
    assert_eq!(sat.state(number).await, SyncState::Synchronized);
    move_clock(app, "2026-07-06T12:00:00Z").await;
    let stands = sat.again().await.view(number).await.standing.unwrap();
    assert_eq!(stands.last_at, Some(instant("2026-07-06T09:00:00Z")));
}

/// AS-37, B-SYN-11, A-ALK-06, A-ALK-07, A-ALK-08, A-OPA-10: both runs, with products that go on.
async fn who_comes_late_is_told_and_who_does_not_come_is_removed(app: &TestApp) {
    let mut sat = Satellite::of(app, "sat-a").await;
    let number = sat.registered("Plant A", "Sat-A-VA").await;
    let never = Schedule { enabled: false, ..Schedule::default() };
    sat.engine.set_schedule(&sat.who, never).await.unwrap();
    transfer(app, "Tokyo", "Sat-A-VA", 10).await;
    let mut device = sat.device(app, 1);
    device.register(&sat.token("Plant A", "Default").await).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    for (now, late) in [
        ("2026-02-05T09:00:00Z", Overdue::Due),
        ("2026-03-06T09:00:00Z", Overdue::Near),
        ("2026-04-04T09:00:00Z", Overdue::Near),
    ] {
        move_clock(app, now).await;
        assert_eq!(sat.again().await.view(number).await.overdue, late, "{now}");
        device.renew_authorization().await.unwrap();
    }
    sat.sync(number, SyncKind::Standard).await.unwrap();
    let stands = sat.view(number).await.standing.unwrap();
    assert_eq!(stands.dates.due, instant("2026-05-04T09:00:00Z"));

    move_clock(app, "2026-07-03T09:00:00Z").await;
    let view = sat.again().await.view(number).await;
    assert_eq!((view.account.state, view.overdue), (LocalState::Expired, Overdue::Over));
    assert!(device.renew_authorization().await.is_err());
    let told = sat.sync(number, SyncKind::Standard).await.unwrap_err().to_string();
    assert!(told.contains("register with CSSM again"), "{told}");
    let ann = app.sign_in("ann").await;
    let list = ann.get("/sa/lab.example/virtual-accounts").await;
    assert!(!list.text().contains("Plant A"), "{}", list.text());
    let log = super::account_events(app).await;
    assert!(some_with(&log, &["Plant A", "removed"]), "{log:?}");
    // Registered anew, it has its licenses and its product again.
    sat.approve(number, "ann").await.unwrap();
    device.renew_authorization().await.unwrap();
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (10, 2, 8));
}

async fn move_clock(app: &TestApp, to: &str) {
    let world = app.running.worlds.get(DEFAULT).unwrap();
    world.move_clock(Move::To(instant(to))).await.unwrap();
}
