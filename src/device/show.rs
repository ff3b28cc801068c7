//! States and dates in words, in the manner of `show license all`, and as JSON.
// device-protocol.md 3.2 and 5: the words of the states are PROVEN by device outputs; the
// heading says what this really is.

use super::machine::{AuthorizationState, RegistrationState};
use super::state::{Attempt, State, Usage};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use serde::Serialize;
use std::fmt::Write as _;

/// Which part is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Registration, authorization and evaluation.
    #[default]
    Status,
    /// Everything.
    All,
    /// What is in use.
    Usage,
    /// How the product names itself.
    Udi,
}

/// The chosen part at the instant `now`, as text.
pub fn text(state: &State, part: Part, now: Timestamp) -> String {
    let mut out = String::from("Syncom simulated product\n========================\n");
    match part {
        Part::Status => status(&mut out, state, now),
        Part::Usage => usage(&mut out, state),
        Part::Udi => udi(&mut out, state),
        Part::All => {
            status(&mut out, state, now);
            usage(&mut out, state);
            udi(&mut out, state);
            settings(&mut out, state);
        }
    }
    out
}

/// Everything at the instant `now`, as JSON with ISO 8601 dates.
pub fn json(state: &State, now: Timestamp) -> serde_json::Value {
    serde_json::to_value(View::of(state, now)).unwrap_or_default()
}

/// A date in the manner of the devices: `Jan 05 2026 09:00:00 UTC`.
pub fn date(instant: Timestamp) -> String {
    instant.utc().format("%b %d %Y %H:%M:%S UTC").to_string()
}

/// A duration in the manner of the devices: `89 days, 1 hours, 33 minutes, 51 seconds`.
pub fn duration(delta: TimeDelta) -> String {
    let (hours, minutes) = (delta.num_hours() % 24, delta.num_minutes() % 60);
    let (days, seconds) = (delta.num_days(), delta.num_seconds() % 60);
    format!("{days} days, {hours} hours, {minutes} minutes, {seconds} seconds")
}

fn status(out: &mut String, state: &State, now: Timestamp) {
    registration(out, state, now);
    authorization(out, state, now);
    let left = duration(state.evaluation_left(now));
    let mode = match state.authorization_state(now) {
        AuthorizationState::Eval => "In Use",
        AuthorizationState::EvalExpired => "Expired",
        _ => "Not In Use",
    };
    line(out, "\nEvaluation Period:", "");
    line(out, "  Evaluation Mode:", mode);
    line(out, "  Evaluation Period Remaining:", &left);
}

fn registration(out: &mut String, state: &State, now: Timestamp) {
    line(out, "\nRegistration:", "");
    line(out, "  Status:", registration_words(state.registration_state()));
    if let Some(identity) = &state.registration.identity {
        line(out, "  Smart Account:", &identity.smart_account);
        line(out, "  Virtual Account:", &identity.virtual_account);
        let export = if identity.export_control_allowed { "ALLOWED" } else { "NOT ALLOWED" };
        line(out, "  Export-Controlled Functionality:", export);
        let id = identity.product_instance_identifier.to_string();
        line(out, "  Product Instance Identifier:", &id);
        line(
            out,
            "  Initial Registration:",
            &format!("SUCCEEDED on {}", date(identity.registered_at)),
        );
        line(out, "  Last Renewal Attempt:", &attempt(state.registration.last_renewal.as_ref()));
        line(out, "  Next Renewal Attempt:", &due(identity.renew_at, now));
        line(out, "  Registration Expires:", &date(identity.expires_at));
    } else {
        line(out, "  Export-Controlled Functionality:", "NOT ALLOWED");
        let last = attempt(state.registration.last_attempt.as_ref());
        line(out, "  Last Registration Attempt:", &last);
    }
}

fn authorization(out: &mut String, state: &State, now: Timestamp) {
    let authorization = &state.authorization;
    line(out, "\nLicense Authorization:", "");
    line(out, "  Status:", &authorization_words(state, now));
    if state.registration.identity.is_none() {
        return;
    }
    if let Some(since) = authorization.out_of_compliance_since {
        line(out, "  Out of Compliance Since:", &date(since));
    }
    let last = attempt(authorization.last_attempt.as_ref());
    line(out, "  Last Communication Attempt:", &last);
    let next = authorization.next_attempt.map_or("NONE".to_owned(), |next| due(next, now));
    line(out, "  Next Communication Attempt:", &next);
    let deadline = authorization.deadline.map_or("NONE".to_owned(), date);
    line(out, "  Communication Deadline:", &deadline);
}

