//! The table of the state machine: every pair of standing and event has exactly one row.
// device-protocol.md 3.3, row by row; where it has a guess or nothing, the mark says Ours.

use super::reservation::{What, only};
use super::{
    AuthorizationState, Event, Exchange, NotNow, Refusal, RegistrationState, Standing, Step,
};
use crate::device::DeviceError;
use crate::device::words;
use crate::protocol::error_codes::{Mark, StatusCode};

/// The second column: kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Register without force.
    Register,
    /// Register with force.
    Force,
    /// Licenses in use change.
    Use,
    /// Renew the authorization.
    RenewAuth,
    /// Renew the identity certificate.
    RenewId,
    /// Ask for vouchers.
    AskKey,
    /// Request, return or cancel an export authorization key.
    Export,
    /// De-register.
    Deregister,
    /// Something about a reservation.
    Reserve(What),
    /// Something with users, meetings or host licenses.
    Host,
    /// An answer.
    Answer(Exchange, Verdict),
    /// Time.
    Tick,
    /// A timer.
    Due,
    /// The clock was set.
    ClockSet,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Done.
    Good,
    /// Refused.
    Refused,
    /// The server does not know the product instance, or its certificate has expired.
    Unknown,
    /// `OK_TRY_AGAIN`.
    TryAgain,
    /// No answer.
    Lost,
    /// An answer that cannot be believed.
    Untrusted,
}

impl Verdict {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::Good, Self::Refused, Self::Unknown, Self::TryAgain, Self::Lost, Self::Untrusted];

    fn of(outcome: &super::Outcome) -> Self {
        match outcome {
            Ok(_) => Self::Good,
            Err(DeviceError::Refused { status: StatusCode::OkTryAgain, .. }) => Self::TryAgain,
            Err(DeviceError::Refused { message, .. }) if words::unknown_identity(message) => {
                Self::Unknown
            }
            Err(DeviceError::Refused { .. } | DeviceError::NotNow(_) | DeviceError::Host(_)) => {
                Self::Refused
            }
            Err(DeviceError::Unreachable(_)) => Self::Lost,
            Err(DeviceError::BadAnswer(_) | DeviceError::Usage(_)) => Self::Untrusted,
        }
    }
}

impl Kind {
    /// The kind of an event.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Register { force: false, .. } => Self::Register,
            Event::Register { force: true, .. } => Self::Force,
            Event::Use(_) => Self::Use,
            Event::RenewAuthorization => Self::RenewAuth,
            Event::RenewIdentity => Self::RenewId,
            Event::AskKey(_) => Self::AskKey,
            Event::Export(_) => Self::Export,
            Event::Deregister => Self::Deregister,
            Event::Reserve(ask) => Self::Reserve(ask.what()),
            Event::Host(_) => Self::Host,
            Event::Answered(exchange, outcome) => Self::Answer(*exchange, Verdict::of(outcome)),
            Event::Tick => Self::Tick,
            Event::Due => Self::Due,
            Event::ClockSet => Self::ClockSet,
        }
    }
}

/// What a row does.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Calls a rule.
    Do(fn(&mut Step, Event)),
    /// Calls a rule that may refuse for reasons of its own.
    Try(fn(&mut Step, Event) -> Result<(), NotNow>),
    /// Refuses: the user is told, nothing changes.
    Refuse(NotNow),
    /// Refuses because of what is under way.
    Busy,
}

