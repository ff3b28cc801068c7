//! The Flex usage report of Unified CM Cloud: what customers bought, and what their clusters use.

mod classify;
mod cluster;
mod counts;
mod model;
mod report;
mod subscription;
mod timeline;

pub use classify::{Classified, DayUse, Device, DeviceKind, Person};
pub use cluster::{Cluster, NewCluster, Publisher, next_sync};
pub use counts::{Counts, LARGEST};
pub use model::{FlexType, Model};
pub use report::{Average, Report, Series, Tally, TypeUsage};
pub use subscription::{NewSubscription, Subscription};
pub use timeline::{MOST_DAYS, Range, Timeline};

use super::error::{Error, Result};

/// The longest name, in characters (ours).
const LONGEST: usize = 100;

/// A name as it is kept; fails when it is none.
fn named(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if !(1..=LONGEST).contains(&text.chars().count()) {
        return Err(Error::invalid(field, format!("has to be of 1 to {LONGEST} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "holds a character that cannot be printed"));
    }
    Ok(text.to_owned())
}
