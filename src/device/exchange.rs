//! One request and its answer: what is written, and what must hold before it is believed.
// device-protocol.md 1.4: the checks of an agent are PROVEN as error codes of XE-YANG; their
// numbers stand beside ours.

use super::DeviceError;
use super::state::{Identity, State};
use super::timers::Timer;
use crate::crypto::sign::PublicKey;
use crate::crypto::{ca, chain, secret};
use crate::domain::time::Timestamp;
use crate::protocol::answers::AnswerBody;
use crate::protocol::bodies::{ConnectInfo, RequestBody};
use crate::protocol::error_codes::StatusCode;
use crate::protocol::fields::Der;
use crate::protocol::message::{Header, Request};
use crate::protocol::response::{Response, ResponseData, SignedResponse};
use crate::protocol::third_party::{ThirdPartyKey, ThirdPartyKeyAnswer, Voucher};
use chrono::TimeDelta;
use uuid::Uuid;

/// What the checks of a good answer have shown.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Who the product is for the server.
    pub(super) product_instance_identifier: Uuid,
    /// Serial number of a new identity certificate.
    pub(super) identity_serial: Option<u64>,
    /// New signing certificates, PEM.
    pub(super) signers_pem: Option<String>,
    /// Serial number of the signing certificate.
    pub(super) signer_serial: u64,
    /// Whether the root was taken from the answer itself.
    pub(super) root_on_first_use: bool,
    /// The server's time.
    pub(super) server_time: Timestamp,
}

/// The complaint about a good answer to another question.
pub(super) fn other_answer() -> DeviceError {
    bad("it answers another request")
}

/// Writes the next request and notes its timestamp.
pub(super) fn request(
    state: &mut State,
    body: RequestBody,
    now: Timestamp,
) -> Result<Request, DeviceError> {
    let random = secret::random_bytes()?;
    let nonce = u64::from_be_bytes(random).to_string();
    let mut header = Header::new(body.request_type(), state.product.sudi.clone(), nonce);
    header.connect_info = Some(ConnectInfo::device());
    if !matches!(body, RequestBody::Registration(_)) {
        let identity = state.registration.identity.as_ref();
        header.product_instance_identifier = identity.map(|id| id.product_instance_identifier);
        header.id_cert_serial_number = identity.map(|id| id.serial);
        header.signing_cert_serial_number = identity.map(|id| id.signer_serial);
    }
    // The server refuses what is not later than the last: two messages in one millisecond, or a
    // clock that was set back a little, must not look like a replay. A last message of the far
    // future is another matter: it was refused for its skew, and so would be all after it.
    let later = state.last_sent.map(|last| last + TimeDelta::milliseconds(1));
    let later = later.filter(|later| *later - now < state.timers.get(Timer::ClockSkew));
    let timestamp = later.map_or(now, |later| later.max(now));
    state.last_sent = Some(timestamp);
    Ok(Request { header, timestamp, body })
}

/// Who judges an answer, and when.
#[derive(Clone, Debug)]
pub(super) struct Receiver {
    known: Option<Identity>,
    ca_pem: Option<String>,
    spki_der: Vec<u8>,
    now: Timestamp,
    skew: TimeDelta,
}

/// The server's certificates: signer first, root last.
struct Signers {
    ders: Vec<Vec<u8>>,
    serial: u64,
    fresh: bool,
    root_on_first_use: bool,
}

impl Receiver {
    /// The product as it is at `now`; `spki_der` is the public half of its key.
    pub(super) fn new(state: &State, spki_der: Vec<u8>, now: Timestamp) -> Self {
        Self {
            known: state.registration.identity.clone(),
            ca_pem: state.settings.ca_pem.clone(),
            spki_der,
            now,
            skew: state.timers.get(Timer::ClockSkew),
        }
    }

