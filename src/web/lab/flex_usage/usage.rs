//! The report, for programs.

use super::{cluster, counts};
use crate::domain;
use crate::domain::flex::{Model, Range, Timeline, TypeUsage};
use crate::engine::{
    Aggregate, AggregateQuery, AggregateRow, ClusterUsage, CustomerUsage, SubscriptionUsage,
};
use crate::web::error::Problem;
use crate::web::extract::{LabCaller, LabSite};
use crate::web::pages::chrome::Lang;
use crate::web::workbook::{self, Book};
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes.service(of_customer).service(customer_file).service(of_partner).service(partner_file);
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    timeline: String,
    from: String,
    to: String,
    month: String,
}

impl Wanted {
    fn timeline(&self) -> domain::Result<Timeline> {
        Timeline::parse(&self.timeline, &self.from, &self.to, &self.month)
    }
}

/// The report of a customer.
#[get("/flex/customers/{key}/usage")]
async fn of_customer(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let found = engine.flex_usage(&who, &key, wanted.timeline()?).await?;
    Ok(HttpResponse::Ok().json(customer(&found)))
}

/// The same as a workbook.
#[get("/flex/customers/{key}/usage.xlsx")]
async fn customer_file(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let found = engine.flex_usage_to_download(&who, &key, wanted.timeline()?).await?;
    Ok(workbook::file(Book::of_customer(found, Lang::En, engine.now())).await?)
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct All {
    timeline: String,
    from: String,
    to: String,
    month: String,
    model: String,
    search: String,
    overage: bool,
    customers: String,
}

impl All {
    fn query(&self) -> domain::Result<AggregateQuery> {
        let wanted = Some(self.model.as_str()).filter(|text| !text.is_empty());
        let keys = self.customers.split(',').filter(|key| !key.is_empty());
        Ok(AggregateQuery {
            model: wanted.map(|text| Model::of("model", text)).transpose()?,
            search: self.search.clone(),
            overage: self.overage,
            timeline: Timeline::parse(&self.timeline, &self.from, &self.to, &self.month)?,
            customers: keys.map(str::to_owned).collect(),
        })
    }
}

/// The report of all customers of a partner.
#[get("/flex/partners/{key}/usage")]
async fn of_partner(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    wanted: Query<All>,
) -> Result<HttpResponse, Problem> {
    let found = engine.flex_aggregate(&who, &key, wanted.query()?).await?;
    Ok(HttpResponse::Ok().json(partner(&found)))
}

/// The Custom report as a workbook.
#[get("/flex/partners/{key}/usage.xlsx")]
async fn partner_file(
    LabSite(engine): LabSite,
    LabCaller(who): LabCaller,
    key: Path<String>,
    wanted: Query<All>,
) -> Result<HttpResponse, Problem> {
    let found = engine.flex_custom_report(&who, &key, wanted.query()?).await?;
    Ok(workbook::file(Book::of_partner(found, Lang::En, engine.now())).await?)
}

fn customer(found: &CustomerUsage) -> Value {
    let all: Vec<_> = found.subscriptions.iter().map(subscription).collect();
    let Range { from, to } = found.range;
    json!({"customer":found.desk.organization.key,"from":from,"to":to,"subscriptions":all,
           "clusters_not_verified":found.waiting})
}

fn partner(found: &Aggregate) -> Value {
    let row = |row: &AggregateRow| {
        let (of, usage) = (&row.customer, subscription(&row.usage));
        json!({"customer":of.key,"name":of.name,"subscription":usage})
    };
    let rows: Vec<_> = found.rows.iter().map(row).collect();
    let Range { from, to } = found.range;
    json!({"partner":found.desk.desk.organization.key,"from":from,"to":to,"rows":rows})
}

fn subscription(usage: &SubscriptionUsage) -> Value {
    let (of, report) = (&usage.subscription, &usage.report);
    let clusters: Vec<_> = usage.clusters.iter().map(|one| used(usage, one)).collect();
    json!({
        "subscription_id":of.subscription_id,
        "order_id":of.order_id,
        "model":of.model.code(),
        "active":usage.active,
        "collected":report.is_collected(),
        "days":report.days,
        "last_day":report.last_day,
        "purchased":report.purchased(),
        "consumed":report.consumed(),
        "overage":report.overage(),
        "compliant":report.is_compliant(),
        "overage_with_substitution":report.overage_with_substitution(),
        "types":report.types.iter().map(kind).collect::<Vec<_>>(),
        "clusters":clusters,
    })
}

fn kind(row: &TypeUsage) -> Value {
    json!({"type":row.kind.code(),"purchased":row.purchased,"consumed":row.consumed,
           "average":row.average.to_string(),"last":row.last,"overage":row.overage(),
           "compliant":row.is_compliant()})
}

fn used(of: &SubscriptionUsage, one: &ClusterUsage) -> Value {
    json!({"cluster":cluster(&one.cluster),"days":one.tally.days,
           "peak":counts(of.subscription.model, &one.tally.peak)})
}
