//! What an answer to a device needs and its report does not change: the kinds of license by
//! their tags, the stock of a virtual account, the names of its place.
//!
//! On SQLite, where the data directory is locked for this process, it is kept until the next
//! change that is no report. On PostgreSQL, other processes may write: there it is read anew.

use super::Engine;
use super::current::Current;
use super::error::Result;
use super::identity::Remembered;
use crate::db::pools::Stock;
use crate::db::{self, Conn};
use crate::domain;
use crate::domain::account::SmartAccount;
use crate::domain::id::{EntitlementId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::virtual_account::VirtualAccount;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The place of a product instance, by name.
pub(super) type Names = (SmartAccount, VirtualAccount);

/// What is kept.
#[derive(Default)]
pub(super) struct Known {
    /// A tag never changes its meaning while a process lives.
    tags: Remembered<String, Entitlement>,
    stocks: Current<(VirtualAccountId, EntitlementId), Stock>,
    names: Current<VirtualAccountId, Names>,
}

impl Engine {
    /// Tells that something has changed: at the end of the unit, for the units behind it in
    /// the same commit, and after the commit, for everybody else.
    pub(super) fn note_change(&self) {
        self.inner.changes.fetch_add(1, Ordering::SeqCst);
        self.inner.horizon.forget();
    }

    fn changes(&self) -> Option<u64> {
        self.db().generation().map(|_| self.inner.changes.load(Ordering::SeqCst))
    }

    /// The kind of license that a tag names.
    pub(super) fn tagged(&self, conn: &mut Conn, tag: &str) -> Result<Option<Entitlement>> {
        let key = tag.to_owned();
        if let Some(known) = self.inner.known.tags.get(&key) {
            return Ok(Some(known));
        }
        let found = db::licenses::by_tag(conn, tag)?;
        if let Some(entitlement) = &found {
            self.inner.known.tags.put(key, entitlement.clone());
        }
        Ok(found)
    }

    /// What a virtual account owns of a license and its family.
    pub(super) fn stock(
        &self,
        conn: &mut Conn,
        at: VirtualAccountId,
        of: &Entitlement,
    ) -> Result<Arc<Stock>> {
        let (changes, key) = (self.changes(), (at, of.id));
        if let Some(kept) = self.inner.known.stocks.get(changes, &key) {
            return Ok(kept);
        }
        let stock = Arc::new(db::pools::stock(conn, at, of)?);
        self.inner.known.stocks.put(changes, key, &stock);
        Ok(stock)
    }

    /// The names that a device is told.
    pub(super) fn names(&self, conn: &mut Conn, instance: &Instance) -> Result<Arc<Names>> {
        let (changes, key) = (self.changes(), instance.virtual_account);
        if let Some(kept) = self.inner.known.names.get(changes, &key) {
            return Ok(kept);
        }
        let gone = |what| domain::Error::not_found(what, instance.id.to_string());
        let account = db::accounts::find(conn, instance.account)?;
        let account = account.ok_or_else(|| gone("Smart Account"))?;
        let va = db::virtual_accounts::find(conn, instance.virtual_account)?;
        let names = Arc::new((account, va.ok_or_else(|| gone("virtual account"))?));
        self.inner.known.names.put(changes, key, &names);
        Ok(names)
    }
}
