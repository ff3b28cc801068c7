//! Requests for access to local accounts, stored.

use super::schema::access_requests as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::access_request::AccessRequest;
use crate::domain::id::{AccessRequestId, SmartAccountId, UserId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    account_id: String,
    user_id: String,
    message: String,
    requested_at: NaiveDateTime,
}

impl Row {
    fn domain(self) -> Result<AccessRequest> {
        Ok(AccessRequest {
            id: types::id("access request id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            user: types::id("user id", &self.user_id)?,
            message: self.message,
            at: Timestamp::from_naive(self.requested_at),
        })
    }
}

/// Adds a request.
pub fn insert(conn: &mut Conn, request: &AccessRequest) -> Result<()> {
    let row = Row {
        id: request.id.to_string(),
        account_id: request.account.to_string(),
        user_id: request.user.to_string(),
        message: request.message.clone(),
        requested_at: request.at.naive(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// All requests, the oldest first.
pub fn all(conn: &mut Conn) -> Result<Vec<AccessRequest>> {
    let rows = table::table.order(table::id).load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// The request of that identity.
pub fn find(conn: &mut Conn, id: AccessRequestId) -> Result<Option<AccessRequest>> {
    let row = table::table.find(id.to_string()).first::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// Whether the person has asked for access to the account already.
pub fn waits(conn: &mut Conn, account: SmartAccountId, user: UserId) -> Result<bool> {
    let own = table::table
        .filter(table::account_id.eq(account.to_string()))
        .filter(table::user_id.eq(user.to_string()));
    Ok(own.count().get_result::<i64>(conn)? > 0)
}

/// Takes a request away: it is decided.
pub fn delete(conn: &mut Conn, id: AccessRequestId) -> Result<()> {
    diesel::delete(table::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

/// Takes all requests for an account away.
pub fn delete_of_account(conn: &mut Conn, account: SmartAccountId) -> Result<()> {
    let own = table::table.filter(table::account_id.eq(account.to_string()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Takes all requests of a person away.
pub fn delete_of_user(conn: &mut Conn, user: UserId) -> Result<()> {
    diesel::delete(table::table.filter(table::user_id.eq(user.to_string()))).execute(conn)?;
    Ok(())
}
