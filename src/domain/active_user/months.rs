//! Subscription months and anniversaries (F-AU-12, F-AU-30, F-AU-31).

use crate::domain::Timestamp;
use crate::domain::coded::coded;
use chrono::{Datelike, NaiveDate};

coded! {
    /// What a month of a contract is (F-AU-30).
    MonthRule {
        /// From the day of the start to the same day of the next month; where a month has no such
        /// day, from its last one (ours, the default).
        Anchored = "anchored",
        /// A month of the calendar; the first one begins with the contract.
        Calendar = "calendar",
    }
}

/// Months of a year of a contract.
pub const YEAR: i64 = 12;
/// Those of them that are measured (F-AU-12).
pub const MEASURED: [i64; 3] = [9, 10, 11];

/// The months of a contract, numbered from 1 with its first day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months {
    /// The contract's first day.
    pub anchor: NaiveDate,
    /// What a month is.
    pub rule: MonthRule,
}

/// One month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its number, from 1.
    pub number: i64,
    /// Its first day.
    pub from: NaiveDate,
    /// The first day after it.
    pub until: NaiveDate,
}

impl Span {
    /// Its last day.
    pub fn last(&self) -> NaiveDate {
        self.until.pred_opt().unwrap_or(self.until)
    }

    /// The instant at which it is over.
    pub fn over_at(&self) -> Timestamp {
        Timestamp::midnight(self.until)
    }

    /// Its place in its year, 1 to 12.
    pub fn of_year(&self) -> i64 {
        (self.number - 1).rem_euclid(YEAR) + 1
    }
}

/// So many months after a day; the last day of a month that has no such day.
fn later(day: NaiveDate, months: i64) -> NaiveDate {
    let months = chrono::Months::new(u32::try_from(months).unwrap_or_default());
    day.checked_add_months(months).unwrap_or(NaiveDate::MAX)
}

impl Months {
    /// The first day of the month that so many others precede.
    pub fn after(&self, months: i64) -> NaiveDate {
        match self.rule {
            MonthRule::Calendar if months > 0 => {
                later(self.anchor.with_day(1).unwrap_or(self.anchor), months)
            }
            MonthRule::Calendar | MonthRule::Anchored => later(self.anchor, months),
        }
    }

    /// The month of that number.
    pub fn month(&self, number: i64) -> Span {
        Span { number, from: self.after(number - 1), until: self.after(number) }
    }

    /// The number of the month that an instant is in; `None` before the first.
    pub fn number_at(&self, at: Timestamp) -> Option<i64> {
        let day = at.date();
        if day < self.anchor {
            return None;
        }
        let months = i64::from(day.year() - self.anchor.year()) * YEAR + i64::from(day.month())
            - i64::from(self.anchor.month());
        let begun = self.after(months) <= day;
        Some(if begun { months + 1 } else { months })
    }

    /// The day on which that year is over, from 1: the same day whatever a month is.
    pub fn anniversary(&self, year: i64) -> NaiveDate {
        later(self.anchor, year * YEAR)
    }

    /// The months that are measured in that year.
    pub fn measured(&self, year: i64) -> [Span; 3] {
        MEASURED.map(|number| self.month((year - 1) * YEAR + number))
    }
}
