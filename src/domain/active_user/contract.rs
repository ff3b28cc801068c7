//! A contract: its terms, its present minimum, and what is due next.

use super::counted;
use super::ledger::Rule;
use super::money::Price;
use super::months::{Months, YEAR};
use super::renewal::Renewal;
use super::settings::Settings;
use super::variant::{Basis, Remainder, Variant};
use crate::domain::coded::coded;
use crate::domain::id::{ContractId, OrganizationId};
use crate::domain::{Error, Result, Timestamp};
use chrono::NaiveDate;

coded! {
    /// Where a contract stands.
    State {
        /// It runs; the next anniversary is its deadline.
        Running = "running",
        /// A True Forward waits until somebody confirms months without data (F-AU-34).
        Waiting = "waiting",
        /// Its term is over and was not renewed.
        Ended = "ended",
    }
}

/// A term: whole years, counted in months from the contract's first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Months before it.
    pub before: i64,
    /// Months that it has.
    pub months: i64,
}

impl Term {
    /// The years that a term may have (ours).
    pub const YEARS: std::ops::RangeInclusive<i64> = 1..=5;

    /// A term of so many months.
    pub fn of(before: i64, months: i64) -> Result<Self> {
        if months % YEAR == 0 && Self::YEARS.contains(&(months / YEAR)) {
            return Ok(Self { before, months });
        }
        let rule = format!("{months} is not 12, 24, 36, 48 or 60");
        Err(Error::invalid("months", rule))
    }

    /// Months from the contract's first day to its end.
    pub fn until(&self) -> i64 {
        self.before + self.months
    }
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Identity.
    pub id: ContractId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What people call it; unique in the organization, in any case.
    pub name: String,
    /// The clause that it follows.
    pub variant: Variant,
    /// What it settles beyond the clause.
    pub settings: Settings,
    /// The day from which its months count.
    pub anchor: NaiveDate,
    /// The present term.
    pub term: Term,
    /// `headcount_kw` or employees, as its variant has it; 0 for a plain one. A headcount, not
    /// the license type of the same name.
    pub headcount: i64,
    /// Affiliates on the order.
    pub affiliates: Vec<String>,
    /// For one Active User and month.
    pub price: Price,
    /// The Active Users of the older subscription, when it migrated.
    pub migrating: Option<i64>,
    /// The AU Minimum.
    pub minimum: i64,
    /// The year, from 1, whose True Forward comes next.
    pub year: i64,
    /// Where it stands.
    pub state: State,
    /// What follows the present term.
    pub renewal: Option<Renewal>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
}

impl Contract {
    /// Its months.
    pub fn months(&self) -> Months {
        Months { anchor: self.anchor, rule: self.settings.months }
    }

    /// The first day of its term.
    pub fn term_begins(&self) -> NaiveDate {
        self.months().anniversary(self.term.before / YEAR)
    }

    /// The day on which its term is over.
    pub fn term_ends(&self) -> NaiveDate {
        self.months().anniversary(self.term.until() / YEAR)
    }

    /// The day on which the next True Forward takes effect.
    pub fn effective(&self) -> NaiveDate {
        self.months().anniversary(self.year)
    }

    /// Whether the next anniversary is the end of the term.
    pub fn ends_next(&self) -> bool {
        self.year * YEAR >= self.term.until()
    }

    /// Months for which what the next True Forward adds is owed (F-AU-15, F-AU-16).
    pub fn remaining(&self) -> i64 {
        let left = (self.term.until() - self.year * YEAR).max(0);
        match self.settings.remainder {
            Remainder::SubscriptionTerm => left,
            Remainder::RenewalTerm => left.min(YEAR),
        }
    }

    /// The rule that steps of its clause follow.
    pub fn clause(&self) -> Rule {
        Rule::Clause(self.variant)
    }

    /// The next instant at which time changes something about it.
    pub fn next_due(&self) -> Option<Timestamp> {
        match self.state {
            State::Running => Some(Timestamp::midnight(self.effective())),
            State::Waiting | State::Ended => None,
        }
    }

    /// A number of people that its variant takes.
    pub fn headcount_from(&self, number: i64) -> Result<i64> {
        let least = match self.variant.terms().basis {
            Basis::KnowledgeWorkers(_) | Basis::Employees(_) => 1,
            Basis::Plain => 0,
        };
        counted(self.headcount_field(), number, least)
    }

    /// What its headcount is called.
    pub fn headcount_field(&self) -> &'static str {
        match self.variant.terms().basis {
            Basis::KnowledgeWorkers(_) => "headcount_kw",
            Basis::Employees(_) | Basis::Plain => "employees",
        }
    }

    /// Fails when it has ended.
    pub fn must_go_on(&self) -> Result<()> {
        match self.state {
            State::Running | State::Waiting => Ok(()),
            State::Ended => {
                let problem =
                    format!("{} ended on {}; renew it first.", self.name, self.term_ends());
                Err(Error::Conflict(problem))
            }
        }
    }
}
