//! What holds whatever happens: random worlds, random sequences.

mod belief;
mod conservation;
mod convergence;
pub mod dump;
mod mirrors;
mod races;
mod reservation_model;
mod reservations;
mod responses;
mod same_device;
mod steps;
