//! What changes a contract.

use super::{bodies, contract, told};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde_json::json;

/// Mounts the endpoints.
pub(super) fn configure(routes: &mut ServiceConfig) {
    routes.service(place_order).service(renew).service(adjust).service(run).service(sessions);
    routes.service(put_people).service(enable).service(disable).service(leave);
}

/// Places an order.
#[post("/flex/contracts/{id}/orders")]
async fn place_order(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::NewOrder>,
) -> Result<HttpResponse, Problem> {
    let order = engine.au_order(&who, contract(&id)?, body.into_inner().wish()?).await?;
    Ok(HttpResponse::Created().json(told::order(&order)))
}

/// Orders the term that follows.
#[post("/flex/contracts/{id}/renewal")]
async fn renew(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::NewTerm>,
) -> Result<HttpResponse, Problem> {
    let renewed = engine.au_renew(&who, contract(&id)?, body.into_inner().wish()).await?;
    let view = engine.au_contract(&who, renewed.id, None).await?;
    Ok(HttpResponse::Ok().json(told::view(&view)))
}

/// Corrects by hand.
#[post("/flex/contracts/{id}/adjustments")]
async fn adjust(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Correction>,
) -> Result<HttpResponse, Problem> {
    let corrected = engine.au_adjust(&who, contract(&id)?, body.into_inner().wish()).await?;
    let view = engine.au_contract(&who, corrected.id, None).await?;
    Ok(HttpResponse::Ok().json(told::view(&view)))
}

/// Carries out the True Forward that waits, or shows the newest one again.
#[post("/flex/contracts/{id}/true-forward")]
async fn run(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Confirm>,
) -> Result<HttpResponse, Problem> {
    let ran = engine.au_true_forward(&who, contract(&id)?, body.confirm).await?;
    let told = json!({"run":told::run(&ran.run),"repeated":ran.repeated});
    Ok(HttpResponse::Ok().json(told))
}

/// Takes a report of sessions.
#[post("/flex/contracts/{id}/sessions")]
async fn sessions(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Report>,
) -> Result<HttpResponse, Problem> {
    let told = engine.au_report(&who, contract(&id)?, body.into_inner().wish()?).await?;
    Ok(HttpResponse::Ok().json(json!({
        "taken": told.taken,
        "known": told.known,
        "verdicts": told.verdicts,
        "new_active_users": told.new_active_users,
    })))
}

/// Adds people, or changes them.
#[post("/flex/contracts/{id}/people")]
async fn put_people(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::People>,
) -> Result<HttpResponse, Problem> {
    let changed = engine.au_put_people(&who, contract(&id)?, body.into_inner().wish()?).await?;
    Ok(HttpResponse::Ok().json(json!({"changed":changed})))
}

/// Enables an account.
#[post("/flex/contracts/{id}/people/enable")]
async fn enable(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Enable>,
) -> Result<HttpResponse, Problem> {
    let bodies::Enable { key, account } = body.into_inner();
    let person = engine.au_enable(&who, contract(&id)?, (key, account)).await?;
    Ok(HttpResponse::Ok().json(json!({"key":person.key})))
}

/// Disables an account.
#[post("/flex/contracts/{id}/people/disable")]
async fn disable(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Who>,
) -> Result<HttpResponse, Problem> {
    let person = engine.au_disable(&who, contract(&id)?, body.into_inner().key).await?;
    Ok(HttpResponse::Ok().json(json!({"key":person.key})))
}

/// Somebody leaves.
#[post("/flex/contracts/{id}/people/leave")]
async fn leave(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    body: Json<bodies::Who>,
) -> Result<HttpResponse, Problem> {
    let person = engine.au_leave(&who, contract(&id)?, body.into_inner().key).await?;
    Ok(HttpResponse::Ok().json(json!({"key":person.key})))
}
