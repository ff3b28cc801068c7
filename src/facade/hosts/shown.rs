//! What the calls tell.

use super::words;
use crate::device::notices::Notice;
use crate::device::state::State;
use crate::domain::Timestamp;
use crate::domain::host::{
    Decision, Email, Kind, Meeting, Phase, Refusal, SKUS, Server, Situation, User,
};
use serde_json::{Map, Value, json};

/// The server as a whole.
pub fn summary(server: &Server) -> Value {
    let pool = server.pool();
    let assigned: Map<String, Value> =
        Kind::ALL.into_iter().map(|kind| (kind.name().to_owned(), json!(pool.of(kind)))).collect();
    let demonstrations = server.demonstrations.iter();
    let demonstrations: Vec<Value> = demonstrations
        .map(|given| json!({"count": given.count, "until": given.until.iso()}))
        .collect();
    json!({
        "release": server.release.to_string(),
        "profile": server.profile.rules().name,
        "licensing": situation(server),
        "only_licensing": server.closed().map(|closed| closed.to_string()),
        "trial_ends": server.trial_ends().map(Timestamp::iso),
        "users": server.users.len(),
        "assigned": assigned,
        "managed": {"local": pool.local, "remote": pool.remote},
        "bought": pool.bought,
        "free": pool.free,
        "demonstrations": demonstrations,
        "grace_limit": pool.grace_limit,
        "grace_upgrade": server.grace_upgrade.name(),
        "capacity": capacity(server),
        "upgrade_skus": SKUS.map(|sku| json!({
            "sku": sku.sku, "what": sku.what, "quantity": sku.quantity(server),
        })),
    })
}

fn situation(server: &Server) -> &'static str {
    if !server.is_smart() {
        return if server.in_trial() { "trial" } else { "installed" };
    }
    match server.situation {
        Situation::Evaluation { .. } => "evaluation",
        Situation::Registered => "registered",
        Situation::Reserved { .. } => "reserved",
        Situation::Over { .. } => "evaluation_over",
    }
}

fn capacity(server: &Server) -> Value {
    let capacity = &server.capacity;
    let licenses = capacity.licenses.iter();
    let licenses: Vec<Value> = licenses
        .map(|known| json!({"license": known.license.name(), "major": known.major}))
        .collect();
    let joined = capacity.joined.as_ref().map(|joined| {
        json!({"name": joined.name, "since": joined.since.iso(), "released": joined.released})
    });
    json!({
        "size": capacity.size.name(),
        "ports": capacity.size.ports(),
        "licenses": licenses,
        "joined": joined,
    })
}

/// A user.
pub fn person(server: &Server, email: &Email, user: &User) -> Value {
    let license = server.held(user).map(|held| {
        json!({
            "kind": held.kind.name(),
            "since": held.since.iso(),
            "until": held.until.map(Timestamp::iso),
        })
    });
    json!({
        "email": email.as_str(),
        "name": user.name,
        "role": user.role,
        "active": user.active,
        "managed": user.managed,
        "license": license,
    })
}

/// What happens if that user hosts now.
pub fn decision(decided: &Result<Decision, Refusal>) -> Value {
    let answer = words::answer(decided);
    let kind = decided.as_ref().ok().map(|decision| decision.kind.name());
    let until = decided.as_ref().ok().and_then(|decision| decision.until);
    json!({
        "allowed": decided.is_ok(),
        "kind": kind,
        "until": until.map(Timestamp::iso),
        "answer": answer.title,
        "why": answer.why,
    })
}

/// A meeting.
pub fn meeting(meeting: &Meeting) -> Value {
    let (phase, by) = match &meeting.phase {
        Phase::Scheduled => ("scheduled", None),
        Phase::Running { by, .. } => ("running", Some(by.as_str())),
        Phase::Ended { .. } => ("ended", None),
        Phase::Missed => ("missed", None),
    };
    json!({
        "number": meeting.number,
        "topic": meeting.topic,
        "host": meeting.host.as_str(),
        "alternate": meeting.alternate.as_ref().map(Email::as_str),
        "scheduler": meeting.scheduler.as_str(),
        "starts": meeting.starts.iso(),
        "ends": meeting.ends.iso(),
        "phase": phase,
        "hosted_by": by,
    })
}

/// What has happened lately, the newest first: when, and a sentence.
pub fn log(state: &State) -> impl Iterator<Item = (Timestamp, String)> {
    state.log.entries().rev().filter_map(|entry| match &entry.notice {
        Notice::Host { happening } => Some((entry.at, happening.to_string())),
        _ => None,
    })
}
