//! The integration tests: one binary, one file for each area.
//!
//! Every test starts the real server on free ports with its own database and a clock that
//! stands still. `docs/TESTING.md` tells how to run and write them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to stop, with the line"
)]

mod active_users;
mod agents;
mod chromium;
mod clients;
mod clock;
mod crash;
mod crash_sync;
mod deadlines;
mod devices;
mod facade;
mod fleet;
mod flex_usage;
mod hub;
mod migrations;
mod on_prem;
mod on_prems;
mod parsers;
mod portal;
mod properties;
mod rest;
mod restarts;
mod scenarios;
mod strangers;
mod support;
mod transports;
mod two_processes;
mod worlds;
