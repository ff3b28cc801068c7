//! Partners and customers, stored.

use super::super::schema::hub_organizations as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::hub::{Organization, OrganizationKind};
use crate::domain::id::OrganizationId;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    key: String,
    name: String,
    kind: String,
    partner_id: Option<String>,
}

impl Row {
    fn domain(self) -> Result<Organization> {
        Ok(Organization {
            id: types::id("organization id", &self.id)?,
            key: self.key,
            name: self.name,
            kind: types::word("organization kind", &self.kind, OrganizationKind::parse)?,
            partner: types::optional_id("organization id", self.partner_id.as_deref())?,
        })
    }
}

/// Adds an organization.
pub fn insert(conn: &mut Conn, one: &Organization) -> Result<()> {
    let row = Row {
        id: one.id.to_string(),
        key: one.key.clone(),
        name: one.name.clone(),
        kind: one.kind.code().to_owned(),
        partner_id: one.partner.map(|id| id.to_string()),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// The organization of that identity.
pub fn find(conn: &mut Conn, id: OrganizationId) -> Result<Option<Organization>> {
    let row = table::table.find(id.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The organization that addresses name so.
pub fn of_key(conn: &mut Conn, key: &str) -> Result<Option<Organization>> {
    let known = table::table.filter(table::key.eq(key));
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The customers of a partner, by name.
pub fn customers(conn: &mut Conn, partner: OrganizationId) -> Result<Vec<Organization>> {
    let own = table::table.filter(table::partner_id.eq(partner.to_string()));
    let rows = own.order((table::name, table::key)).load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}
