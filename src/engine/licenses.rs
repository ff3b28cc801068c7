//! Licenses as pages and the REST API list them.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::instances::UsageRow;
use crate::crypto::secret::digest;
use crate::db;
use crate::db::pools::Places;
use crate::domain::id::{EntitlementId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::line::{Line, LineStatus};
use crate::domain::people::Permission;
use crate::domain::pool::{Pool, Standing};
use crate::domain::substitution::{loans, standings};
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};
use std::sync::Arc;

/// One license in one virtual account.
#[derive(Clone, Debug)]
pub struct LicenseRow {
    /// Where.
    pub virtual_account: VirtualAccount,
    /// What, with its lines.
    pub pool: Pool,
    /// The figures now.
    pub standing: Standing,
    /// Its labels.
    pub tags: Vec<String>,
}

/// One license in one virtual account, without figures.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Where.
    pub virtual_account: VirtualAccount,
    /// What, with its lines.
    pub pool: Pool,
}

/// The licenses of some virtual accounts, as one caller sees them.
#[derive(Clone, Debug)]
pub struct LicenseList {
    /// By virtual account, then by name.
    pub stocks: Vec<Stock>,
    /// When the caller's credential ends.
    until: Timestamp,
}

/// A license of a list with its figures at an instant.
#[derive(Clone, Debug)]
pub struct ListedLicense<'a> {
    /// Where and what.
    pub stock: &'a Stock,
    /// The figures.
    pub standing: Standing,
    /// Loans from and to it.
    pub loans: Vec<NamedLoan<'a>>,
}

/// So many of one license stand in for another.
#[derive(Clone, Copy, Debug)]
pub struct NamedLoan<'a> {
    /// The higher tier.
    pub from: &'a str,
    /// The lower tier.
    pub to: &'a str,
    /// How many.
    pub quantity: i64,
}

impl LicenseList {
    /// The figures of all licenses at an instant, in the order of the list.
    pub fn figures(&self, now: Timestamp) -> Vec<ListedLicense<'_>> {
        let pools: Vec<&Pool> = self.stocks.iter().map(|stock| &stock.pool).collect();
        let figures = standings(&pools, now);
        let rows = self.stocks.iter().zip(figures);
        rows.map(|(stock, standing)| {
            let loans = match standing.borrowed + standing.lent {
                0 => Vec::new(),
                _ => self.loans_of(stock, now),
            };
            ListedLicense { stock, standing, loans }
        })
        .collect()
    }

    fn loans_of(&self, stock: &Stock, now: Timestamp) -> Vec<NamedLoan<'_>> {
        let (here, id) = (stock.pool.virtual_account, stock.pool.id());
        let pools = self.stocks.iter().map(|stock| &stock.pool);
        let pools: Vec<&Pool> = pools.filter(|pool| pool.virtual_account == here).collect();
        let name = |id| {
            let found = pools.iter().find(|pool| pool.id() == id);
            found.map_or("", |pool| pool.entitlement.name.as_str())
        };
        loans(&pools, now)
            .into_iter()
            .filter(|loan| loan.from == id || loan.to == id)
            .map(|loan| NamedLoan {
                from: name(loan.from),
                to: name(loan.to),
                quantity: loan.quantity,
            })
            .collect()
    }
}

/// One license line in one virtual account (L2).
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Where.
    pub virtual_account: VirtualAccount,
    /// What.
    pub entitlement: Entitlement,
    /// The line.
    pub line: Line,
    /// Its state now.
    pub status: LineStatus,
}

/// One license in one virtual account, with everything around it.
#[derive(Clone, Debug)]
pub struct LicenseView {
    /// The license.
    pub row: LicenseRow,
    /// The product instances that report it, with their count.
    pub instances: Vec<(Instance, i64)>,
    /// How the license stands in the other virtual accounts that the caller sees.
    pub elsewhere: Vec<LicenseRow>,
    /// The virtual accounts where the caller may transfer.
    pub transferable: Vec<VirtualAccountId>,
    /// The instant of the figures.
    pub now: Timestamp,
}

/// The most licenses in a list that is kept.
const KEPT: usize = 500;

impl Engine {
    /// The licenses of the named virtual accounts, or of all visible ones (L1).
    /// Scripts ask again and again, so the list is kept until the next commit.
    pub async fn license_list(
        &self,
        who: &Who,
        domain: &str,
        names: Vec<String>,
    ) -> Result<Arc<LicenseList>> {
        let generation = self.db().generation();
        let key = key(who, domain, &names);
        let now = self.now();
        if let Some(list) = self.inner.lists.get(generation, &key)
            && now < list.until
            && !self.inner.horizon.may_be_due(now)
        {
            return Ok(list);
        }
        let list = self
            .read_in(who, domain, move |conn, place, _| {
                let pools = selected(conn, &place, &names)?;
                let stock = |pool: Pool| {
                    let virtual_account = place.tree.get(pool.virtual_account)?.clone();
                    Some(Stock { virtual_account, pool })
                };
                let stocks = pools.into_iter().filter_map(stock).collect();
                Ok(LicenseList { stocks, until: place.until })
            })
            .await?;
        let list = Arc::new(list);
        if list.stocks.len() <= KEPT {
            self.inner.lists.put(generation, key, &list);
        }
        Ok(list)
    }

