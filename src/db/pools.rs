//! Pools and the use that instances report, stored.
//!
//! `pools.reported` is the sum of `usage` over a virtual account. Both change in
//! one function, so that they cannot drift apart; a test counts again.

use super::conn::on_backend;
use super::schema::{pools, usage};
use super::types;
use super::{Conn, Error, Result, licenses};
use crate::domain::id::{EntitlementId, InstanceId, VirtualAccountId};
use crate::domain::license::{Entitlement, Line};
use crate::domain::pool::Pool;
use diesel::prelude::*;
use std::collections::BTreeMap;

#[derive(Insertable)]
#[diesel(table_name = pools)]
struct PoolRow {
    virtual_account_id: String,
    entitlement_id: String,
    reported: i64,
}

#[derive(Insertable)]
#[diesel(table_name = usage)]
struct UsageRow {
    instance_id: String,
    entitlement_id: String,
    quantity: i64,
}

/// The pool of one license in one virtual account; empty when nothing is there.
pub fn pool(conn: &mut Conn, at: VirtualAccountId, entitlement: Entitlement) -> Result<Pool> {
    let reported = pools::table
        .find((at.to_string(), entitlement.id.to_string()))
        .select(pools::reported)
        .get_result(conn)
        .optional()?
        .unwrap_or(0);
    let lines = licenses::lines_of(conn, at, entitlement.id)?;
    Ok(Pool { entitlement, virtual_account: at, lines, reported })
}

/// All pools of these virtual accounts, by license name within each.
pub fn list(conn: &mut Conn, at: &[VirtualAccountId]) -> Result<Vec<Pool>> {
    let mut grouped: BTreeMap<(VirtualAccountId, EntitlementId), (Vec<Line>, i64)> =
        BTreeMap::new();
    for line in licenses::lines_in(conn, at)? {
        grouped.entry((line.virtual_account, line.entitlement)).or_default().0.push(line);
    }
    for (place, entitlement, reported) in reported_in(conn, at)? {
        grouped.entry((place, entitlement)).or_default().1 = reported;
    }
    let mut ids: Vec<EntitlementId> = grouped.keys().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = licenses::entitlements(conn, &ids)?;
    let known: BTreeMap<EntitlementId, &Entitlement> = names.iter().map(|e| (e.id, e)).collect();
    let mut all = Vec::with_capacity(grouped.len());
    for ((virtual_account, id), (lines, reported)) in grouped {
        let entitlement = known.get(&id).copied().cloned();
        let entitlement =
            entitlement.ok_or_else(|| Error::corrupt("entitlement id", id.to_string()))?;
        all.push(Pool { entitlement, virtual_account, lines, reported });
    }
    let order = |pool: &Pool| at.iter().position(|id| *id == pool.virtual_account);
    all.sort_by(|a, b| {
        order(a).cmp(&order(b)).then_with(|| a.entitlement.name.cmp(&b.entitlement.name))
    });
    all.retain(|pool| !pool.is_empty());
    Ok(all)
}

fn reported_in(
    conn: &mut Conn,
    at: &[VirtualAccountId],
) -> Result<Vec<(VirtualAccountId, EntitlementId, i64)>> {
    let mut found = Vec::new();
    for chunk in at.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows: Vec<(String, String, i64)> = pools::table
            .filter(pools::virtual_account_id.eq_any(keys))
            .filter(pools::reported.ne(0))
            .load(conn)?;
        for (place, entitlement, reported) in rows {
            let place = types::id("virtual account id", &place)?;
            found.push((place, types::id("entitlement id", &entitlement)?, reported));
        }
    }
    Ok(found)
}

/// What one instance reports: license and count, never zero.
pub fn usage_of(conn: &mut Conn, instance: InstanceId) -> Result<Vec<(EntitlementId, i64)>> {
    let rows: Vec<(String, i64)> = usage::table
        .filter(usage::instance_id.eq(instance.to_string()))
        .order(usage::entitlement_id)
        .select((usage::entitlement_id, usage::quantity))
        .load(conn)?;
    rows.into_iter().map(|(id, n)| Ok((types::id("entitlement id", &id)?, n))).collect()
}

/// The use of several instances.
pub fn usage_of_all(
    conn: &mut Conn,
    instances: &[InstanceId],
) -> Result<BTreeMap<InstanceId, Vec<(EntitlementId, i64)>>> {
    let mut found: BTreeMap<InstanceId, Vec<(EntitlementId, i64)>> = BTreeMap::new();
    for chunk in instances.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows: Vec<(String, String, i64)> =
            usage::table.filter(usage::instance_id.eq_any(keys)).load(conn)?;
        for (instance, entitlement, quantity) in rows {
            let entitlement = types::id("entitlement id", &entitlement)?;
            let instance = types::id("instance id", &instance)?;
            found.entry(instance).or_default().push((entitlement, quantity));
        }
    }
    Ok(found)
}

/// Changes what one instance reports for one license, and its pool with it.
pub fn report(
    conn: &mut Conn,
    instance: InstanceId,
    at: VirtualAccountId,
    entitlement: EntitlementId,
    (before, after): (i64, i64),
) -> Result<()> {
    let row = UsageRow {
        instance_id: instance.to_string(),
        entitlement_id: entitlement.to_string(),
        quantity: after,
    };
    if after == 0 {
        let gone = usage::table.find((row.instance_id.clone(), row.entitlement_id.clone()));
        diesel::delete(gone).execute(conn)?;
    } else {
        on_backend!(conn => diesel::insert_into(usage::table)
            .values(&row)
            .on_conflict((usage::instance_id, usage::entitlement_id))
            .do_update()
            .set(usage::quantity.eq(after))
            .execute(conn))?;
    }
    adjust(conn, at, entitlement, after - before)
}

/// Takes the use of an instance out of one virtual account's pools and puts it
/// into another's.
pub fn move_usage(
    conn: &mut Conn,
    instance: InstanceId,
    from: VirtualAccountId,
    to: VirtualAccountId,
) -> Result<()> {
    for (entitlement, quantity) in usage_of(conn, instance)? {
        adjust(conn, from, entitlement, -quantity)?;
        adjust(conn, to, entitlement, quantity)?;
    }
    Ok(())
}

fn adjust(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
    delta: i64,
) -> Result<()> {
    if delta == 0 {
        return Ok(());
    }
    let row = PoolRow {
        virtual_account_id: at.to_string(),
        entitlement_id: entitlement.to_string(),
        reported: delta,
    };
    on_backend!(conn => diesel::insert_into(pools::table)
        .values(&row)
        .on_conflict((pools::virtual_account_id, pools::entitlement_id))
        .do_update()
        .set(pools::reported.eq(pools::reported + delta))
        .execute(conn))?;
    Ok(())
}

/// Counts all use again and names the pools whose stored sum differs.
pub fn drifted(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    use super::schema::instances;
    let rows: Vec<(String, String, i64)> = usage::table
        .inner_join(instances::table.on(instances::id.eq(usage::instance_id)))
        .select((instances::virtual_account_id, usage::entitlement_id, usage::quantity))
        .load(conn)?;
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (place, entitlement, quantity) in rows {
        *sums.entry((place, entitlement)).or_default() += quantity;
    }
    let stored: Vec<(String, String, i64)> = pools::table.load(conn)?;
    for (place, entitlement, reported) in stored {
        *sums.entry((place, entitlement)).or_default() -= reported;
    }
    Ok(sums.into_iter().filter(|(_, difference)| *difference != 0).map(|(key, _)| key).collect())
}
