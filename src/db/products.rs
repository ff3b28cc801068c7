//! Products that the site knows, and what their devices may bring into the inventory, stored.

use super::licenses::EntitlementRow;
use super::schema::{
    entitlements, inventory_additions as additions, product_licenses as brought, products as table,
};
use super::types;
use super::{Conn, Result};
use crate::domain::id::EntitlementId;
use crate::domain::license::Entitlement;
use crate::domain::reservation::Product;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    software_tag: String,
    name: String,
    pid: Option<String>,
    fingerprint: String,
}

impl Row {
    fn domain(self) -> Product {
        let Self { software_tag, name, pid, fingerprint } = self;
        Product { software_tag, name, pid, fingerprint }
    }
}

/// Remembers a product, unless it is known; answers whether it is new.
pub fn learn(conn: &mut Conn, product: &Product) -> Result<bool> {
    let known = table::table.find(&product.software_tag).count();
    let known: i64 = known.get_result(conn)?;
    if known > 0 {
        return Ok(false);
    }
    let Product { software_tag, name, pid, fingerprint } = product.clone();
    let row = Row { software_tag, name, pid, fingerprint };
    let added = diesel::insert_into(table::table).values(&row).on_conflict_do_nothing();
    Ok(super::conn::on_backend!(conn => added.execute(conn))? > 0)
}

/// The product of that fingerprint.
pub fn by_fingerprint(conn: &mut Conn, fingerprint: &str) -> Result<Option<Product>> {
    let found = table::table.filter(table::fingerprint.eq(fingerprint)).first::<Row>(conn);
    Ok(found.optional()?.map(Row::domain))
}

/// The product of that software tag.
pub fn by_tag(conn: &mut Conn, software_tag: &str) -> Result<Option<Product>> {
    let found = table::table.find(software_tag).first::<Row>(conn);
    Ok(found.optional()?.map(Row::domain))
}

/// The product whose devices have that product identifier.
pub fn by_pid(conn: &mut Conn, pid: &str) -> Result<Option<Product>> {
    let found =
        table::table.filter(table::pid.eq(pid)).order(table::software_tag).first::<Row>(conn);
    Ok(found.optional()?.map(Row::domain))
}

/// Says what devices of a product may bring into the inventory.
pub fn set_inventory(
    conn: &mut Conn,
    software_tag: &str,
    licenses: &[(EntitlementId, i64)],
) -> Result<()> {
    diesel::delete(brought::table.filter(brought::software_tag.eq(software_tag))).execute(conn)?;
    for (entitlement, quantity) in licenses {
        let row = (
            brought::software_tag.eq(software_tag),
            brought::entitlement_id.eq(entitlement.to_string()),
            brought::quantity.eq(quantity),
        );
        diesel::insert_into(brought::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// What devices of a product may bring into the inventory, once each, by name.
pub fn inventory(conn: &mut Conn, software_tag: &str) -> Result<Vec<(Entitlement, i64)>> {
    let rows: Vec<(EntitlementRow, i64)> = brought::table
        .inner_join(entitlements::table.on(entitlements::id.eq(brought::entitlement_id)))
        .filter(brought::software_tag.eq(software_tag))
        .order(entitlements::name)
        .select((entitlements::all_columns, brought::quantity))
        .load(conn)?;
    rows.into_iter().map(|(row, quantity)| Ok((row.domain()?, quantity))).collect()
}

/// What a device has brought into the inventory.
pub fn added(conn: &mut Conn, udi_key: &str) -> Result<Vec<EntitlementId>> {
    let own = additions::table.filter(additions::udi_key.eq(udi_key));
    let ids: Vec<String> = own.select(additions::entitlement_id).load(conn)?;
    ids.iter().map(|id| types::id("entitlement id", id)).collect()
}

/// Remembers that a device has brought a license into the inventory.
pub fn note_added(conn: &mut Conn, udi_key: &str, of: EntitlementId) -> Result<()> {
    let row = (additions::udi_key.eq(udi_key), additions::entitlement_id.eq(of.to_string()));
    diesel::insert_into(additions::table).values(row).execute(conn)?;
    Ok(())
}
