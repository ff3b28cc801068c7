//! Where an agent stands: what is stored, in the words of XE-YANG and of the table.

use super::Exchange;
use crate::device::reservation::{Installed, Reservation};
use crate::device::state::{Answered, Failure, State};
use crate::device::timers::Timer;
use crate::domain::host::Server;
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// The state of the registration, in the words of XE-YANG and the command line.
// device-protocol.md 3.2 (PROVEN).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// Never tried, or de-registered.
    NotRegistered,
    /// Asked, not answered.
    InProgress,
    /// Registered.
    Complete,
    /// The server could not be reached; there will be another attempt.
    Retry,
    /// The server refused.
    Failed,
    /// The identity certificate ran out or was removed.
    Expired,
    /// A reservation is asked for.
    Reserving,
    /// Single licenses are reserved.
    SpecificReservation,
    /// All licenses are reserved.
    UniversalReservation,
}

/// The state of the authorization.
// device-protocol.md 3.2 (PROVEN; Waiting is an enforcement mode there, NotAuthorized is XR's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationState {
    /// No licenses in use.
    None,
    /// In use without registration, evaluation running.
    Eval,
    /// In use without registration, evaluation used up.
    EvalExpired,
    /// Registered and in use, no answer yet.
    Waiting,
    /// Covered.
    Authorized,
    /// Not covered.
    OutOfCompliance,
    /// No good answer before the deadline.
    AuthorizationExpired,
    /// The server does not know the product any more; or in use is what is not reserved.
    NotAuthorized,
    /// Reserved.
    Reserved,
}

/// The registration together with the message that is under way: the first column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not registered, idle.
    NotRegistered,
    /// Refused, idle.
    Failed,
    /// The certificate is gone, idle.
    Expired,
    /// Waiting for the next attempt to register.
    Retry,
    /// A registration is under way.
    Registering,
    /// Registered, idle.
    Complete,
    /// Registered, and registering anew.
    Reregistering,
    /// Registered, an authorization is under way.
    Authorizing,
    /// Registered, a renewal of the certificate is under way.
    Renewing,
    /// Registered, a request for vouchers is under way.
    AskingKey,
    /// Registered, a wish for an export authorization key is under way.
    AskingExport,
    /// Registered, a de-registration is under way.
    Leaving,
    /// Reservation mode, nothing asked.
    ReservationOn,
    /// Reservation mode, a request waits for its code.
    ReservationAsked,
    /// Single licenses are reserved.
    SpecificReserved,
    /// All licenses are reserved.
    UniversalReserved,
}

impl Standing {
    /// All.
    pub const ALL: [Self; 16] = [
        Self::NotRegistered,
        Self::Failed,
        Self::Expired,
        Self::Retry,
        Self::Registering,
        Self::Complete,
        Self::Reregistering,
        Self::Authorizing,
        Self::Renewing,
        Self::AskingKey,
        Self::AskingExport,
        Self::Leaving,
        Self::ReservationOn,
        Self::ReservationAsked,
        Self::SpecificReserved,
        Self::UniversalReserved,
    ];

    /// Where `state` stands.
    pub fn of(state: &State) -> Self {
        let registered = state.registration.identity.is_some();
        match (state.waiting_for, registered) {
            (Some(Exchange::Registration), true) => Self::Reregistering,
            (Some(Exchange::Registration), false) => Self::Registering,
            (Some(Exchange::Authorization), true) => Self::Authorizing,
            (Some(Exchange::IdCertRenew), true) => Self::Renewing,
            (Some(Exchange::ThirdPartyKey), true) => Self::AskingKey,
            (Some(Exchange::ExportKey), true) => Self::AskingExport,
            (Some(Exchange::Deregistration), true) => Self::Leaving,
            (None, true) => Self::Complete,
            (_, false) if state.reservation.enabled => Self::reserving(&state.reservation),
            // Without an identity nothing else can be under way: losing it ends the waiting.
            (_, false) if state.registration.pending.is_some() => Self::Retry,
            (_, false) => match state.registration.failure {
                Some(Failure::Failed) => Self::Failed,
                Some(Failure::Expired) => Self::Expired,
                None => Self::NotRegistered,
            },
        }
    }

    fn reserving(reservation: &Reservation) -> Self {
        match (&reservation.installed, &reservation.request) {
            (Some(Installed { kind: Kind::Specific, .. }), _) => Self::SpecificReserved,
            (Some(Installed { kind: Kind::Universal, .. }), _) => Self::UniversalReserved,
            (None, Some(_)) => Self::ReservationAsked,
            (None, None) => Self::ReservationOn,
        }
    }

    /// What is under way.
    pub fn waits_for(self) -> Option<Exchange> {
        match self {
            Self::NotRegistered
            | Self::Failed
            | Self::Expired
            | Self::Retry
            | Self::Complete
            | Self::ReservationOn
            | Self::ReservationAsked
            | Self::SpecificReserved
            | Self::UniversalReserved => None,
            Self::Registering | Self::Reregistering => Some(Exchange::Registration),
            Self::Authorizing => Some(Exchange::Authorization),
            Self::Renewing => Some(Exchange::IdCertRenew),
            Self::AskingKey => Some(Exchange::ThirdPartyKey),
            Self::AskingExport => Some(Exchange::ExportKey),
            Self::Leaving => Some(Exchange::Deregistration),
        }
    }

