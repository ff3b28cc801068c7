//! What a satellite tells in bulk is what CSSM keeps, whatever is told in whichever order.

use crate::support::databases::{Database, on_both_databases};
use crate::support::mirrors::{
    World, account, crowd, direct, finish, ground, id, place, sound, tell, told, uid, used,
};
use diesel::connection::{Connection as _, InstrumentationEvent};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncom::db::sync::{Counts, Merge, Unmerged, Used, page, these};
use syncom::db::{self, Conn, Db, Url};
use syncom::domain::id::{EntitlementId, InstanceId, SmartAccountId};
use syncom::domain::instance::Instance;
use syncom::domain::sync::Kind;
use syncom::domain::sync::merge::Removal;

/// Requests that each world hears.
const REQUESTS: usize = 40;

on_both_databases!(
    what_is_told_is_kept,
    many_are_told_together,
    what_is_others_is_not_touched,
    few_changes_cost_little
);

fn open(database: &Database) -> Db {
    let url = match database {
        Database::Sqlite(folder) => Url::Sqlite(folder.path().join("cssm.db")),
        Database::Postgres(own) => Url::Postgres { base: own.url(), schema: "cssm".into() },
    };
    Db::open(&url).unwrap()
}

/// All that is kept, in pages of any size.
fn kept(conn: &mut Conn, limit: i64) -> db::Result<Vec<Used>> {
    let mut all: Vec<Used> = Vec::new();
    loop {
        let after = all.last().map(|(instance, _)| instance.id);
        let found = page(conn, account(), after, limit)?;
        if found.is_empty() {
            return Ok(all);
        }
        all.append(&mut with_uses(conn, found)?);
    }
}

/// With what they use as every page of CSSM reads it: `page` and `these` are the satellite's, which
/// has nothing of others.
fn with_uses(conn: &mut Conn, found: Vec<Used>) -> db::Result<Vec<Used>> {
    let ids: Vec<InstanceId> = found.iter().map(|(instance, _)| instance.id).collect();
    let mut uses = db::pools::usage_of_all(conn, &ids)?;
    let own = |(instance, _): Used| {
        let uses = uses.remove(&instance.id).unwrap_or_default();
        (instance, uses)
    };
    Ok(found.into_iter().map(own).collect())
}

/// These with what they use.
fn there(conn: &mut Conn, ids: &BTreeSet<InstanceId>) -> db::Result<Vec<Used>> {
    let found = these(conn, ids)?;
    with_uses(conn, found)
}

fn worlds() -> Vec<(Kind, World)> {
    let uses = prop::collection::btree_map(1_u128..4, 1_i64..5, 0..4);
    let world = prop::collection::btree_map(0_u128..16, (1_u128..3, 0_i64..4, uses), 0..16);
    let kind = prop::sample::select(&Kind::ALL[..]);
    let requests = prop::collection::vec((kind, world), REQUESTS);
    requests.new_tree(&mut TestRunner::deterministic()).unwrap().current()
}

/// B-SYN-03, B-SYN-07, AS-45: after each request, standard or full, the rows are what the
/// satellite has, the sums of the pools are those of the rows, and the same once more is nothing.
async fn what_is_told_is_kept(database: &Database) {
    let db = open(database);
    db.write(ground).await.unwrap();
    let mut before = World::new();
    for (at, (kind, world)) in worlds().into_iter().enumerate() {
        let mut wanted: Vec<Used> = world.iter().map(|(n, of)| used(*n, of)).collect();
        wanted.sort_by_key(|(instance, _)| instance.id);
        let told = (before, world.clone());
        let (kept, again, drifted) = db
            .write(move |conn| -> db::Result<_> {
                tell(conn, kind, (&told.0, &told.1))?;
                let again = tell(conn, Kind::Full, (&told.1, &told.1))?;
                Ok((kept(conn, 3)?, again, db::pools::drifted(conn)?))
            })
            .await
            .unwrap();
        assert_eq!(kept, wanted, "request {at}");
        let same = u64::try_from(wanted.len()).unwrap();
        assert_eq!(again, Counts { same, ..Counts::default() }, "request {at}");
        assert!(drifted.is_empty(), "request {at}: {drifted:?}");
        before = world;
    }
}

