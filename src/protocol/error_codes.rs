//! Every refusal that a device can be given: status, code, field and words, in one table.

use super::fields::FieldError;
use super::sudi::Sudi;
use crate::domain::time::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The outcome of a request, as agents name it.
// device-protocol.md 1.4: OK, OK_POLL, OK_TRY_AGAIN PROVEN by device outputs, FAILED by a wire
// log, VERSION_TOO_HIGH by XE-YANG 127.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusCode {
    /// Done.
    Ok,
    /// Taken; the result is to be fetched later.
    OkPoll,
    /// Not done for a reason on the server's side: try again.
    OkTryAgain,
    /// Refused; trying again will not help.
    Failed,
    /// The message version is newer than the server's.
    VersionTooHigh,
}

impl StatusCode {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Ok, Self::OkPoll, Self::OkTryAgain, Self::Failed, Self::VersionTooHigh];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::OkPoll => "OK_POLL",
            Self::OkTryAgain => "OK_TRY_AGAIN",
            Self::Failed => "FAILED",
            Self::VersionTooHigh => "VERSION_TOO_HIGH",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// How sure we are that the real server says it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Seen in a device output, a wire log or a vendor data model.
    Proven,
    /// Stated in a vendor document.
    Documented,
    /// Public material is silent: our own words.
    Ours,
}

