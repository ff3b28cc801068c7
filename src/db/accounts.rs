//! Smart Accounts, stored.

use super::conn::on_backend;
use super::schema::smart_accounts as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::account::{AccountKind, Agreement, SmartAccount};
use crate::domain::id::SmartAccountId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    number: i64,
    name: String,
    domain: String,
    domain_key: String,
    kind: String,
    agreement_version: Option<String>,
    agreement_by: Option<String>,
    agreement_at: Option<NaiveDateTime>,
    export_entitled: bool,
    reservation_enabled: bool,
    created_at: NaiveDateTime,
    add_to_inventory: bool,
}

impl From<&SmartAccount> for Row {
    fn from(account: &SmartAccount) -> Self {
        let agreement = account.agreement.as_ref();
        Self {
            id: account.id.to_string(),
            number: account.number,
            name: account.name.clone(),
            domain: account.domain.clone(),
            domain_key: account.domain.to_lowercase(),
            kind: account.kind.name().into(),
            agreement_version: agreement.map(|a| a.version.clone()),
            agreement_by: agreement.map(|a| a.accepted_by.clone()),
            agreement_at: agreement.map(|a| a.accepted_at.naive()),
            export_entitled: account.export_entitled,
            reservation_enabled: account.reservation_enabled,
            created_at: account.created_at.naive(),
            add_to_inventory: account.add_to_inventory,
        }
    }
}

impl Row {
    fn domain(self) -> Result<SmartAccount> {
        let agreement = match (self.agreement_version, self.agreement_by, self.agreement_at) {
            (Some(version), Some(accepted_by), Some(at)) => {
                Some(Agreement { version, accepted_by, accepted_at: Timestamp::from_naive(at) })
            }
            _ => None,
        };
        Ok(SmartAccount {
            id: types::id("smart account id", &self.id)?,
            number: self.number,
            name: self.name,
            domain: self.domain,
            kind: types::word("account kind", &self.kind, AccountKind::parse)?,
            agreement,
            export_entitled: self.export_entitled,
            reservation_enabled: self.reservation_enabled,
            add_to_inventory: self.add_to_inventory,
            created_at: Timestamp::from_naive(self.created_at),
        })
    }
}

/// Adds a Smart Account.
pub fn insert(conn: &mut Conn, account: &SmartAccount) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(account)).execute(conn)?;
    Ok(())
}

/// Writes a changed Smart Account.
pub fn save(conn: &mut Conn, account: &SmartAccount) -> Result<()> {
    diesel::update(table::table.find(account.id.to_string()))
        .set(&Row::from(account))
        .execute(conn)?;
    Ok(())
}

/// The Smart Account of that identity.
pub fn find(conn: &mut Conn, id: SmartAccountId) -> Result<Option<SmartAccount>> {
    let wanted = table::table.find(id.to_string());
    let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// The Smart Account of exactly that name; the first, should several have it.
pub fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<SmartAccount>> {
    let found = table::table.filter(table::name.eq(name)).order(table::number);
    let row = on_backend!(conn => found.first::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// The Smart Account of that domain, in any case.
pub fn find_by_domain(conn: &mut Conn, domain: &str) -> Result<Option<SmartAccount>> {
    let key = domain.to_lowercase();
    let found = table::table.filter(table::domain_key.eq(key));
    let row = on_backend!(conn => found.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// All Smart Accounts, by number.
pub fn all(conn: &mut Conn) -> Result<Vec<SmartAccount>> {
    let rows = table::table.order(table::number).load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// Removes a local account's rows; it has no product instances any more. Logs and mails stay.
pub fn delete(conn: &mut Conn, id: SmartAccountId) -> Result<()> {
    use super::schema::{
        authorizations, custom_tags, dismissals, former_virtual_accounts as former, license_lines,
        license_tags, notices, pools, registration_nonces as nonces, registration_tokens as tokens,
        role_assignments as roles, virtual_account_tags as tags, virtual_accounts as places,
    };
    let key = id.to_string();
    let own = || places::table.filter(places::account_id.eq(&key)).select(places::id);
    macro_rules! of_places {
        ($($table:ident),+) => {$(
            let rows = $table::table.filter($table::virtual_account_id.eq_any(own()));
            diesel::delete(rows).execute(conn)?;
        )+};
    }
    macro_rules! of_account {
        ($($table:ident),+) => {$(
            diesel::delete($table::table.filter($table::account_id.eq(&key))).execute(conn)?;
        )+};
    }
    of_places!(pools, license_tags, tags, dismissals, notices);
    of_account!(tokens, license_lines, nonces, authorizations, roles, former, custom_tags);
    super::clients::delete_of(conn, id)?;
    super::access_requests::delete_of_account(conn, id)?;
    super::roles::delete_of_groups(conn, id)?;
    of_account!(places);
    diesel::delete(table::table.find(&key)).execute(conn)?;
    Ok(())
}
