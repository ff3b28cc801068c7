//! Everything that time causes, in due order, each with its own due time, once.
//!
//! `docs/TIME.md` has the design. Writes settle what is due in their own transaction, reads
//! before they begin, and a job every second.

use super::Engine;
use super::access::Within;
use super::error::Result;
use super::export_keys::{Released, release, stop_waiting};
use super::ledger::Ledger;
use super::on_prems::on_prem_is_due;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::{SmartAccountId, TransactionId};
use crate::domain::instance::Instance;
use crate::domain::lifetime::Due;
use crate::domain::line::{Booking, Line, LineStatus};
use crate::domain::on_prem::OnPrem;
use crate::domain::standing::SyncStanding;
use crate::domain::token::Token;
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// Instants that one transaction settles when nobody waits for it.
const BATCH: usize = 500;

/// What has happened while time passed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Instants at which something was due.
    pub instants: u64,
    /// Events by the code of their kind.
    pub events: BTreeMap<&'static str, u64>,
}

impl Happened {
    /// What has happened since `before` was told.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        self.instants = self.instants.saturating_sub(before.instants);
        for (code, count) in &mut self.events {
            *count = count.saturating_sub(before.events.get(code).copied().unwrap_or_default());
        }
        self.events.retain(|_, count| *count > 0);
        self
    }

    /// Adds what happened elsewhere.
    pub fn add(&mut self, other: Self) {
        self.instants += other.instants;
        for (code, count) in other.events {
            *self.events.entry(code).or_default() += count;
        }
    }

    /// Counts one event.
    pub(super) fn count(&mut self, kind: EventKind) {
        *self.events.entry(kind.code()).or_default() += 1;
    }
}

/// What is due for one Smart Account at one instant.
struct DueNow {
    lines: Vec<Line>,
    instances: Vec<Instance>,
    tokens: Vec<Token>,
    standings: Vec<SyncStanding>,
    on_prems: Vec<OnPrem>,
}

impl Engine {
    /// Settles all that fell due until now.
    pub async fn tick(&self) -> Result<()> {
        let now = self.now();
        loop {
            let version = self.inner.horizon.version();
            let due = self.db().read(move |conn| whose(conn, now)).await?;
            if due.accounts.is_empty() && !due.hub {
                self.inner.horizon.put(version, due.earliest);
                return Ok(());
            }
            for account in due.accounts {
                while self.settle_batch(account, now).await? {}
            }
            while due.hub && self.settle_hub_batch(now).await? {}
        }
    }

