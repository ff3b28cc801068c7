//! Why a meetings server says no.

use super::{Email, Size};
use crate::domain::time::Timestamp;

/// Why only licensing works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// Neither registered nor reserved, and no evaluation left.
    #[error(
        "The evaluation period is over and the product is not registered: only license management \
         works until it is."
    )]
    EvaluationOver,
    /// More licenses are assigned than are reserved.
    #[error(
        "{held} host licenses are assigned and {reserved} are reserved: only license management \
         works until enough are reserved."
    )]
    TooFewReserved {
        /// How many users hold one.
        held: u64,
        /// How many are reserved.
        reserved: u64,
    },
    /// The trial is over and no license is installed.
    #[error(
        "The trial is over and no license is installed: only license management works until one is."
    )]
    TrialOver,
}

/// Why something is not done. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A value breaks its rule.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is wrong with it, and the rule.
        problem: String,
    },
    /// Nobody is known by that address.
    #[error("There is no user {email}.")]
    NoUser {
        /// The address.
        email: Email,
    },
    /// No meeting has that number.
    #[error("There is no meeting {0}.")]
    NoMeeting(u64),
    /// Only licensing works.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// The account is not active (F-HL-16).
    #[error("{email} is deactivated: a deactivated user does not host.")]
    Deactivated {
        /// Whose.
        email: Email,
    },
    /// The account is for attending (F-HL-15).
    #[error("{email} is attendee-only: such a user neither hosts nor is an alternate host.")]
    AttendeeOnly {
        /// Whose.
        email: Email,
    },
    /// Two meetings run already (F-HL-12).
    #[error("{email} hosts two meetings already: nobody hosts more at the same time.")]
    TwoMeetings {
        /// Who.
        email: Email,
    },
    /// The license has expired, and no permanent one is free (F-HL-16).
    #[error(
        "The host license of {email} expired on {} and no permanent license is free: \
         the meeting cannot be started.",
        since.utc().format("%Y-%m-%d %H:%M")
    )]
    Expired {
        /// Whose.
        email: Email,
        /// Since when.
        since: Timestamp,
    },
    /// No license is left (F-HL-16).
    #[error("No host license is available for {email}: {why}. The meeting cannot be started.")]
    NoLicense {
        /// For whom.
        email: Email,
        /// In numbers.
        why: String,
    },
    /// The scheduled host is absent and holds no license (F-HL-14).
    #[error(
        "The scheduled host {email} holds no valid host license: an alternate host does not help."
    )]
    HostWithoutLicense {
        /// Who.
        email: Email,
    },
    /// The state of things forbids it; the sentence says which.
    #[error("{0}")]
    Conflict(String),
    /// A capacity license is missing.
    #[error("{what} needs the license {license}: install it first.")]
    NoCapacityLicense {
        /// What was wanted.
        what: String,
        /// What is missing.
        license: String,
    },
    /// Another size cannot be reached from here.
    #[error("A {from} system cannot become {to}: {rule}.")]
    Size {
        /// From.
        from: Size,
        /// To.
        to: Size,
        /// Why.
        rule: &'static str,
    },
}

impl Refusal {
    /// A value that breaks its rule.
    pub fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into() }
    }

    /// The state of things forbids it.
    pub(super) fn conflict(sentence: impl Into<String>) -> Self {
        Self::Conflict(sentence.into())
    }
}
