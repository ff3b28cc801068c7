//! Which request of a satellite is accepted (B-SYN-13, `docs/SATELLITE.md`).

use super::{OnPrem, Refusal};
use crate::domain::sync::Kind;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use uuid::Uuid;

/// How much later than now a file may have been made: clocks of two sites are never quite the
/// same (ours).
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Where a request stands among the others.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// How much it carries.
    pub kind: Kind,
    /// Its number.
    pub sequence: i64,
    /// What tells it from all others.
    pub nonce: Uuid,
    /// The last one that was confirmed to the satellite.
    pub base: Option<Uuid>,
    /// Those made since.
    pub since: &'a [Uuid],
    /// When it was made.
    pub made_at: Timestamp,
    /// The number under which it was accepted before, if it was.
    pub accepted_as: Option<i64>,
    /// Whether one that was accepted names it among those made before.
    pub passed: bool,
}

impl OnPrem {
    /// Fails with the reason why a request cannot be accepted.
    ///
    /// Requests that name each other are in order, whatever the clocks say and the numbers are:
    /// a clock may stand, and numbers begin anew after a restore. Times decide only about those
    /// that know nothing of each other, because their satellite was restored in between.
    pub fn accepts(&self, request: &Standing<'_>, now: Timestamp) -> Result<(), Refusal> {
        let (sequence, made_at, last) = (request.sequence, request.made_at, &self.last);
        if let Some(sequence) = request.accepted_as {
            return Err(Refusal::Replayed(sequence));
        }
        if made_at > now + AHEAD {
            return Err(Refusal::Future { made_at, now });
        }
        let older = Refusal::Older { sequence, made_at, last: last.sequence };
        if request.passed {
            return Err(older);
        }
        if last.nonce.is_some_and(|nonce| request.follows(nonce)) {
            return Ok(());
        }
        if last.made_at.is_some_and(|at| made_at < at) {
            return Err(older);
        }
        match request.kind {
            Kind::Full => Ok(()),
            Kind::Standard => Err(Refusal::FullNeeded { accepted: last.sequence }),
        }
    }
}

impl Standing<'_> {
    /// Whether it was made after the request of that nonce, and has all that was changed since.
    fn follows(&self, nonce: Uuid) -> bool {
        self.base == Some(nonce) || self.since.contains(&nonce)
    }
}

#[cfg(test)]
mod tests;
