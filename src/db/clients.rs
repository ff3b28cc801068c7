//! API clients, stored.

use super::schema::{api_clients as table, credentials};
use super::types;
use super::{Conn, Error, Result};
use crate::domain::Timestamp;
use crate::domain::id::{SmartAccountId, UserId};
use crate::domain::people::{ApiClient, Toolkit};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    client_id: String,
    secret_digest: String,
    name: String,
    user_id: String,
    redirect_uris: String,
    account_id: Option<String>,
    description: String,
    created_by: String,
    created_at: Option<NaiveDateTime>,
    expires_at: Option<NaiveDateTime>,
    revoked_at: Option<NaiveDateTime>,
}

impl Row {
    fn of(client: &ApiClient) -> Self {
        let toolkit = client.toolkit.as_ref();
        Self {
            client_id: client.client_id.clone(),
            secret_digest: client.secret_digest.clone(),
            name: client.name.clone(),
            user_id: client.user.to_string(),
            redirect_uris: client.redirect_uris.join("\n"),
            account_id: toolkit.map(|t| t.account.to_string()),
            description: toolkit.map_or_else(String::new, |t| t.description.clone()),
            created_by: toolkit.map_or_else(String::new, |t| t.created_by.clone()),
            created_at: toolkit.map(|t| t.created_at.naive()),
            expires_at: toolkit.and_then(|t| t.expires_at).map(Timestamp::naive),
            revoked_at: toolkit.and_then(|t| t.revoked_at).map(Timestamp::naive),
        }
    }

    fn domain(self) -> Result<ApiClient> {
        let toolkit = match &self.account_id {
            None => None,
            Some(account) => Some(Toolkit {
                account: types::id("smart account id", account)?,
                description: self.description,
                created_by: self.created_by,
                created_at: types::instant(self.created_at)
                    .ok_or_else(|| Error::corrupt("creation of an API client", "nothing"))?,
                expires_at: types::instant(self.expires_at),
                revoked_at: types::instant(self.revoked_at),
            }),
        };
        Ok(ApiClient {
            client_id: self.client_id,
            secret_digest: self.secret_digest,
            name: self.name,
            user: types::id("user id", &self.user_id)?,
            redirect_uris: self.redirect_uris.lines().map(str::to_owned).collect(),
            toolkit,
        })
    }
}

/// Adds an API client.
pub fn insert(conn: &mut Conn, client: &ApiClient) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::of(client)).execute(conn)?;
    Ok(())
}

/// The API client of that public identifier.
pub fn find(conn: &mut Conn, client_id: &str) -> Result<Option<ApiClient>> {
    let row = table::table.find(client_id).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The clients of these accounts, the latest first.
pub fn of_accounts(conn: &mut Conn, accounts: &[SmartAccountId]) -> Result<Vec<ApiClient>> {
    let keys: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let rows = table::table
        .filter(table::account_id.eq_any(keys))
        .order((table::created_at.desc(), table::client_id))
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// Ends a client of the toolkit.
pub fn revoke(conn: &mut Conn, client_id: &str, at: Timestamp) -> Result<()> {
    let change = diesel::update(table::table.find(client_id));
    change.set(table::revoked_at.eq(at.naive())).execute(conn)?;
    Ok(())
}

/// Gives the clients of a person, and the bearers that act for them, to another one.
pub fn hand_over(conn: &mut Conn, from: UserId, to: UserId) -> Result<()> {
    let own = table::table.filter(table::user_id.eq(from.to_string()));
    diesel::update(own).set(table::user_id.eq(to.to_string())).execute(conn)?;
    let given = credentials::table
        .filter(credentials::user_id.eq(from.to_string()))
        .filter(credentials::as_client.eq(true));
    diesel::update(given).set(credentials::user_id.eq(to.to_string())).execute(conn)?;
    Ok(())
}

/// Removes the clients of a local account, with the tokens that they have.
pub fn delete_of(conn: &mut Conn, account: SmartAccountId) -> Result<()> {
    let own = || table::table.filter(table::account_id.eq(account.to_string()));
    let ids: Vec<String> = own().select(table::client_id).load(conn)?;
    diesel::delete(credentials::table.filter(credentials::client_id.eq_any(ids))).execute(conn)?;
    diesel::delete(own()).execute(conn)?;
    Ok(())
}
