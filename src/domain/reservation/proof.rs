//! What a confirmation or a return code proves (A-RSV-12, A-RSV-15, A-RSV-16).

use super::{Refusal, Settlement};
use crate::domain::id::{AuthorizationId, InstanceId, SmartAccountId};
use crate::domain::time::Timestamp;

/// An authorization code that was given out, with the two answers that fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Identity; rises with time.
    pub id: AuthorizationId,
    /// The Smart Account.
    pub account: SmartAccountId,
    /// The product instance, which may be gone.
    pub instance: InstanceId,
    /// What has become of it.
    pub state: State,
    /// The code.
    pub code: String,
    /// The confirmation code that proves that it is installed.
    pub confirmation: String,
    /// The return code that proves that it is gone from the device.
    pub return_code: String,
    /// When.
    pub made_at: Timestamp,
    /// Who asked for it.
    pub made_by: String,
    /// What was said about it (A-RSV-18).
    pub notes: String,
}

/// What has become of an authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is in force, and its confirmation code was not entered (A-RSV-20).
    Current,
    /// It is in force and confirmed.
    Confirmed,
    /// An update that waits for its confirmation code.
    Pending,
    /// A later one is in force.
    Replaced,
    /// An update that was cancelled.
    Cancelled,
    /// Its licenses came back.
    Returned,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Current,
        Self::Confirmed,
        Self::Pending,
        Self::Replaced,
        Self::Cancelled,
        Self::Returned,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Confirmed => "confirmed",
            Self::Pending => "pending",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it is the one in force.
    pub fn in_force(self) -> bool {
        matches!(self, Self::Current | Self::Confirmed)
    }

    /// What becomes of it when an update of its instance ends.
    #[must_use]
    pub fn settled(self, how: Settlement) -> Self {
        match (self, how) {
            (Self::Pending, Settlement::Accepted) => Self::Confirmed,
            (Self::Pending, Settlement::RolledBack) => Self::Cancelled,
            (Self::Current | Self::Confirmed, Settlement::Accepted) => Self::Replaced,
            (same, Settlement::Accepted | Settlement::RolledBack) => same,
        }
    }

    /// What becomes of it when its instance gives all back.
    #[must_use]
    pub fn freed(self) -> Self {
        match self {
            Self::Current | Self::Confirmed => Self::Returned,
            Self::Pending => Self::Cancelled,
            Self::Replaced | Self::Cancelled | Self::Returned => self,
        }
    }

    /// Why its answers do not count.
    fn over(self) -> &'static str {
        match self {
            Self::Current | Self::Confirmed => "it belongs to the authorization in force",
            Self::Pending => "it belongs to an update that is not confirmed",
            Self::Replaced => "it was made before the last update",
            Self::Cancelled => "it belongs to an update that was cancelled",
            Self::Returned => "it was used already",
        }
    }
}

const CONFIRMATION: &str = "Reservation confirmation code";
const RETURN: &str = "Reservation return code";

/// The authorization that a confirmation code confirms, of all that an instance ever had.
///
/// # Errors
/// Why the code proves nothing; `code` is none where it had not the shape.
pub fn confirmed_by<'a>(
    all: &'a [Authorization],
    instance: &str,
    code: Option<&str>,
) -> Result<&'a Authorization, Refusal> {
    let wrong = |problem: &str| Refusal::WrongCode { field: CONFIRMATION, problem: problem.into() };
    let code = code.ok_or_else(|| wrong("8 digits from 0 to 9 and a to f are the rule"))?;
    // The newest first: an update may be confirmed while nothing else can.
    let found = all.iter().rev().find(|authorization| authorization.confirmation == code);
    let pending = all.iter().any(|authorization| authorization.state == State::Pending);
    match found.map(|authorization| (authorization, authorization.state)) {
        Some((authorization, State::Pending)) => Ok(authorization),
        Some((authorization, State::Current)) if !pending => Ok(authorization),
        Some((_, State::Confirmed)) if !pending => Err(Refusal::AlreadyConfirmed),
        Some((_, State::Current | State::Confirmed)) => Err(wrong(
            "it belongs to the authorization before the update; install the new one first",
        )),
        Some((_, state)) => Err(wrong(state.over())),
        None => Err(wrong(&format!("it was not made by {instance} for this reservation"))),
    }
}

/// Whether a return code gives back the authorization in force.
///
/// # Errors
/// Why the code proves nothing; `code` has the shape of one, or the rule that it breaks.
pub fn returned_by<'a>(
    own: &'a [Authorization],
    foreign: bool,
    code: Result<&str, &str>,
) -> Result<&'a Authorization, Refusal> {
    let wrong = |problem: &str| Refusal::WrongCode { field: RETURN, problem: problem.into() };
    let code = code.map_err(wrong)?;
    match own.iter().find(|authorization| authorization.return_code == code) {
        Some(authorization) if authorization.state.in_force() => Ok(authorization),
        Some(authorization) => Err(wrong(authorization.state.over())),
        None if foreign => Err(wrong("it belongs to another product instance")),
        None => Err(wrong("it was not made for this reservation")),
    }
}
