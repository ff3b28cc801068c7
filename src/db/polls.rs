//! Requests of the REST API that are answered later, by poll.

use super::schema::polls as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::UserId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A request that waits to be polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// A 64-bit number above 2^53 (proven; rest-api 0.8).
    pub id: i64,
    /// Who asked; nobody else may poll.
    pub user: UserId,
    /// `authorizations` or `acknowledgements`.
    pub action: String,
    /// Before this instant the answer is "still working".
    pub ready_at: Timestamp,
    /// The answer's `data`, JSON.
    pub answer: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: i64,
    user_id: String,
    action: String,
    ready_at: NaiveDateTime,
    answer: String,
}

/// Adds a poll.
pub fn insert(conn: &mut Conn, poll: &Poll) -> Result<()> {
    let row = Row {
        id: poll.id,
        user_id: poll.user.to_string(),
        action: poll.action.clone(),
        ready_at: poll.ready_at.naive(),
        answer: poll.answer.clone(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// The poll of that number.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<Poll>> {
    let row = table::table.find(id).get_result::<Row>(conn).optional()?;
    row.map(|row| {
        Ok(Poll {
            id: row.id,
            user: types::id("user id", &row.user_id)?,
            action: row.action,
            ready_at: Timestamp::from_naive(row.ready_at),
            answer: row.answer,
        })
    })
    .transpose()
}
