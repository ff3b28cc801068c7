//! Requests: the signed envelope, its header and `request_data`.
//!
//! Three JSON documents, the inner two carried as texts. The signature is made over the exact
//! bytes of the `request` text, so that text is kept as it came.
// device-protocol.md 1.4: envelope and header PROVEN by a full wire log.

use super::bodies::{ConnectInfo, RequestBody, RequestType};
use super::error_codes::Fault;
use super::fields::{self, Der, Object, Read};
use super::sudi::Sudi;
use crate::domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The message version that we write.
pub const VERSION: &str = "1.3";

/// The longest message in either transport, in bytes.
// device-protocol.md 1.2: the limit of Call Home in real configurations (PROVEN there).
pub const LIMIT: usize = 3_145_728;

/// The name of the signature's hash, as the Java agent spells it.
pub(super) const SIGNATURE_TYPE: &str = "SHA-256";

/// A request as it travels: the signature, the signed text, and what the text says.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedRequest {
    /// The signature over the UTF-8 bytes of `text`.
    pub signature: Der,
    /// The `request` member, byte for byte.
    pub text: String,
    /// What it says.
    pub request: Request,
}

/// What a device asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The header.
    pub header: Header,
    /// When the device wrote it, by its own clock: `request_data.timestamp`.
    pub timestamp: Timestamp,
    /// The body.
    pub body: RequestBody,
}

/// The header that requests and answers share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// Message version: `1.1` to `1.3`.
    pub version: String,
    /// Such as `en_US.UTF-8`.
    pub locale: String,
    /// How the product names itself.
    pub sudi: Sudi,
    /// Milliseconds since 1970, or 0: the time that counts is that of the data.
    pub timestamp: i64,
    /// Decimal digits; the answer repeats those of the request.
    pub nonce: String,
    /// See [`RequestType::name`]; kept as text to be echoed.
    pub request_type: String,
    /// Reserved; always null from us.
    pub agent_actions: Option<()>,
    /// What the writer can do.
    pub connect_info: Option<ConnectInfo>,
    /// Null before the first registration.
    pub product_instance_identifier: Option<Uuid>,
    /// Serial number of the identity certificate, as decimal text.
    #[serde(serialize_with = "fields::write_serial")]
    pub id_cert_serial_number: Option<u64>,
    /// Serial number of the signing certificate that the device knows, as decimal text.
    #[serde(serialize_with = "fields::write_serial")]
    pub signing_cert_serial_number: Option<u64>,
}

/// A request that could not be read, and what of it an answer can repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// Why.
    pub fault: Fault,
    /// The header, when that much could be read.
    pub header: Option<Header>,
}

impl SignedRequest {
    /// Reads the body of a request. The signature is not checked here.
    pub fn parse(bytes: &[u8]) -> Result<Self, Box<Rejected>> {
        let (signature, text) = read_envelope(bytes).map_err(|fault| rejected(fault, None))?;
        let outer = json(text.as_bytes(), "request").map_err(|fault| rejected(fault, None))?;
        let header = read_header(&outer).map_err(|fault| rejected(fault, None))?;
        match read_request(&outer, &header) {
            Ok((timestamp, body)) => {
                Ok(Self { signature, text, request: Request { header, timestamp, body } })
            }
            Err(fault) => Err(rejected(fault, Some(header))),
        }
    }

    /// Wraps a signed text for travel.
    pub fn envelope(text: &str, signature: Vec<u8>) -> String {
        let outer = OutRequest {
            signature: OutSignature { kind: SIGNATURE_TYPE, value: Der(signature) },
            credential: None,
            request: text,
        };
        written(&outer)
    }
}

impl Request {
    /// The `request` text: what is signed.
    pub fn to_text(&self) -> String {
        let data = OutData {
            sudi: &self.header.sudi,
            timestamp: self.timestamp,
            nonce: &self.header.nonce,
            product_instance_identifier: self.header.product_instance_identifier,
            body: &self.body,
        };
        let nonce = &self.header.nonce;
        written(&OutInner { header: &self.header, nonce, request_data: written(&data) })
    }
}

impl Header {
    /// A header as we write it.
    pub fn new(kind: RequestType, sudi: Sudi, nonce: String) -> Self {
        Self {
            version: VERSION.to_owned(),
            locale: "en_US.UTF-8".to_owned(),
            sudi,
            timestamp: 0,
            nonce,
            request_type: kind.name().to_owned(),
            agent_actions: None,
            connect_info: None,
            product_instance_identifier: None,
            id_cert_serial_number: None,
            signing_cert_serial_number: None,
        }
    }

    /// Reads a header, of a request (whose product must name itself) or of an answer.
    pub(super) fn read(object: &Object<'_>, of_request: bool) -> Read<Self> {
        let sudi = match object.optional_object("sudi")? {
            Some(sudi) if of_request => Sudi::read(&sudi)?,
            Some(sudi) => Sudi::read_any(&sudi)?,
            None if of_request => return Err(object.missing("sudi")),
            None => Sudi::default(),
        };
        let connect_info = object.optional_object("connect_info")?;
        Ok(Self {
            version: object.text_of("version", 20)?,
            locale: object.optional_text("locale")?.unwrap_or_default(),
            sudi,
            timestamp: object.optional_integer("timestamp")?.unwrap_or(0),
            nonce: object.nonce("nonce")?,
            request_type: object.text_of("request_type", 100)?,
            agent_actions: None,
            connect_info: connect_info.map(|info| ConnectInfo::read(&info)).transpose()?,
            product_instance_identifier: object.optional_uuid("product_instance_identifier")?,
            id_cert_serial_number: object.optional_serial("id_cert_serial_number")?,
            signing_cert_serial_number: object.optional_serial("signing_cert_serial_number")?,
        })
    }
}

