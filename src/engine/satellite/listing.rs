//! Local accounts as the Administration Workspace shows them.

use super::{allowed, numbered};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::local_account::LocalAccount;
use crate::domain::local_alert::LocalAlert;
use crate::domain::on_prem::Overdue;
use crate::domain::standing::{OpenRequest, SyncStanding};
use crate::domain::system::SystemPermission;
use crate::engine::Engine;
use crate::engine::access::{Who, actor};
use crate::engine::error::Result;

/// A local account and all that stands beside it.
#[derive(Clone, Debug)]
pub struct LocalAccountView {
    /// The local account.
    pub account: LocalAccount,
    /// How it stands; none before it is registered.
    pub standing: Option<SyncStanding>,
    /// Requests without a response, oldest first.
    pub open: Vec<OpenRequest>,
    /// How late it is.
    pub overdue: Overdue,
    /// Product instances in it.
    pub instances: i64,
    /// Whether a synchronization over the network is under way.
    pub busy: bool,
}

/// Something that is wrong with a local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAlertView {
    /// The number of the local account.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub alert: LocalAlert,
}

impl Engine {
    /// What is wrong with local accounts, the worst first (B-LWS-12).
    pub async fn local_alerts(&self, who: &Who) -> Result<Vec<LocalAlertView>> {
        let who = who.clone();
        self.look(move |conn, now| {
            allowed(conn, &who, SystemPermission::EnterAdministration, now)?;
            let mut found = Vec::new();
            for account in db::local_accounts::all(conn)? {
                let standing = db::standings::find(conn, account.uid)?;
                let (number, name) = (account.number, account.name.clone());
                let view = |alert| LocalAlertView { number, name: name.clone(), alert };
                found
                    .extend(LocalAlert::of(&account, standing.as_ref(), now).into_iter().map(view));
            }
            found.sort_by_key(|one| one.alert.severity());
            Ok(found)
        })
        .await
    }

    /// All local accounts, by name.
    pub async fn local_accounts(&self, who: &Who) -> Result<Vec<LocalAccountView>> {
        let (engine, who) = (self.clone(), who.clone());
        self.look(move |conn, now| {
            allowed(conn, &who, SystemPermission::EnterAdministration, now)?;
            let all = db::local_accounts::all(conn)?;
            all.into_iter().map(|account| engine.view_of(conn, account, now)).collect()
        })
        .await
    }

    /// The local accounts that the caller has asked for or has a role in.
    pub async fn own_local_accounts(&self, who: &Who) -> Result<Vec<LocalAccountView>> {
        let (engine, who) = (self.clone(), who.clone());
        self.look(move |conn, now| {
            let actor = actor(conn, &who, now)?;
            let mut all = db::local_accounts::all(conn)?;
            all.retain(|one| {
                one.requested_by == actor.name || one.account.is_some_and(|id| actor.belongs_to(id))
            });
            all.into_iter().map(|account| engine.view_of(conn, account, now)).collect()
        })
        .await
    }

    /// One local account.
    pub async fn local_account(&self, who: &Who, number: i64) -> Result<LocalAccountView> {
        let (engine, who) = (self.clone(), who.clone());
        self.look(move |conn, now| {
            allowed(conn, &who, SystemPermission::EnterAdministration, now)?;
            let account = numbered(conn, number)?;
            engine.view_of(conn, account, now)
        })
        .await
    }

    pub(super) fn view_of(
        &self,
        conn: &mut Conn,
        account: LocalAccount,
        now: Timestamp,
    ) -> Result<LocalAccountView> {
        let standing = db::standings::find(conn, account.uid)?;
        let overdue = standing.as_ref().map_or(Overdue::No, |one| one.dates.overdue(now));
        let instances = match account.account {
            Some(id) => db::instances::count(conn, id)?,
            None => 0,
        };
        let open = db::standings::requests(conn, account.uid)?;
        let busy = self.is_syncing(account.uid);
        Ok(LocalAccountView { account, standing, open, overdue, instances, busy })
    }
}
