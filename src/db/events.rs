//! Event logs, stored: append-only, read page by page.

use super::hot;
use super::schema::events as table;
use super::schema::on_prem_events as linked;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{
    EntitlementId, EventId, InstanceId, OnPremUid, SmartAccountId, VirtualAccountId,
};
use crate::domain::paging::{Page, Seek};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable)]
struct Row {
    id: String,
    account_id: String,
    virtual_account_id: Option<String>,
    at: NaiveDateTime,
    kind: String,
    message: String,
    actor: String,
    instance_id: Option<String>,
    entitlement_id: Option<String>,
}

impl Row {
    fn domain(self) -> Result<Event> {
        Ok(Event {
            id: types::id("event id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::optional_id(
                "virtual account id",
                self.virtual_account_id.as_deref(),
            )?,
            at: Timestamp::from_naive(self.at),
            kind: types::word("event kind", &self.kind, EventKind::parse)?,
            message: self.message,
            actor: self.actor,
            instance: types::optional_id("instance id", self.instance_id.as_deref())?,
            entitlement: types::optional_id("entitlement id", self.entitlement_id.as_deref())?,
        })
    }
}

/// Which events a log shows.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The Smart Account.
    pub account: SmartAccountId,
    /// Only these virtual accounts; `None` for the whole Smart Account.
    pub virtual_accounts: Option<Vec<VirtualAccountId>>,
    /// Only this product instance.
    pub instance: Option<InstanceId>,
    /// Only this license.
    pub entitlement: Option<EntitlementId>,
    /// Only this On-Prem.
    pub on_prem: Option<OnPremUid>,
    /// Only these kinds.
    pub kinds: Option<&'static [EventKind]>,
    /// Only what concerns the Smart Account as a whole.
    pub of_account: bool,
}

/// Notes that an event is about an On-Prem.
pub fn link(
    conn: &mut Conn,
    (account, event): (SmartAccountId, EventId),
    uid: OnPremUid,
) -> Result<()> {
    let row = (
        linked::account_id.eq(account.to_string()),
        linked::event_id.eq(event.to_string()),
        linked::uid.eq(uid.to_string()),
    );
    diesel::insert_into(linked::table).values(row).execute(conn)?;
    Ok(())
}

/// Appends events.
pub fn append(conn: &mut Conn, events: &[Event]) -> Result<()> {
    for event in events {
        hot::Event {
            id: event.id.to_string(),
            account: event.account.to_string(),
            place: event.virtual_account.map(|va| va.to_string()),
            at: event.at.into(),
            kind: event.kind.code(),
            message: event.message.clone(),
            actor: event.actor.clone(),
            instance: event.instance.map(|i| i.to_string()),
            entitlement: event.entitlement.map(|e| e.to_string()),
        }
        .run(conn)?;
    }
    Ok(())
}

/// One page of a log, newest first.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    seek: &Seek<EventId>,
    limit: i64,
) -> Result<Page<Event>> {
    let mut query =
        table::table.filter(table::account_id.eq(filter.account.to_string())).into_boxed();
    if let Some(places) = &filter.virtual_accounts {
        let keys: Vec<String> = places.iter().map(ToString::to_string).collect();
        query = query.filter(table::virtual_account_id.eq_any(keys));
    }
    if let Some(instance) = filter.instance {
        query = query.filter(table::instance_id.eq(instance.to_string()));
    }
    if let Some(entitlement) = filter.entitlement {
        query = query.filter(table::entitlement_id.eq(entitlement.to_string()));
    }
    if let Some(uid) = filter.on_prem {
        let own = linked::table.filter(linked::uid.eq(uid.to_string())).select(linked::event_id);
        query = query.filter(table::id.eq_any(own));
    }
    if let Some(kinds) = filter.kinds {
        let codes = kinds.iter().map(|kind| kind.code());
        query = query.filter(table::kind.eq_any(codes));
    }
    if filter.of_account {
        query = query.filter(table::virtual_account_id.is_null());
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
