//! What satellites have and how they tell CSSM's database of it, without sites, files or keys.

use std::collections::BTreeMap;
use syncom::db::sync::{Counts, Merge, Told, Unmerged, Used};
use syncom::db::{self, Conn};
use syncom::domain::Timestamp;
use syncom::domain::account::{AccountKind, SmartAccount};
use syncom::domain::id::{EntitlementId, InstanceId, OnPremUid, SmartAccountId, VirtualAccountId};
use syncom::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use syncom::domain::license::{Billing, Entitlement};
use syncom::domain::on_prem::{LastRequest, Mode, OnPrem, OnPremState, Profile};
use syncom::domain::sync::Kind;
use syncom::domain::sync::merge::Removal;
use syncom::domain::virtual_account::{Access, Name, VirtualAccount};
use uuid::Uuid;

/// What a satellite has: by number of the instance, its place, its version and what it uses.
pub type World = BTreeMap<u128, (u128, i64, BTreeMap<u128, i64>)>;

/// The identity of the n-th row of a kind.
pub fn id(kind: u128, n: u128) -> Uuid {
    // The order of the ids is not that of the numbers.
    Uuid::from_u128((kind << 64) | ((n * 7 % 16) << 32) | n)
}

/// The account that has the On-Prems.
pub fn account() -> SmartAccountId {
    SmartAccountId(id(1, 1))
}

/// An On-Prem of it.
pub fn uid(n: u128) -> OnPremUid {
    OnPremUid(id(2, n))
}

/// A virtual account; the third is another account's.
pub fn place(n: u128) -> VirtualAccountId {
    VirtualAccountId(id(3, n))
}

/// When everything happens.
pub fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

/// One instance of a [`World`], and what it uses.
pub fn used(n: u128, (at, version, uses): &(u128, i64, BTreeMap<u128, i64>)) -> Used {
    let instance = Instance {
        id: InstanceId(id(5, n)),
        account: account(),
        virtual_account: place(*at),
        // All alike: privacy may hide what tells devices apart.
        udi: Udi { mac_address: Some("hidden".into()), ..Udi::default() },
        software_tag: "regid.test".into(),
        product_name: format!("Version {version}"),
        hostname: (version % 2 == 0).then(|| format!("host-{n}")),
        export_allowed: version % 3 == 0,
        token: None,
        registered_at: now(),
        last_contact_at: now().plus_days(version.unsigned_abs()),
        identity: Identity {
            serial: 0,
            public_key: String::new(),
            issued_at: now(),
            expires_at: now(),
            last_message_at: now(),
        },
        authorization: (version % 4 != 0).then(|| Authorized {
            at: now(),
            expires_at: now().plus_days(90),
            in_compliance: version % 5 == 0,
        }),
        reserved: false,
        due_at: None,
        alerting: false,
        settled: Settled::default(),
    };
    let uses = uses.iter().map(|(license, count)| (EntitlementId(id(4, *license)), *count));
    let mut uses: Vec<_> = uses.collect();
    uses.sort_unstable();
    (instance, uses)
}

/// Two accounts, three virtual accounts, three licenses and three On-Prems.
pub fn ground(conn: &mut Conn) -> db::Result<()> {
    let account = SmartAccount {
        id: account(),
        number: 1,
        name: "Contoso Lab".into(),
        domain: "lab.example".into(),
        kind: AccountKind::Customer,
        agreement: None,
        export_entitled: true,
        reservation_enabled: false,
        add_to_inventory: false,
        created_at: now(),
    };
    db::accounts::insert(conn, &account)?;
    let other = SmartAccountId(id(1, 2));
    db::accounts::insert(
        conn,
        &SmartAccount { id: other, number: 2, domain: "b".into(), ..account },
    )?;
    for (n, account) in [(1, self::account()), (2, self::account()), (3, other)] {
        db::virtual_accounts::insert(conn, &virtual_account(n, account))?;
        let (number, tag) = (i64::try_from(n).unwrap(), format!("regid.{n}"));
        db::licenses::insert_entitlement(conn, &entitlement(n, tag))?;
        db::on_prems::insert(conn, &on_prem(n, number))?;
    }
    Ok(())
}

fn virtual_account(n: u128, account: SmartAccountId) -> VirtualAccount {
    VirtualAccount {
        id: place(n),
        number: i64::try_from(n).unwrap(),
        account,
        parent: None,
        name: Name::parse(&format!("VA {n}")).unwrap(),
        description: String::new(),
        access: Access::Public,
        is_default: false,
        satellite: None,
        created_at: now(),
        on_prem: None,
        upstream: None,
    }
}

fn entitlement(n: u128, tag: String) -> Entitlement {
    Entitlement {
        id: EntitlementId(id(4, n)),
        name: tag.clone(),
        tag,
        description: String::new(),
        billing: Billing::Prepaid,
        enforced: false,
        export_restricted: false,
        tier: None,
    }
}

fn on_prem(n: u128, number: i64) -> OnPrem {
    OnPrem {
        uid: uid(n),
        account: account(),
        number,
        name: format!("Plant {n}"),
        mode: Mode::OnPrem8,
        state: OnPremState::Active,
        version: String::new(),
        email: String::new(),
        created_by: "ann".into(),
        created_at: now(),
        public_key: String::new(),
        certificate: String::new(),
        registration_nonce: id(6, n),
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

/// The same in words whose digest is this.
pub fn told((instance, uses): Used, digest: &str) -> Told {
    Told::new(instance, uses, 0, digest.to_owned())
}

/// Ends a request, and tells what it has changed.
pub fn finish(merge: Merge, conn: &mut Conn) -> db::Result<Counts> {
    let merged = sound(merge.finish(conn))?;
    let counts = merged.counts();
    merged.settle(conn)?;
    Ok(counts)
}

/// Nothing that is told here is another's.
pub fn sound<T>(outcome: Result<T, Unmerged>) -> db::Result<T> {
    outcome.map_err(|error| match error {
        Unmerged::Db(error) => error,
        foreign @ Unmerged::Foreign(_) => panic!("{foreign}"),
    })
}

/// Tells of all that a world has, or of what is different from the last one.
pub fn tell(conn: &mut Conn, kind: Kind, (before, world): (&World, &World)) -> db::Result<Counts> {
    let mut merge = Merge::begin(conn, uid(1), kind)?;
    let news = world.iter().filter(|(n, of)| kind == Kind::Full || before.get(n) != Some(of));
    for (n, of) in news {
        sound(merge.tell(conn, told(used(*n, of), &format!("{of:?}"))))?;
    }
    if kind == Kind::Standard {
        for n in before.keys().filter(|n| !world.contains_key(n)) {
            let removal = sound(merge.removed(conn, InstanceId(id(5, *n))))?;
            assert_eq!(removal, Removal::Remove);
        }
    }
    finish(merge, conn)
}

/// So many instances, all of the same version.
pub fn crowd(count: u128, version: i64) -> World {
    (0..count).map(|n| (n, (1, version, [(1 + n % 3, 2)].into()))).collect()
}

/// One that has registered in CSSM.
pub fn direct(n: u128) -> Instance {
    let (own, _) = used(n, &(1, 1, BTreeMap::new()));
    Instance { udi: Udi { uuid: Some("d".into()), ..Udi::default() }, ..own }
}
