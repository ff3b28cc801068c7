//! What CSSM and a satellite say about the same things, in the same words.

use std::collections::{BTreeMap, BTreeSet};
use syncom::db::pools::Places;
use syncom::db::{self, Conn};
use syncom::domain::id::{EntitlementId, OnPremUid, VirtualAccountId};
use syncom::domain::instance::Instance;
use syncom::domain::line::Line;
use uuid::Uuid;

/// What a satellite tells: its product instances with what they use, and its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub instances: BTreeSet<String>,
    pub tokens: BTreeSet<String>,
    /// In use, by license.
    pub used: BTreeMap<String, i64>,
}

/// What CSSM tells: how many of each line, by its identity there.
pub type Lines = BTreeMap<Uuid, i64>;

/// Everything that one full synchronization makes equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub told: Told,
    pub lines: Lines,
    /// Kind, type and dates of the lines.
    pub terms: BTreeSet<String>,
    /// The number of the next request, the last nonce, and until when the next one is due.
    pub standing: String,
}

type Tags = BTreeMap<EntitlementId, String>;

fn tags(conn: &mut Conn) -> db::Result<Tags> {
    Ok(db::licenses::all(conn)?.into_iter().map(|of| (of.id, of.tag)).collect())
}

fn instance(conn: &mut Conn, one: &Instance, tags: &Tags) -> db::Result<String> {
    let uses: BTreeMap<_, _> = db::pools::usage_of(conn, one.id)?
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(id, count)| (&tags[&id], count))
        .collect();
    let authorized = one.authorization.map(|told| (told.at, told.in_compliance));
    let names = (&one.udi, &one.software_tag, &one.product_name, &one.hostname);
    let dates = (one.registered_at, one.last_contact_at, authorized);
    Ok(format!("{} {names:?} {} {dates:?} {uses:?}", one.id, one.export_allowed))
}

fn used(conn: &mut Conn, places: &[VirtualAccountId]) -> db::Result<BTreeMap<String, i64>> {
    let mut used = BTreeMap::new();
    for pool in db::pools::list(conn, Places::these(places))? {
        *used.entry(pool.entitlement.tag).or_default() += pool.reported;
    }
    used.retain(|_, count| *count != 0);
    Ok(used)
}

fn term(line: &Line, upstream: Uuid, tags: &Tags) -> String {
    let dates = (line.license_type, line.starts, line.ends, line.booking);
    format!("{upstream} {} {dates:?}", tags[&line.entitlement])
}

fn whole<'a>(parts: impl Iterator<Item = (Uuid, &'a Line)>) -> Lines {
    let mut lines = Lines::new();
    for (upstream, part) in parts {
        *lines.entry(upstream).or_default() += part.quantity;
    }
    lines.retain(|_, quantity| *quantity != 0);
    lines
}

/// What the satellite of this world says about its only local account.
pub fn of_satellite(conn: &mut Conn) -> db::Result<View> {
    let account = db::accounts::all(conn)?.remove(0).id;
    let local = db::local_accounts::of_account(conn, account)?.unwrap();
    let tree = db::virtual_accounts::tree(conn, account)?;
    let places: Vec<_> = tree.all().iter().map(|va| va.id).collect();
    let names: BTreeMap<_, _> = tree.all().iter().map(|va| (va.id, va.name.as_str())).collect();
    let tags = tags(conn)?;
    let mut told = Told { used: used(conn, &places)?, ..Told::default() };
    for one in db::instances::list(conn, &places)? {
        told.instances.insert(instance(conn, &one, &tags)?);
    }
    for token in db::tokens::of_account(conn, account)? {
        let life = (token.max_uses, token.uses, token.created_at, token.expires_at);
        let words = (token.short(), &token.description, names[&token.virtual_account]);
        told.tokens.insert(format!("{} {words:?} {life:?} {:?}", token.id, token.revoked_at));
    }
    let parts = db::licenses::of_account(conn, account)?;
    let upstream = |line: &Line| line.origin.upstream.unwrap().0;
    let stands = db::standings::find(conn, local.uid)?.unwrap();
    Ok(View {
        told,
        lines: whole(parts.iter().map(|line| (upstream(line), line))),
        terms: parts.iter().map(|line| term(line, upstream(line), &tags)).collect(),
        standing: format!("{} {:?} {:?}", stands.next_sequence, stands.base, stands.dates),
    })
}

/// What CSSM says about an On-Prem; nothing of it is anybody else's.
pub fn of_cssm(conn: &mut Conn, uid: OnPremUid) -> db::Result<Option<View>> {
    let Some(one) = db::on_prems::find(conn, uid)?.filter(|one| !one.state.is_over()) else {
        return Ok(None);
    };
    let tree = db::virtual_accounts::tree(conn, one.account)?;
    let own = tree.all().iter().filter(|va| va.on_prem == Some(uid));
    let places: Vec<_> = own.map(|va| va.id).collect();
    let tags = tags(conn)?;
    let mut told = Told { used: used(conn, &places)?, ..Told::default() };
    let instances = db::instances::list(conn, &places)?;
    let own = i64::try_from(instances.len()).unwrap();
    assert_eq!(db::mirrors::count(conn, uid)?, own, "not all are of this On-Prem");
    for found in instances {
        told.instances.insert(instance(conn, &found, &tags)?);
    }
    for place in &places {
        for token in db::mirrors::tokens(conn, *place)? {
            let life = (token.max_uses, token.uses, token.created_at, token.expires_at);
            let words = (&token.short, &token.description, token.local_virtual_account.as_str());
            told.tokens.insert(format!("{} {words:?} {life:?} {:?}", token.id, token.revoked_at));
        }
    }
    let lines = db::licenses::lines_in(conn, Places::these(&places))?;
    let lines: Vec<&Line> = lines.iter().map(|(line, _)| line).collect();
    let some = lines.iter().filter(|line| line.quantity != 0);
    let next = db::on_prems::highest(conn, uid)? + 1;
    Ok(Some(View {
        told,
        lines: whole(lines.iter().map(|line| (line.id.0, *line))),
        terms: some.map(|line| term(line, line.id.0, &tags)).collect(),
        standing: format!("{next} {:?} {:?}", one.last.nonce, one.dates),
    }))
}

/// The quantity of all lines of each kind in the Smart Account of CSSM, wherever they are.
pub fn goods(conn: &mut Conn) -> db::Result<BTreeMap<String, i64>> {
    let account = db::accounts::find_by_domain(conn, "lab.example")?.unwrap().id;
    let tags = tags(conn)?;
    let mut goods = BTreeMap::new();
    for line in db::licenses::of_account(conn, account)? {
        let kind = format!("{} {:?}", tags[&line.entitlement], line.license_type);
        *goods.entry(kind).or_default() += line.quantity;
    }
    Ok(goods)
}
