//! The ledger of a contract: every step of its arithmetic, with the rule that it follows.

use super::fraction::{Fraction, Rounding};
use super::money::Price;
use super::variant::{Remainder, Variant};
use crate::domain::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a step follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The clause of the contract's variant.
    Clause(Variant),
    /// The description of the offer.
    Offer,
    /// The terms of Enterprise Agreements.
    Enterprise,
    /// A decision of ours where nothing public decides; a setting of the contract.
    Ours,
}

impl Rule {
    /// Its code in storage and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clause(variant) => variant.code(),
            Self::Offer => "offer",
            Self::Enterprise => "enterprise_agreement",
            Self::Ours => "ours",
        }
    }

    /// The rule of that code.
    pub fn parse(code: &str) -> Option<Self> {
        let others = [Self::Offer, Self::Enterprise, Self::Ours];
        let clause = || Variant::parse(code).map(Self::Clause);
        others.into_iter().find(|rule| rule.code() == code).or_else(clause)
    }
}

/// Why a minimum is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// Neither meter is greater.
    NotGreater,
    /// The average measured is the greatest.
    Average,
    /// The share of the headcount is the greatest.
    Share,
    /// The least minimum is the greatest.
    Floor,
    /// It is that of the older subscription.
    Migrated,
    /// It is what was ordered.
    Ordered,
    /// It follows what was measured.
    Follows,
}

/// One step of arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// An order of so many knowledge workers may follow this variant.
    Eligible {
        /// On the order.
        headcount: i64,
        /// Needed at least.
        from: i64,
    },
    /// A share of a headcount.
    Share {
        /// Per cent.
        percent: i64,
        /// The headcount.
        of: i64,
        /// The share.
        share: Fraction,
    },
    /// The least minimum.
    Floor {
        /// Active Users.
        minimum: i64,
    },
    /// An older subscription that the contract came from.
    Migrating {
        /// Its Active Users.
        active_users: i64,
    },
    /// A first minimum.
    Opened {
        /// Active Users.
        minimum: i64,
        /// Why so many.
        because: Remark,
    },
    /// The Active Users of a measured month.
    Month {
        /// Its place in the year.
        number: i64,
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        last: NaiveDate,
        /// How many.
        active_users: i64,
        /// Whether there was data.
        reported: bool,
    },
    /// The average of the measured months: meter 1.
    Average {
        /// Their Active Users.
        months: [i64; 3],
        /// The average.
        average: Fraction,
    },
    /// A share of the headcount at a True Forward: meter 2.
    Meter {
        /// Per cent.
        percent: i64,
        /// The headcount.
        of: i64,
        /// The share.
        share: Fraction,
    },
    /// The meters against the minimum.
    Compared {
        /// The meters.
        meters: Vec<Fraction>,
        /// The minimum so far.
        minimum: i64,
        /// What came of it.
        because: Remark,
    },
    /// A fraction becomes a whole number.
    Rounded {
        /// The fraction.
        from: Fraction,
        /// How.
        rounding: Rounding,
        /// The number.
        to: i64,
    },
    /// The minimum from the anniversary on.
    Minimum {
        /// Until then.
        before: i64,
        /// From then on.
        after: i64,
    },
    /// Months for which what is added is owed.
    Remainder {
        /// Of which term.
        term: Remainder,
        /// How many.
        months: i64,
    },
    /// What is owed.
    Fee {
        /// Active Users added.
        added: i64,
        /// For so many months.
        months: i64,
        /// For one of them and a month.
        price: Price,
        /// In all.
        fee: Price,
    },
    /// When it is billed.
    Invoice {
        /// The day.
        on: NaiveDate,
    },
    /// Somebody let a True Forward go on without the data of months.
    Confirmed {
        /// Who.
        by: String,
        /// Their places in the year.
        months: Vec<i64>,
    },
    /// A line of an order.
    Ordered {
        /// The order.
        number: String,
        /// The service's code.
        service: String,
        /// How many.
        quantity: i64,
    },
    /// The customer has another number of people.
    Headcount {
        /// Until now.
        before: i64,
        /// From now on.
        after: i64,
    },
    /// A new term begins.
    Renewed {
        /// Its first day.
        from: NaiveDate,
        /// Its months.
        months: i64,
        /// Whether its minimum is made anew.
        reset: bool,
    },
    /// A correction.
    Adjusted {
        /// What it is called.
        reference: String,
        /// The minimum so far.
        before: i64,
        /// The minimum now.
        after: i64,
        /// What is charged, or credited.
        fee: Price,
        /// Why.
        reason: String,
    },
}

/// A step with its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The step.
    pub step: Step,
    /// What it follows.
    pub rule: Rule,
}

impl Entry {
    /// A step that follows a rule.
    pub fn of(step: Step, rule: Rule) -> Self {
        Self { step, rule }
    }
}

/// An entry as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its place in the ledger, from 1.
    pub number: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Who caused it; `System` for what time caused.
    pub by: String,
    /// The anniversary that it belongs to.
    pub effective: Option<NaiveDate>,
    /// What it says.
    pub entry: Entry,
}
