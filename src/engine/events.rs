//! Event logs and license transactions as people read them.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::on_prems::seen;
use crate::db::transactions::Filter;
use crate::db::{self, Conn};
use crate::domain::event::{Event, EventKind, Transaction, TransactionKind};
use crate::domain::id::{EntitlementId, EventId, InstanceId, TransactionId, VirtualAccountId};
use crate::domain::license::Entitlement;
use crate::domain::paging::{Page, Seek};
use crate::domain::people::Permission;
use std::collections::BTreeMap;

/// What is written of a local account's synchronization; alerts are those of the whole account.
const SYNCHRONIZATION: &[EventKind] = &[
    EventKind::Synchronized,
    EventKind::SyncFailed,
    EventKind::AlertRaised,
    EventKind::AlertCleared,
    EventKind::AccountExpired,
];

/// What is written of people, virtual accounts, and what else an account is administered by.
const ADMINISTRATION: &[EventKind] = &[
    EventKind::RoleGiven,
    EventKind::RoleChanged,
    EventKind::RoleTaken,
    EventKind::VirtualAccountCreated,
    EventKind::VirtualAccountChanged,
    EventKind::VirtualAccountDeleted,
    EventKind::DefaultChanged,
    EventKind::AccountChanged,
    EventKind::CustomTagCreated,
    EventKind::CustomTagChanged,
    EventKind::CustomTagRemoved,
    EventKind::AccountExpired,
    EventKind::AgreementPublished,
    EventKind::AgreementAccepted,
];

/// What a log is to tell of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// All there is.
    #[default]
    Everything,
    /// What a satellite exchanged with CSSM for this account, and did not in time.
    Synchronization,
    /// How the account is administered (B-LWS-08).
    Administration,
}

impl Subject {
    fn kinds(self) -> Option<&'static [EventKind]> {
        match self {
            Self::Everything => None,
            Self::Synchronization => Some(SYNCHRONIZATION),
            Self::Administration => Some(ADMINISTRATION),
        }
    }
}

/// Which log, and which part of it.
#[derive(Clone, Debug, Default)]
pub struct EventQuery {
    /// One virtual account; `None` for all that the caller sees.
    pub virtual_account: Option<VaRef>,
    /// Only this product instance.
    pub instance: Option<InstanceId>,
    /// Only this license.
    pub entitlement: Option<EntitlementId>,
    /// Only this On-Prem, by its number.
    pub on_prem: Option<i64>,
    /// Only what is about that.
    pub subject: Subject,
    /// Where the page begins.
    pub seek: Seek<EventId>,
    /// Rows on a page.
    pub limit: i64,
}

/// Which license transactions.
#[derive(Clone, Debug, Default)]
pub struct TransactionQuery {
    /// Only this license.
    pub entitlement: Option<EntitlementId>,
    /// Only of this kind.
    pub kind: Option<TransactionKind>,
    /// Where the page begins.
    pub seek: Seek<TransactionId>,
    /// Rows on a page.
    pub limit: i64,
}

/// An event with the name of its virtual account.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// The event.
    pub event: Event,
    /// The virtual account; empty when it concerns the whole Smart Account or is gone.
    pub virtual_account: String,
}

/// A license transaction with the names of things.
#[derive(Clone, Debug)]
pub struct LoggedTransaction {
    /// The transaction.
    pub transaction: Transaction,
    /// The license.
    pub entitlement: Entitlement,
    /// Name of the source; empty for orders.
    pub source: String,
    /// Name of the target.
    pub target: String,
}

impl Engine {
    /// One page of an event log, newest first (A-EVT-01, A-ACT-02).
    pub async fn events(
        &self,
        who: &Who,
        domain: &str,
        query: EventQuery,
    ) -> Result<Page<LoggedEvent>> {
        self.read_in(who, domain, move |conn, place, _| {
            let on_prem = match query.on_prem {
                Some(number) => Some(seen(conn, &place, number)?.uid),
                None => None,
            };
            let virtual_accounts = match on_prem {
                Some(_) => None,
                None => places(&place, query.virtual_account.as_ref())?,
            };
            let filter = db::events::Filter {
                account: place.account.id,
                virtual_accounts,
                instance: query.instance,
                entitlement: query.entitlement,
                on_prem,
                kinds: query.subject.kinds(),
                of_account: query.subject == Subject::Synchronization,
            };
            let page = db::events::page(conn, &filter, &query.seek, query.limit)?;
            let known = Names::of(conn, &place)?;
            let named = |event: Event| LoggedEvent {
                virtual_account: known.name(event.virtual_account),
                event,
            };
            Ok(Page {
                items: page.items.into_iter().map(named).collect(),
                has_previous: page.has_previous,
                has_next: page.has_next,
            })
        })
        .await
    }

