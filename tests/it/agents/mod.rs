//! The device protocol, message by message, against the whole server.

mod export_keys;
mod fuzz;
mod groups;
mod registering;
mod transports;
mod vouchers;

use crate::support::agent::{Agent, SMART_TRANSPORT};
use crate::support::app::TestApp;

/// An agent of Smart Transport.
fn agent(app: &TestApp, serial: &str) -> Agent {
    Agent::new(&app.url(), SMART_TRANSPORT, serial, &app.running.clock)
}
