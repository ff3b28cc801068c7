//! From a refusal of the engine to the words of the device protocol: one table.

use crate::domain::export_key::Refusal as ExportRefusal;
use crate::domain::instance::Udi;
use crate::domain::registration::Refusal;
use crate::domain::token::Refusal as TokenRefusal;
use crate::domain::{self, Timestamp};
use crate::engine::Error;
use crate::protocol::bodies::RequestBody;
use crate::protocol::error_codes::Fault;
use crate::protocol::fields::FieldError;
use crate::protocol::message::Request;
use crate::protocol::sudi::Sudi;

/// What the device is told about `error`.
pub(super) fn fault(error: Error, request: &Request, now: Timestamp) -> Fault {
    match error {
        Error::Domain(domain::Error::Token(refusal)) => token_fault(refusal),
        Error::Domain(domain::Error::Registration(refusal)) => refused(refusal, request, now),
        Error::Domain(domain::Error::Invalid { field, problem }) => {
            Fault::Field(FieldError { field: field.to_owned(), problem })
        }
        Error::Domain(
            error @ (domain::Error::NotFound { .. }
            | domain::Error::Forbidden { .. }
            | domain::Error::Conflict(_)
            | domain::Error::Transfer(_)
            | domain::Error::System(_)
            | domain::Error::Sync(_)
            | domain::Error::Reservation(_)
            | domain::Error::OnPrem(_)
            | domain::Error::Hub(_)),
        ) => Fault::AccountRefuses { problem: error.to_string() },
        Error::Csr(problem) => Fault::CsrInvalid { problem },
        error @ (Error::Unauthenticated(_) | Error::SignIn(_) | Error::OAuth(_)) => {
            Fault::AccountRefuses { problem: error.to_string() }
        }
        Error::Store(cause) => trouble(&cause),
        error @ Error::File(_) => trouble(&error),
        Error::Crypto(cause) => trouble(&cause),
    }
}

fn token_fault(refusal: TokenRefusal) -> Fault {
    match refusal {
        TokenRefusal::Unknown(token) => Fault::TokenInvalid { token },
        TokenRefusal::Revoked(token) => Fault::TokenRevoked { token },
        TokenRefusal::Expired(token) => Fault::TokenExpired { token },
        TokenRefusal::Exhausted(token, uses) => {
            Fault::TokenExhausted { token, max_uses: uses.unsigned_abs() }
        }
    }
}

fn refused(refusal: Refusal, request: &Request, now: Timestamp) -> Fault {
    match refusal {
        Refusal::AlreadyRegistered { software_tag, udi } => {
            Fault::AlreadyRegistered { software_tag, sudi: Box::new(sudi_of(&udi)) }
        }
        Refusal::Reserved(udi) => Fault::Reserved { sudi: Box::new(sudi_of(&udi)) },
        Refusal::UnknownIdentity(id) => Fault::IdentityInvalid { instance: id.to_string() },
        Refusal::CertificateExpired(id) => Fault::IdentityExpired { instance: id.0 },
        Refusal::ClockSkew { .. } => Fault::ClockSkew { device: request.timestamp, server: now },
        Refusal::Replayed => match request.body {
            RequestBody::Registration(_) => Fault::NonceReplayed,
            RequestBody::Authorization(_)
            | RequestBody::ThirdPartyKey(_)
            | RequestBody::ExportKey(_)
            | RequestBody::IdCertRenew(_)
            | RequestBody::Deregistration(_) => Fault::TimestampReplayed,
        },
        Refusal::BadSignature => Fault::SignatureInvalid,
        Refusal::SiteNotRegistered => Fault::SiteNotRegistered,
        Refusal::Group { field, problem } => Fault::Field(FieldError { field, problem }),
        Refusal::NotConsuming { index, tag } => {
            Fault::NotConsuming { field: format!("data[{index}].name"), tag }
        }
        Refusal::NotInCompliance { licenses } => Fault::NotInCompliance { licenses },
        Refusal::Export(refusal) => export_fault(refusal),
    }
}

fn export_fault(refusal: ExportRefusal) -> Fault {
    match refusal {
        ExportRefusal::Allowed => Fault::ExportAllowed,
        ExportRefusal::NotRestricted(license) => Fault::NotExportRestricted { license },
        ExportRefusal::NoKey(license) => Fault::NoExportKey { license },
        ExportRefusal::NotAvailable(license) => Fault::RestrictedNotAvailable { license },
        ExportRefusal::Held(licenses) => Fault::ExportKeyHeld { licenses },
    }
}

// device-protocol.md 1.4: the name of the trouble is PROVEN by a device output.
fn trouble(cause: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%cause, "a device's message failed");
    Fault::ServerTrouble { problem: "LS_LICENGINE_FAIL_TO_CONNECT" }
}

/// The device as the rules know it.
pub(super) fn udi_of(sudi: &Sudi) -> Udi {
    Udi {
        pid: sudi.udi_pid.clone(),
        serial: sudi.udi_serial_number.clone(),
        vid: sudi.udi_vid.clone(),
        uuid: sudi.uuid.clone(),
        suvi: sudi.suvi.clone(),
        host_identifier: sudi.host_identifier.clone(),
        mac_address: sudi.mac_address.clone(),
    }
}

/// The device as the protocol names it.
pub(super) fn sudi_of(udi: &Udi) -> Sudi {
    Sudi {
        suvi: udi.suvi.clone(),
        uuid: udi.uuid.clone(),
        host_identifier: udi.host_identifier.clone(),
        mac_address: udi.mac_address.clone(),
        udi_pid: udi.pid.clone(),
        udi_serial_number: udi.serial.clone(),
        udi_vid: udi.vid.clone(),
    }
}