    /// Everything that has happened since the site runs, whoever settled it.
    pub fn settled(&self) -> Happened {
        self.inner.settled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts what a commit has settled.
    pub(super) fn count_settled(&self, part: Happened) {
        self.inner.settled.lock().unwrap_or_else(PoisonError::into_inner).add(part);
    }

    /// Takes note that the clock was set back: what devices say now counts again (AS-49).
    pub async fn rewind(&self, to: Timestamp) -> Result<()> {
        self.change(Within::Site, move |conn, _| Ok(db::instances::rewind(conn, to)?)).await
    }

    async fn settle_batch(&self, account: SmartAccountId, now: Timestamp) -> Result<bool> {
        let engine = self.clone();
        let batch = self
            .db()
            .write_in(account, move |conn| engine.settle_account(conn, account, now, BATCH));
        let (more, part) = batch.await?;
        self.note_change();
        self.count_settled(part);
        Ok(more)
    }

    async fn settle_hub_batch(&self, now: Timestamp) -> Result<bool> {
        let engine = self.clone();
        let batch = self.db().write(move |conn| engine.settle_hub(conn, now, BATCH));
        let (more, part) = batch.await?;
        self.note_change();
        self.count_settled(part);
        Ok(more)
    }

    /// Settles when something may be due: before a read, and every now and then.
    pub async fn tick_if_due(&self) -> Result<()> {
        if self.inner.horizon.may_be_due(self.now()) {
            self.tick().await?;
        }
        Ok(())
    }

    /// Settles inside a unit of work: its Smart Account, or all of them; answers what that was.
    pub(super) fn settle_if_due(
        &self,
        conn: &mut Conn,
        account: Option<SmartAccountId>,
        now: Timestamp,
    ) -> Result<Happened> {
        let mut happened = Happened::default();
        if !self.inner.horizon.may_be_due(now) {
            return Ok(happened);
        }
        let version = self.inner.horizon.version();
        let accounts = match account {
            Some(account) => vec![account],
            None => db::deadlines::accounts(conn, now)?,
        };
        for one in accounts {
            happened.add(self.settle_account(conn, one, now, usize::MAX)?.1);
        }
        if account.is_none() {
            happened.add(self.settle_hub(conn, now, usize::MAX)?.1);
        }
        self.inner.horizon.put(version, db::deadlines::earliest(conn, None)?);
        Ok(happened)
    }

    /// Settles at most so many instants; answers whether there may be more.
    fn settle_account(
        &self,
        conn: &mut Conn,
        account: SmartAccountId,
        now: Timestamp,
        most: usize,
    ) -> Result<(bool, Happened)> {
        let mut happened = Happened::default();
        for _ in 0..most {
            let earliest = db::deadlines::earliest(conn, Some(account))?;
            let Some(at) = earliest.filter(|at| *at <= now) else {
                return Ok((false, happened));
            };
            happened.add(self.settle_instant(conn, account, at)?);
        }
        Ok((true, happened))
    }

    fn settle_instant(
        &self,
        conn: &mut Conn,
        account: SmartAccountId,
        at: Timestamp,
    ) -> Result<Happened> {
        let due = DueNow {
            lines: db::licenses::due(conn, account, at)?,
            instances: db::instances::due(conn, account, at)?,
            tokens: db::tokens::due(conn, account, at)?,
            standings: db::standings::due(conn, account, at)?,
            on_prems: db::on_prems::due(conn, account, at)?,
        };
        let mut ledger = Ledger::at_due(self, account, at);
        for line in due.lines {
            self.line_is_due(conn, &mut ledger, line, at)?;
        }
        for instance in due.instances {
            self.instance_is_due(conn, &mut ledger, instance, at)?;
        }
        for token in due.tokens {
            let message = format!("Registration token {} has expired.", token.short());
            db::tokens::save(conn, &Token { due_at: None, ..token.clone() })?;
            let fact = Fact::new(token.virtual_account, EventKind::TokenExpired, message);
            ledger.note(fact.with_token(token.id));
        }
        for standing in due.standings {
            self.standing_is_due(conn, &mut ledger, standing, at)?;
        }
        for one in due.on_prems {
            on_prem_is_due(conn, &mut ledger, &one, at)?;
        }
        let mut happened = ledger.close_counted(conn)?;
        self.forget_known();
        happened.instants = 1;
        Ok(happened)
    }

    fn line_is_due(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        line: Line,
        at: Timestamp,
    ) -> Result<()> {
        let Some(of) = db::licenses::entitlement(conn, line.entitlement)? else { return Ok(()) };
        ledger.watch(conn, line.virtual_account, &of)?;
        let (before, after) = (line.status(at.just_before()), line.status(at));
        let (quantity, name) = (line.quantity, &of.name);
        let (place, id) = (line.virtual_account, of.id);
        if line.booking != Booking::Cancelled && before != after {
            let (kind, message) = match after {
                LineStatus::Active => (
                    EventKind::LicensesStarted,
                    format!("{quantity} {name} have begun and can be used."),
                ),
                LineStatus::Expired => {
                    let (id, kind) = (self.ids().uuid(at), TransactionKind::Expiry);
                    let loss = Transaction::loss(TransactionId(id), kind, &line, at);
                    db::transactions::append(conn, &loss)?;
                    (EventKind::LicensesExpired, format!("{quantity} {name} have expired."))
                }
                LineStatus::Future | LineStatus::Pending | LineStatus::Cancelled => {
                    (EventKind::LicensesAdded, format!("{quantity} {name} are {}.", after.word()))
                }
            };
            ledger.note(Fact::new(place, kind, message).of(id));
        }
        Ok(db::licenses::save_line(conn, &line.settled(at))?)
    }

    fn instance_is_due(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        instance: Instance,
        at: Timestamp,
    ) -> Result<()> {
        let periods = self.settings().periods;
        let name = instance.name();
        let (place, id) = (instance.virtual_account, instance.id);
        match instance.due(&periods, at) {
            Due::Removal => {
                let released = release(conn, ledger, &instance)?;
                if released.kept > 0 {
                    self.keep_listed(conn, ledger, &instance, released, at)?;
                    return Ok(());
                }
                let freed = released.freed;
                stop_waiting(conn, ledger, &instance)?;
                db::instances::delete(conn, id)?;
                let message = format!(
                    "Product instance {name} was removed: its registration ended on {}; {freed} \
                     licenses are free again.",
                    instance.identity.expires_at
                );
                ledger.note(Fact::new(place, EventKind::InstanceRemoved, message).about(id));
                ledger.instance(Some(&instance), None);
                return Ok(());
            }
            Due::Release => {
                let freed = release(conn, ledger, &instance)?.freed;
                if freed > 0 || at == instance.release_at(&periods) {
                    let message = format!(
                        "{name} has not renewed its authorization since {}; {freed} licenses are \
                         free again.",
                        instance.silent_since()
                    );
                    let kind = EventKind::AuthorizationExpired;
                    ledger.note(Fact::new(place, kind, message).about(id));
                }
            }
            Due::Look => {}
        }
        ledger.instance(Some(&instance), Some(&instance));
        Ok(db::instances::save(conn, &instance.settled(&periods, at))?)
    }

    /// Keeps an instance whose certificate ended while it holds keys: nobody else can return them.
    fn keep_listed(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        instance: &Instance,
        released: Released,
        at: Timestamp,
    ) -> Result<()> {
        let Released { freed, kept } = released;
        let message = format!(
            "The registration of {} ended on {}; {freed} licenses are free again, and it stays \
             listed for {kept} export-restricted ones.",
            instance.name(),
            instance.identity.expires_at
        );
        let fact = Fact::new(instance.virtual_account, EventKind::InstanceKept, message);
        ledger.note(fact.about(instance.id));
        ledger.instance(Some(instance), Some(instance));
        let periods = self.settings().periods;
        Ok(db::instances::save(conn, &instance.clone().settled(&periods, at))?)
    }
}

/// Who has a deadline.
struct Whose {
    earliest: Option<Timestamp>,
    accounts: Vec<SmartAccountId>,
    hub: bool,
}

/// The earliest deadline, and who has one until `now`.
fn whose(conn: &mut Conn, now: Timestamp) -> Result<Whose> {
    let earliest = db::deadlines::earliest(conn, None)?;
    if earliest.is_none_or(|due| due > now) {
        return Ok(Whose { earliest, accounts: Vec::new(), hub: false });
    }
    let hub = db::hub::deadlines::earliest(conn)?.is_some_and(|due| due <= now);
    Ok(Whose { earliest, accounts: db::deadlines::accounts(conn, now)?, hub })
}