/// Why a request is refused. The words are what the device shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The registration token is unknown or altered.
    // device-protocol.md 3.4: "' is not valid" is PROVEN, a working client looks for it.
    #[error("The token '{token}' is not valid.")]
    TokenInvalid {
        /// As the device sent it.
        token: String,
    },
    /// The registration token is past its last day.
    #[error("The token '{token}' has expired.")]
    TokenExpired {
        /// As the device sent it.
        token: String,
    },
    /// The registration token was revoked.
    #[error("The token '{token}' has been revoked.")]
    TokenRevoked {
        /// As the device sent it.
        token: String,
    },
    /// The registration token has been used as often as it may.
    #[error("The token '{token}' has reached its maximum number of uses ({max_uses}).")]
    TokenExhausted {
        /// As the device sent it.
        token: String,
        /// How often it could be used.
        max_uses: u64,
    },
    /// The product is registered already and did not ask for `force`.
    #[error("{}", already_registered(software_tag, sudi))]
    AlreadyRegistered {
        /// The software tag that it sent.
        software_tag: String,
        /// The identity under which it is registered.
        sudi: Box<Sudi>,
    },
    /// The instance was removed, replaced or never existed.
    // device-protocol.md 1.4: PROVEN word by word, without a blank after "valid.".
    #[error(
        "The identity for the instance {instance} is not valid.Please re-register the instance."
    )]
    IdentityInvalid {
        /// The product instance identifier that the device sent.
        instance: String,
    },
    /// The identity certificate has expired.
    #[error(
        "The identity certificate of the instance {instance} has expired. \
         Please re-register the instance."
    )]
    IdentityExpired {
        /// The product instance identifier.
        instance: Uuid,
    },
    /// The product holds a reservation, which has to be returned first.
    #[error("The product {} holds a license reservation: return it first.", sudi.key())]
    Reserved {
        /// The product.
        sudi: Box<Sudi>,
    },
    /// The signature was not made over these bytes with the right key.
    #[error("The signature of the request is not valid.")]
    SignatureInvalid,
    /// The nonces of header, request and `request_data` are not the same.
    #[error("The nonces of header, request and request_data must be the same.")]
    NonceMismatch,
    /// Header and `request_data` name different instances or products.
    #[error("The {field} of header and request_data must be the same.")]
    InstanceMismatch {
        /// The member that differs.
        field: &'static str,
    },
    /// The timestamp is not after that of the instance's last message.
    #[error(
        "The message was received before: its timestamp must be later than that of the last one."
    )]
    TimestampReplayed,
    /// The nonce of a registration was used before.
    #[error("The message was received before: its nonce is used.")]
    NonceReplayed,
    /// The product's clock and the server's differ by more than an hour.
    // DOC (NX-OS): "Timestamp mismatch"; less than one hour is allowed.
    #[error(
        "Timestamp mismatch: the message says {}, the server's time is {}; \
         at most 1 hour is allowed.", exact(*device), exact(*server)
    )]
    ClockSkew {
        /// The timestamp of the message.
        device: Timestamp,
        /// The time of the world.
        server: Timestamp,
    },
    /// Truncated, not JSON, or not the envelope.
    #[error("The message cannot be read: {problem}.")]
    Unreadable {
        /// Which of the nested documents.
        part: &'static str,
        /// Where and why reading stopped.
        problem: String,
    },
    /// A member is missing or wrong.
    #[error("{}", .0.problem)]
    Field(FieldError),
    /// The message version is newer than 1.3.
    #[error("Message version {version} is too high: at most 1.3.")]
    VersionTooHigh {
        /// As the device sent it.
        version: String,
    },
    /// The message version is older than 1.1.
    #[error("Message version {version} is too low: at least 1.1.")]
    VersionTooLow {
        /// As the device sent it.
        version: String,
    },
    /// No such request type.
    #[error(
        "The request type '{name}' is not known: must be REGISTRATION, AUTHORIZATION, \
         THIRD_PARTY_KEY, EXPORT_KEY, ID_CERT_RENEW or DEREGISTRATION."
    )]
    UnknownRequestType {
        /// As the device sent it.
        name: String,
    },
    /// The certificate signing request cannot be used.
    #[error("The certificate signing request is refused: {problem}.")]
    CsrInvalid {
        /// Why.
        problem: String,
    },
    /// The software tag has no UUID, or not the form of one.
    #[error(
        "The software tag '{tag}' is not valid: must be \
         regid.YYYY-MM.<domain>.<product>,<version>_<UUID>."
    )]
    SoftwareTagInvalid {
        /// As the device sent it.
        tag: String,
    },
    /// The satellite is not registered with CSSM.
    #[error("This SSM On-Prem is not registered with CSSM: no product can register with it yet.")]
    SiteNotRegistered,
    /// A voucher is asked for a tag that the instance does not use.
    // device-protocol.md 3.4: PROVEN up to the colon; the tag behind it is ours.
    #[error("Product Instance is not consuming this tag : {tag}")]
    NotConsuming {
        /// Path of the member.
        field: String,
        /// The tag that it names.
        tag: String,
    },
    /// A voucher is asked on condition of compliance, and a license is short.
    #[error("The product instance is out of compliance: {licenses}.")]
    NotInCompliance {
        /// The licenses that are short.
        licenses: String,
    },
    /// A key is asked for by a product that needs none.
    // device-protocol.md 2.7: names and numbers of the four are PROVEN, the words are ours.
    #[error("Export-controlled functionality is allowed for the product: it needs no key.")]
    ExportAllowed,
    /// A key is asked for a license that is not restricted, or that nobody knows.
    #[error("The license '{license}' is not export-restricted.")]
    NotExportRestricted {
        /// The tag, as the device sent it.
        license: String,
    },
    /// There is no key to return, and no request to cancel.
    #[error("The product has no export authorization key for '{license}', and waits for none.")]
    NoExportKey {
        /// The tag, as the device sent it.
        license: String,
    },
    /// No restricted license is free. The request is kept; the device may ask again.
    #[error("No license of {license} is free: the request is kept, ask again.")]
    RestrictedNotAvailable {
        /// Its name.
        license: String,
    },
    /// A product that holds keys cannot leave, nor be taken to another Smart Account.
    #[error("The product holds an export authorization key for {licenses}: return it first.")]
    ExportKeyHeld {
        /// The names of the licenses.
        licenses: String,
    },
    /// The account may not do this (agreement, reservation, entitlement…).
    #[error("{problem}")]
    AccountRefuses {
        /// What the account lacks.
        problem: String,
    },
    /// The server could not do its work; the device may try again.
    // device-protocol.md 1.4: status and opening words PROVEN.
    #[error("Server error occurred: {problem}")]
    ServerTrouble {
        /// A short name of the trouble, such as `LS_LICENGINE_FAIL_TO_CONNECT`.
        problem: &'static str,
    },
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// Status of the answer.
    pub status: StatusCode,
    /// Number of XE-YANG `cisco-smart-license-errors`, where it has one.
    pub code: Option<u16>,
    /// The member that `status_message` complains about.
    pub field: &'a str,
    /// How sure we are of status and words together.
    pub mark: Mark,
}

