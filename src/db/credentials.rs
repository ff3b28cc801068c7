//! Sessions, bearer tokens and authorization codes, stored as digests.

use super::conn::on_backend;
use super::schema::credentials as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::credential::{Credential, CredentialKind};
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
