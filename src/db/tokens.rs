//! Registration tokens, stored.

use super::conn::on_backend;
use super::schema::registration_tokens as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{SmartAccountId, TokenId, VirtualAccountId};
use crate::domain::token::Token;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    account_id: String,
    virtual_account_id: String,
    text: String,
    description: String,
    export_allowed: bool,
    max_uses: Option<i64>,
    uses: i64,
    created_by: String,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    revoked_at: Option<NaiveDateTime>,
    due_at: Option<NaiveDateTime>,
}

impl From<&Token> for Row {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.to_string(),
            account_id: token.account.to_string(),
            virtual_account_id: token.virtual_account.to_string(),
            text: token.text.clone(),
            description: token.description.clone(),
            export_allowed: token.export_allowed,
            max_uses: token.max_uses,
            uses: token.uses,
            created_by: token.created_by.clone(),
            created_at: token.created_at.naive(),
            expires_at: token.expires_at.naive(),
            revoked_at: token.revoked_at.map(Timestamp::naive),
            due_at: token.due_at.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Token> {
        Ok(Token {
            id: types::id("token id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::id("virtual account id", &self.virtual_account_id)?,
            text: self.text,
            description: self.description,
            export_allowed: self.export_allowed,
            max_uses: self.max_uses,
            uses: self.uses,
            created_by: self.created_by,
            created_at: Timestamp::from_naive(self.created_at),
            expires_at: Timestamp::from_naive(self.expires_at),
            revoked_at: types::instant(self.revoked_at),
            due_at: types::instant(self.due_at),
        })
    }
}

/// Adds a token.
pub fn insert(conn: &mut Conn, token: &Token) -> Result<()> {
    let row = Row::from(token);
    on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    Ok(())
}

/// Writes a changed token.
pub fn save(conn: &mut Conn, token: &Token) -> Result<()> {
    let row = Row::from(token);
    let change = diesel::update(table::table.find(token.id.to_string())).set(&row);
    on_backend!(conn => change.execute(conn))?;
    Ok(())
}

/// The tokens of a Smart Account, by identity.
pub fn of_account(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<Token>> {
    let own = table::table.filter(table::account_id.eq(account.to_string())).order(table::id);
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// The token of that identity.
pub fn find(conn: &mut Conn, id: TokenId) -> Result<Option<Token>> {
    let row = table::table.find(id.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The token of that text.
pub fn find_by_text(conn: &mut Conn, text: &str) -> Result<Option<Token>> {
    let wanted = table::table.filter(table::text.eq(text));
    let row = on_backend!(conn => wanted.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}

/// The tokens of a virtual account, newest first.
pub fn list(conn: &mut Conn, at: VirtualAccountId) -> Result<Vec<Token>> {
    let rows = table::table
        .filter(table::virtual_account_id.eq(at.to_string()))
        .order(table::id.desc())
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// Removes the row of a token.
pub fn delete(conn: &mut Conn, id: TokenId) -> Result<()> {
    diesel::delete(table::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

/// The tokens of a Smart Account that are due at an instant.
pub fn due(conn: &mut Conn, account: SmartAccountId, at: Timestamp) -> Result<Vec<Token>> {
    let due = table::table
        .filter(table::due_at.eq(at.naive()))
        .filter(table::account_id.eq(account.to_string()))
        .order(table::id);
    let rows = on_backend!(conn => due.load::<Row>(conn))?;
    rows.into_iter().map(Row::domain).collect()
}
