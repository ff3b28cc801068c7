//! A satellite's own work: local accounts, and their exchanges with CSSM (docs/SATELLITE.md).

mod access;
mod applying;
mod files;
mod licenses;
mod life;
mod listing;
mod manual;
mod network;
mod registering;
mod requests;
mod scheduling;
mod serving;
mod settling;
mod snapshot;
mod workspace;

pub use access::AccessRequestView;
pub use life::Deletion;
pub use listing::{LocalAccountView, LocalAlertView};
pub use manual::RequestFile;
pub use requests::AccountWish;
pub use scheduling::Schedules;
pub use workspace::Workspace;

use super::Engine;
use super::access::Who;
use super::access::actor;
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain::id::OnPremUid;
use crate::domain::id::SystemEventId;
use crate::domain::local_account::LocalAccount;
use crate::domain::people::Actor;
use crate::domain::standing::SyncStanding;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::{SystemEvent, SystemEventKind};
use crate::domain::{Error, Timestamp};

/// The local account of that number.
fn numbered(conn: &mut Conn, number: i64) -> Result<LocalAccount> {
    let found = db::local_accounts::numbered(conn, number)?;
    Ok(found.ok_or_else(|| Error::not_found("local account", number.to_string()))?)
}

/// The local account of that identity; it may have gone meanwhile.
fn known(conn: &mut Conn, uid: OnPremUid) -> Result<LocalAccount> {
    let found = db::local_accounts::find(conn, uid)?;
    Ok(found.ok_or_else(|| Error::not_found("local account", uid.to_string()))?)
}

/// How a registered local account stands.
fn standing(conn: &mut Conn, account: &LocalAccount) -> Result<SyncStanding> {
    let found = db::standings::find(conn, account.uid)?;
    Ok(found.ok_or_else(|| Error::Conflict(format!("{} is not registered.", account.name)))?)
}

/// Who is calling, if the system role allows it.
fn allowed(
    conn: &mut Conn,
    who: &Who,
    permission: SystemPermission,
    now: Timestamp,
) -> Result<Actor> {
    let actor = actor(conn, who, now)?;
    actor.require_system(permission)?;
    Ok(actor)
}

/// Writes a row of the system event log.
fn note(
    engine: &Engine,
    conn: &mut Conn,
    (kind, actor, now): (SystemEventKind, &str, Timestamp),
    message: String,
) -> Result<()> {
    let id = SystemEventId(engine.ids().uuid(now));
    let event = SystemEvent { id, at: now, kind, message, actor: actor.to_owned() };
    Ok(db::system_events::append(conn, &event)?)
}
