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
}

impl OnPrem {
    /// Fails with the reason why a request cannot be accepted.
    pub fn accepts(&self, request: &Standing<'_>, now: Timestamp) -> Result<(), Refusal> {
        let (made_at, last) = (request.made_at, &self.last);
        if let Some(sequence) = request.accepted_as {
            return Err(Refusal::Replayed(sequence));
        }
        if made_at > now + AHEAD {
            return Err(Refusal::Future { made_at, now });
        }
        let sequence = request.sequence;
        let older = last.made_at.is_some_and(|at| match request.kind {
            // Its number may have begun anew; made in the same instant, the number decides.
            Kind::Full => made_at < at || (made_at == at && sequence <= last.sequence),
            Kind::Standard => made_at < at,
        });
        if older {
            return Err(Refusal::Older { sequence, made_at, last: last.sequence });
        }
        if request.kind == Kind::Full {
            return Ok(());
        }
        let chained = last
            .nonce
            .is_some_and(|nonce| request.base == Some(nonce) || request.since.contains(&nonce));
        if chained && sequence > last.sequence {
            return Ok(());
        }
        Err(Refusal::FullNeeded { accepted: last.sequence })
    }
}
