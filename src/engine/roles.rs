//! Roles in an account, given and taken (B-LWS-08): of people, and of groups of them.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use super::virtual_accounts::NewPeople;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{RoleId, UserGroupId};
use crate::domain::membership::{self, Held, Holder, UserGroup};
use crate::domain::people::{Assignment, Permission};
use crate::domain::system::SystemUser;
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};

/// A role as people see it.
#[derive(Clone, Debug)]
pub struct RoleRow {
    /// The role and who holds it.
    pub held: Held,
    /// Number and name of its virtual account; none for the whole account.
    pub place: Option<(i64, String)>,
    /// Whether the caller may change it and take it away.
    pub may_change: bool,
}

/// The roles of an account, as far as the caller manages them.
#[derive(Clone, Debug)]
pub struct AccountRoles {
    /// Roles of people by login name, then roles of groups by name.
    pub roles: Vec<RoleRow>,
    /// The people who hold them, by themselves or by a group.
    pub people: Vec<SystemUser>,
    /// All groups of the satellite: each may be given a role.
    pub groups: Vec<UserGroup>,
    /// Number and name of the virtual accounts in which the caller gives roles.
    pub places: Vec<(i64, String)>,
    /// Whether the caller gives roles for the whole account.
    pub whole: bool,
}

/// Who is to get a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WishedHolder {
    /// The person of that login name.
    User(String),
    /// A group.
    Group(UserGroupId),
}

/// A role that is to be given.
#[derive(Clone, Debug)]
pub struct RoleWish {
    /// To whom.
    pub holder: WishedHolder,
    /// The name of the role.
    pub role: String,
    /// In which virtual account; none for the whole account.
    pub virtual_account: Option<VaRef>,
    /// Whether it reaches the virtual accounts nested there, too.
    pub nested: bool,
}

impl Engine {
    /// The roles of an account, for those who manage some of them.
    pub async fn roles(&self, who: &Who, domain: &str) -> Result<AccountRoles> {
        self.read_in(who, domain, |conn, place, _| {
            require_any(&place)?;
            seen(conn, &place)
        })
        .await
    }

    /// One role that the caller manages.
    pub async fn role(&self, who: &Who, domain: &str, id: RoleId) -> Result<RoleRow> {
        self.read_in(who, domain, move |conn, place, _| {
            require_any(&place)?;
            found(conn, &place, id)
        })
        .await
    }

