//! How numbers are written in templates.
#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "askama's filter macro writes its functions so"
)]

use askama::Values;

/// A number behind as many references as a template puts before it.
pub trait Number {
    /// The number.
    fn number(&self) -> i64;
}

impl Number for i64 {
    fn number(&self) -> i64 {
        *self
    }
}

impl Number for usize {
    fn number(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl<T: Number + ?Sized> Number for &T {
    fn number(&self) -> i64 {
        (**self).number()
    }
}

/// A count with its thousands apart: `25,000`.
#[askama::filter_fn]
pub fn count(value: impl Number, _: &dyn Values) -> askama::Result<String> {
    Ok(grouped(value.number()))
}

/// A balance with its sign, a real minus below zero: `+6`, `0`, `−3`.
#[askama::filter_fn]
pub fn signed(value: impl Number, _: &dyn Values) -> askama::Result<String> {
    let value = value.number();
    let sign = if value > 0 { "+" } else { "" };
    Ok(format!("{sign}{}", grouped(value)))
}

/// A count and its noun: `1 license`, `4 licenses`.
#[askama::filter_fn]
pub fn counted(value: impl Number, _: &dyn Values, noun: &str) -> askama::Result<String> {
    let value = value.number();
    let plural = if value.abs() == 1 { "" } else { "s" };
    Ok(format!("{} {noun}{plural}", grouped(value)))
}

/// Digits in threes, with the minus sign of typography.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    if value < 0 {
        text.push('\u{2212}');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    /// A-LIC-01: the balance is signed, with a real minus.
    #[test]
    fn numbers_are_written_in_threes_with_a_real_minus() {
        let cases =
            [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (25000, "25,000"), (-3, "−3")];
        for (value, text) in cases {
            assert_eq!(grouped(value), text);
        }
        assert_eq!(grouped(-1_234_567), "−1,234,567");
        assert_eq!(grouped(i64::MIN), "−9,223,372,036,854,775,808");
    }
}
