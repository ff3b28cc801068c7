//! Custom tags, stored.

use super::schema::{
    custom_tags as table, license_tags, virtual_account_tags as va_tags, virtual_accounts as places,
};
use super::types;
use super::{Conn, Result};
use crate::domain::custom_tag::CustomTag;
use crate::domain::id::{CustomTagId, SmartAccountId, VirtualAccountId};
use crate::domain::tag;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    account_id: String,
    name: String,
    name_key: String,
    allowed: String,
}

impl Row {
    fn of(custom: &CustomTag) -> Self {
        Self {
            id: custom.id.to_string(),
            account_id: custom.account.to_string(),
            name: custom.name.clone(),
            name_key: tag::key(&custom.name),
            allowed: custom.values.join(","),
        }
    }

    fn domain(self) -> Result<CustomTag> {
        Ok(CustomTag {
            id: types::id("custom tag id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            name: self.name,
            values: self.allowed.split(',').map(str::to_owned).collect(),
        })
    }
}

/// The custom tags of an account, by name.
pub fn all(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<CustomTag>> {
    let own = table::table.filter(table::account_id.eq(account.to_string()));
    let rows = own.order(table::name_key).load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// Adds a custom tag.
pub fn insert(conn: &mut Conn, custom: &CustomTag) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::of(custom)).execute(conn)?;
    Ok(())
}

/// Writes a custom tag as it is now.
pub fn save(conn: &mut Conn, custom: &CustomTag) -> Result<()> {
    let row = Row::of(custom);
    diesel::update(table::table.find(&row.id)).set(&row).execute(conn)?;
    Ok(())
}

/// Removes a custom tag; labels stay.
pub fn remove(conn: &mut Conn, id: CustomTagId) -> Result<()> {
    diesel::delete(table::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

/// A label, and the virtual account that has it or whose license has it.
pub type Label = (VirtualAccountId, String);

/// All labels of an account: those of its virtual accounts, and those of licenses in them.
pub fn labels(conn: &mut Conn, account: SmartAccountId) -> Result<(Vec<Label>, Vec<Label>)> {
    let key = account.to_string();
    let of_places = va_tags::table
        .inner_join(places::table.on(places::id.eq(va_tags::virtual_account_id)))
        .filter(places::account_id.eq(&key))
        .select((places::id, va_tags::tag));
    let of_licenses = license_tags::table
        .inner_join(places::table.on(places::id.eq(license_tags::virtual_account_id)))
        .filter(places::account_id.eq(&key))
        .select((places::id, license_tags::tag));
    Ok((placed(of_places.load(conn)?)?, placed(of_licenses.load(conn)?)?))
}

fn placed(rows: Vec<(String, String)>) -> Result<Vec<Label>> {
    let label =
        |(place, text): (String, String)| Ok((types::id("virtual account id", &place)?, text));
    rows.into_iter().map(label).collect()
}
