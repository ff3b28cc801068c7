//! Instants: whole milliseconds of UTC, the only time the rules know.

use super::error::{Error, Result};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};

/// An instant in the world: whole milliseconds, UTC.
///
/// Whole milliseconds because SQLite and PostgreSQL keep different fractions,
/// and a value read back must be the value written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The instant, cut to whole milliseconds.
    pub fn new(instant: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_millis(instant.timestamp_millis()).unwrap_or(instant))
    }

    /// From milliseconds since 1970; `None` outside the calendar.
    pub fn from_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// From RFC 3339 text such as `2026-01-05T09:00:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self::new(t.with_timezone(&Utc)))
    }

    /// Midnight UTC at the start of `date`.
    pub fn midnight(date: NaiveDate) -> Self {
        Self(date.and_time(chrono::NaiveTime::MIN).and_utc())
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The calendar day, UTC.
    pub fn date(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// Without a zone, as databases keep it.
    pub fn naive(self) -> NaiveDateTime {
        self.0.naive_utc()
    }

    /// From the zoneless UTC value of a database.
    pub fn from_naive(naive: NaiveDateTime) -> Self {
        Self::new(naive.and_utc())
    }

    /// The instant as a chrono value, for formatting.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// This many whole days later.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        self.0.checked_add_days(Days::new(days)).map_or(self, Self)
    }

    /// This many whole days earlier.
    #[must_use]
    pub fn minus_days(self, days: u64) -> Self {
        self.0.checked_sub_days(Days::new(days)).map_or(self, Self)
    }

    /// The last millisecond before it.
    #[must_use]
    pub fn just_before(self) -> Self {
        self + TimeDelta::milliseconds(-1)
    }

    /// ISO 8601 with `Z`, whole seconds: `2026-01-05T09:00:00Z`.
    pub fn iso(self) -> String {
        self.0.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// The longest way a clock moves at once: a hundred years (ours).
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// A duration from text such as `30d`, `1d12h`, `2w`, `90m` or `45s`.
pub fn parse_duration(text: &str) -> Result<TimeDelta> {
    let bad = |why: &str| {
        let problem = format!("'{text}' {why}; write it like 30d, 1d12h, 2w, 90m or 45s");
        Error::invalid("duration", problem)
    };
    let mut total = TimeDelta::zero();
    let mut digits = String::new();
    for c in text.trim().chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let n: i64 = digits.parse().map_err(|_| bad("has a unit without a number"))?;
        let part = match c {
            'w' => TimeDelta::try_weeks(n),
            'd' => TimeDelta::try_days(n),
            'h' => TimeDelta::try_hours(n),
            'm' => TimeDelta::try_minutes(n),
            's' => TimeDelta::try_seconds(n),
            _ => return Err(bad("has a unit that is not known")),
        };
        let sum = part.and_then(|part| total.checked_add(&part));
        total = sum.filter(|sum| *sum <= LONGEST).ok_or_else(|| bad("is longer than 100 years"))?;
        digits.clear();
    }
    if !digits.is_empty() || total == TimeDelta::zero() {
        return Err(bad("is not a duration"));
    }
    Ok(total)
}

/// The soonest of these instants that lies after `now`.
pub fn soonest(
    instants: impl IntoIterator<Item = Option<Timestamp>>,
    now: Timestamp,
) -> Option<Timestamp> {
    instants.into_iter().flatten().filter(|instant| *instant > now).min()
}

impl Add<TimeDelta> for Timestamp {
    type Output = Self;
    fn add(self, delta: TimeDelta) -> Self {
        self.0.checked_add_signed(delta).map_or(self, Self::new)
    }
}

impl Sub for Timestamp {
    type Output = TimeDelta;
    fn sub(self, other: Self) -> TimeDelta {
        self.0.signed_duration_since(other.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-SHL-07: durations as people write them, and what is none.
    #[test]
    fn durations_are_read_and_bounded() {
        for (text, hours) in [("30d", 720), ("1d12h", 36), ("2w", 336), ("60m", 1), ("3600s", 1)] {
            assert_eq!(parse_duration(text).unwrap(), TimeDelta::hours(hours), "{text}");
        }
        for bad in ["", "30", "d", "0d", "-1d", "1y", "1.5d", "99999999999999999999d", "40000d"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
}
