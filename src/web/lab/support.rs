//! `/_syncom/support/…` and `/_syncom/agreements`: what only the vendor's side can do.

use crate::domain;
use crate::domain::id::InstanceId;
use crate::domain::instance::Instance;
use crate::domain::reservation::Settlement;
use crate::engine::AccountChange;
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::{Value, json};

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(account).service(accept).service(roll_back).service(remove).service(publish);
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

/// Who acts; the event log names them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    operator: Option<String>,
}

/// An update whose confirmation code is lost, as if it had been entered (A-RSV-14).
#[post("/support/{domain}/reservations/{instance}/accept")]
async fn accept(
    LabSite(engine): LabSite,
    path: Path<(String, String)>,
    by: Json<By>,
) -> Result<HttpResponse, Problem> {
    let ((domain, id), By { operator }) = (path.into_inner(), by.into_inner());
    let done = engine.lab_settle(domain, instance(&id)?, Settlement::Accepted, operator).await?;
    Ok(HttpResponse::Ok().json(told(&done, "accepted")))
}

/// The same, as if it had never been asked for.
#[post("/support/{domain}/reservations/{instance}/roll-back")]
async fn roll_back(
    LabSite(engine): LabSite,
    path: Path<(String, String)>,
    by: Json<By>,
) -> Result<HttpResponse, Problem> {
    let ((domain, id), By { operator }) = (path.into_inner(), by.into_inner());
    let done = engine.lab_settle(domain, instance(&id)?, Settlement::RolledBack, operator).await?;
    Ok(HttpResponse::Ok().json(told(&done, "rolled back")))
}

/// An instance whose device is dead, without a return code (A-RSV-17).
#[post("/support/{domain}/reservations/{instance}/remove")]
async fn remove(
    LabSite(engine): LabSite,
    path: Path<(String, String)>,
    by: Json<By>,
) -> Result<HttpResponse, Problem> {
    let ((domain, id), By { operator }) = (path.into_inner(), by.into_inner());
    let gone = engine.lab_remove(domain, instance(&id)?, operator).await?;
    Ok(HttpResponse::Ok().json(told(&gone, "removed")))
}

fn instance(text: &str) -> domain::Result<InstanceId> {
    text.parse().map_err(|_| domain::Error::not_found("product instance", text))
}

fn told(instance: &Instance, outcome: &str) -> Value {
    json!({"instance": instance.id, "name": instance.name().trim_end(), "outcome": outcome})
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
