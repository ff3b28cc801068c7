//! Orders: what the fulfillment service sends after the commerce workspace took one (F-FU-01).

use super::{counts, day, quantities};
use crate::domain;
use crate::domain::flex::{Model, NewSubscription, Subscription};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes.service(place).service(change).service(cancel).service(list);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    customer: String,
    partner: Option<String>,
    order_id: String,
    transaction_id: String,
    model: String,
    quantities: BTreeMap<String, i64>,
    starts: Option<String>,
    ends: Option<String>,
}

impl Body {
    fn order(self) -> domain::Result<NewSubscription> {
        let read = |field, text: Option<String>| text.map(|text| day(field, &text)).transpose();
        Ok(NewSubscription {
            model: Model::of("model", &self.model)?,
            quantities: quantities(self.quantities)?,
            starts: read("starts", self.starts)?,
            ends: read("ends", self.ends)?,
            order_id: self.order_id,
            transaction_id: self.transaction_id,
        })
    }
}

/// Places an order.
#[post("/flex/orders")]
async fn place(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    body: Json<Body>,
) -> Result<HttpResponse, Problem> {
    let mut body = body.into_inner();
    let (customer, partner) = (std::mem::take(&mut body.customer), body.partner.take());
    let one = engine.place_flex_order(&who, (&customer, partner), body.order()?).await?;
    Ok(HttpResponse::Created().json(told(&one, engine.now().date())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    quantities: BTreeMap<String, i64>,
}

/// Changes what was bought.
#[put("/flex/customers/{key}/orders/{order}")]
async fn change(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    path: Path<(String, String)>,
    body: Json<Change>,
) -> Result<HttpResponse, Problem> {
    let (key, order) = path.into_inner();
    let wanted = quantities(body.into_inner().quantities)?;
    let one = engine.change_flex_order(&who, &key, &order, wanted).await?;
    Ok(HttpResponse::Ok().json(told(&one, engine.now().date())))
}

/// Cancels a subscription.
#[post("/flex/customers/{key}/orders/{order}/cancel")]
async fn cancel(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (key, order) = path.into_inner();
    let one = engine.cancel_flex_order(&who, &key, &order).await?;
    Ok(HttpResponse::Ok().json(told(&one, engine.now().date())))
}

/// What a customer has bought.
#[get("/flex/customers/{key}/subscriptions")]
async fn list(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (all, now) = engine.flex_subscriptions(&who, &key).await?;
    let all: Vec<_> = all.iter().map(|one| told(one, now.date())).collect();
    Ok(HttpResponse::Ok().json(json!({"subscriptions":all})))
}

fn told(one: &Subscription, today: NaiveDate) -> Value {
    json!({"order_id":one.order_id,"subscription_id":one.subscription_id,
           "model":one.model.code(),"purchased":counts(one.model, &one.purchased),
           "starts":one.starts,"ends":one.ends,"active":one.is_active(today),
           "cancelled_at":one.cancelled_at.map(domain::Timestamp::iso)})
}
