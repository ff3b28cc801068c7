//! The hub, stored: organizations, the roles of their people, their logs, what waits for the clock.

pub mod deadlines;
pub mod events;
pub mod organizations;
pub mod roles;
