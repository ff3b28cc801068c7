//! Moving everything out of a virtual account, so that it can be deleted (A-MSA-04, AS-22).

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::export_keys::move_waiting;
use super::ledger::Ledger;
use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::TransactionId;
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::line::Line;
use crate::domain::local_account::Decision;
use crate::domain::people::Permission;
use crate::domain::token::Status;
use crate::domain::virtual_account::{Contents, VirtualAccount};
use crate::domain::{Error, Timestamp};

/// What was moved.
#[derive(Clone, Debug)]
pub struct Emptied {
    /// Where it was.
    pub from: VirtualAccount,
    /// Where it is.
    pub to: VirtualAccount,
    /// How much it was; tokens are revoked, nested accounts move one level up.
    pub contents: Contents,
}

/// One move of everything, while it is done.
struct Moving<'a> {
    engine: &'a Engine,
    place: &'a Place,
    from: &'a VirtualAccount,
    to: &'a VirtualAccount,
    now: Timestamp,
}

impl Engine {
    /// Moves all licenses and product instances to another virtual account, revokes the
    /// tokens, and takes nested accounts one level up. All or nothing.
    pub async fn move_everything(
        &self,
        who: &Who,
        domain: &str,
        from: VaRef,
        to: VaRef,
    ) -> Result<Emptied> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            place.actor.require(Permission::ManageVirtualAccounts, &place.scope())?;
            let (from, to) = (place.find(&from)?.clone(), place.find(&to)?.clone());
            from.may_be_emptied_into(&to)?;
            engine.decides_locally(conn, place.account.id, Decision::Licenses)?;
            let contents = db::virtual_accounts::contents(conn, from.id, now)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let moving = Moving { engine: &engine, place: &place, from: &from, to: &to, now };
            moving.watch(conn, &mut ledger)?;
            moving.licenses(conn, &mut ledger)?;
            moving.instances(conn, &mut ledger)?;
            moving.tokens(conn, &mut ledger)?;
            moving.nested(conn, &mut ledger)?;
            ledger.close(conn)?;
            Ok(Emptied { from, to, contents })
        })
        .await
    }
}

impl Moving<'_> {
    fn watch(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        for pool in db::pools::list(conn, Places::these(&[self.from.id]))? {
            ledger.watch(conn, self.from.id, &pool.entitlement)?;
            ledger.watch(conn, self.to.id, &pool.entitlement)?;
        }
        Ok(())
    }

    /// Lines keep their identity: reservations name them.
    fn licenses(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        for pool in db::pools::list(conn, Places::these(&[self.from.id]))? {
            let fixed = |line: &&Line| !line.portable && !line.has_ended(self.now);
            if let Some(line) = pool.lines.iter().find(fixed) {
                let (n, name) = (line.quantity, &pool.entitlement.name);
                let problem = format!("{n} {name} are not portable; cancel them first.");
                return Err(Error::Conflict(problem).into());
            }
            for line in &pool.lines {
                let moved = Line { virtual_account: self.to.id, ..line.clone() };
                db::licenses::save_line(conn, &moved)?;
                db::transactions::append(conn, &self.transaction(line))?;
            }
            let quantity: i64 = pool.lines.iter().map(|line| line.quantity).sum();
            if quantity > 0 {
                self.note_licenses(ledger, &pool.entitlement, quantity);
            }
        }
        Ok(())
    }

    fn note_licenses(&self, ledger: &mut Ledger, of: &Entitlement, quantity: i64) {
        let (from, to) = (self.from.name.as_str(), self.to.name.as_str());
        let name = &of.name;
        let message = format!("{quantity} {name} were transferred from {from} to {to}.");
        for (va, kind) in [
            (self.from, EventKind::LicensesTransferredOut),
            (self.to, EventKind::LicensesTransferredIn),
        ] {
            ledger.note(Fact::new(va.id, kind, &message).of(of.id));
        }
    }

    fn transaction(&self, line: &Line) -> Transaction {
        Transaction {
            id: TransactionId(self.engine.ids().uuid(self.now)),
            account: line.account,
            at: self.now,
            kind: TransactionKind::Transfer,
            entitlement: line.entitlement,
            quantity: line.quantity,
            ends: line.ends,
            source: Some(self.from.id),
            target: Some(self.to.id),
            sku: line.origin.sku.clone(),
            reference: line.origin.order_number.clone(),
            actor: self.place.actor.name.clone(),
        }
    }

    fn instances(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        let (from, to) = (self.from.name.as_str(), self.to.name.as_str());
        for instance in db::instances::list(conn, &[self.from.id])? {
            db::pools::move_usage(conn, instance.id, self.from.id, self.to.id)?;
            let message =
                format!("Product instance {} moved from {from} to {to}.", instance.name());
            for (va, kind) in
                [(self.from.id, EventKind::InstanceMoved), (self.to.id, EventKind::InstanceArrived)]
            {
                let fact = Fact::new(va, kind, &message);
                ledger.note(fact.about(instance.id));
            }
            let moved = Instance { virtual_account: self.to.id, ..instance.clone() };
            db::instances::save(conn, &moved)?;
            ledger.instance(Some(&instance), None);
            ledger.instance(None, Some(&moved));
            move_waiting(conn, ledger, &instance, &moved)?;
        }
        Ok(())
    }

    fn tokens(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        for token in db::tokens::list(conn, self.from.id)? {
            if token.status(self.now) == Status::Active {
                let token = token.revoke(self.now)?;
                db::tokens::save(conn, &token)?;
                let message = format!(
                    "Registration token {} was revoked: everything left {}.",
                    token.short(),
                    self.from.name.as_str()
                );
                let fact = Fact::new(self.from.id, EventKind::TokenRevoked, message);
                ledger.note(fact.with_token(token.id));
            }
        }
        Ok(())
    }

    fn nested(&self, conn: &mut Conn, ledger: &mut Ledger) -> Result<()> {
        let children = self.place.tree.all().iter().filter(|va| va.parent == Some(self.from.id));
        for child in children {
            let parent = self.from.parent;
            db::virtual_accounts::save(conn, &VirtualAccount { parent, ..child.clone() })?;
            let (name, from) = (child.name.as_str(), self.from.name.as_str());
            let message = format!("Virtual account {name} is not nested in {from} any more.");
            ledger.note(Fact::new(child.id, EventKind::VirtualAccountChanged, message));
        }
        Ok(())
    }
}
