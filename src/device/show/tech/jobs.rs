//! `Upcoming Scheduled Jobs`.

use super::super::page::Page;
use super::super::view::{View, duration};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// A job that is not planned.
const NONE: &str = "Expired Not Rescheduled";

/// The jobs of a classic agent with their dates; those of later agents are not planned.
// device-protocol.md 3.1 (PROVEN): the names and the forms of their values. Which timer stands
// under which name is ours where the name does not say it.
pub(super) fn upcoming(page: &mut Page, view: &View<'_>) {
    let registration = &view.state.registration;
    let identity = view.identity();
    let retry = registration.pending.as_ref().and_then(|pending| pending.next_attempt);
    let renewal = view.state.authorization.next_attempt.filter(|_| identity.is_some());
    page.heading("Upcoming Scheduled Jobs", 23);
    page.pair(0, "Current time", &view.date(view.now));
    page.pair(0, "Daily", &at(view, Some(daily(view))));
    page.pair(0, "Authorization Renewal", &at(view, renewal));
    page.pair(0, "Init Flag Check", NONE);
    let period = identity.map(|identity| identity.renew_at).or(retry);
    page.pair(0, "Register Period Expiration Check", &at(view, period));
    let deadline = view.state.authorization.deadline.filter(|_| identity.is_some());
    page.pair(0, "Ack Expiration Check", &at(view, deadline));
    for job in [
        "Reservation configuration mismatch between nodes in HA mode",
        "Start Utility Measurements",
        "Send Utility RUM reports",
        "Save unreported RUM Reports",
        "Process Utility RUM reports",
        "Data Synchronization",
        "External Event",
        "Operational Model",
    ] {
        page.pair(0, job, NONE);
    }
    page.gap();
}

/// The same time of every day: that of the registration, or midnight.
fn daily(view: &View<'_>) -> Timestamp {
    let day = TimeDelta::days(1).num_milliseconds();
    let since = view.identity().map_or(0, |identity| identity.registered_at.millis());
    let passed = (view.now.millis() - since).rem_euclid(day);
    view.now + TimeDelta::milliseconds(day - passed)
}

fn at(view: &View<'_>, when: Option<Timestamp>) -> String {
    let Some(when) = when else { return NONE.to_owned() };
    let left = (when - view.now).max(TimeDelta::zero());
    format!("{} ({} remaining)", view.date(when), duration(left))
}
