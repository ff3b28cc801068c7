//! Entitlements and license lines, stored.

use super::conn::on_backend;
use super::line_row::LineRow;
use super::pools::Places;
use super::schema::{entitlements, license_lines as lines};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{EntitlementId, LineId, SmartAccountId, VirtualAccountId};
use crate::domain::license::{Billing, Entitlement, Tier};
use crate::domain::line::Line;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = entitlements, treat_none_as_null = true)]
pub(super) struct EntitlementRow {
    id: String,
    tag: String,
    name: String,
    description: String,
    billing: String,
    enforced: bool,
    export_restricted: bool,
    family: Option<String>,
    tier: Option<i64>,
}

impl EntitlementRow {
    pub(super) fn domain(self) -> Result<Entitlement> {
        let tier = self.family.zip(self.tier).map(|(family, rank)| Tier { family, rank });
        Ok(Entitlement {
            id: types::id("entitlement id", &self.id)?,
            tag: self.tag,
            name: self.name,
            description: self.description,
            billing: types::word("billing", &self.billing, Billing::parse)?,
            enforced: self.enforced,
            export_restricted: self.export_restricted,
            tier,
        })
    }
}

impl From<&Entitlement> for EntitlementRow {
    fn from(entitlement: &Entitlement) -> Self {
        let tier = entitlement.tier.as_ref();
        Self {
            id: entitlement.id.to_string(),
            tag: entitlement.tag.clone(),
            name: entitlement.name.clone(),
            description: entitlement.description.clone(),
            billing: entitlement.billing.name().into(),
            enforced: entitlement.enforced,
            export_restricted: entitlement.export_restricted,
            family: tier.map(|tier| tier.family.clone()),
            tier: tier.map(|tier| tier.rank),
        }
    }
}

/// Adds a kind of license.
pub fn insert_entitlement(conn: &mut Conn, entitlement: &Entitlement) -> Result<()> {
    let row = EntitlementRow::from(entitlement);
    diesel::insert_into(entitlements::table).values(&row).execute(conn)?;
    Ok(())
}

/// The kind of license of that identity.
pub fn entitlement(conn: &mut Conn, id: EntitlementId) -> Result<Option<Entitlement>> {
    let row =
        entitlements::table.find(id.to_string()).get_result::<EntitlementRow>(conn).optional()?;
    row.map(EntitlementRow::domain).transpose()
}

/// The kind of license of that entitlement tag.
pub fn by_tag(conn: &mut Conn, tag: &str) -> Result<Option<Entitlement>> {
    let named = entitlements::table.filter(entitlements::tag.eq(tag));
    let row = on_backend!(conn => named.get_result::<EntitlementRow>(conn)).optional()?;
    row.map(EntitlementRow::domain).transpose()
}

/// The kind of license of that name.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Entitlement>> {
    let row = entitlements::table
        .filter(entitlements::name.eq(name))
        .get_result::<EntitlementRow>(conn)
        .optional()?;
    row.map(EntitlementRow::domain).transpose()
}

/// The kinds of license of these identities, by name.
pub fn entitlements(conn: &mut Conn, ids: &[EntitlementId]) -> Result<Vec<Entitlement>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows = entitlements::table
            .filter(entitlements::id.eq_any(keys))
            .load::<EntitlementRow>(conn)?;
        found.extend(rows.into_iter().map(EntitlementRow::domain).collect::<Result<Vec<_>>>()?);
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Adds a license line.
pub fn insert_line(conn: &mut Conn, line: &Line) -> Result<()> {
    diesel::insert_into(lines::table).values(&LineRow::from(line)).execute(conn)?;
    Ok(())
}

/// Writes a changed license line.
pub fn save_line(conn: &mut Conn, line: &Line) -> Result<()> {
    diesel::update(lines::table.find(line.id.to_string()))
        .set(&LineRow::from(line))
        .execute(conn)?;
    Ok(())
}