fn usage(out: &mut String, state: &State) {
    out.push_str("\nLicense Usage\n=============\n");
    if !state.in_use() {
        out.push_str("No licenses in use\n");
    }
    for (tag, usage) in &state.usage {
        let name = usage.display_name.as_deref().unwrap_or("(name not known yet)");
        line(out, &format!("{name} ({tag}):"), "");
        line(out, "  Description:", usage.description.as_deref().unwrap_or("none"));
        line(out, "  Count:", &usage.count.to_string());
        line(out, "  Version:", usage.version.as_deref().unwrap_or("none"));
        line(out, "  Status:", usage_words(state, usage));
        let export = if usage.export_restricted { "RESTRICTED" } else { "NOT RESTRICTED" };
        line(out, "  Export Status:", export);
        if let Some(end) = usage.term_end {
            line(out, "  Term Ends:", &date(end));
        }
    }
}

fn udi(out: &mut String, state: &State) {
    let product = &state.product;
    out.push_str("\nProduct Information\n===================\n");
    line(out, "UDI:", &product.sudi.key());
    let hostname = product.hostname.as_deref().unwrap_or("none");
    let privacy = if product.send_hostname { "" } else { " (hidden from the server)" };
    line(out, "Host Name:", &format!("{hostname}{privacy}"));
    line(out, "Product:", &format!("{} {}", product.name, product.version));
    line(out, "Software Tag:", &product.software_tag);
}

fn settings(out: &mut String, state: &State) {
    let (settings, known) = (&state.settings, state.registration.identity.as_ref());
    out.push_str("\nTransport\n=========\n");
    line(out, "URL:", settings.url.as_deref().unwrap_or("none"));
    line(out, "Proxy:", settings.proxy.as_ref().map_or("none", |proxy| &proxy.url));
    let root = match (&settings.ca_pem, known) {
        (Some(_), _) => "given by the user",
        (None, Some(_)) => "taken from the first answer",
        (None, None) => "none yet",
    };
    line(out, "Root CA:", root);
    let offset = TimeDelta::milliseconds(settings.clock_offset_ms);
    line(out, "Clock Offset:", &format!("{} seconds", offset.num_seconds()));
}

fn line(out: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ =
        if value.is_empty() { writeln!(out, "{name}") } else { writeln!(out, "{name} {value}") };
}

fn attempt(attempt: Option<&Attempt>) -> String {
    match attempt {
        None => "None".to_owned(),
        Some(Attempt { at, failure: None }) => format!("SUCCEEDED on {}", date(*at)),
        Some(Attempt { at, failure: Some(reason) }) => {
            format!("FAILED on {}\n    Failure reason: {reason}", date(*at))
        }
    }
}

fn due(at: Timestamp, now: Timestamp) -> String {
    if at <= now { format!("{} (due)", date(at)) } else { date(at) }
}

fn registration_words(state: RegistrationState) -> &'static str {
    match state {
        RegistrationState::NotRegistered => "UNREGISTERED",
        RegistrationState::InProgress => "REGISTERING - REGISTRATION IN PROGRESS",
        RegistrationState::Complete => "REGISTERED",
        RegistrationState::Retry => "UNREGISTERED - RETRY IN PROGRESS",
        RegistrationState::Failed => "UNREGISTERED - REGISTRATION FAILED",
        RegistrationState::Expired => "UNREGISTERED - REGISTRATION EXPIRED",
    }
}

fn authorization_words(state: &State, now: Timestamp) -> String {
    let on = |word: &str| match state.authorization.answered_at {
        Some(at) => format!("{word} on {}", date(at)),
        None => word.to_owned(),
    };
    match state.authorization_state(now) {
        AuthorizationState::None => "No Licenses in Use".to_owned(),
        AuthorizationState::Eval => "EVAL MODE".to_owned(),
        AuthorizationState::EvalExpired => "EVAL EXPIRED".to_owned(),
        AuthorizationState::Waiting => "WAITING".to_owned(),
        AuthorizationState::Authorized => on("AUTHORIZED"),
        AuthorizationState::OutOfCompliance => on("OUT OF COMPLIANCE"),
        AuthorizationState::AuthorizationExpired => "AUTHORIZATION EXPIRED".to_owned(),
        AuthorizationState::NotAuthorized => "NOT AUTHORIZED".to_owned(),
    }
}

