//! Flex usage, stored: subscriptions, clusters, publishers, and the use of each day.

pub mod clusters;
pub mod days;
pub mod publishers;
pub mod subscriptions;
