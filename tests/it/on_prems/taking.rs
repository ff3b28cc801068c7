//! Requests: taken whole, or refused whole with a reason.

use crate::scenarios::{V1, account_events, enhanced_plus, instances, some_with};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::on_prem::{TestSatellite, download, file_sync, on_prem};
use crate::support::rest::Rest;
use serde_json::json;
use syncom::config::LAB_PASSWORD;
use syncom::domain::id::InstanceId;
use syncom::domain::standing::SyncKind;
use syncom::domain::sync::Kind;
use syncom::engine::Carried;
use syncom::engine::uplink::Login;
use syncom::protocol::sync::{InstanceRemoved, Record};

on_both_databases!(
    a_request_is_mirrored,
    a_replay_changes_nothing,
    a_changed_file_changes_nothing,
    a_file_of_another_satellite_is_refused,
    two_satellites_do_not_see_each_other,
    after_a_restore_only_a_full_one_helps,
    under_a_standing_clock_late_files_are_older,
    a_response_is_named_by_its_request,
);

/// Moves licenses of *UCM Enhanced Plus*.
pub async fn transfer(ann: &Rest, from: &str, to: &str, quantity: i64) -> u16 {
    let path = format!("{V1}/virtual-accounts/{from}/licenses/transfer");
    let body = json!({"licenses":[{"license":"UCM Enhanced Plus","licenseType":"PERPETUAL",
        "quantity":quantity,"targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
    ann.post(&path, &body).await.status
}

/// How many licenses a response brings.
pub fn licenses(records: &[Record]) -> i64 {
    let quantity = |record: &Record| match record {
        Record::Line(line) if line.tag == tags::ENHANCED_PLUS => line.quantity,
        _ => 0,
    };
    records.iter().map(quantity).sum()
}

/// AS-36, B-SYN-03, B-SYN-07, B-SYN-08, A-TRF-06: what is told appears, what is told no more goes,
/// and the response has the licenses.
async fn a_request_is_mirrored(app: &TestApp) {
    let ann = app.rest_as("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    assert_eq!(transfer(&ann, "Tokyo", "Sat-A-VA", 30).await, 200);
    let told = (1..=20).map(|n| one.product(app, n, tags::ENHANCED_PLUS, 2)).collect();
    let records = one.sync(app, Kind::Full, told).await;
    assert_eq!(licenses(&records), 30);
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 20);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (30, 40, -10));
    let gone = |n| {
        let id = InstanceId(one.id(n));
        Record::InstanceRemoved(InstanceRemoved { id, at: None })
    };
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 5), gone(2), gone(77)];
    one.sync(app, Kind::Standard, told).await;
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (30, 41, -11));
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 5), one.product(app, 3, "x", 1)];
    one.sync(app, Kind::Full, told).await;
    assert_eq!(instances(&ann, "Sat-A-VA").await.len(), 2, "a full one has everything");
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (30, 5, 25));
    let log = account_events(app).await;
    assert!(some_with(&log, &["1 licenses in use are of no kind that is known"]), "{log:?}");
}

/// AS-38, A-OPA-05, A-EVT-05, B-SYN-13: twice, and an older one after a later one.
async fn a_replay_changes_nothing(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    one.sync(app, Kind::Full, vec![]).await;
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    let old = one.request(app, Kind::Standard, told);
    app.advance(chrono::TimeDelta::hours(1));
    let file = one.request(app, Kind::Standard, vec![]);
    let taken = file_sync(&ann, "sat-a", &file).await;
    assert!(taken.text().contains("The file is taken"), "{}", taken.text());
    let (status, response) = download(&ann, &taken.link("Download Response File")).await;
    assert_eq!(status, 200);
    one.confirm(app, &response);
    let again = file_sync(&ann, "sat-a", &file).await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("already processed (sequence 3)"), "{}", again.text());
    let older = file_sync(&ann, "sat-a", &old).await;
    assert!(older.text().contains("older than the last accepted"), "{}", older.text());
    let heard = one.send(app, file).await;
    assert_eq!((heard.status, &heard.json["reason"]), (409, &json!("replayed")), "{heard:?}");
    let rest = app.rest_as("ann").await;
    assert!(instances(&rest, "Sat-A-VA").await.is_empty(), "nothing was taken");
    let log = account_events(app).await;
    assert!(some_with(&log, &["sat-a was refused", "already processed", "ann"]), "{log:?}");
    assert!(some_with(&log, &["sat-a was refused", "already processed", "Network"]), "{log:?}");
    assert!(some_with(&log, &["was synchronized by file", "ann"]), "{log:?}");
}

