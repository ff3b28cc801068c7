//! Who calls: a user name and a password for a bearer, and the questions around it.

use super::bodies;
use crate::facade::Facade;
use crate::facade::faults::Fault;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::{Ready, ready};

/// The version that is claimed: its client takes three minor versions (PROVEN), and says which
/// calls it makes. It is no version of ours.
const VERSION: &str = "2.10.0-syncom";
/// The id of the only user (ours).
const USER_ID: &str = "00000000-0000-4000-8000-000000000001";

/// A call with a bearer that is known.
pub struct Caller {
    /// The product's faces.
    pub facade: Data<Facade>,
    bearer: String,
}

impl FromRequest for Caller {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Caller {
    fn of(request: &HttpRequest) -> Result<Self, Fault> {
        let facade = request.app_data::<Data<Facade>>().cloned().ok_or(Fault::Internal)?;
        let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = shown.and_then(|text| text.split_once(' '));
        let bearer = bearer.filter(|(word, _)| word.eq_ignore_ascii_case("bearer"));
        let bearer = bearer.map(|(_, secret)| secret.trim().to_owned()).ok_or(Fault::Stranger)?;
        if !facade.gate.knows(&bearer) {
            return Err(Fault::Stranger);
        }
        Ok(Self { facade, bearer })
    }

    fn told(&self) -> Value {
        json!({
            "username": self.facade.gate.user(),
            "id": USER_ID,
            "token": self.bearer,
            "admin": true,
            "error": null,
        })
    }
}

/// Open to all, as the client asks before it signs in (PROVEN).
pub async fn system_information() -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "version": VERSION,
        "ready": true,
        "allow_ssh_pubkey_auth": false,
        "oui": null,
        "features": [],
    }))
}

/// A bearer as a JSON string (PROVEN).
pub async fn authenticate(facade: Data<Facade>, body: Bytes) -> Result<HttpResponse, Fault> {
    let caller = begin(facade, &body)?;
    Ok(HttpResponse::Ok().json(caller.bearer))
}

/// The same with who that is.
pub async fn auth_extended(facade: Data<Facade>, body: Bytes) -> Result<HttpResponse, Fault> {
    let caller = begin(facade, &body)?;
    Ok(HttpResponse::Ok().json(caller.told()))
}

fn begin(facade: Data<Facade>, body: &Bytes) -> Result<Caller, Fault> {
    let (user, password) = bodies::credentials(body)?;
    let bearer = facade.gate.sign_in(&user, &password)?.ok_or(Fault::WrongPassword)?;
    Ok(Caller { facade, bearer })
}

/// Whether the bearer works: clients before 2.10.
pub async fn auth_ok(_: Caller) -> HttpResponse {
    HttpResponse::Ok().json("OK")
}

/// The same: clients from 2.10 on (PROVEN).
pub async fn authentication(caller: Caller) -> HttpResponse {
    HttpResponse::Ok().json(caller.told())
}

/// Ends this session, or all (PROVEN: `clear_all_sessions`).
pub async fn log_out(caller: Caller, query: Query<BTreeMap<String, String>>) -> HttpResponse {
    let all = query.get("clear_all_sessions").is_some_and(|value| value == "true");
    caller.facade.gate.sign_out(&caller.bearer, all);
    HttpResponse::Ok().json(true)
}
