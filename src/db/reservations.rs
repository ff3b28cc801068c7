//! Which lines a device holds reserved, stored.

use super::schema::{license_lines, reservations as table};
use super::types;
use super::{Conn, Result};
use crate::domain::id::{EntitlementId, InstanceId, LineId};
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
