//! What devices send: the `request_data` of each request type. All bodies are ours.
// device-protocol.md 8.1: request types and bodies are not public.

use super::error_codes::Fault;
use super::export_key::ExportKey;
use super::fields::{Der, Object, Read};
use super::message::VERSION;
use super::sudi::Sudi;
use super::third_party::ThirdPartyKey;
use crate::domain::group::{MEMBERS_LIMIT, Role};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The capability, and the status that it is about (proven).
const OK_TRY_AGAIN: &str = "OK_TRY_AGAIN";

/// The most entitlement tags in one request.
pub const MAX_ENTITLEMENTS: usize = 1_000;

/// What kind of request a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestType {
    /// First contact: a registration token and a signing request for an identity certificate.
    Registration,
    /// Which entitlement tags are in use, and how many of each.
    Authorization,
    /// Vouchers for a third party (proven).
    ThirdPartyKey,
    /// A key for an export-restricted license.
    ExportKey,
    /// A new identity certificate.
    IdCertRenew,
    /// The instance is to be forgotten.
    Deregistration,
}

impl RequestType {
    /// Every type that is understood.
    pub const ALL: [Self; 6] = [
        Self::Registration,
        Self::Authorization,
        Self::ThirdPartyKey,
        Self::ExportKey,
        Self::IdCertRenew,
        Self::Deregistration,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registration => "REGISTRATION",
            Self::Authorization => "AUTHORIZATION",
            Self::ThirdPartyKey => "THIRD_PARTY_KEY",
            Self::ExportKey => "EXPORT_KEY",
            Self::IdCertRenew => "ID_CERT_RENEW",
            Self::Deregistration => "DEREGISTRATION",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The part of `request_data` that belongs to the request type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum RequestBody {
    /// See [`RequestType::Registration`].
    Registration(Box<Registration>),
    /// See [`RequestType::Authorization`].
    Authorization(Authorization),
    /// See [`RequestType::ThirdPartyKey`].
    ThirdPartyKey(ThirdPartyKey),
    /// See [`RequestType::ExportKey`].
    ExportKey(ExportKey),
    /// See [`RequestType::IdCertRenew`].
    IdCertRenew(IdCertRenew),
    /// See [`RequestType::Deregistration`].
    Deregistration(Deregistration),
}

/// First contact of a product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Registration {
    /// The registration token, as the user gave it.
    pub idtoken: String,
    /// PKCS#10 signing request.
    pub csr: Der,
    /// Which software this is: `regid.YYYY-MM.<domain>.<Product>,<version>_<uuid>`.
    pub software_tag_identifier: String,
    /// Null when the product keeps its host name private.
    pub hostname: Option<String>,
    /// Take over an earlier registration of the same product.
    pub force: bool,
    /// What the product calls itself.
    pub product_name: String,
    /// Its version; null when kept private.
    pub product_version: Option<String>,
    /// The units of a high-availability group, the product itself among them; or none.
    pub ha_members: Vec<HaMember>,
}

/// One unit of a high-availability group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HaMember {
    /// `Active`, `Standby` or `Member`.
    pub role: String,
    /// How the unit names itself.
    pub sudi: Sudi,
}

/// Everything the product has in use; what is not listed is released.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Authorization {
    /// Each tag at most once.
    pub entitlements: Vec<EntitlementRequest>,
}

/// How many licenses of one tag are in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntitlementRequest {
    /// The entitlement tag, such as `regid.2017-02.com.cisco.UCM_CUWL,12.0_<uuid>`.
    pub tag: String,
    /// Version of the entitlement; null when the product has none.
    pub version: Option<String>,
    /// 0 releases.
    pub count: u64,
}

/// A request for the next identity certificate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdCertRenew {
    /// PKCS#10 signing request, for the same key or a new one.
    pub csr: Der,
}

/// The product leaves. No members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deregistration {}

impl RequestBody {
    /// The type of request that carries this body.
    pub fn request_type(&self) -> RequestType {
        match self {
            Self::Registration(_) => RequestType::Registration,
            Self::Authorization(_) => RequestType::Authorization,
            Self::ThirdPartyKey(_) => RequestType::ThirdPartyKey,
            Self::ExportKey(_) => RequestType::ExportKey,
            Self::IdCertRenew(_) => RequestType::IdCertRenew,
            Self::Deregistration(_) => RequestType::Deregistration,
        }
    }

    pub(super) fn read(kind: RequestType, data: &Object<'_>) -> Result<Self, Fault> {
        Ok(match kind {
            RequestType::Registration => Self::Registration(Box::new(registration(data)?)),
            RequestType::Authorization => {
                Self::Authorization(Authorization { entitlements: entitlements(data)? })
            }
            RequestType::ThirdPartyKey => Self::ThirdPartyKey(ThirdPartyKey::read(data)?),
            RequestType::ExportKey => Self::ExportKey(ExportKey::read(data)?),
            RequestType::IdCertRenew => Self::IdCertRenew(IdCertRenew { csr: data.der("csr")? }),
            RequestType::Deregistration => Self::Deregistration(Deregistration {}),
        })
    }
}

