//! The token endpoint and its neighbours: O1 to O4 of rest-api 2.1.

use super::super::error::ApiError;
use super::super::extract::{caller, site};
use super::super::visit::Visit;
use super::super::wire::{self, Bad, Fields};
use super::call::{Drained, ok};
use super::family::{Answer, Failure, Lists, Tokens};
use crate::engine::{ClientSecret, Engine, Error, Grant, OAuthRefusal};
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::json;
use std::future::Future;
use std::pin::Pin;

/// A request of the token endpoint, in any of its encodings.
pub struct TokenRequest {
    engine: Engine,
    fields: Fields,
}

impl FromRequest for TokenRequest {
    type Error = Failure<Tokens>;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure<Tokens>>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = wire::read(&mut payload).await?;
            let shown = request.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok());
            let fields = merged(shown, &body, request.query_string())?;
            let engine = site(&request).map_err(|ApiError(error)| Failure::from(error))?;
            Ok(Self { engine, fields })
        })
    }
}

/// The four encodings (proven; rest-api 0.4): a form, the query of an empty
/// post, a Basic header beside a form, and JSON. What the body says goes before
/// the query, and the header before both. The content type is not looked at,
/// because some clients send none.
fn merged(header: Option<&str>, body: &[u8], query: &str) -> Result<Fields, Bad> {
    let text =
        std::str::from_utf8(body).map_err(|_| Bad::field("body", "it is not UTF-8 text"))?.trim();
    let json = text.is_empty() || text == "null" || text.starts_with('{');
    let mut fields = if json { Fields::from_json(body)? } else { Fields::default() };
    if !json {
        fields.add_pairs(text, false)?;
    }
    fields.add_pairs(query, false)?;
    if let Some((id, secret)) = header.and_then(basic) {
        let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = format!("client_id={}&client_secret={}", part(&id), part(&secret));
        fields.add_pairs(&pairs, true)?;
    }
    Ok(fields)
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

#[derive(Serialize)]
struct Granted<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
}

/// O1, O2: hands out a bearer token.
pub async fn bearer(request: TokenRequest) -> Answer<Tokens> {
    let grant = grant(&request.engine, &request.fields).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(Granted {
        access_token: &grant.access_token,
        token_type: "Bearer",
        expires_in: grant.expires_in,
        refresh_token: grant.refresh_token.as_deref(),
    }))
}

/// O5, O6, O6b: as [`bearer`], for the two grants of a satellite.
pub async fn on_prem(request: TokenRequest) -> Answer<Tokens> {
    match request.fields.needed("grant_type")? {
        "client_credentials" | "password" => bearer(request).await,
        other => Err(OAuthRefusal::UnsupportedGrant(other.to_owned()).into()),
    }
}

async fn grant(engine: &Engine, fields: &Fields) -> Result<Grant, Failure<Tokens>> {
    let grant = match fields.needed("grant_type")? {
        "client_credentials" => engine.grant_to_client(client(fields)?).await?,
        "password" => {
            let (name, password) = (fields.needed("username")?, fields.needed("password")?);
            engine.grant_to_user(client(fields)?, name, password).await?
        }
        "authorization_code" => {
            let (code, uri) = (fields.needed("code")?, fields.needed("redirect_uri")?);
            engine.grant_for_code(client(fields)?, code, uri).await?
        }
        "refresh_token" => {
            let token = fields.needed("refresh_token")?;
            engine.grant_for_refresh(client(fields)?, token).await?
        }
        other => return Err(OAuthRefusal::UnsupportedGrant(other.to_owned()).into()),
    };
    Ok(grant)
}

/// A client that does not show who it is, is an unknown one.
fn client(fields: &Fields) -> Result<ClientSecret, Failure<Tokens>> {
    match (fields.text("client_id")?, fields.text("client_secret")?) {
        (Some(id), Some(secret)) => {
            Ok(ClientSecret { id: id.to_owned(), secret: secret.to_owned() })
        }
        _ => Err(OAuthRefusal::InvalidClient.into()),
    }
}

/// O3: sends a signed-in browser back with a code or a token. Nothing is ever
/// sent to an address that is not registered.
pub async fn authorization(visit: Visit, request: HttpRequest) -> Answer<Tokens> {
    let mut fields = Fields::default();
    fields.add_pairs(request.query_string(), false)?;
    let (client_id, uri) = (fields.needed("client_id")?, fields.needed("redirect_uri")?);
    visit.engine.check_redirect(client_id, uri).await?;
    let back = Back { uri, state: fields.text("state")? };
    let outcome = match fields.text("response_type")? {
        Some("code") => by_code(&visit, client_id, &back).await,
        Some("token") => by_token(&visit, client_id, &back).await,
        _ => Ok(back.go('?', &[("error", "unsupported_response_type")])),
    };
    match outcome {
        Err(Error::Unauthenticated(_)) => Ok(to_login(&visit.here)),
        other => Ok(other?),
    }
}

async fn by_code(visit: &Visit, client: &str, back: &Back<'_>) -> Result<HttpResponse, Error> {
    let code = visit.engine.authorize_code(&visit.who, client, back.uri).await?;
    Ok(back.go('?', &[("code", &code)]))
}

async fn by_token(visit: &Visit, client: &str, back: &Back<'_>) -> Result<HttpResponse, Error> {
    let grant = visit.engine.authorize_token(&visit.who, client, back.uri).await?;
    let life = grant.expires_in.to_string();
    let shown = [
        ("access_token", grant.access_token.as_str()),
        ("token_type", "Bearer"),
        ("expires_in", &life),
    ];
    Ok(back.go('#', &shown))
}

/// Where an authorization answer goes: a registered address.
struct Back<'a> {
    uri: &'a str,
    state: Option<&'a str>,
}

impl Back<'_> {
    fn go(&self, mark: char, answer: &[(&str, &str)]) -> HttpResponse {
        let mut to = self.uri.to_owned();
        to.push(if mark == '?' && to.contains('?') { '&' } else { mark });
        let state = self.state.map(|state| ("state", state));
        let pair =
            |(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        let pairs: Vec<String> = answer.iter().copied().chain(state).map(pair).collect();
        to.push_str(&pairs.join("&"));
        found(&to)
    }
}

fn to_login(here: &str) -> HttpResponse {
    found(&format!("/login?next={}", utf8_percent_encode(here, NON_ALPHANUMERIC)))
}

fn found(to: &str) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((LOCATION, to))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// O4: who the bearer is. Claims other than `email` are a guess.
pub async fn userinfo(request: HttpRequest, _: Drained) -> Answer<Lists> {
    let engine = site(&request).map_err(|ApiError(error)| Failure::from(error))?;
    let actor = engine.whoami(&caller(&request)).await?;
    Ok(ok(&json!({"sub":actor.id,"email":actor.email,"preferred_username":actor.name})))
}
