//! Flex usage: orders, clusters and their agents, and the reports.

mod agents;
mod aggregate;
mod clusters;
mod collecting;
mod customers;
mod looking;
mod orders;
mod reading;

pub use agents::{Assignment, Taken};
pub use aggregate::{Aggregate, AggregateQuery, AggregateRow};
pub use clusters::{ClusterList, ClusterRow};
pub use collecting::{ClusterUsage, SubscriptionUsage};
pub use customers::{CustomerCard, CustomerList, Provisioning};
pub use reading::CustomerUsage;

/// Counts subscriptions, clusters and publishers.
const NUMBERS: [&str; 3] = ["flex_subscription", "flex_cluster", "flex_publisher"];

use crate::db::{self, Conn};
use crate::engine::Result;

fn next_subscription(conn: &mut Conn) -> Result<i64> {
    let [name, ..] = NUMBERS;
    Ok(db::keys::next_number(conn, name, 1)?)
}

fn next_cluster(conn: &mut Conn) -> Result<i64> {
    let [_, name, _] = NUMBERS;
    Ok(db::keys::next_number(conn, name, 1)?)
}

fn next_publisher(conn: &mut Conn) -> Result<i64> {
    let [.., name] = NUMBERS;
    Ok(db::keys::next_number(conn, name, 1)?)
}
