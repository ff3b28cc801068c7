//! Mails that the world has sent; they go no further than this table.

use super::schema::outbox as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::SmartAccountId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Identity; rises with time.
    pub id: uuid::Uuid,
    /// The Smart Account it is about; nil for a mail about a user of the site.
    pub account: SmartAccountId,
    /// When it was sent.
    pub at: Timestamp,
    /// To whom.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Whether it opens something, and is for its recipient alone.
    pub confidential: bool,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    account_id: String,
    at: NaiveDateTime,
    recipient: String,
    subject: String,
    body: String,
    confidential: bool,
}

/// Sends a mail.
pub fn append(conn: &mut Conn, mail: &Mail) -> Result<()> {
    let row = Row {
        id: mail.id.to_string(),
        account_id: mail.account.to_string(),
        at: mail.at.naive(),
        recipient: mail.recipient.clone(),
        subject: mail.subject.clone(),
        body: mail.body.clone(),
        confidential: mail.confidential,
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// The newest mails of the site, newest first.
pub fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<Mail>> {
    let rows = table::table.order(table::id.desc()).limit(limit).load::<Row>(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Mail {
                id: types::id("mail id", &row.id)?,
                account: types::id("smart account id", &row.account_id)?,
                at: Timestamp::from_naive(row.at),
                recipient: row.recipient,
                subject: row.subject,
                body: row.body,
                confidential: row.confidential,
            })
        })
        .collect()
}
