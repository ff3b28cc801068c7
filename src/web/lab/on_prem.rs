//! `/_syncom/on-prem/…`: what satellites call on CSSM. Ours, not Cisco's.

use crate::domain;
use crate::domain::id::OnPremUid;
use crate::engine::{Error, RegisterBy, RequestBy};
use crate::protocol::sync::Limits;
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use crate::web::multipart::whole;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Json, ServiceConfig};
use actix_web::{FromRequest, HttpRequest, HttpResponse, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// The media type of files between satellite and CSSM.
const FILE: &str = "application/octet-stream";
const CREDENTIAL: &str = "X-Syncom-Credential";
const CREDENTIAL_ENDS: &str = "X-Syncom-Credential-Ends";

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(register).service(credential).service(synchronize);
}

/// User name and password by HTTP Basic (RFC 7617).
pub(super) struct Basic(pub(super) RegisterBy);

impl FromRequest for Basic {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing = || Problem(Error::Unauthenticated("User name and password are needed."));
        ready(basic(request).map(Self).ok_or_else(missing))
    }
}

fn shown<'a>(request: &'a HttpRequest, scheme: &str) -> Option<&'a str> {
    let text = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (word, rest) = text.trim().split_once(' ')?;
    word.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

fn basic(request: &HttpRequest) -> Option<RegisterBy> {
    let bytes = STANDARD.decode(shown(request, "basic")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(RegisterBy { user: user.to_owned(), password: password.to_owned() })
}

/// A credential of a satellite.
struct Bearer(String);

impl FromRequest for Bearer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing =
            || Problem(Error::Unauthenticated("The credential of a satellite is needed."));
        ready(shown(request, "bearer").map(|text| Self(text.to_owned())).ok_or_else(missing))
    }
}

/// The bytes of a file.
pub(super) struct File(pub(super) Vec<u8>);

impl FromRequest for File {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let most = usize::try_from(Limits::default().packed).unwrap_or(usize::MAX);
            let bytes = whole(&request, payload, most).await;
            let refused = |error| domain::Error::invalid("body", format!("{error}"));
            Ok(Self(bytes.map_err(refused)?.to_vec()))
        })
    }
}

/// Registers a local account: the registration file goes in, the authorization file comes out.
#[post("/on-prem/register")]
async fn register(
    LabSite(engine): LabSite,
    Basic(by): Basic,
    File(file): File,
) -> Result<HttpResponse, Problem> {
    let grant = engine.register_on_prem(by, file).await?;
    Ok(HttpResponse::Ok()
        .content_type(FILE)
        .insert_header((CREDENTIAL, grant.credential))
        .insert_header((CREDENTIAL_ENDS, grant.credential_ends.iso()))
        .body(grant.file))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registered {
    uid: OnPremUid,
}

/// Another credential for an On-Prem that is registered.
#[post("/on-prem/credential")]
async fn credential(
    LabSite(engine): LabSite,
    Basic(by): Basic,
    body: Json<Registered>,
) -> Result<HttpResponse, Problem> {
    let made = engine.renew_on_prem_credential(by, body.uid).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((CREDENTIAL, made.secret))
        .insert_header((CREDENTIAL_ENDS, made.ends.iso()))
        .finish())
}

/// Synchronizes: the request file goes in, the response file comes out.
#[post("/on-prem/sync")]
async fn synchronize(
    LabSite(engine): LabSite,
    Bearer(secret): Bearer,
    File(file): File,
) -> Result<HttpResponse, Problem> {
    let response = engine.take_request(RequestBy::Credential(secret), file).await?;
    Ok(HttpResponse::Ok().content_type(FILE).body(response))
}
