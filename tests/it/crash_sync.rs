//! `kill -9` of either side while they synchronize.

use crate::support::app::{T0, instant};
use crate::support::process::Process;
use crate::support::two_sides::{Running, TwoSides, move_clock};
use crate::support::views::{of_cssm, of_satellite};
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};
use syncom::db::standings::{What, changed, mark, next_sequence};
use syncom::db::{self, Conn};
use syncom::domain::Timestamp;
use syncom::domain::id::{InstanceId, OnPremUid};
use syncom::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use uuid::Uuid;

/// Product instances of the satellite.
const INSTANCES: u128 = 2_000;
/// How often a side is killed.
const KILLS: u64 = 6;

fn instance(conn: &mut Conn, n: u128, now: Timestamp) -> db::Result<Instance> {
    let account = db::accounts::all(conn)?.remove(0).id;
    let tree = db::virtual_accounts::tree(conn, account)?;
    Ok(Instance {
        id: InstanceId(Uuid::from_u128((7 << 64) | n)),
        account,
        virtual_account: tree.default_account().unwrap().id,
        udi: Udi { pid: Some("SIM".into()), serial: Some(format!("{n}")), ..Udi::default() },
        software_tag: "regid.test".into(),
        product_name: String::new(),
        hostname: Some(format!("host-{n}")),
        export_allowed: false,
        token: None,
        registered_at: now,
        last_contact_at: now,
        identity: Identity {
            serial: 0,
            public_key: String::new(),
            issued_at: now,
            expires_at: now,
            last_message_at: now,
        },
        authorization: Some(Authorized {
            at: now,
            expires_at: now.plus_days(90),
            in_compliance: true,
        }),
        reserved: false,
        due_at: None,
        alerting: false,
        settled: Settled::default(),
    })
}

/// Every instance becomes another version, uses another number of licenses, and is to be told.
fn change_all(conn: &mut Conn, version: i64) -> db::Result<()> {
    let license = db::licenses::by_name(conn, "UCM Enhanced Plus")?.unwrap().id;
    for n in 0..INSTANCES {
        let fresh = instance(conn, n, instant(T0))?;
        let one = Instance { product_name: format!("Version {version}"), ..fresh };
        match db::instances::find(conn, one.id)? {
            Some(_) => db::instances::save(conn, &one)?,
            None => db::instances::insert(conn, &one)?,
        }
        let used = db::pools::usage_of(conn, one.id)?;
        let before = used.first().map_or(0, |(_, count)| *count);
        db::pools::report(conn, one.id, one.virtual_account, license, (before, version))?;
        let next = next_sequence(conn, one.account)?.unwrap();
        mark(conn, one.account, (What::Instance, one.id.0), next)?;
    }
    Ok(())
}

/// The versions of which CSSM knows, with the number of instances and their use.
fn known(conn: &mut Conn, uid: OnPremUid) -> db::Result<(BTreeSet<String>, usize, i64)> {
    assert!(db::pools::drifted(conn)?.is_empty());
    let one = db::on_prems::find(conn, uid)?.unwrap();
    let tree = db::virtual_accounts::tree(conn, one.account)?;
    let own = tree.all().iter().filter(|va| va.on_prem == Some(uid));
    let places: Vec<_> = own.map(|va| va.id).collect();
    let all = db::instances::list(conn, &places)?;
    let pools = db::pools::list(conn, db::pools::Places::these(&places))?;
    let used = pools.iter().map(|pool| pool.reported).sum();
    Ok((all.iter().map(|one| one.product_name.clone()).collect(), all.len(), used))
}

/// Lets both sides come to the next night, in which the satellite synchronizes by its schedule.
async fn night(sides: &Running, day: u64) -> reqwest::Result<()> {
    let to = instant(T0).plus_days(day);
    move_clock(sides.cssm.url(), to).await.unwrap();
    move_clock(sides.satellite.url(), to).await
}

