//! From the bytes of a device to the use case and back to signed bytes.

use super::faults::{fault, udi_of};
use super::{export_keys, vouchers};
use crate::crypto::ca;
use crate::domain::authorization::{EnforceMode as Mode, TagAnswer};
use crate::domain::group::{Member, Role};
use crate::domain::id::InstanceId;
use crate::engine::{self, Engine, Origin};
use crate::protocol::answers::{
    AnswerBody, AuthorizationAnswer, AuthorizationStatus, DeregistrationAnswer, EnforceMode,
    EntitlementAnswer, IdCertRenewAnswer, RegistrationAnswer,
};
use crate::protocol::bodies::{self, RequestBody};
use crate::protocol::error_codes::Fault;
use crate::protocol::fields::Der;
use crate::protocol::message::{Header, Request, SignedRequest};
use crate::protocol::response::{Response, ResponseData, SignedResponse};
use actix_web::http::StatusCode;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A signed answer, ready to travel.
pub(super) struct Answer {
    /// 200 to a message whose header could be read, refusals included.
    pub(super) status: StatusCode,
    /// The JSON.
    pub(super) text: String,
}

/// Answers the bytes of one message.
pub(super) async fn answer(engine: &Engine, bytes: &[u8]) -> Answer {
    match SignedRequest::parse(bytes) {
        Ok(SignedRequest { signature, text, request }) => {
            let origin = origin(&request, text, signature);
            let response = match perform(engine, &request, origin).await {
                Ok((instance, body)) => accept(engine, &request, instance, body),
                Err(error) => {
                    let fault = fault(error, &request, engine.now());
                    Response::refuse(Some(&request.header), &fault, engine.now())
                }
            };
            Answer { status: StatusCode::OK, text: sign(engine, Some(&request.header), response) }
        }
        Err(rejected) => {
            let header = rejected.header.as_ref();
            let response = Response::refuse(header, &rejected.fault, engine.now());
            let readable = header.is_some();
            let status = if readable { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            Answer { status, text: sign(engine, header, response) }
        }
    }
}

/// Answers a message that did not arrive whole, or whose envelope cannot be read.
pub(super) fn unreadable(
    engine: &Engine,
    status: StatusCode,
    part: &'static str,
    problem: String,
) -> Answer {
    let fault = Fault::Unreadable { part, problem };
    Answer { status, text: sign(engine, None, Response::refuse(None, &fault, engine.now())) }
}

fn origin(request: &Request, text: String, signature: Der) -> Origin {
    Origin {
        instance: InstanceId(request.header.product_instance_identifier.unwrap_or_default()),
        // Zero is never given out: without a serial number nobody is found.
        serial: request.header.id_cert_serial_number.unwrap_or_default().cast_signed(),
        sent: request.timestamp,
        message: text.into_bytes(),
        signature: signature.0,
    }
}

async fn perform(
    engine: &Engine,
    request: &Request,
    origin: Origin,
) -> engine::Result<(Uuid, AnswerBody)> {
    match &request.body {
        RequestBody::Registration(body) => {
            register(engine, &request.header, body.as_ref().clone(), origin).await
        }
        RequestBody::Authorization(body) => authorize(engine, body, origin).await,
        RequestBody::ThirdPartyKey(body) => vouchers::vouch(engine, body, origin).await,
        RequestBody::ExportKey(body) => export_keys::grant(engine, body, origin).await,
        RequestBody::IdCertRenew(body) => {
            let renewed = engine.renew_identity(origin, body.csr.0.clone()).await?;
            Ok((renewed.instance.id.0, AnswerBody::IdCertRenew(renewal(&renewed)?)))
        }
        RequestBody::Deregistration(_) => {
            let instance = engine.deregister(origin).await?;
            Ok((instance.id.0, AnswerBody::Deregistration(DeregistrationAnswer {})))
        }
    }
}

async fn register(
    engine: &Engine,
    header: &Header,
    body: bodies::Registration,
    origin: Origin,
) -> engine::Result<(Uuid, AnswerBody)> {
    let wanted = engine::Registration {
        udi: udi_of(&header.sudi),
        software_tag: body.software_tag_identifier,
        product_name: body.product_name,
        hostname: body.hostname,
        members: body.ha_members.iter().map(member).collect(),
        token: body.idtoken,
        csr: body.csr.0,
        force: body.force,
        nonce: header.nonce.clone(),
        sent: origin.sent,
        message: origin.message,
        signature: origin.signature,
    };
    let registered = engine.register(wanted).await?;
    let instance = &registered.instance;
    let answer = RegistrationAnswer {
        id_certificate: der(&registered.certificate)?,
        smart_account: registered.account.name.clone(),
        virtual_account: registered.virtual_account.name.as_str().to_owned(),
        export_control_allowed: instance.export_allowed,
        registration_date: instance.registered_at,
        renew_at: registered.renew_at,
        expires_at: instance.identity.expires_at,
    };
    Ok((instance.id.0, AnswerBody::Registration(answer)))
}

fn member(unit: &bodies::HaMember) -> Member {
    // The codec has checked the word; the group's own rules are the domain's.
    let role = Role::parse(&unit.role).unwrap_or(Role::Member);
    Member { role, udi: udi_of(&unit.sudi) }
}

async fn authorize(
    engine: &Engine,
    body: &bodies::Authorization,
    origin: Origin,
) -> engine::Result<(Uuid, AnswerBody)> {
    let demands = body
        .entitlements
        .iter()
        // The codec has checked the bounds; a count beyond them could not have come here.
        .map(|entry| (entry.tag.clone(), i64::try_from(entry.count).unwrap_or(i64::MAX)))
        .collect();
    let told = engine.authorize(engine::Authorization { origin, demands }).await?;
    let versions: Versions<'_> =
        body.entitlements.iter().map(|entry| (&*entry.tag, entry.version.as_deref())).collect();
    let instance = told.instance.id.0;
    let answer = AuthorizationAnswer {
        status: overall(&told.tags),
        expires_at: told.instance.authorization.map_or(told.renew_at, |told| told.expires_at),
        renew_at: told.renew_at,
        entitlements: told.tags.into_iter().map(|tag| entitlement(tag, &versions)).collect(),
        smart_account: told.account.name,
        virtual_account: told.virtual_account.name.as_str().to_owned(),
    };
    Ok((instance, AnswerBody::Authorization(answer)))
}

/// The version of each tag, as requested.
type Versions<'a> = BTreeMap<&'a str, Option<&'a str>>;

fn overall(tags: &[TagAnswer]) -> AuthorizationStatus {
    let mut in_use = tags.iter().filter(|tag| tag.count > 0).peekable();
    if in_use.peek().is_none() {
        return AuthorizationStatus::NoLicensesInUse;
    }
    if in_use.any(|tag| tag.mode == Mode::OutOfCompliance) {
        return AuthorizationStatus::OutOfCompliance;
    }
    AuthorizationStatus::Authorized
}

fn entitlement(tag: TagAnswer, versions: &Versions<'_>) -> EntitlementAnswer {
    let known = tag.entitlement;
    EntitlementAnswer {
        version: versions.get(&*tag.tag).copied().flatten().map(str::to_owned),
        tag: tag.tag,
        count: tag.count.unsigned_abs(),
        enforce_mode: match tag.mode {
            Mode::InCompliance => EnforceMode::InCompliance,
            Mode::OutOfCompliance => EnforceMode::OutOfCompliance,
            Mode::InvalidTag => EnforceMode::InvalidTag,
            Mode::NotAuthorized => EnforceMode::NotAuthorized,
        },
        export_restricted: known.as_ref().is_some_and(|known| known.export_restricted),
        display_name: known.as_ref().map(|known| known.name.clone()),
        description: known.map(|known| known.description),
        subscription_id: None,
        term_end: None,
    }
}

fn renewal(renewed: &engine::Renewed) -> engine::Result<IdCertRenewAnswer> {
    Ok(IdCertRenewAnswer {
        id_certificate: der(&renewed.certificate)?,
        renew_at: renewed.renew_at,
        expires_at: renewed.instance.identity.expires_at,
    })
}

fn accept(engine: &Engine, request: &Request, instance: Uuid, body: AnswerBody) -> Response {
    let data = ResponseData {
        timestamp: engine.now(),
        nonce: request.header.nonce.clone(),
        product_instance_identifier: Some(instance),
        signing_certificates: Vec::new(),
        body: Some(body),
    };
    Response::accept(request, data)
}

/// Signs an answer. A device that does not know the signing certificate gets it with the answer,
/// a refusal included: how else should it believe it?
fn sign(engine: &Engine, header: Option<&Header>, response: Response) -> String {
    let (keys, serial) = (engine.keys(), engine.keys().signing_serial());
    let mut response = response.signed_with(serial);
    if header.and_then(|header| header.signing_cert_serial_number) != Some(serial) {
        let chain = [keys.signing_chain().concat(), keys.root_pem()].concat();
        let ders = ca::certificates_from_pem(&chain).unwrap_or_default();
        response = response.with_signing_certificates(ders.into_iter().map(Der).collect());
    }
    let text = response.to_text();
    // Without a signature the device refuses the answer, which is what an unsigned one deserves.
    let signature = keys.sign(text.as_bytes()).unwrap_or_else(|cause| {
        tracing::error!(%cause, "an answer could not be signed");
        Vec::new()
    });
    SignedResponse::envelope(&text, signature, serial)
}

fn der(pem: &str) -> engine::Result<Der> {
    let ders = ca::certificates_from_pem(pem)?;
    let first = ders.into_iter().next().map(Der);
    Ok(first.ok_or_else(|| crate::crypto::Error::Certificate("no certificate".to_owned()))?)
}
