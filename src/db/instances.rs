//! Product instances, stored, and the nonces of their registrations.

use super::conn::on_backend;
use super::hot;
use super::instance_row::Row;
use super::schema::{
    export_keys, instance_members as members, instances as table, registration_nonces as nonces,
    reserved_instances as holders, usage,
};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{InstanceId, SmartAccountId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::paging::{Page, Seek};
use diesel::prelude::*;

/// Adds a product instance.
pub fn insert(conn: &mut Conn, instance: &Instance) -> Result<()> {
    let row = Row::from(instance);
    on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    Ok(())
}

/// Writes a changed product instance.
pub fn save(conn: &mut Conn, instance: &Instance) -> Result<()> {
    diesel::update(table::table.find(instance.id.to_string()))
        .set(&Row::from(instance))
        .execute(conn)?;
    Ok(())
}

/// Writes only what a message changes: contact, replay guard and authorization.
pub fn save_contact(conn: &mut Conn, instance: &Instance) -> Result<()> {
    let told = instance.authorization;
    hot::Contact {
        id: instance.id.to_string(),
        at: instance.last_contact_at.into(),
        message_at: instance.identity.last_message_at.into(),
        authorized_at: told.map(|a| a.at.into()),
        expires_at: told.map(|a| a.expires_at.into()),
        in_compliance: told.map(|a| a.in_compliance),
    }
    .run(conn)
}

/// The product instance of that identity.
pub fn find(conn: &mut Conn, id: InstanceId) -> Result<Option<Instance>> {
    let wanted = table::table.find(id.to_string());
    let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// How many instances a Smart Account has.
pub fn count(conn: &mut Conn, account: SmartAccountId) -> Result<i64> {
    let own = table::table.filter(table::account_id.eq(account.to_string()));
    Ok(own.count().get_result(conn)?)
}

/// The product instance of that device.
pub fn find_by_udi(conn: &mut Conn, key: &str) -> Result<Option<Instance>> {
    let wanted = table::table.filter(table::udi_key.eq(key));
    let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// Removes a product instance; its use must be taken out of the pools first.
pub fn delete(conn: &mut Conn, id: InstanceId) -> Result<()> {
    let key = id.to_string();
    diesel::delete(usage::table.filter(usage::instance_id.eq(&key))).execute(conn)?;
    diesel::delete(members::table.filter(members::instance_id.eq(&key))).execute(conn)?;
    diesel::delete(holders::table.find(&key)).execute(conn)?;
    diesel::delete(export_keys::table.filter(export_keys::instance_id.eq(&key))).execute(conn)?;
    diesel::delete(table::table.find(key)).execute(conn)?;
    Ok(())
}

/// The product instances of these virtual accounts, by name.
pub fn list(conn: &mut Conn, at: &[VirtualAccountId]) -> Result<Vec<Instance>> {
    first(conn, at, i64::MAX)
}

/// Identity and name of the first instances of these virtual accounts, by name.
pub fn names(
    conn: &mut Conn,
    at: &[VirtualAccountId],
    limit: i64,
) -> Result<Vec<(InstanceId, String)>> {
    let found = first(conn, at, limit)?;
    let mut named: Vec<_> = found.iter().map(|instance| (instance.id, instance.name())).collect();
    named.sort_by_cached_key(|(id, name)| (name.to_lowercase(), *id));
    named.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(named)
}

/// At most so many of each thousand virtual accounts, by name.
fn first(conn: &mut Conn, at: &[VirtualAccountId], limit: i64) -> Result<Vec<Instance>> {
    let mut found = Vec::new();
    for chunk in at.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows = table::table
            .filter(table::virtual_account_id.eq_any(keys))
            .order((table::name_key, table::id))
            .limit(limit)
            .load::<Row>(conn)?;
        found.extend(rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// One page of a virtual account's product instances, by name; `search` finds
/// part of a name, UDI or product, and groups by the UDI of any unit.
pub fn page(
    conn: &mut Conn,
    at: VirtualAccountId,
    search: Option<&str>,
    seek: &Seek<InstanceId>,
    limit: i64,
) -> Result<Page<Instance>> {
    let mut query = table::table.filter(table::virtual_account_id.eq(at.to_string())).into_boxed();
    if let Some(text) = search {
        let pattern = types::pattern(text);
        let groups = members::table
            .filter(members::search_key.like(pattern.clone()).escape('\\'))
            .select(members::instance_id);
        let own = table::name_key.like(pattern).escape('\\');
        query = query.filter(own.or(table::id.eq_any(groups)));
    }
    let backward = matches!(seek, Seek::Before(_) | Seek::Last);
    if let Seek::After(id) | Seek::Before(id) = seek {
        let key = name_key(conn, *id)?;
        let id = id.to_string();
        query = if backward {
            query.filter(
                table::name_key.lt(key.clone()).or(table::name_key.eq(key).and(table::id.lt(id))),
            )
        } else {
            query.filter(
                table::name_key.gt(key.clone()).or(table::name_key.eq(key).and(table::id.gt(id))),
            )
        };
    }
    query = if backward {
        query.order((table::name_key.desc(), table::id.desc()))
    } else {
        query.order((table::name_key, table::id))
    };
    let rows = query.limit(limit + 1).load::<Row>(conn)?;
    let items = rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?;
    Ok(super::paging::page(items, limit, seek))
}

fn name_key(conn: &mut Conn, id: InstanceId) -> Result<String> {
    let key = table::table.find(id.to_string()).select(table::name_key).get_result(conn);
    Ok(key.optional()?.unwrap_or_default())
}

/// Remembers the nonce of a registration in a Smart Account until `until`;
/// false when it was there already, which makes the message a replay.
pub fn remember_nonce(
    conn: &mut Conn,
    account: SmartAccountId,
    nonce: &str,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool> {
    let account = account.to_string();
    let over = nonces::table
        .filter(nonces::account_id.eq(&account))
        .filter(nonces::expires_at.le(now.naive()));
    on_backend!(conn => diesel::delete(over).execute(conn))?;
    let same = nonces::table.find((&account, nonce)).count();
    let known: i64 = on_backend!(conn => same.get_result(conn))?;
    if known > 0 {
        return Ok(false);
    }
    let row = (
        nonces::account_id.eq(&account),
        nonces::nonce.eq(nonce),
        nonces::expires_at.eq(until.naive()),
    );
    on_backend!(conn => diesel::insert_into(nonces::table).values(row).execute(conn))?;
    Ok(true)
}

/// The instances of a Smart Account that are due at an instant.
pub fn due(conn: &mut Conn, account: SmartAccountId, at: Timestamp) -> Result<Vec<Instance>> {
    let due = table::table
        .filter(table::due_at.eq(at.naive()))
        .filter(table::account_id.eq(account.to_string()))
        .order(table::id);
    let rows = on_backend!(conn => due.load::<Row>(conn))?;
    rows.into_iter().map(Row::domain).collect()
}

/// The instances of a virtual account that had an alert when they were last saved.
pub fn alerting(conn: &mut Conn, at: VirtualAccountId) -> Result<Vec<Instance>> {
    let found = table::table
        .filter(table::virtual_account_id.eq(at.to_string()))
        .filter(table::alerting)
        .order(table::id);
    let rows = on_backend!(conn => found.load::<Row>(conn))?;
    rows.into_iter().map(Row::domain).collect()
}

/// Lets messages of now count again after the clock was moved back: nobody has spoken later
/// than `now`.
pub fn rewind(conn: &mut Conn, now: Timestamp) -> Result<()> {
    let later = table::table.filter(table::last_message_at.gt(now.naive()));
    diesel::update(later).set(table::last_message_at.eq(now.naive())).execute(conn)?;
    Ok(())
}
