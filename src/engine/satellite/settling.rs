//! What time does to a local account that does not synchronize (A-ALK-06, -07, B-SYN-11).

use super::{known, note};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::local_account::{LocalAccount, LocalState};
use crate::domain::on_prem::{Dates, Overdue};
use crate::domain::standing::{SyncStanding, SyncState};
use crate::domain::system_event::SystemEventKind;
use crate::engine::Engine;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

impl Engine {
    /// Something about the dates of a local account is due.
    pub(in crate::engine) fn standing_is_due(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        stands: SyncStanding,
        at: Timestamp,
    ) -> Result<()> {
        let mut account = known(conn, stands.uid)?;
        let late = stands.dates.overdue(at);
        let fresh = stands.settled_at.is_none_or(|before| stands.dates.overdue(before) < late);
        if fresh && account.state == LocalState::Active {
            let (kind, text) = told(&account, stands.dates, late);
            if late == Overdue::Over {
                account.state = LocalState::Expired;
                db::local_accounts::save(conn, &account)?;
            }
            if late != Overdue::No {
                ledger.note(Fact::of_account(kind, text.clone()));
                note(self, conn, (SystemEventKind::Overdue, "System", at), text.clone())?;
                let subject = format!("Synchronization of {} is overdue", account.name);
                self.mail(conn, &account, (subject, text), at)?;
            }
        }
        let stands = SyncStanding { settled_at: Some(at), ..stands.scheduled(at) };
        Ok(db::standings::save(conn, &stands)?)
    }

    /// A synchronization that came in time after all ends the alerts (AS-37).
    pub(super) fn overdue_is_over(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        (before, now): (&Dates, Timestamp),
    ) -> Result<()> {
        let Some(id) = account.account else { return Ok(()) };
        if before.overdue(now) == Overdue::No {
            return Ok(());
        }
        let message = format!("Synchronization Overdue is over: {} is synchronized.", account.name);
        let mut ledger = Ledger::open(self, id, "System", now);
        ledger.note(Fact::of_account(EventKind::AlertCleared, message));
        ledger.close(conn)
    }

    /// Keeps a failure where people see it.
    pub(super) fn failed(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        (stands, problem): (SyncStanding, String),
        now: Timestamp,
    ) -> Result<()> {
        let message = format!("The synchronization of {} failed: {problem}", account.name);
        let stands = SyncStanding { state: SyncState::Failed, problem, ..stands };
        db::standings::save(conn, &stands)?;
        note(self, conn, (SystemEventKind::SyncFailed, "System", now), message.clone())?;
        let mut ledger = Ledger::open(self, stands.account, "System", now);
        ledger.note(Fact::of_account(EventKind::SyncFailed, message));
        ledger.close(conn)
    }
}

fn told(account: &LocalAccount, dates: Dates, late: Overdue) -> (EventKind, String) {
    let (name, due, deadline) = (&account.name, dates.due, dates.deadline);
    match late {
        Overdue::No | Overdue::Due => (
            EventKind::AlertRaised,
            format!("Synchronization Overdue: {name} should have synchronized by {due}."),
        ),
        Overdue::Near => (
            EventKind::AlertRaised,
            format!(
                "Upcoming Satellite Sync Deadline (30 Day): CSSM removes {name} on {deadline} \
                 unless it synchronizes before."
            ),
        ),
        Overdue::Over => (
            EventKind::AccountExpired,
            format!(
                "{name} did not synchronize until {deadline} and has to register with CSSM again."
            ),
        ),
    }
}
