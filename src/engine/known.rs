//! What reports of devices need and only they, or nobody, changes: product instances with their
//! use, families of licenses, what people have dismissed, kinds of license and names.
//!
//! On SQLite, where the data directory is locked for this process and one thread writes, it is
//! kept until the next change that is no report, and until work is undone. Only the units of
//! reports use it, and they leave in it what they have written. On PostgreSQL, other processes
//! may write: there it is read anew.

use super::Engine;
use super::current::Current;
use super::error::Result;
use crate::db::{self, Conn};
use crate::domain;
use crate::domain::account::SmartAccount;
use crate::domain::id::{EntitlementId, InstanceId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::pool::Family;
use crate::domain::registration::Refusal;
use crate::domain::virtual_account::VirtualAccount;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The place of a product instance, by name.
pub(super) type Names = (SmartAccount, VirtualAccount);

/// The most product instances that are kept: some megabytes.
const INSTANCES: usize = 4_096;

/// A product instance and what it uses.
pub(super) struct Heard {
    pub(super) instance: Arc<Instance>,
    pub(super) usage: BTreeMap<EntitlementId, i64>,
}

/// What makes licenses of one virtual account one family.
#[derive(PartialEq, Eq, Hash)]
enum Kin {
    Tiers(String),
    Alone(EntitlementId),
}

impl Kin {
    fn of(entitlement: &Entitlement) -> Self {
        match &entitlement.tier {
            Some(tier) => Self::Tiers(tier.family.clone()),
            None => Self::Alone(entitlement.id),
        }
    }
}

/// What is kept.
pub(super) struct Known {
    tags: Current<String, Entitlement>,
    names: Current<VirtualAccountId, Names>,
    heard: Current<InstanceId, Heard>,
    families: Current<(VirtualAccountId, Kin), Family>,
    dismissed: Current<VirtualAccountId, BTreeSet<String>>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            tags: Current::default(),
            names: Current::default(),
            heard: Current::holding(INSTANCES),
            families: Current::default(),
            dismissed: Current::default(),
        }
    }
}

impl Engine {
    /// Tells that something has changed: at the end of the unit, for the units behind it in
    /// the same commit, and after the commit, for everybody else.
    pub(super) fn note_change(&self) {
        self.forget_known();
        self.inner.horizon.forget();
    }

    /// Tells that something was changed that is kept here.
    pub(super) fn forget_known(&self) {
        self.inner.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Both of its parts only rise: another sum after each change, and after what was undone.
    fn changes(&self) -> Option<u64> {
        self.db().undone().map(|undone| undone + self.inner.changes.load(Ordering::SeqCst))
    }

    /// The product instance that a report comes from.
    pub(super) fn heard(&self, conn: &mut Conn, id: InstanceId) -> Result<Arc<Heard>> {
        if let Some(kept) = self.inner.known.heard.get(self.changes(), &id) {
            return Ok(kept);
        }
        let found = db::instances::find(conn, id)?.ok_or(Refusal::UnknownIdentity(id))?;
        let usage = db::pools::usage_of(conn, id)?.into_iter().collect();
        Ok(Arc::new(Heard { instance: Arc::new(found), usage }))
    }

    /// Keeps how a report has left its product instance.
    pub(super) fn keep_heard(&self, heard: Heard) {
        let key = heard.instance.id;
        self.inner.known.heard.put(self.changes(), key, &Arc::new(heard));
    }

    /// A license and its family in a virtual account, to be given back when it is changed.
    pub(super) fn take_family(
        &self,
        conn: &mut Conn,
        at: VirtualAccountId,
        of: &Entitlement,
    ) -> Result<Family> {
        match self.inner.known.families.take(self.changes(), &(at, Kin::of(of))) {
            Some(kept) => Ok(Arc::unwrap_or_clone(kept).seen_from(of)),
            None => Ok(db::pools::family(conn, at, of.clone())?),
        }
    }

    /// Gives a family back as it stands now.
    pub(super) fn keep_family(&self, family: Family) {
        let key = (family.pool.virtual_account, Kin::of(&family.pool.entitlement));
        self.inner.known.families.put(self.changes(), key, &Arc::new(family));
    }

    /// The keys of the alerts that people have dismissed in a virtual account.
    pub(super) fn dismissed(
        &self,
        conn: &mut Conn,
        at: VirtualAccountId,
    ) -> Result<Arc<BTreeSet<String>>> {
        let changes = self.changes();
        if let Some(kept) = self.inner.known.dismissed.get(changes, &at) {
            return Ok(kept);
        }
        let dismissed = Arc::new(db::notices::dismissed(conn, at)?);
        self.inner.known.dismissed.put(changes, at, &dismissed);
        Ok(dismissed)
    }

    /// The kind of license that a tag names.
    pub(super) fn tagged(&self, conn: &mut Conn, tag: &str) -> Result<Option<Entitlement>> {
        let (changes, key) = (self.changes(), tag.to_owned());
        if let Some(kept) = self.inner.known.tags.get(changes, &key) {
            return Ok(Some(Entitlement::clone(&kept)));
        }
        let found = db::licenses::by_tag(conn, tag)?;
        if let Some(entitlement) = &found {
            self.inner.known.tags.put(changes, key, &Arc::new(entitlement.clone()));
        }
        Ok(found)
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
