//! Tags of virtual accounts and of licenses, stored.

use super::schema::{license_tags, virtual_account_tags as va_tags};
use super::types;
use super::{Conn, Result};
use crate::domain::id::{EntitlementId, VirtualAccountId};
use crate::domain::tag;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// The tags of these virtual accounts.
pub fn of_virtual_accounts(
    conn: &mut Conn,
    at: &[VirtualAccountId],
) -> Result<BTreeMap<VirtualAccountId, Vec<String>>> {
    let mut found: BTreeMap<VirtualAccountId, Vec<String>> = BTreeMap::new();
    for chunk in at.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows: Vec<(String, String)> = va_tags::table
            .filter(va_tags::virtual_account_id.eq_any(keys))
            .order((va_tags::virtual_account_id, va_tags::tag_key))
            .select((va_tags::virtual_account_id, va_tags::tag))
            .load(conn)?;
        for (place, tag) in rows {
            found.entry(types::id("virtual account id", &place)?).or_default().push(tag);
        }
    }
    Ok(found)
}

/// Gives a virtual account these tags and no others.
pub fn set_virtual_account(conn: &mut Conn, at: VirtualAccountId, tags: &[String]) -> Result<()> {
    let key = at.to_string();
    diesel::delete(va_tags::table.filter(va_tags::virtual_account_id.eq(&key))).execute(conn)?;
    for text in tags {
        let row = (
            va_tags::virtual_account_id.eq(&key),
            va_tags::tag_key.eq(tag::key(text)),
            va_tags::tag.eq(text),
        );
        diesel::insert_into(va_tags::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The tags of the licenses in these virtual accounts.
pub fn of_licenses(
    conn: &mut Conn,
    at: &[VirtualAccountId],
) -> Result<BTreeMap<(VirtualAccountId, EntitlementId), Vec<String>>> {
    let mut found: BTreeMap<(VirtualAccountId, EntitlementId), Vec<String>> = BTreeMap::new();
    for chunk in at.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows: Vec<(String, String, String)> = license_tags::table
            .filter(license_tags::virtual_account_id.eq_any(keys))
            .order((license_tags::entitlement_id, license_tags::tag_key))
            .select((
                license_tags::virtual_account_id,
                license_tags::entitlement_id,
                license_tags::tag,
            ))
            .load(conn)?;
        for (place, of, tag) in rows {
            let place = types::id("virtual account id", &place)?;
            found.entry((place, types::id("entitlement id", &of)?)).or_default().push(tag);
        }
    }
    Ok(found)
}

/// Gives a license in a virtual account these tags and no others.
pub fn set_license(
    conn: &mut Conn,
    at: VirtualAccountId,
    of: EntitlementId,
    tags: &[String],
) -> Result<()> {
    let (place, license) = (at.to_string(), of.to_string());
    let own = license_tags::table
        .filter(license_tags::virtual_account_id.eq(&place))
        .filter(license_tags::entitlement_id.eq(&license));
    diesel::delete(own).execute(conn)?;
    for text in tags {
        let row = (
            license_tags::virtual_account_id.eq(&place),
            license_tags::entitlement_id.eq(&license),
            license_tags::tag_key.eq(tag::key(text)),
            license_tags::tag.eq(text),
        );
        diesel::insert_into(license_tags::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Takes all tags of a virtual account and its licenses away.
pub fn forget(conn: &mut Conn, at: VirtualAccountId) -> Result<()> {
    let key = at.to_string();
    diesel::delete(va_tags::table.filter(va_tags::virtual_account_id.eq(&key))).execute(conn)?;
    let own = license_tags::table.filter(license_tags::virtual_account_id.eq(&key));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
