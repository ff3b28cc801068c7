//! The rows of a satellite with a hundred thousand product instances.

use std::collections::BTreeMap;
use syncom::db::standings::What;
use syncom::db::{self, Db};
use syncom::domain::id::{EntitlementId, InstanceId, SmartAccountId, VirtualAccountId};
use syncom::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use syncom::domain::license::{Billing, Entitlement};
use syncom::domain::sync::Kind;
use syncom::domain::time::Timestamp;
use syncom::protocol::sync::{self, Direction, Header, Record};
use uuid::Uuid;

/// Product instances.
pub const INSTANCES: usize = 100_000;
/// Licenses, of which each instance uses three.
const LICENSES: usize = 20;
/// Instances that are written in one commit.
const BATCH: usize = 10_000;
/// Every so many-th instance is one that changes.
const STRIDE: usize = 97;

/// Where the instances are.
type Place = (SmartAccountId, VirtualAccountId);

/// An id that looks like a random one.
fn id(kind: u64, n: usize) -> Uuid {
    let mix = |value: u64| {
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    };
    let n = u64::try_from(n).unwrap();
    let high = mix(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ kind);
    Uuid::from_u64_pair(high, mix(high ^ n))
}

/// When everything begins.
pub fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

fn license(n: usize) -> EntitlementId {
    EntitlementId(id(4, n % LICENSES))
}

fn tag(n: usize) -> String {
    format!("regid.2026-01.com.syncom.LICENSE_{},1.0_{}", n % LICENSES, license(n))
}

/// What the instance of that number uses: numbers of licenses, and how many of each.
fn uses(n: usize) -> impl Iterator<Item = (usize, i64)> {
    (0..3).map(move |part| (n + part * 5, 1 + i64::try_from((n + part) % 4).unwrap()))
}

/// The instance of that number.
fn instance(n: usize, (account, virtual_account): Place) -> Instance {
    let now = now();
    Instance {
        id: InstanceId(id(5, n)),
        account,
        virtual_account,
        udi: Udi {
            pid: Some("C9300-48UXM".to_owned()),
            serial: Some(format!("FOC{n:08}")),
            ..Udi::default()
        },
        software_tag: format!("regid.2026-01.com.syncom.SWITCH,1.0_{}", id(6, 0)),
        product_name: "Catalyst 9300".to_owned(),
        hostname: Some(format!("switch-{n:06}.plant-a.lab.example")),
        export_allowed: n.is_multiple_of(2),
        token: None,
        registered_at: now,
        last_contact_at: long_ago().plus_days(u64::try_from(n % 30).unwrap()),
        identity: Identity {
            serial: i64::try_from(n).unwrap(),
            public_key: "k".repeat(120),
            issued_at: now,
            expires_at: now.plus_days(365),
            last_message_at: now,
        },
        authorization: Some(Authorized {
            at: now,
            expires_at: now.plus_days(90),
            in_compliance: true,
        }),
        reserved: false,
        due_at: Some(now.plus_days(30)),
        alerting: false,
        settled: Settled::default(),
    }
}

/// Some time before, so that nobody has been heard of in the future.
fn long_ago() -> Timestamp {
    Timestamp::parse("2025-12-01T09:00:00Z").unwrap()
}

/// The header of a request.
pub fn header(kind: Kind) -> Header {
    Header {
        direction: Direction::Request,
        kind: Some(kind),
        uid: id(2, 0),
        on_prem: "Plant A".to_owned(),
        smart_account: "Contoso Lab".to_owned(),
        sequence: 1,
        nonce: id(7, 0),
        base: None,
        since: Vec::new(),
        answers: None,
        next_sequence: None,
        made_at: now(),
        made_by: "bench".to_owned(),
    }
}

