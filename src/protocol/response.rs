//! Answers: the signed envelope around header, status and `response_data`.
// device-protocol.md 1.4: shape recalled there (GUESS), status names and the form of failure
// messages PROVEN.

use super::answers::AnswerBody;
use super::bodies::{ConnectInfo, RequestType};
use super::error_codes::{Fault, StatusCode};
use super::fields::{self, Der, Object};
use super::message::{Header, Request, SIGNATURE_TYPE, json, read_signature, written};
use crate::domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// An answer as it travels.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedResponse {
    /// The signature over the UTF-8 bytes of `text`.
    pub signature: Der,
    /// Serial number of the certificate whose key signed.
    pub key: Option<u64>,
    /// The `response` member, byte for byte.
    pub text: String,
    /// What it says.
    pub response: Response,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The header, with the nonce and the type of the request.
    pub header: Header,
    /// How it went.
    pub status: StatusCode,
    /// A JSON object of field to list of messages, when it did not go well.
    pub message: Option<String>,
    /// Number of XE-YANG, where it has one. Ours: the real place is not public.
    pub error_code: Option<u16>,
    /// When to try again, in seconds; 0 = not.
    pub retry_time_seconds: u32,
    /// The data; refusals carry it only to deliver signing certificates.
    pub data: Option<ResponseData>,
}

/// The `response_data` around the body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseData {
    /// The time of the world.
    #[serde(serialize_with = "fields::write_millis")]
    pub timestamp: Timestamp,
    /// The nonce of the request.
    pub nonce: String,
    /// The instance that is answered; null when a registration was refused.
    pub product_instance_identifier: Option<Uuid>,
    /// Signing certificate, then its issuers up to the root; empty when the device has them.
    pub signing_certificates: Vec<Der>,
    /// The body; none in refusals.
    #[serde(flatten)]
    pub body: Option<AnswerBody>,
}

/// An answer that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct BadResponse {
    /// Which member.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl From<Fault> for BadResponse {
    fn from(fault: Fault) -> Self {
        Self { field: fault.refusal().field.to_owned(), problem: fault.to_string() }
    }
}

impl From<fields::FieldError> for BadResponse {
    fn from(error: fields::FieldError) -> Self {
        Self { field: error.field, problem: error.problem }
    }
}

impl Response {
    /// A good answer to `request` at the instant `now`.
    pub fn accept(request: &Request, data: ResponseData) -> Self {
        let mut header = request.header.clone();
        header.timestamp = data.timestamp.millis();
        header.connect_info = Some(ConnectInfo::server());
        header.product_instance_identifier = data.product_instance_identifier;
        Self {
            header,
            status: StatusCode::Ok,
            message: None,
            error_code: None,
            retry_time_seconds: 0,
            data: Some(data),
        }
    }

    /// A refusal at the instant `now`; `header` is that of the request, when it could be read.
    /// An agent that says what it can do, and not that it knows `OK_TRY_AGAIN`, hears `FAILED`.
    pub fn refuse(header: Option<&Header>, fault: &Fault, now: Timestamp) -> Self {
        let agent = header.and_then(|header| header.connect_info.as_ref());
        let may_try_again = agent.is_none_or(ConnectInfo::may_try_again);
        let mut header = header.cloned().unwrap_or_else(|| {
            let nobody = super::sudi::Sudi::default();
            let mut header = Header::new(RequestType::Registration, nobody, "0".to_owned());
            "UNKNOWN".clone_into(&mut header.request_type);
            header
        });
        header.timestamp = now.millis();
        header.connect_info = Some(ConnectInfo::server());
        let refusal = fault.refusal();
        let (status, retry_time_seconds) = match refusal.status {
            StatusCode::OkTryAgain if !may_try_again => (StatusCode::Failed, 0),
            status => (status, fault.retry_seconds()),
        };
        Self {
            header,
            status,
            message: Some(fault.status_message()),
            error_code: refusal.code,
            retry_time_seconds,
            data: None,
        }
    }

    /// Names the certificate whose key will sign this.
    #[must_use]
    pub fn signed_with(mut self, serial: u64) -> Self {
        self.header.signing_cert_serial_number = Some(serial);
        self
    }

