//! What products do wrong on purpose, and how many of them.

use std::str::FromStr;

/// Something that a product does wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Registers with a token that there is not.
    WrongToken,
    /// Registers and reports once, and never renews.
    Silent,
    /// Is switched off at some time without de-registering.
    SwitchedOff,
    /// Sends each good authorization a second time, byte by byte.
    Replay,
    /// Has a clock that is two hours off.
    Skew,
    /// Hangs up in the middle of each authorization, then sends it properly.
    Broken,
}

impl Fault {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::WrongToken, Self::Silent, Self::SwitchedOff, Self::Replay, Self::Skew, Self::Broken];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongToken => "wrong-token",
            Self::Silent => "silent",
            Self::SwitchedOff => "switched-off",
            Self::Replay => "replay",
            Self::Skew => "skew",
            Self::Broken => "broken",
        }
    }
}

/// Hundredths of a percent in the whole.
const WHOLE: u32 = 10_000;

/// The shares of products that do something wrong, in hundredths of a percent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Any of all kinds in turn.
    pub any: u32,
    /// Of one kind.
    pub of: Vec<(Fault, u32)>,
}

impl Faults {
    /// How many of `count` products do what, in the order of [`Fault::ALL`]; never more than all.
    pub fn numbers(&self, count: u32) -> Vec<(Fault, u32)> {
        let part = |share: u32| {
            let rounded =
                (u64::from(count) * u64::from(share) + u64::from(WHOLE) / 2) / u64::from(WHOLE);
            u32::try_from(rounded).unwrap_or(count)
        };
        let kinds = u32::try_from(Fault::ALL.len()).unwrap_or(1);
        let any = part(self.any);
        let mut left = count;
        let mut numbers = Vec::new();
        for (at, fault) in (0..).zip(Fault::ALL) {
            let in_turn = any / kinds + u32::from(at < any % kinds);
            let of = self.of.iter().filter(|(kind, _)| *kind == fault);
            let own: u32 = of.map(|(_, share)| part(*share)).sum();
            let number = (in_turn + own).min(left);
            left -= number;
            numbers.push((fault, number));
        }
        numbers
    }
}

impl FromStr for Faults {
    type Err = String;

    /// `1%`, or `wrong-token=1%,replay=0.5%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for part in text.split(',') {
            match part.split_once('=') {
                None => faults.any += share(part)?,
                Some((name, percent)) => faults.of.push((kind(name)?, share(percent)?)),
            }
        }
        let sum = faults.any + faults.of.iter().map(|(_, share)| share).sum::<u32>();
        if sum > WHOLE {
            return Err(format!("'{text}' is more than 100% together"));
        }
        Ok(faults)
    }
}

fn kind(name: &str) -> Result<Fault, String> {
    Fault::ALL.into_iter().find(|fault| fault.name() == name.trim()).ok_or_else(|| {
        let names = Fault::ALL.map(Fault::name).join(", ");
        format!("'{name}' is no kind of failure: must be one of {names}")
    })
}

/// `1%` or `0.25%`, in hundredths of a percent.
fn share(text: &str) -> Result<u32, String> {
    let rule = || format!("'{text}' must be a percentage from 0% to 100% such as 1% or 0.25%");
    let number = text.trim().strip_suffix('%').ok_or_else(rule)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(rule());
    }
    let hundredths: u32 = format!("{whole}{part:0<2}").parse().map_err(|_| rule())?;
    Some(hundredths).filter(|share| *share <= WHOLE).ok_or_else(rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_are_percentages_of_known_kinds() {
        let faults: Faults = "1%,replay=0.5%,silent=2.25%".parse().unwrap();
        assert_eq!(faults.any, 100);
        assert_eq!(faults.of, [(Fault::Replay, 50), (Fault::Silent, 225)]);
        for (wrong, rule) in [
            ("1", "must be a percentage"),
            ("-1%", "must be a percentage"),
            ("0.125%", "must be a percentage"),
            ("101%", "from 0% to 100%"),
            ("%", "must be a percentage"),
            ("", "must be a percentage"),
            ("theft=1%", "must be one of wrong-token, silent, switched-off"),
            ("60%,skew=50%", "more than 100%"),
        ] {
            let error = wrong.parse::<Faults>().unwrap_err();
            assert!(error.contains(rule), "{wrong}: {error}");
        }
    }

    proptest! {
        /// Each share is kept to half a product, and nobody does two things.
        #[test]
        fn shares_of_products_are_exact(count in 0_u32..20_000, shares in prop::array::uniform6(0_u32..1_666)) {
            let of: Vec<_> = Fault::ALL.into_iter().zip(shares).collect();
            let numbers = Faults { any: 0, of: of.clone() }.numbers(count);
            for ((_, share), (_, number)) in of.iter().zip(&numbers) {
                let exact = f64::from(count) * f64::from(*share) / f64::from(WHOLE);
                prop_assert!((f64::from(*number) - exact).abs() <= 0.5 + 1e-9);
            }
            let any = Faults { any: shares[0], of: Vec::new() }.numbers(count);
            let most = any.iter().map(|(_, number)| number).max();
            let least = any.iter().map(|(_, number)| number).min();
            prop_assert!(most.unwrap() - least.unwrap() <= 1);
            prop_assert!(numbers.iter().map(|(_, number)| number).sum::<u32>() <= count);
        }
    }
}