/// Removes a line of which nothing is left.
pub fn delete_line(conn: &mut Conn, id: LineId) -> Result<()> {
    diesel::delete(lines::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

/// The lines of one license in one virtual account.
pub fn lines_of(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
) -> Result<Vec<Line>> {
    let own = lines::table
        .filter(lines::virtual_account_id.eq(at.to_string()))
        .filter(lines::entitlement_id.eq(entitlement.to_string()))
        .order(lines::id);
    let rows = on_backend!(conn => own.load::<LineRow>(conn))?;
    rows.into_iter().map(LineRow::domain).collect()
}

/// All lines of a Smart Account, by identity.
pub fn of_account(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<Line>> {
    let own = lines::table.filter(lines::account_id.eq(account.to_string())).order(lines::id);
    own.load::<LineRow>(conn)?.into_iter().map(LineRow::domain).collect()
}

/// All lines of these virtual accounts, with what they are lines of.
pub fn lines_in(conn: &mut Conn, at: Places<'_>) -> Result<Vec<(Line, Entitlement)>> {
    let all = lines::table
        .inner_join(entitlements::table.on(entitlements::id.eq(lines::entitlement_id)))
        .order(lines::id)
        .select((lines::all_columns, entitlements::all_columns));
    let mut rows: Vec<(LineRow, EntitlementRow)> = Vec::new();
    match (at.whole, at.at) {
        (Some(account), _) => {
            let found = all.filter(lines::account_id.eq(account.to_string()));
            rows = on_backend!(conn => found.load(conn))?;
        }
        (None, [one]) => {
            let found = all.filter(lines::virtual_account_id.eq(one.to_string()));
            rows = on_backend!(conn => found.load(conn))?;
        }
        (None, many) => {
            for chunk in many.chunks(1_000) {
                let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
                let found = all.filter(lines::virtual_account_id.eq_any(keys));
                rows.extend(found.load::<(LineRow, EntitlementRow)>(conn)?);
            }
        }
    }
    rows.into_iter().map(|(line, of)| Ok((line.domain()?, of.domain()?))).collect()
}

/// The lines of a license's family in one virtual account.
pub(super) fn lines_of_family(
    conn: &mut Conn,
    at: VirtualAccountId,
    family: &str,
) -> Result<Vec<(Line, Entitlement)>> {
    let found = lines::table
        .inner_join(entitlements::table.on(entitlements::id.eq(lines::entitlement_id)))
        .filter(lines::virtual_account_id.eq(at.to_string()))
        .filter(entitlements::family.eq(family))
        .order(lines::id)
        .select((lines::all_columns, entitlements::all_columns));
    let rows: Vec<(LineRow, EntitlementRow)> = on_backend!(conn => found.load(conn))?;
    rows.into_iter().map(|(line, of)| Ok((line.domain()?, of.domain()?))).collect()
}

/// The lines of a Smart Account that are due at an instant.
pub fn due(conn: &mut Conn, account: SmartAccountId, at: Timestamp) -> Result<Vec<Line>> {
    let due = lines::table
        .filter(lines::due_at.eq(at.naive()))
        .filter(lines::account_id.eq(account.to_string()))
        .order(lines::id);
    let rows = on_backend!(conn => due.load::<LineRow>(conn))?;
    rows.into_iter().map(LineRow::domain).collect()
}

/// The line of that identity.
pub fn line(conn: &mut Conn, id: LineId) -> Result<Option<Line>> {
    let row = lines::table.find(id.to_string()).get_result::<LineRow>(conn).optional()?;
    row.map(LineRow::domain).transpose()
}

/// The license of that name, or of that tag.
pub fn named(conn: &mut Conn, text: &str) -> Result<Option<Entitlement>> {
    match by_name(conn, text)? {
        Some(found) => Ok(Some(found)),
        None => by_tag(conn, text),
    }
}

/// All kinds of license, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<Entitlement>> {
    let rows = entitlements::table.order(entitlements::name).load::<EntitlementRow>(conn)?;
    rows.into_iter().map(EntitlementRow::domain).collect()
}

/// Writes a changed kind of license.
pub fn save_entitlement(conn: &mut Conn, entitlement: &Entitlement) -> Result<()> {
    diesel::update(entitlements::table.find(entitlement.id.to_string()))
        .set(&EntitlementRow::from(entitlement))
        .execute(conn)?;
    Ok(())
}
