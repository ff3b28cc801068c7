//! `/_syncom/support/…` and `/_syncom/agreements`: what only the vendor's side can do.

use crate::engine::AccountChange;
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::json;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(account).service(publish);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    export_entitled: Option<bool>,
    reservation_enabled: Option<bool>,
    add_to_inventory: Option<bool>,
}

/// Switches attributes of a Smart Account; what is not named stays.
#[post("/support/{domain}")]
async fn account(
    LabSite(engine): LabSite,
    domain: Path<String>,
    body: Json<Change>,
) -> Result<HttpResponse, Problem> {
    let Change { export_entitled, reservation_enabled, add_to_inventory } = body.into_inner();
    let change = AccountChange { export_entitled, reservation_enabled, add_to_inventory };
    let account = engine.change_account(domain.into_inner(), change).await?;
    Ok(HttpResponse::Ok().json(json!({
        "smart_account": account.domain,
        "export_entitled": account.export_entitled,
        "reservation_enabled": account.reservation_enabled,
        "add_to_inventory": account.add_to_inventory,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    version: String,
}

/// Publishes another agreement text; every Smart Account then has to accept it.
#[post("/agreements")]
async fn publish(LabSite(engine): LabSite, body: Json<Agreement>) -> Result<HttpResponse, Problem> {
    let published = engine.publish_agreement(body.into_inner().version).await?;
    let told = json!({"version":published.version,"published_at":published.at.iso()});
    Ok(HttpResponse::Created().json(told))
}
