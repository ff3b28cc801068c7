//! `/_syncom/flex/…`: orders, clusters and agents of the Flex usage report, and the report itself.

mod agents;
mod clusters;
mod orders;
mod usage;

use crate::domain::flex::{Cluster, Counts, FlexType, Model};
use crate::domain::{self, Error};
use actix_web::web::ServiceConfig;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    agents::configure(routes);
    orders::configure(routes);
    clusters::configure(routes);
    usage::configure(routes);
}

/// A day such as `2026-01-05`; the refusal names the field.
fn day(field: &'static str, text: &str) -> domain::Result<NaiveDate> {
    let problem = || format!("'{text}' is not a day such as 2026-01-05");
    text.parse().map_err(|_| Error::invalid(field, problem()))
}

fn quantities(told: BTreeMap<String, i64>) -> domain::Result<Vec<(FlexType, i64)>> {
    told.into_iter()
        .map(|(code, quantity)| Ok((FlexType::of("quantities", &code)?, quantity)))
        .collect()
}

/// So many of each type of a model, by its code.
fn counts(model: Model, counts: &Counts) -> Value {
    let pair = |kind: &FlexType| (kind.code().to_owned(), json!(counts.get(*kind)));
    Value::Object(model.types().iter().map(pair).collect::<Map<_, _>>())
}

fn cluster(one: &Cluster) -> Value {
    json!({"cluster":one.number,"name":one.name,"region":one.region,"version":one.version,
           "publisher":one.publisher,"added_at":one.added_at.iso(),"found":one.found,
           "verified_at":one.verified_at.map(domain::Timestamp::iso)})
}

fn number(text: &str) -> domain::Result<i64> {
    text.parse().map_err(|_| Error::not_found("cluster", text))
}
