//! How the product stands, as all its pages tell it.

use crate::device::machine::RegistrationState;
use crate::device::show;
use crate::device::state::{Attempt, State};
use crate::domain::time::Timestamp;
use crate::facade::{licenses, transport, words};
use crate::web::pages::view::{Badge, When};
use chrono::TimeDelta;

/// A fact with a name: an instant, a text, or both.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// In words.
    pub text: String,
    /// When.
    pub when: Option<When>,
}

/// The states and dates of a product.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whether it is registered.
    pub registered: bool,
    /// Whether it reserves instead.
    pub reserving: bool,
    /// Whether an authorization code is installed.
    pub reserved: bool,
    /// The state of the registration.
    pub registration: Badge,
    /// The state of the authorization.
    pub authorization: Badge,
    /// More about the registration.
    pub registration_facts: Vec<Fact>,
    /// More about the authorization.
    pub authorization_facts: Vec<Fact>,
    /// What is left of the evaluation.
    pub evaluation: String,
    /// The server.
    pub server: String,
    /// How it is reached.
    pub transport: &'static str,
    /// The licenses.
    pub licenses: Vec<licenses::License>,
}

impl Standing {
    /// How it stands at `now`.
    pub fn of(state: &State, now: Timestamp) -> Self {
        Self {
            registered: state.registration.identity.is_some(),
            reserving: state.reservation.enabled,
            reserved: state.reservation.installed.is_some(),
            registration: words::registration(state.registration_state()),
            authorization: words::authorization(state.authorization_state(now)),
            registration_facts: registration_facts(state, now),
            authorization_facts: authorization_facts(state, now),
            evaluation: evaluation(state, now),
            server: state.settings.url.clone().unwrap_or_default(),
            transport: transport::mode(state).label(),
            licenses: licenses::all(state, now),
        }
    }
}

fn fact(name: &'static str, text: impl Into<String>) -> Fact {
    Fact { name, text: text.into(), when: None }
}

fn instant(name: &'static str, at: Timestamp, now: Timestamp) -> Fact {
    Fact { name, text: String::new(), when: Some(When::at(at, now)) }
}

fn attempt(name: &'static str, last: Option<&Attempt>, now: Timestamp) -> Option<Fact> {
    let last = last?;
    let text = match &last.failure {
        None => "Succeeded".to_owned(),
        // The status word before a refusal says the same.
        Some(reason) => format!("Failed: {}", reason.trim_start_matches("FAILED: ")),
    };
    Some(Fact { name, text, when: Some(When::at(last.at, now)) })
}

fn registration_facts(state: &State, now: Timestamp) -> Vec<Fact> {
    let registration = &state.registration;
    if let Some(code) = &state.reservation.installed {
        let confirmation = state.reservation.last_confirmation.as_deref();
        return vec![
            instant("Authorization code installed", code.installed_at, now),
            fact("Last confirmation code", confirmation.unwrap_or("Removed")),
            fact("Export-controlled functionality", "Not allowed"),
        ];
    }
    let Some(identity) = &registration.identity else {
        let last = attempt("Last attempt", registration.last_attempt.as_ref(), now);
        let next = registration.pending.as_ref().and_then(|pending| pending.next_attempt);
        let next = next.filter(|_| state.registration_state() == RegistrationState::Retry);
        return last.into_iter().chain(next.map(|at| instant("Next attempt", at, now))).collect();
    };
    let export = if identity.export_control_allowed { "Allowed" } else { "Not allowed" };
    let mut facts = vec![
        fact("Smart Account", &identity.smart_account),
        fact("Virtual Account", &identity.virtual_account),
        fact("Product instance", state.product.hostname.as_deref().unwrap_or("Not told")),
        fact("Product instance identifier", identity.product_instance_identifier.to_string()),
        fact("Export-controlled functionality", export),
        instant("Registered", identity.registered_at, now),
        instant("Next renewal", identity.renew_at, now),
        instant("Registration expires", identity.expires_at, now),
    ];
    facts.extend(attempt("Last renewal", registration.last_renewal.as_ref(), now));
    // A re-registration that failed leaves the registration as it was, but has to be told.
    let refused = registration.last_attempt.as_ref().filter(|last| last.failure.is_some());
    facts.extend(attempt("Last attempt to register again", refused, now));
    facts
}

fn authorization_facts(state: &State, now: Timestamp) -> Vec<Fact> {
    if state.registration.identity.is_none() {
        return Vec::new();
    }
    let told = &state.authorization;
    let mut facts = Vec::new();
    let since = told.out_of_compliance_since;
    facts.extend(since.map(|at| instant("Out of compliance since", at, now)));
    facts.extend(attempt("Last authorization", told.last_attempt.as_ref(), now));
    facts.extend(told.next_attempt.map(|at| instant("Next authorization", at, now)));
    facts.extend(told.deadline.map(|at| instant("Authorization expires", at, now)));
    facts
}

fn evaluation(state: &State, now: Timestamp) -> String {
    let left = state.evaluation_left(now);
    if left <= TimeDelta::zero() {
        return "Used up".to_owned();
    }
    let running = state.unlicensed() && state.evaluates();
    let word = if running { "left, running" } else { "left, not running" };
    format!("{} {word}", show::duration(left))
}
