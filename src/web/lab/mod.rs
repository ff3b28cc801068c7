//! The emulator's own endpoints, `/_syncom/…`: strict JSON, problem details.

mod carry;
mod clock;
mod explain;
mod flex_contracts;
mod flex_usage;
mod hub;
mod on_prem;
mod orders;
mod support;

use super::Listener;
use super::error::Problem;
use super::extract::LabSite;
use crate::domain;
use crate::domain::site::Edition;
use crate::lab::worlds;
use actix_web::web::{self, Data, JsonConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::json;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig, edition: Edition) {
    let refused = |field, error: String| Problem(domain::Error::invalid(field, error).into());
    let json = JsonConfig::default()
        .error_handler(move |error, _| refused("body", error.to_string()).into());
    let query = QueryConfig::default()
        .error_handler(move |error, _| refused("query", error.to_string()).into());
    let lab = web::scope("/_syncom")
        .app_data(json)
        .app_data(query)
        .service(health)
        .service(ready)
        .service(ca)
        .service(outbox)
        .configure(carry::configure)
        .configure(clock::configure)
        .configure(explain::configure)
        .configure(orders::configure)
        .configure(support::configure)
        .configure(|routes| match edition {
            Edition::Cssm => {
                on_prem::configure(routes);
                hub::configure(routes);
                flex_contracts::configure(routes);
                flex_usage::configure(routes);
            }
            Edition::Satellite => {}
        })
        .default_service(web::to(unknown));
    routes.service(lab);
}

/// What is not there, or not with that method.
async fn unknown(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = format!("{} {}", request.method(), request.path());
    Err(domain::Error::not_found("endpoint", asked).into())
}

/// Whether the process lives.
#[get("/health")]
async fn health(LabSite(engine): LabSite) -> HttpResponse {
    let site = engine.name();
    HttpResponse::Ok().json(json!({"status":"ok","site":site,"version":env!("CARGO_PKG_VERSION")}))
}

/// Whether the site is seeded, migrated and serving: listeners open only then.
#[get("/ready")]
async fn ready(LabSite(engine): LabSite) -> Result<HttpResponse, Problem> {
    engine.outbox().await?;
    Ok(HttpResponse::Ok().json(json!({"ready":true,"site":engine.name(),"now":engine.now().iso()})))
}

/// The lab's root certificate.
#[get("/ca.pem")]
async fn ca(listener: Data<Listener>) -> Result<HttpResponse, Problem> {
    let world = listener.worlds.get(worlds::DEFAULT);
    let world = world.ok_or_else(|| domain::Error::not_found("world", worlds::DEFAULT))?;
    Ok(HttpResponse::Ok().content_type("application/x-pem-file").body(world.root_pem))
}

/// Instead of a text that opens something: nobody has to sign in here.
const WITHHELD: &str = "Confidential: System Admins read it under Settings, Outbox.";

/// The newest mails that the world has sent; none of them leaves it.
#[get("/outbox")]
async fn outbox(LabSite(engine): LabSite) -> Result<HttpResponse, Problem> {
    let mails: Vec<_> = engine
        .outbox()
        .await?
        .into_iter()
        .map(|mail| {
            let body = if mail.confidential { WITHHELD } else { &mail.body };
            json!({"id":mail.id,"at":mail.at.iso(),"recipient":mail.recipient,
                   "subject":mail.subject,"body":body})
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({"mails":mails})))
}