    /// The state of the registration.
    pub fn registration(self) -> RegistrationState {
        match self {
            Self::NotRegistered | Self::ReservationOn => RegistrationState::NotRegistered,
            Self::ReservationAsked => RegistrationState::Reserving,
            Self::SpecificReserved => RegistrationState::SpecificReservation,
            Self::UniversalReserved => RegistrationState::UniversalReservation,
            Self::Failed => RegistrationState::Failed,
            Self::Expired => RegistrationState::Expired,
            Self::Retry => RegistrationState::Retry,
            Self::Registering | Self::Reregistering => RegistrationState::InProgress,
            Self::Complete
            | Self::Authorizing
            | Self::Renewing
            | Self::AskingKey
            | Self::AskingExport
            | Self::Leaving => RegistrationState::Complete,
        }
    }
}

impl State {
    /// The state of the registration as of the last step.
    pub fn registration_state(&self) -> RegistrationState {
        Standing::of(self).registration()
    }

    /// The state of the authorization at `now`.
    pub fn authorization_state(&self, now: Timestamp) -> AuthorizationState {
        if let Some(installed) = &self.reservation.installed {
            let mut used = self.usage.iter().filter(|(_, usage)| usage.count > 0);
            return match used.all(|(tag, usage)| installed.covers(tag, usage.count, now)) {
                false => AuthorizationState::NotAuthorized,
                true if self.in_use() => AuthorizationState::Reserved,
                true => AuthorizationState::None,
            };
        }
        if self.registration.identity.is_none() {
            return match (self.in_use(), self.evaluation_left(now) > TimeDelta::zero()) {
                (false, _) => AuthorizationState::None,
                (true, true) => AuthorizationState::Eval,
                (true, false) => AuthorizationState::EvalExpired,
            };
        }
        if self.authorization.status == Some(Answered::NotAuthorized) {
            return AuthorizationState::NotAuthorized;
        }
        if self.authorization.deadline.is_some_and(|deadline| now >= deadline) {
            return AuthorizationState::AuthorizationExpired;
        }
        match self.authorization.status {
            Some(Answered::Authorized) => AuthorizationState::Authorized,
            Some(Answered::OutOfCompliance) => AuthorizationState::OutOfCompliance,
            Some(Answered::NoLicensesInUse | Answered::NotAuthorized) | None if self.in_use() => {
                AuthorizationState::Waiting
            }
            Some(Answered::NoLicensesInUse | Answered::NotAuthorized) | None => {
                AuthorizationState::None
            }
        }
    }

    /// Whether it is neither registered nor has anything reserved: then it evaluates.
    pub fn unlicensed(&self) -> bool {
        self.registration.identity.is_none() && self.reservation.installed.is_none()
    }

    /// Whether the evaluation runs while the product is unlicensed. It counts days of use; that
    /// of a meetings server counts from its installation (seed 003, documented; F-HL-02).
    pub fn evaluates(&self) -> bool {
        self.in_use() || self.hosts.as_ref().is_some_and(Server::is_smart)
    }

    /// Whether any license is in use.
    pub fn in_use(&self) -> bool {
        self.usage.values().any(|usage| usage.count > 0)
    }

    /// What is left of the evaluation period at `now`; never negative.
    pub fn evaluation_left(&self, now: Timestamp) -> TimeDelta {
        (self.timers.get(Timer::Evaluation) - self.evaluation_used(now)).max(TimeDelta::zero())
    }

    pub(super) fn evaluation_used(&self, now: Timestamp) -> TimeDelta {
        let running = self.evaluation.running_since.map_or(TimeDelta::zero(), |since| now - since);
        // A clock that was set back does not give time back.
        TimeDelta::milliseconds(self.evaluation.used_ms) + running.max(TimeDelta::zero())
    }

    /// When the evaluation ends if it goes on running; none while it does not run.
    pub fn evaluation_ends(&self) -> Option<Timestamp> {
        let used = TimeDelta::milliseconds(self.evaluation.used_ms);
        let left = self.timers.get(Timer::Evaluation) - used;
        self.evaluation.running_since.map(|since| since + left)
    }

    /// When something is due by itself: a message to send, an end to notice.
    pub fn next_due(&self) -> Option<Timestamp> {
        let pending = self.registration.pending.as_ref().and_then(|pending| pending.next_attempt);
        let identity = self.registration.identity.as_ref();
        let out = self.registration.out_of_range_since;
        let evaluation_ends = self.evaluation_ends();
        let instants = [
            self.hosts.as_ref().and_then(Server::next_due),
            pending,
            identity.and(self.authorization.next_attempt),
            identity.and(self.last_seen).filter(|_| self.authorization.changed),
            identity.and(self.export.next_attempt()),
            identity.map(|identity| identity.renew_at),
            identity.map(|identity| identity.expires_at),
            out.map(|since| since + self.timers.get(Timer::OutOfRange)),
            evaluation_ends,
            self.reservation.installed.as_ref().zip(self.last_seen).and_then(term_changes),
        ];
        instants.into_iter().flatten().min()
    }
}

fn term_changes((installed, seen): (&Installed, Timestamp)) -> Option<Timestamp> {
    installed.next_change(seen)
}
