//! The faces of one simulated product: the JSON of Cisco Modeling Labs, and pages after
//! Webex Meetings Server.
//!
//! A layer beside the web of the sites, with a server of its own: it shows a product
//! ([`crate::device`]) and looks like the portal because it takes stylesheet and small display
//! values from [`crate::web::pages`]. It knows no engine and no database.

pub mod api;
pub mod faults;
pub mod gate;
pub mod hosts;
pub mod licenses;
pub mod pages;
pub mod serve;
pub mod transport;
pub mod visit;
pub mod words;

use crate::device::live::Live;
use crate::device::profile::Style;
use crate::device::state::State;
use crate::domain::host::Server;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use gate::Gate;

/// The server of a product to which nobody has told another: CSSM of a lab on this machine (ours).
pub const DEFAULT_URL: &str = "http://127.0.0.1:8080/licservice/license";

/// What both faces show.
pub struct Facade {
    /// The product.
    pub live: Live,
    /// Who may look.
    pub gate: Gate,
    /// Where the product talks to unless told otherwise: `default_ssms`.
    pub default_url: String,
    /// The port that is served, part of cookie names: browsers do not tell ports apart.
    pub port: u16,
}

/// Why nothing but licensing works, and where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlyLicensing {
    /// A sentence.
    pub why: String,
    /// The page on which it can be mended.
    pub page: &'static str,
}

/// Whether nothing but licensing works: neither registered nor reserved, and no evaluation left.
// Seed 003, Deregister (DOC): "If the evaluation period is expired, the only available system
// functionality is to register licenses."
pub fn only_licensing(state: &State, now: Timestamp) -> Option<OnlyLicensing> {
    if let Some(server) = &state.hosts {
        let page = if server.is_smart() { visit::LICENSING } else { visit::HOST_LICENSES };
        return server.closed().map(|closed| OnlyLicensing { why: closed.to_string(), page });
    }
    let over = state.unlicensed() && state.evaluation_left(now) <= TimeDelta::zero();
    let why = || visit::ONLY_LICENSING.to_owned();
    over.then(|| OnlyLicensing { why: why(), page: visit::LICENSING })
}

/// Whether Smart Licensing is something for this product: releases before 4.0 of a meetings
/// server have their licenses installed.
pub fn is_smart(state: &State) -> bool {
    state.hosts.as_ref().is_none_or(Server::is_smart)
}

/// What the licenses of such a product are counted by.
pub fn counts_hosts(state: &State) -> bool {
    state.profile.style == Style::Webex
}