/// A random number below a limit: the same for the same seed and turn.
fn random(seed: u64, turn: u64, below: u64) -> u64 {
    let mut bits = seed.wrapping_add(turn.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (bits ^ (bits >> 31)) % below
}

async fn kill_after(victim: &mut Process, after: Duration) {
    // The instant of the kill is what is random here; nothing waits for it.
    actix_web::rt::time::sleep(after).await;
    victim.kill();
}

/// Whatever was killed: CSSM has the old state or the new one, whole; and what the satellite
/// believes to be confirmed is in CSSM.
async fn check_whole(sides: &TwoSides, uid: OnPremUid, version: i64) {
    let (versions, count, used) = sides.in_cssm(move |conn| known(conn, uid)).await;
    let each = i64::try_from(INSTANCES).unwrap();
    let states = [version - 1, version].map(|version| format!("Version {version}"));
    assert_eq!(versions.len(), 1, "neither old nor new: {versions:?}");
    assert_eq!(count, usize::try_from(INSTANCES).unwrap());
    let at = states.iter().position(|state| versions.contains(state)).unwrap();
    assert_eq!(used, each * if at == 0 { version - 1 } else { version });
    let (base, untold) = sides.in_satellite(move |conn| believed(conn, uid)).await;
    let accepted = move |conn: &mut Conn| db::on_prems::accepted(conn, uid, base);
    assert!(sides.in_cssm(accepted).await.is_some(), "confirmed, but never accepted");
    assert!(at == 1 || untold == usize::try_from(INSTANCES).unwrap(), "told, but not known");
    println!("  CSSM is {}, {untold} are to be told", ["old", "new"][at]);
}

/// The last request that the satellite believes to be confirmed, and how much it has to tell.
fn believed(conn: &mut Conn, uid: OnPremUid) -> db::Result<(Uuid, usize)> {
    let stands = db::standings::find(conn, uid)?.unwrap();
    let untold = changed(conn, stands.account, What::Instance)?;
    Ok((stands.base.unwrap(), untold.len()))
}

async fn equal(sides: &TwoSides, uid: OnPremUid) {
    let there = sides.in_cssm(move |conn| of_cssm(conn, uid)).await.unwrap();
    assert_eq!(sides.in_satellite(of_satellite).await, there);
}

/// B-SYN-07, B-SYN-13, AS-45: either side is killed at random instants of a synchronization of
/// 2,000 instances. Old or new, never a mixture, and the next synchronization heals it.
#[actix_web::test]
async fn a_kill_while_synchronizing_leaves_old_or_new() {
    let seed = std::env::var("SYNCOM_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("SYNCOM_CRASH_SEED={seed}");
    let sides = TwoSides::registered("Plant A", "Sat-A-VA").await;
    let uid = sides.in_satellite(|conn| Ok(db::local_accounts::all(conn)?.remove(0).uid)).await;
    let mut day = 0;
    let mut whole = Duration::ZERO;
    for version in 1..=2 {
        sides.in_satellite(move |conn| change_all(conn, version)).await;
        let running = sides.run();
        let begun = Instant::now();
        day += 1;
        night(&running, day).await.unwrap();
        whole = begun.elapsed();
    }
    equal(&sides, uid).await;
    for (turn, version) in (0..KILLS).zip(3..) {
        sides.in_satellite(move |conn| change_all(conn, version)).await;
        let mut running = sides.run();
        let most = u64::try_from(whole.as_micros()).unwrap();
        let after = Duration::from_micros(random(seed, turn, most));
        let name = if turn % 2 == 0 { "CSSM" } else { "the satellite" };
        println!("{name} after {after:?} of {whole:?}");
        day += 1;
        let to = instant(T0).plus_days(day);
        move_clock(running.cssm.url(), to).await.unwrap();
        let moving = actix_web::rt::spawn(move_clock(running.satellite.url(), to));
        let victim = if turn % 2 == 0 { &mut running.cssm } else { &mut running.satellite };
        kill_after(victim, after).await;
        drop(moving.await.unwrap());
        drop(running);
        check_whole(&sides, uid, version).await;
        let running = sides.run();
        day += 1;
        night(&running, day).await.unwrap();
        drop(running);
        let (versions, ..) = sides.in_cssm(move |conn| known(conn, uid)).await;
        assert_eq!(versions, BTreeSet::from([format!("Version {version}")]));
        equal(&sides, uid).await;
    }
}
