//! Pools and the use that instances report, stored.
//!
//! `pools.reported` is the sum of `usage` over a virtual account, and of what its mirrored instances
//! use. They change in one function each, so that they cannot drift apart; a test counts again.

use super::conn::on_backend;
use super::hot;
use super::schema::{entitlements, instances, pools, usage, virtual_accounts};
use super::types;
use super::{Conn, Result, instance_row, licenses, mirrored_uses};
use crate::domain::id::{EntitlementId, InstanceId, SmartAccountId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::line::Line;
use crate::domain::pool::{Family, Pool};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// The pool of one license in one virtual account; empty when nothing is there.
pub fn pool(conn: &mut Conn, at: VirtualAccountId, entitlement: Entitlement) -> Result<Pool> {
    let reported = sum(conn, at, entitlement.id)?;
    let lines = licenses::lines_of(conn, at, entitlement.id)?;
    Ok(Pool { entitlement, virtual_account: at, lines, reported })
}

/// A license in one virtual account with the other tiers of its family there.
pub fn family(conn: &mut Conn, at: VirtualAccountId, wanted: Entitlement) -> Result<Family> {
    let Some(tier) = &wanted.tier else {
        let own = pool(conn, at, wanted.clone())?;
        return Ok(Family::new(at, wanted, vec![own]));
    };
    let stock = licenses::lines_of_family(conn, at, &tier.family)?;
    let sums = pools::table
        .inner_join(entitlements::table.on(entitlements::id.eq(pools::entitlement_id)))
        .filter(pools::virtual_account_id.eq(at.to_string()))
        .filter(entitlements::family.eq(&tier.family))
        .filter(pools::reported.ne(0))
        .select((pools::virtual_account_id, pools::reported, entitlements::all_columns));
    let rows: Vec<ReportedRow> = on_backend!(conn => sums.load(conn))?;
    let grouped = group(stock, reported(rows)?);
    Ok(Family::new(at, wanted, grouped.into_values().collect()))
}

fn sum(conn: &mut Conn, at: VirtualAccountId, of: EntitlementId) -> Result<i64> {
    let sum = pools::table.find((at.to_string(), of.to_string())).select(pools::reported);
    Ok(on_backend!(conn => sum.get_result(conn)).optional()?.unwrap_or(0))
}

/// Which virtual accounts of a Smart Account. Statements about the whole or
/// about one are prepared once; those about a list are prepared each time.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The virtual accounts.
    pub at: &'a [VirtualAccountId],
    /// The Smart Account, when they are all that it has.
    pub whole: Option<SmartAccountId>,
}

impl<'a> Places<'a> {
    /// These virtual accounts.
    pub fn these(at: &'a [VirtualAccountId]) -> Self {
        Self { at, whole: None }
    }
}

/// All pools of these virtual accounts in their order, by license name within each.
pub fn list(conn: &mut Conn, at: Places<'_>) -> Result<Vec<Pool>> {
    let lines = licenses::lines_in(conn, at)?;
    let grouped = group(lines, reported_in(conn, at)?);
    let mut all: Vec<Pool> = grouped.into_values().filter(|pool| !pool.is_empty()).collect();
    let order = |pool: &Pool| at.at.iter().position(|id| *id == pool.virtual_account);
    all.sort_by(|a, b| {
        order(a).cmp(&order(b)).then_with(|| a.entitlement.name.cmp(&b.entitlement.name))
    });
    Ok(all)
}

type Reported = (VirtualAccountId, Entitlement, i64);

/// Lines and sums of use, put together by virtual account and license.
fn group(
    lines: Vec<(Line, Entitlement)>,
    reported: Vec<Reported>,
) -> BTreeMap<(VirtualAccountId, EntitlementId), Pool> {
    let mut grouped: BTreeMap<(VirtualAccountId, EntitlementId), Pool> = BTreeMap::new();
    for (line, of) in lines {
        let key = (line.virtual_account, line.entitlement);
        let pool = grouped.entry(key).or_insert_with(|| Pool::empty(key.0, of));
        pool.lines.push(line);
    }
    for (place, of, reported) in reported {
        let pool = grouped.entry((place, of.id)).or_insert_with(|| Pool::empty(place, of));
        pool.reported = reported;
    }
    grouped
}

type ReportedRow = (String, i64, licenses::EntitlementRow);

fn reported_in(conn: &mut Conn, at: Places<'_>) -> Result<Vec<Reported>> {
    let all = pools::table
        .inner_join(entitlements::table.on(entitlements::id.eq(pools::entitlement_id)))
        .filter(pools::reported.ne(0))
        .select((pools::virtual_account_id, pools::reported, entitlements::all_columns));
    let mut rows: Vec<ReportedRow> = Vec::new();
    match (at.whole, at.at) {
        (Some(account), _) => {
            let own = virtual_accounts::table
                .filter(virtual_accounts::account_id.eq(account.to_string()))
                .select(virtual_accounts::id);
            let found = all.filter(pools::virtual_account_id.eq_any(own));
            rows = on_backend!(conn => found.load(conn))?;
        }
        (None, [one]) => {
            let found = all.filter(pools::virtual_account_id.eq(one.to_string()));
            rows = on_backend!(conn => found.load(conn))?;
        }
        (None, many) => {
            for chunk in many.chunks(1_000) {
                let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
                let found = all.filter(pools::virtual_account_id.eq_any(keys));
                rows.extend(found.load::<ReportedRow>(conn)?);
            }
        }
    }
    reported(rows)
}

