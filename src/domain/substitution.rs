//! Substitution: surplus of a higher tier stands in for a lower one (A-SEM-08).
//!
//! Inside one virtual account and one family only. Who is served first: the highest tier that
//! is short. Who lends: the nearest higher tier with surplus. Never for reservations, never
//! from or to what is billed by use. The order of service is ours; the rest is documented.

use super::id::{EntitlementId, VirtualAccountId};
use super::license::Billing;
use super::pool::{Pool, Standing};
use super::time::Timestamp;
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// So many of one license stand in for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The higher tier.
    pub from: EntitlementId,
    /// The lower tier.
    pub to: EntitlementId,
    /// How many.
    pub quantity: i64,
}

/// The figures of each pool with substitution, in the order of `pools`.
///
/// The pools may be those of many virtual accounts and families, but a family that is there
/// must be there whole.
pub fn standings<P: Borrow<Pool>>(pools: &[P], now: Timestamp) -> Vec<Standing> {
    let pools: Vec<&Pool> = pools.iter().map(Borrow::borrow).collect();
    let mut standings: Vec<Standing> = pools.iter().map(|pool| pool.alone(now)).collect();
    for members in families(&pools).into_values() {
        let mut borrowed: BTreeMap<usize, i64> = BTreeMap::new();
        let mut lent: BTreeMap<usize, i64> = BTreeMap::new();
        for (from, to, quantity) in lend(&pools, &members, &standings) {
            *lent.entry(from).or_default() += quantity;
            *borrowed.entry(to).or_default() += quantity;
        }
        for index in members {
            let (Some(pool), Some(standing)) = (pools.get(index), standings.get_mut(index)) else {
                continue;
            };
            let of = |loans: &BTreeMap<usize, i64>| loans.get(&index).copied().unwrap_or(0);
            *standing = pool.with_loans(*standing, of(&borrowed), of(&lent));
        }
    }
    standings
}

/// Who lends to whom among these pools, of one virtual account.
pub fn loans<P: Borrow<Pool>>(pools: &[P], now: Timestamp) -> Vec<Loan> {
    let pools: Vec<&Pool> = pools.iter().map(Borrow::borrow).collect();
    let alone: Vec<Standing> = pools.iter().map(|pool| pool.alone(now)).collect();
    let lend = |members: Vec<usize>| lend(&pools, &members, &alone);
    families(&pools)
        .into_values()
        .flat_map(lend)
        .filter_map(|(from, to, quantity)| {
            Some(Loan { from: pools.get(from)?.id(), to: pools.get(to)?.id(), quantity })
        })
        .collect()
}

/// The members of each family of each virtual account, highest tier first.
fn families<'a>(pools: &[&'a Pool]) -> BTreeMap<(VirtualAccountId, &'a str), Vec<usize>> {
    let mut families: BTreeMap<(VirtualAccountId, &str), Vec<(i64, usize)>> = BTreeMap::new();
    for (index, pool) in pools.iter().enumerate() {
        if let (Some(tier), Billing::Prepaid) = (&pool.entitlement.tier, pool.entitlement.billing) {
            let family = families.entry((pool.virtual_account, &tier.family)).or_default();
            family.push((-tier.rank, index));
        }
    }
    let sorted = |mut members: Vec<(i64, usize)>| {
        members.sort_unstable();
        members.into_iter().map(|(_, index)| index).collect()
    };
    families.into_iter().map(|(key, members)| (key, sorted(members))).collect()
}

