//! Local accounts of a satellite, stored.

use super::schema::{local_accounts as table, sync_changes, sync_requests, sync_standings};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::local_account::{LocalAccount, LocalState, Privacy};
use crate::domain::on_prem::{Mode, name_key};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    uid: String,
    account_id: Option<String>,
    number: i64,
    name: String,
    name_key: String,
    mode: String,
    state: String,
    reason: String,
    smart_account: String,
    virtual_account: String,
    email: String,
    message: String,
    requested_by: String,
    requested_at: NaiveDateTime,
    registration_nonce: Option<String>,
    registered_at: Option<NaiveDateTime>,
    by_file: bool,
    hides: String,
    credential: Option<String>,
    credential_ends: Option<NaiveDateTime>,
}

impl From<&LocalAccount> for Row {
    fn from(account: &LocalAccount) -> Self {
        Self {
            uid: account.uid.to_string(),
            account_id: account.account.map(|id| id.to_string()),
            number: account.number,
            name: account.name.clone(),
            name_key: name_key(&account.name),
            mode: account.mode.code().into(),
            state: account.state.code().into(),
            reason: account.reason.clone(),
            smart_account: account.smart_account.clone(),
            // Names hold no line breaks.
            virtual_account: account.virtual_accounts.join("\n"),
            email: account.email.clone(),
            message: account.message.clone(),
            requested_by: account.requested_by.clone(),
            requested_at: account.requested_at.naive(),
            registration_nonce: account.registration_nonce.map(|nonce| nonce.to_string()),
            registered_at: account.registered_at.map(Timestamp::naive),
            by_file: account.by_file,
            hides: account.privacy.code(),
            credential: account.credential.clone(),
            credential_ends: account.credential_ends.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<LocalAccount> {
        Ok(LocalAccount {
            uid: types::id("On-Prem UID", &self.uid)?,
            account: types::optional_id("smart account id", self.account_id.as_deref())?,
            number: self.number,
            name: self.name,
            mode: types::word("mode", &self.mode, Mode::parse)?,
            state: types::word("state of a local account", &self.state, LocalState::parse)?,
            reason: self.reason,
            smart_account: self.smart_account,
            virtual_accounts: self.virtual_account.lines().map(str::to_owned).collect(),
            email: self.email,
            message: self.message,
            requested_by: self.requested_by,
            requested_at: Timestamp::from_naive(self.requested_at),
            registration_nonce: types::optional_id("nonce", self.registration_nonce.as_deref())?,
            registered_at: types::instant(self.registered_at),
            by_file: self.by_file,
            privacy: types::word("privacy", &self.hides, Privacy::parse)?,
            credential: self.credential,
            credential_ends: types::instant(self.credential_ends),
        })
    }
}

/// Adds a local account.
pub fn insert(conn: &mut Conn, account: &LocalAccount) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(account)).execute(conn)?;
    Ok(())
}

/// Writes a changed local account; its UID changes with [`rename_uid`].
pub fn save(conn: &mut Conn, account: &LocalAccount) -> Result<()> {
    diesel::update(table::table.find(account.uid.to_string()))
        .set(&Row::from(account))
        .execute(conn)?;
    Ok(())
}

/// All local accounts, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<LocalAccount>> {
    let rows = table::table.order(table::name_key).load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// The local account of that identity.
pub fn find(conn: &mut Conn, uid: OnPremUid) -> Result<Option<LocalAccount>> {
    let row = table::table.find(uid.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The local account of that number in addresses.
pub fn numbered(conn: &mut Conn, number: i64) -> Result<Option<LocalAccount>> {
    let wanted = table::table.filter(table::number.eq(number));
    wanted.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The local account of that name, ignoring case and blanks.
pub fn named(conn: &mut Conn, name: &str) -> Result<Option<LocalAccount>> {
    let wanted = table::table.filter(table::name_key.eq(name_key(name)));
    wanted.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The local account that has these rows.
pub fn of_account(conn: &mut Conn, account: SmartAccountId) -> Result<Option<LocalAccount>> {
    let wanted = table::table.filter(table::account_id.eq(account.to_string()));
    wanted.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// Forgets all that the local account has exchanged: for a new registration, or with the account.
pub fn forget_exchanges(conn: &mut Conn, account: &LocalAccount) -> Result<()> {
    let key = account.uid.to_string();
    diesel::delete(sync_requests::table.filter(sync_requests::uid.eq(&key))).execute(conn)?;
    diesel::delete(sync_standings::table.find(&key)).execute(conn)?;
    if let Some(id) = account.account {
        let own = sync_changes::table.filter(sync_changes::account_id.eq(id.to_string()));
        diesel::delete(own).execute(conn)?;
    }
    Ok(())
}

/// Gives a local account another UID; it has exchanged nothing under the old one any more.
pub fn rename_uid(conn: &mut Conn, old: OnPremUid, new: OnPremUid) -> Result<()> {
    diesel::update(table::table.find(old.to_string()))
        .set(table::uid.eq(new.to_string()))
        .execute(conn)?;
    Ok(())
}

/// Removes a local account that has no rows any more.
pub fn delete(conn: &mut Conn, uid: OnPremUid) -> Result<()> {
    diesel::delete(table::table.find(uid.to_string())).execute(conn)?;
    Ok(())
}
