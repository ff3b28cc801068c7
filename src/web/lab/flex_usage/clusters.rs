//! Clusters: registered, verified, found.

use super::{cluster, counts, number};
use crate::domain::flex::{NewCluster, Timeline};
use crate::engine::ClusterRow;
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::json;

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes.service(register).service(list).service(verify).service(renew).service(install);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    region: String,
    version: String,
    publisher: String,
}

impl From<Body> for NewCluster {
    fn from(body: Body) -> Self {
        let Body { name, region, version, publisher } = body;
        Self { name, region, version, publisher }
    }
}

/// Registers a cluster; the secret of its agent is told here only.
#[post("/flex/customers/{key}/clusters")]
async fn register(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    body: Json<Body>,
) -> Result<HttpResponse, Problem> {
    let new = body.into_inner().into();
    let (one, secret) = engine.register_flex_cluster(&who, &key, new).await?;
    Ok(HttpResponse::Created().json(json!({"cluster":cluster(&one),"secret":secret})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The clusters of a customer with the use of the present day.
#[get("/flex/customers/{key}/clusters")]
async fn list(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    _: Query<Nothing>,
) -> Result<HttpResponse, Problem> {
    let found = engine.flex_clusters(&who, &key, Timeline::Today).await?;
    let row = |row: &ClusterRow| {
        let used = row.subscription.as_ref().zip(row.usage.tally.last);
        let used = used.map(|(of, (_, used))| counts(of.model, &used));
        let of = row.subscription.as_ref().map(|of| of.subscription_id.clone());
        json!({"cluster":cluster(&row.usage.cluster),"subscription_id":of,"today":used})
    };
    let rows: Vec<_> = found.rows.iter().map(row).collect();
    Ok(HttpResponse::Ok().json(json!({"clusters":rows})))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verify {
    order_id: Option<String>,
}

/// Verifies a cluster; collecting begins.
#[post("/flex/customers/{key}/clusters/{number}/verify")]
async fn verify(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    path: Path<(String, String)>,
    body: Option<Json<Verify>>,
) -> Result<HttpResponse, Problem> {
    let (key, text) = path.into_inner();
    let order = body.map(Json::into_inner).unwrap_or_default().order_id;
    let one = engine.verify_flex_cluster(&who, &key, (number(&text)?, order)).await?;
    Ok(HttpResponse::Ok().json(json!({"cluster":cluster(&one)})))
}

/// Another secret for the agent of a cluster.
#[post("/flex/customers/{key}/clusters/{number}/secret")]
async fn renew(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (key, text) = path.into_inner();
    let (one, secret) = engine.renew_flex_secret(&who, &key, number(&text)?).await?;
    Ok(HttpResponse::Created().json(json!({"cluster":cluster(&one),"secret":secret})))
}

/// Installs a publisher; the next daily look finds it if it is of release 12.x.
#[post("/flex/customers/{key}/publishers")]
async fn install(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    body: Json<Body>,
) -> Result<HttpResponse, Problem> {
    let new = body.into_inner().into();
    let (one, look) = engine.install_publisher(&who, &key, new).await?;
    let told = json!({"publisher":one.is.publisher,"name":one.is.name,"looked_for_at":look.iso()});
    Ok(HttpResponse::Created().json(told))
}
