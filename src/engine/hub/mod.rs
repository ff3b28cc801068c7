//! The hub's use cases: who is at which desk, their people, their logs. What the desks are for is
//! in the modules of its parts.

mod due;
mod people;

pub use people::{HubPerson, RoleGift};

use super::Engine;
use super::access::{Who, Within, actor};
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain::hub::{
    HubEvent, HubEventKind, Member, Organization, OrganizationKind, Permission, Role,
};
use crate::domain::id::{HubEventId, OrganizationId};
use crate::domain::paging::{Page, Seek};
use crate::domain::{self, Timestamp};

/// Somebody at an organization of the hub.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who.
    pub member: Member,
    /// Where.
    pub organization: Organization,
}

impl Desk {
    /// Fails unless the caller may do that here.
    pub fn require(&self, permission: Permission) -> domain::Result<()> {
        self.member.require(permission, &self.organization)
    }

    /// Whether the caller may do that here.
    pub fn may(&self, permission: Permission) -> bool {
        self.member.may(permission, &self.organization)
    }

    /// Writes into the organization's log what the caller has done.
    pub(in crate::engine) fn note(
        &self,
        engine: &Engine,
        conn: &mut Conn,
        (kind, message): (HubEventKind, String),
        now: Timestamp,
    ) -> Result<()> {
        note(engine, conn, (self.organization.id, kind, message), (&self.member.name, now))
    }
}

/// Somebody at a partner's desk: whoever sees at least one of its customers.
#[derive(Clone, Debug)]
pub struct PartnerDesk {
    /// The caller, at the partner.
    pub desk: Desk,
    /// The customers that the caller sees in the list, by name.
    pub customers: Vec<Organization>,
}

/// An organization at which the caller has something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubPlace {
    /// Which one.
    pub organization: Organization,
    /// The caller's roles that reach it; for a sales admin's partner those at its customers.
    pub roles: Vec<Role>,
}

/// Writes into an organization's log.
pub(in crate::engine) fn note(
    engine: &Engine,
    conn: &mut Conn,
    (organization, kind, message): (OrganizationId, HubEventKind, String),
    (actor, at): (&str, Timestamp),
) -> Result<()> {
    let id = HubEventId(engine.ids().uuid(at));
    let actor = actor.to_owned();
    Ok(db::hub::events::append(conn, &HubEvent { id, organization, at, kind, message, actor })?)
}

/// The person who is calling.
pub(in crate::engine) fn member(conn: &mut Conn, who: &Who, now: Timestamp) -> Result<Member> {
    let actor = actor(conn, who, now)?;
    let roles = db::hub::roles::of_user(conn, actor.id)?;
    Ok(Member { name: actor.name, roles })
}

/// Brings a caller to an organization; who has no role there hears that there is none.
pub(in crate::engine) fn enter_hub(
    conn: &mut Conn,
    who: &Who,
    key: &str,
    now: Timestamp,
) -> Result<Desk> {
    let member = member(conn, who, now)?;
    let organization = db::hub::organizations::of_key(conn, key)?
        .filter(|organization| member.belongs_to(organization))
        .ok_or_else(|| domain::Error::not_found("organization", key))?;
    Ok(Desk { member, organization })
}

/// Brings a caller to a partner, also one who was assigned some of its customers only.
pub(in crate::engine) fn enter_partner(
    conn: &mut Conn,
    who: &Who,
    key: &str,
    now: Timestamp,
) -> Result<PartnerDesk> {
    let member = member(conn, who, now)?;
    let none = || domain::Error::not_found("partner", key);
    let organization = db::hub::organizations::of_key(conn, key)?
        .filter(|of| of.kind == OrganizationKind::Partner)
        .ok_or_else(none)?;
    let mut customers = db::hub::organizations::customers(conn, organization.id)?;
    customers.retain(|customer| member.may(Permission::ListCustomers, customer));
    if customers.is_empty() && !member.belongs_to(&organization) {
        return Err(none().into());
    }
    Ok(PartnerDesk { desk: Desk { member, organization }, customers })
}

impl Engine {
    /// Runs reads as a caller at an organization.
    pub(in crate::engine) async fn read_hub<T, F>(&self, who: &Who, key: &str, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, Desk, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (who, key) = (who.clone(), key.to_owned());
        self.look(move |conn, now| {
            let desk = enter_hub(conn, &who, &key, now)?;
            work(conn, desk, now)
        })
        .await
    }

    /// Runs one unit of work as a caller at an organization.
    pub(in crate::engine) async fn write_hub<T, F>(
        &self,
        who: &Who,
        key: &str,
        work: F,
    ) -> Result<T>
    where
        F: FnOnce(&mut Conn, Desk, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (who, key) = (who.clone(), key.to_owned());
        self.change(Within::Site, move |conn, now| {
            let desk = enter_hub(conn, &who, &key, now)?;
            work(conn, desk, now)
        })
        .await
    }

    /// Runs reads as a caller at a partner.
    pub(in crate::engine) async fn read_partner<T, F>(
        &self,
        who: &Who,
        key: &str,
        work: F,
    ) -> Result<T>
    where
        F: FnOnce(&mut Conn, PartnerDesk, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (who, key) = (who.clone(), key.to_owned());
        self.look(move |conn, now| {
            let desk = enter_partner(conn, &who, &key, now)?;
            work(conn, desk, now)
        })
        .await
    }

    /// Where the caller has something to do in the hub: partners first, each once.
    pub async fn hub_places(&self, who: &Who) -> Result<Vec<HubPlace>> {
        let who = who.clone();
        self.look(move |conn, now| {
            let member = member(conn, &who, now)?;
            places(conn, &member)
        })
        .await
    }

    /// The caller at an organization, as the frame of its pages names it.
    pub async fn hub_desk(&self, who: &Who, key: &str) -> Result<Desk> {
        self.read_hub(who, key, |_, desk, _| Ok(desk)).await
    }

    /// The caller at a partner, with the customers that are seen.
    pub async fn partner_desk(&self, who: &Who, key: &str) -> Result<PartnerDesk> {
        self.read_partner(who, key, |_, desk, _| Ok(desk)).await
    }

    /// One page of an organization's log, newest first.
    pub async fn hub_events(
        &self,
        who: &Who,
        key: &str,
        (seek, limit): (Seek<HubEventId>, i64),
    ) -> Result<(Desk, Page<HubEvent>)> {
        self.read_hub(who, key, move |conn, desk, _| {
            desk.require(Permission::ViewActivity)?;
            let page = db::hub::events::page(conn, desk.organization.id, &seek, limit)?;
            Ok((desk, page))
        })
        .await
    }
}

fn places(conn: &mut Conn, member: &Member) -> Result<Vec<HubPlace>> {
    let mut found: Vec<HubPlace> = Vec::new();
    for held in &member.roles {
        let Some(own) = db::hub::organizations::find(conn, held.organization)? else { continue };
        let through = match own.partner {
            Some(id) if held.role.grants(Permission::ListCustomers) => {
                db::hub::organizations::find(conn, id)?
            }
            Some(_) | None => None,
        };
        for organization in [Some(own), through].into_iter().flatten() {
            match found.iter_mut().find(|place| place.organization.id == organization.id) {
                Some(place) if place.roles.contains(&held.role) => {}
                Some(place) => place.roles.push(held.role),
                None => found.push(HubPlace { organization, roles: vec![held.role] }),
            }
        }
    }
    let order = |place: &HubPlace| {
        let of = &place.organization;
        (of.kind == OrganizationKind::Customer, of.name.clone())
    };
    found.sort_by_key(order);
    Ok(found)
}
