//! What agents of clusters call, with the secret of their cluster as bearer.

use super::{counts, day};
use crate::domain;
use crate::domain::flex::{DayUse, Device, DeviceKind, Person};
use crate::engine::{self, Taken, Who};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{self, Json, JsonConfig, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::json;

/// The largest report of a day, in bytes (ours): a hundred thousand users with their devices.
const LARGEST: usize = 32 * 1024 * 1024;

pub(super) fn configure(routes: &mut ServiceConfig) {
    let refused = |error: String| Problem(domain::Error::invalid("body", error).into());
    let json = JsonConfig::default()
        .limit(LARGEST)
        .error_handler(move |error, _| refused(error.to_string()).into());
    routes.service(web::scope("/flex/agent").app_data(json).service(assignment).service(usage));
}

fn secret(who: Who) -> Result<String, Problem> {
    match who {
        Who::Bearer(secret) => Ok(secret),
        Who::Session(_) | Who::Nobody => {
            Err(engine::Error::Unauthenticated("The secret of a cluster is needed.").into())
        }
    }
}

/// What the agent's cluster is to collect for; no order before it is verified.
#[get("")]
async fn assignment(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
) -> Result<HttpResponse, Problem> {
    let told = engine.flex_assignment(&secret(who)?).await?;
    let of = told.subscription.as_ref();
    Ok(HttpResponse::Ok().json(json!({
        "cluster":super::cluster(&told.cluster),
        "collect":of.is_some(),
        "order_id":of.map(|of| &of.order_id),
        "subscription_id":of.map(|of| &of.subscription_id),
        "model":of.map(|of| of.model.code()),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    day: String,
    users: Vec<UserBody>,
    devices: Vec<DeviceBody>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a feature of its own")]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserBody {
    id: String,
    #[serde(default)]
    directory_number: bool,
    #[serde(default)]
    single_number_reach: bool,
    #[serde(default)]
    extension_mobility: bool,
    #[serde(default)]
    voicemail: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceBody {
    name: String,
    kind: String,
    owner: Option<String>,
}

impl From<UserBody> for Person {
    fn from(body: UserBody) -> Self {
        let UserBody { id, directory_number, single_number_reach, extension_mobility, voicemail } =
            body;
        Self { id, directory_number, single_number_reach, extension_mobility, voicemail }
    }
}

fn device((place, body): (usize, DeviceBody)) -> domain::Result<Device> {
    let DeviceBody { name, kind, owner } = body;
    let kind = DeviceKind::parse(&kind).ok_or_else(|| {
        let known = DeviceKind::ALL.map(DeviceKind::code).join(", ");
        domain::Error::invalid("devices", format!("entry {place}: '{kind}' is none of {known}"))
    })?;
    Ok(Device { name, kind, owner })
}

/// Takes what is configured on a day; the same again changes nothing, something else corrects it.
#[post("/usage")]
async fn usage(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    body: Json<Body>,
) -> Result<HttpResponse, Problem> {
    let Body { day: text, users, devices } = body.into_inner();
    let devices = devices.into_iter().enumerate().map(device).collect::<domain::Result<_>>()?;
    let used = DayUse { users: users.into_iter().map(Person::from).collect(), devices };
    let day = day("day", &text)?;
    let Taken { model, found, changed, corrected } =
        engine.take_flex_usage(&secret(who)?, (day, used)).await?;
    let counted = counts(model, &found.counts);
    Ok(HttpResponse::Ok().json(json!({"day":text,"counted":counted,"uncounted":found.uncounted,
                                      "changed":changed,"corrected":corrected})))
}
