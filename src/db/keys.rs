//! The site's keys, counters and facts about itself.

use super::conn::on_backend;
use super::schema::{counters, meta, site_keys};
use super::{Conn, Result};
use diesel::prelude::*;

/// A stored key with its certificate, both PEM.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = site_keys)]
pub struct SiteKey {
    /// What it is for.
    pub name: String,
    /// PKCS#8.
    pub private_key: String,
    /// The certificate.
    pub certificate: String,
}

/// The key of that name.
pub fn site_key(conn: &mut Conn, name: &str) -> Result<Option<SiteKey>> {
    Ok(site_keys::table.find(name).get_result(conn).optional()?)
}

/// Adds a key.
pub fn insert_site_key(conn: &mut Conn, key: &SiteKey) -> Result<()> {
    diesel::insert_into(site_keys::table).values(key).execute(conn)?;
    Ok(())
}

/// Writes a key that is there already, with another certificate.
pub fn save_site_key(conn: &mut Conn, key: &SiteKey) -> Result<()> {
    diesel::update(site_keys::table.find(&key.name))
        .set((
            site_keys::private_key.eq(&key.private_key),
            site_keys::certificate.eq(&key.certificate),
        ))
        .execute(conn)?;
    Ok(())
}

/// The next number of a counter; the first is `first`.
pub fn next_number(conn: &mut Conn, name: &str, first: i64) -> Result<i64> {
    let row = (counters::name.eq(name), counters::value.eq(first));
    on_backend!(conn => diesel::insert_into(counters::table)
        .values(row)
        .on_conflict(counters::name)
        .do_update()
        .set(counters::value.eq(counters::value + 1))
        .execute(conn))?;
    Ok(counters::table.find(name).select(counters::value).get_result(conn)?)
}

/// A fact that the site keeps about itself.
pub fn fact(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(meta::table.find(name).select(meta::value).get_result(conn).optional()?)
}

/// Writes a fact about the site.
pub fn set_fact(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    let row = (meta::name.eq(name), meta::value.eq(value));
    on_backend!(conn => diesel::insert_into(meta::table)
        .values(row)
        .on_conflict(meta::name)
        .do_update()
        .set(meta::value.eq(value))
        .execute(conn))?;
    Ok(())
}

/// Forgets a fact about the site.
pub fn forget_fact(conn: &mut Conn, name: &str) -> Result<()> {
    diesel::delete(meta::table.find(name)).execute(conn)?;
    Ok(())
}
