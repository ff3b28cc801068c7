//! Synchronizing over the network, now or by schedule (B-SYN-02, -04, -05, -14).

use super::{known, standing};
use crate::db::{self, Conn};
use crate::domain::id::OnPremUid;
use crate::domain::local_account::{LocalAccount, LocalState};
use crate::domain::people::Permission;
use crate::domain::standing::{OpenRequest, Refusal, SyncKind, SyncState};
use crate::domain::system::SystemPermission;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Who, Within, actor};
use crate::engine::error::Result;
use crate::engine::uplink::{Failure, Login, Reason, Uplink};
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// A request file, ready to travel.
pub(super) struct Begun {
    pub(super) file: Vec<u8>,
    pub(super) request: OpenRequest,
    pub(super) account: LocalAccount,
}

/// One synchronization of a local account; others are refused until it is dropped.
struct Alone {
    engine: Engine,
    uid: OnPremUid,
}

impl Drop for Alone {
    fn drop(&mut self) {
        let syncing = &self.engine.inner.syncing;
        syncing.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.uid);
    }
}

impl Engine {
    /// The way to CSSM.
    pub(super) fn uplink(&self) -> Result<Arc<dyn Uplink>, Refusal> {
        self.inner.parts.uplink.clone().ok_or(Refusal::NoLink)
    }

    /// Whether there is a way to CSSM; without one only files go up and down (B-SYN-15).
    pub fn has_link(&self) -> bool {
        self.inner.parts.uplink.is_some()
    }

    /// Whether a synchronization over the network is under way.
    pub(super) fn is_syncing(&self, uid: OnPremUid) -> bool {
        self.inner.syncing.lock().unwrap_or_else(PoisonError::into_inner).contains(&uid)
    }

    fn alone(&self, account: &LocalAccount) -> Result<Alone, Refusal> {
        let mut syncing = self.inner.syncing.lock().unwrap_or_else(PoisonError::into_inner);
        if !syncing.insert(account.uid) {
            return Err(Refusal::Busy(account.name.clone()));
        }
        Ok(Alone { engine: self.clone(), uid: account.uid })
    }

    /// Synchronizes now; with a user of CSSM when the credential has ended.
    pub async fn synchronize_now(
        &self,
        who: &Who,
        number: i64,
        kind: SyncKind,
        login: Option<Login>,
    ) -> Result<()> {
        let uplink = self.uplink()?;
        let who = who.clone();
        let account = self
            .look(move |conn, now| {
                let account = super::numbered(conn, number)?;
                may_synchronize(conn, &who, &account, now)?;
                account.must_be_active()?;
                Ok(account)
            })
            .await?;
        if let Some(login) = login {
            let fresh = uplink.sign_in(&login, account.uid).await.map_err(Refusal::from)?;
            let uid = account.uid;
            self.change(Within::Site, move |conn, _| {
                let account = LocalAccount {
                    credential: Some(fresh.secret),
                    credential_ends: Some(fresh.ends),
                    by_file: false,
                    ..known(conn, uid)?
                };
                Ok(db::local_accounts::save(conn, &account)?)
            })
            .await?;
        }
        self.synchronize(account.uid, kind).await
    }

