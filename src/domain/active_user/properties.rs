//! What holds for all contracts and all that may be measured.

use super::renewal::Turn;
use super::vectors::{contract, measured};
use super::*;
use proptest::prelude::*;

fn counts() -> impl Strategy<Value = [i64; 3]> {
    [0_i64..5_000, 0_i64..5_000, 0_i64..5_000]
}

fn shares() -> impl Strategy<Value = Variant> {
    prop::sample::select(vec![
        Variant::KnowledgeWorkersRenewal,
        Variant::KnowledgeWorkersSubscription,
    ])
}

fn any_variant() -> impl Strategy<Value = Variant> {
    prop::sample::select(Variant::ALL.to_vec())
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    prop::sample::select(Rounding::ALL.to_vec())
}

fn with(rounding: Rounding, contract: Contract) -> Contract {
    Contract { settings: Settings { rounding, ..contract.settings }, ..contract }
}

proptest! {
    /// F-AU-14, X-10: whatever happens in five years, the minimum of the 15 % variants never falls
    /// within a term, and no fee is negative.
    #[test]
    fn the_minimum_of_the_15_percent_variants_never_falls(
        variant in shares(), rounding in any_rounding(), headcount in 250_i64..20_000,
        years in prop::collection::vec((counts(), 0_i64..20_000), 1..3),
    ) {
        let mut company = with(rounding, contract(variant, headcount));
        for (counts, deployed) in years {
            let outcome = company.true_forward(&measured(&company, counts, deployed));
            prop_assert!(outcome.after >= company.minimum);
            prop_assert!(outcome.fee.minor >= 0);
            company.minimum = outcome.after;
            prop_assert_eq!(company.pass().0, Turn::Year);
        }
    }

    /// F-AU-15: who uses more, in any month or by more accounts, does not pay less.
    #[test]
    fn the_fee_is_monotone_in_the_use_that_was_measured(
        variant in any_variant(), rounding in any_rounding(), headcount in 250_i64..20_000,
        less in counts(), more in counts(), deployed in 0_i64..20_000, others in 0_i64..20_000,
    ) {
        let company = with(rounding, contract(variant, headcount));
        let small = company.true_forward(&measured(&company, less, deployed));
        let mut greater = less.into_iter().zip(more).map(|(a, b)| a + b);
        let greater = [(); 3].map(|()| greater.next().unwrap());
        let large = company.true_forward(&measured(&company, greater, deployed + others));
        prop_assert!(large.fee.minor >= small.fee.minor);
        prop_assert!(large.after >= small.after);
    }

    /// F-AU-35: the same look at the same months twice changes nothing the second time.
    #[test]
    fn a_run_is_idempotent(
        variant in any_variant(), rounding in any_rounding(), headcount in 250_i64..20_000,
        counts in counts(), deployed in 0_i64..20_000,
    ) {
        let company = with(rounding, contract(variant, headcount));
        let seen = measured(&company, counts, deployed);
        let first = company.true_forward(&seen);
        prop_assert_eq!(&first, &company.true_forward(&seen));
        let again = Contract { minimum: first.after, ..company }.true_forward(&seen);
        prop_assert_eq!((again.after, again.fee.minor), (first.after, 0));
    }

    /// F-AU-30: months follow each other without a gap, and every day is in the one that says so.
    #[test]
    fn months_cover_every_day_once(
        start in 0_i64..20_000, days in 0_u64..3_000,
        rule in prop::sample::select(MonthRule::ALL.to_vec()),
    ) {
        let anchor = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        let anchor = anchor + chrono::TimeDelta::days(start);
        let months = Months { anchor, rule };
        let day = anchor.checked_add_days(chrono::Days::new(days)).unwrap();
        let number = months.number_at(crate::domain::Timestamp::midnight(day)).unwrap();
        let span = months.month(number);
        prop_assert!(span.from <= day && day < span.until, "{day} in {span:?}");
        prop_assert_eq!(span.until, months.month(number + 1).from);
    }
}
