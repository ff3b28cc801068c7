//! Which lines a device holds reserved, stored.

use super::schema::{instances, license_lines, reservations as table};
use super::types;
use super::{Conn, Result, instance_row};
use crate::domain::id::{EntitlementId, InstanceId, LineId, VirtualAccountId};
use crate::domain::instance::Instance;
use diesel::prelude::*;

/// Adds a reservation; the line's `reserved` is the caller's to raise.
pub fn insert(
    conn: &mut Conn,
    id: uuid::Uuid,
    instance: InstanceId,
    line: LineId,
    quantity: i64,
) -> Result<()> {
    diesel::insert_into(table::table)
        .values((
            table::id.eq(id.to_string()),
            table::instance_id.eq(instance.to_string()),
            table::line_id.eq(line.to_string()),
            table::quantity.eq(quantity),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a device holds: license and quantity.
pub fn of(conn: &mut Conn, instance: InstanceId) -> Result<Vec<(EntitlementId, i64)>> {
    let rows: Vec<(String, i64)> = table::table
        .inner_join(license_lines::table.on(license_lines::id.eq(table::line_id)))
        .filter(table::instance_id.eq(instance.to_string()))
        .order(table::id)
        .select((license_lines::entitlement_id, table::quantity))
        .load(conn)?;
    rows.into_iter().map(|(id, n)| Ok((types::id("entitlement id", &id)?, n))).collect()
}

/// The devices that hold a license of a virtual account reserved, with the line and how many.
pub fn of_license(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
) -> Result<Vec<(Instance, LineId, i64)>> {
    let rows: Vec<(String, i64, instance_row::Row)> = table::table
        .inner_join(license_lines::table.on(license_lines::id.eq(table::line_id)))
        .inner_join(instances::table.on(instances::id.eq(table::instance_id)))
        .filter(license_lines::virtual_account_id.eq(at.to_string()))
        .filter(license_lines::entitlement_id.eq(entitlement.to_string()))
        .order((instances::name_key, table::id))
        .select((table::line_id, table::quantity, instances::all_columns))
        .load(conn)?;
    rows.into_iter()
        .map(|(line, n, row)| Ok((row.domain()?, types::id("line id", &line)?, n)))
        .collect()
}
