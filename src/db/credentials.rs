//! Sessions, bearer tokens and authorization codes, stored as digests.

use super::conn::on_backend;
use super::schema::credentials as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    digest: String,
    kind: String,
    user_id: String,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    account_id: Option<String>,
    as_client: bool,
}

/// Adds a credential, and sweeps out some that are over.
pub fn insert(conn: &mut Conn, credential: &Credential) -> Result<()> {
    let over = table::table.filter(table::expires_at.le(credential.created_at.naive()));
    on_backend!(conn => diesel::delete(over).execute(conn))?;
    let row = Row {
        digest: credential.digest.clone(),
        kind: credential.kind.code().into(),
        user_id: credential.user.to_string(),
        client_id: credential.client_id.clone(),
        redirect_uri: credential.redirect_uri.clone(),
        created_at: credential.created_at.naive(),
        expires_at: credential.expires_at.naive(),
        account_id: credential.account.map(|account| account.to_string()),
        as_client: credential.as_client,
    };
    on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    Ok(())
}

/// The credential of that digest and kind, dead or alive.
pub fn find(conn: &mut Conn, kind: CredentialKind, digest: &str) -> Result<Option<Credential>> {
    let row = table::table
        .find(digest)
        .filter(table::kind.eq(kind.code()))
        .get_result::<Row>(conn)
        .optional()?;
    row.map(|row| {
        Ok(Credential {
            kind: types::word("credential kind", &row.kind, CredentialKind::parse)?,
            user: types::id("user id", &row.user_id)?,
            digest: row.digest,
            client_id: row.client_id,
            redirect_uri: row.redirect_uri,
            created_at: Timestamp::from_naive(row.created_at),
            expires_at: Timestamp::from_naive(row.expires_at),
            account: types::optional_id("smart account id", row.account_id.as_deref())?,
            as_client: row.as_client,
        })
    })
    .transpose()
}

/// Ends a credential.
pub fn delete(conn: &mut Conn, digest: &str) -> Result<()> {
    diesel::delete(table::table.find(digest)).execute(conn)?;
    Ok(())
}

/// Moves the end of a credential.
pub fn extend(conn: &mut Conn, digest: &str, ends: Timestamp) -> Result<()> {
    let change = diesel::update(table::table.find(digest)).set(table::expires_at.eq(ends.naive()));
    change.execute(conn)?;
    Ok(())
}

/// The living sessions of a person, oldest first: digest, beginning and end.
pub fn sessions(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<(String, Timestamp)>> {
    let rows: Vec<(String, NaiveDateTime)> = table::table
        .filter(table::user_id.eq(user.to_string()))
        .filter(table::kind.eq(CredentialKind::Session.code()))
        .filter(table::expires_at.gt(now.naive()))
        .order((table::created_at, table::digest))
        .select((table::digest, table::created_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(digest, at)| (digest, Timestamp::from_naive(at))).collect())
}

/// Ends everything that acts for a person, but for one session.
pub fn delete_of(conn: &mut Conn, user: UserId, kept: Option<&str>) -> Result<()> {
    let own = table::table
        .filter(table::user_id.eq(user.to_string()))
        .filter(table::as_client.eq(false))
        .filter(table::digest.ne(kept.unwrap_or_default()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// When the newest link for another password of a person was made, if one still works.
pub fn reset_made(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Option<Timestamp>> {
    let newest: Option<NaiveDateTime> = table::table
        .filter(table::user_id.eq(user.to_string()))
        .filter(table::kind.eq(CredentialKind::PasswordReset.code()))
        .filter(table::expires_at.gt(now.naive()))
        .order(table::created_at.desc())
        .select(table::created_at)
        .first(conn)
        .optional()?;
    Ok(types::instant(newest))
}

/// Ends all links for another password of a person.
pub fn delete_resets(conn: &mut Conn, user: UserId) -> Result<()> {
    let own = table::table
        .filter(table::user_id.eq(user.to_string()))
        .filter(table::kind.eq(CredentialKind::PasswordReset.code()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Ends everything that an API client was given.
pub fn delete_of_client(conn: &mut Conn, client_id: &str) -> Result<()> {
    diesel::delete(table::table.filter(table::client_id.eq(client_id))).execute(conn)?;
    Ok(())
}

/// Lets every session that would last longer end then.
pub fn shorten_sessions(conn: &mut Conn, latest: Timestamp) -> Result<()> {
    let longer = table::table
        .filter(table::kind.eq(CredentialKind::Session.code()))
        .filter(table::expires_at.gt(latest.naive()));
    diesel::update(longer).set(table::expires_at.eq(latest.naive())).execute(conn)?;
    Ok(())
}
