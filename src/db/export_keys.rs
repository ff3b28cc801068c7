//! Keys for export-restricted licenses, stored.

use super::conn::on_backend;
use super::licenses::EntitlementRow;
use super::schema::{entitlements, export_keys as table, instances};
use super::types;
use super::{Conn, Result, instance_row};
use crate::domain::Timestamp;
use crate::domain::export_key::ExportKey;
use crate::domain::id::{EntitlementId, InstanceId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    instance_id: String,
    entitlement_id: String,
    quantity: i64,
    requested_at: NaiveDateTime,
    granted_at: Option<NaiveDateTime>,
}

impl Row {
    fn domain(self) -> Result<ExportKey> {
        Ok(ExportKey {
            instance: types::id("instance id", &self.instance_id)?,
            entitlement: types::id("entitlement id", &self.entitlement_id)?,
            quantity: self.quantity,
            requested_at: Timestamp::from_naive(self.requested_at),
            granted_at: types::instant(self.granted_at),
        })
    }
}

/// The keys of a product instance, held or waited for, by the name of the license.
pub fn of_instance(conn: &mut Conn, id: InstanceId) -> Result<Vec<(ExportKey, Entitlement)>> {
    let rows: Vec<(Row, EntitlementRow)> = table::table
        .inner_join(entitlements::table.on(entitlements::id.eq(table::entitlement_id)))
        .filter(table::instance_id.eq(id.to_string()))
        .order(entitlements::name)
        .select((table::all_columns, entitlements::all_columns))
        .load(conn)?;
    rows.into_iter().map(|(key, of)| Ok((key.domain()?, of.domain()?))).collect()
}

/// One key of a product instance.
pub fn find(conn: &mut Conn, id: InstanceId, of: EntitlementId) -> Result<Option<ExportKey>> {
    let row =
        table::table.find((id.to_string(), of.to_string())).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The requests that wait in a virtual account.
pub fn waiting_in(conn: &mut Conn, at: VirtualAccountId) -> Result<Vec<(Instance, Entitlement)>> {
    let rows: Vec<(instance_row::Row, EntitlementRow)> = table::table
        .inner_join(instances::table.on(instances::id.eq(table::instance_id)))
        .inner_join(entitlements::table.on(entitlements::id.eq(table::entitlement_id)))
        .filter(instances::virtual_account_id.eq(at.to_string()))
        .filter(table::granted_at.is_null())
        .order((instances::name_key, entitlements::name))
        .select((instances::all_columns, entitlements::all_columns))
        .load(conn)?;
    rows.into_iter().map(|(instance, of)| Ok((instance.domain()?, of.domain()?))).collect()
}

/// Writes a key, new or changed.
pub fn save(conn: &mut Conn, key: &ExportKey) -> Result<()> {
    let row = Row {
        instance_id: key.instance.to_string(),
        entitlement_id: key.entitlement.to_string(),
        quantity: key.quantity,
        requested_at: key.requested_at.naive(),
        granted_at: key.granted_at.map(Timestamp::naive),
    };
    on_backend!(conn => diesel::insert_into(table::table)
        .values(&row)
        .on_conflict((table::instance_id, table::entitlement_id))
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

/// Takes a key away.
pub fn delete(conn: &mut Conn, id: InstanceId, of: EntitlementId) -> Result<()> {
    diesel::delete(table::table.find((id.to_string(), of.to_string()))).execute(conn)?;
    Ok(())
}
