//! The Flex usage report: of one customer, and of all customers of a partner.

pub mod aggregate;
pub mod chart;
pub mod clusters;
pub mod custom;
pub mod customer;
pub mod customers;
pub mod figures;
pub mod words;

use crate::domain;
use crate::domain::flex::Timeline;
use crate::domain::hub::OrganizationKind;
use crate::web::pages::ask::{Ask, Failure, Fields, act};
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get};
use words::UsageWords;

/// Days on offer beside today (ours, within the 7 to 90 days that are documented).
const OFFERED: [i64; 5] = [7, 14, 30, 60, 90];

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes
        .route("/partner/customers", get().to(to_customers))
        .route("/partner/customer-license-usage", get().to(to_usage))
        .route("/hub/{key}/ucm-cloud", get().to(customer::report))
        .route("/hub/{key}/ucm-cloud/report.xlsx", get().to(customer::download))
        .route("/hub/{key}/ucm-cloud/clusters", get().to(clusters::list))
        .route("/hub/{key}/customers", get().to(customers::list))
        .route("/hub/{key}/customers/{customer}", get().to(customers::panel))
        .route("/hub/{key}/customer-license-usage", get().to(aggregate::list))
        .route("/hub/{key}/customer-license-usage/custom", get().to(custom::form))
        .route("/hub/{key}/customer-license-usage/report.xlsx", get().to(custom::download));
}

/// The customers of the caller's partner.
async fn to_customers(ask: Ask) -> HttpResponse {
    act(&ask, to_partner(&ask, "customers")).await
}

/// The use of the customers of the caller's partner.
async fn to_usage(ask: Ask) -> HttpResponse {
    act(&ask, to_partner(&ask, "customer-license-usage")).await
}

/// Leads to a page of the first partner at which the caller has something to do.
async fn to_partner(ask: &Ask, page: &str) -> Result<HttpResponse, Failure> {
    let places = ask.engine().hub_places(&ask.visit.who).await?;
    let partner = places
        .iter()
        .map(|place| &place.organization)
        .find(|of| of.kind == OrganizationKind::Partner)
        .ok_or_else(|| domain::Error::not_found("partner", "for you"))?;
    Ok(ask.go(&format!("{}/{page}", super::frame::base(&partner.key))))
}

/// The days that the address asks for.
fn timeline(query: &Fields) -> domain::Result<Timeline> {
    let field = |name| query.get(name).trim();
    Timeline::parse(field("timeline"), field("from"), field("to"), field("month"))
}

/// What the filter of days offers; the present choice is among it.
fn timelines(words: &UsageWords, chosen: Timeline) -> Vec<Choice> {
    let mut all = vec![Choice::new("today", words.today, chosen == Timeline::Today)];
    let mut days = OFFERED.to_vec();
    if let Timeline::Last(other) = chosen
        && !days.contains(&other)
    {
        days.push(other);
        days.sort_unstable();
    }
    all.extend(days.into_iter().map(|days| {
        let text = format!("{days} {}", words.days);
        Choice::new(days.to_string(), text, chosen == Timeline::Last(days))
    }));
    all
}
