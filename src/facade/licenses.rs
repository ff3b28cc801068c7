//! The licenses of a product: those of its kind, then whatever else is in use.

use super::faults::Fault;
use super::words;
use crate::device::machine::version_of;
use crate::device::state::State;
use crate::domain::time::Timestamp;
use crate::protocol::fields::MAX_COUNT;
use crate::web::pages::view::Badge;

/// One license of the product.
#[derive(Clone, Debug)]
pub struct License {
    /// The entitlement tag.
    pub tag: String,
    /// The server's name for it, else the product's own.
    pub name: String,
    /// A longer text.
    pub description: String,
    /// Version of the entitlement.
    pub version: String,
    /// How many are in use.
    pub in_use: u64,
    /// Its state in the words of Cisco Modeling Labs.
    pub code: &'static str,
    /// Its state for people.
    pub badge: Badge,
}

/// All of them.
pub fn all(state: &State, now: Timestamp) -> Vec<License> {
    let known = state.profile.licenses.iter();
    let listed = known.map(|feature| {
        let title = feature.title.as_str();
        license(state, now, &feature.tag, title, &feature.description)
    });
    let is_listed = |tag: &str| state.profile.feature(tag).is_some();
    let others = state.usage.keys().filter(|tag| !is_listed(tag));
    listed.chain(others.map(|tag| license(state, now, tag, tag, ""))).collect()
}

fn license(state: &State, now: Timestamp, tag: &str, title: &str, text: &str) -> License {
    let usage = state.usage.get(tag).cloned().unwrap_or_default();
    let overall = state.authorization_state(now);
    let installed = state.reservation.installed.as_ref().filter(|_| usage.count > 0);
    let (code, badge) = match installed.map(|code| code.covers(tag, usage.count, now)) {
        Some(covered) => words::reserved(covered),
        None => words::license(usage.enforce_mode.as_deref(), usage.count, overall),
    };
    License {
        tag: tag.to_owned(),
        name: usage.display_name.unwrap_or_else(|| title.to_owned()),
        description: usage.description.unwrap_or_else(|| text.to_owned()),
        version: usage.version.or(version_of(tag).map(str::to_owned)).unwrap_or_default(),
        in_use: usage.count,
        code,
        badge,
    }
}

/// A count from 0 to the most that the protocol carries.
///
/// # Errors
/// It is another number, or none.
pub fn count(field: &str, text: &str) -> Result<u64, Fault> {
    let rule = format!("must be a whole number from 0 to {MAX_COUNT}");
    let number = text.trim().parse::<u64>().ok().filter(|count| *count <= MAX_COUNT);
    number.ok_or_else(|| Fault::invalid(field, format!("'{text}' {rule}")))
}
