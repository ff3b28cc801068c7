//! `/_syncom/hub`: organizations, the roles at them and their logs.

use crate::domain::hub::HubEvent;
use crate::domain::paging::Seek;
use crate::domain::{self, Error};
use crate::engine::{HubPerson, HubPlace, RoleGift};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

/// The most rows of a log that are told at once.
const MOST: i64 = 1_000;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(places).service(roles).service(give).service(take).service(events);
}

/// Where the caller has something to do.
#[get("/hub")]
async fn places(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
) -> Result<HttpResponse, Problem> {
    let places = engine.hub_places(&who).await?;
    let told: Vec<_> = places.iter().map(place).collect();
    Ok(HttpResponse::Ok().json(json!({"organizations":told})))
}

/// Who has which role at an organization and at its customers.
#[get("/hub/{key}/roles")]
async fn roles(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (_, people) = engine.hub_people(&who, &key).await?;
    let told: Vec<_> = people.iter().map(person).collect();
    Ok(HttpResponse::Ok().json(json!({"roles":told})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gift {
    user: String,
    role: String,
    customer: Option<String>,
}

/// Gives a role.
#[post("/hub/{key}/roles")]
async fn give(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    body: Json<Gift>,
) -> Result<HttpResponse, Problem> {
    let Gift { user, role, customer } = body.into_inner();
    let message = engine.give_hub_role(&who, &key, RoleGift { user, role, customer }).await?;
    Ok(HttpResponse::Created().json(json!({"message":message})))
}

/// Takes a role back.
#[delete("/hub/{key}/roles/{id}")]
async fn take(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    let id = id.parse().map_err(|_| Error::not_found("role", id))?;
    let message = engine.take_hub_role(&who, &key, id).await?;
    Ok(HttpResponse::Ok().json(json!({"message":message})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    rows: Option<i64>,
}

/// The newest rows of an organization's log.
#[get("/hub/{key}/events")]
async fn events(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let rows = wanted.rows.unwrap_or(100);
    if !(1..=MOST).contains(&rows) {
        let rule = format!("{rows} has to be from 1 to {MOST}");
        return Err(domain::Error::invalid("rows", rule).into());
    }
    let (_, page) = engine.hub_events(&who, &key, (Seek::First, rows)).await?;
    let told: Vec<_> = page.items.iter().map(event).collect();
    Ok(HttpResponse::Ok().json(json!({"events":told})))
}

fn place(place: &HubPlace) -> Value {
    let of = &place.organization;
    let held: Vec<_> = place.roles.iter().map(|role| role.name()).collect();
    json!({"key":of.key,"name":of.name,"kind":of.kind.code(),"roles":held})
}

fn person(person: &HubPerson) -> Value {
    json!({"id":person.id,"user":person.name,"role":person.role.name(),
           "organization":person.at.key})
}

fn event(event: &HubEvent) -> Value {
    json!({"at":event.at.iso(),"kind":event.kind.code(),"message":event.message,
           "actor":event.actor})
}
