//! The pool: what one virtual account has of one license, uses, and is short of.

use super::id::{EntitlementId, VirtualAccountId};
use super::license::{Billing, Entitlement, Line, LineStatus};
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

/// The figures of a pool at an instant (A-SEM-04 to A-SEM-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Sum of the active lines: *Available to Use*.
    pub usable: i64,
    /// Sum of the lines that have not begun.
    pub pending: i64,
    /// Reserved for single devices; counted as used whether they use it or not.
    pub reserved: i64,
    /// Reported and reserved: *In Use*.
    pub in_use: i64,
    /// `usable - in_use`.
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
}

impl Pool {
    /// The entitlement's identity.
    pub fn id(&self) -> EntitlementId {
        self.entitlement.id
    }

    /// Counts the lines at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let sum = |wanted: LineStatus| -> i64 {
            self.lines.iter().filter(|l| l.status(now) == wanted).map(|l| l.quantity).sum()
        };
        let usable = sum(LineStatus::Active);
        let reserved: i64 = self.lines.iter().map(|l| l.reserved).sum();
        let in_use = self.reported + reserved;
        let balance = usable - in_use;
        let short = balance < 0 && self.entitlement.billing == Billing::Prepaid;
        Standing {
            usable,
            pending: sum(LineStatus::Future),
            reserved,
            in_use,
            balance,
            status: if short { Compliance::OutOfCompliance } else { Compliance::InCompliance },
        }
    }

    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.reported == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{LineId, SmartAccountId};
    use crate::domain::license::{LicenseType, Origin};
    use chrono::NaiveDate;
    use uuid::Uuid;

    fn entitlement(billing: Billing) -> Entitlement {
        Entitlement {
            id: EntitlementId(Uuid::from_u128(1)),
            tag: "regid.test".into(),
            name: "Test".into(),
            description: String::new(),
            billing,
            enforced: false,
            export_restricted: false,
        }
    }

    fn line(kind: LicenseType, quantity: i64, starts: &str, ends: Option<&str>) -> Line {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        Line {
            id: LineId(Uuid::from_u128(7)),
            account: SmartAccountId(Uuid::from_u128(2)),
            virtual_account: VirtualAccountId(Uuid::from_u128(3)),
            entitlement: EntitlementId(Uuid::from_u128(1)),
            license_type: kind,
            quantity,
            reserved: 0,
            starts: date(starts),
            ends: ends.map(date),
            origin: Origin::default(),
        }
    }

    fn pool(billing: Billing, lines: Vec<Line>, reported: i64) -> Pool {
        Pool {
            entitlement: entitlement(billing),
            virtual_account: VirtualAccountId(Uuid::from_u128(3)),
            lines,
            reported,
        }
    }

    fn at(pool: &Pool, when: &str) -> Standing {
        pool.standing(Timestamp::parse(when).unwrap())
    }

    /// BAL-1, BAL-2, BAL-3, BAL-4, BAL-5, A-SEM-04, A-SEM-06: the balance vectors.
    #[test]
    fn the_balance_vectors_hold() {
        use LicenseType as T;
        let perpetual = line(T::Perpetual, 10, "2026-01-05", None);

        let reserved = Line { reserved: 2, ..perpetual.clone() };
        let bal1 = at(&pool(Billing::Prepaid, vec![reserved], 7), "2026-01-05T09:00:00Z");
        assert_eq!((bal1.usable, bal1.in_use, bal1.balance), (10, 9, 1));

        let term = line(T::Term, 5, "2026-01-05", Some("2026-06-30"));
        let bal2 = pool(Billing::Prepaid, vec![perpetual, term], 12);
        assert_eq!(at(&bal2, "2026-06-30T23:59:59Z").balance, 3);
        let after = at(&bal2, "2026-07-01T00:00:00Z");
        assert_eq!((after.usable, after.balance, after.shortage()), (10, -2, 2));
        assert_eq!(after.status, Compliance::OutOfCompliance);

        let future = line(T::Term, 5, "2026-08-01", Some("2027-07-31"));
        let bal3 = pool(Billing::Prepaid, vec![future], 3);
        let july = at(&bal3, "2026-07-15T12:00:00Z");
        assert_eq!((july.usable, july.pending, july.balance), (0, 5, -3));
        assert_eq!(at(&bal3, "2026-08-01T00:00:00Z").balance, 2);

        let demo = line(T::Demo, 3, "2026-01-05", Some("2026-03-05"));
        let bal4 = pool(Billing::Prepaid, vec![demo], 3);
        assert_eq!(at(&bal4, "2026-03-06T00:00:00Z").balance, -3);

        let bal5 = at(&pool(Billing::Usage, vec![], 250), "2026-01-05T09:00:00Z");
        assert_eq!((bal5.status, bal5.shortage()), (Compliance::InCompliance, 0));
    }
}
