//! Who holds which role at a partner and its customers (features 6.3).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::Desk;
use crate::db::hub::roles::{self, Held};
use crate::db::{self, Conn};
use crate::domain::hub::{Assigned, HubEventKind as Kind, Organization, Permission, Refusal, Role};
use crate::domain::id::HubRoleId;
use crate::domain::{Error, Timestamp};

/// A role with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubPerson {
    /// The role's identity.
    pub id: HubRoleId,
    /// Login name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Where it is held.
    pub at: Organization,
}

/// A role to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGift {
    /// Login name.
    pub user: String,
    /// The role's name.
    pub role: String,
    /// The customer's key, for a role at a customer.
    pub customer: Option<String>,
}

impl Engine {
    /// Who has which role at an organization, and at its customers.
    pub async fn hub_people(&self, who: &Who, key: &str) -> Result<(Desk, Vec<HubPerson>)> {
        self.read_hub(who, key, |conn, desk, _| {
            desk.require(Permission::AssignRoles)?;
            let mut people = Vec::new();
            for held in roles::at(conn, desk.organization.id)? {
                people.push(person(conn, held)?);
            }
            Ok((desk, people))
        })
        .await
    }

    /// Gives somebody a role; giving it again changes nothing.
    pub async fn give_hub_role(&self, who: &Who, key: &str, gift: RoleGift) -> Result<String> {
        let engine = self.clone();
        self.write_hub(who, key, move |conn, desk, now| {
            desk.require(Permission::AssignRoles)?;
            engine.give_at(conn, &desk, &gift, now)
        })
        .await
    }

    fn give_at(
        &self,
        conn: &mut Conn,
        desk: &Desk,
        gift: &RoleGift,
        now: Timestamp,
    ) -> Result<String> {
        let role = Role::parse(&gift.role)
            .ok_or_else(|| Error::invalid("role", format!("'{}' is no role", gift.role)))?;
        let at = place(conn, desk, gift.customer.as_deref())?;
        at.takes(role)?;
        let user = db::people::user_by_name(conn, &gift.user)?
            .ok_or_else(|| Error::invalid("user", format!("nobody signs in as '{}'", gift.user)))?;
        let assigned = Assigned { role, organization: at.id };
        let text = format!("{} is {role} of {}.", user.name, at.name);
        if roles::of_user(conn, user.id)?.contains(&assigned) {
            return Ok(text);
        }
        roles::insert(conn, HubRoleId(self.ids().uuid(now)), user.id, assigned)?;
        desk.note(self, conn, (Kind::RoleGiven, text.clone()), now)?;
        Ok(text)
    }

    /// Takes a role back; the last Full admin of a partner stays.
    pub async fn take_hub_role(&self, who: &Who, key: &str, id: HubRoleId) -> Result<String> {
        let engine = self.clone();
        self.write_hub(who, key, move |conn, desk, now| {
            desk.require(Permission::AssignRoles)?;
            let all = roles::at(conn, desk.organization.id)?;
            let held = all.iter().find(|held| held.id == id).cloned();
            let held = held.ok_or_else(|| Error::not_found("role", id.to_string()))?;
            let admins = all.iter().filter(|held| held.assigned.role == Role::FullAdmin).count();
            if held.assigned.role == Role::FullAdmin && admins == 1 {
                return Err(Error::from(Refusal::LastAdmin(held.name)).into());
            }
            roles::remove(conn, id)?;
            let person = person(conn, held)?;
            let text =
                format!("{} is not {} of {} any more.", person.name, person.role, person.at.name);
            desk.note(&engine, conn, (Kind::RoleTaken, text.clone()), now)?;
            Ok(text)
        })
        .await
    }
}

fn person(conn: &mut Conn, held: Held) -> Result<HubPerson> {
    let at = db::hub::organizations::find(conn, held.assigned.organization)?;
    let gone = || Error::not_found("organization", held.assigned.organization.to_string());
    let (id, role) = (held.id, held.assigned.role);
    Ok(HubPerson { id, role, at: at.ok_or_else(gone)?, name: held.name })
}

/// The organization of the desk, or one of its customers.
fn place(conn: &mut Conn, desk: &Desk, customer: Option<&str>) -> Result<Organization> {
    let Some(key) = customer else { return Ok(desk.organization.clone()) };
    let found = db::hub::organizations::of_key(conn, key)?
        .filter(|of| of.partner == Some(desk.organization.id));
    Ok(found.ok_or_else(|| {
        Error::invalid("customer", format!("{} has no customer '{key}'", desk.organization.name))
    })?)
}