impl From<FieldError> for Fault {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl Fault {
    /// This refusal's line of the table.
    #[expect(clippy::match_same_arms, reason = "a table: one line for each refusal")]
    pub fn refusal(&self) -> Refusal<'_> {
        use Mark::{Documented, Ours, Proven};
        use StatusCode::{Failed, OkTryAgain, VersionTooHigh};
        let (status, code, field, mark) = match self {
            Self::TokenInvalid { .. } => (Failed, None, "token", Proven),
            Self::TokenExpired { .. } => (Failed, None, "token", Ours),
            Self::TokenRevoked { .. } => (Failed, None, "token", Ours),
            Self::TokenExhausted { .. } => (Failed, None, "token", Ours),
            Self::AlreadyRegistered { .. } => (Failed, Some(40), "sudi", Ours),
            Self::IdentityInvalid { .. } => (Failed, None, "product_instance_identifier", Proven),
            Self::IdentityExpired { .. } => (Failed, Some(42), "id_cert_serial_number", Ours),
            Self::Reserved { .. } => (Failed, Some(74), "sudi", Ours),
            Self::SignatureInvalid => (Failed, Some(45), "signature", Ours),
            Self::NonceMismatch => (Failed, Some(30), "nonce", Ours),
            Self::InstanceMismatch { field } => (Failed, Some(28), *field, Ours),
            Self::TimestampReplayed => (Failed, None, "timestamp", Ours),
            Self::NonceReplayed => (Failed, None, "nonce", Ours),
            Self::ClockSkew { .. } => (Failed, None, "timestamp", Documented),
            Self::Unreadable { part, .. } => (Failed, Some(49), *part, Ours),
            Self::Field(error) => (Failed, Some(36), error.field.as_str(), Ours),
            Self::VersionTooHigh { .. } => (VersionTooHigh, Some(127), "version", Ours),
            Self::VersionTooLow { .. } => (Failed, None, "version", Ours),
            Self::UnknownRequestType { .. } => (Failed, None, "request_type", Ours),
            Self::CsrInvalid { .. } => (Failed, Some(44), "csr", Ours),
            Self::SoftwareTagInvalid { .. } => (Failed, Some(104), "software_tag_identifier", Ours),
            Self::SiteNotRegistered => (Failed, None, "server", Ours),
            Self::NotConsuming { field, .. } => (Failed, None, field.as_str(), Proven),
            Self::NotInCompliance { .. } => (Failed, None, "compliance_required", Ours),
            Self::ExportAllowed => (Failed, Some(148), "license", Ours),
            Self::NotExportRestricted { .. } => (Failed, Some(149), "license", Ours),
            Self::NoExportKey { .. } => (Failed, Some(150), "license", Ours),
            Self::RestrictedNotAvailable { .. } => (Failed, Some(147), "license", Ours),
            Self::ExportKeyHeld { .. } => (Failed, None, "export_key", Ours),
            Self::AccountRefuses { .. } => (Failed, None, "smart_account", Ours),
            Self::ServerTrouble { .. } => (OkTryAgain, Some(162), "server", Proven),
        };
        Refusal { status, code, field, mark }
    }

    /// The `status_message`: a JSON object of field to list of messages, as text.
    // device-protocol.md 1.4: the form is PROVEN by the sample of a removed instance.
    pub fn status_message(&self) -> String {
        let messages = Value::Array(vec![Value::String(self.to_string())]);
        let mut message = Map::new();
        message.insert(self.refusal().field.to_owned(), messages);
        Value::Object(message).to_string()
    }

    /// How long the device shall wait before it tries again, in seconds; 0 = it shall not.
    pub fn retry_seconds(&self) -> u32 {
        if matches!(self, Self::RestrictedNotAvailable { .. }) {
            return 3_600;
        }
        if self.refusal().status == StatusCode::OkTryAgain { 60 } else { 0 }
    }
}

// device-protocol.md 3.4: recalled there, not proven; the advice at the end is ours.
fn already_registered(software_tag: &str, sudi: &Sudi) -> String {
    let named = match (&sudi.udi_serial_number, &sudi.udi_pid) {
        (Some(serial), Some(pid)) => format!("udiSerialNumber:{serial},udiPid:{pid}"),
        _ => sudi.key(),
    };
    format!(
        "The product {software_tag} and sudi containing {named} has already been registered. \
         Use force to replace the registration."
    )
}

/// With milliseconds, because replays are judged by them.
fn exact(instant: Timestamp) -> String {
    instant.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
