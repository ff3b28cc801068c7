//! The status as Cisco Modeling Labs tells it.
// device-protocol.md, A9 (PROVEN): the golden output of the client's example.

use crate::device::machine::AuthorizationState;
use crate::device::state::{Attempt, State};
use crate::domain::time::Timestamp;
use crate::facade::{licenses, transport, words};
use crate::protocol::fields::MAX_COUNT;
use serde_json::{Value, json};

/// All of it.
pub fn whole(state: &State, now: Timestamp, default_url: &str) -> Value {
    let sudi = &state.product.sudi;
    json!({
        "udi": sudi.uuid.clone().unwrap_or_else(|| sudi.key()),
        "registration": registration(state),
        "authorization": authorization(state, now),
        "reservation_mode": state.reservation.enabled,
        "transport": transport(state, default_url),
        "features": features(state, now),
        "product_license": product_license(state),
    })
}

/// `2020-06-10 20:22:33`, in UTC.
fn date(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M:%S").to_string()
}

fn registration(state: &State) -> Value {
    let identity = state.registration.identity.as_ref();
    let pending = state.registration.pending.as_ref().and_then(|pending| pending.next_attempt);
    let renewal = identity.map(|identity| identity.renew_at);
    json!({
        "status": words::registration_code(state.registration_state()),
        "expires": identity.map(|identity| date(identity.expires_at)),
        "smart_account": identity.map(|identity| &identity.smart_account),
        "virtual_account": identity.map(|identity| &identity.virtual_account),
        "instance_name": state.product.hostname,
        "register_time": times(state.registration.last_attempt.as_ref(), pending, Some("OK"), None),
        "renew_time": times(state.registration.last_renewal.as_ref(), renewal, Some("OK"), None),
    })
}

fn authorization(state: &State, now: Timestamp) -> Value {
    let told = &state.authorization;
    let status = state.authorization_state(now);
    let evaluating = matches!(status, AuthorizationState::Eval);
    let ends = if evaluating { Some(now + state.evaluation_left(now)) } else { told.deadline };
    json!({
        "status": words::authorization_code(status),
        "renew_time": times(told.last_attempt.as_ref(), told.next_attempt, None, Some("SUCCEEDED")),
        "expires": ends.map(date),
    })
}

/// The six members of an attempt. In the golden output a good registration has `failure: "OK"`,
/// a good authorization has null there and a status; what was never tried says `FAILED`.
fn times(
    last: Option<&Attempt>,
    next: Option<Timestamp>,
    no_failure: Option<&str>,
    good_status: Option<&str>,
) -> Value {
    let failed = last.and_then(|attempt| attempt.failure.as_deref());
    let good = last.is_some() && failed.is_none();
    let status = good_status.filter(|_| last.is_some());
    json!({
        "succeeded": null,
        "attempted": last.map(|attempt| date(attempt.at)),
        "scheduled": next.map(date),
        "status": status.map(|status| if good { status } else { "FAILED" }),
        "failure": if good { no_failure } else { failed },
        "success": if good { "SUCCESS" } else { "FAILED" },
    })
}

fn transport(state: &State, default_url: &str) -> Value {
    let proxy = state.settings.proxy.as_ref().map(transport::proxy_parts);
    let (server, port) = proxy.unzip();
    json!({
        "ssms": state.settings.url,
        "proxy": {"server": server, "port": port},
        "default_ssms": default_url,
    })
}

/// The features, with the bounds of their counts (ours: those of the protocol).
pub fn features(state: &State, now: Timestamp) -> Vec<Value> {
    let feature = |license: licenses::License| {
        json!({
            "id": license.tag,
            "name": license.name,
            "description": license.description,
            "in_use": license.in_use,
            "status": license.code,
            "version": license.version,
            "min": 0,
            "max": MAX_COUNT,
        })
    };
    licenses::all(state, now).into_iter().map(feature).collect()
}

/// A simulated product is of one kind: its profile (ours).
fn product_license(state: &State) -> Value {
    json!({
        "active": state.profile.name,
        "is_enterprise": true,
        "available": [state.profile.name],
    })
}