/// AS-39, B-SYN-13: a byte anywhere, the end cut, another key; no partial import.
async fn a_changed_file_changes_nothing(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let rest = app.rest_as("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let told = (1..=3).map(|n| one.product(app, n, tags::ENHANCED_PLUS, 2)).collect();
    let good = one.request(app, Kind::Full, told);
    for at in (0..good.len()).step_by(good.len() / 12) {
        let mut changed = good.clone();
        changed[at] ^= 0x20;
        let heard = one.send(app, changed).await;
        assert_eq!(heard.status, 400, "byte {at}: {heard:?}");
    }
    let cut = file_sync(&ann, "sat-a", &good[..good.len() - 100]).await;
    assert_eq!(cut.status, 400, "{}", cut.text());
    let mut thief = TestSatellite { uid: one.uid, ..TestSatellite::new("sat-a") };
    let forged = thief.request(app, Kind::Full, vec![]);
    let refused = file_sync(&ann, "sat-a", &forged).await;
    assert!(refused.text().contains("signature of the file is invalid"), "{}", refused.text());
    one.since.clear();
    let mut wrong = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    if let Record::Instance(told) = one.product(app, 2, tags::ENHANCED_PLUS, 2) {
        let elsewhere = syncom::domain::id::VirtualAccountId(one.uid);
        let other = syncom::protocol::sync::Instance { virtual_account: elsewhere, ..*told };
        wrong.push(Record::Instance(Box::new(other)));
    }
    let file = one.request(app, Kind::Full, wrong);
    let refused = file_sync(&ann, "sat-a", &file).await;
    assert!(refused.text().contains("is not told of"), "{}", refused.text());
    assert!(instances(&rest, "Sat-A-VA").await.is_empty(), "not the first one either");
    let log = account_events(app).await;
    for part in ["signature of the file is invalid", "unreadable", "is not told of"] {
        assert!(some_with(&log, &["sat-a was refused", part, "ann"]), "{part}: {log:?}");
    }
    let heard = one.send(app, good).await;
    assert_eq!(heard.status, 200, "the good one is taken: {heard:?}");
}

/// AS-40: at the entry of another On-Prem, and the wrong way.
async fn a_file_of_another_satellite_is_refused(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let other = TestSatellite::registered(app, "sat-b", "Sat-B-VA").await;
    let file = one.request(app, Kind::Full, vec![]);
    let refused = file_sync(&ann, "sat-b", &file).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("of the On-Prem sat-a, and this is the On-Prem sat-b"),
        "{}",
        refused.text()
    );
    let heard = other.send(app, file.clone()).await;
    assert_eq!(heard.json["reason"], "other_on_prem", "{heard:?}");
    let heard = one.send(app, file).await;
    let wrong_way = one.send(app, heard.file).await;
    assert_eq!(wrong_way.json["reason"], "wrong_direction", "{wrong_way:?}");
}

/// AS-41, B-SYN-16: each sees its own licenses; CSSM sees both.
async fn two_satellites_do_not_see_each_other(app: &TestApp) {
    let ann = app.rest_as("ann").await;
    ann.take_the_substitutes_away().await;
    assert_eq!(transfer(&ann, "Tokyo", "Sat-A-VA", 25).await, 200);
    assert_eq!(transfer(&ann, "Tokyo", "Sat-B-VA", 15).await, 200);
    let mut first = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    let mut second = TestSatellite::registered(app, "sat-b", "Sat-B-VA").await;
    let told = vec![first.product(app, 1, tags::ENHANCED_PLUS, 20)];
    assert_eq!(licenses(&first.sync(app, Kind::Full, told).await), 25);
    let told = vec![second.product(app, 1, tags::ENHANCED_PLUS, 20)];
    assert_eq!(licenses(&second.sync(app, Kind::Full, told).await), 15);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await.2, 5);
    assert_eq!(enhanced_plus(&ann, "Sat-B-VA").await.2, -5);
    assert_eq!(transfer(&ann, "Sat-A-VA", "Sat-B-VA", 5).await, 200);
    assert_eq!(licenses(&second.sync(app, Kind::Standard, vec![]).await), 20);
    assert_eq!(licenses(&first.sync(app, Kind::Standard, vec![]).await), 20);
    let page = on_prem(&app.sign_in("ann").await, "sat-b").await;
    assert!(!page.text().contains("Sat-A-VA"), "{}", page.text());
}

