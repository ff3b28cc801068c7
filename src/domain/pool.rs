//! The pool: what one virtual account has of one license, uses, and is short of.

use super::id::{EntitlementId, VirtualAccountId};
use super::license::{Billing, Entitlement};
use super::line::{Line, LineStatus};
use super::substitution;
use super::time::Timestamp;

/// One license in one virtual account: its stock and the reported use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The license.
    pub entitlement: Entitlement,
    /// The virtual account.
    pub virtual_account: VirtualAccountId,
    /// Its lines there, in any state.
    pub lines: Vec<Line>,
    /// Sum of what registered product instances report.
    pub reported: i64,
}

/// The figures of a pool at an instant (A-SEM-04 to A-SEM-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Sum of the active lines: *Available to Use*.
    pub usable: i64,
    /// Sum of the lines that have not begun or are not provisioned.
    pub pending: i64,
    /// Reserved for single devices; counted as used whether they use it or not, while the
    /// line is active (A-RSV-21): what does not count as stock is not in use either.
    pub reserved: i64,
    /// Reported and reserved: *In Use*.
    pub in_use: i64,
    /// Borrowed from higher tiers of the family.
    pub borrowed: i64,
    /// Lent to lower tiers of the family.
    pub lent: i64,
    /// `usable - in_use + borrowed - lent`.
    pub balance: i64,
    /// Whether the balance makes the license insufficient.
    pub status: Compliance,
}

/// Compliance of a license in a virtual account (proven texts; rest-api L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compliance {
    /// The balance is zero or more.
    InCompliance,
    /// The balance is below zero.
    OutOfCompliance,
}

impl Compliance {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::InCompliance => "In Compliance",
            Self::OutOfCompliance => "Out Of Compliance",
        }
    }
}

impl Standing {
    /// How many are missing; zero in compliance.
    pub fn shortage(&self) -> i64 {
        match self.status {
            Compliance::InCompliance => 0,
            Compliance::OutOfCompliance => -self.balance,
        }
    }

    /// What substitution adds to the balance: positive borrowed, negative lent.
    pub fn substitution(&self) -> i64 {
        self.borrowed - self.lent
    }
}

impl Pool {
    /// A pool without stock and use.
    pub fn empty(virtual_account: VirtualAccountId, entitlement: Entitlement) -> Self {
        Self { entitlement, virtual_account, lines: Vec::new(), reported: 0 }
    }

    /// The entitlement's identity.
    pub fn id(&self) -> EntitlementId {
        self.entitlement.id
    }

    /// The figures without substitution: [`substitution::standings`] adds it.
    pub(super) fn alone(&self, now: Timestamp) -> Standing {
        let mut standing = Standing {
            usable: 0,
            pending: 0,
            reserved: 0,
            in_use: self.reported,
            borrowed: 0,
            lent: 0,
            balance: 0,
            status: Compliance::InCompliance,
        };
        for line in &self.lines {
            match line.status(now) {
                LineStatus::Active => {
                    standing.usable += line.quantity;
                    standing.reserved += line.reserved;
                }
                LineStatus::Future | LineStatus::Pending => standing.pending += line.quantity,
                LineStatus::Expired | LineStatus::Cancelled => {}
            }
        }
        standing.in_use += standing.reserved;
        self.balanced(standing)
    }

    /// The same figures with this much borrowed and lent.
    pub(super) fn with_loans(&self, standing: Standing, borrowed: i64, lent: i64) -> Standing {
        self.balanced(Standing { borrowed, lent, ..standing })
    }

    fn balanced(&self, mut standing: Standing) -> Standing {
        standing.balance = standing.usable - standing.in_use + standing.substitution();
        // BAL-5: what is billed by use is never insufficient.
        let prepaid = self.entitlement.billing == Billing::Prepaid;
        standing.status = if standing.balance < 0 && prepaid {
            Compliance::OutOfCompliance
        } else {
            Compliance::InCompliance
        };
        standing
    }

    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.reported == 0
    }
}

/// A license in a virtual account, with all that can lend to it or borrow from it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The license.
    pub pool: Pool,
    /// The other pools of its family, with stock or use.
    relatives: Vec<Pool>,
}

impl Family {
    /// From all pools of the wanted license's family in one virtual account; the wanted one
    /// may be absent when nothing is there.
    pub fn new(at: VirtualAccountId, wanted: Entitlement, pools: Vec<Pool>) -> Self {
        let (mut own, relatives): (Vec<Pool>, Vec<Pool>) =
            pools.into_iter().partition(|pool| pool.id() == wanted.id);
        let pool = own.pop().unwrap_or_else(|| Pool::empty(at, wanted));
        Self { pool, relatives }
    }

    /// All pools of the family, the wanted one first.
    pub fn pools(&self) -> Vec<&Pool> {
        std::iter::once(&self.pool).chain(&self.relatives).collect()
    }

    /// The same family when another of its licenses is wanted.
    #[must_use]
    pub fn seen_from(self, wanted: &Entitlement) -> Self {
        if self.pool.id() == wanted.id {
            return self;
        }
        let at = self.pool.virtual_account;
        let pools = std::iter::once(self.pool).chain(self.relatives).collect();
        Self::new(at, wanted.clone(), pools)
    }

    /// The same family when the wanted license has these lines.
    #[must_use]
    pub fn with_lines(&self, lines: Vec<Line>) -> Self {
        let pool = Pool { lines, ..self.pool.clone() };
        Self { pool, relatives: self.relatives.clone() }
    }

