//! How much of a license is in use, and how that changes.

use crate::crypto::secret::hmac;
use crate::domain::time::Timestamp;
use crate::protocol::fields::MAX_COUNT;
use chrono::{Datelike as _, Timelike as _};
use std::str::FromStr;

/// Parts of the whole run that [`Moment::progress`] counts.
pub(super) const WHOLE: u64 = 1_000;

/// How busy each hour of a day is, in percent of the peak.
const HOURS: [u64; 24] =
    [0, 0, 0, 0, 0, 5, 15, 35, 60, 85, 95, 100, 90, 95, 100, 95, 85, 70, 50, 35, 25, 15, 5, 0];

/// A license and how much of it each product uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// A license of a profile by its short name, or an entitlement tag.
    pub license: String,
    /// How much.
    pub pattern: Pattern,
}

/// How the use of a license changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// It does not.
    Constant(u64),
    /// Evenly from the first to the last.
    Grow(u64, u64),
    /// One up, one down, or none at each step, between the two.
    Walk(u64, u64),
    /// By the hour of the day: the least at night, the most about noon.
    Hours(u64, u64),
    /// By the day of the week: the least at the weekend, the most on working days.
    Days(u64, u64),
}

/// When something is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time of the world.
    pub now: Timestamp,
    /// Which step of the run this is: a renewal, or a span of the clock.
    pub step: u32,
    /// How much of the run is over, of 1000.
    pub progress: u64,
}

impl Pattern {
    /// The count at a moment; `who` and the seed decide what chance brings.
    pub fn count(self, moment: Moment, seed: &str, who: &str) -> u64 {
        match self {
            Self::Constant(count) => count,
            Self::Grow(from, to) => {
                let progress = moment.progress.min(WHOLE);
                (from * (WHOLE - progress) + to * progress) / WHOLE
            }
            Self::Walk(least, most) => walk(least, most, moment.step, seed, who),
            Self::Hours(least, most) => {
                let hour = usize::try_from(moment.now.utc().hour()).unwrap_or(0);
                least + (most - least) * HOURS.get(hour).copied().unwrap_or(0) / 100
            }
            Self::Days(least, most) => {
                let weekend = moment.now.utc().weekday().num_days_from_monday() >= 5;
                if weekend { least } else { most }
            }
        }
    }
}

/// A walk from the middle; it turns back at the ends.
fn walk(least: u64, most: u64, steps: u32, seed: &str, who: &str) -> u64 {
    let mut count = least.midpoint(most);
    for block in 0..=steps / 32 {
        let dice = hmac(seed.as_bytes(), format!("walk/{who}/{block}").as_bytes());
        let in_block = usize::try_from(steps - block * 32).unwrap_or(0);
        for die in dice.iter().take(in_block) {
            count = match die % 3 {
                0 => count.saturating_sub(1).max(least),
                1 => (count + 1).min(most),
                _ => count,
            };
        }
    }
    count
}

impl FromStr for Use {
    type Err = String;

    /// `LICENSE=PATTERN`; a tag may itself hold `=`, so the last one counts.
    fn from_str(text: &str) -> Result<Self, String> {
        let (license, pattern) = text.rsplit_once('=').ok_or_else(|| {
            format!("'{text}' must be LICENSE=PATTERN, such as dna-essentials=4 or basic=walk:0..8")
        })?;
        if license.is_empty() {
            return Err(format!("'{text}' lacks the license: must be LICENSE=PATTERN"));
        }
        Ok(Self { license: license.to_owned(), pattern: pattern.parse()? })
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((kind, range)) = text.split_once(':') else {
            return number(text).map(Self::Constant);
        };
        let (from, to) = range
            .split_once("..")
            .ok_or_else(|| format!("'{text}' must have a range such as {kind}:1..10"))?;
        let (from, to) = (number(from)?, number(to)?);
        if from > to && kind != "grow" {
            return Err(format!("'{text}' begins above its end: must be {kind}:LEAST..MOST"));
        }
        match kind {
            "grow" => Ok(Self::Grow(from, to)),
            "walk" => Ok(Self::Walk(from, to)),
            "hours" => Ok(Self::Hours(from, to)),
            "days" => Ok(Self::Days(from, to)),
            _ => Err(format!(
                "the pattern '{kind}' is not known: must be a number, or one of grow, walk, hours, \
                 days with a range such as walk:0..8"
            )),
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(count) if count <= MAX_COUNT => Ok(count),
        _ => Err(format!("'{text}' must be a whole number from 0 to {MAX_COUNT}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(time: &str, step: u32, progress: u64) -> Moment {
        Moment { now: Timestamp::parse(time).unwrap(), step, progress }
    }

    #[test]
    fn patterns_are_read_and_wrong_ones_named() {
        let read: Use = "regid.a=b,1.0_x=walk:0..8".parse().unwrap();
        assert_eq!(read, Use { license: "regid.a=b,1.0_x".into(), pattern: Pattern::Walk(0, 8) });
        assert_eq!("a=4".parse::<Use>().unwrap().pattern, Pattern::Constant(4));
        assert_eq!("grow:9..1".parse(), Ok(Pattern::Grow(9, 1)));
        for (wrong, rule) in [
            ("a", "must be LICENSE=PATTERN"),
            ("=4", "lacks the license"),
            ("a=-1", "whole number from 0 to"),
            ("a=shrink:1..2", "must be a number, or one of grow"),
            ("a=walk:3", "must have a range"),
            ("a=walk:3..1", "begins above its end"),
        ] {
            let error = wrong.parse::<Use>().unwrap_err();
            assert!(error.contains(rule), "{wrong}: {error}");
        }
    }

    #[test]
    fn peaks_follow_the_worlds_time() {
        let count = |pattern: Pattern, moment| pattern.count(moment, "", "");
        let hours = Pattern::Hours(2, 12);
        assert_eq!(count(hours, at("2026-01-05T03:00:00Z", 0, 0)), 2);
        assert_eq!(count(hours, at("2026-01-05T14:30:00Z", 0, 0)), 12);
        let days = Pattern::Days(1, 5);
        assert_eq!(count(days, at("2026-01-09T23:59:59Z", 0, 0)), 5, "a Friday");
        assert_eq!(count(days, at("2026-01-10T00:00:00Z", 0, 0)), 1, "a Saturday");
        let grow = Pattern::Grow(1, 10);
        let seen = [0, 500, 1_000].map(|part| count(grow, at("2026-01-05T00:00:00Z", 0, part)));
        assert_eq!(seen, [1, 5, 10]);
    }

    proptest! {
        /// A walk stays inside, goes one at a time, and is the same for the same seed.
        #[test]
        fn a_walk_stays_inside(least in 0_u64..5, more in 0_u64..9, step in 0_u32..200) {
            let walk = Pattern::Walk(least, least + more);
            let count = |step| walk.count(at("2026-01-05T00:00:00Z", step, 0), "seed", "7");
            let (now, next) = (count(step), count(step + 1));
            prop_assert!((least..=least + more).contains(&now));
            prop_assert!(now.abs_diff(next) <= 1);
            prop_assert_eq!(now, count(step));
        }
    }
}
