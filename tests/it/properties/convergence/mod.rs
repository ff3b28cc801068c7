//! CSSM and its satellites find together, whatever was done on either side and to the files.

mod deeds;
mod plant;
mod world;

use super::steps::block_on;
use crate::support::databases::Database;
use crate::support::sites::Sites;
use deeds::{Deed, history};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::RefCell;
use world::{Seen, World};

/// What must have happened, or the histories prove little.
const HAPPENS: [&str; 12] = [
    "a request file was taken",
    "a response file was taken",
    "a foreign file was refused",
    "a changed file was refused",
    "a file that is old or comes again was refused",
    "None taken",
    "RequestLost not taken",
    "ResponseLost taken",
    "Twice taken",
    "CSSM was restored",
    "a satellite was restored",
    "registered again",
];
/// Minutes after which CSSM has removed whoever did not synchronize.
const TOO_LONG: i64 = 95 * 24 * 60;

async fn live(database: Database, deeds: &[Deed], by_file: bool) -> Seen {
    let mut world = World::begin(Sites::open(&database).await).await;
    for deed in deeds {
        world.step(deed).await;
        world.check(deed).await;
    }
    world.heal(by_file).await;
    world.sites.leave().await;
    world.seen
}

/// Lives many histories (`PROPTEST_CASES` makes them more), and tells what was seen in them.
fn live_many(cases: u32, database: impl Fn() -> Database) -> Seen {
    let more = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: more.unwrap_or(cases),
        max_shrink_iters: 60,
        source_file: Some(file!()),
        ..ProptestConfig::default()
    };
    let all = RefCell::new(Seen::new());
    let lived = TestRunner::new(config).run(&(history(), any::<bool>()), |(deeds, by_file)| {
        for (what, often) in block_on(live(database(), &deeds, by_file)) {
            *all.borrow_mut().entry(what).or_default() += often;
        }
        Ok(())
    });
    lived.unwrap_or_else(|failed| panic!("{failed}"));
    all.into_inner()
}

/// Lives on until all of this has happened: histories are random, and the first ones do not always
/// bring the rare kinds.
fn live_until(wanted: &[&str], mut seen: Seen, live: impl Fn() -> Seen) {
    for _ in 0..6 {
        for (what, often) in live() {
            *seen.entry(what).or_default() += often;
        }
        if wanted.iter().all(|what| seen.contains_key(*what)) {
            return;
        }
    }
    panic!("not all of {wanted:?} has happened: {seen:?}");
}

/// AS-36, AS-37, AS-38, AS-39, AS-40, AS-41, AS-45, B-SYN-03, B-SYN-06, B-SYN-07, B-SYN-08, B-SYN-13,
/// B-SYN-15, B-SYN-16: work on both sides; files
/// that are lost, repeated, out of order, changed or of another satellite; faults of the network;
/// either side restored from a backup. What is refused changes nothing, what is accepted is what
/// the satellite had, no license counts twice, and one full synchronization makes both sides say
/// the same.
#[test]
fn one_full_synchronization_makes_both_sides_equal() {
    let mut seen = Seen::new();
    for by_file in [false, true] {
        seen.extend(block_on(live(Database::sqlite(), &[Deed::Wait(TOO_LONG)], by_file)));
    }
    live_until(&HAPPENS, seen, || live_many(16, Database::sqlite));
}

/// The same on PostgreSQL.
#[test]
fn both_sides_become_equal_on_postgresql_as_well() {
    if Database::postgres().is_some() {
        let wanted = ["None taken", "a request file was taken", "a response file was taken"];
        live_until(&wanted, Seen::new(), || live_many(4, || Database::postgres().unwrap()));
    }
}
