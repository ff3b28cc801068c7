//! Clusters of a customer: registered or found, verified, and what they use (F-FU-16).

use super::collecting::{ClusterUsage, collect};
use super::{next_cluster, next_publisher};
use crate::crypto::secret::digest;
use crate::db::{self, Conn};
use crate::domain::flex::{
    Cluster, NewCluster, Publisher, Range, Subscription, Timeline, next_sync,
};
use crate::domain::hub::{Due, HubEventKind as Kind, Permission};
use crate::domain::id::OrganizationId;
use crate::domain::{Error, Timestamp};
use crate::engine::access::Who;
use crate::engine::hub::Desk;
use crate::engine::{Engine, Result};

/// A cluster as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterRow {
    /// The cluster, and what it used.
    pub usage: ClusterUsage,
    /// The subscription that it uses; whose model has the columns.
    pub subscription: Option<Subscription>,
}

/// The clusters of a customer.
#[derive(Clone, Debug)]
pub struct ClusterList {
    /// The caller there.
    pub desk: Desk,
    /// The days.
    pub range: Range,
    /// The clusters, in the order in which they became known.
    pub rows: Vec<ClusterRow>,
}

impl Engine {
    /// Registers a cluster; answers it with the secret of its agent, which is told once.
    pub async fn register_flex_cluster(
        &self,
        who: &Who,
        customer: &str,
        new: NewCluster,
    ) -> Result<(Cluster, String)> {
        let engine = self.clone();
        self.write_hub(who, customer, move |conn, desk, now| {
            desk.require(Permission::ManageOrders)?;
            let new = new.check()?;
            is_free(conn, &desk, &new.name)?;
            let secret = engine.ids().secret();
            let mut one = cluster(next_cluster(conn)?, desk.organization.id, new, now);
            one.secret = Some(digest(&secret));
            db::flex::clusters::insert(conn, &one)?;
            let text = format!("Cluster {} ({}) was registered.", one.name, one.publisher);
            desk.note(&engine, conn, (Kind::ClusterRegistered, text), now)?;
            Ok((one, secret))
        })
        .await
    }

    /// Another secret for a cluster's agent; the one before is worth nothing any more.
    pub async fn renew_flex_secret(
        &self,
        who: &Who,
        customer: &str,
        number: i64,
    ) -> Result<(Cluster, String)> {
        let engine = self.clone();
        self.write_hub(who, customer, move |conn, desk, now| {
            let mut one = own(conn, &desk, number)?;
            let secret = engine.ids().secret();
            one.secret = Some(digest(&secret));
            db::flex::clusters::save(conn, &one)?;
            let text = format!("The agent of cluster {} has a new secret.", one.name);
            desk.note(&engine, conn, (Kind::AgentSecret, text), now)?;
            Ok((one, secret))
        })
        .await
    }

    /// Verifies a cluster for an order: its agent hears the order, and collecting begins. The order
    /// may be left out where the customer has one only.
    pub async fn verify_flex_cluster(
        &self,
        who: &Who,
        customer: &str,
        (number, order): (i64, Option<String>),
    ) -> Result<Cluster> {
        let engine = self.clone();
        self.write_hub(who, customer, move |conn, desk, now| {
            let mut one = own(conn, &desk, number)?;
            if one.verified_at.is_some() {
                let text = format!("Cluster {} is verified already.", one.name);
                return Err(Error::Conflict(text).into());
            }
            let subscription = ordered(conn, &desk, order.as_deref(), now)?;
            one.subscription = Some(subscription.number);
            one.verified_at = Some(now);
            db::flex::clusters::save(conn, &one)?;
            let id = &subscription.subscription_id;
            let text = format!("Cluster {} was verified for {id}; collecting begins.", one.name);
            desk.note(&engine, conn, (Kind::ClusterVerified, text), now)?;
            Ok(one)
        })
        .await
    }

