//! The use of all customers of a partner (F-FU-14).

use super::collecting::{SubscriptionUsage, collect};
use crate::db::{self, Conn};
use crate::domain::flex::{Model, Range, Timeline};
use crate::domain::hub::{Organization, Permission};
use crate::domain::id::OrganizationId;
use crate::domain::{Error, Timestamp};
use crate::engine::access::Who;
use crate::engine::hub::PartnerDesk;
use crate::engine::{Engine, Result};
use std::collections::HashMap;

/// Which customers, and which days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AggregateQuery {
    /// The license module; all of them unless given.
    pub model: Option<Model>,
    /// A part of the name or of the subscription's identifier; empty for all.
    pub search: String,
    /// Only what is used beyond what was bought (FU-9).
    pub overage: bool,
    /// The days.
    pub timeline: Timeline,
    /// Keys of customers; none for all.
    pub customers: Vec<String>,
}

/// One subscription of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateRow {
    /// The customer.
    pub customer: Organization,
    /// What was bought and used.
    pub usage: SubscriptionUsage,
}

/// The use of all customers.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// The caller at the partner.
    pub desk: PartnerDesk,
    /// The days.
    pub range: Range,
    /// The subscriptions, by the customer's name.
    pub rows: Vec<AggregateRow>,
}

impl Engine {
    /// The use of a partner's customers, to be looked at.
    pub async fn flex_aggregate(
        &self,
        who: &Who,
        partner: &str,
        query: AggregateQuery,
    ) -> Result<Aggregate> {
        self.aggregate_for(who, partner, (query, Permission::ViewAggregate)).await
    }

    /// The Custom report: the same, to be downloaded.
    pub async fn flex_custom_report(
        &self,
        who: &Who,
        partner: &str,
        query: AggregateQuery,
    ) -> Result<Aggregate> {
        self.aggregate_for(who, partner, (query, Permission::DownloadAggregate)).await
    }

    async fn aggregate_for(
        &self,
        who: &Who,
        partner: &str,
        (query, permission): (AggregateQuery, Permission),
    ) -> Result<Aggregate> {
        self.read_partner(who, partner, move |conn, desk, now| {
            desk.desk.require(permission)?;
            let range = query.timeline.range(now.date())?;
            let rows = rows(conn, &desk, &query, (range, now))?;
            Ok(Aggregate { desk, range, rows })
        })
        .await
    }
}

fn rows(
    conn: &mut Conn,
    desk: &PartnerDesk,
    query: &AggregateQuery,
    when: (Range, Timestamp),
) -> Result<Vec<AggregateRow>> {
    let chosen = chosen(desk, &query.customers)?;
    let names: HashMap<OrganizationId, (usize, &Organization)> =
        chosen.iter().enumerate().map(|(place, of)| (of.id, (place, *of))).collect();
    let ids: Vec<OrganizationId> = chosen.iter().map(|of| of.id).collect();
    let mut subscriptions = db::flex::subscriptions::of(conn, &ids)?;
    let wanted = query.search.trim().to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&wanted);
    subscriptions.retain(|one| {
        let name = names.get(&one.organization).map_or("", |(_, of)| of.name.as_str());
        query.model.is_none_or(|model| model == one.model)
            && (fits(name) || fits(&one.subscription_id))
    });
    let mut clusters = db::flex::clusters::of(conn, &ids)?;
    let numbers: Vec<i64> = subscriptions.iter().map(|one| one.number).collect();
    clusters.retain(|one| one.subscription.is_some_and(|of| numbers.binary_search(&of).is_ok()));
    let found = collect(conn, subscriptions, clusters, when)?;
    let row = |usage: SubscriptionUsage| {
        let (place, of) = names.get(&usage.subscription.organization)?;
        Some((*place, AggregateRow { customer: (*of).clone(), usage }))
    };
    let mut rows: Vec<_> = found.subscriptions.into_iter().filter_map(row).collect();
    rows.retain(|(_, row)| !query.overage || !row.usage.report.is_compliant());
    rows.sort_by_key(|(place, row)| (*place, row.usage.subscription.number));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// The customers that are named, or all.
fn chosen<'a>(desk: &'a PartnerDesk, keys: &[String]) -> Result<Vec<&'a Organization>> {
    if keys.is_empty() {
        return Ok(desk.customers.iter().collect());
    }
    for key in keys {
        if !desk.customers.iter().any(|of| of.key == *key) {
            let problem = format!("{} has no customer '{key}'", desk.desk.organization.name);
            return Err(Error::invalid("customer", problem).into());
        }
    }
    Ok(desk.customers.iter().filter(|of| keys.contains(&of.key)).collect())
}