    /// Adds the signing certificates, for a device that has none or other ones.
    #[must_use]
    pub fn with_signing_certificates(mut self, chain: Vec<Der>) -> Self {
        let header = &self.header;
        let data = self.data.get_or_insert_with(|| ResponseData {
            timestamp: Timestamp::from_millis(header.timestamp)
                .unwrap_or(Timestamp::new(chrono::DateTime::UNIX_EPOCH)),
            nonce: header.nonce.clone(),
            product_instance_identifier: header.product_instance_identifier,
            signing_certificates: Vec::new(),
            body: None,
        });
        data.signing_certificates = chain;
        self
    }

    /// The `response` text: what is signed.
    pub fn to_text(&self) -> String {
        written(&OutInner {
            header: &self.header,
            nonce: &self.header.nonce,
            status_code: self.status.name(),
            status_message: self.message.as_deref(),
            error_code: self.error_code,
            retry_time_seconds: self.retry_time_seconds,
            response_data: self.data.as_ref().map(written),
        })
    }
}

impl SignedResponse {
    /// Wraps a signed text for travel; `key` is the serial number of the signing certificate.
    pub fn envelope(text: &str, signature: Vec<u8>, key: u64) -> String {
        let signature =
            OutSignature { kind: SIGNATURE_TYPE, key: key.to_string(), value: Der(signature) };
        written(&OutResponse { signature, response: text })
    }

    /// Reads the body of an answer. The signature is not checked here.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadResponse> {
        let envelope = json(bytes, "message")?;
        let envelope = Object::root(&envelope, "message")?;
        let text = envelope.document("response")?.to_owned();
        Ok(Self {
            signature: read_signature(&envelope)?,
            key: envelope.object("signature")?.optional_serial("key")?,
            response: read_response(&json(text.as_bytes(), "response")?)?,
            text,
        })
    }
}

fn read_response(value: &Value) -> Result<Response, BadResponse> {
    let outer = Object::root(value, "response")?;
    let header = Header::read(&outer.object("header")?, false)?;
    let status = StatusCode::from_name(&outer.text("status_code")?)
        .ok_or_else(|| outer.complain("status_code", "is not known"))?;
    let data = outer.optional_str("response_data")?;
    let data = data.map(|text| read_data(text, &header, status)).transpose()?;
    let retry = outer.optional_integer("retry_time_seconds")?.unwrap_or(0);
    let code = outer.optional_integer("error_code")?;
    Ok(Response {
        status,
        message: outer.optional_str("status_message")?.map(str::to_owned),
        error_code: code.and_then(|code| u16::try_from(code).ok()),
        retry_time_seconds: u32::try_from(retry)
            .map_err(|_| outer.complain("retry_time_seconds", "must not be negative"))?,
        data,
        header,
    })
}

fn read_data(text: &str, header: &Header, status: StatusCode) -> Result<ResponseData, BadResponse> {
    let value = json(text.as_bytes(), "response_data")?;
    let data = Object::root(&value, "response_data")?;
    let kind = RequestType::from_name(&header.request_type);
    let body = match kind {
        Some(kind) if status == StatusCode::Ok => Some(AnswerBody::read(kind, &data)?),
        _ => None,
    };
    Ok(ResponseData {
        timestamp: data.millis("timestamp")?,
        nonce: data.nonce("nonce")?,
        product_instance_identifier: data.optional_uuid("product_instance_identifier")?,
        signing_certificates: data.ders("signing_certificates")?,
        body,
    })
}

#[derive(Serialize)]
struct OutResponse<'a> {
    signature: OutSignature,
    response: &'a str,
}

#[derive(Serialize)]
struct OutSignature {
    #[serde(rename = "type")]
    kind: &'static str,
    key: String,
    value: Der,
}

#[derive(Serialize)]
struct OutInner<'a> {
    header: &'a Header,
    nonce: &'a str,
    status_code: &'static str,
    status_message: Option<&'a str>,
    error_code: Option<u16>,
    retry_time_seconds: u32,
    response_data: Option<String>,
}