    /// Product instances that a log may be narrowed to: the first ones by name, with their names
    /// (A-EVT-02).
    pub async fn instance_names(
        &self,
        who: &Who,
        domain: &str,
        limit: i64,
    ) -> Result<Vec<(InstanceId, String)>> {
        self.read_in(who, domain, move |conn, place, _| {
            let at: Vec<VirtualAccountId> = place.visible().iter().map(|va| va.id).collect();
            Ok(db::instances::names(conn, &at, limit)?)
        })
        .await
    }

    /// One page of the license transactions, newest first (A-ACT-01). They
    /// concern two virtual accounts each, so they are for account-wide roles.
    pub async fn transactions(
        &self,
        who: &Who,
        domain: &str,
        query: TransactionQuery,
    ) -> Result<Page<LoggedTransaction>> {
        self.read_in(who, domain, move |conn, place, _| {
            place.actor.require(Permission::View, &place.scope())?;
            let TransactionQuery { entitlement, kind, seek, limit } = query;
            let filter = Filter { account: place.account.id, entitlement, kind, place: None };
            let page = db::transactions::page(conn, &filter, &seek, limit)?;
            named(conn, &place, page)
        })
        .await
    }

    /// One page of what a virtual account gave and received of a license (A-LIC-07):
    /// whoever sees the virtual account reads the same in its event log.
    pub async fn license_transactions(
        &self,
        who: &Who,
        domain: &str,
        (va, license): (VaRef, EntitlementId),
        (seek, limit): (Seek<TransactionId>, i64),
    ) -> Result<Page<LoggedTransaction>> {
        self.read_in(who, domain, move |conn, place, _| {
            let at = place.require(Permission::View, &va)?.id;
            let filter = Filter {
                account: place.account.id,
                entitlement: Some(license),
                kind: None,
                place: Some(at),
            };
            let page = db::transactions::page(conn, &filter, &seek, limit)?;
            named(conn, &place, page)
        })
        .await
    }
}

/// Transactions with the names of their licenses and virtual accounts.
fn named(
    conn: &mut Conn,
    place: &Place,
    page: Page<Transaction>,
) -> Result<Page<LoggedTransaction>> {
    let ids: Vec<EntitlementId> = page.items.iter().map(|t| t.entitlement).collect();
    let known = db::licenses::entitlements(conn, &ids)?;
    let names = Names::of(conn, place)?;
    let items = page.items.into_iter().filter_map(|transaction| {
        let entitlement = known.iter().find(|e| e.id == transaction.entitlement)?.clone();
        let (source, target) = (names.name(transaction.source), names.name(transaction.target));
        Some(LoggedTransaction { transaction, entitlement, source, target })
    });
    Ok(Page { items: items.collect(), has_previous: page.has_previous, has_next: page.has_next })
}

/// Names of virtual accounts, of those that were deleted too (AS-22).
struct Names<'a> {
    place: &'a Place,
    former: BTreeMap<VirtualAccountId, String>,
}

impl<'a> Names<'a> {
    fn of(conn: &mut Conn, place: &'a Place) -> Result<Self> {
        let former = db::virtual_accounts::former(conn, place.account.id)?;
        Ok(Self { place, former })
    }

    fn name(&self, id: Option<VirtualAccountId>) -> String {
        let Some(id) = id else { return String::new() };
        match (self.place.tree.get(id), self.former.get(&id)) {
            (Some(va), _) => va.name.as_str().to_owned(),
            (None, Some(name)) => format!("{name} (deleted)"),
            (None, None) => String::new(),
        }
    }
}

/// The virtual accounts whose events the caller may read; `None` for all of
/// the Smart Account, deleted ones and account-wide events included.
fn places(place: &Place, wanted: Option<&VaRef>) -> Result<Option<Vec<VirtualAccountId>>> {
    if let Some(va) = wanted {
        return Ok(Some(vec![place.require(Permission::View, va)?.id]));
    }
    if place.actor.may(Permission::View, &place.scope()) {
        return Ok(None);
    }
    Ok(Some(place.visible().iter().map(|va| va.id).collect()))
}
