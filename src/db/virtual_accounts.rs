//! Virtual accounts, stored.

use super::conn::on_backend;
use super::schema::former_virtual_accounts as former;
use super::schema::virtual_accounts as table;
use super::schema::{group_roles, instances, license_lines, registration_tokens, role_assignments};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{SmartAccountId, VirtualAccountId};
use crate::domain::virtual_account::{Access, Contents, Name, Tree, VirtualAccount};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeMap;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    number: i64,
    account_id: String,
    parent_id: Option<String>,
    name: String,
    name_key: String,
    description: String,
    access: String,
    is_default: bool,
    satellite: Option<String>,
    created_at: NaiveDateTime,
    on_prem_uid: Option<String>,
    upstream_id: Option<String>,
}

impl From<&VirtualAccount> for Row {
    fn from(va: &VirtualAccount) -> Self {
        Self {
            id: va.id.to_string(),
            number: va.number,
            account_id: va.account.to_string(),
            parent_id: va.parent.map(|p| p.to_string()),
            name: va.name.as_str().into(),
            name_key: va.name.key(),
            description: va.description.clone(),
            access: va.access.name().into(),
            is_default: va.is_default,
            satellite: va.satellite.clone(),
            created_at: va.created_at.naive(),
            on_prem_uid: va.on_prem.map(|uid| uid.to_string()),
            upstream_id: va.upstream.map(|id| id.to_string()),
        }
    }
}

impl Row {
    fn domain(self) -> Result<VirtualAccount> {
        Ok(VirtualAccount {
            id: types::id("virtual account id", &self.id)?,
            number: self.number,
            account: types::id("smart account id", &self.account_id)?,
            parent: types::optional_id("virtual account id", self.parent_id.as_deref())?,
            name: types::word("virtual account name", &self.name, |n| Name::parse(n).ok())?,
            description: self.description,
            access: types::word("access level", &self.access, Access::parse)?,
            is_default: self.is_default,
            satellite: self.satellite,
            created_at: Timestamp::from_naive(self.created_at),
            on_prem: types::optional_id("On-Prem UID", self.on_prem_uid.as_deref())?,
            upstream: types::optional_id("virtual account id", self.upstream_id.as_deref())?,
        })
    }
}

/// Adds a virtual account.
pub fn insert(conn: &mut Conn, va: &VirtualAccount) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(va)).execute(conn)?;
    Ok(())
}

/// Writes a changed virtual account.
pub fn save(conn: &mut Conn, va: &VirtualAccount) -> Result<()> {
    diesel::update(table::table.find(va.id.to_string())).set(&Row::from(va)).execute(conn)?;
    Ok(())
}

/// The virtual account of that identity.
pub fn find(conn: &mut Conn, id: VirtualAccountId) -> Result<Option<VirtualAccount>> {
    let wanted = table::table.find(id.to_string());
    let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// The virtual accounts of a Smart Account, in the order of their creation.
pub fn tree(conn: &mut Conn, account: SmartAccountId) -> Result<Tree> {
    let found = table::table.filter(table::account_id.eq(account.to_string())).order(table::number);
    let rows = on_backend!(conn => found.load::<Row>(conn))?;
    let all = rows.into_iter().map(Row::domain).collect::<Result<_>>()?;
    Ok(Tree::new(account, all))
}

/// What a virtual account holds at `now`.
pub fn contents(conn: &mut Conn, id: VirtualAccountId, now: Timestamp) -> Result<Contents> {
    use registration_tokens as token;
    let key = id.to_string();
    let quantities: Vec<i64> = license_lines::table
        .filter(license_lines::virtual_account_id.eq(&key))
        .select(license_lines::quantity)
        .load(conn)?;
    let instances =
        instances::table.filter(instances::virtual_account_id.eq(&key)).count().get_result(conn)?;
    let tokens = token::table
        .filter(token::virtual_account_id.eq(&key))
        .filter(token::revoked_at.is_null().and(token::expires_at.gt(now.naive())))
        .filter(token::due_at.is_not_null())
        .filter(token::max_uses.is_null().or(token::max_uses.assume_not_null().gt(token::uses)))
        .count()
        .get_result(conn)?;
    let children = table::table.filter(table::parent_id.eq(&key)).count().get_result(conn)?;
    Ok(Contents { licenses: quantities.iter().sum(), instances, tokens, children })
}

/// Deletes an empty virtual account with its dead tokens, empty pools, tags and roles; its
/// name is kept for the logs.
pub fn delete(conn: &mut Conn, va: &VirtualAccount, now: Timestamp) -> Result<()> {
    use super::schema::pools;
    let key = va.id.to_string();
    diesel::insert_into(former::table)
        .values((
            former::id.eq(&key),
            former::account_id.eq(va.account.to_string()),
            former::name.eq(va.name.as_str()),
            former::deleted_at.eq(now.naive()),
        ))
        .execute(conn)?;
    super::tags::forget(conn, va.id)?;
    super::notices::forget(conn, va.id)?;
    let tokens =
        registration_tokens::table.filter(registration_tokens::virtual_account_id.eq(&key));
    diesel::delete(tokens).execute(conn)?;
    diesel::delete(pools::table.filter(pools::virtual_account_id.eq(&key))).execute(conn)?;
    let lines = license_lines::table.filter(license_lines::virtual_account_id.eq(&key));
    diesel::delete(lines).execute(conn)?;
    let roles = role_assignments::table.filter(role_assignments::virtual_account_id.eq(&key));
    diesel::delete(roles).execute(conn)?;
    let roles = group_roles::table.filter(group_roles::virtual_account_id.eq(&key));
    diesel::delete(roles).execute(conn)?;
    diesel::delete(table::table.find(key)).execute(conn)?;
    Ok(())
}

/// The names of virtual accounts that were deleted.
pub fn former(
    conn: &mut Conn,
    account: SmartAccountId,
) -> Result<BTreeMap<VirtualAccountId, String>> {
    let rows: Vec<(String, String)> = former::table
        .filter(former::account_id.eq(account.to_string()))
        .select((former::id, former::name))
        .load(conn)?;
    rows.into_iter().map(|(id, name)| Ok((types::id("virtual account id", &id)?, name))).collect()
}
