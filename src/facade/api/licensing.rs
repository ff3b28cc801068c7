//! What the licensing part of the published client calls.

use super::session::Caller;
use super::{bodies, status};
use crate::crypto::ca;
use crate::device::machine::Event;
use crate::device::show::{self, Topic};
use crate::facade::faults::Fault;
use crate::facade::{licenses, transport};
use actix_web::HttpResponse;
use actix_web::web::Bytes;

/// What a call answers.
type Answer = Result<HttpResponse, Fault>;

/// Taken; how it goes is to be asked (PROVEN: 204 and polling).
fn accepted() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Configuration and status.
pub async fn everything(caller: Caller) -> HttpResponse {
    let facade = &caller.facade;
    let told = facade.live.look(|state, now| status::whole(state, now, &facade.default_url));
    HttpResponse::Ok().json(told)
}

/// All in words.
pub async fn tech_support(caller: Caller) -> HttpResponse {
    let text = caller.facade.live.look(|state, now| show::license(state, Topic::TechSupport, now));
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}

/// The features alone.
pub async fn features(caller: Caller) -> HttpResponse {
    HttpResponse::Ok().json(caller.facade.live.look(status::features))
}

/// Sets how many of each are in use.
pub async fn update_features(caller: Caller, body: Bytes) -> Answer {
    let known: Vec<String> = caller
        .facade
        .live
        .look(|state, now| licenses::all(state, now).into_iter().map(|l| l.tag).collect());
    let counts = bodies::counts(&body, &known)?;
    caller.facade.live.ask_in_turn(Event::Use(counts)).await?;
    Ok(accepted())
}

/// Sets server and proxy.
pub async fn set_transport(caller: Caller, body: Bytes) -> Answer {
    let facade = &caller.facade;
    let present = facade.live.look(|state, _| state.settings.transport);
    let (url, how, proxy) = bodies::transport(&body, &facade.default_url, present)?;
    facade.live.set(|settings| transport::apply(settings, &url, how, proxy))?;
    Ok(accepted())
}

/// A simulated product is what it is: only its own kind fits, and that is set already.
pub async fn set_product_license(caller: Caller, body: Bytes) -> Answer {
    let wanted = bodies::product_license(&body)?;
    let active = caller.facade.live.look(|state, _| state.profile.name.clone());
    let problem = if wanted == active {
        format!("'{wanted}' is the active one already")
    } else {
        format!("'{wanted}' is not available: must be {active}")
    };
    Err(Fault::invalid("product_license", problem))
}

/// Begins to register.
pub async fn register(caller: Caller, body: Bytes) -> Answer {
    let (token, force) = bodies::registration(&body)?;
    caller.facade.live.ask_in_turn(Event::Register { token, force }).await?;
    Ok(accepted())
}

/// Begins to renew the identity certificate.
pub async fn renew_registration(caller: Caller) -> Answer {
    caller.facade.live.ask_in_turn(Event::RenewIdentity).await?;
    Ok(accepted())
}

/// Begins to renew the authorization.
pub async fn renew_authorization(caller: Caller) -> Answer {
    caller.facade.live.ask_in_turn(Event::RenewAuthorization).await?;
    Ok(accepted())
}

/// Leaves, and waits: 204 when the server confirmed, 202 when only the product has forgotten.
// device-protocol.md 2.5 (PROVEN: CML).
pub async fn deregister(caller: Caller) -> Answer {
    let under_way = caller.facade.live.ask_in_turn(Event::Deregister).await?;
    match under_way.answered().await {
        Ok(()) => Ok(accepted()),
        Err(error) => {
            tracing::warn!(%error, "the server has not confirmed the de-registration");
            Ok(HttpResponse::Accepted().finish())
        }
    }
}

/// The CA certificate that was installed (PROVEN: clients before 2.7).
pub async fn certificate(caller: Caller) -> Answer {
    let pem = caller.facade.live.look(|state, _| state.settings.ca_pem.clone());
    let pem = pem.ok_or_else(|| Fault::NotFound("certificate".to_owned()))?;
    Ok(HttpResponse::Ok().json(pem))
}

/// Installs the CA certificate of a lab.
pub async fn install_certificate(caller: Caller, body: Bytes) -> Answer {
    let pem = bodies::certificate(&body)?;
    let found = ca::certificates_from_pem(&pem).map(|ders| ders.len());
    if !matches!(found, Ok(1..)) {
        return Err(Fault::invalid("certificate", "it must be a certificate in PEM form"));
    }
    let set = caller.facade.live.set(|settings| settings.ca_pem = Some(pem));
    set.map_err(|error| Fault::invalid("certificate", error.to_string()))?;
    Ok(accepted())
}

/// Removes it.
pub async fn remove_certificate(caller: Caller) -> Answer {
    if caller.facade.live.look(|state, _| state.settings.ca_pem.is_none()) {
        return Err(Fault::NotFound("certificate".to_owned()));
    }
    caller.facade.live.set(|settings| settings.ca_pem = None)?;
    Ok(accepted())
}
