//! What a contract settles where the clauses are silent (F-AU-30 to -34).

use super::Rounding;
use super::months::MonthRule;
use super::variant::{Remainder, Variant};
use crate::domain::coded::coded;

coded! {
    /// When the knowledge workers deployed are counted (F-AU-33).
    Deployed {
        /// Who has an enabled account when month 11 ends (ours, the default).
        Month11 = "month_11",
        /// Who has one when the year ends.
        Anniversary = "anniversary",
    }
}

coded! {
    /// What a measuring month without data means (F-AU-34). It counts 0 in any case.
    Missing {
        /// The True Forward waits until somebody confirms it (ours, the default).
        Confirm = "confirm",
        /// It goes on.
        Zero = "zero",
    }
}

/// The settings of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What becomes of a fraction.
    pub rounding: Rounding,
    /// What a month is.
    pub months: MonthRule,
    /// For which remainder fees are owed.
    pub remainder: Remainder,
    /// When knowledge workers are counted.
    pub deployed: Deployed,
    /// What a month without data means.
    pub missing: Missing,
    /// Whether it is part of an Enterprise Agreement, which is billed later (F-AU-21).
    pub enterprise_agreement: bool,
}

impl Settings {
    /// The settings of a variant unless somebody chooses others.
    pub fn of(variant: Variant) -> Self {
        Self {
            rounding: Rounding::Ceil,
            months: MonthRule::Anchored,
            remainder: variant.terms().remainder,
            deployed: Deployed::Month11,
            missing: Missing::Confirm,
            enterprise_agreement: false,
        }
    }
}
