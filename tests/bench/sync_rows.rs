//! The rows of a satellite with a hundred thousand product instances, and of its CSSM.

use std::collections::BTreeMap;
use syncom::db::{self, Db};
use syncom::domain::account::{AccountKind, SmartAccount};
use syncom::domain::id::{EntitlementId, InstanceId, OnPremUid, SmartAccountId, VirtualAccountId};
use syncom::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use syncom::domain::license::{Billing, Entitlement};
use syncom::domain::on_prem::{LastRequest, Mode, OnPrem, OnPremState, Profile};
use syncom::domain::sync::Kind;
use syncom::domain::time::Timestamp;
use syncom::domain::virtual_account::{Access, Name, VirtualAccount};
use syncom::protocol::sync::{self, Direction, Header, Record};
use uuid::Uuid;

/// Product instances.
pub const INSTANCES: usize = 100_000;
/// Licenses, of which each instance uses three.
const LICENSES: usize = 20;
/// Instances that are written in one commit.
const BATCH: usize = 10_000;

/// Whose rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// The satellite's.
    Satellite,
    /// CSSM's.
    Cssm,
}

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

fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

/// The Smart Account of both sites.
pub fn account() -> SmartAccountId {
    SmartAccountId(id(1, 0))
}

/// The On-Prem.
pub fn uid() -> OnPremUid {
    OnPremUid(id(2, 0))
}

fn place(site: Site) -> VirtualAccountId {
    VirtualAccountId(id(3, usize::from(site == Site::Cssm)))
}

fn license(n: usize) -> EntitlementId {
    EntitlementId(id(4, n % LICENSES))
}

fn tag(n: usize) -> String {
    format!("regid.2026-01.com.syncom.LICENSE_{},1.0_{}", n % LICENSES, license(n))
}

/// What the instance of that number uses.
pub fn uses(n: usize) -> Vec<(EntitlementId, i64)> {
    (0..3).map(|part| (license(n + part * 5), 1 + i64::try_from((n + part) % 4).unwrap())).collect()
}

