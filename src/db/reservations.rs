//! What devices hold reserved, stored.

use super::conn::on_backend;
use super::schema::{
    instances, license_lines, reservations as table, reserved_instances as holders,
};
use super::types;
use super::{Conn, Result, instance_row};
use crate::domain::id::{EntitlementId, InstanceId, LineId, SmartAccountId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::reservation::{Held, Holder, Kind};
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    instance_id: String,
    entitlement_id: String,
    line_id: Option<String>,
    quantity: i64,
    next_quantity: Option<i64>,
}

impl From<&Held> for Row {
    fn from(held: &Held) -> Self {
        Self {
            id: held.id.to_string(),
            instance_id: held.instance.to_string(),
            entitlement_id: held.entitlement.to_string(),
            line_id: held.line.map(|line| line.to_string()),
            quantity: held.quantity,
            next_quantity: held.next,
        }
    }
}

impl Row {
    fn domain(self) -> Result<Held> {
        Ok(Held {
            id: types::id("reservation id", &self.id)?,
            instance: types::id("instance id", &self.instance_id)?,
            entitlement: types::id("entitlement id", &self.entitlement_id)?,
            line: types::optional_id("line id", self.line_id.as_deref())?,
            quantity: self.quantity,
            next: self.next_quantity,
        })
    }
}

/// Adds a reservation; the line's `reserved` is the caller's to raise.
pub fn insert(conn: &mut Conn, held: &Held) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(held)).execute(conn)?;
    Ok(())
}

/// Writes a changed reservation; one of nothing is gone.
pub fn save(conn: &mut Conn, held: &Held) -> Result<()> {
    let own = table::table.find(held.id.to_string());
    if held.held() == 0 && held.next.is_none() {
        diesel::delete(own).execute(conn)?;
    } else {
        diesel::update(own).set(&Row::from(held)).execute(conn)?;
    }
    Ok(())
}

/// Removes all that an instance holds; the lines' `reserved` is the caller's to lower.
pub fn delete_of(conn: &mut Conn, instance: InstanceId) -> Result<()> {
    let own = table::table.filter(table::instance_id.eq(instance.to_string()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// What an instance holds, of each line.
pub fn of_instance(conn: &mut Conn, instance: InstanceId) -> Result<Vec<Held>> {
    let own = table::table.filter(table::instance_id.eq(instance.to_string())).order(table::id);
    let rows = on_backend!(conn => own.load::<Row>(conn))?;
    rows.into_iter().map(Row::domain).collect()
}

/// What a device holds: license and quantity.
pub fn of(conn: &mut Conn, instance: InstanceId) -> Result<Vec<(EntitlementId, i64)>> {
    let mut sums: Vec<(EntitlementId, i64)> = Vec::new();
    for held in of_instance(conn, instance)? {
        match sums.iter_mut().find(|(id, _)| *id == held.entitlement) {
            Some((_, sum)) => *sum += held.held(),
            None => sums.push((held.entitlement, held.held())),
        }
    }
    Ok(sums)
}

/// The devices that hold a license of a virtual account reserved, with the line and how many.
pub fn of_license(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
) -> Result<Vec<(Instance, LineId, i64)>> {
    let rows: Vec<(Row, instance_row::Row)> = table::table
        .inner_join(license_lines::table.on(table::line_id.eq(license_lines::id.nullable())))
        .inner_join(instances::table.on(instances::id.eq(table::instance_id)))
        .filter(license_lines::virtual_account_id.eq(at.to_string()))
        .filter(license_lines::entitlement_id.eq(entitlement.to_string()))
        .order((instances::name_key, table::id))
        .select((table::all_columns, instances::all_columns))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, instance) in rows {
        let held = row.domain()?;
        if let Some(line) = held.line {
            found.push((instance.domain()?, line, held.held()));
        }
    }
    Ok(found)
}

/// Remembers that an instance holds a reservation.
pub fn insert_holder(conn: &mut Conn, holder: &Holder) -> Result<()> {
    let row = (
        holders::instance_id.eq(holder.instance.to_string()),
        holders::kind.eq(holder.kind.code()),
        holders::return_pending.eq(holder.return_pending),
    );
    diesel::insert_into(holders::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes whether the licenses of an instance went to a replacement.
pub fn save_holder(conn: &mut Conn, holder: &Holder) -> Result<()> {
    diesel::update(holders::table.find(holder.instance.to_string()))
        .set(holders::return_pending.eq(holder.return_pending))
        .execute(conn)?;
    Ok(())
}

/// What an instance's reservation is of; none if it holds none.
pub fn holder(conn: &mut Conn, instance: InstanceId) -> Result<Option<Holder>> {
    let row: Option<(String, String, bool)> =
        holders::table.find(instance.to_string()).first(conn).optional()?;
    let Some((_, kind, return_pending)) = row else { return Ok(None) };
    let kind = types::word("kind of a reservation", &kind, Kind::parse)?;
    Ok(Some(Holder { instance, kind, return_pending }))
}

/// The instances of a Smart Account that hold reservations, by name.
pub fn holders(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<(Instance, Holder)>> {
    let rows = holders::table
        .inner_join(instances::table.on(instances::id.eq(holders::instance_id)))
        .filter(instances::account_id.eq(account.to_string()))
        .order((instances::name_key, instances::id))
        .select((holders::all_columns, instances::all_columns))
        .load(conn)?;
    with_instances(rows)
}

/// Those of them that are among these.
pub fn holders_among(
    conn: &mut Conn,
    account: SmartAccountId,
    ids: &[InstanceId],
) -> Result<Vec<(Instance, Holder)>> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = holders::table
        .inner_join(instances::table.on(instances::id.eq(holders::instance_id)))
        .filter(instances::account_id.eq(account.to_string()))
        .filter(holders::instance_id.eq_any(ids))
        .select((holders::all_columns, instances::all_columns))
        .load(conn)?;
    with_instances(rows)
}

fn with_instances(
    rows: Vec<((String, String, bool), instance_row::Row)>,
) -> Result<Vec<(Instance, Holder)>> {
    let one = |((_, kind, return_pending), instance): ((String, String, bool), _)| {
        let instance = instance_row::Row::domain(instance)?;
        let kind = types::word("kind of a reservation", &kind, Kind::parse)?;
        let holder = Holder { instance: instance.id, kind, return_pending };
        Ok((instance, holder))
    };
    rows.into_iter().map(one).collect()
}

/// How many instances of a Smart Account hold reservations, and of how many the return is
/// pending.
pub fn count(conn: &mut Conn, account: SmartAccountId) -> Result<(i64, i64)> {
    let states: Vec<bool> = holders::table
        .inner_join(instances::table.on(instances::id.eq(holders::instance_id)))
        .filter(instances::account_id.eq(account.to_string()))
        .select(holders::return_pending)
        .load(conn)?;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let pending = states.iter().filter(|pending| **pending).count();
    Ok((number(states.len()), number(pending)))
}

/// The instances of the site that hold a reservation without an authorization code. It looks at
/// those that hold one, not at all instances: every start asks.
pub fn without_code(conn: &mut Conn) -> Result<Vec<Instance>> {
    use super::schema::authorizations as codes;
    let own = codes::table.filter(codes::instance_id.eq(holders::instance_id));
    let rows = holders::table
        .inner_join(instances::table.on(instances::id.eq(holders::instance_id)))
        .filter(diesel::dsl::not(diesel::dsl::exists(own)))
        .order(holders::instance_id)
        .select(instances::all_columns)
        .load::<instance_row::Row>(conn)?;
    rows.into_iter().map(instance_row::Row::domain).collect()
}
