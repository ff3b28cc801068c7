//! The people of a satellite: signing in, users, security rules, API clients, and the log of all
//! that.

mod accounts;
mod figures;
mod first_login;
mod greeting;
mod groups;
mod log;
mod passwords;
mod resets;
mod security;
mod sign_in;
mod toolkit;
mod users;

pub use accounts::LocalAccountSeen;
pub use figures::Figures;
pub use first_login::begin_first_login;
pub use groups::{GroupView, GroupWish};
pub use log::SystemLogQuery;
pub use resets::RESET_MINUTES;
pub use sign_in::Profile;
pub(super) use sign_in::profile_of;
pub use toolkit::{NewClient, ToolkitClient, ToolkitView};
pub(super) use toolkit::{act_as_client, is_on};
pub use users::{NewUser, seed_user};

use super::Engine;
use super::access::{Who, actor};
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain;
use crate::domain::Timestamp;
use crate::domain::id::{SystemEventId, UserId};
use crate::domain::people::Actor;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::{SystemEvent, SystemEventKind};

/// Who is calling, if the system role allows it.
pub(super) fn admit(
    conn: &mut Conn,
    who: &Who,
    permission: SystemPermission,
    now: Timestamp,
) -> Result<Actor> {
    let actor = actor(conn, who, now)?;
    actor.require_system(permission)?;
    Ok(actor)
}

/// The user of that id, as stored.
fn stored(conn: &mut Conn, id: UserId) -> Result<db::system_users::Stored> {
    let found = db::system_users::find(conn, id)?;
    Ok(found.ok_or_else(|| domain::Error::not_found("user", id.to_string()))?)
}

impl Engine {
    /// Fails unless the caller's system role allows it; who it is.
    pub async fn admitted(&self, who: &Who, permission: SystemPermission) -> Result<Actor> {
        let (who, now) = (who.clone(), self.now());
        self.db().read(move |conn| admit(conn, &who, permission, now)).await
    }

    /// Writes a fact into the system event log, in the transaction of its cause.
    pub(super) fn note(
        &self,
        conn: &mut Conn,
        kind: SystemEventKind,
        actor: &str,
        message: String,
        now: Timestamp,
    ) -> Result<()> {
        let id = SystemEventId(self.ids().uuid(now));
        let event = SystemEvent { id, at: now, kind, message, actor: actor.to_owned() };
        Ok(db::system_events::append(conn, &event)?)
    }

    /// Runs one change of the system as a caller whose role allows it.
    async fn change_system<T, F>(
        &self,
        who: &Who,
        permission: SystemPermission,
        work: F,
    ) -> Result<T>
    where
        F: FnOnce(&Engine, &mut Conn, &Actor, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (engine, who) = (self.clone(), who.clone());
        self.db()
            .write(move |conn| {
                let now = engine.now();
                let actor = admit(conn, &who, permission, now)?;
                work(&engine, conn, &actor, now)
            })
            .await
    }
}
