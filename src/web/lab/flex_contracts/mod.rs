//! `/_syncom/flex/contracts…`: Active User contracts, for machines. Ours, not Cisco's.

mod bodies;
mod changes;
mod told;

use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{Currency, Variant};
use crate::domain::id::ContractId;
use crate::domain::{self, Error};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::json;

/// The most rows that are told at once.
const MOST: i64 = 1_000;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(variants).service(list).service(open).service(one).service(ledger);
    routes.service(list_people).service(next_run);
    changes::configure(routes);
}

/// The contract in an address.
fn contract(text: &str) -> domain::Result<ContractId> {
    text.parse().map_err(|_| Error::not_found("contract", text))
}

/// Clauses that a contract may follow, and services that an order may name.
#[get("/flex/variants")]
async fn variants() -> HttpResponse {
    let all: Vec<_> = Variant::ALL.into_iter().map(told::variant).collect();
    let services: Vec<_> = Service::ALL.into_iter().map(told::service).collect();
    let currencies = Currency::ALL.map(Currency::code);
    HttpResponse::Ok().json(json!({"variants":all,"services":services,"currencies":currencies}))
}

/// The contracts that the caller sees.
#[get("/flex/contracts")]
async fn list(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
) -> Result<HttpResponse, Problem> {
    let rows = engine.au_contracts(&who).await?;
    let told: Vec<_> =
        rows.iter().map(|row| told::contract(&row.contract, &row.organization)).collect();
    Ok(HttpResponse::Ok().json(json!({"contracts":told})))
}

/// Opens a contract.
#[post("/flex/contracts")]
async fn open(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    body: Json<bodies::NewContract>,
) -> Result<HttpResponse, Problem> {
    let (key, wish) = body.into_inner().wish()?;
    let contract = engine.au_open(&who, &key, wish).await?;
    let view = engine.au_contract(&who, contract.id, None).await?;
    Ok(HttpResponse::Created().json(told::view(&view)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    year: Option<i64>,
}

/// A contract with the months of a year.
#[get("/flex/contracts/{id}")]
async fn one(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let view = engine.au_contract(&who, contract(&id)?, wanted.year).await?;
    Ok(HttpResponse::Ok().json(told::view(&view)))
}

/// What the next True Forward would do.
#[get("/flex/contracts/{id}/true-forward")]
async fn next_run(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = engine.au_contract(&who, contract(&id)?, None).await?;
    let runs: Vec<_> = view.runs.iter().map(told::run).collect();
    let next = view.preview.as_ref().map(|preview| told::preview(&view.contract, preview));
    Ok(HttpResponse::Ok().json(json!({"next":next,"done":runs})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    before: Option<i64>,
    rows: Option<i64>,
}

fn rows(wanted: Option<i64>) -> domain::Result<i64> {
    let rows = wanted.unwrap_or(100);
    if (1..=MOST).contains(&rows) {
        return Ok(rows);
    }
    Err(Error::invalid("rows", format!("{rows} is not from 1 to {MOST}")))
}

/// The ledger, newest first.
#[get("/flex/contracts/{id}/ledger")]
async fn ledger(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    wanted: Query<Rows>,
) -> Result<HttpResponse, Problem> {
    let part = (wanted.before.unwrap_or(i64::MAX), rows(wanted.rows)?);
    let (_, _, posted) = engine.au_ledger(&who, contract(&id)?, part).await?;
    let told: Vec<_> = posted.iter().map(told::posted).collect();
    Ok(HttpResponse::Ok().json(json!({"entries":told})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    after: Option<String>,
    rows: Option<i64>,
}

/// People with their accounts, by their keys.
#[get("/flex/contracts/{id}/people")]
async fn list_people(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    id: Path<String>,
    wanted: Query<Part>,
) -> Result<HttpResponse, Problem> {
    let Part { after, rows: most } = wanted.into_inner();
    let part = (after.unwrap_or_default(), rows(most)?);
    let (_, _, people, total) = engine.au_people(&who, contract(&id)?, part).await?;
    let told: Vec<_> = people.iter().map(told::person).collect();
    Ok(HttpResponse::Ok().json(json!({"people":told,"total":total})))
}
