//! Why CSSM does not take what a satellite sends; the satellite acts on the code.

use crate::domain::id::OnPremUid;
use crate::domain::time::Timestamp;

/// Why a file or a credential of an On-Prem is refused. Nothing else changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody of that identity is registered, or not any more.
    #[error("The On-Prem {0} is unknown here; the local account has to register again.")]
    Unknown(OnPremUid),
    /// It is cut, changed, or no such file; the sentence says what.
    #[error("{0}")]
    Unreadable(String),
    /// Its signature is not that of the satellite.
    #[error("{0}")]
    Signature(String),
    /// It goes the other way.
    #[error("This is {is}; {wanted} is needed here.")]
    Direction {
        /// What the file is.
        is: String,
        /// What belongs here.
        wanted: &'static str,
    },
    /// It belongs to another On-Prem.
    #[error("The file is of the On-Prem {file}, and this is the On-Prem {here}.")]
    OtherOnPrem {
        /// Whose entry it was uploaded at.
        here: String,
        /// Whose file it is.
        file: String,
    },
    /// It was accepted before.
    #[error("The file was already processed (sequence {0}).")]
    Replayed(i64),
    /// A later one was accepted.
    #[error(
        "The file (sequence {sequence}, made {made_at}) is older than the last accepted one \
         (sequence {last})."
    )]
    Older {
        /// Its number.
        sequence: i64,
        /// When it was made.
        made_at: Timestamp,
        /// The number of the last accepted one.
        last: i64,
    },
    /// What was accepted last is not what it builds on: one side was restored from a backup.
    #[error(
        "The satellite is not where CSSM is (sequence behind; the last accepted one is \
         {accepted}). Only a full synchronization brings both together."
    )]
    FullNeeded {
        /// The number of the last accepted one.
        accepted: i64,
    },
    /// It was made in the future of this site.
    #[error("The file was made on {made_at}, and it is {now} here: the clocks differ.")]
    Future {
        /// When it was made.
        made_at: Timestamp,
        /// What time it is.
        now: Timestamp,
    },
    /// The credential is none of ours.
    #[error("The credential of the satellite is unknown; sign in with user name and password.")]
    Credential,
    /// The credential is over (B-ACC-08).
    #[error("The credential of the satellite ended on {0}; sign in again.")]
    CredentialEnded(Timestamp),
    /// Something in a line of the file breaks a rule.
    #[error("The file cannot be taken: {0}")]
    Content(String),
}

impl Refusal {
    /// The code for machines.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown_on_prem",
            Self::Unreadable(_) => "unreadable",
            Self::Signature(_) => "bad_signature",
            Self::Direction { .. } => "wrong_direction",
            Self::OtherOnPrem { .. } => "other_on_prem",
            Self::Replayed(_) => "replayed",
            Self::Older { .. } => "older",
            Self::FullNeeded { .. } => "full_needed",
            Self::Future { .. } => "made_in_future",
            Self::Credential => "credential_unknown",
            Self::CredentialEnded(_) => "credential_ended",
            Self::Content(_) => "bad_content",
        }
    }

    /// The number of the last accepted request, where the satellite needs it to go on.
    pub fn accepted(&self) -> Option<i64> {
        match self {
            Self::FullNeeded { accepted } => Some(*accepted),
            Self::Older { last, .. } => Some(*last),
            Self::Replayed(sequence) => Some(*sequence),
            Self::Unknown(_)
            | Self::Unreadable(_)
            | Self::Signature(_)
            | Self::Direction { .. }
            | Self::OtherOnPrem { .. }
            | Self::Future { .. }
            | Self::Credential
            | Self::CredentialEnded(_)
            | Self::Content(_) => None,
        }
    }
}