    /// Installs a publisher for a customer; the next daily look sees it.
    pub async fn install_publisher(
        &self,
        who: &Who,
        customer: &str,
        new: NewCluster,
    ) -> Result<(Publisher, Timestamp)> {
        self.write_hub(who, customer, move |conn, desk, now| {
            desk.require(Permission::ManageOrders)?;
            let is = new.check()?;
            is_free(conn, &desk, &is.name)?;
            let (number, organization) = (next_publisher(conn)?, desk.organization.id);
            let one = Publisher {
                number,
                organization,
                is,
                added_at: now,
                looked_at: None,
                cluster: None,
            };
            db::flex::publishers::insert(conn, &one)?;
            let due = next_sync(now);
            db::hub::deadlines::set(conn, Due::PublisherLook, organization.0, Some(due))?;
            Ok((one, due))
        })
        .await
    }

    /// The clusters of a customer with their use.
    pub async fn flex_clusters(
        &self,
        who: &Who,
        customer: &str,
        timeline: Timeline,
    ) -> Result<ClusterList> {
        self.read_hub(who, customer, move |conn, desk, now| {
            desk.require(Permission::ViewClusters)?;
            let range = timeline.range(now.date())?;
            let customer = [desk.organization.id];
            let subscriptions = db::flex::subscriptions::of(conn, &customer)?;
            let clusters = db::flex::clusters::of(conn, &customer)?;
            let found = collect(conn, subscriptions.clone(), clusters, (range, now))?;
            let row = |usage: ClusterUsage| {
                let wanted = usage.cluster.subscription;
                let of = subscriptions.iter().find(|one| Some(one.number) == wanted).cloned();
                ClusterRow { usage, subscription: of }
            };
            let used = found.subscriptions.into_iter().flat_map(|one| one.clusters);
            let mut rows: Vec<_> = used.chain(found.others).map(row).collect();
            rows.sort_by_key(|row| row.usage.cluster.number);
            Ok(ClusterList { desk, range, rows })
        })
        .await
    }
}

/// A cluster that nobody has verified.
pub(super) fn cluster(
    number: i64,
    organization: OrganizationId,
    new: NewCluster,
    now: Timestamp,
) -> Cluster {
    let NewCluster { name, region, version, publisher } = new;
    Cluster {
        number,
        organization,
        subscription: None,
        name,
        region,
        version,
        publisher,
        added_at: now,
        found: false,
        verified_at: None,
        secret: None,
    }
}

fn is_free(conn: &mut Conn, desk: &Desk, name: &str) -> Result<()> {
    if db::flex::clusters::named(conn, desk.organization.id, name)?.is_some() {
        let text = format!("{} has a cluster {name} already.", desk.organization.name);
        return Err(Error::Conflict(text).into());
    }
    Ok(())
}

/// A cluster of the customer, for somebody who may change it.
fn own(conn: &mut Conn, desk: &Desk, number: i64) -> Result<Cluster> {
    desk.require(Permission::ManageOrders)?;
    let found = db::flex::clusters::find(conn, number)?
        .filter(|one| one.organization == desk.organization.id);
    Ok(found.ok_or_else(|| Error::not_found("cluster", number.to_string()))?)
}

/// The subscription of an order, or the only one that is active.
fn ordered(
    conn: &mut Conn,
    desk: &Desk,
    order: Option<&str>,
    now: Timestamp,
) -> Result<Subscription> {
    let mut active = db::flex::subscriptions::of(conn, &[desk.organization.id])?;
    active.retain(|one| one.is_active(now.date()));
    if let Some(order) = order {
        let problem = || format!("'{order}' is no active order of {}", desk.organization.name);
        let found = active.into_iter().find(|one| one.order_id == order);
        return Ok(found.ok_or_else(|| Error::invalid("order_id", problem()))?);
    }
    match (active.pop(), active.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(Error::invalid("order_id", "several are active; name one").into()),
        (None, _) => {
            let text = format!("{} has no active subscription.", desk.organization.name);
            Err(Error::Conflict(text).into())
        }
    }
}