/// B-SYN-07: more than are written together, new, changed, the same and gone in one request; the
/// last word on an instance counts.
async fn many_are_told_together(database: &Database) {
    let db = open(database);
    db.write(ground).await.unwrap();
    let outcome = db.write(|conn| -> db::Result<_> {
        let (before, mut after) = (crowd(200, 1), crowd(150, 1));
        let added = tell(conn, Kind::Full, (&World::new(), &before))?;
        after.extend(crowd(300, 2).split_off(&170));
        after.insert(7, (2, 3, [(3, 9)].into()));
        let mut merge = Merge::begin(conn, uid(1), Kind::Full)?;
        let earlier = (1, 4, [(2, 5)].into());
        sound(merge.tell(conn, told(used(7, &earlier), "earlier")))?;
        for (n, of) in &after {
            sound(merge.tell(conn, told(used(*n, of), &format!("{of:?}"))))?;
        }
        let changed = finish(merge, conn)?;
        let mut wanted: Vec<Used> = after.iter().map(|(n, of)| used(*n, of)).collect();
        wanted.sort_by_key(|(instance, _)| instance.id);
        assert_eq!(kept(conn, 40)?, wanted);
        let license = EntitlementId(id(4, 3));
        let users = db::pools::users_of(conn, place(2), license)?;
        let users: Vec<_> = users.into_iter().map(|(one, count)| (one.id, count)).collect();
        assert_eq!(users, [(InstanceId(id(5, 7)), 9)], "who uses a license in a virtual account");
        let others = after.values().filter(|(at, _, uses)| *at == 1 && uses.contains_key(&3));
        assert_eq!(db::pools::users_of(conn, place(1), license)?.len(), others.count());
        assert_eq!(db::pools::drifted(conn)?, vec![]);
        Ok((added, changed))
    });
    let added = Counts { added: 200, ..Counts::default() };
    // 7 is told twice, differently; 150 to 169 go, 170 to 199 are of another version.
    let changed = Counts { added: 100, changed: 32, same: 149, removed: 20, unknown: 0 };
    assert_eq!(outcome.await.unwrap(), (added, changed));
}

/// Counts the statements of a connection from now on.
pub fn count_statements(conn: &mut Conn) -> Arc<AtomicUsize> {
    let statements = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    statements
}

/// B-SYN-03, B-SYN-07: a standard request costs what it tells, however much is there: as many
/// statements with thirty times as many instances.
async fn few_changes_cost_little(database: &Database) {
    let db = open(database);
    db.write(ground).await.unwrap();
    let mut costs = Vec::new();
    for there in [50, 1_500] {
        let cost = db.write(move |conn| -> db::Result<_> {
            let before = crowd(there, 1);
            tell(conn, Kind::Full, (&World::new(), &before))?;
            let mut after = before.clone();
            after.extend(crowd(10, 2));
            after.remove(&20);
            let statements = count_statements(conn);
            let counts = tell(conn, Kind::Standard, (&before, &after))?;
            let ids: BTreeSet<InstanceId> = (0..10).map(|n| InstanceId(id(5, n))).collect();
            assert_eq!(these(conn, &ids)?.len(), 10);
            conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
            assert_eq!(kept(conn, 100)?.len(), after.len());
            Ok((counts, statements.load(Ordering::SeqCst)))
        });
        costs.push(cost.await.unwrap());
    }
    let [(few, cost), (many, same)] = costs[..] else { panic!("{costs:?}") };
    let wanted = Counts { changed: 10, removed: 1, ..Counts::default() };
    assert_eq!((few, many), (wanted, wanted));
    assert!(cost > 0);
    assert_eq!(cost, same, "with thirty times as many instances");
}

/// AS-40, B-SYN-16: instances that registered here, and those of another On-Prem, stay as they
/// are, and so do those of another account.
async fn what_is_others_is_not_touched(database: &Database) {
    let db = open(database);
    let outcome = db.write(|conn| -> db::Result<_> {
        ground(conn)?;
        let of = |n: u128, at: u128| used(n, &(at, 1, [(1, 2)].into()));
        let (_, uses) = of(1, 1);
        db::instances::insert(conn, &direct(1))?;
        let mut other = Merge::begin(conn, uid(2), Kind::Full)?;
        sound(other.tell(conn, told(of(2, 2), "x")))?;
        let other = sound(other.finish(conn))?;
        assert_eq!(other.pools(), [(place(2), vec![EntitlementId(id(4, 1))])].into());
        other.settle(conn)?;
        let elsewhere =
            (Instance { account: SmartAccountId(id(1, 2)), ..of(3, 3).0 }, uses.clone());
        let mut third = Merge::begin(conn, uid(3), Kind::Full)?;
        sound(third.tell(conn, told(elsewhere.clone(), "x")))?;
        finish(third, conn)?;

        let third = BTreeSet::from([elsewhere.0.id]);
        let before = (kept(conn, 100)?, there(conn, &third)?);
        for n in 1..=3 {
            let id = of(n, 1).0.id;
            let mut merge = Merge::begin(conn, uid(1), Kind::Full)?;
            let removed = merge.removed(conn, id);
            assert!(matches!(removed, Err(Unmerged::Foreign(one)) if one == id), "{n}");
            sound(merge.tell(conn, told(of(n, 1), "y")))?;
            let refused = merge.finish(conn).map(|_| ());
            assert!(matches!(refused, Err(Unmerged::Foreign(one)) if one == id), "{n}");
        }
        let mut merge = Merge::begin(conn, uid(1), Kind::Full)?;
        assert_eq!(sound(merge.removed(conn, InstanceId(id(5, 9))))?, Removal::Gone);
        assert_eq!(finish(merge, conn)?, Counts::default());
        let after = (kept(conn, 100)?, there(conn, &third)?);
        assert_eq!(after.0.len(), 2, "the page has only one account");
        assert_eq!(after.1, [elsewhere]);
        Ok((before == after, db::pools::drifted(conn)?))
    });
    assert_eq!(outcome.await.unwrap(), (true, vec![]));
}
