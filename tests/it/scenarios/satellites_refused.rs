//! Files that satellite and CSSM refuse, and two satellites beside each other: both real sides.

use super::{ENHANCED_PLUS as PLUS, account_events, figures, instances, some_with};
use crate::support::air_gap::AirGap;
use crate::support::databases::{Database, on_both_databases};
use crate::support::device::tags;
use crate::support::on_prem::on_prem;
use crate::support::satellite::{Satellite, login, wish};
use crate::support::sites::{Site, Sites};
use chrono::TimeDelta;
use syncom::db;
use syncom::device::machine::AuthorizationState;
use syncom::domain::id::OnPremUid;
use syncom::domain::standing::SyncKind;
use syncom::engine::{RequestBy, SystemLogQuery};

on_both_databases!(
    a_file_is_taken_once_and_in_order,
    a_changed_file_is_refused_whole,
    a_file_of_another_satellite_is_refused,
    two_satellites_do_not_see_each_other,
    a_restored_satellite_needs_a_full_one,
);

/// AS-38, B-SYN-13, A-OPA-05, A-EVT-05: twice, older after newer; then the newest counts.
async fn a_file_is_taken_once_and_in_order(gap: &AirGap) {
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let number = gap.registered(&mut sat, "Plant A", "Sat-A-VA").await;
    gap.sync(&sat, (number, "Plant A"), SyncKind::Full).await;
    let last_month = gap.request(&sat, number, SyncKind::Standard).await;
    gap.advance(TimeDelta::minutes(5));
    let mut device = sat.device(&gap.plants, 1);
    device.register(&sat.token("Plant A", "Default").await).await.unwrap();
    let this_month = gap.request(&sat, number, SyncKind::Standard).await;
    let taken = gap.upload("Plant A", &this_month).await;
    assert!(taken.text().contains("The file is taken"), "{}", taken.text());
    let ann = gap.rest().await;
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-1"]);

    let again = gap.upload("Plant A", &this_month).await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("already processed (sequence 3)"), "{}", again.text());
    let older = gap.upload("Plant A", &last_month).await;
    assert_eq!(older.status, 409);
    assert!(older.text().contains("older than the last accepted"), "{}", older.text());
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-1"]);
    let log = account_events(&gap.cloud).await;
    for part in ["already processed", "older than the last accepted"] {
        assert!(some_with(&log, &["Plant A was refused", part, "ann"]), "{part}: {log:?}");
    }

    let down = gap.response("Plant A").await;
    gap.take(&sat, number, down.clone()).await.unwrap();
    let told = gap.take(&sat, number, down).await.unwrap_err().to_string();
    assert!(told.contains("waits for no such file"), "{told}");
    let stands = sat.view(number).await.standing.unwrap();
    assert_eq!(stands.next_sequence, 4);
}

/// The file with other lines, packed again and with the right checksum of its bytes.
fn repacked(file: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let (lines, end) = file.split_at(file.len() - 40);
    let text = String::from_utf8(zstd::decode_all(lines).unwrap()).unwrap();
    let changed = change(&text);
    assert_ne!(changed, text);
    let mut packed = zstd::encode_all(changed.as_bytes(), 3).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &packed);
    packed.extend(&end[..8]);
    packed.extend(digest.as_ref());
    packed
}

fn more_in_use(file: &[u8]) -> Vec<u8> {
    let counted = |count| format!("\"{}\":{count}", tags::ENHANCED_PLUS);
    repacked(file, |text| text.replace(&counted(2), &counted(9)))
}

fn signed_otherwise(file: &[u8]) -> Vec<u8> {
    repacked(file, |text| {
        let (before, signature) = text.rsplit_once("\"signature\":\"").unwrap();
        // Somewhere in the middle, so that it is still written as a signature is.
        let other = if signature.as_bytes()[20] == b'A' { "B" } else { "A" };
        format!("{before}\"signature\":\"{}{other}{}", &signature[..20], &signature[21..])
    })
}

/// The system's log of a satellite: what happened, and who did it.
async fn system_events(sat: &Satellite) -> Vec<String> {
    let query = SystemLogQuery { limit: 100, ..SystemLogQuery::default() };
    let log = sat.engine.system_events(&sat.who, query).await.unwrap();
    log.items.iter().map(|row| format!("{} {}", row.message, row.actor)).collect()
}

