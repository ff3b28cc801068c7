//! From daily snapshots to reports: of one customer, or of many.

use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::flex::{Cluster, Counts, Range, Report, Series, Subscription, Tally};
use crate::engine::Result;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What a cluster used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterUsage {
    /// The cluster.
    pub cluster: Cluster,
    /// What its days come to.
    pub tally: Tally,
}

/// What was used of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionUsage {
    /// The subscription.
    pub subscription: Subscription,
    /// Whether it is active (F-FU-17).
    pub active: bool,
    /// The report.
    pub report: Report,
    /// The days that were reported, all clusters together.
    pub days: Vec<(NaiveDate, Counts)>,
    /// Its clusters.
    pub clusters: Vec<ClusterUsage>,
}

/// What subscriptions and clusters come to.
pub(super) struct Collected {
    /// In the order of the subscriptions.
    pub(super) subscriptions: Vec<SubscriptionUsage>,
    /// Clusters that use none yet.
    pub(super) others: Vec<ClusterUsage>,
}

/// Reads the days of all clusters, each row once, and adds them up.
pub(super) fn collect(
    conn: &mut Conn,
    subscriptions: Vec<Subscription>,
    clusters: Vec<Cluster>,
    (range, now): (Range, Timestamp),
) -> Result<Collected> {
    let numbers: Vec<i64> = clusters
        .iter()
        .filter(|one| one.subscription.is_some() && one.verified_at.is_some())
        .map(|one| one.number)
        .collect();
    let mut gathered = Gathered::over(&subscriptions, clusters, range);
    for day in db::flex::days::within(conn, &numbers, range)? {
        gathered.add(day.cluster, day.day, day.counts);
    }
    Ok(gathered.reports(subscriptions, now))
}

/// Sums while rows are read.
struct Gathered {
    /// Of each subscription, in order.
    series: Vec<Series>,
    clusters: Vec<ClusterUsage>,
    /// A cluster's number to its place, and to that of its subscription.
    places: HashMap<i64, (usize, usize)>,
}

impl Gathered {
    fn over(subscriptions: &[Subscription], clusters: Vec<Cluster>, range: Range) -> Self {
        let order: HashMap<i64, usize> =
            subscriptions.iter().enumerate().map(|(place, one)| (one.number, place)).collect();
        let place = |(at, cluster): (usize, &Cluster)| {
            let of = cluster.subscription.and_then(|number| order.get(&number))?;
            Some((cluster.number, (at, *of)))
        };
        Self {
            series: subscriptions.iter().map(|_| Series::over(range)).collect(),
            places: clusters.iter().enumerate().filter_map(place).collect(),
            clusters: clusters
                .into_iter()
                .map(|cluster| ClusterUsage { cluster, tally: Tally::default() })
                .collect(),
        }
    }

    fn add(&mut self, cluster: i64, day: NaiveDate, counts: Counts) {
        let Some((at, of)) = self.places.get(&cluster) else { return };
        if let Some(series) = self.series.get_mut(*of) {
            series.add(day, counts);
        }
        if let Some(one) = self.clusters.get_mut(*at) {
            one.tally = one.tally.merge(Tally::of(day, counts));
        }
    }

    fn reports(self, subscriptions: Vec<Subscription>, now: Timestamp) -> Collected {
        let mut of_subscription: HashMap<i64, Vec<ClusterUsage>> = HashMap::new();
        let mut others = Vec::new();
        for one in self.clusters {
            match one.cluster.subscription {
                Some(number) => of_subscription.entry(number).or_default().push(one),
                None => others.push(one),
            }
        }
        let report = |(subscription, series): (Subscription, Series)| SubscriptionUsage {
            active: subscription.is_active(now.date()),
            report: Report::of(subscription.model, &subscription.purchased, &series.tally()),
            days: series.reported().collect(),
            clusters: of_subscription.remove(&subscription.number).unwrap_or_default(),
            subscription,
        };
        let subscriptions = subscriptions.into_iter().zip(self.series).map(report).collect();
        Collected { subscriptions, others }
    }
}
