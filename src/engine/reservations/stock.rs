//! What a virtual account has to reserve.

use super::Case;
use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::id::VirtualAccountId;
use crate::domain::license::{Billing, Entitlement};
use crate::domain::line::{Line, LineStatus};
use crate::domain::pool::{Family, Pool};
use crate::domain::reservation::available;
use crate::engine::error::Result;

/// A row of *Select Licenses* (A-RSV-04).
#[derive(Clone, Debug)]
pub struct StockRow {
    /// The license.
    pub entitlement: Entitlement,
    /// The line; none for a reporting-only license.
    pub line: Option<Line>,
    /// How many more could be reserved; none where there is no limit.
    pub available: Option<i64>,
    /// What the device holds of it.
    pub held: i64,
    /// What it shall hold, while an update is in transit.
    pub next: Option<i64>,
    /// Whether the line has ended: it can only be given back.
    pub ended: bool,
}

/// All licenses of a virtual account, each with its family; also what is only reported and what
/// the account has nothing of.
pub(super) fn families(conn: &mut Conn, at: VirtualAccountId) -> Result<Vec<Family>> {
    let pools = db::pools::list(conn, Places::these(&[at]))?;
    let tiers = |of: &Entitlement| of.tier.as_ref().map(|tier| tier.family.clone());
    let family = |pool: &Pool| {
        let own = tiers(&pool.entitlement);
        let related = |other: &&Pool| {
            other.id() == pool.id() || (own.is_some() && tiers(&other.entitlement) == own)
        };
        let related = pools.iter().filter(related).cloned().collect();
        Family::new(at, pool.entitlement.clone(), related)
    };
    let mut families: Vec<Family> = pools.iter().map(family).collect();
    for of in db::licenses::all(conn)? {
        let absent = families.iter().all(|family| family.pool.id() != of.id);
        if absent && of.billing == Billing::Usage {
            families.push(Family::new(at, of, Vec::new()));
        }
    }
    Ok(families)
}

/// The rows of *Select Licenses*: what can be reserved, and what the device holds.
pub(super) fn rows(families: &[Family], case: Option<&Case>, now: Timestamp) -> Vec<StockRow> {
    let mut rows = Vec::new();
    for family in families {
        let of = &family.pool.entitlement;
        for line in family.pool.lines.iter().map(Some).chain([None]) {
            let held = case.and_then(|case| {
                let id = line.map(|line| line.id);
                case.held.iter().find(|held| held.entitlement == of.id && held.line == id)
            });
            let open = match line {
                Some(line) => line.status(now) == LineStatus::Active,
                None => of.billing == Billing::Usage,
            };
            if held.is_none() && !open {
                continue;
            }
            rows.push(StockRow {
                entitlement: of.clone(),
                line: line.cloned(),
                available: line.map(|line| available(family, line, now)),
                held: held.map_or(0, |held| held.quantity),
                next: held.and_then(|held| held.next),
                ended: line.is_some_and(|line| line.has_ended(now)),
            });
        }
    }
    rows
}