/// AS-39, B-SYN-13: a quantity, the signature, the end; up and down; no part of it is taken.
async fn a_changed_file_is_refused_whole(gap: &AirGap) {
    let mut sat = Satellite::of(&gap.plants, "sat-a").await;
    let number = gap.registered(&mut sat, "Plant A", "Sat-A-VA").await;
    gap.transfer("Tokyo", "Sat-A-VA", 10).await;
    let token = sat.token("Plant A", "Default").await;
    for n in 1..=2 {
        let mut device = sat.device(&gap.plants, n);
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    }
    let up = gap.request(&sat, number, SyncKind::Full).await;
    let cut = up[..up.len() - 40].to_vec();
    for (file, told) in [
        (more_in_use(&up), "they were changed"),
        (signed_otherwise(&up), "signature of the file is invalid"),
        (cut, "unreadable"),
    ] {
        let refused = gap.upload("Plant A", &file).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
    }
    let ann = gap.rest().await;
    assert!(instances(&ann, "Sat-A-VA").await.is_empty(), "not even the first one");
    let log = account_events(&gap.cloud).await;
    assert_eq!(log.iter().filter(|row| row.contains("Plant A was refused")).count(), 3, "{log:?}");
    assert!(some_with(&log, &["Plant A was refused", "signature", "ann"]), "{log:?}");
    assert!(gap.upload("Plant A", &up).await.text().contains("The file is taken"));

    let down = gap.response("Plant A").await;
    let mut bit = down.clone();
    bit[down.len() / 2] ^= 4;
    for file in [signed_otherwise(&down), bit, down[..down.len() - 40].to_vec()] {
        let told = gap.take(&sat, number, file).await.unwrap_err().to_string();
        assert!(told.contains("The file is not taken"), "{told}");
        assert_eq!(sat.figures("Plant A", "Default", PLUS).await.0, 0);
    }
    let log = system_events(&sat).await;
    assert!(some_with(&log, &["A response file for Plant A was refused", "admin"]), "{log:?}");
    gap.take(&sat, number, down).await.unwrap();
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (10, 4, 6));
}

/// AS-40: at the wrong entry, on the wrong satellite, without a question, for an older question.
async fn a_file_of_another_satellite_is_refused(gap: &AirGap) {
    let mut one = Satellite::of(&gap.plants, "sat-a").await;
    let mut other = Satellite::of(&gap.plants, "sat-b").await;
    let a = gap.registered(&mut one, "Plant A", "Sat-A-VA").await;
    let b = gap.registered(&mut other, "Plant B", "Sat-B-VA").await;
    one.again().await;
    let up_a = gap.request(&one, a, SyncKind::Full).await;
    let up_b = gap.request(&other, b, SyncKind::Full).await;
    let refused = gap.upload("Plant B", &up_a).await;
    assert_eq!(refused.status, 409);
    for name in ["of the On-Prem Plant A", "this is the On-Prem Plant B"] {
        assert!(refused.text().contains(name), "{name}: {}", refused.text());
    }
    gap.upload("Plant B", &up_b).await;
    let down_b = gap.response("Plant B").await;
    let told = gap.take(&one, a, down_b.clone()).await.unwrap_err().to_string();
    assert!(
        told.contains("is for the On-Prem Plant B") && told.contains("not for Plant A"),
        "{told}"
    );
    gap.take(&other, b, down_b.clone()).await.unwrap();
    let told = gap.take(&other, b, down_b).await.unwrap_err().to_string();
    assert!(told.contains("waits for no such file"), "{told}");

    gap.upload("Plant A", &up_a).await;
    let down_a = gap.response("Plant A").await;
    let newer = gap.request(&one, a, SyncKind::Full).await;
    let told = gap.take(&one, a, down_a).await.unwrap_err().to_string();
    assert!(told.contains("answers request 1; the open request is 2"), "{told}");
    let told = gap.take(&one, a, newer).await.unwrap_err().to_string();
    assert!(told.contains("request file") && told.contains("response file is needed"), "{told}");
    let refused = gap.upload("Plant A", &gap.response("Plant A").await).await;
    assert!(refused.text().contains("a synchronization request is needed"), "{}", refused.text());
}

