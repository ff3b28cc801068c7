//! Compliance explained: the arithmetic of a balance, part by part.

use super::id::{EntitlementId, InstanceId, LineId};
use super::license::{Billing, LicenseType};
use super::line::{Line, LineStatus};
use super::pool::{Family, Standing};
use super::substitution::loans;
use super::time::Timestamp;
use chrono::NaiveDate;

/// What a line adds to the stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePart {
    /// The line.
    pub id: LineId,
    /// Its type.
    pub license_type: LicenseType,
    /// Its state at the instant.
    pub status: LineStatus,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: Option<NaiveDate>,
    /// How many it is.
    pub quantity: i64,
    /// How many of them count: all, or none.
    pub counted: i64,
    /// How many of it are reserved and in use for that.
    pub reserved: i64,
}

/// What a product instance takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsePart {
    /// The product instance.
    pub instance: InstanceId,
    /// Its name.
    pub name: String,
    /// How many it reports.
    pub quantity: i64,
}

/// What a device holds reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedPart {
    /// The device.
    pub instance: InstanceId,
    /// Its name.
    pub name: String,
    /// The line it is reserved of.
    pub line: LineId,
    /// How many.
    pub quantity: i64,
    /// How many of them count as in use: none while the line is not active.
    pub counted: i64,
}

/// A loan from or to another tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanPart {
    /// The other license.
    pub entitlement: EntitlementId,
    /// Its name.
    pub name: String,
    /// Positive borrowed, negative lent.
    pub quantity: i64,
}

/// The arithmetic that leads to a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The instant.
    pub at: Timestamp,
    /// How the license is paid for.
    pub billing: Billing,
    /// The stock.
    pub lines: Vec<LinePart>,
    /// The reported use.
    pub instances: Vec<UsePart>,
    /// The reservations.
    pub reservations: Vec<ReservedPart>,
    /// Substitution.
    pub loans: Vec<LoanPart>,
    /// The sums, as pages and REST show them.
    pub standing: Standing,
}

/// Explains the wanted license of a family; uses and reservations as counted at the database.
pub fn explain(
    family: &Family,
    instances: Vec<UsePart>,
    held: Vec<(InstanceId, String, LineId, i64)>,
    now: Timestamp,
) -> Explanation {
    let lines = &family.pool.lines;
    let reservations = held
        .into_iter()
        .map(|(instance, name, line, quantity)| {
            let of = lines.iter().find(|own| own.id == line);
            let counted = of.map_or(0, |own| if counts_reserved(own, now) { quantity } else { 0 });
            ReservedPart { instance, name, line, quantity, counted }
        })
        .collect();
    Explanation {
        at: now,
        billing: family.pool.entitlement.billing,
        lines: lines.iter().map(|line| line_part(line, now)).collect(),
        instances,
        reservations,
        loans: loan_parts(family, now),
        standing: family.standing(now),
    }
}

fn line_part(line: &Line, now: Timestamp) -> LinePart {
    let status = line.status(now);
    LinePart {
        id: line.id,
        license_type: line.license_type,
        status,
        starts: line.starts,
        ends: line.ends,
        quantity: line.quantity,
        counted: if status == LineStatus::Active { line.quantity } else { 0 },
        reserved: if counts_reserved(line, now) { line.reserved } else { 0 },
    }
}

fn counts_reserved(line: &Line, now: Timestamp) -> bool {
    line.status(now) == LineStatus::Active
}

fn loan_parts(family: &Family, now: Timestamp) -> Vec<LoanPart> {
    let pools = family.pools();
    let wanted = family.pool.id();
    let name = |id| {
        let found = pools.iter().find(|pool| pool.id() == id);
        found.map_or_else(String::new, |pool| pool.entitlement.name.clone())
    };
    loans(&pools, now)
        .into_iter()
        .filter_map(|loan| {
            let (entitlement, quantity) = match wanted {
                id if id == loan.to => (loan.from, loan.quantity),
                id if id == loan.from => (loan.to, -loan.quantity),
                _ => return None,
            };
            Some(LoanPart { entitlement, name: name(entitlement), quantity })
        })
        .collect()
}

impl Explanation {
    /// Whether the parts lead to the sums that are shown. Anything else is a defect.
    pub fn adds_up(&self) -> bool {
        let usable: i64 = self.lines.iter().map(|line| line.counted).sum();
        let reported: i64 = self.instances.iter().map(|part| part.quantity).sum();
        let reserved: i64 = self.reservations.iter().map(|part| part.counted).sum();
        let of_lines: i64 = self.lines.iter().map(|line| line.reserved).sum();
        let lent: i64 = self.loans.iter().map(|loan| loan.quantity).sum();
        let shown = &self.standing;
        usable == shown.usable
            && reserved == shown.reserved
            && of_lines == shown.reserved
            && reported + reserved == shown.in_use
            && lent == shown.substitution()
            && usable - reported - reserved + lent == shown.balance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::line::samples::line;
    use crate::domain::pool::samples::{entitlement, pool};
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        /// A-SEM-06, A-SEM-08: whatever lines, uses, reservations and loans there are, the parts add up.
        #[test]
        fn the_parts_always_add_up(
            tiers in prop::collection::vec((0i64..40, 0i64..40, 0i64..9, any::<bool>()), 1..5),
            wanted in 0usize..5, day in 0u64..400,
        ) {
            let pools: Vec<_> = tiers.iter().zip(1u32..).map(|(tier, n)| {
                let (stock, reported, reserved, ends) = *tier;
                let last = ends.then_some("2026-06-30");
                let kind = if ends { LicenseType::Term } else { LicenseType::Perpetual };
                let own = Line { reserved, ..line(kind, stock, "2026-01-05", last) };
                pool(entitlement(n.into(), Billing::Prepaid, Some(i64::from(n))), vec![own], reported)
            }).collect();
            let of = pools[wanted % pools.len()].clone();
            let family = Family::new(of.virtual_account, of.entitlement.clone(), pools);
            let instance = InstanceId(Uuid::from_u128(9));
            let uses = vec![UsePart { instance, name: "dev-1".into(), quantity: of.reported }];
            let held = of.lines.iter().map(|l| (instance, "dev-2".into(), l.id, l.reserved)).collect();
            let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap().plus_days(day);
            let told = explain(&family, uses, held, now);
            prop_assert!(told.adds_up(), "{:?}", told);
        }
    }
}
