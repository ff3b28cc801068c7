//! Collects what a unit of work changes, and writes its events at the end.
//!
//! Licenses and product instances that are touched are watched: the causes of alerts before
//! and after are compared, and each that appeared or went becomes one event.

use super::Engine;
use super::changes;
use super::error::Result;
use super::mailing::{Shortage, mail_trouble};
use super::tick::Happened;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::alert::{of_family, of_instance};
use crate::domain::cause::{Cause, OnPremCause};
use crate::domain::event::{Event, EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::{EntitlementId, EventId, SmartAccountId, TransactionId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::lending::{self, Lending};
use crate::domain::license::Entitlement;
use crate::domain::line::Line;
use crate::domain::on_prem::OnPrem;
use crate::domain::pool::{Family, Standing};

/// The facts of one unit of work in one Smart Account.
pub(super) struct Ledger {
    engine: Engine,
    account: SmartAccountId,
    actor: String,
    now: Timestamp,
    /// The instant of the state before: now, or just before what time causes at it.
    before: Timestamp,
    facts: Vec<Fact>,
    watched: Vec<Watched>,
    raised: Vec<(Option<VirtualAccountId>, Cause)>,
    cleared: Vec<(Option<VirtualAccountId>, Cause)>,
}

/// A license and its family before they are changed.
struct Watched {
    at: VirtualAccountId,
    of: Entitlement,
    before: Vec<Cause>,
    lent: Vec<Lending>,
    /// How they stand now, where only use changes: kept along instead of being read again.
    now: Option<Family>,
}

impl Ledger {
    /// Begins the facts of an actor: a login name, a device's name, or `System`.
    pub(super) fn open(
        engine: &Engine,
        account: SmartAccountId,
        actor: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            engine: engine.clone(),
            account,
            actor: actor.to_owned(),
            now,
            before: now,
            facts: Vec::new(),
            watched: Vec::new(),
            raised: Vec::new(),
            cleared: Vec::new(),
        }
    }

    /// Begins the facts that time causes at an instant.
    pub(super) fn at_due(engine: &Engine, account: SmartAccountId, at: Timestamp) -> Self {
        Self { before: at.just_before(), ..Self::open(engine, account, "System", at) }
    }

    /// Adds a fact.
    pub(super) fn note(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Writes a row of *License Transactions* about a part of a line, by the ledger's actor.
    pub(super) fn transact(
        &self,
        conn: &mut Conn,
        kind: TransactionKind,
        (line, quantity): (&Line, i64),
        device: &str,
    ) -> Result<()> {
        let id = TransactionId(self.engine.ids().uuid(self.now));
        let part = Line { quantity, ..line.clone() };
        let row = Transaction {
            kind,
            source: Some(line.virtual_account),
            target: None,
            reference: Some(device.to_owned()),
            actor: self.actor.clone(),
            ..Transaction::order(id, &part, self.now)
        };
        Ok(db::transactions::append(conn, &row)?)
    }

    /// Remembers how a license and its family stand before they are changed.
    pub(super) fn watch(
        &mut self,
        conn: &mut Conn,
        at: VirtualAccountId,
        of: &Entitlement,
    ) -> Result<()> {
        if self.watching(at, of).is_some() {
            return Ok(());
        }
        let family = db::pools::family(conn, at, of.clone())?;
        let before = causes(conn, at, &family, self.before)?;
        let lent = lending::of_pools(&family.pools(), self.before);
        self.watched.push(Watched { at, of: of.clone(), before, lent, now: None });
        Ok(())
    }

    /// As [`Ledger::watch`], where only use will change, through [`Ledger::report`].
    pub(super) fn watch_use(
        &mut self,
        conn: &mut Conn,
        at: VirtualAccountId,
        of: &Entitlement,
    ) -> Result<()> {
        if self.watching(at, of).is_some() {
            return Ok(());
        }
        let family = self.engine.take_family(conn, at, of)?;
        let before = self.causes_of_use(conn, &family, self.before)?;
        let lent = lending::of_pools(&family.pools(), self.before);
        self.watched.push(Watched { at, of: of.clone(), before, lent, now: Some(family) });
        Ok(())
    }

    /// Changes what one instance reports for a license that is watched.
    pub(super) fn report(
        &mut self,
        conn: &mut Conn,
        instance: &Instance,
        of: &Entitlement,
        (before, after): (i64, i64),
    ) -> Result<()> {
        let at = instance.virtual_account;
        db::pools::report(conn, instance.id, at, of.id, (before, after))?;
        if let Some(Watched { now: Some(family), .. }) = self.watching(at, of) {
            family.report(of, after - before);
        }
        Ok(())
    }

    /// How a license that is watched stands now, where that is kept along.
    pub(super) fn standing(
        &mut self,
        at: VirtualAccountId,
        of: &Entitlement,
        now: Timestamp,
    ) -> Option<Standing> {
        self.watching(at, of)?.now.as_ref()?.standing_of(of.id, now)
    }

    fn watching(&mut self, at: VirtualAccountId, of: &Entitlement) -> Option<&mut Watched> {
        self.watched.iter_mut().find(|watched| watched.at == at && related(&watched.of, of))
    }

    /// As [`Ledger::watch`], for licenses known by identity.
    pub(super) fn watch_all(
        &mut self,
        conn: &mut Conn,
        at: VirtualAccountId,
        ids: impl IntoIterator<Item = EntitlementId>,
    ) -> Result<()> {
        let ids: Vec<EntitlementId> = ids.into_iter().collect();
        for entitlement in db::licenses::entitlements(conn, &ids)? {
            self.watch(conn, at, &entitlement)?;
        }
        Ok(())
    }

    /// Compares a product instance before and after; `None` where it is not there.
    pub(super) fn instance(&mut self, before: Option<&Instance>, after: Option<&Instance>) {
        let Some(at) = after.or(before).map(|instance| instance.virtual_account) else { return };
        let periods = self.engine.settings().periods;
        let causes = |instance: Option<&Instance>, now| {
            instance.map_or_else(Vec::new, |instance| of_instance(instance, &periods, now))
        };
        let (before, after) = (causes(before, self.before), causes(after, self.now));
        self.compare(at, &before, &after);
    }

    /// Compares an On-Prem before and after; `None` where it is not there.
    pub(super) fn on_prem(&mut self, before: Option<&OnPrem>, after: Option<&OnPrem>) {
        let causes = |one: Option<&OnPrem>, now| {
            let found = one.map_or_else(Vec::new, |one| OnPremCause::of(one, now));
            found.into_iter().map(Cause::OnPrem).collect::<Vec<_>>()
        };
        let (before, after) = (causes(before, self.before), causes(after, self.now));
        self.compare_at(None, &before, &after);
    }

    /// Compares the watched licenses, and writes all events.
    pub(super) fn close(self, conn: &mut Conn) -> Result<()> {
        self.close_counted(conn).map(drop)
    }

    /// As [`Ledger::close`]; answers what was written.
    pub(super) fn close_counted(mut self, conn: &mut Conn) -> Result<Happened> {
        for Watched { at, of, before, lent, now } in std::mem::take(&mut self.watched) {
            let reported = now.is_some();
            let family = match now {
                Some(family) => family,
                None => db::pools::family(conn, at, of)?,
            };
            let after = if reported {
                self.causes_of_use(conn, &family, self.now)?
            } else {
                causes(conn, at, &family, self.now)?
            };
            self.compare(at, &before, &after);
            self.compare_loans(at, &lent, &lending::of_pools(&family.pools(), self.now));
            if reported {
                self.engine.keep_family(family);
            }
        }
        if !self.raised.is_empty() || !self.cleared.is_empty() {
            self.tell(conn)?;
        }
        self.write(conn)
    }

    /// Compares the loans of a virtual account, or of one family there.
    pub(super) fn compare_loans(
        &mut self,
        at: VirtualAccountId,
        before: &[Lending],
        after: &[Lending],
    ) {
        self.facts.extend(lending::changes(at, before, after));
    }

    /// As [`causes`], where only use changes, so that what was dismissed is kept.
    fn causes_of_use(
        &self,
        conn: &mut Conn,
        family: &Family,
        now: Timestamp,
    ) -> Result<Vec<Cause>> {
        let mut causes = of_family(family, now);
        if causes.iter().any(Cause::is_dismissable) {
            let dismissed = self.engine.dismissed(conn, family.pool.virtual_account)?;
            causes.retain(|cause| !dismissed.contains(&cause.key()));
        }
        Ok(causes)
    }

    /// Compares the causes of alerts in a virtual account.
    pub(super) fn compare(&mut self, at: VirtualAccountId, before: &[Cause], after: &[Cause]) {
        self.compare_at(Some(at), before, after);
    }

    fn compare_at(&mut self, at: Option<VirtualAccountId>, before: &[Cause], after: &[Cause]) {
        let is_in = |cause: &Cause, others: &[Cause]| {
            let key = cause.key();
            others.iter().any(|other| other.key() == key)
        };
        let gone = before.iter().filter(|cause| !is_in(cause, after)).cloned();
        let fresh = after.iter().filter(|cause| !is_in(cause, before)).cloned();
        self.cleared.extend(gone.map(|cause| (at, cause)));
        self.raised.extend(fresh.map(|cause| (at, cause)));
    }

    /// Turns what appeared and what went into facts, and mails shortages.
    fn tell(&mut self, conn: &mut Conn) -> Result<()> {
        let tree = db::virtual_accounts::tree(conn, self.account)?;
        let place = |at: Option<VirtualAccountId>| at.and_then(|at| tree.get(at));
        let name = |at| place(at).map_or_else(String::new, |va| va.name.as_str().to_owned());
        for (at, cause) in std::mem::take(&mut self.cleared) {
            let message = match &cause {
                Cause::Insufficient { license, .. } => {
                    format!("{license} is in compliance again.")
                }
                other => format!("{} is over: {}", other.kind(), other.message(&name(at))),
            };
            self.note(about(&cause, at, cause.events().1, message));
        }
        for (at, cause) in std::mem::take(&mut self.raised) {
            let message = match &cause {
                Cause::Insufficient { license, short, .. } => {
                    format!("{license} is out of compliance: short of {short}.")
                }
                other => format!("{}: {}", other.kind(), other.message(&name(at))),
            };
            self.note(about(&cause, at, cause.events().0, message));
            match (&cause, place(at)) {
                (Cause::Insufficient { license, short, .. }, Some(va)) => {
                    let shortage = Shortage { tree: &tree, va, license, short: *short };
                    shortage.mail(&self.engine, conn, self.now)?;
                }
                (Cause::OnPrem(cause), _) => {
                    mail_trouble(&self.engine, conn, (self.account, self.now), cause)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn write(self, conn: &mut Conn) -> Result<Happened> {
        let mut happened = Happened::default();
        changes::mark(&self.engine, conn, self.account, &self.facts)?;
        let mut linked = Vec::new();
        let mut event = |fact: Fact| {
            let id = EventId(self.engine.ids().uuid(self.now));
            linked.extend(fact.on_prem.map(|uid| ((self.account, id), uid)));
            Event {
                id,
                account: self.account,
                virtual_account: fact.virtual_account,
                at: self.now,
                kind: fact.kind,
                message: fact.message,
                actor: self.actor.clone(),
                instance: fact.instance,
                entitlement: fact.entitlement,
            }
        };
        let events: Vec<Event> = self.facts.into_iter().map(&mut event).collect();
        db::events::append(conn, &events)?;
        for (event, uid) in linked {
            db::events::link(conn, event, uid)?;
        }
        for event in &events {
            happened.count(event.kind);
            if event.kind.is_notice() {
                db::notices::append(conn, event)?;
            }
        }
        Ok(happened)
    }
}

/// Whether watching one license watches the other as well.
fn related(a: &Entitlement, b: &Entitlement) -> bool {
    let family = |e: &'_ Entitlement| e.tier.as_ref().map(|tier| tier.family.clone());
    a.id == b.id || (a.tier.is_some() && family(a) == family(b))
}

fn about(cause: &Cause, at: Option<VirtualAccountId>, kind: EventKind, message: String) -> Fact {
    Fact {
        virtual_account: at,
        instance: cause.instance(),
        entitlement: cause.entitlement(),
        on_prem: cause.on_prem(),
        ..Fact::of_account(kind, message)
    }
}

/// The causes of alerts in a license's family, without those that a person has dismissed.
fn causes(
    conn: &mut Conn,
    at: VirtualAccountId,
    family: &Family,
    now: Timestamp,
) -> Result<Vec<Cause>> {
    let mut causes = of_family(family, now);
    if causes.iter().any(Cause::is_dismissable) {
        let dismissed = db::notices::dismissed(conn, at)?;
        causes.retain(|cause| !dismissed.contains(&cause.key()));
    }
    Ok(causes)
}