/// AS-45, B-SYN-13: a satellite that was restored is behind; a full synchronization heals it.
async fn after_a_restore_only_a_full_one_helps(app: &TestApp) {
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    one.sync(app, Kind::Full, vec![]).await;
    let (sequence, base) = (one.sequence, one.base);
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    one.sync(app, Kind::Standard, told).await;
    one.sync(app, Kind::Standard, vec![]).await;
    (one.sequence, one.base) = (sequence, base);
    app.advance(chrono::TimeDelta::hours(1));
    let file = one.request(app, Kind::Standard, vec![]);
    let heard = one.send(app, file).await;
    assert_eq!(heard.json["reason"], "full_needed", "{heard:?}");
    assert_eq!(heard.json["accepted_sequence"], 3);
    let told = vec![one.product(app, 2, tags::ENHANCED_PLUS, 3)];
    one.sync(app, Kind::Full, told).await;
    assert_eq!(one.sequence, 4, "it goes on after the last accepted one");
    let ann = app.rest_as("ann").await;
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["sat-a-dev-2"]);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await.1, 3);
    one.sync(app, Kind::Standard, vec![]).await;
}

/// AS-38, AS-45, B-SYN-13: what was made in the same instant is told apart by who names whom: late
/// requests are older, standard and full, and those of a restored satellite are not.
async fn under_a_standing_clock_late_files_are_older(app: &TestApp) {
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    one.sync(app, Kind::Full, vec![]).await;
    let (sequence, base) = (one.sequence, one.base);
    let late = [Kind::Standard, Kind::Full].map(|kind| one.request(app, kind, vec![]));
    let told = vec![one.product(app, 1, tags::ENHANCED_PLUS, 2)];
    one.sync(app, Kind::Standard, told).await;
    for file in late {
        let heard = one.send(app, file).await;
        assert_eq!((heard.status, &heard.json["reason"]), (409, &json!("older")), "{heard:?}");
    }
    (one.sequence, one.base) = (sequence, base);
    let behind = one.request(app, Kind::Standard, vec![]);
    let heard = one.send(app, behind).await;
    assert_eq!(heard.json["reason"], "full_needed", "{heard:?}");
    let told = vec![one.product(app, 2, tags::ENHANCED_PLUS, 3)];
    one.sync(app, Kind::Full, told).await;
    let ann = app.rest_as("ann").await;
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["sat-a-dev-2"]);
    one.sync(app, Kind::Standard, vec![]).await;
}

/// AS-45, A-OPA-05: the numbers of a restored satellite begin anew; a response has the number of
/// the request that it answers, and the next request has one that nobody has had.
async fn a_response_is_named_by_its_request(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let mut one = TestSatellite::registered(app, "sat-a", "Sat-A-VA").await;
    one.sync(app, Kind::Full, vec![]).await;
    let (sequence, base) = (one.sequence, one.base);
    for _ in 0..3 {
        one.sync(app, Kind::Standard, vec![]).await;
    }
    (one.sequence, one.base) = (sequence, base);
    let file = one.request(app, Kind::Full, vec![]);
    let taken = file_sync(&ann, "sat-a", &file).await;
    let link = taken.link("Download Response File");
    assert_eq!(ann.file_name(&link).await, "sat-a_response-2.sync");
    let form = ann.get(&taken.link("File Sync…")).await.text();
    assert!(form.contains("has the sequence 2:"), "{form}");
    let cssm = &app.running.site("cssm").unwrap().engine;
    let login = Login { user: "ann".to_owned(), password: LAB_PASSWORD.to_owned() };
    let carried = cssm.export_file(login, "sat-a".to_owned(), SyncKind::Standard).await.unwrap();
    let Carried::File { what, file, .. } = carried else { panic!("{carried:?}") };
    assert_eq!(what, "response-2");
    one.confirm(app, &file);
    assert_eq!(one.sequence, 5, "it goes on after the highest one");
}