/// The instance of that number.
pub fn instance(n: usize, site: Site) -> Instance {
    let now = now();
    Instance {
        id: InstanceId(id(5, n)),
        account: account(),
        virtual_account: place(site),
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
        last_contact_at: now.plus_days(u64::try_from(n % 30).unwrap()),
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

/// The first so many instances, which stand for those that have changed.
pub fn some(count: usize) -> Vec<InstanceId> {
    (0..count).map(|n| InstanceId(id(5, n * 97 % INSTANCES))).collect()
}

/// The header of a request.
pub fn header(kind: Kind) -> Header {
    Header {
        direction: Direction::Request,
        kind: Some(kind),
        uid: uid().0,
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

/// The record of an instance.
pub fn record(instance: &Instance, uses: Vec<(EntitlementId, i64)>) -> Record {
    let told = instance.authorization;
    let tags = uses.into_iter().map(|(id, count)| {
        let known = (0..LICENSES).find(|n| license(*n) == id).unwrap();
        (tag(known), count)
    });
    Record::Instance(Box::new(sync::Instance {
        id: instance.id,
        virtual_account: instance.virtual_account,
        udi: sync::Udi {
            pid: instance.udi.pid.clone(),
            serial: instance.udi.serial.clone(),
            ..sync::Udi::default()
        },
        software_tag: instance.software_tag.clone(),
        product_name: instance.product_name.clone(),
        hostname: instance.hostname.clone(),
        export_allowed: instance.export_allowed,
        reserved: instance.reserved,
        registered_at: instance.registered_at,
        last_contact_at: instance.last_contact_at,
        authorized_at: told.map(|told| told.at),
        in_compliance: told.map(|told| told.in_compliance),
        uses: tags.collect(),
    }))
}

/// What CSSM makes of a record.
pub fn told(told: &sync::Instance) -> (Instance, Vec<(EntitlementId, i64)>) {
    let license_of = |tag: &str| {
        let id = tag.rsplit('_').next().unwrap().parse().unwrap();
        EntitlementId(id)
    };
    let uses = told.uses.iter().map(|(tag, count)| (license_of(tag), *count)).collect();
    let instance = Instance {
        id: told.id,
        udi: Udi { pid: told.udi.pid.clone(), serial: told.udi.serial.clone(), ..Udi::default() },
        software_tag: told.software_tag.clone(),
        product_name: told.product_name.clone(),
        hostname: told.hostname.clone(),
        export_allowed: told.export_allowed,
        registered_at: told.registered_at,
        last_contact_at: told.last_contact_at,
        authorization: told.authorized_at.zip(told.in_compliance).map(|(at, in_compliance)| {
            Authorized { at, expires_at: at.plus_days(90), in_compliance }
        }),
        ..instance(0, Site::Cssm)
    };
    (instance, uses)
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

/// What both sites need before there are instances.
fn ground(conn: &mut db::Conn, site: Site) -> db::Result<()> {
    let account = SmartAccount {
        id: account(),
        number: 1,
        name: "Contoso Lab".to_owned(),
        domain: "lab.example".to_owned(),
        kind: AccountKind::Customer,
        agreement: None,
        export_entitled: true,
        reservation_enabled: false,
        add_to_inventory: false,
        created_at: now(),
    };
    db::accounts::insert(conn, &account)?;
    let va = VirtualAccount {
        id: place(site),
        number: 1,
        account: account.id,
        parent: None,
        name: Name::parse("Sat-A-VA").unwrap(),
        description: String::new(),
        access: Access::Public,
        is_default: false,
        satellite: None,
        created_at: now(),
        on_prem: None,
        upstream: None,
    };
    db::virtual_accounts::insert(conn, &va)?;
    for n in 0..LICENSES {
        db::licenses::insert_entitlement(conn, &entitlement(n))?;
    }
    Ok(())
}

/// The satellite's database: instances in the order in which they registered.
pub async fn fill_satellite(db: &Db) {
    db.write(|conn| ground(conn, Site::Satellite)).await.unwrap();
    for first in (0..INSTANCES).step_by(BATCH) {
        let batch = move |conn: &mut db::Conn| -> db::Result<()> {
            for n in first..first + BATCH {
                let instance = instance(n, Site::Satellite);
                db::instances::insert(conn, &instance)?;
                let of: BTreeMap<EntitlementId, i64> = uses(n).into_iter().collect();
                for (license, count) in of {
                    let at = instance.virtual_account;
                    db::pools::report(conn, instance.id, at, license, (0, count))?;
                }
            }
            Ok(())
        };
        db.write(batch).await.unwrap();
    }
}

/// CSSM's database: nobody has told of anything.
pub async fn fill_cssm(db: &Db) {
    let fill = |conn: &mut db::Conn| -> db::Result<()> {
        ground(conn, Site::Cssm)?;
        db::on_prems::insert(conn, &on_prem())
    };
    db.write(fill).await.unwrap();
}

fn on_prem() -> OnPrem {
    OnPrem {
        uid: uid(),
        account: account(),
        number: 1,
        name: "Plant A".to_owned(),
        mode: Mode::OnPrem8,
        state: OnPremState::Active,
        version: String::new(),
        email: String::new(),
        created_by: "ann".to_owned(),
        created_at: now(),
        public_key: String::new(),
        certificate: String::new(),
        registration_nonce: id(7, 1),
        ready_at: now(),
        fetched_at: None,
        credential: None,
        credential_ends: None,
        last: LastRequest::default(),
        dates: Profile::CLASSIC.after(now()),
        due_at: None,
        settled_at: None,
    }
}

/// Every instance has been heard of again, so that whatever is told next is new.
pub async fn touch(db: &Db) {
    let touch = |conn: &mut db::Conn| -> db::Result<()> {
        for (mut instance, uses) in db::sync::these(conn, &some(1_000))? {
            instance.last_contact_at = instance.last_contact_at.plus_days(1);
            db::instances::save(conn, &instance)?;
            for (license, count) in uses {
                let at = instance.virtual_account;
                db::pools::report(conn, instance.id, at, license, (count, count % 4 + 1))?;
            }
        }
        Ok(())
    };
    db.write(touch).await.unwrap();
}