fn rejected(fault: Fault, header: Option<Header>) -> Box<Rejected> {
    Box::new(Rejected { fault, header })
}

fn read_envelope(bytes: &[u8]) -> Result<(Der, String), Fault> {
    let envelope = json(bytes, "message")?;
    let envelope = Object::root(&envelope, "message")?;
    let signature = read_signature(&envelope)?;
    Ok((signature, envelope.document("request")?.to_owned()))
}

/// The value of the `signature` member; its type must be SHA-256 in one of both spellings.
pub(super) fn read_signature(envelope: &Object<'_>) -> Read<Der> {
    let signature = envelope.object("signature")?;
    let kind = signature.text_of("type", 40)?;
    if !["SHA-256", "SHA256"].contains(&kind.as_str()) {
        return Err(signature.complain("type", "must be SHA-256"));
    }
    signature.der("value")
}

fn read_header(outer: &Value) -> Result<Header, Fault> {
    let outer = Object::root(outer, "request")?;
    Ok(Header::read(&outer.object("header")?, true)?)
}

fn read_request(outer: &Value, header: &Header) -> Result<(Timestamp, RequestBody), Fault> {
    check_version(&header.version)?;
    let kind = RequestType::from_name(&header.request_type)
        .ok_or_else(|| Fault::UnknownRequestType { name: header.request_type.clone() })?;
    let outer = Object::root(outer, "request")?;
    let data = json(outer.document("request_data")?.as_bytes(), "request_data")?;
    let data = Object::root(&data, "request_data")?;
    if outer.nonce("nonce")? != header.nonce || data.nonce("nonce")? != header.nonce {
        return Err(Fault::NonceMismatch);
    }
    if kind != RequestType::Registration {
        must_name_its_identity(&outer.object("header")?, header)?;
    }
    let instance = data.optional_uuid("product_instance_identifier")?;
    if instance != header.product_instance_identifier {
        return Err(Fault::InstanceMismatch { field: "product_instance_identifier" });
    }
    if Sudi::read(&data.object("sudi")?)? != header.sudi {
        return Err(Fault::InstanceMismatch { field: "sudi" });
    }
    Ok((data.millis("timestamp")?, RequestBody::read(kind, &data)?))
}

/// Only a registration may come from nobody.
fn must_name_its_identity(object: &Object<'_>, header: &Header) -> Read<()> {
    if header.product_instance_identifier.is_none() {
        return Err(object.missing("product_instance_identifier"));
    }
    if header.id_cert_serial_number.is_none() {
        return Err(object.missing("id_cert_serial_number"));
    }
    Ok(())
}

/// Versions are two decimal numbers; 1.1 to 1.3 are understood.
fn check_version(version: &str) -> Result<(), Fault> {
    let numbers = version
        .split_once('.')
        .and_then(|(major, minor)| Some((major.parse::<u16>().ok()?, minor.parse::<u16>().ok()?)));
    match numbers {
        Some((1, 1..=3)) => Ok(()),
        Some(numbers) if numbers > (1, 3) => {
            Err(Fault::VersionTooHigh { version: version.to_owned() })
        }
        Some(_) => Err(Fault::VersionTooLow { version: version.to_owned() }),
        None => Err(Fault::Field(fields::FieldError {
            field: "version".to_owned(),
            problem: "must be two numbers with a dot, such as 1.3".to_owned(),
        })),
    }
}

/// Reads one of the nested documents.
pub(super) fn json(bytes: &[u8], part: &'static str) -> Result<Value, Fault> {
    serde_json::from_slice(bytes).map_err(|error| Fault::Unreadable {
        part,
        problem: format!(
            "{} at line {}, column {}",
            if error.is_eof() { "it ends too early" } else { "it is not JSON" },
            error.line(),
            error.column()
        ),
    })
}

/// JSON text of a value that always has one: our types have no maps with keys that are no text.
pub(super) fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[derive(Serialize)]
struct OutRequest<'a> {
    signature: OutSignature,
    credential: Option<()>,
    request: &'a str,
}

#[derive(Serialize)]
struct OutSignature {
    #[serde(rename = "type")]
    kind: &'static str,
    value: Der,
}

#[derive(Serialize)]
struct OutInner<'a> {
    header: &'a Header,
    nonce: &'a str,
    request_data: String,
}

#[derive(Serialize)]
struct OutData<'a> {
    sudi: &'a Sudi,
    #[serde(serialize_with = "fields::write_millis")]
    timestamp: Timestamp,
    nonce: &'a str,
    product_instance_identifier: Option<Uuid>,
    #[serde(flatten)]
    body: &'a RequestBody,
}