impl Rule {
    pub(super) fn apply(&self, step: &mut Step, event: Event) -> Result<(), NotNow> {
        match self {
            Self::Do(rule) => {
                rule(step, event);
                Ok(())
            }
            Self::Try(rule) => rule(step, event),
            Self::Refuse(reason) => Err(reason.clone()),
            Self::Busy => match Standing::of(&step.state).waits_for() {
                Some(exchange) => Err(NotNow::InProgress(exchange)),
                None => Ok(()),
            },
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where the agent may stand.
    pub current: &'static [Standing],
    /// What happens.
    pub event: &'static [Kind],
    /// Where the registration may stand afterwards; empty = where it stood.
    pub registration: &'static [RegistrationState],
    /// The same for the authorization.
    pub authorization: &'static [AuthorizationState],
    /// What is done.
    pub rule: Rule,
    /// How sure we are.
    pub mark: Mark,
}

use AuthorizationState as A;
use Exchange as X;
use Kind as K;
use Mark::{Documented, Ours, Proven};
use Refusal as F;
use RegistrationState as R;
use Rule::{Busy, Do, Refuse, Try};
use Standing as S;
use Verdict as V;
use What as W;

const IDLE: &[S] = &[S::NotRegistered, S::Failed, S::Expired, S::Retry];
const ANY: &[S] = &S::ALL;
const OUTSIDE: &[S] = &[S::NotRegistered, S::Failed, S::Expired, S::Retry, S::Registering];
const INSIDE: &[S] = &[
    S::Complete,
    S::Reregistering,
    S::Authorizing,
    S::Renewing,
    S::AskingKey,
    S::AskingExport,
    S::Leaving,
];
const BUSY: &[S] =
    &[S::Reregistering, S::Authorizing, S::Renewing, S::AskingKey, S::AskingExport, S::Leaving];
const WITHOUT: &[A] = &[A::None, A::Eval, A::EvalExpired];
const SAME_R: &[R] = &[];
const SAME_A: &[A] = &[];
const MODE: &[S] =
    &[S::ReservationOn, S::ReservationAsked, S::SpecificReserved, S::UniversalReserved];
const UNRESERVED: &[S] = &[S::ReservationOn, S::ReservationAsked];
const RESERVED: &[S] = &[S::SpecificReserved, S::UniversalReserved];
const ONLINE: &[S] = &[
    S::NotRegistered,
    S::Failed,
    S::Expired,
    S::Retry,
    S::Registering,
    S::Complete,
    S::Reregistering,
    S::Authorizing,
    S::Renewing,
    S::AskingKey,
    S::AskingExport,
    S::Leaving,
];
const BY_CODE: &[A] = &[A::None, A::Reserved, A::NotAuthorized];
const REQUESTS: &[K] = &[K::RenewAuth, K::RenewId, K::AskKey, K::Export];

/// Registration answers that do not register.
const NO: &[K] = &[K::Answer(X::Registration, V::Refused), K::Answer(X::Registration, V::Unknown)];
const NO_SERVER: &[K] =
    &[K::Answer(X::Registration, V::TryAgain), K::Answer(X::Registration, V::Lost)];
const NOT_BELIEVED: &[K] = &[K::Answer(X::Registration, V::Untrusted)];
const AUTH_FAILS: &[K] = &[
    K::Answer(X::Authorization, V::Refused),
    K::Answer(X::Authorization, V::TryAgain),
    K::Answer(X::Authorization, V::Lost),
    K::Answer(X::Authorization, V::Untrusted),
];
const RENEWAL_FAILS: &[K] = &[
    K::Answer(X::IdCertRenew, V::Refused),
    K::Answer(X::IdCertRenew, V::TryAgain),
    K::Answer(X::IdCertRenew, V::Lost),
    K::Answer(X::IdCertRenew, V::Untrusted),
];
const KEY_FAILS: &[K] = &[
    K::Answer(X::ThirdPartyKey, V::Refused),
    K::Answer(X::ThirdPartyKey, V::TryAgain),
    K::Answer(X::ThirdPartyKey, V::Lost),
    K::Answer(X::ThirdPartyKey, V::Untrusted),
];
const EXPORT_LOST: &[K] = &[
    K::Answer(X::ExportKey, V::TryAgain),
    K::Answer(X::ExportKey, V::Lost),
    K::Answer(X::ExportKey, V::Untrusted),
];
const LEAVING_FAILS: &[K] = &[
    K::Answer(X::Deregistration, V::Refused),
    K::Answer(X::Deregistration, V::Unknown),
    K::Answer(X::Deregistration, V::TryAgain),
    K::Answer(X::Deregistration, V::Lost),
    K::Answer(X::Deregistration, V::Untrusted),
];

/// The state machine. An answer that is not waited for has no row: `find` refuses those.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    //  current          event                                      registration          authorization        what is done                    mark
    row(IDLE,            &[K::Register, K::Force],                  &[R::InProgress],     SAME_A,              Do(Step::register),             Proven),
    row(&[S::Complete],  &[K::Force],                               &[R::InProgress],     SAME_A,              Do(Step::register),             Proven),
    row(INSIDE,          &[K::Register],                            SAME_R,               SAME_A,              Refuse(NotNow::AlreadyRegistered), Proven),
    row(&[S::Registering], &[K::Register, K::Force],                SAME_R,               SAME_A,              Busy,                           Proven),
    row(BUSY,            &[K::Force],                               SAME_R,               SAME_A,              Busy,                           Proven),

    row(&[S::Registering], &[K::Answer(X::Registration, V::Good)],  &[R::Complete],       &[A::Waiting, A::None], Do(Step::registered),        Proven),
    row(&[S::Reregistering], &[K::Answer(X::Registration, V::Good)], &[R::Complete],      &[A::Waiting, A::None], Do(Step::registered),        Proven),
    row(&[S::Registering], NO,                                      &[R::Failed],         SAME_A,              Do(Step::registration_refused), Proven),
    row(&[S::Registering], NOT_BELIEVED,                            &[R::Failed],         SAME_A,              Do(Step::registration_refused), Ours),
    row(&[S::Registering], NO_SERVER,                               &[R::Retry],          SAME_A,              Do(Step::registration_lost),    Proven),
    row(&[S::Reregistering], NO,                                    &[R::Complete],       SAME_A,              Do(Step::registration_refused), Ours),
    row(&[S::Reregistering], NOT_BELIEVED,                          &[R::Complete],       SAME_A,              Do(Step::registration_refused), Ours),
    row(&[S::Reregistering], NO_SERVER,                             &[R::Complete],       SAME_A,              Do(Step::registration_refused), Ours),

    row(OUTSIDE,         &[K::Use],                                 SAME_R,               WITHOUT,             Try(Step::use_by_hand),         Proven),
    row(INSIDE,          &[K::Use],                                 SAME_R,               ALL_INSIDE,          Try(Step::use_by_hand),         Proven),

    row(OUTSIDE,         REQUESTS,                                  SAME_R,               SAME_A,              Refuse(NotNow::NotRegistered),  Proven),
    row(&[S::Complete],  &[K::RenewAuth],                           SAME_R,               SAME_A,              Do(Step::renew_authorization),  Proven),
    row(&[S::Complete],  &[K::RenewId],                             SAME_R,               SAME_A,              Do(Step::renew_identity),       Proven),
    row(BUSY,            REQUESTS,                                  SAME_R,               SAME_A,              Busy,                           Proven),

    row(&[S::Authorizing], &[K::Answer(X::Authorization, V::Good)], SAME_R,               ANSWERED,            Do(Step::authorized),           Proven),
    row(&[S::Authorizing], AUTH_FAILS,                              SAME_R,               SAME_A,              Do(Step::authorization_failed), Proven),
    row(&[S::Authorizing], &[K::Answer(X::Authorization, V::Unknown)], SAME_R,            &[A::NotAuthorized], Do(Step::unknown_here),         Ours),
    row(&[S::Renewing],  &[K::Answer(X::IdCertRenew, V::Good)],     SAME_R,               SAME_A,              Do(Step::renewed),              Proven),
    row(&[S::Renewing],  RENEWAL_FAILS,                             SAME_R,               SAME_A,              Do(Step::renewal_failed),       Proven),
    row(&[S::Renewing],  &[K::Answer(X::IdCertRenew, V::Unknown)],  SAME_R,               &[A::NotAuthorized], Do(Step::unknown_here),         Ours),

    row(&[S::Complete],  &[K::AskKey],                              SAME_R,               SAME_A,              Do(Step::ask_key),              Proven),
    row(&[S::AskingKey], &[K::Answer(X::ThirdPartyKey, V::Good)],   SAME_R,               SAME_A,              Do(Step::key_received),         Proven),
    row(&[S::AskingKey], KEY_FAILS,                                 SAME_R,               SAME_A,              Do(Step::key_refused),          Proven),
    row(&[S::AskingKey], &[K::Answer(X::ThirdPartyKey, V::Unknown)], SAME_R,              &[A::NotAuthorized], Do(Step::unknown_here),         Ours),

    row(&[S::Complete],  &[K::Export],                              SAME_R,               SAME_A,              Try(Step::export),              Documented),
    row(&[S::AskingExport], &[K::Answer(X::ExportKey, V::Good)],    SAME_R,               SAME_A,              Do(Step::export_answered),      Documented),
    row(&[S::AskingExport], &[K::Answer(X::ExportKey, V::Refused)], SAME_R,               SAME_A,              Do(Step::export_refused),       Documented),
    row(&[S::AskingExport], EXPORT_LOST,                            SAME_R,               SAME_A,              Do(Step::export_lost),          Documented),
    row(&[S::AskingExport], &[K::Answer(X::ExportKey, V::Unknown)], SAME_R,               &[A::NotAuthorized], Do(Step::unknown_here),         Ours),

    row(&[S::Complete],  &[K::Deregister],                          SAME_R,               SAME_A,              Try(Step::deregister),          Proven),
    row(BUSY,            &[K::Deregister],                          SAME_R,               SAME_A,              Busy,                           Proven),
    row(&[S::Retry],     &[K::Deregister],                          &[R::NotRegistered],  SAME_A,              Do(Step::stop_trying),          Ours),
    row(&[S::NotRegistered, S::Failed, S::Expired, S::Registering], &[K::Deregister], SAME_R, SAME_A,          Refuse(NotNow::NotRegistered),  Proven),
    row(&[S::Leaving],   &[K::Answer(X::Deregistration, V::Good)],  &[R::NotRegistered],  WITHOUT,             Do(Step::left),                 Proven),
    row(&[S::Leaving],   LEAVING_FAILS,                             &[R::NotRegistered],  WITHOUT,             Do(Step::left),                 Proven),

    // Reservation: device-protocol.md 4.3 and 4.5.
    row(IDLE,            &[K::Reserve(W::Enable)],                  &[R::NotRegistered],  SAME_A,              Do(Step::enable_reservation),   Proven),
    row(&[S::Registering], &[K::Reserve(W::Enable)],                SAME_R,               SAME_A,              Busy,                           Ours),
    row(INSIDE,          &[K::Reserve(W::Enable)],                  SAME_R,               SAME_A,              only(F::Registered),            Proven),
    row(MODE,            &[K::Reserve(W::Enable)],                  SAME_R,               SAME_A,              only(F::AlreadyOn),             Proven),
    row(ONLINE,          &[K::Reserve(W::Disable)],                 SAME_R,               SAME_A,              only(F::AlreadyOff),            Proven),
    row(ONLINE,          W::IN_MODE,                                SAME_R,               SAME_A,              only(F::Off),                   Proven),
    row(&[S::ReservationOn], &[K::Reserve(W::Disable)],             SAME_R,               SAME_A,              Do(Step::disable_reservation),  Proven),
    row(&[S::ReservationAsked], &[K::Reserve(W::Disable)],          SAME_R,               SAME_A,              only(F::RequestInProgress),     Ours),
    row(UNRESERVED,      &[K::Reserve(W::Request)],                 &[R::Reserving],      SAME_A,              Try(Step::request_reservation), Proven),
    row(&[S::ReservationOn], &[K::Reserve(W::Cancel)],              SAME_R,               SAME_A,              Do(|_, _| ()),                  Proven),
    row(&[S::ReservationAsked], &[K::Reserve(W::Cancel)],           &[R::NotRegistered],  SAME_A,              Do(Step::cancel_request),       Proven),
    row(RESERVED,        &[K::Reserve(W::Disable), K::Reserve(W::Request), K::Reserve(W::Cancel)], SAME_R, SAME_A, only(F::Installed),           Ours),
    row(&[S::ReservationOn], &[K::Reserve(W::Install)],             SAME_R,               SAME_A,              only(F::NoRequest),             Proven),
    row(&[S::ReservationAsked], &[K::Reserve(W::Install)],          &[R::SpecificReservation, R::UniversalReservation], BY_CODE, Try(Step::install_code), Proven),
    row(RESERVED,        &[K::Reserve(W::Install)],                 SAME_R,               BY_CODE,             Try(Step::install_code),        Proven),
    row(UNRESERVED,      &[K::Reserve(W::Return)],                  SAME_R,               SAME_A,              only(F::NothingInstalled),      Proven),
    row(RESERVED,        &[K::Reserve(W::Return)],                  &[R::NotRegistered],  WITHOUT,             Do(Step::return_code),          Proven),
    row(UNRESERVED,      &[K::Reserve(W::ReturnAuthorization)],     &[R::NotRegistered],  SAME_A,              Try(Step::return_authorization), Proven),
    row(RESERVED,        &[K::Reserve(W::ReturnAuthorization)],     SAME_R,               SAME_A,              only(F::Installed),             Ours),
    row(MODE,            &[K::Reserve(W::Forget)],                  SAME_R,               SAME_A,              Try(Step::forget_code),         Proven),
    row(UNRESERVED,      &[K::Use],                                 SAME_R,               WITHOUT,             Try(Step::use_by_hand),         Ours),
    row(RESERVED,        &[K::Use],                                 SAME_R,               BY_CODE,             Try(Step::use_reserved),        Proven),
    row(MODE,            &[K::Register, K::Force, K::RenewAuth, K::RenewId, K::AskKey, K::Export, K::Deregister], SAME_R, SAME_A, only(F::Online),          Proven),
    row(MODE,            &[K::Due],                                 SAME_R,               SAME_A,              Do(|_, _| ()),                  Ours),

    // Host licenses: the products of the tests have none, and refuse.
    row(OUTSIDE,         &[K::Host],                                SAME_R,               WITHOUT,             Try(Step::host),                Ours),
    row(INSIDE,          &[K::Host],                                SAME_R,               ALL_INSIDE,          Try(Step::host),                Ours),
    row(UNRESERVED,      &[K::Host],                                SAME_R,               WITHOUT,             Try(Step::host),                Ours),
    row(RESERVED,        &[K::Host],                                SAME_R,               BY_CODE,             Try(Step::host),                Ours),

    // Expiries, deadlines and warnings come with time, whatever the event: `time.rs`.
    row(ANY,             &[K::Tick, K::ClockSet],                   SAME_R,               SAME_A,              Do(|_, _| ()),                  Proven),
    row(&[S::Retry],     &[K::Due],                                 &[R::InProgress, R::Retry], SAME_A,        Do(Step::due),                  Proven),
    row(&[S::Complete],  &[K::Due],                                 SAME_R,               SAME_A,              Do(Step::due),                  Proven),
    row(&[S::NotRegistered, S::Failed, S::Expired], &[K::Due],      SAME_R,               SAME_A,              Do(|_, _| ()),                  Ours),
    row(&[S::Registering],   &[K::Due],                                 SAME_R,               SAME_A,              Do(|_, _| ()),                  Ours),
    row(BUSY,            &[K::Due],                                 SAME_R,               SAME_A,              Do(|_, _| ()),                  Ours),
];

const ALL_INSIDE: &[A] = &[
    A::None,
    A::Waiting,
    A::Authorized,
    A::OutOfCompliance,
    A::AuthorizationExpired,
    A::NotAuthorized,
];
const ANSWERED: &[A] = &[A::Authorized, A::OutOfCompliance, A::None, A::Waiting];

const fn row(
    current: &'static [Standing],
    event: &'static [Kind],
    registration: &'static [RegistrationState],
    authorization: &'static [AuthorizationState],
    rule: Rule,
    mark: Mark,
) -> Row {
    Row { current, event, registration, authorization, rule, mark }
}

/// The row of a pair.
///
/// # Errors
/// The event is an answer to something that is not under way.
pub(super) fn find(standing: Standing, event: Kind) -> Result<&'static Row, NotNow> {
    let mut rows = TABLE.iter();
    let row = rows.find(|row| row.current.contains(&standing) && row.event.contains(&event));
    row.ok_or(NotNow::NotAsked)
}
