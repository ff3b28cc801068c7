//! The emulator's own endpoints, `/_syncom/…`: strict JSON, problem details.

use super::Listener;
use super::error::Problem;
use super::extract::OnSite;
use crate::domain;
use crate::domain::license::{LicenseType, Origin};
use crate::engine::Order;
use crate::lab::worlds;
use actix_web::web::{Data, Json, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    let json = actix_web::web::JsonConfig::default().error_handler(|error, _| {
        Problem(domain::Error::invalid("body", error.to_string()).into()).into()
    });
    routes.app_data(json);
    routes.service(health).service(ready).service(ca).service(outbox).service(orders);
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    smart_account: String,
    virtual_account: Option<String>,
    license: String,
    license_type: String,
    quantity: i64,
    starts: Option<NaiveDate>,
    ends: Option<NaiveDate>,
    order_number: Option<String>,
    sku: Option<String>,
    subscription_id: Option<String>,
}

impl OrderBody {
    fn order(self) -> domain::Result<Order> {
        let license_type = LicenseType::parse(&self.license_type).ok_or_else(|| {
            let known = LicenseType::ALL.map(LicenseType::name).join(", ");
            let problem = format!("{} is none of {known}", self.license_type);
            domain::Error::invalid("license_type", problem)
        })?;
        Ok(Order {
            smart_account: self.smart_account,
            virtual_account: self.virtual_account,
            license: self.license,
            license_type,
            quantity: self.quantity,
            starts: self.starts,
            ends: self.ends,
            origin: Origin {
                order_number: self.order_number,
                sku: self.sku,
                subscription_id: self.subscription_id,
            },
        })
    }
}

/// Places an order: the licenses land in the named virtual account, or in the default one.
#[post("/_syncom/orders")]
async fn orders(OnSite(engine): OnSite, body: Json<OrderBody>) -> Result<HttpResponse, Problem> {
    let line = engine.place_order(body.into_inner().order()?).await?;
    Ok(HttpResponse::Created().json(json!({"line":line.id,"quantity":line.quantity})))
}
