//! `/_syncom/clock`: what time it is in the world, and moving it.

use crate::domain;
use crate::domain::Timestamp;
use crate::domain::time::parse_duration;
use crate::lab::worlds::{Move, Moved, World};
use crate::web::error::Problem;
use crate::web::extract::InWorld;
use actix_web::web::{Json, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(show).service(change);
}

/// What time it is.
#[get("/clock")]
async fn show(InWorld(world): InWorld) -> HttpResponse {
    HttpResponse::Ok().json(reading(&world))
}

/// One of `advance`, `to` and `mode`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    advance: Option<String>,
    to: Option<String>,
    mode: Option<String>,
}

impl Body {
    fn wanted(&self) -> domain::Result<Move> {
        match (&self.advance, &self.to, &self.mode) {
            (Some(by), None, None) => Ok(Move::Advance(parse_duration(by)?)),
            (None, Some(to), None) => Timestamp::parse(to).map(Move::To).ok_or_else(|| {
                domain::Error::invalid("to", format!("{to} is not like 2026-01-05T09:00:00Z"))
            }),
            (None, None, Some(mode)) => match mode.as_str() {
                "frozen" => Ok(Move::Freeze),
                "running" => Ok(Move::Resume),
                _ => {
                    Err(domain::Error::invalid("mode", format!("{mode} is not frozen or running")))
                }
            },
            _ => Err(domain::Error::invalid("body", "give one of advance, to and mode")),
        }
    }
}

/// Moves the clock; answers when everything that fell due has happened.
#[post("/clock")]
async fn change(InWorld(world): InWorld, body: Json<Body>) -> Result<HttpResponse, Problem> {
    let moved = world.move_clock(body.wanted()?).await?;
    let mut told = reading(&world);
    if let Value::Object(fields) = &mut told {
        fields.insert("happened".into(), happened(&moved));
    }
    Ok(HttpResponse::Ok().json(told))
}

fn reading(world: &World) -> Value {
    let clock = &world.clock;
    let (now, wall) = (clock.now(), crate::clock::wall_time());
    json!({
        "world": world.name,
        "now": now.iso(),
        "mode": if clock.is_frozen() { "frozen" } else { "running" },
        "wall": wall.iso(),
        "offset_seconds": (now - wall).num_seconds(),
        "is_wall_time": clock.is_wall(),
        "latest": clock.latest().iso(),
        "behind": clock.is_behind(),
        "may_go_back": world.may_go_back,
    })
}

fn happened(moved: &Moved) -> Value {
    let sites: serde_json::Map<String, Value> = moved
        .happened
        .iter()
        .map(|(site, done)| {
            let told = json!({"instants": done.instants, "events": done.events});
            (site.clone(), told)
        })
        .collect();
    json!({"from": moved.from.iso(), "to": moved.to.iso(), "sites": sites})
}
