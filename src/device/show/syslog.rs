//! What a product tells, as log messages in the manner of IOS: `%SMART_LIC-6-AGENT_REG_SUCCESS`.

use super::view::duration;
use crate::device::notices::Notice;
use crate::device::state::State;
use crate::domain::host::Happening;
use crate::protocol::error_codes::Mark;
use chrono::TimeDelta;
use std::fmt;

/// A log message without its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// 0 is worst, 7 is for debugging.
    pub severity: u8,
    /// The name behind the severity.
    pub mnemonic: &'static str,
    /// How sure we are of severity and name; the texts are ours, but for what is quoted.
    pub mark: Mark,
    /// What happened.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%SMART_LIC-{}-{}: {}", self.severity, self.mnemonic, self.text)
    }
}

/// The message for a notice of that product.
// device-protocol.md 3.4: names seen in public are PROVEN or DOC; the others are ours, after them.
pub fn message(notice: &Notice, state: &State) -> Message {
    let (severity, mnemonic, mark) = name(notice);
    let text = match text(notice) {
        Text::Plain(text) => text,
        Text::Udi(text) => format!("{text} for udi {}", state.product.sudi.key()),
    };
    Message { severity, mnemonic, mark, text }
}

/// A text, and whether the UDI stands behind it.
enum Text {
    Plain(String),
    Udi(String),
}

fn name(notice: &Notice) -> (u8, &'static str, Mark) {
    use Mark::{Documented, Ours, Proven};
    match notice {
        Notice::Usage { .. } => (6, "USAGE_CHANGED", Ours),
        Notice::Registered { .. } => (6, "AGENT_REG_SUCCESS", Proven),
        Notice::RegistrationFailed { .. } => (3, "AGENT_REG_FAILED", Proven),
        Notice::Authorized | Notice::NoLicensesInUse => (6, "AUTH_RENEW_SUCCESS", Proven),
        Notice::OutOfCompliance => (3, "OUT_OF_COMPLIANCE", Ours),
        Notice::AuthorizationFailed { .. } => (3, "AUTH_RENEW_FAILED", Proven),
        Notice::AuthorizationExpired => (3, "AUTH_EXPIRED", Ours),
        Notice::NotAuthorized { .. } => (3, "NOT_AUTHORIZED", Documented),
        Notice::CommunicationFailed { .. } => (3, "COMM_FAILED", Proven),
        Notice::CommunicationRestored => (5, "COMM_RESTORED", Proven),
        Notice::IdentityRenewed => (6, "ID_CERT_RENEW_SUCCESS", Ours),
        Notice::IdentityRenewalFailed { .. } => (3, "ID_CERT_RENEW_FAILED", Ours),
        Notice::IdentityExpiring { .. } => (4, "ID_CERT_EXPIRED_WARNING", Ours),
        Notice::IdentityExpired => (3, "ID_CERT_EXPIRED", Ours),
        Notice::OutOfRange => (3, "CERT_OUT_OF_RANGE", Ours),
        Notice::InRange => (6, "CERT_IN_RANGE", Ours),
        Notice::OutOfRangeRemoved => (3, "CERT_OUT_OF_RANGE_REMOVED", Ours),
        Notice::ClockChanged => (6, "CLOCK_CHANGED", Ours),
        Notice::EvaluationLeft { .. } => (4, "EVAL_WILL_EXPIRE_WARNING", Ours),
        Notice::EvaluationExpired => (3, "EVAL_EXPIRED", Ours),
        Notice::Deregistered => (6, "AGENT_DEREG_SUCCESS", Ours),
        Notice::DeregistrationFailed { .. } => (3, "AGENT_DEREG_FAILED", Ours),
        // device-protocol.md 2.2: that there are notices of export events is PROVEN (MIB).
        Notice::ExportKeyReceived { .. } => (6, "EXPORT_KEY_SUCCESS", Ours),
        Notice::ExportKeyRefused { .. } => (3, "EXPORT_KEY_FAILED", Ours),
        Notice::ExportKeyReturned { .. } => (6, "EXPORT_KEY_RETURNED", Ours),
        Notice::ExportCancelled { .. } => (6, "EXPORT_KEY_CANCELLED", Ours),
        Notice::ReservationMode { .. } => (6, "RESERVATION_MODE", Ours),
        Notice::ReservationInstalled => (6, "RESERVED_INSTALLED", Proven),
        Notice::ReservationReturned => (6, "RESERVED_RETURNED", Ours),
        Notice::ReservationExpired { .. } => (3, "RESERVED_EXPIRED", Ours),
        Notice::Host { happening } => (host_severity(happening), "HOST_LICENSE", Ours),
        Notice::KeyReceived => (6, "THIRD_PARTY_KEY_SUCCESS", Ours),
        Notice::KeyRefused { .. } => (3, "THIRD_PARTY_KEY_FAILED", Ours),
    }
}

