//! What the server answers: the `response_data` of each request type. All bodies are ours.
// device-protocol.md 2.2 and 2.4: which facts an answer carries is PROVEN by what agents store
// and show; the JSON names are not public and ours.

use super::bodies::{MAX_ENTITLEMENTS, RequestType};
use super::export_key::ExportKeyAnswer;
use super::fields::{self, Der, Object, Read};
use super::third_party::ThirdPartyKeyAnswer;
use crate::domain::time::Timestamp;
use serde::Serialize;

/// The part of `response_data` that belongs to the request type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnswerBody {
    /// To [`RequestType::Registration`].
    Registration(RegistrationAnswer),
    /// To [`RequestType::Authorization`].
    Authorization(AuthorizationAnswer),
    /// To [`RequestType::ThirdPartyKey`].
    ThirdPartyKey(ThirdPartyKeyAnswer),
    /// To [`RequestType::ExportKey`].
    ExportKey(ExportKeyAnswer),
    /// To [`RequestType::IdCertRenew`].
    IdCertRenew(IdCertRenewAnswer),
    /// To [`RequestType::Deregistration`].
    Deregistration(DeregistrationAnswer),
}

/// The product is registered. Its identifier stands in the data around this.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegistrationAnswer {
    /// The new identity certificate.
    pub id_certificate: Der,
    /// Name of the Smart Account.
    pub smart_account: String,
    /// Name of the virtual account.
    pub virtual_account: String,
    /// Whether export-controlled functionality is allowed.
    pub export_control_allowed: bool,
    /// When the product was registered.
    #[serde(serialize_with = "fields::write_millis")]
    pub registration_date: Timestamp,
    /// When the device shall renew the certificate: 180 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub renew_at: Timestamp,
    /// When the certificate expires: 365 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub expires_at: Timestamp,
}

/// What of the licenses in use is covered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuthorizationAnswer {
    /// Over all tags.
    pub status: AuthorizationStatus,
    /// One entry for each tag of the request, in any order.
    pub entitlements: Vec<EntitlementAnswer>,
    /// When the device shall ask again: 30 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub renew_at: Timestamp,
    /// When the authorization expires without another contact: 90 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub expires_at: Timestamp,
    /// Name of the Smart Account.
    pub smart_account: String,
    /// Name of the virtual account; changes when the instance is transferred.
    pub virtual_account: String,
}

/// What of one tag is covered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntitlementAnswer {
    /// The tag of the request.
    pub tag: String,
    /// Its version, as requested.
    pub version: Option<String>,
    /// The count that the server has noted.
    pub count: u64,
    /// Whether it is covered.
    pub enforce_mode: EnforceMode,
    /// Name for people; null for a tag that is not known.
    pub display_name: Option<String>,
    /// Longer text for people.
    pub description: Option<String>,
    /// Whether the license is under export control.
    pub export_restricted: bool,
    /// Subscription, when the license has one.
    pub subscription_id: Option<String>,
    /// When the earliest term behind it ends.
    pub term_end: Option<Millis>,
}

/// The identity is renewed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdCertRenewAnswer {
    /// The new identity certificate.
    pub id_certificate: Der,
    /// When the device shall renew it: 180 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub renew_at: Timestamp,
    /// When it expires: 365 days.
    #[serde(serialize_with = "fields::write_millis")]
    pub expires_at: Timestamp,
}

/// The instance is forgotten. No members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeregistrationAnswer {}

/// An instant that may be null on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Millis(#[serde(serialize_with = "fields::write_millis")] pub Timestamp);

/// Whether everything in use is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorizationStatus {
    /// Everything is covered.
    Authorized,
    /// At least one tag is not.
    OutOfCompliance,
    /// Nothing is in use.
    NoLicensesInUse,
}

/// Enforcement modes with the names and numbers of XE-YANG.
// device-protocol.md 2.4: 0 to 9 PROVEN by XE-YANG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnforceMode {
    /// 0: no answer yet.
    Waiting,
    /// 1: covered.
    InCompliance,
    /// 2: not covered.
    OutOfCompliance,
    /// 3: more in use than owned, for information only.
    Overage,
    /// 4: evaluation period.
    Evaluation,
    /// 5: evaluation period used up.
    EvaluationExpired,
    /// 6: no contact for too long.
    AuthorizationExpired,
    /// 7: covered by a reservation.
    ReservationInCompliance,
    /// 8: nobody knows the tag.
    InvalidTag,
    /// 9: not enforced.
    Disabled,
    /// 13 of the MIB: the product may not use it, or not so many.
    NotAuthorized,
}

