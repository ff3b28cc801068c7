//! The end of local accounts, and what people set for them (B-ACC-09 to -12, B-SYN-09).

use super::requests::{needed, text};
use super::{LocalAccountView, allowed, note, numbered};
use crate::db::{self, Conn};
use crate::domain::local_account::{LocalAccount, LocalState, Privacy};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Who, Within};
use crate::engine::error::Result;

/// A local account that somebody wants to delete.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// The local account.
    pub view: LocalAccountView,
    /// Whether product instances were removed, and CSSM does not know yet.
    pub untold: bool,
}

impl Engine {
    /// Deactivates a local account; the reason is mailed (B-ACC-10).
    pub async fn deactivate_local_account(
        &self,
        who: &Who,
        number: i64,
        reason: String,
    ) -> Result<LocalAccount> {
        self.become_state(who, number, move |engine, conn, account, now| {
            account.must_be_active()?;
            let reason = needed("reason", &text("reason", &reason)?)?;
            let subject = format!("Local account {} was deactivated", account.name);
            engine.mail(conn, account, (subject, reason.clone()), now)?;
            account.state = LocalState::Inactive;
            let said = format!("Local account {} was deactivated: {reason}", account.name);
            account.reason = reason;
            Ok((SystemEventKind::AccountDeactivated, said))
        })
        .await
    }

    /// Activates a local account again (B-ACC-09).
    pub async fn activate_local_account(&self, who: &Who, number: i64) -> Result<LocalAccount> {
        self.become_state(who, number, |_, _, account, _| {
            if account.state != LocalState::Inactive {
                let problem = format!("Local account {} is not Inactive.", account.name);
                return Err(Error::Conflict(problem).into());
            }
            account.state = LocalState::Active;
            account.reason = String::new();
            let said = format!("Local account {} was activated.", account.name);
            Ok((SystemEventKind::AccountActivated, said))
        })
        .await
    }

    /// Sets what goes up without (B-SYN-09).
    pub async fn set_privacy(
        &self,
        who: &Who,
        number: i64,
        privacy: Privacy,
    ) -> Result<LocalAccount> {
        self.become_state(who, number, move |_, _, account, _| {
            account.privacy = privacy;
            let hidden = match privacy.code().as_str() {
                "" => "nothing".to_owned(),
                words => words.replace(',', ", "),
            };
            let said = format!("Local account {} hides {hidden} from CSSM.", account.name);
            Ok((SystemEventKind::SettingsChanged, said))
        })
        .await
    }

    async fn become_state<F>(&self, who: &Who, number: i64, change: F) -> Result<LocalAccount>
    where
        F: FnOnce(
                &Self,
                &mut Conn,
                &mut LocalAccount,
                Timestamp,
            ) -> Result<(SystemEventKind, String)>
            + Send
            + 'static,
    {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::ManageAccounts, now)?;
            let mut account = numbered(conn, number)?;
            let (kind, message) = change(&engine, conn, &mut account, now)?;
            db::local_accounts::save(conn, &account)?;
            engine.next_of(conn, &account, now)?;
            note(&engine, conn, (kind, &actor.name, now), message)?;
            Ok(account)
        })
        .await
    }

    /// A local account and what keeps it from being deleted (B-ACC-11).
    pub async fn local_account_deletion(&self, who: &Who, number: i64) -> Result<Deletion> {
        let (engine, who) = (self.clone(), who.clone());
        self.look(move |conn, now| {
            allowed(conn, &who, SystemPermission::DeleteAccounts, now)?;
            let account = numbered(conn, number)?;
            let untold = untold(conn, &account)?;
            Ok(Deletion { view: engine.view_of(conn, account, now)?, untold })
        })
        .await
    }

    /// Deletes a local account that is empty and deactivated, and that CSSM knows to be empty.
    pub async fn delete_local_account(&self, who: &Who, number: i64) -> Result<()> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::DeleteAccounts, now)?;
            let account = numbered(conn, number)?;
            let instances = match account.account {
                Some(id) => db::instances::count(conn, id)?,
                None => 0,
            };
            account.may_be_deleted(instances, untold(conn, &account)?)?;
            db::local_accounts::forget_exchanges(conn, &account)?;
            db::local_accounts::delete(conn, account.uid)?;
            if let Some(id) = account.account {
                db::accounts::delete(conn, id)?;
            }
            let message = format!("Local account {} was deleted.", account.name);
            note(&engine, conn, (SystemEventKind::AccountDeleted, &actor.name, now), message)
        })
        .await?;
        // A name may be given to another account from here on.
        self.inner.accounts.clear();
        Ok(())
    }
}

/// Whether something about product instances waits for the next synchronization. An account that
/// CSSM has removed has none, and nobody to tell.
fn untold(conn: &mut Conn, account: &LocalAccount) -> Result<bool> {
    let own = account.account.filter(|_| account.state != LocalState::Expired);
    let Some(id) = own else { return Ok(false) };
    let what = db::standings::What::Instance;
    Ok(!db::standings::changed(conn, id, what)?.is_empty())
}