    /// Reads an answer, checks it, and returns its body; a refusal is an error.
    pub(super) fn accept(
        &self,
        request: &Request,
        bytes: &[u8],
    ) -> Result<(AnswerBody, Verified), DeviceError> {
        let signed = SignedResponse::parse(bytes).map_err(|error| bad(error.to_string()))?;
        let response = &signed.response;
        let server_time = Timestamp::from_millis(response.header.timestamp)
            .ok_or_else(|| bad("its timestamp is outside the calendar"))?;
        let signers = self.check_signature(&signed, server_time)?;
        check_echo(request, response)?;
        if response.status != StatusCode::Ok {
            return Err(DeviceError::Refused {
                status: response.status,
                message: response.message.clone().unwrap_or_default(),
                server_time: Some(server_time),
                retry_seconds: response.retry_time_seconds,
            });
        }
        if (server_time - self.now).abs() >= self.skew {
            return Err(bad(format!("it is of {server_time}, more than an hour off"))); // 41, 42
        }
        let data = response.data.as_ref().ok_or_else(|| bad("it has no response_data"))?;
        let body = data.body.clone().ok_or_else(|| bad("it has no body"))?;
        let verified = self.check_body(request, data, &body, &signers, server_time)?;
        Ok((body, verified))
    }

    /// The signing certificate is trusted (47, 99) and signed exactly this text (45).
    fn check_signature(
        &self,
        signed: &SignedResponse,
        server_time: Timestamp,
    ) -> Result<Signers, DeviceError> {
        let signers = self.signers(signed)?;
        let leaf = verify_chain(signers.signer()?, &signers, server_time)?;
        if leaf.serial != signed.key || leaf.serial != Some(signers.serial) {
            return Err(bad("the signing certificate is not the one that the answer names"));
        }
        PublicKey::from_spki_der(&leaf.spki_der)
            .map_err(|error| bad(error.to_string()))?
            .verify(signed.text.as_bytes(), &signed.signature.0)
            .map_err(|error| bad(error.to_string()))?;
        Ok(signers)
    }

    /// The certificates of the answer, else those that the product has.
    fn signers(&self, signed: &SignedResponse) -> Result<Signers, DeviceError> {
        let known = self.known.as_ref();
        let data = signed.response.data.as_ref();
        let sent: &[Der] = data.map_or(&[], |data| &data.signing_certificates);
        let (ders, fresh) = match (sent, known) {
            ([], None) => return Err(bad("it brings no signing certificate")),
            ([], Some(identity)) => (certificates(&identity.signers_pem)?, false),
            (sent, _) => (sent.iter().map(|der| der.0.clone()).collect::<Vec<_>>(), true),
        };
        let root = ders.last().cloned().unwrap_or_default();
        let pinned = self.pinned_roots(known)?;
        if !pinned.is_empty() && !pinned.contains(&root) {
            return Err(bad("its signing certificate leads to another root CA than ours")); // 99
        }
        let serial = signed.key.ok_or_else(|| bad("it does not name its signing certificate"))?;
        let root_on_first_use =
            pinned.is_empty() || known.is_some_and(|identity| identity.root_on_first_use);
        Ok(Signers { ders, serial, fresh, root_on_first_use })
    }

    /// The roots given by the user; without any, the one of the registration.
    fn pinned_roots(&self, known: Option<&Identity>) -> Result<Vec<Vec<u8>>, DeviceError> {
        match (&self.ca_pem, known) {
            (Some(pem), _) => certificates(pem),
            (None, Some(identity)) => {
                Ok(certificates(&identity.signers_pem)?.pop().into_iter().collect())
            }
            (None, None) => Ok(Vec::new()),
        }
    }

    /// The answer is for this instance (28), and a new identity fits the product's key (48).
    fn check_body(
        &self,
        request: &Request,
        data: &ResponseData,
        body: &AnswerBody,
        signers: &Signers,
        server_time: Timestamp,
    ) -> Result<Verified, DeviceError> {
        let instance = data
            .product_instance_identifier
            .ok_or_else(|| bad("it does not name the product instance"))?;
        let asked = request.header.product_instance_identifier;
        if asked.is_some_and(|asked| asked != instance) {
            return Err(bad("it is for another product instance"));
        }
        let certificate = match body {
            AnswerBody::Registration(answer) => Some(&answer.id_certificate.0),
            AnswerBody::IdCertRenew(answer) => Some(&answer.id_certificate.0),
            AnswerBody::Authorization(_)
            | AnswerBody::ThirdPartyKey(_)
            | AnswerBody::ExportKey(_)
            | AnswerBody::Deregistration(_) => None,
        };
        if let (RequestBody::ThirdPartyKey(asked), AnswerBody::ThirdPartyKey(given)) =
            (&request.body, body)
        {
            check_vouchers(asked, given, instance, signers.signer()?)?;
        }
        if let (RequestBody::ExportKey(asked), AnswerBody::ExportKey(given)) = (&request.body, body)
            && asked.license != given.license
        {
            return Err(bad("it is about another license"));
        }
        let identity_serial = certificate
            .map(|der| self.check_identity(der, instance, signers, server_time))
            .transpose()?;
        Ok(Verified {
            product_instance_identifier: instance,
            identity_serial,
            signers_pem: signers
                .fresh
                .then(|| signers.ders.iter().map(|der| ca::certificate_pem(der)).collect()),
            signer_serial: signers.serial,
            root_on_first_use: signers.root_on_first_use,
            server_time,
        })
    }