/// AS-41, B-SYN-16: 50 and 30, 40 used by each; ten move in CSSM, and each hears of it by itself.
async fn two_satellites_do_not_see_each_other(gap: &AirGap) {
    let mut one = Satellite::of(&gap.plants, "sat-a").await;
    let mut other = Satellite::of(&gap.plants, "sat-b").await;
    let a = gap.registered(&mut one, "Plant A", "Sat-A-VA").await;
    let b = gap.registered(&mut other, "Plant B", "Sat-B-VA").await;
    one.again().await;
    let order = serde_json::json!({"smart_account":"lab.example","virtual_account":"Sat-B-VA",
        "license":PLUS,"license_type":"PERPETUAL","quantity":30});
    assert_eq!(gap.cloud.rest().post("/_syncom/orders", &order).await.status, 201);
    gap.transfer("Tokyo", "Sat-A-VA", 40).await;
    gap.transfer("Berlin", "Sat-A-VA", 10).await;
    let (to_a, to_b) = ((a, "Plant A"), (b, "Plant B"));
    gap.sync(&one, to_a, SyncKind::Full).await;
    gap.sync(&other, to_b, SyncKind::Full).await;
    let mut devices = Vec::new();
    for (sat, name, n) in [(&one, "Plant A", 1), (&other, "Plant B", 2)] {
        let mut device = sat.device(&gap.plants, n);
        device.register(&sat.token(name, "Default").await).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 40).await.unwrap();
        devices.push(device);
    }
    assert_eq!(devices[0].authorization(), AuthorizationState::Authorized);
    assert_eq!(devices[1].authorization(), AuthorizationState::OutOfCompliance);
    assert_eq!(one.figures("Plant A", "Default", PLUS).await, (50, 40, 10));
    assert_eq!(other.figures("Plant B", "Default", PLUS).await, (30, 40, -10));
    gap.sync(&one, to_a, SyncKind::Standard).await;
    gap.sync(&other, to_b, SyncKind::Standard).await;
    let ann = gap.rest().await;
    assert_eq!(figures(&ann, "Sat-A-VA", PLUS).await.2, 10);
    assert_eq!(figures(&ann, "Sat-B-VA", PLUS).await.2, -10);
    let alerts = super::tab(&gap.ann().await, "Sat-B-VA", "alerts").await;
    assert_eq!(alerts.alerts("Insufficient Licenses").len(), 1, "{}", alerts.text());
    let page = on_prem(&gap.ann().await, "Plant B").await;
    assert!(!page.text().contains("Sat-A-VA"), "{}", page.text());

    gap.transfer("Sat-A-VA", "Sat-B-VA", 10).await;
    gap.sync(&other, to_b, SyncKind::Standard).await;
    assert_eq!(other.figures("Plant B", "Default", PLUS).await, (40, 40, 0));
    assert_eq!(one.figures("Plant A", "Default", PLUS).await, (50, 40, 10), "not asked yet");
    gap.sync(&one, to_a, SyncKind::Standard).await;
    assert_eq!(one.figures("Plant A", "Default", PLUS).await, (40, 40, 0));
}

/// Registers the local account of a satellite over the network; its number.
async fn registered(site: &Site, name: &str, va: &str) -> i64 {
    let number = site.engine.request_local_account(&site.who, wish(name, va)).await.unwrap().number;
    site.engine.approve_local_account(&site.who, number, login("ann")).await.unwrap();
    number
}

async fn sync(site: &Site, number: i64, kind: SyncKind) -> Result<(), String> {
    let done = site.engine.synchronize_now(&site.who, number, kind, None).await;
    done.map_err(|refusal| refusal.to_string())
}

/// AS-45, B-SYN-13, B-ADM-24: restored at sequence 5 when CSSM is at 7; by network and by file.
async fn a_restored_satellite_needs_a_full_one(database: &Database) {
    let mut sites = Sites::open(database).await;
    let number = registered(&sites.satellites[0], "Plant A", "Sat-A-VA").await;
    for by_file in [false, true] {
        let sat = &sites.satellites[0];
        for _ in 0..3 {
            sync(sat, number, SyncKind::Standard).await.unwrap();
        }
        sat.keep().await;
        for _ in 0..2 {
            sync(sat, number, SyncKind::Standard).await.unwrap();
        }
        sites.satellites[0].restore().await;
        sites.advance(TimeDelta::hours(1)).await;
        let (sat, cssm) = (&sites.satellites[0], &sites.cssm);
        let by =
            RequestBy::Person { who: cssm.who.clone(), domain: "lab.example".into(), on_prem: 1 };
        let file = async |kind| {
            let made = sat.engine.download_request(&sat.who, number, kind).await.unwrap();
            cssm.engine.take_request(by.clone(), made.file).await
        };
        if by_file {
            let told = file(SyncKind::Standard).await.unwrap_err().to_string();
            assert!(told.contains("sequence behind"), "{told}");
            let response = file(SyncKind::Full).await.unwrap();
            sat.engine.upload_response(&sat.who, number, response).await.unwrap();
        } else {
            let told = sync(sat, number, SyncKind::Standard).await.unwrap_err();
            assert!(told.contains("sequence behind"), "{told}");
            let told = sync(sat, number, SyncKind::Standard).await.unwrap_err();
            assert!(told.contains("a full synchronization is needed"), "{told}");
            sync(sat, number, SyncKind::Full).await.unwrap();
        }
        assert!(!stands(sat, number).await.needs_full);
        sync(sat, number, SyncKind::Standard).await.unwrap();
        let uid: OnPremUid = stands(sat, number).await.uid;
        let last = cssm.look(move |conn| db::on_prems::find(conn, uid)).await.unwrap().last;
        assert_eq!(stands(sat, number).await.next_sequence, last.sequence + 1);
    }
    sites.leave().await;
}

async fn stands(site: &Site, number: i64) -> syncom::domain::standing::SyncStanding {
    site.engine.local_account(&site.who, number).await.unwrap().standing.unwrap()
}