fn usage_words(state: &State, usage: &Usage) -> &'static str {
    match (usage.enforce_mode.as_deref(), &state.registration.identity) {
        (Some("in-compliance"), _) => "AUTHORIZED",
        (Some("out-of-compliance"), _) => "OUT OF COMPLIANCE",
        (Some("invalid-tag"), _) => "INVALID TAG",
        (Some("reservation-in-compliance"), _) => "AUTHORIZED - RESERVED",
        (Some(_), _) => "NOT AUTHORIZED",
        (None, Some(_)) => "WAITING",
        (None, None) => "EVAL MODE",
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct View<'a> {
    kind: &'static str,
    udi: &'a crate::protocol::sudi::Sudi,
    hostname: Option<&'a str>,
    software_tag: &'a str,
    registration: RegistrationView<'a>,
    authorization: AuthorizationView,
    evaluation_seconds_left: i64,
    usage: Vec<UsageView<'a>>,
}

#[derive(Serialize)]
struct RegistrationView<'a> {
    state: RegistrationState,
    product_instance_identifier: Option<String>,
    smart_account: Option<&'a str>,
    virtual_account: Option<&'a str>,
    export_control_allowed: bool,
    id_cert_serial_number: Option<String>,
    registered_at: Option<String>,
    renew_at: Option<String>,
    expires_at: Option<String>,
    last_failure: Option<&'a str>,
}

#[derive(Serialize)]
struct AuthorizationView {
    state: AuthorizationState,
    answered_at: Option<String>,
    next_attempt: Option<String>,
    deadline: Option<String>,
    out_of_compliance_since: Option<String>,
    last_failure: Option<String>,
}

#[derive(Serialize)]
struct UsageView<'a> {
    tag: &'a str,
    #[serde(flatten)]
    usage: &'a Usage,
}

impl<'a> View<'a> {
    fn of(state: &'a State, now: Timestamp) -> Self {
        let product = &state.product;
        Self {
            kind: "Syncom simulated product",
            udi: &product.sudi,
            hostname: product.hostname.as_deref(),
            software_tag: &product.software_tag,
            registration: RegistrationView::of(state),
            authorization: AuthorizationView::of(state, now),
            evaluation_seconds_left: state.evaluation_left(now).num_seconds(),
            usage: state.usage.iter().map(|(tag, usage)| UsageView { tag, usage }).collect(),
        }
    }
}

impl<'a> RegistrationView<'a> {
    fn of(state: &'a State) -> Self {
        let identity = state.registration.identity.as_ref();
        let last = state.registration.last_renewal.as_ref();
        let last = last.or(state.registration.last_attempt.as_ref());
        Self {
            state: state.registration_state(),
            product_instance_identifier: identity
                .map(|i| i.product_instance_identifier.to_string()),
            smart_account: identity.map(|i| i.smart_account.as_str()),
            virtual_account: identity.map(|i| i.virtual_account.as_str()),
            export_control_allowed: identity.is_some_and(|i| i.export_control_allowed),
            id_cert_serial_number: identity.map(|i| i.serial.to_string()),
            registered_at: identity.map(|i| i.registered_at.iso()),
            renew_at: identity.map(|i| i.renew_at.iso()),
            expires_at: identity.map(|i| i.expires_at.iso()),
            last_failure: last.and_then(|attempt| attempt.failure.as_deref()),
        }
    }
}

impl AuthorizationView {
    fn of(state: &State, now: Timestamp) -> Self {
        let authorization = &state.authorization;
        let iso = |instant: Option<Timestamp>| instant.map(Timestamp::iso);
        Self {
            state: state.authorization_state(now),
            answered_at: iso(authorization.answered_at),
            next_attempt: iso(authorization.next_attempt),
            deadline: iso(authorization.deadline),
            out_of_compliance_since: iso(authorization.out_of_compliance_since),
            last_failure: authorization.last_attempt.clone().and_then(|attempt| attempt.failure),
        }
    }
}