    /// The figures of the wanted license.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let standings = substitution::standings(&self.pools(), now);
        standings.into_iter().next().unwrap_or_else(|| self.pool.alone(now))
    }

    /// The figures of any license of the family.
    pub fn standing_of(&self, id: EntitlementId, now: Timestamp) -> Option<Standing> {
        let pools = self.pools();
        let standings = substitution::standings(&pools, now);
        pools.iter().zip(standings).find(|(pool, _)| pool.id() == id).map(|(_, of)| of)
    }

    /// Changes the reported use of a license of the family.
    pub fn report(&mut self, of: &Entitlement, change: i64) {
        let at = self.pool.virtual_account;
        let all = std::iter::once(&mut self.pool).chain(&mut self.relatives);
        match all.into_iter().find(|pool| pool.id() == of.id) {
            Some(pool) => pool.reported += change,
            None => {
                self.relatives.push(Pool { reported: change, ..Pool::empty(at, of.clone()) });
            }
        }
    }

    /// How many are missing in the whole family.
    pub fn shortage(&self, now: Timestamp) -> i64 {
        substitution::standings(&self.pools(), now).iter().map(Standing::shortage).sum()
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::domain::license::Tier;
    use uuid::Uuid;

    /// A kind of license, for tests of the rules.
    pub(crate) fn entitlement(n: u128, billing: Billing, rank: Option<i64>) -> Entitlement {
        Entitlement {
            id: EntitlementId(Uuid::from_u128(n)),
            tag: format!("regid.test{n}"),
            name: format!("Test {n}"),
            description: String::new(),
            billing,
            enforced: false,
            export_restricted: false,
            tier: rank.map(|rank| Tier { family: "Tests".into(), rank }),
        }
    }

    /// Its pool in virtual account 3.
    pub(crate) fn pool(entitlement: Entitlement, lines: Vec<Line>, reported: i64) -> Pool {
        let virtual_account = VirtualAccountId(Uuid::from_u128(3));
        Pool { entitlement, virtual_account, lines, reported }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{entitlement, pool};
    use super::*;
    use crate::domain::license::LicenseType;
    use crate::domain::line::samples::line;

    fn at(pool: &Pool, when: &str) -> Standing {
        pool.alone(Timestamp::parse(when).unwrap())
    }

    /// BAL-1, BAL-2, BAL-3, BAL-4, BAL-5, A-SEM-04, A-SEM-06: the balance vectors.
    #[test]
    fn the_balance_vectors_hold() {
        use LicenseType as T;
        let prepaid =
            |lines, reported| pool(entitlement(1, Billing::Prepaid, None), lines, reported);
        let perpetual = line(T::Perpetual, 10, "2026-01-05", None);

        let reserved = Line { reserved: 2, ..perpetual.clone() };
        let bal1 = at(&prepaid(vec![reserved], 7), "2026-01-05T09:00:00Z");
        assert_eq!((bal1.usable, bal1.in_use, bal1.balance), (10, 9, 1));

        let term = line(T::Term, 5, "2026-01-05", Some("2026-06-30"));
        let bal2 = prepaid(vec![perpetual, term], 12);
        assert_eq!(at(&bal2, "2026-06-30T23:59:59Z").balance, 3);
        let after = at(&bal2, "2026-07-01T00:00:00Z");
        assert_eq!((after.usable, after.balance, after.shortage()), (10, -2, 2));
        assert_eq!(after.status, Compliance::OutOfCompliance);

        let future = line(T::Term, 5, "2026-08-01", Some("2027-07-31"));
        let bal3 = prepaid(vec![future], 3);
        let july = at(&bal3, "2026-07-15T12:00:00Z");
        assert_eq!((july.usable, july.pending, july.balance), (0, 5, -3));
        assert_eq!(at(&bal3, "2026-08-01T00:00:00Z").balance, 2);

        let demo = line(T::Demo, 3, "2026-01-05", Some("2026-03-05"));
        let bal4 = prepaid(vec![demo], 3);
        assert_eq!(at(&bal4, "2026-03-06T00:00:00Z").balance, -3);

        let billed = pool(entitlement(1, Billing::Usage, None), vec![], 250);
        let bal5 = at(&billed, "2026-01-05T09:00:00Z");
        assert_eq!((bal5.status, bal5.shortage()), (Compliance::InCompliance, 0));
    }

    /// A-RSV-21: what is reserved of a line counts as in use while the line does, no longer and
    /// no earlier.
    #[test]
    fn a_reservation_begins_and_ends_with_its_line() {
        let term = line(LicenseType::Term, 5, "2026-01-05", Some("2026-06-30"));
        let held = Line { reserved: 2, ..term };
        let held = pool(entitlement(1, Billing::Prepaid, None), vec![held], 0);
        let day = |when| at(&held, when);
        let early = day("2026-01-04T12:00:00Z");
        assert_eq!((early.pending, early.in_use, early.balance), (5, 0, 0));
        assert_eq!(
            (day("2026-06-30T12:00:00Z").in_use, day("2026-06-30T12:00:00Z").balance),
            (2, 3)
        );
        assert_eq!(
            (day("2026-07-01T00:00:00Z").in_use, day("2026-07-01T00:00:00Z").balance),
            (0, 0)
        );
    }
}
