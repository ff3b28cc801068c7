//! Product instances with what they use, page by page in the order of their ids.

use super::super::conn::on_backend;
use super::super::instance_row::Row;
use super::super::schema::{instances as table, usage};
use super::super::{reservations, types};
use crate::db::{Conn, Result};
use crate::domain::id::{EntitlementId, InstanceId, SmartAccountId};
use crate::domain::instance::Instance;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// A product instance, and how many of which license it uses or holds reserved.
pub type Used = (Instance, Vec<(EntitlementId, i64)>);

/// At most so many product instances of a Smart Account after one, in the order of their ids.
pub fn page(
    conn: &mut Conn,
    account: SmartAccountId,
    after: Option<InstanceId>,
    limit: i64,
) -> Result<Vec<Used>> {
    // The concatenation keeps SQLite from sorting the whole account for each page: without
    // statistics it would take the index on the account before the one with the order.
    let own = table::account_id.concat("").eq(account.to_string());
    let after = after.map_or_else(String::new, |id| id.to_string());
    let wanted = table::table.filter(own).filter(table::id.gt(after)).order(table::id).limit(limit);
    let rows = on_backend!(conn => wanted.load::<Row>(conn))?;
    let found = rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?;
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(Vec::new()) };
    let (first, last) = (first.id.to_string(), last.id.to_string());
    let uses = usage::table
        .filter(usage::instance_id.ge(first))
        .filter(usage::instance_id.le(last))
        .order((usage::instance_id, usage::entitlement_id));
    let uses = on_backend!(conn => uses.load::<UseRow>(conn))?;
    together(conn, found, uses)
}

/// Those of these product instances that are there, in the order of their ids.
pub fn these(conn: &mut Conn, ids: &BTreeSet<InstanceId>) -> Result<Vec<Used>> {
    let (mut found, mut uses) = (Vec::new(), Vec::new());
    for id in ids {
        let wanted = table::table.find(id.to_string());
        let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
        found.extend(row.map(Row::domain).transpose()?);
        let own =
            usage::table.filter(usage::instance_id.eq(id.to_string())).order(usage::entitlement_id);
        uses.extend(on_backend!(conn => own.load::<UseRow>(conn))?);
    }
    together(conn, found, uses)
}

type UseRow = (String, String, i64);

/// Puts instances and uses together; both are in the order of the instances' ids.
fn together(conn: &mut Conn, found: Vec<Instance>, uses: Vec<UseRow>) -> Result<Vec<Used>> {
    let mut uses = uses.into_iter().peekable();
    let mut all = Vec::with_capacity(found.len());
    for instance in found {
        let id = instance.id.to_string();
        let mut own = Vec::new();
        // The page may lie between instances of other accounts.
        while let Some((other, license, count)) = uses.next_if(|(other, ..)| *other <= id) {
            if other == id {
                own.push((types::id("entitlement id", &license)?, count));
            }
        }
        if instance.reserved {
            own.extend(reservations::of(conn, instance.id)?);
        }
        all.push((instance, own));
    }
    Ok(all)
}
