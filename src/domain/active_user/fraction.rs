//! Exact numbers: a third stays a third until somebody rounds it (F-AU-32).

use crate::domain::coded::coded;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

coded! {
    /// What becomes of a fraction when a new minimum is made of it (F-AU-32).
    Rounding {
        /// Up to the next whole number (ours, the default).
        Ceil = "ceil",
        /// To the nearest one; a half goes up.
        HalfUp = "half_up",
        /// Down.
        Floor = "floor",
    }
}

/// A number that is not negative, as a fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fraction {
    /// The numerator.
    pub parts: i64,
    /// The denominator, at least 1.
    pub whole: i64,
}

fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { common(b, a % b) }
}

impl Fraction {
    /// `parts` of `whole`; less than nothing is nothing.
    pub fn new(parts: i64, whole: i64) -> Self {
        let (parts, whole) = (parts.max(0), whole.max(1));
        let by = common(parts, whole);
        Self { parts: parts / by, whole: whole / by }
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self::new(number, 1)
    }

    /// So many per cent of a number.
    pub fn percent(percent: i64, of: i64) -> Self {
        Self::new(percent.saturating_mul(of), 100)
    }

    /// The mean of some counts.
    pub fn mean(counts: &[i64]) -> Self {
        let sum = counts.iter().fold(0_i64, |sum, count| sum.saturating_add(*count));
        Self::new(sum, i64::try_from(counts.len()).unwrap_or(i64::MAX))
    }

    /// The whole number that it becomes.
    pub fn rounded(self, rounding: Rounding) -> i64 {
        let (below, rest) = (self.parts / self.whole, self.parts % self.whole);
        let up = match rounding {
            Rounding::Ceil => rest > 0,
            Rounding::HalfUp => rest >= self.whole - rest,
            Rounding::Floor => false,
        };
        below + i64::from(up)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |a: i64, b: i64| i128::from(a) * i128::from(b);
        cross(self.parts, other.whole).cmp(&cross(other.parts, self.whole))
    }
}

/// `45`, `40.05`, or `45 1/3` where no decimal is exact.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (below, rest) = (self.parts / self.whole, self.parts % self.whole);
        match rest {
            0 => write!(f, "{below}"),
            _ if 100 % self.whole == 0 => {
                let text = format!("{below}.{:02}", rest * (100 / self.whole));
                f.write_str(text.trim_end_matches('0'))
            }
            _ => write!(f, "{below} {rest}/{}", self.whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-AU-32: fractions are exact, compare exactly and round in three ways.
    #[test]
    fn a_fraction_rounds_up_down_or_to_the_nearest() {
        let rows = [
            (Fraction::mean(&[45, 45, 46]), "45 1/3", [46, 45, 45]),
            (Fraction::mean(&[50, 60, 71]), "60 1/3", [61, 60, 60]),
            (Fraction::mean(&[50, 60, 72]), "60 2/3", [61, 61, 60]),
            (Fraction::percent(15, 267), "40.05", [41, 40, 40]),
            (Fraction::percent(15, 250), "37.5", [38, 38, 37]),
            (Fraction::percent(15, 300), "45", [45, 45, 45]),
            (Fraction::whole(0), "0", [0, 0, 0]),
        ];
        for (fraction, text, rounded) in rows {
            assert_eq!(fraction.to_string(), text);
            assert_eq!(Rounding::ALL.map(|rounding| fraction.rounded(rounding)), rounded, "{text}");
        }
        assert!(Fraction::percent(15, 267) > Fraction::whole(40));
        assert!(Fraction::mean(&[1, 1, 1]) == Fraction::whole(1));
        assert_eq!(Fraction::mean(&[]), Fraction::whole(0));
    }
}
