//! What people do to an On-Prem: download its authorization file, rename it, attach another
//! virtual account, remove it, and put it away.

use super::registering::{may_be_called, may_register};
use super::settling;
use super::{find, manages};
use crate::db;
use crate::domain::Error;
use crate::domain::cause::{Cause, OnPremCause};
use crate::domain::event::{EventKind, Fact};
use crate::domain::on_prem::{Mode, OnPrem, OnPremState, Refusal, name};
use crate::domain::virtual_account::{Name, VirtualAccount};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// A file for a satellite.
#[derive(Clone, Debug)]
pub struct Download {
    /// The On-Prem.
    pub on_prem: OnPrem,
    /// What is in it.
    pub file: Vec<u8>,
}

impl OnPrem {
    fn must_be_there(&self) -> Result<(), Refusal> {
        if self.state.is_over() { Err(Refusal::Unknown(self.uid)) } else { Ok(()) }
    }
}

impl Engine {
    /// The authorization file, from when it is ready until the first synchronization (A-OPA-03,
    /// A-OPA-04).
    pub async fn download_authorization(
        &self,
        who: &Who,
        domain: &str,
        number: i64,
    ) -> Result<Download> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let before = find(conn, &place, number)?;
            manages(&place, &before)?;
            before.must_be_there()?;
            may_be_downloaded(&before, now)?;
            let file = engine.authorization(conn, &place, &before, now)?;
            let after = OnPrem { fetched_at: before.fetched_at.or(Some(now)), ..before.clone() };
            db::on_prems::save(conn, &after)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let message =
                format!("The authorization file of the On-Prem {} was downloaded.", after.name);
            ledger
                .note(Fact::of_account(EventKind::OnPremAuthorized, message).of_on_prem(after.uid));
            ledger.on_prem(Some(&before), Some(&after));
            ledger.close(conn)?;
            Ok(Download { on_prem: after, file })
        })
        .await
    }

    /// Gives it another name (A-OPA-10).
    pub async fn rename_on_prem(
        &self,
        who: &Who,
        domain: &str,
        number: i64,
        to: String,
    ) -> Result<OnPrem> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let before = find(conn, &place, number)?;
            manages(&place, &before)?;
            before.must_be_there()?;
            let after = OnPrem { name: name(&to)?, ..before.clone() };
            if after.name == before.name {
                return Ok(before);
            }
            may_be_called(conn, &place, &after.name, Some(after.uid))?;
            db::on_prems::save(conn, &after)?;
            for va in super::attached(&place, &before) {
                let satellite = Some(after.name.clone());
                let va = VirtualAccount { satellite, ..va.clone() };
                db::virtual_accounts::save(conn, &va)?;
            }
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let message = format!("The On-Prem {} is called {} now.", before.name, after.name);
            ledger.note(Fact::of_account(EventKind::OnPremRenamed, message).of_on_prem(after.uid));
            ledger.close(conn)?;
            Ok(after)
        })
        .await
    }

    /// Attaches another virtual account; in the mode `classic` only, and for good (A-OPA-07).
    pub async fn attach_virtual_account(
        &self,
        who: &Who,
        domain: &str,
        number: i64,
        va: String,
    ) -> Result<VirtualAccount> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let one = find(conn, &place, number)?;
            manages(&place, &one)?;
            one.must_be_there()?;
            if one.mode == Mode::OnPrem8 {
                return Err(Error::Conflict(format!(
                    "The On-Prem {} has exactly one virtual account (mode onprem8); another local \
                     account of the satellite can have another one.",
                    one.name
                ))
                .into());
            }
            let wanted = Name::parse(&va)?;
            may_register(&place, std::slice::from_ref(&wanted))?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let va = engine.attach(conn, &place, (&one, &wanted), &mut ledger, now)?;
            ledger.close(conn)?;
            Ok(va)
        })
        .await
    }

    /// Removes it: its virtual accounts are ordinary ones again (A-OPA-08).
    pub async fn remove_on_prem(&self, who: &Who, domain: &str, number: i64) -> Result<OnPrem> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let before = find(conn, &place, number)?;
            manages(&place, &before)?;
            before.must_be_there()?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let freed = settling::disassociate(conn, &mut ledger, &before)?;
            let after = OnPrem { state: OnPremState::Removed, ..before.clone() }.scheduled(now);
            db::on_prems::save(conn, &after)?;
            let message = format!("The On-Prem {} was removed; {freed}.", after.name);
            ledger.note(Fact::of_account(EventKind::OnPremRemoved, message).of_on_prem(after.uid));
            ledger.on_prem(Some(&before), Some(&after));
            ledger.close(conn)?;
            Ok(after)
        })
        .await
    }

    /// Puts away the alert of one that is gone, and its row with it (A-ALK-08).
    pub async fn dismiss_on_prem(&self, who: &Who, domain: &str, number: i64) -> Result<OnPrem> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let one = find(conn, &place, number)?;
            manages(&place, &one)?;
            let gone = OnPremCause::of(&one, now).into_iter().find(OnPremCause::is_dismissable);
            let cause = gone.map(Cause::OnPrem).ok_or_else(|| {
                Error::Conflict(format!("The On-Prem {} is there; remove it first.", one.name))
            })?;
            db::on_prems::delete(conn, one.uid)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let message = format!("{} was dismissed: {}", cause.kind(), cause.message(""));
            ledger.note(Fact::of_account(EventKind::AlertDismissed, message));
            ledger.close(conn)?;
            Ok(one)
        })
        .await
    }
}

fn may_be_downloaded(one: &OnPrem, now: crate::domain::Timestamp) -> Result<(), Error> {
    if one.state != OnPremState::Authorized {
        return Err(Error::Conflict(format!(
            "The On-Prem {} is registered and synchronizes; it needs no authorization file.",
            one.name
        )));
    }
    if !one.is_ready(now) {
        return Err(Error::Conflict(format!(
            "The authorization file of the On-Prem {} will be ready on {}.",
            one.name, one.ready_at
        )));
    }
    Ok(())
}
