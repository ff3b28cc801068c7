//! What a log tells of substitution: who began or ceased to lend, on both sides (A-EVT-04).

use super::event::{EventKind, Fact};
use super::id::{EntitlementId, VirtualAccountId};
use super::pool::Pool;
use super::substitution::loans;
use super::time::Timestamp;
use std::borrow::Borrow;

/// A loan between two licenses of a family, with the names of its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lending {
    lender: (EntitlementId, String),
    borrower: (EntitlementId, String),
    quantity: i64,
}

impl Lending {
    fn is_between(&self, other: &Self) -> bool {
        self.lender.0 == other.lender.0 && self.borrower.0 == other.borrower.0
    }
}

/// The loans among pools of one virtual account; each family must be there whole.
pub fn of_pools<P: Borrow<Pool>>(pools: &[P], now: Timestamp) -> Vec<Lending> {
    // The usual case, and nobody is there to lend.
    if pools.len() < 2 {
        return Vec::new();
    }
    let named = |id| {
        let found = pools.iter().map(Borrow::borrow).find(|pool| pool.id() == id);
        (id, found.map_or_else(String::new, |pool| pool.entitlement.name.clone()))
    };
    let lending = loans(pools, now).into_iter().map(|loan| Lending {
        lender: named(loan.from),
        borrower: named(loan.to),
        quantity: loan.quantity,
    });
    lending.collect()
}

/// The facts of what changed between two states of a family: one for each side of each loan.
pub fn changes(at: VirtualAccountId, before: &[Lending], after: &[Lending]) -> Vec<Fact> {
    let in_them = |all: &[Lending], loan: &Lending| {
        all.iter().find(|other| other.is_between(loan)).map_or(0, |found| found.quantity)
    };
    let over = before.iter().filter(|loan| in_them(after, loan) == 0);
    over.map(|loan| (loan, loan.quantity, 0))
        .chain(after.iter().map(|loan| (loan, in_them(before, loan), loan.quantity)))
        .filter(|(_, was, is)| was != is)
        .flat_map(|(loan, was, is)| sides(at, loan, was, is))
        .collect()
}

fn sides(at: VirtualAccountId, loan: &Lending, was: i64, is: i64) -> [Fact; 2] {
    let (lender, borrower) = (&loan.lender.1, &loan.borrower.1);
    let before = if was > 0 { format!(" instead of {was}") } else { String::new() };
    let (gives, takes) = if is == 0 {
        (
            format!("{lender} does not lend {was} to {borrower} any more."),
            format!("{borrower} does not borrow {was} from {lender} any more."),
        )
    } else {
        (
            format!("{lender} lends {is}{before} to {borrower}."),
            format!("{borrower} borrows {is}{before} from {lender}."),
        )
    };
    [
        Fact::new(at, EventKind::LicensesLent, gives).of(loan.lender.0),
        Fact::new(at, EventKind::LicensesBorrowed, takes).of(loan.borrower.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::license::{Billing, LicenseType};
    use crate::domain::line::samples::line;
    use crate::domain::pool::Family;
    use crate::domain::pool::samples::{entitlement, pool};

    fn family(stock: i64, wanted: i64) -> Family {
        let now = line(LicenseType::Perpetual, stock, "2026-01-05", None);
        let pools: Vec<Pool> = vec![
            pool(entitlement(1, Billing::Prepaid, Some(2)), vec![now], 0),
            pool(entitlement(2, Billing::Prepaid, Some(1)), vec![], wanted),
        ];
        let first = pools[0].clone();
        Family::new(first.virtual_account, first.entitlement, pools)
    }

    fn told(before: &Family, after: &Family) -> Vec<(EventKind, String)> {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let at = before.pool.virtual_account;
        let facts = changes(at, &of_pools(&before.pools(), now), &of_pools(&after.pools(), now));
        facts.into_iter().map(|fact| (fact.kind, fact.message)).collect()
    }

    /// A-EVT-04, A-SEM-08: a loan that begins, changes and ends is told on both sides, and one
    /// that lasts is not.
    #[test]
    fn both_sides_tell_of_a_loan() {
        use EventKind::{LicensesBorrowed, LicensesLent};
        let began = told(&family(10, 0), &family(10, 4));
        assert_eq!(began[0], (LicensesLent, "Test 1 lends 4 to Test 2.".into()));
        assert_eq!(began[1], (LicensesBorrowed, "Test 2 borrows 4 from Test 1.".into()));
        let more = told(&family(10, 4), &family(10, 6));
        assert_eq!(more[0].1, "Test 1 lends 6 instead of 4 to Test 2.");
        let over = told(&family(10, 4), &family(0, 4));
        assert_eq!(over[1].1, "Test 2 does not borrow 4 from Test 1 any more.");
        assert_eq!(over.len(), 2);
        assert_eq!(told(&family(10, 4), &family(20, 4)), []);
    }
}
