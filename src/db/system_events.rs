//! The system event log of a satellite, stored: append-only, read page by page.

use super::schema::system_events as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::SystemEventId;
use crate::domain::paging::{Page, Seek};
use crate::domain::system_event::{Area, SystemEvent, SystemEventKind};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    at: NaiveDateTime,
    kind: String,
    message: String,
    actor: String,
}

impl Row {
    fn domain(self) -> Result<SystemEvent> {
        Ok(SystemEvent {
            id: types::id("system event id", &self.id)?,
            at: Timestamp::from_naive(self.at),
            kind: types::word("system event kind", &self.kind, SystemEventKind::parse)?,
            message: self.message,
            actor: self.actor,
        })
    }
}

/// Appends an event.
pub fn append(conn: &mut Conn, event: &SystemEvent) -> Result<()> {
    let row = Row {
        id: event.id.to_string(),
        at: event.at.naive(),
        kind: event.kind.code().into(),
        message: event.message.clone(),
        actor: event.actor.clone(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// One page of the log, newest first; `area` narrows it.
pub fn page(
    conn: &mut Conn,
    area: Option<Area>,
    seek: &Seek<SystemEventId>,
    limit: i64,
) -> Result<Page<SystemEvent>> {
    let mut query = table::table.into_boxed();
    if let Some(area) = area {
        query = query.filter(table::kind.eq_any(area.codes()));
    }
    query = match seek {
        Seek::First => query.order(table::id.desc()),
        Seek::After(id) => query.filter(table::id.lt(id.to_string())).order(table::id.desc()),
        Seek::Before(id) => query.filter(table::id.gt(id.to_string())).order(table::id),
        Seek::Last => query.order(table::id),
    };
    let rows = query.limit(limit + 1).load::<Row>(conn)?;
    let items = rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?;
    Ok(super::paging::page(items, limit, seek))
}
