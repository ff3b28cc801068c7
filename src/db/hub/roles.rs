//! Roles at organizations, stored.

use super::super::schema::{hub_organizations as organizations, hub_roles as table, users};
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::hub::{Assigned, Role};
use crate::domain::id::{HubRoleId, OrganizationId, UserId};
use diesel::prelude::*;

/// A role with who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its identity.
    pub id: HubRoleId,
    /// Who holds it.
    pub user: UserId,
    /// The login name.
    pub name: String,
    /// The role and where.
    pub assigned: Assigned,
}

/// All roles of a person.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Assigned>> {
    let own = table::table.filter(table::user_id.eq(user.to_string()));
    let rows: Vec<(String, String)> =
        own.order(table::id).select((table::organization_id, table::role)).load(conn)?;
    rows.into_iter().map(|(at, role)| assigned(&at, &role)).collect()
}

/// Who holds which role at a partner and at its customers, or at a customer; by name.
pub fn at(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Held>> {
    let key = organization.to_string();
    let rows: Vec<(String, String, String, String, String)> = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .inner_join(organizations::table.on(organizations::id.eq(table::organization_id)))
        .filter(organizations::id.eq(&key).or(organizations::partner_id.eq(&key)))
        .order((users::name, organizations::name, table::role))
        .select((table::id, table::user_id, users::name, table::organization_id, table::role))
        .load(conn)?;
    let held = |(id, user, name, at, role): (String, String, String, String, String)| {
        Ok(Held {
            id: types::id("hub role id", &id)?,
            user: types::id("user id", &user)?,
            name,
            assigned: assigned(&at, &role)?,
        })
    };
    rows.into_iter().map(held).collect()
}

fn assigned(at: &str, role: &str) -> Result<Assigned> {
    Ok(Assigned {
        role: types::word("hub role", role, Role::parse)?,
        organization: types::id("organization id", at)?,
    })
}

/// Gives a role.
pub fn insert(conn: &mut Conn, id: HubRoleId, user: UserId, of: Assigned) -> Result<()> {
    let row = (
        table::id.eq(id.to_string()),
        table::user_id.eq(user.to_string()),
        table::organization_id.eq(of.organization.to_string()),
        table::role.eq(of.role.name()),
    );
    diesel::insert_into(table::table).values(row).execute(conn)?;
    Ok(())
}

/// Takes a role back.
pub fn remove(conn: &mut Conn, id: HubRoleId) -> Result<()> {
    diesel::delete(table::table.find(id.to_string())).execute(conn)?;
    Ok(())
}