fn registration(data: &Object<'_>) -> Result<Registration, Fault> {
    let registration = Registration {
        // XE-YANG says 1..255, longer once percent-encoded.
        idtoken: data.text_of("idtoken", 1_000)?,
        csr: data.der("csr")?,
        software_tag_identifier: data.text_of("software_tag_identifier", 255)?,
        hostname: data.optional_text("hostname")?.filter(|name| !name.is_empty()),
        force: data.flag("force")?,
        product_name: data.text_of("product_name", 255)?,
        product_version: data.optional_text("product_version")?,
        ha_members: ha_members(data)?,
    };
    check_software_tag(&registration.software_tag_identifier)?;
    Ok(registration)
}

/// Error 104 of XE-YANG: a software tag must carry its UUID.
fn check_software_tag(tag: &str) -> Result<(), Fault> {
    let uuid = tag.rsplit_once('_').map(|(_, uuid)| uuid);
    let valid = uuid.is_some_and(|uuid| uuid.len() == 36 && Uuid::try_parse(uuid).is_ok());
    if valid && tag.starts_with("regid.") && tag.contains(',') {
        return Ok(());
    }
    Err(Fault::SoftwareTagInvalid { tag: tag.to_owned() })
}

fn ha_members(data: &Object<'_>) -> Read<Vec<HaMember>> {
    data.objects("ha_members", MEMBERS_LIMIT)?
        .iter()
        .map(|member| {
            let role = member.text_of("role", 40)?;
            if Role::parse(&role).is_none() {
                return Err(member.complain("role", "must be Active, Standby or Member"));
            }
            Ok(HaMember { role, sudi: Sudi::read(&member.object("sudi")?)? })
        })
        .collect()
}

fn entitlements(data: &Object<'_>) -> Read<Vec<EntitlementRequest>> {
    if data.get("entitlements").is_none() {
        return Err(data.missing("entitlements"));
    }
    let mut seen = std::collections::HashSet::new();
    data.objects("entitlements", MAX_ENTITLEMENTS)?
        .iter()
        .map(|entry| {
            let tag = entry.text_of("tag", 512)?;
            if !seen.insert(tag.clone()) {
                return Err(entry.complain("tag", "must not be listed twice"));
            }
            let version = entry.optional_text("version")?;
            Ok(EntitlementRequest { tag, version, count: entry.count("count")? })
        })
        .collect()
}

/// What agent and server tell each other about themselves.
// device-protocol.md 1.4: the five names are PROVEN by tech-support outputs. How capabilities
// are written on the wire is not public; we write a list and read a list or a text with commas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConnectInfo {
    /// Never `SSM`: nobody is to take us for it.
    pub name: String,
    /// Message version.
    pub version: String,
    /// Whether the partner uses production certificates; always false here.
    pub production: bool,
    /// Free text.
    pub additional_info: String,
    /// What the partner can do, such as `EXPORT_2` or `OK_TRY_AGAIN`.
    pub capabilities: Vec<String>,
}

impl ConnectInfo {
    /// What the server says of itself, with the capabilities that it really has: loans between
    /// tiers, and the status of that name.
    pub fn server() -> Self {
        Self {
            name: "SYNCOM".to_owned(),
            version: VERSION.to_owned(),
            production: false,
            additional_info: "Syncom lab emulator".to_owned(),
            capabilities: ["MULTITIER", OK_TRY_AGAIN].map(str::to_owned).to_vec(),
        }
    }

    /// What the simulated product says of itself.
    pub fn device() -> Self {
        Self {
            name: "SYNCOM_DEVICE".to_owned(),
            version: VERSION.to_owned(),
            production: false,
            additional_info: "Syncom simulated product".to_owned(),
            capabilities: vec![OK_TRY_AGAIN.to_owned()],
        }
    }

    /// Whether the partner knows the status `OK_TRY_AGAIN`; one that says nothing of what it can
    /// do is taken to.
    pub(super) fn may_try_again(&self) -> bool {
        self.capabilities.is_empty() || self.capabilities.iter().any(|one| one == OK_TRY_AGAIN)
    }

    pub(super) fn read(object: &Object<'_>) -> Read<Self> {
        let capabilities = match object.get("capabilities") {
            Some(Value::String(text)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(str::to_owned).collect()
            }
            _ => object
                .list("capabilities")?
                .iter()
                .map(|value| match value {
                    Value::String(text) => Ok(text.clone()),
                    _ => Err(object.complain("capabilities", "must be a list of texts")),
                })
                .collect::<Read<_>>()?,
        };
        Ok(Self {
            name: object.optional_text("name")?.unwrap_or_default(),
            version: object.optional_text("version")?.unwrap_or_default(),
            production: object.flag("production")? || object.flag("prod")?,
            additional_info: object.optional_text("additional_info")?.unwrap_or_default(),
            capabilities,
        })
    }
}
