//! Registering a local account with CSSM: over the network, or by files (B-ACC-06, -07, -12).

use super::applying::{Arrived, Unpacked};
use super::{allowed, files, known, note, numbered};
use crate::crypto::sign::PublicKey;
use crate::crypto::{ca, chain};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::id::OnPremUid;
use crate::domain::local_account::{LocalAccount, LocalState};
use crate::domain::standing::Refusal;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind;
use crate::engine::Engine;
use crate::engine::access::{Who, Within};
use crate::engine::error::Result;
use crate::engine::uplink::{Credential, Failure, Login};
use crate::protocol::sync::{Direction, Header, Limits, check};
use uuid::Uuid;

impl Engine {
    /// Makes the registration file for CSSM; the next one makes this one stale (B-ACC-07).
    pub async fn local_registration_file(&self, who: &Who, number: i64) -> Result<Vec<u8>> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            allowed(conn, &who, SystemPermission::ManageAccounts, now)?;
            let account = numbered(conn, number)?;
            let nonce = engine.ids().uuid(now);
            engine.begin_registration(conn, account, nonce, now).map(|(file, _)| file)
        })
        .await
    }

    /// Takes CSSM's authorization file; the local account works from here on (B-ACC-07).
    pub async fn take_authorization(
        &self,
        who: &Who,
        number: i64,
        file: Vec<u8>,
    ) -> Result<LocalAccount> {
        let (engine, asking) = (self.clone(), who.clone());
        let judged = self.look(move |conn, now| {
            allowed(conn, &asking, SystemPermission::ManageAccounts, now)?;
            engine.judged(&numbered(conn, number)?, &file)
        });
        let (engine, who, file) = (self.clone(), who.clone(), judged.await?);
        let taken = self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::ManageAccounts, now)?;
            let account = numbered(conn, number)?;
            engine.authorized(conn, account, (file, None), (&actor.name, now))
        });
        Ok(self.after_authorization(taken.await?))
    }

    /// Approves a local account with a user of CSSM, registers it over the network and
    /// synchronizes it for the first time (B-ACC-06).
    pub async fn approve_local_account(
        &self,
        who: &Who,
        number: i64,
        login: Login,
    ) -> Result<LocalAccount> {
        let uplink = self.uplink()?;
        let (engine, asking) = (self.clone(), who.clone());
        let begun = self.change(Within::Site, move |conn, now| {
            allowed(conn, &asking, SystemPermission::ManageAccounts, now)?;
            let account = numbered(conn, number)?;
            let before = account.registration_nonce;
            // What was sent and not answered, or waits at CSSM, is asked for again.
            let nonce = before.unwrap_or_else(|| engine.ids().uuid(now));
            let (file, uid) = engine.begin_registration(conn, account, nonce, now)?;
            Ok((before, (nonce, file, uid)))
        });
        let (before, (nonce, file, uid)) = begun.await?;
        let granted = match uplink.register(&login, file).await {
            Ok(granted) => granted,
            Err(failure) => {
                self.registration_failed((uid, nonce), before, &failure).await?;
                return Err(Refusal::from(failure).into());
            }
        };
        let (engine, by) = (self.clone(), granted.credential);
        let judged = self.look(move |conn, _| engine.judged(&known(conn, uid)?, &granted.file));
        let (engine, who, file) = (self.clone(), who.clone(), judged.await?);
        let taken = self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::ManageAccounts, now)?;
            let account = known(conn, uid)?;
            engine.authorized(conn, account, (file, Some(&by)), (&actor.name, now))
        });
        let account = self.after_authorization(taken.await?);
        self.synchronize_first(account.uid).await?;
        Ok(account)
    }

    /// What CSSM has refused waits for nothing; a file that was made before goes on waiting. Of an
    /// answer that did not come nobody knows what it was.
    async fn registration_failed(
        &self,
        (uid, nonce): (OnPremUid, Uuid),
        before: Option<Uuid>,
        failure: &Failure,
    ) -> Result<()> {
        if matches!(failure, Failure::Unreachable(_)) {
            return Ok(());
        }
        self.change(Within::Site, move |conn, _| {
            // Another attempt may have begun, or succeeded, meanwhile.
            let found = db::local_accounts::find(conn, uid)?;
            let own = found.filter(|account| account.registration_nonce == Some(nonce));
            let Some(account) = own else { return Ok(()) };
            let account = LocalAccount { registration_nonce: before, ..account };
            Ok(db::local_accounts::save(conn, &account)?)
        })
        .await
    }

    fn begin_registration(
        &self,
        conn: &mut Conn,
        mut account: LocalAccount,
        nonce: Uuid,
        now: Timestamp,
    ) -> Result<(Vec<u8>, OnPremUid)> {
        account.may_register()?;
        // Until CSSM has agreed, what there is goes on: a wrong password must not end it.
        account.registration_nonce = Some(nonce);
        db::local_accounts::save(conn, &account)?;
        let file = self.registration_file(&account, nonce, now)?;
        Ok((file, account.uid))
    }

    /// The nonce of the registration whose answer a local account waits for.
    fn waits(&self, account: &LocalAccount) -> Result<Uuid> {
        account.may_register()?;
        if self.is_syncing(account.uid) {
            return Err(Refusal::Busy(account.name.clone()).into());
        }
        let waits = account.registration_nonce;
        Ok(waits.ok_or_else(|| Refusal::NothingOpen(account.name.clone()))?)
    }

    /// Judges and unpacks an authorization file before anything is locked.
    fn judged(&self, account: &LocalAccount, file: &[u8]) -> Result<Unpacked> {
        let waits = self.waits(account)?;
        self.signed_by_cssm(file, (&account.name, waits), Direction::Authorization)
    }

    /// The transaction in which a local account becomes active.
    fn authorized(
        &self,
        conn: &mut Conn,
        mut account: LocalAccount,
        (file, by): (Unpacked, Option<&Credential>),
        (actor, now): (&str, Timestamp),
    ) -> Result<Arrived> {
        // Meanwhile it may wait for the answer to another registration, or for none.
        let waits = self.waits(&account)?;
        if file.header.uid != waits || file.header.answers != Some(waits) {
            return Err(Refusal::NothingOpen(account.name).into());
        }
        account.state = LocalState::Active;
        account.registration_nonce = None;
        account.registered_at = Some(now);
        account.by_file = by.is_none();
        account.credential = by.map(|credential| credential.secret.clone());
        account.credential_ends = by.map(|credential| credential.ends);
        let arrived = self.settle_in(conn, account, file, (actor, now))?;
        let name = &arrived.account.name;
        let message = format!("Local account {name} is registered with CSSM.");
        note(self, conn, (SystemEventKind::AccountRegistered, actor, now), message)?;
        Ok(arrived)
    }

    /// What is in a file that CSSM has signed for the local account of that name and On-Prem UID.
    pub(super) fn signed_by_cssm(
        &self,
        file: &[u8],
        account: (&str, Uuid),
        wanted: Direction,
    ) -> Result<Unpacked> {
        let checked = check(file, Limits::default()).map_err(|bad| files::unreadable(&bad))?;
        meant_for(checked.header(), account, wanted)?;
        let root = self.cssm_root()?;
        Unpacked::of(&checked.verify(&root).map_err(|bad| files::unreadable(&bad))?)
    }

    /// The key of CSSM's root, which this satellite trusts from the start.
    fn cssm_root(&self) -> Result<PublicKey> {
        let pem = self.settings().cssm_root.clone().unwrap_or_else(|| self.keys().root_pem());
        let ders = ca::certificates_from_pem(&pem)?;
        let first = ders.first().map(Vec::as_slice).unwrap_or_default();
        let leaf = chain::read(first).map_err(|bad| Refusal::BadFile(bad.to_string()))?;
        Ok(PublicKey::from_spki_der(&leaf.spki_der)?)
    }

    /// After the commit: certificates that came are used.
    pub(super) fn after_authorization(&self, mut arrived: Arrived) -> LocalAccount {
        if let Some(keys) = arrived.keys.take() {
            self.keys().take_over(keys);
        }
        arrived.account
    }
}

/// Whether the file goes this way, for this local account.
fn meant_for(header: &Header, (own, uid): (&str, Uuid), wanted: Direction) -> Result<(), Refusal> {
    if header.direction != wanted {
        let (found, wanted) = (header.direction.word(), wanted.word());
        return Err(Refusal::WrongDirection { found, wanted });
    }
    if header.uid != uid {
        let file = named(&header.on_prem, header.uid);
        return Err(Refusal::OtherOnPrem { file, own: named(own, uid) });
    }
    Ok(())
}

/// Names of On-Prems are not unique among satellites; their identity is told as well.
fn named(name: &str, uid: Uuid) -> String {
    let uid = uid.to_string();
    format!("{name} ({})", uid.get(..8).unwrap_or(&uid))
}