    fn check_identity(
        &self,
        der: &[u8],
        instance: Uuid,
        signers: &Signers,
        server_time: Timestamp,
    ) -> Result<u64, DeviceError> {
        let leaf = verify_chain(der, signers, server_time)?;
        if leaf.spki_der != self.spki_der {
            return Err(bad("the identity certificate is for another key"));
        }
        if leaf.serial_number != Some(instance.to_string()) {
            return Err(bad("the identity certificate is for another product instance"));
        }
        leaf.serial.ok_or_else(|| bad("the serial number of the identity certificate is too long"))
    }
}

impl Signers {
    fn signer(&self) -> Result<&[u8], DeviceError> {
        self.ders.first().map(Vec::as_slice).ok_or_else(|| bad("it brings no signing certificate"))
    }
}

/// Checks a certificate issued beside the signer: same issuers, same root.
fn verify_chain(leaf: &[u8], signers: &Signers, at: Timestamp) -> Result<chain::Leaf, DeviceError> {
    let [_, issuers @ .., root] = signers.ders.as_slice() else {
        return Err(bad("the signing certificates do not reach the root"));
    };
    let issuers: Vec<&[u8]> = issuers.iter().map(Vec::as_slice).collect();
    chain::verify(leaf, &issuers, root, at).map_err(|error| bad(error.to_string()))
}

/// The answer repeats nonce (30) and type of the request.
fn check_echo(request: &Request, response: &Response) -> Result<(), DeviceError> {
    let nonces = [Some(&response.header.nonce), response.data.as_ref().map(|data| &data.nonce)];
    if nonces.into_iter().flatten().any(|nonce| *nonce != request.header.nonce) {
        return Err(bad("its nonce is not that of the request"));
    }
    if response.header.request_type != request.header.request_type {
        return Err(other_answer());
    }
    Ok(())
}

/// Every voucher that was asked for is there, signed by the server, about this product.
fn check_vouchers(
    asked: &ThirdPartyKey,
    given: &ThirdPartyKeyAnswer,
    instance: Uuid,
    signer: &[u8],
) -> Result<(), DeviceError> {
    let leaf = chain::read(signer).map_err(|error| bad(error.to_string()))?;
    let key = PublicKey::from_spki_der(&leaf.spki_der).map_err(|error| bad(error.to_string()))?;
    if asked.data.len() != given.data.len() {
        return Err(bad("it has not one voucher for each that was asked for"));
    }
    for (wanted, signed) in asked.data.iter().zip(&given.data) {
        key.verify(signed.voucher.as_bytes(), &signed.signature.value.0)
            .map_err(|error| bad(format!("voucher {}: {error}", wanted.id)))?;
        let voucher = Voucher::parse(&signed.voucher).map_err(|error| bad(error.to_string()))?;
        if voucher.request != *wanted || voucher.product_instance_identifier != Some(instance) {
            return Err(bad(format!("voucher {} is about something else", wanted.id)));
        }
    }
    Ok(())
}

fn certificates(pem: &str) -> Result<Vec<Vec<u8>>, DeviceError> {
    ca::certificates_from_pem(pem).map_err(|error| DeviceError::Usage(format!("CA file: {error}")))
}

fn bad(problem: impl Into<String>) -> DeviceError {
    DeviceError::BadAnswer(problem.into())
}
