//! The logs of organizations, stored: append-only, read page by page.

use super::super::schema::hub_events as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::hub::{HubEvent, HubEventKind};
use crate::domain::id::{HubEventId, OrganizationId};
use crate::domain::paging::{Page, Seek};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    organization_id: String,
    at: NaiveDateTime,
    kind: String,
    message: String,
    actor: String,
}

impl Row {
    fn domain(self) -> Result<HubEvent> {
        Ok(HubEvent {
            id: types::id("hub event id", &self.id)?,
            organization: types::id("organization id", &self.organization_id)?,
            at: Timestamp::from_naive(self.at),
            kind: types::word("hub event kind", &self.kind, HubEventKind::parse)?,
            message: self.message,
            actor: self.actor,
        })
    }
}

/// Appends an event.
pub fn append(conn: &mut Conn, event: &HubEvent) -> Result<()> {
    let row = Row {
        id: event.id.to_string(),
        organization_id: event.organization.to_string(),
        at: event.at.naive(),
        kind: event.kind.code().to_owned(),
        message: event.message.clone(),
        actor: event.actor.clone(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// One page of an organization's log, newest first.
pub fn page(
    conn: &mut Conn,
    organization: OrganizationId,
    seek: &Seek<HubEventId>,
    limit: i64,
) -> Result<Page<HubEvent>> {
    let own = table::table.filter(table::organization_id.eq(organization.to_string()));
    let query = match seek {
        Seek::First => own.order(table::id.desc()).into_boxed(),
        Seek::After(id) => {
            own.filter(table::id.lt(id.to_string())).order(table::id.desc()).into_boxed()
        }
        Seek::Before(id) => own.filter(table::id.gt(id.to_string())).order(table::id).into_boxed(),
        Seek::Last => own.order(table::id).into_boxed(),
    };
    let rows = query.limit(limit + 1).load::<Row>(conn)?;
    let items = rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?;
    Ok(super::super::paging::page(items, limit, seek))
}