    /// Gives a person or a group a role. There is one role for each holder and place.
    pub async fn give_role(&self, who: &Who, domain: &str, wish: RoleWish) -> Result<Held> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require_any(&place)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let field = match wish.holder {
                WishedHolder::User(_) => "user",
                WishedHolder::Group(_) => "group",
            };
            let held = engine.give(conn, &place, (&wish, field, now), &mut ledger)?;
            ledger.close(conn)?;
            Ok(held)
        })
        .await
    }

    /// Makes a role another one, in the same place.
    pub async fn change_role(
        &self,
        who: &Who,
        domain: &str,
        id: RoleId,
        (role, nested): (String, bool),
    ) -> Result<RoleRow> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require_any(&place)?;
            let row = found(conn, &place, id)?;
            let old = &row.held.assignment;
            let role = membership::role(&role, old.virtual_account)?;
            let nested = nested && old.virtual_account.is_some();
            let new = Assignment { role, nested, ..old.clone() };
            if new == *old {
                return Ok(row);
            }
            for one in [old, &new] {
                membership::allow(&place.actor, one, &place.tree, &place.account.name)?;
            }
            let held = Held { assignment: new, ..row.held.clone() };
            let before = db::roles::administrators(conn, place.account.id)?;
            db::roles::delete(conn, &row.held)?;
            db::roles::insert(conn, &held)?;
            let after = db::roles::administrators(conn, place.account.id)?;
            membership::keeps_administrator(&place.account.name, before, after)?;
            let message = format!(
                "{} is {} now; before {}.",
                holder(&held),
                described(&held.assignment, row.place()),
                described(old, row.place())
            );
            engine.tell(conn, &place, (EventKind::RoleChanged, &held, message), now)?;
            Ok(RoleRow { held, ..row })
        })
        .await
    }

    /// Takes a role away; not the last administrator's.
    pub async fn take_role(&self, who: &Who, domain: &str, id: RoleId) -> Result<RoleRow> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            require_any(&place)?;
            let row = found(conn, &place, id)?;
            let given = &row.held.assignment;
            membership::allow(&place.actor, given, &place.tree, &place.account.name)?;
            let before = db::roles::administrators(conn, place.account.id)?;
            db::roles::delete(conn, &row.held)?;
            let after = db::roles::administrators(conn, place.account.id)?;
            membership::keeps_administrator(&place.account.name, before, after)?;
            let what = described(given, row.place());
            let message = format!("{} is not {what} any more.", holder(&row.held));
            engine.tell(conn, &place, (EventKind::RoleTaken, &row.held, message), now)?;
            Ok(row)
        })
        .await
    }

    /// Gives people a role in a virtual account that has just been made.
    pub(super) fn invite(
        &self,
        conn: &mut Conn,
        place: &Place,
        (number, people, now): (i64, &NewPeople, Timestamp),
        ledger: &mut Ledger,
    ) -> Result<()> {
        let tree = db::virtual_accounts::tree(conn, place.account.id)?;
        let place = Place { tree, ..place.clone() };
        for name in &people.names {
            let wish = RoleWish {
                holder: WishedHolder::User(name.clone()),
                role: people.role.clone(),
                virtual_account: Some(VaRef::Number(number)),
                nested: false,
            };
            self.give(conn, &place, (&wish, "users", now), ledger)?;
        }
        Ok(())
    }

    /// Gives a role, if the caller may; what is wrong with the holder stands beside `field`.
    fn give(
        &self,
        conn: &mut Conn,
        place: &Place,
        (wish, field, now): (&RoleWish, &'static str, Timestamp),
        ledger: &mut Ledger,
    ) -> Result<Held> {
        let va = wish.virtual_account.as_ref().map(|va| place.find(va)).transpose()?;
        let role = membership::role(&wish.role, va.map(|va| va.id))?;
        let account = place.account.id;
        let nested = wish.nested && va.is_some();
        let assignment = Assignment { role, account, virtual_account: va.map(|va| va.id), nested };
        membership::allow(&place.actor, &assignment, &place.tree, &place.account.name)?;
        let (holder, name) = resolve(conn, &wish.holder, field)?;
        let id = RoleId(self.ids().uuid(now));
        let held = Held { id, holder, name, assignment };
        put_role(conn, (&held, field), va, ledger)?;
        Ok(held)
    }

    fn tell(
        &self,
        conn: &mut Conn,
        place: &Place,
        (kind, held, message): (EventKind, &Held, String),
        now: Timestamp,
    ) -> Result<()> {
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        ledger.note(fact(kind, &held.assignment, message));
        ledger.close(conn)
    }
}