/// The record of the instance of that number.
pub fn record(n: usize) -> Record {
    let instance = instance(n, (SmartAccountId(id(1, 0)), VirtualAccountId(id(3, 0))));
    let told = instance.authorization;
    Record::Instance(Box::new(sync::Instance {
        id: instance.id,
        virtual_account: instance.virtual_account,
        udi: sync::Udi {
            pid: instance.udi.pid,
            serial: instance.udi.serial,
            ..sync::Udi::default()
        },
        software_tag: instance.software_tag,
        product_name: instance.product_name,
        hostname: instance.hostname,
        export_allowed: instance.export_allowed,
        reserved: instance.reserved,
        registered_at: instance.registered_at,
        last_contact_at: instance.last_contact_at,
        authorized_at: told.map(|told| told.at),
        in_compliance: told.map(|told| told.in_compliance),
        uses: uses(n).map(|(license, count)| (tag(license), count)).collect(),
    }))
}

fn entitlement(n: usize) -> Entitlement {
    Entitlement {
        id: license(n),
        tag: tag(n),
        name: format!("License {n}"),
        description: String::new(),
        billing: Billing::Prepaid,
        enforced: false,
        export_restricted: false,
        tier: None,
    }
}

/// The kinds of license that both sides know, beside those of the fixture.
fn licenses(conn: &mut db::Conn) -> db::Result<()> {
    (0..LICENSES).try_for_each(|n| db::licenses::insert_entitlement(conn, &entitlement(n)))
}

/// CSSM knows what will be used.
pub async fn fill_cssm(db: &Db) {
    db.write(licenses).await.unwrap();
}

/// The satellite's database: instances in the order in which they registered.
pub async fn fill_satellite(db: &Db, account: i64) {
    let place = db.write(move |conn| -> db::Result<Place> {
        licenses(conn)?;
        let local = db::local_accounts::numbered(conn, account)?;
        let account = local.and_then(|local| local.account).unwrap();
        let tree = db::virtual_accounts::tree(conn, account)?;
        Ok((account, tree.default_account().unwrap().id))
    });
    let place = place.await.unwrap();
    for first in (0..INSTANCES).step_by(BATCH) {
        let batch = move |conn: &mut db::Conn| -> db::Result<()> {
            for n in first..first + BATCH {
                let instance = instance(n, place);
                db::instances::insert(conn, &instance)?;
                let of: BTreeMap<EntitlementId, i64> =
                    uses(n).map(|(used, count)| (license(used), count)).collect();
                for (license, count) in of {
                    db::pools::report(conn, instance.id, place.1, license, (0, count))?;
                }
            }
            Ok(())
        };
        db.write(batch).await.unwrap();
    }
}

/// So many instances have been heard of again, and use another number of their licenses.
pub async fn touch(db: &Db, changes: usize) {
    let touch = move |conn: &mut db::Conn| -> db::Result<()> {
        for n in 0..changes {
            let id = InstanceId(id(5, n * STRIDE % INSTANCES));
            let mut instance = db::instances::find(conn, id)?.unwrap();
            instance.last_contact_at = instance.last_contact_at.plus_days(1);
            db::instances::save(conn, &instance)?;
            for (license, count) in db::pools::usage_of(conn, id)? {
                let at = instance.virtual_account;
                db::pools::report(conn, id, at, license, (count, count % 4 + 1))?;
            }
            let next = db::standings::next_sequence(conn, instance.account)?.unwrap();
            db::standings::mark(conn, instance.account, (What::Instance, id.0), next)?;
        }
        Ok(())
    };
    db.write(touch).await.unwrap();
}

/// How many instances CSSM has been told of.
pub async fn mirrored(db: &Db, domain: &'static str, on_prem: i64) -> usize {
    let count = move |conn: &mut db::Conn| -> db::Result<i64> {
        let account = db::accounts::find_by_domain(conn, domain)?.unwrap();
        let on_prem = db::on_prems::numbered(conn, account.id, on_prem)?.unwrap();
        db::mirrors::count(conn, on_prem.uid)
    };
    usize::try_from(db.read(count).await.unwrap()).unwrap()
}
