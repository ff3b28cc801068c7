//! Collects what a unit of work changes, and writes its events at the end.

use super::Engine;
use super::error::Result;
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{Event, EventKind, Fact};
use crate::domain::id::{EntitlementId, EventId, SmartAccountId, VirtualAccountId};
use crate::domain::license::Entitlement;
use crate::domain::people::Permission;
use crate::domain::pool::{Compliance, Standing};
use crate::domain::virtual_account::{Tree, VirtualAccount};

/// The facts of one unit of work in one Smart Account.
pub(super) struct Ledger {
    engine: Engine,
    account: SmartAccountId,
    actor: String,
    now: Timestamp,
    facts: Vec<Fact>,
    watched: Vec<(VirtualAccountId, Entitlement, Standing)>,
}

impl Ledger {
    /// Begins the facts of an actor: a login name, a device's name, or `System`.
    pub(super) fn open(
        engine: &Engine,
        account: SmartAccountId,
        actor: &str,
        now: Timestamp,
    ) -> Self {
        let (engine, actor) = (engine.clone(), actor.to_owned());
        Self { engine, account, actor, now, facts: Vec::new(), watched: Vec::new() }
    }

    /// Adds a fact.
    pub(super) fn note(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Remembers how a pool stands before it is changed.
    pub(super) fn watch(
        &mut self,
        conn: &mut Conn,
        at: VirtualAccountId,
        entitlement: &Entitlement,
    ) -> Result<()> {
        if self.watched.iter().any(|(va, e, _)| *va == at && e.id == entitlement.id) {
            return Ok(());
        }
        let before = db::pools::pool(conn, at, entitlement.clone())?.standing(self.now);
        self.watched.push((at, entitlement.clone(), before));
        Ok(())
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

    /// Compares the watched pools, and writes all events.
    pub(super) fn close(mut self, conn: &mut Conn) -> Result<()> {
        let watched = std::mem::take(&mut self.watched);
        let mut lost = Vec::new();
        for (at, entitlement, before) in watched {
            let after = db::pools::pool(conn, at, entitlement.clone())?.standing(self.now);
            match (before.status, after.status) {
                (Compliance::InCompliance, Compliance::OutOfCompliance) => {
                    lost.push((at, entitlement, after));
                }
                (Compliance::OutOfCompliance, Compliance::InCompliance) => {
                    let message = format!("{} is in compliance again.", entitlement.name);
                    let fact = Fact::new(at, EventKind::ComplianceRegained, message);
                    self.note(fact.of(entitlement.id));
                }
                (Compliance::InCompliance, Compliance::InCompliance)
                | (Compliance::OutOfCompliance, Compliance::OutOfCompliance) => {}
            }
        }
        if !lost.is_empty() {
            self.report_lost(conn, &lost)?;
        }
        self.write(conn)
    }

    fn report_lost(
        &mut self,
        conn: &mut Conn,
        lost: &[(VirtualAccountId, Entitlement, Standing)],
    ) -> Result<()> {
        let tree = db::virtual_accounts::tree(conn, self.account)?;
        for (at, entitlement, standing) in lost {
            let name = &entitlement.name;
            let short = standing.shortage();
            let message = format!("{name} is out of compliance: short of {short}.");
            self.note(Fact::new(*at, EventKind::ComplianceLost, message).of(entitlement.id));
            if let Some(va) = tree.get(*at) {
                self.mail_shortage(conn, &tree, va, name, short)?;
            }
        }
        Ok(())
    }

    /// One mail to everybody who sees the virtual account (AS-09).
    fn mail_shortage(
        &self,
        conn: &mut Conn,
        tree: &Tree,
        va: &VirtualAccount,
        license: &str,
        short: i64,
    ) -> Result<()> {
        let place = va.name.as_str();
        for member in db::people::members(conn, self.account)? {
            if member.email.is_empty() || !member.may(Permission::View, &tree.scope(va)) {
                continue;
            }
            db::outbox::append(
                conn,
                &Mail {
                    id: self.engine.ids().uuid(self.now),
                    account: self.account,
                    at: self.now,
                    recipient: member.email,
                    subject: format!("Insufficient Licenses: {license} in {place}"),
                    body: format!(
                        "Virtual account {place} is short of {short} {license}. Add or transfer \
                         {short} to return to compliance.\n\nSent by the Syncom lab emulator; no \
                         real mail leaves it."
                    ),
                },
            )?;
        }
        Ok(())
    }

    fn write(self, conn: &mut Conn) -> Result<()> {
        let events: Vec<Event> = self
            .facts
            .into_iter()
            .map(|fact| Event {
                id: EventId(self.engine.ids().uuid(self.now)),
                account: self.account,
                virtual_account: fact.virtual_account,
                at: self.now,
                kind: fact.kind,
                message: fact.message,
                actor: self.actor.clone(),
                instance: fact.instance,
                entitlement: fact.entitlement,
            })
            .collect();
        Ok(db::events::append(conn, &events)?)
    }
}
