//! What a product tells: the entries of its event log, the log messages, the notifications.
// device-protocol.md 2.2 (PROVEN: MIB, NSO): which things are notified; 3.1: when to warn.

use crate::domain::host::Happening;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How many entries are kept.
pub const KEPT: usize = 200;

/// Something that a product tells its user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The use of a license changed.
    Usage {
        /// The entitlement tag.
        tag: String,
        /// How many are in use now.
        count: u64,
    },
    /// Registered.
    Registered {
        /// Whether export-controlled functionality is allowed.
        export_allowed: bool,
    },
    /// The server refused the registration, or its answer was not believable.
    RegistrationFailed {
        /// Why.
        reason: String,
    },
    /// Covered.
    Authorized,
    /// Not covered.
    OutOfCompliance,
    /// Nothing is in use.
    NoLicensesInUse,
    /// An authorization brought nothing.
    AuthorizationFailed {
        /// Why.
        reason: String,
    },
    /// No good answer before the deadline.
    AuthorizationExpired,
    /// The server does not know the product any more.
    NotAuthorized {
        /// In its words.
        reason: String,
    },
    /// The server is not reached.
    CommunicationFailed {
        /// Why.
        reason: String,
    },
    /// It is again.
    CommunicationRestored,
    /// The identity certificate is renewed.
    IdentityRenewed,
    /// It could not be.
    IdentityRenewalFailed {
        /// Why.
        reason: String,
    },
    /// The identity certificate will expire.
    IdentityExpiring {
        /// In so many days.
        days: i64,
    },
    /// It has expired.
    IdentityExpired,
    /// The clock is outside the dates of the certificate.
    OutOfRange,
    /// It is inside again.
    InRange,
    /// It stayed outside: the certificate is removed.
    OutOfRangeRemoved,
    /// The clock was set.
    ClockChanged,
    /// The evaluation period runs out.
    EvaluationLeft {
        /// What is left, in seconds.
        seconds: i64,
    },
    /// It has run out.
    EvaluationExpired,
    /// De-registered.
    Deregistered,
    /// De-registered here, but the server has not confirmed it.
    DeregistrationFailed {
        /// Why.
        reason: String,
    },
    /// An export authorization key came.
    ExportKeyReceived {
        /// The entitlement tag.
        license: String,
    },
    /// A request or return of one has failed.
    ExportKeyRefused {
        /// Why.
        reason: String,
    },
    /// An export authorization key was returned.
    ExportKeyReturned {
        /// The entitlement tag.
        license: String,
    },
    /// A request or return is not tried any more.
    ExportCancelled {
        /// The entitlement tag.
        license: String,
    },
    /// Reservation mode begins or ends.
    ReservationMode {
        /// Whether it is on now.
        on: bool,
    },
    /// An authorization code is installed.
    ReservationInstalled,
    /// What was reserved is given back.
    ReservationReturned,
    /// The term of a reserved license has ended.
    ReservationExpired {
        /// The entitlement tag.
        tag: String,
    },
    /// Something about host licenses, users or meetings.
    Host {
        /// What.
        happening: Happening,
    },
    /// A key for a third party came.
    KeyReceived,
    /// It was refused.
    KeyRefused {
        /// Why.
        reason: String,
    },
}

/// An entry of the event log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, by the product's clock.
    pub at: Timestamp,
    /// What.
    pub notice: Notice,
}

/// The event log: the last entries, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Log(VecDeque<Entry>);

impl Log {
    /// Adds an entry; the oldest makes room.
    pub fn push(&mut self, at: Timestamp, notice: Notice) {
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Entry { at, notice });
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.0.iter()
    }
}
