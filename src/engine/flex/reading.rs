//! The usage report of one customer (F-FU-03, F-FU-04, F-FU-11).

use super::collecting::{SubscriptionUsage, collect};
use crate::db;
use crate::domain::flex::{Range, Timeline};
use crate::domain::hub::Permission;
use crate::engine::access::Who;
use crate::engine::hub::Desk;
use crate::engine::{Engine, Result};

/// What a customer has bought and uses.
#[derive(Clone, Debug)]
pub struct CustomerUsage {
    /// The caller there.
    pub desk: Desk,
    /// The days.
    pub range: Range,
    /// Each subscription, in the order in which they were placed.
    pub subscriptions: Vec<SubscriptionUsage>,
    /// Clusters that wait for their verification.
    pub waiting: usize,
}

impl Engine {
    /// The report of a customer.
    pub async fn flex_usage(
        &self,
        who: &Who,
        customer: &str,
        timeline: Timeline,
    ) -> Result<CustomerUsage> {
        self.usage_for(who, customer, (timeline, Permission::ViewUsage)).await
    }

    /// The same, to be downloaded.
    pub async fn flex_usage_to_download(
        &self,
        who: &Who,
        customer: &str,
        timeline: Timeline,
    ) -> Result<CustomerUsage> {
        self.usage_for(who, customer, (timeline, Permission::DownloadUsage)).await
    }

    async fn usage_for(
        &self,
        who: &Who,
        customer: &str,
        (timeline, permission): (Timeline, Permission),
    ) -> Result<CustomerUsage> {
        self.read_hub(who, customer, move |conn, desk, now| {
            desk.require(permission)?;
            let range = timeline.range(now.date())?;
            let customer = [desk.organization.id];
            let subscriptions = db::flex::subscriptions::of(conn, &customer)?;
            let clusters = db::flex::clusters::of(conn, &customer)?;
            let waiting = clusters.iter().filter(|one| one.verified_at.is_none()).count();
            let found = collect(conn, subscriptions, clusters, (range, now))?;
            Ok(CustomerUsage { desk, range, subscriptions: found.subscriptions, waiting })
        })
        .await
    }
}
