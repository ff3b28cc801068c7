//! `/_syncom/orders`: licenses that arrive, are provisioned and are cancelled.

use crate::domain;
use crate::domain::id::LineId;
use crate::domain::instance::Udi;
use crate::domain::license::LicenseType;
use crate::domain::line::{Line, Origin, Source};
use crate::engine::{FactoryDevice, Order};
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(place).service(provision).service(cancel);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    smart_account: String,
    virtual_account: Option<String>,
    license: String,
    license_type: String,
    quantity: i64,
    starts: Option<NaiveDate>,
    ends: Option<NaiveDate>,
    #[serde(default)]
    pending: bool,
    #[serde(default)]
    enterprise_agreement: bool,
    portable: Option<bool>,
    source: Option<String>,
    order_number: Option<String>,
    sku: Option<String>,
    subscription_id: Option<String>,
    pak: Option<String>,
    product_serial: Option<String>,
    product_family: Option<String>,
    device_details: Option<String>,
    factory: Option<Factory>,
}

/// The device that the order is shipped in (A-RSV-09).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Factory {
    pid: String,
    serial: String,
    product: Option<String>,
}

impl From<Factory> for FactoryDevice {
    fn from(factory: Factory) -> Self {
        let (pid, serial) = (Some(factory.pid), Some(factory.serial));
        Self { udi: Udi { pid, serial, ..Udi::default() }, product: factory.product }
    }
}

impl Body {
    fn order(self) -> domain::Result<Order> {
        let license_type = LicenseType::parse(&self.license_type).ok_or_else(|| {
            let known = LicenseType::ALL.map(LicenseType::name).join(", ");
            let problem = format!("{} is none of {known}", self.license_type);
            domain::Error::invalid("license_type", problem)
        })?;
        Ok(Order {
            license_type,
            origin: self.origin()?,
            smart_account: self.smart_account,
            virtual_account: self.virtual_account,
            license: self.license,
            quantity: self.quantity,
            starts: self.starts,
            ends: self.ends,
            pending: self.pending,
            enterprise_agreement: self.enterprise_agreement,
            portable: self.portable.unwrap_or(true),
            factory: self.factory.map(FactoryDevice::from),
        })
    }

    fn origin(&self) -> domain::Result<Origin> {
        let source = match &self.source {
            None => Source::default(),
            Some(text) => Source::parse(text).ok_or_else(|| {
                let known = Source::ALL.map(Source::code).join(", ");
                domain::Error::invalid("source", format!("{text} is none of {known}"))
            })?,
        };
        Ok(Origin {
            source,
            order_number: self.order_number.clone(),
            sku: self.sku.clone(),
            subscription_id: self.subscription_id.clone(),
            pak: self.pak.clone(),
            product_serial: self.product_serial.clone(),
            family: self.product_family.clone(),
            device_details: self.device_details.clone(),
            upstream: None,
        })
    }
}

/// Places an order: the licenses land in the named virtual account, or in the default one.
#[post("/orders")]
async fn place(LabSite(engine): LabSite, body: Json<Body>) -> Result<HttpResponse, Problem> {
    let line = engine.place_order(body.into_inner().order()?).await?;
    Ok(HttpResponse::Created().json(told(&line)))
}

/// Provisions a pending line.
#[post("/orders/{line}/provision")]
async fn provision(LabSite(engine): LabSite, line: Path<String>) -> Result<HttpResponse, Problem> {
    let line = engine.provision_line(id(&line)?).await?;
    Ok(HttpResponse::Ok().json(told(&line)))
}

/// Cancels a line.
#[post("/orders/{line}/cancel")]
async fn cancel(LabSite(engine): LabSite, line: Path<String>) -> Result<HttpResponse, Problem> {
    let line = engine.cancel_line(id(&line)?).await?;
    Ok(HttpResponse::Ok().json(told(&line)))
}

fn id(text: &str) -> domain::Result<LineId> {
    text.parse().map_err(|_| domain::Error::not_found("license line", text))
}

fn told(line: &Line) -> Value {
    json!({"line":line.id,"quantity":line.quantity,"booking":line.booking.code()})
}