fn text(notice: &Notice) -> Text {
    let udi = |text: &str| Text::Udi(text.to_owned());
    let plain = |text: &str| Text::Plain(text.to_owned());
    let failed = |what: &str, reason: &str| Text::Plain(format!("{what} failed: {reason}"));
    match notice {
        Notice::Usage { tag, count } => Text::Plain(format!("Use of {tag} is now {count}")),
        Notice::Registered { export_allowed } => Text::Udi(registered(*export_allowed)),
        Notice::RegistrationFailed { reason } => failed("Registration", reason),
        Notice::Authorized => udi("Authorization renewed, State=authorized"),
        Notice::NoLicensesInUse => udi("Authorization renewed, State=no licenses in use"),
        Notice::OutOfCompliance => plain("Licenses in use are not covered"),
        Notice::AuthorizationFailed { reason } => failed("Authorization", reason),
        Notice::AuthorizationExpired => plain("No server confirmed the use before the deadline"),
        Notice::NotAuthorized { reason } => Text::Plain(format!("Not authorized: {reason}")),
        Notice::CommunicationFailed { reason } => failed("Communication", reason),
        Notice::CommunicationRestored => plain("The server is reached again"),
        Notice::IdentityRenewed => udi("Identity certificate renewed"),
        Notice::IdentityRenewalFailed { reason } => failed("Renewal of the certificate", reason),
        Notice::IdentityExpiring { days } => expiring(*days),
        Notice::IdentityExpired => plain("The identity certificate has expired"),
        Notice::OutOfRange => plain("The clock is outside the dates of the certificate"),
        Notice::InRange => plain("The clock is inside the dates of the certificate again"),
        Notice::OutOfRangeRemoved => plain("The clock stayed outside: certificate removed"),
        Notice::ClockChanged => plain("The clock was set"),
        Notice::EvaluationLeft { seconds } => evaluation(*seconds),
        Notice::EvaluationExpired => plain("The evaluation period has ended"),
        Notice::Deregistered => udi("De-registered"),
        Notice::DeregistrationFailed { reason } => failed("De-registration", reason),
        Notice::ExportKeyRefused { reason } => failed("Export authorization", reason),
        Notice::ExportKeyReceived { license } => key_of(license, "was received"),
        Notice::ExportKeyReturned { license } => key_of(license, "was returned"),
        Notice::ExportCancelled { license } => key_of(license, "is not tried any more"),
        Notice::ReservationMode { .. }
        | Notice::ReservationInstalled
        | Notice::ReservationReturned
        | Notice::ReservationExpired { .. } => Text::Plain(reservation(notice)),
        Notice::Host { happening } => Text::Plain(happening.to_string()),
        Notice::KeyReceived => plain("A third-party key was received"),
        Notice::KeyRefused { reason } => failed("Request for a third-party key", reason),
    }
}

fn host_severity(happening: &Happening) -> u8 {
    match happening {
        Happening::Expired { .. } => 3,
        Happening::GraceWarning { .. } | Happening::TrialEnded => 4,
        _ => 6,
    }
}

fn expiring(days: i64) -> Text {
    Text::Plain(format!("The identity certificate expires in {days} days"))
}

fn evaluation(seconds: i64) -> Text {
    let left = duration(TimeDelta::seconds(seconds));
    Text::Plain(format!("The evaluation period ends in {left}"))
}

fn key_of(license: &str, what: &str) -> Text {
    Text::Plain(format!("The export authorization key for {license} {what}"))
}

fn reservation(notice: &Notice) -> String {
    match notice {
        Notice::ReservationMode { on: true } => "License Reservation is enabled".to_owned(),
        Notice::ReservationMode { on: false } => "License Reservation is disabled".to_owned(),
        Notice::ReservationInstalled => "Reservation authorization code installed".to_owned(),
        Notice::ReservationReturned => "Reserved licenses returned".to_owned(),
        Notice::ReservationExpired { tag } => {
            format!("The term of the reserved license {tag} has ended")
        }
        _ => String::new(),
    }
}

fn registered(export_allowed: bool) -> String {
    let not = if export_allowed { "" } else { "not " };
    format!("Registered, export controlled features are {not}allowed,")
}