    /// The first synchronization; a failure is told by the account's state, for it is registered.
    pub(super) async fn synchronize_first(&self, uid: OnPremUid) -> Result<()> {
        match self.synchronize(uid, SyncKind::Full).await {
            Ok(()) | Err(crate::engine::Error::Domain(Error::Sync(_))) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// One exchange over the network.
    pub(super) async fn synchronize(&self, uid: OnPremUid, kind: SyncKind) -> Result<()> {
        let account = self.look(move |conn, _| known(conn, uid)).await?;
        let _alone = self.alone(&account)?;
        match self.exchange(&account, kind).await {
            Ok(()) => Ok(()),
            Err(crate::engine::Error::Domain(refusal)) => {
                self.note_failure(uid, &refusal).await?;
                Err(refusal.into())
            }
            Err(other) => Err(other),
        }
    }

    async fn exchange(&self, account: &LocalAccount, kind: SyncKind) -> Result<()> {
        let uplink = self.uplink()?;
        account.must_be_active()?;
        let alive = account.credential_ends.is_some_and(|ends| self.now() < ends);
        let credential = account.credential.clone().filter(|_| alive).ok_or(Refusal::SignIn)?;
        let begun = self.begin_request(account.uid, kind, false).await?;
        match uplink.synchronize(&credential, begun.file).await {
            Ok(response) => self.take_answer(account.uid, response, "Network").await,
            Err(failure) => {
                self.learn_from(account.uid, &failure).await?;
                Err(Refusal::from(failure).into())
            }
        }
    }

    /// What a refusal of CSSM means for the local account.
    async fn learn_from(&self, uid: OnPremUid, failure: &Failure) -> Result<()> {
        let Failure::Refused { reason, .. } = failure else { return Ok(()) };
        let reason = *reason;
        self.change(Within::Site, move |conn, _| {
            let mut account = known(conn, uid)?;
            let mut now = standing(conn, &account)?;
            match reason {
                Reason::UnknownOnPrem => account.state = LocalState::Expired,
                Reason::FullNeeded => now.needs_full = true,
                Reason::CredentialEnded => account.credential = None,
                Reason::Other => {}
            }
            db::standings::save(conn, &now)?;
            Ok(db::local_accounts::save(conn, &account)?)
        })
        .await
    }

    async fn note_failure(&self, uid: OnPremUid, refusal: &Error) -> Result<()> {
        let (engine, problem) = (self.clone(), refusal.to_string());
        self.change(Within::Site, move |conn, now| {
            let account = known(conn, uid)?;
            let Some(stands) = db::standings::find(conn, uid)? else { return Ok(()) };
            engine.failed(conn, &account, (stands, problem), now)
        })
        .await
    }

    /// Numbers a request and makes its file (B-SYN-13).
    pub(super) async fn begin_request(
        &self,
        uid: OnPremUid,
        kind: SyncKind,
        by_file: bool,
    ) -> Result<Begun> {
        let engine = self.clone();
        let numbered = self.change(Within::Site, move |conn, now| {
            let account = known(conn, uid)?;
            account.must_be_active()?;
            let mut stands = standing(conn, &account)?;
            let kind = if stands.base.is_none() { SyncKind::Full } else { kind };
            if kind == SyncKind::Standard && stands.needs_full {
                return Err(Refusal::FullNeeded(account.name).into());
            }
            let sequence = stands.next_sequence;
            let nonce = engine.ids().uuid(now);
            let request = OpenRequest { sequence, nonce, kind, by_file, made_at: now };
            db::standings::add_request(conn, uid, &request)?;
            stands.next_sequence += 1;
            if by_file {
                stands.state = SyncState::Waiting;
            }
            db::standings::save(conn, &stands)?;
            Ok((account, request))
        });
        let (account, request) = numbered.await?;
        let (engine, made, of) = (self.clone(), request.clone(), account.clone());
        let file = self
            .look(move |conn, _| {
                let stands = standing(conn, &of)?;
                let since = since(conn, uid, made.sequence)?;
                engine.request_file(conn, &of, (&stands, &made), since)
            })
            .await?;
        Ok(Begun { file, request, account })
    }
}

/// The nonces of the requests before this one that were not confirmed.
fn since(conn: &mut Conn, uid: OnPremUid, before: i64) -> Result<Vec<Uuid>> {
    let open = db::standings::requests(conn, uid)?;
    Ok(open.into_iter().filter(|one| one.sequence < before).map(|one| one.nonce).collect())
}

/// Synchronizing is for the system's people, and for administrators of the account (features 4.2).
pub(super) fn may_synchronize(
    conn: &mut Conn,
    who: &Who,
    account: &LocalAccount,
    now: Timestamp,
) -> Result<String> {
    let actor = actor(conn, who, now)?;
    if let Some(id) = account.account {
        let scope = db::virtual_accounts::tree(conn, id)?.account_scope(&account.name);
        if actor.may(Permission::ManageVirtualAccounts, &scope) {
            return Ok(actor.name);
        }
    }
    actor.require_system(SystemPermission::Synchronize)?;
    Ok(actor.name)
}
