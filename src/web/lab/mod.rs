//! The emulator's own endpoints, `/_syncom/…`: strict JSON, problem details.

mod clock;
mod explain;
mod orders;
mod support;

use super::Listener;
use super::error::Problem;
use super::extract::OnSite;
use crate::domain;
use crate::lab::worlds;
use actix_web::web::{Data, JsonConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde_json::json;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    let refused = |field, error: String| Problem(domain::Error::invalid(field, error).into());
    let json = JsonConfig::default()
        .error_handler(move |error, _| refused("body", error.to_string()).into());
    let query = QueryConfig::default()
        .error_handler(move |error, _| refused("query", error.to_string()).into());
    routes.app_data(json).app_data(query);
    routes.service(health).service(ready).service(ca).service(outbox);
    clock::configure(routes);
    explain::configure(routes);
    orders::configure(routes);
    support::configure(routes);
}

/// Whether the process lives.
#[get("/_syncom/health")]
async fn health(OnSite(engine): OnSite) -> HttpResponse {
    let site = engine.name();
    HttpResponse::Ok().json(json!({"status":"ok","site":site,"version":env!("CARGO_PKG_VERSION")}))
}

/// Whether the site is seeded, migrated and serving: listeners open only then.
#[get("/_syncom/ready")]
async fn ready(OnSite(engine): OnSite) -> Result<HttpResponse, Problem> {
    engine.outbox().await?;
    Ok(HttpResponse::Ok().json(json!({"ready":true,"site":engine.name(),"now":engine.now().iso()})))
}

/// The lab's root certificate.
#[get("/_syncom/ca.pem")]
async fn ca(listener: Data<Listener>) -> Result<HttpResponse, Problem> {
    let world = listener.worlds.get(worlds::DEFAULT);
    let world = world.ok_or_else(|| domain::Error::not_found("world", worlds::DEFAULT))?;
    Ok(HttpResponse::Ok().content_type("application/x-pem-file").body(world.root_pem))
}

/// The newest mails that the world has sent; none of them leaves it.
#[get("/_syncom/outbox")]
async fn outbox(OnSite(engine): OnSite) -> Result<HttpResponse, Problem> {
    let mails: Vec<_> = engine
        .outbox()
        .await?
        .into_iter()
        .map(|mail| {
            json!({"id":mail.id,"at":mail.at.iso(),"recipient":mail.recipient,
                   "subject":mail.subject,"body":mail.body})
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({"mails":mails})))
}