/// Writes a new role with its event, unless its holder has one in that place.
pub(super) fn put_role(
    conn: &mut Conn,
    (held, field): (&Held, &'static str),
    va: Option<&VirtualAccount>,
    ledger: &mut Ledger,
) -> Result<()> {
    let given = &held.assignment;
    let known = db::roles::of_account(conn, given.account)?;
    let there = |one: &&Held| {
        one.holder == held.holder && one.assignment.virtual_account == given.virtual_account
    };
    let place = va.map(|va| va.name.as_str());
    if let Some(one) = known.iter().find(there) {
        let what = described(&one.assignment, place);
        let problem = format!("{} is {what} already; change that role instead", held.name);
        return Err(Error::invalid(field, problem).into());
    }
    db::roles::insert(conn, held)?;
    let message = format!("{} is {} now.", holder(held), described(given, place));
    ledger.note(fact(EventKind::RoleGiven, given, message));
    Ok(())
}

fn fact(kind: EventKind, given: &Assignment, message: String) -> Fact {
    match given.virtual_account {
        Some(va) => Fact::new(va, kind, message),
        None => Fact::of_account(kind, message),
    }
}

/// Who holds it, at the beginning of a sentence.
fn holder(held: &Held) -> String {
    match held.holder {
        Holder::User(_) => held.name.clone(),
        Holder::Group(_) => format!("The group {}", held.name),
    }
}

/// A role and where it reaches, in the middle of a sentence.
pub(super) fn described(given: &Assignment, place: Option<&str>) -> String {
    let role = given.role.name();
    match (place, given.nested) {
        (None, _) => role.to_owned(),
        (Some(place), false) => format!("{role} of {place}"),
        (Some(place), true) => format!("{role} of {place} and what is nested in it"),
    }
}

/// Fails unless the caller manages roles anywhere in the account.
fn require_any(place: &Place) -> Result<(), Error> {
    let name = &place.account.name;
    if membership::manages_any(&place.actor, &place.tree, name) {
        return Ok(());
    }
    place.actor.require(Permission::ManageRoles, &place.scope())
}

/// The person or group that is named.
fn resolve(
    conn: &mut Conn,
    wished: &WishedHolder,
    field: &'static str,
) -> Result<(Holder, String)> {
    match wished {
        WishedHolder::User(name) => {
            let name = name.trim();
            let known = db::system_users::named(conn, name)?.map(|stored| stored.user);
            let user = known.ok_or_else(|| {
                Error::invalid(field, format!("there is no user '{name}' on this satellite"))
            })?;
            Ok((Holder::User(user.id), user.name))
        }
        WishedHolder::Group(id) => {
            let group = db::user_groups::find(conn, *id)?;
            let group =
                group.ok_or_else(|| Error::invalid(field, "there is no such group any more"))?;
            Ok((Holder::Group(group.id), group.name))
        }
    }
}

impl RoleRow {
    fn of(place: &Place, held: Held) -> Self {
        let given = &held.assignment;
        let va = given.virtual_account.and_then(|id| place.tree.get(id));
        let may = membership::allow(&place.actor, given, &place.tree, &place.account.name);
        let at = va.map(|va| (va.number, va.name.as_str().to_owned()));
        Self { may_change: may.is_ok(), place: at, held }
    }

    fn place(&self) -> Option<&str> {
        self.place.as_ref().map(|(_, name)| name.as_str())
    }
}

/// Whether the caller manages roles where this one is held.
fn is_seen(place: &Place, held: &Held) -> bool {
    let scope = match held.assignment.virtual_account.and_then(|id| place.tree.get(id)) {
        Some(va) => place.tree.scope(va),
        None => place.scope(),
    };
    place.actor.may(Permission::ManageRoles, &scope)
}

/// A role that the caller manages; of others they do not hear.
fn found(conn: &mut Conn, place: &Place, id: RoleId) -> Result<RoleRow> {
    let all = db::roles::of_account(conn, place.account.id)?;
    let held = all.into_iter().find(|held| held.id == id && is_seen(place, held));
    let held = held.ok_or_else(|| Error::not_found("role", id.to_string()))?;
    Ok(RoleRow::of(place, held))
}

fn seen(conn: &mut Conn, place: &Place) -> Result<AccountRoles> {
    let all = db::roles::of_account(conn, place.account.id)?;
    let held = all.into_iter().filter(|held| is_seen(place, held));
    let roles: Vec<RoleRow> = held.map(|held| RoleRow::of(place, held)).collect();
    let groups = db::user_groups::all(conn)?;
    let holds = |user: &SystemUser| {
        roles.iter().any(|row| match row.held.holder {
            Holder::User(id) => id == user.id,
            Holder::Group(id) => groups
                .iter()
                .filter(|group| group.id == id)
                .any(|group| group.members.iter().any(|(member, _)| *member == user.id)),
        })
    };
    let people = db::system_users::all(conn)?.into_iter().filter(|user| holds(user)).collect();
    let managed = place.tree.all().iter().filter(|va| place.may(Permission::ManageRoles, va));
    let places = managed.map(|va| (va.number, va.name.as_str().to_owned())).collect();
    let whole = place.actor.may(Permission::ManageRoles, &place.scope());
    Ok(AccountRoles { roles, people, groups, places, whole })
}
