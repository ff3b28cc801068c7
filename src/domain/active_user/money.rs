//! Prices and fees: whole minor units of a currency.

use crate::domain::coded::coded;
use crate::domain::{Error, Result};
use serde::{Deserialize, Serialize};

coded! {
    /// Currencies that a contract may be priced in (ours).
    Currency {
        /// US dollar.
        Usd = "USD",
        /// Euro.
        Eur = "EUR",
        /// Pound sterling.
        Gbp = "GBP",
        /// Swiss franc.
        Chf = "CHF",
        /// Yen.
        Jpy = "JPY",
    }
}

impl Currency {
    /// Digits after the point.
    fn digits(self) -> u32 {
        match self {
            Self::Usd | Self::Eur | Self::Gbp | Self::Chf => 2,
            Self::Jpy => 0,
        }
    }
}

/// The highest price, in minor units (ours): a fee stays far below what 64 bits hold.
const HIGHEST: i64 = 10_000_000;

/// What something costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// In cents and the like.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl Price {
    /// An amount; negative ones are credits.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// A price for one Active User and month.
    pub fn per_month(minor: i64, currency: Currency) -> Result<Self> {
        if (0..=HIGHEST).contains(&minor) {
            return Ok(Self { minor, currency });
        }
        let rule = format!("{minor} is not from 0 to {HIGHEST} minor units");
        Err(Error::invalid("price_minor", rule))
    }

    /// From text such as `10` or `9.50`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self> {
        let digits = usize::try_from(currency.digits()).unwrap_or_default();
        let bad = || {
            let like = if digits == 0 { "1000" } else { "10 or 9.50" };
            let code = currency.code();
            Error::invalid("price", format!("'{text}' is no price in {code}; write it like {like}"))
        };
        let (units, cents) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let numeric = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if units.is_empty() || cents.len() > digits || !numeric(units) || !numeric(cents) {
            return Err(bad());
        }
        let minor: i64 = format!("{units}{cents:0<digits$}").parse().map_err(|_| bad())?;
        Self::per_month(minor, currency).map_err(|_| bad())
    }

    /// The price of so many for so many months.
    #[must_use]
    pub fn times(self, number: i64, months: i64) -> Self {
        let minor = self.minor.saturating_mul(number).saturating_mul(months);
        Self { minor, ..self }
    }

    /// The number alone: `3,600.00`.
    pub fn amount(self) -> String {
        let unit = 10_i64.pow(self.currency.digits());
        let (units, cents) = (self.minor.abs() / unit, self.minor.abs() % unit);
        let digits = units.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        let sign = if self.minor < 0 { "\u{2212}" } else { "" };
        match usize::try_from(self.currency.digits()).unwrap_or_default() {
            0 => format!("{sign}{text}"),
            width => format!("{sign}{text}.{cents:0width$}"),
        }
    }
}

/// `USD 3,600.00`.
impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.amount())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-AU-15: amounts are whole minor units, and read and written without loss.
    #[test]
    fn an_amount_is_read_and_written_exactly() {
        for (text, minor, shown) in
            [("10", 1_000, "10.00"), ("9.5", 950, "9.50"), (" 0.07 ", 7, "0.07"), ("0", 0, "0.00")]
        {
            let price = Price::parse(text, Currency::Usd).unwrap();
            assert_eq!((price.minor, &price.amount()[..]), (minor, shown), "{text}");
        }
        for bad in ["", "-1", "1.234", "1,5", "ten", "1.", "99999999999999999999", "1e3", "+1"] {
            let refused = Price::parse(bad, Currency::Usd).is_err();
            assert_eq!(refused, bad != "1.", "{bad}");
        }
        assert!(Price::parse("1.5", Currency::Jpy).is_err());
        let fee = Price::new(1_000, Currency::Usd).times(15, 24);
        assert_eq!(fee.to_string(), "USD 3,600.00");
        assert_eq!(Price::new(1_234_567, Currency::Jpy).amount(), "1,234,567");
        assert_eq!(Price::new(-5, Currency::Eur).to_string(), "EUR \u{2212}0.05");
    }
}
