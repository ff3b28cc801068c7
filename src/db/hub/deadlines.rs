//! What the clock will do for the hub.

use super::super::conn::on_backend;
use super::super::schema::hub_deadlines as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::hub::Due;
use chrono::NaiveDateTime;
use diesel::dsl::min;
use diesel::prelude::*;
use uuid::Uuid;

/// Sets when something is due, or that it is not due any more.
pub fn set(conn: &mut Conn, what: Due, subject: Uuid, at: Option<Timestamp>) -> Result<()> {
    let (kind, subject) = (what.code(), subject.to_string());
    let Some(at) = at else {
        diesel::delete(table::table.find((kind, subject))).execute(conn)?;
        return Ok(());
    };
    let row = (table::kind.eq(kind), table::subject.eq(&subject), table::due_at.eq(at.naive()));
    on_backend!(conn => diesel::insert_into(table::table)
        .values(row)
        .on_conflict((table::kind, table::subject))
        .do_update()
        .set(table::due_at.eq(at.naive()))
        .execute(conn))?;
    Ok(())
}

/// The earliest of them.
pub fn earliest(conn: &mut Conn) -> Result<Option<Timestamp>> {
    let soonest: Option<NaiveDateTime> =
        table::table.select(min(table::due_at)).get_result(conn)?;
    Ok(types::instant(soonest))
}

/// All that is due at one instant, in a fixed order.
pub fn due(conn: &mut Conn, at: Timestamp) -> Result<Vec<(Due, Uuid)>> {
    let rows: Vec<(String, String)> = table::table
        .filter(table::due_at.eq(at.naive()))
        .order((table::kind, table::subject))
        .select((table::kind, table::subject))
        .load(conn)?;
    let read = |(kind, subject): (String, String)| {
        Ok((types::word("hub deadline", &kind, Due::parse)?, types::id("subject", &subject)?))
    };
    rows.into_iter().map(read).collect()
}
