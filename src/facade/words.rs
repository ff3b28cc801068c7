//! The states in the words of both faces: one table each.

use crate::device::machine::{AuthorizationState, RegistrationState};
use crate::web::pages::view::{Badge, Tone};

/// The registration in the words of Cisco Modeling Labs.
// device-protocol.md 3.2 (PROVEN: CML, but for EXPIRED: ours).
pub fn registration_code(state: RegistrationState) -> &'static str {
    match state {
        RegistrationState::NotRegistered => "NOT_REGISTERED",
        RegistrationState::InProgress => "IN_PROGRESS",
        // A completed reservation counts as a registration (ours).
        RegistrationState::Complete
        | RegistrationState::SpecificReservation
        | RegistrationState::UniversalReservation => "COMPLETED",
        RegistrationState::Retry => "RETRY_IN_PROGRESS",
        RegistrationState::Failed => "FAILED",
        RegistrationState::Expired => "EXPIRED",
        RegistrationState::Reserving => "RESERVATION_IN_PROGRESS",
    }
}

/// The authorization in the words of Cisco Modeling Labs.
// device-protocol.md 3.2: INIT, EVAL, IN_COMPLIANCE and NOT_AUTHORIZED are PROVEN; the others
// are ours, after XE-YANG.
pub fn authorization_code(state: AuthorizationState) -> &'static str {
    match state {
        AuthorizationState::None => "INIT",
        AuthorizationState::Eval => "EVAL",
        AuthorizationState::EvalExpired => "EVAL_EXPIRED",
        AuthorizationState::Waiting => "WAITING",
        AuthorizationState::Authorized => "IN_COMPLIANCE",
        AuthorizationState::OutOfCompliance => "OUT_OF_COMPLIANCE",
        AuthorizationState::AuthorizationExpired => "AUTHORIZATION_EXPIRED",
        AuthorizationState::NotAuthorized => "NOT_AUTHORIZED",
        AuthorizationState::Reserved => "RESERVED_IN_COMPLIANCE",
    }
}

/// The registration for people.
pub fn registration(state: RegistrationState) -> Badge {
    match state {
        RegistrationState::NotRegistered => Badge::new(Tone::Neutral, "Unregistered"),
        RegistrationState::InProgress => Badge::new(Tone::Neutral, "Registration in progress"),
        RegistrationState::Complete => Badge::new(Tone::Good, "Registered"),
        RegistrationState::Retry => Badge::new(Tone::Attention, "Unregistered, trying again"),
        RegistrationState::Failed => Badge::new(Tone::Bad, "Registration failed"),
        RegistrationState::Expired => Badge::new(Tone::Bad, "Registration expired"),
        RegistrationState::Reserving => Badge::new(Tone::Attention, "Reservation in progress"),
        RegistrationState::SpecificReservation => {
            Badge::new(Tone::Good, "Registered, specific license reservation")
        }
        RegistrationState::UniversalReservation => {
            Badge::new(Tone::Good, "Registered, universal license reservation")
        }
    }
}

/// The authorization for people.
pub fn authorization(state: AuthorizationState) -> Badge {
    match state {
        AuthorizationState::None => Badge::new(Tone::Neutral, "No licenses in use"),
        AuthorizationState::Eval => Badge::new(Tone::Attention, "Evaluation mode"),
        AuthorizationState::EvalExpired => Badge::new(Tone::Bad, "Evaluation expired"),
        AuthorizationState::Waiting => Badge::new(Tone::Neutral, "Waiting for an answer"),
        AuthorizationState::Authorized => Badge::new(Tone::Good, "Authorized"),
        AuthorizationState::OutOfCompliance => Badge::new(Tone::Bad, "Out of compliance"),
        AuthorizationState::AuthorizationExpired => Badge::new(Tone::Bad, "Authorization expired"),
        AuthorizationState::NotAuthorized => Badge::new(Tone::Bad, "Not authorized"),
        AuthorizationState::Reserved => Badge::new(Tone::Good, "Authorized, reserved"),
    }
}

/// One license of a reservation in the words of both.
pub fn reserved(covered: bool) -> (&'static str, Badge) {
    let state =
        if covered { AuthorizationState::Reserved } else { AuthorizationState::NotAuthorized };
    (authorization_code(state), authorization(state))
}

/// One license in the words of both: code and badge.
pub fn license(
    mode: Option<&str>,
    count: u64,
    overall: AuthorizationState,
) -> (&'static str, Badge) {
    if count == 0 {
        return ("INIT", Badge::new(Tone::Neutral, "Not in use"));
    }
    match mode {
        Some("in-compliance" | "overage") => ("IN_COMPLIANCE", Badge::new(Tone::Good, "Covered")),
        Some("out-of-compliance") => {
            ("OUT_OF_COMPLIANCE", Badge::new(Tone::Bad, "Out of compliance"))
        }
        Some("invalid-tag") => ("INVALID_TAG", Badge::new(Tone::Bad, "Not known to the server")),
        Some(_) | None => (authorization_code(overall), authorization(overall)),
    }
}