/// Loans as (lender, borrower, quantity), members given highest tier first.
fn lend(pools: &[&Pool], members: &[usize], alone: &[Standing]) -> Vec<(usize, usize, i64)> {
    let balance = |index: usize| alone.get(index).map_or(0, |standing| standing.balance);
    let mut surplus: BTreeMap<usize, i64> =
        members.iter().map(|index| (*index, balance(*index).max(0))).collect();
    let mut loans = Vec::new();
    for (place, borrower) in members.iter().enumerate() {
        // What is reserved never borrows: only reported use may stand on a loan.
        let reported = pools.get(*borrower).map_or(0, |pool| pool.reported);
        let mut need = (-balance(*borrower)).max(0).min(reported);
        for lender in members.iter().take(place).rev() {
            let free = surplus.entry(*lender).or_default();
            let quantity = need.min(*free);
            if quantity > 0 {
                *free -= quantity;
                need -= quantity;
                loans.push((*lender, *borrower, quantity));
            }
        }
    }
    loans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::license::LicenseType;
    use crate::domain::line::Line;
    use crate::domain::line::samples::line;
    use crate::domain::pool::samples::{entitlement, pool};
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: &str = "2026-01-05T09:00:00Z";

    fn now() -> Timestamp {
        Timestamp::parse(NOW).unwrap()
    }

    /// Pools of one family, highest tier first, as (stock, reported, reserved).
    fn family(tiers: &[(i64, i64, i64)]) -> Vec<Pool> {
        let tiers = tiers.iter().zip(1u32..);
        tiers
            .map(|((stock, reported, reserved), n)| {
                let of = entitlement(n.into(), Billing::Prepaid, Some(100 - i64::from(n)));
                let perpetual = line(LicenseType::Perpetual, *stock, "2026-01-05", None);
                pool(of, vec![Line { reserved: *reserved, ..perpetual }], *reported)
            })
            .collect()
    }

    fn balances(pools: &[Pool]) -> Vec<i64> {
        standings(pools, now()).iter().map(|standing| standing.balance).collect()
    }

    /// SUB-1, SUB-2, SUB-3, SUB-4, SUB-5, A-SEM-08: the substitution vectors.
    #[test]
    fn the_substitution_vectors_hold() {
        for (name, tiers, expected) in [
            ("SUB-1", vec![(100, 10, 0), (0, 50, 0)], vec![40, 0]),
            ("SUB-2", vec![(100, 10, 0), (0, 95, 0)], vec![0, -5]),
            ("SUB-3", vec![(5, 0, 0), (20, 10, 0), (0, 12, 0)], vec![3, 0, 0]),
            ("SUB-4", vec![(10, 11, 0), (40, 10, 0)], vec![-1, 30]),
            ("SUB-5", vec![(10, 5, 0), (40, 45, 0)], vec![0, 0]),
        ] {
            assert_eq!(balances(&family(&tiers)), expected, "{name}");
        }
    }

    /// SUB-1: both sides show it.
    #[test]
    fn a_loan_is_shown_on_both_sides() {
        let pools = family(&[(100, 10, 0), (0, 50, 0)]);
        let both = standings(&pools, now());
        assert_eq!((both[0].substitution(), both[1].substitution()), (-50, 50));
        assert_eq!(loans(&pools, now()).len(), 1);
    }

    /// SUB-6: what is reserved does not borrow.
    #[test]
    fn reservations_never_borrow() {
        let pools = family(&[(100, 0, 0), (0, 0, 50)]);
        assert_eq!(balances(&pools), [100, -50]);
        let mixed = family(&[(100, 0, 0), (10, 5, 8)]);
        assert_eq!(balances(&mixed), [97, 0], "the reported three are covered");
    }

    /// SUB-7, A-LIC-14: virtual accounts do not lend to each other.
    #[test]
    fn virtual_accounts_do_not_lend_to_each_other() {
        let mut pools = family(&[(90, 0, 0), (0, 50, 0)]);
        pools[0].virtual_account = VirtualAccountId(Uuid::from_u128(4));
        assert_eq!(balances(&pools), [90, -50]);
    }

    /// BAL-5: what is billed by use neither lends nor borrows.
    #[test]
    fn usage_billing_stays_outside() {
        let mut pools = family(&[(100, 0, 0), (0, 50, 0), (0, 3, 0)]);
        pools[0].entitlement.billing = Billing::Usage;
        assert_eq!(balances(&pools), [100, -50, -3]);
        pools[0].entitlement.billing = Billing::Prepaid;
        pools[1].entitlement.billing = Billing::Usage;
        assert_eq!(balances(&pools), [97, -50, 0]);
    }

    proptest! {
        /// A-SEM-08: loans move figures and make none; nobody lends what it lacks, and a tier
        /// stays short only when no higher one has anything left.
        #[test]
        fn loans_neither_make_nor_lose_licenses(
            tiers in prop::collection::vec((0i64..50, 0i64..50, 0i64..20), 1..6)
        ) {
            let pools = family(&tiers);
            let all = standings(&pools, now());
            let alone: i64 = pools.iter().map(|pool| pool.alone(now()).balance).sum();
            prop_assert_eq!(all.iter().map(|s| s.balance).sum::<i64>(), alone);
            for (place, standing) in all.iter().enumerate() {
                prop_assert!(standing.lent == 0 || standing.balance >= 0);
                prop_assert!(standing.borrowed <= pools[place].reported);
                let uncovered = (-standing.balance).max(0).min(pools[place].reported - standing.borrowed);
                let above: i64 = all[..place].iter().map(|s| s.balance.max(0)).sum();
                prop_assert!(uncovered == 0 || above == 0, "{:?}", all);
            }
        }
    }
}
