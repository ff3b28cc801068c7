//! When the licenses of a failed product may go to its replacement (A-RSV-18, A-RSV-19).

use super::Refusal;

/// How many failed products may be without their return while the stock does not suffice. The
/// real formula is not public; this one is ours and a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// At least so many.
    pub least: i64,
    /// Or so many of a hundred instances that hold reservations.
    pub percent: i64,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { least: 1, percent: 5 }
    }
}

impl Threshold {
    /// The number for so many reserving instances.
    pub fn of(self, reserving: i64) -> i64 {
        self.least.max(reserving * self.percent / 100)
    }
}

/// Checks a rehost that lacks `short` licenses in stock.
///
/// # Errors
/// Too many products are not returned yet.
pub fn may_rehost(
    threshold: Threshold,
    reserving: i64,
    pending: i64,
    short: i64,
) -> Result<(), Refusal> {
    let most = threshold.of(reserving);
    if short <= 0 || pending < most {
        return Ok(());
    }
    Err(Refusal::PreviousReturnPending { pending, most, short })
}