fn reported(rows: Vec<ReportedRow>) -> Result<Vec<Reported>> {
    rows.into_iter()
        .map(|(place, reported, entitlement)| {
            Ok((types::id("virtual account id", &place)?, entitlement.domain()?, reported))
        })
        .collect()
}

/// What one instance reports: license and count, never zero.
pub fn usage_of(conn: &mut Conn, instance: InstanceId) -> Result<Vec<(EntitlementId, i64)>> {
    let own = usage::table
        .filter(usage::instance_id.eq(instance.to_string()))
        .order(usage::entitlement_id)
        .select((usage::entitlement_id, usage::quantity));
    let rows: Vec<(String, i64)> = on_backend!(conn => own.load(conn))?;
    if rows.is_empty() {
        return mirrored_uses::of(conn, instance);
    }
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
            usage::table.filter(usage::instance_id.eq_any(&keys)).load(conn)?;
        for (instance, entitlement, quantity) in rows {
            let entitlement = types::id("entitlement id", &entitlement)?;
            let instance = types::id("instance id", &instance)?;
            found.entry(instance).or_default().push((entitlement, quantity));
        }
        let mirrored = mirrored_uses::of_all(conn, &keys)?.into_iter();
        found.extend(mirrored.filter(|(_, uses)| !uses.is_empty()));
    }
    Ok(found)
}

/// The product instances of a virtual account that report a license, by name, with their count.
pub fn users_of(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
) -> Result<Vec<(Instance, i64)>> {
    let mut rows: Vec<(i64, instance_row::Row)> = usage::table
        .inner_join(instances::table.on(instances::id.eq(usage::instance_id)))
        .filter(usage::entitlement_id.eq(entitlement.to_string()))
        .filter(instances::virtual_account_id.eq(at.to_string()))
        .order((instances::name_key, instances::id))
        .select((usage::quantity, instances::all_columns))
        .load(conn)?;
    rows.extend(mirrored_uses::users(conn, at, entitlement)?);
    rows.sort_by(|(_, one), (_, other)| one.order().cmp(&other.order()));
    rows.into_iter().map(|(quantity, row)| Ok((row.domain()?, quantity))).collect()
}

/// Changes what one instance reports for one license, and its pool with it.
pub fn report(
    conn: &mut Conn,
    instance: InstanceId,
    at: VirtualAccountId,
    entitlement: EntitlementId,
    (before, after): (i64, i64),
) -> Result<()> {
    let (instance_key, license_key) = (instance.to_string(), entitlement.to_string());
    if after == 0 {
        let gone = usage::table.find((instance_key, license_key));
        on_backend!(conn => diesel::delete(gone).execute(conn))?;
    } else {
        hot::Use { instance: instance_key, entitlement: license_key, quantity: after }.run(conn)?;
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

/// Quantities by virtual account and license.
pub(super) type Sums = BTreeMap<(VirtualAccountId, EntitlementId), i64>;

/// Changes the stored sums of several pools, each once.
pub(super) fn add(conn: &mut Conn, sums: Sums) -> Result<()> {
    sums.into_iter().try_for_each(|((at, license), change)| adjust(conn, at, license, change))
}

/// Changes the stored sum of one pool.
fn adjust(
    conn: &mut Conn,
    at: VirtualAccountId,
    entitlement: EntitlementId,
    delta: i64,
) -> Result<()> {
    if delta == 0 {
        return Ok(());
    }
    hot::Sum { place: at.to_string(), entitlement: entitlement.to_string(), change: delta }
        .run(conn)
}

/// Counts all use again and names the pools whose stored sum differs.
pub fn drifted(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let rows: Vec<(String, String, i64)> = usage::table
        .inner_join(instances::table.on(instances::id.eq(usage::instance_id)))
        .select((instances::virtual_account_id, usage::entitlement_id, usage::quantity))
        .load(conn)?;
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (place, entitlement, quantity) in rows {
        *sums.entry((place, entitlement)).or_default() += quantity;
    }
    for (place, uses) in mirrored_uses::placed(conn, None)? {
        for (license, count) in uses {
            *sums.entry((place.to_string(), license.to_string())).or_default() += count;
        }
    }
    let stored: Vec<(String, String, i64)> = pools::table.load(conn)?;
    for (place, entitlement, reported) in stored {
        *sums.entry((place, entitlement)).or_default() -= reported;
    }
    Ok(sums.into_iter().filter(|(_, difference)| *difference != 0).map(|(key, _)| key).collect())
}
