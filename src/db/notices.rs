//! Notices of virtual accounts, and what people have dismissed.

use super::conn::on_backend;
use super::schema::{dismissals, notices};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::cause::Cause;
use crate::domain::event::Event;
use crate::domain::id::VirtualAccountId;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Days that a notice is shown (ours).
const SHOWN_DAYS: u64 = 30;

/// Keeps an event as a notice of its virtual account, and sweeps out those that are over.
pub fn append(conn: &mut Conn, event: &Event) -> Result<()> {
    let Some(at) = event.virtual_account else { return Ok(()) };
    let over = notices::table
        .filter(notices::virtual_account_id.eq(at.to_string()))
        .filter(notices::at.le(event.at.minus_days(SHOWN_DAYS).naive()));
    diesel::delete(over).execute(conn)?;
    let row = (
        notices::event_id.eq(event.id.to_string()),
        notices::virtual_account_id.eq(at.to_string()),
        notices::at.eq(event.at.naive()),
        notices::message.eq(&event.message),
        notices::entitlement_id.eq(event.entitlement.map(|id| id.to_string())),
    );
    diesel::insert_into(notices::table).values(row).execute(conn)?;
    Ok(())
}

/// The notices of a virtual account that are shown at `now`, newest first.
pub fn list(conn: &mut Conn, at: VirtualAccountId, now: Timestamp) -> Result<Vec<Cause>> {
    let rows: Vec<(String, NaiveDateTime, String)> = notices::table
        .filter(notices::virtual_account_id.eq(at.to_string()))
        .filter(notices::at.gt(now.minus_days(SHOWN_DAYS).naive()))
        .order((notices::at.desc(), notices::event_id.desc()))
        .select((notices::event_id, notices::at, notices::message))
        .load(conn)?;
    rows.into_iter()
        .map(|(event, at, text)| {
            let event = types::id("event id", &event)?;
            Ok(Cause::Notice { event, text, at: Timestamp::from_naive(at) })
        })
        .collect()
}

/// The keys of the alerts that people have dismissed in a virtual account.
pub fn dismissed(conn: &mut Conn, at: VirtualAccountId) -> Result<BTreeSet<String>> {
    let own = dismissals::table
        .filter(dismissals::virtual_account_id.eq(at.to_string()))
        .select(dismissals::alert_key);
    let keys: Vec<String> = on_backend!(conn => own.load(conn))?;
    Ok(keys.into_iter().collect())
}

/// Dismisses an alert of a virtual account.
pub fn dismiss(
    conn: &mut Conn,
    at: VirtualAccountId,
    key: &str,
    (by, now): (&str, Timestamp),
) -> Result<()> {
    let row = (
        dismissals::virtual_account_id.eq(at.to_string()),
        dismissals::alert_key.eq(key),
        dismissals::dismissed_by.eq(by),
        dismissals::dismissed_at.eq(now.naive()),
    );
    on_backend!(conn => diesel::insert_into(dismissals::table)
        .values(row)
        .on_conflict((dismissals::virtual_account_id, dismissals::alert_key))
        .do_nothing()
        .execute(conn))?;
    Ok(())
}

/// Takes all notices and dismissals of a virtual account away.
pub fn forget(conn: &mut Conn, at: VirtualAccountId) -> Result<()> {
    let key = at.to_string();
    diesel::delete(notices::table.filter(notices::virtual_account_id.eq(&key))).execute(conn)?;
    let own = dismissals::table.filter(dismissals::virtual_account_id.eq(&key));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
