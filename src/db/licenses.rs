//! Entitlements and license lines, stored.

use super::conn::on_backend;
use super::pools::Places;
use super::schema::{entitlements, license_lines as lines};
use super::types;
use super::{Conn, Result};
use crate::domain::id::{EntitlementId, LineId, VirtualAccountId};
use crate::domain::license::{Billing, Entitlement, LicenseType, Line, Origin};
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = entitlements)]
pub(super) struct EntitlementRow {
    id: String,
    tag: String,
    name: String,
    description: String,
    billing: String,
    enforced: bool,
    export_restricted: bool,
}

impl EntitlementRow {
    pub(super) fn domain(self) -> Result<Entitlement> {
        Ok(Entitlement {
            id: types::id("entitlement id", &self.id)?,
            tag: self.tag,
            name: self.name,
            description: self.description,
            billing: types::word("billing", &self.billing, Billing::parse)?,
            enforced: self.enforced,
            export_restricted: self.export_restricted,
        })
    }
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = lines, treat_none_as_null = true)]
struct LineRow {
    id: String,
    account_id: String,
    virtual_account_id: String,
    entitlement_id: String,
    license_type: String,
    quantity: i64,
    reserved: i64,
    starts: NaiveDate,
    ends: Option<NaiveDate>,
    order_number: Option<String>,
    sku: Option<String>,
    subscription_id: Option<String>,
}

impl From<&Line> for LineRow {
    fn from(line: &Line) -> Self {
        Self {
            id: line.id.to_string(),
            account_id: line.account.to_string(),
            virtual_account_id: line.virtual_account.to_string(),
            entitlement_id: line.entitlement.to_string(),
            license_type: line.license_type.name().into(),
            quantity: line.quantity,
            reserved: line.reserved,
            starts: line.starts,
            ends: line.ends,
            order_number: line.origin.order_number.clone(),
            sku: line.origin.sku.clone(),
            subscription_id: line.origin.subscription_id.clone(),
        }
    }
}

impl LineRow {
    fn domain(self) -> Result<Line> {
        Ok(Line {
            id: types::id("line id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::id("virtual account id", &self.virtual_account_id)?,
            entitlement: types::id("entitlement id", &self.entitlement_id)?,
            license_type: types::word("license type", &self.license_type, LicenseType::parse)?,
            quantity: self.quantity,
            reserved: self.reserved,
            starts: self.starts,
            ends: self.ends,
            origin: Origin {
                order_number: self.order_number,
                sku: self.sku,
                subscription_id: self.subscription_id,
            },
        })
    }
}

/// Adds a kind of license.
pub fn insert_entitlement(conn: &mut Conn, entitlement: &Entitlement) -> Result<()> {
    let row = EntitlementRow {
        id: entitlement.id.to_string(),
        tag: entitlement.tag.clone(),
        name: entitlement.name.clone(),
        description: entitlement.description.clone(),
        billing: entitlement.billing.name().into(),
        enforced: entitlement.enforced,
        export_restricted: entitlement.export_restricted,
    };
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

/// All lines of these virtual accounts, with what they are lines of.
pub(super) fn lines_in(conn: &mut Conn, at: Places<'_>) -> Result<Vec<(Line, Entitlement)>> {
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