impl EnforceMode {
    /// Every mode, those of XE-YANG at the place of their number.
    pub const ALL: [Self; 11] = [
        Self::Waiting,
        Self::InCompliance,
        Self::OutOfCompliance,
        Self::Overage,
        Self::Evaluation,
        Self::EvaluationExpired,
        Self::AuthorizationExpired,
        Self::ReservationInCompliance,
        Self::InvalidTag,
        Self::Disabled,
        Self::NotAuthorized,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InCompliance => "in-compliance",
            Self::OutOfCompliance => "out-of-compliance",
            Self::Overage => "overage",
            Self::Evaluation => "evaluation",
            Self::EvaluationExpired => "evaluation-expired",
            Self::AuthorizationExpired => "authorization-expired",
            Self::ReservationInCompliance => "reservation-in-compliance",
            Self::InvalidTag => "invalid-tag",
            Self::Disabled => "disabled",
            Self::NotAuthorized => "not-authorized",
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl AnswerBody {
    pub(super) fn read(kind: RequestType, data: &Object<'_>) -> Read<Self> {
        Ok(match kind {
            RequestType::Registration => Self::Registration(RegistrationAnswer {
                id_certificate: data.der("id_certificate")?,
                smart_account: data.text("smart_account")?,
                virtual_account: data.text("virtual_account")?,
                export_control_allowed: data.boolean("export_control_allowed")?,
                registration_date: data.millis("registration_date")?,
                renew_at: data.millis("renew_at")?,
                expires_at: data.millis("expires_at")?,
            }),
            RequestType::Authorization => Self::Authorization(authorization(data)?),
            RequestType::ThirdPartyKey => Self::ThirdPartyKey(ThirdPartyKeyAnswer::read(data)?),
            RequestType::ExportKey => Self::ExportKey(ExportKeyAnswer::read(data)?),
            RequestType::IdCertRenew => Self::IdCertRenew(IdCertRenewAnswer {
                id_certificate: data.der("id_certificate")?,
                renew_at: data.millis("renew_at")?,
                expires_at: data.millis("expires_at")?,
            }),
            RequestType::Deregistration => Self::Deregistration(DeregistrationAnswer {}),
        })
    }
}

fn authorization(data: &Object<'_>) -> Read<AuthorizationAnswer> {
    let entitlements = data.objects("entitlements", MAX_ENTITLEMENTS)?;
    let status = match data.text("status")?.as_str() {
        "AUTHORIZED" => AuthorizationStatus::Authorized,
        "OUT_OF_COMPLIANCE" => AuthorizationStatus::OutOfCompliance,
        "NO_LICENSES_IN_USE" => AuthorizationStatus::NoLicensesInUse,
        _ => return Err(data.complain("status", "is not known")),
    };
    Ok(AuthorizationAnswer {
        status,
        entitlements: entitlements.iter().map(entitlement).collect::<Read<_>>()?,
        renew_at: data.millis("renew_at")?,
        expires_at: data.millis("expires_at")?,
        smart_account: data.text("smart_account")?,
        virtual_account: data.text("virtual_account")?,
    })
}

fn entitlement(entry: &Object<'_>) -> Read<EntitlementAnswer> {
    let mode = EnforceMode::from_name(&entry.text("enforce_mode")?);
    Ok(EntitlementAnswer {
        tag: entry.text("tag")?,
        version: entry.optional_text("version")?,
        count: entry.count("count")?,
        enforce_mode: mode.ok_or_else(|| entry.complain("enforce_mode", "is not known"))?,
        display_name: entry.optional_text("display_name")?,
        description: entry.optional_text("description")?,
        export_restricted: entry.flag("export_restricted")?,
        subscription_id: entry.optional_text("subscription_id")?,
        term_end: entry.optional_millis("term_end")?.map(Millis),
    })
}