    /// The licenses of the named virtual accounts, or of all visible ones.
    pub async fn licenses(
        &self,
        who: &Who,
        domain: &str,
        names: Vec<String>,
    ) -> Result<Vec<LicenseRow>> {
        self.read_in(who, domain, move |conn, place, now| {
            let pools = selected(conn, &place, &names)?;
            Ok(rows(pools, |id| place.tree.get(id), now))
        })
        .await
    }

    /// The lines that end, of the named virtual accounts or of all visible ones
    /// (L2); `wanted` narrows to these states.
    pub async fn ending_lines(
        &self,
        who: &Who,
        domain: &str,
        names: Vec<String>,
        wanted: Option<Vec<LineStatus>>,
    ) -> Result<Vec<LineRow>> {
        self.read_in(who, domain, move |conn, place, now| {
            let mut rows = Vec::new();
            for pool in selected(conn, &place, &names)? {
                let Some(va) = place.tree.get(pool.virtual_account) else { continue };
                for line in pool.lines.into_iter().filter(|line| line.ends.is_some()) {
                    let status = line.status(now);
                    if wanted.as_ref().is_none_or(|wanted| wanted.contains(&status)) {
                        let (virtual_account, entitlement) = (va.clone(), pool.entitlement.clone());
                        rows.push(LineRow { virtual_account, entitlement, line, status });
                    }
                }
            }
            Ok(rows)
        })
        .await
    }

    /// The licenses of one virtual account.
    pub async fn licenses_of(&self, who: &Who, domain: &str, va: VaRef) -> Result<Vec<LicenseRow>> {
        self.read_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::View, &va)?;
            let pools = db::pools::list(conn, Places::these(&[va.id]))?;
            let mut tags = db::tags::of_licenses(conn, &[va.id])?;
            let mut rows = rows(pools, |id| place.tree.get(id), now);
            for row in &mut rows {
                row.tags = tags.remove(&(va.id, row.pool.id())).unwrap_or_default();
            }
            Ok(rows)
        })
        .await
    }

    /// One license in one virtual account, with its users and siblings.
    pub async fn license(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        entitlement: EntitlementId,
    ) -> Result<LicenseView> {
        self.read_in(who, domain, move |conn, place, now| {
            let va = place.require(Permission::View, &va)?.clone();
            let entitlement = db::licenses::entitlement(conn, entitlement)?
                .ok_or_else(|| Error::not_found("license", entitlement.to_string()))?;
            let id = entitlement.id;
            let family = db::pools::family(conn, va.id, entitlement)?;
            let standing = family.standing(now);
            let pool = family.pool;
            let instances = db::pools::users_of(conn, va.id, id)?;
            let tags = db::tags::of_licenses(conn, &[va.id])?.remove(&(va.id, id));
            let tags = tags.unwrap_or_default();
            let others: Vec<VirtualAccountId> =
                place.visible().iter().map(|v| v.id).filter(|v| *v != va.id).collect();
            let pools = db::pools::list(conn, Places::these(&others))?;
            let mut elsewhere = rows(pools, |id| place.tree.get(id), now);
            elsewhere.retain(|row| row.pool.id() == id);
            let may = |va: &&&VirtualAccount| place.may(Permission::Transfer, va);
            let transferable = place.visible().iter().filter(may).map(|va| va.id).collect();
            let row = LicenseRow { virtual_account: va, pool, standing, tags };
            Ok(LicenseView { row, instances, elsewhere, transferable, now })
        })
        .await
    }
}

/// What tells one question from another; secrets only as digests.
fn key(who: &Who, domain: &str, names: &[String]) -> String {
    let who = match who {
        Who::Session(text) | Who::Bearer(text) => digest(text),
        Who::Nobody => String::new(),
    };
    let mut key = format!("{who}\0{domain}");
    for name in names {
        key.push('\0');
        key.push_str(name);
    }
    key
}

/// The pools of the named virtual accounts, or of all visible ones.
fn selected(conn: &mut db::Conn, place: &Place, names: &[String]) -> Result<Vec<Pool>> {
    let ids: Vec<VirtualAccountId> = place.selected(names)?.iter().map(|va| va.id).collect();
    let all = ids.len() == place.tree.all().len() && names.is_empty();
    let whole = all.then_some(place.account.id);
    Ok(db::pools::list(conn, Places { at: &ids, whole })?)
}

/// What an instance uses, by license name.
pub(super) fn usage_rows(
    conn: &mut db::Conn,
    usage: &[(EntitlementId, i64)],
) -> Result<Vec<UsageRow>> {
    let ids: Vec<EntitlementId> = usage.iter().map(|(id, _)| *id).collect();
    let entitlements = db::licenses::entitlements(conn, &ids)?;
    let count = |id| usage.iter().filter(|(e, _)| *e == id).map(|(_, n)| *n).sum();
    Ok(entitlements
        .into_iter()
        .map(|entitlement| UsageRow { quantity: count(entitlement.id), entitlement })
        .collect())
}

fn rows<'a>(
    pools: Vec<Pool>,
    place: impl Fn(VirtualAccountId) -> Option<&'a VirtualAccount>,
    now: Timestamp,
) -> Vec<LicenseRow> {
    let figures = standings(&pools, now);
    let row = |(pool, standing): (Pool, Standing)| {
        let virtual_account = place(pool.virtual_account)?.clone();
        Some(LicenseRow { virtual_account, pool, standing, tags: Vec::new() })
    };
    pools.into_iter().zip(figures).filter_map(row).collect()
}
