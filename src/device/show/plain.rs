//! The plain words of Syncom itself, for products of no vendor and for those without a command
//! line.
// device-protocol.md 3.2: the words of the states are PROVEN by device outputs; what stands
// around them is ours.

use super::eventlog::recent;
use super::page::Page;
use super::reservation as details;
use super::syslog::message;
use super::view::{View, duration};
use crate::device::machine::{AuthorizationState, Exchange};
use crate::device::profile::Transport;
use crate::device::state::Attempt;
use chrono::TimeDelta;

/// Registration, authorization and evaluation.
pub(super) fn status(page: &mut Page, view: &View<'_>) {
    registration(page, view);
    authorization(page, view);
    export(page, view);
    if view.state.reservation.enabled {
        page.gap();
        page.line("License Reservation is ENABLED");
    }
    let mode = match view.authorization_state() {
        AuthorizationState::Eval => "In Use",
        AuthorizationState::EvalExpired => "Expired",
        _ => "Not In Use",
    };
    page.gap();
    page.line("Evaluation Period:");
    page.pair(2, "Evaluation Mode", mode);
    page.pair(2, "Evaluation Period Remaining", &view.evaluation_left());
}

fn registration(page: &mut Page, view: &View<'_>) {
    let registration = &view.state.registration;
    page.gap();
    page.line("Registration:");
    page.pair(2, "Status", view.registration());
    let Some(identity) = view.identity() else {
        page.pair(2, "Export-Controlled Functionality", view.export_allowed());
        attempt(page, view, "Last Registration Attempt", registration.last_attempt.as_ref());
        let next = registration.pending.as_ref().and_then(|pending| pending.next_attempt);
        if let Some(next) = next {
            page.pair(2, "Next Registration Attempt", &view.date(next));
        }
        return;
    };
    page.pair(2, "Smart Account", &identity.smart_account);
    page.pair(2, "Virtual Account", &identity.virtual_account);
    page.pair(2, "Export-Controlled Functionality", view.export_allowed());
    page.pair(2, "Product Instance Identifier", &identity.product_instance_identifier.to_string());
    let first = format!("SUCCEEDED on {}", view.date(identity.registered_at));
    page.pair(2, "Initial Registration", &first);
    attempt(page, view, "Last Renewal Attempt", registration.last_renewal.as_ref());
    let due = if identity.renew_at <= view.now { " (due)" } else { "" };
    page.pair(2, "Next Renewal Attempt", &format!("{}{due}", view.date(identity.renew_at)));
    page.pair(2, "Registration Expires", &view.date(identity.expires_at));
}

fn authorization(page: &mut Page, view: &View<'_>) {
    let authorization = &view.state.authorization;
    page.gap();
    page.line("License Authorization:");
    page.pair(2, "Status", &view.authorization_on());
    if view.identity().is_none() {
        return;
    }
    if let Some(since) = authorization.out_of_compliance_since {
        page.pair(2, "Out of Compliance Since", &view.date(since));
    }
    attempt(page, view, "Last Communication Attempt", authorization.last_attempt.as_ref());
    let due = authorization.next_attempt.is_some_and(|next| next <= view.now);
    let next = view.date_or(authorization.next_attempt, "NONE");
    let due = if due { " (due)" } else { "" };
    page.pair(2, "Next Communication Attempt", &format!("{next}{due}"));
    page.pair(2, "Communication Deadline", &view.date_or(authorization.deadline, "NONE"));
}

/// Export authorization keys, and what is wanted with one; nothing where there is neither.
fn export(page: &mut Page, view: &View<'_>) {
    let export = &view.state.export;
    if export.keys.is_empty() && export.last_request.is_none() && export.pending.is_none() {
        return;
    }
    page.gap();
    page.line("Export Authorization Key:");
    for (tag, key) in &export.keys {
        let name = key.name.as_deref().unwrap_or(tag);
        page.pair(2, name, &format!("since {}", view.date(key.granted_at)));
    }
    attempt(page, view, "Last Request", export.last_request.as_ref());
    attempt(page, view, "Last Return", export.last_return.as_ref());
    page.pair(2, "Next Attempt", &view.date_or(export.next_attempt(), "NONE"));
}

/// An attempt with the whole reason, not in a device's words.
fn attempt(page: &mut Page, view: &View<'_>, name: &str, attempt: Option<&Attempt>) {
    page.pair(2, name, &view.attempt(attempt, "None"));
    if let Some(reason) = attempt.and_then(|attempt| attempt.failure.as_deref()) {
        page.pair(4, "Failure reason", reason);
    }
}

/// What is in use, with all that the server said.
pub(super) fn usage(page: &mut Page, view: &View<'_>) {
    page.gap();
    page.heading("License Usage", 13);
    if !view.state.in_use() {
        page.line("No licenses in use");
    }
    for license in view.licenses() {
        let Some(usage) = view.state.usage.get(license.tag) else { continue };
        let name = license.name.unwrap_or("(name not known yet)");
        page.line(&format!("{name} ({}):", license.tag));
        page.pair(2, "Description", license.description.unwrap_or("none"));
        page.pair(2, "Count", &usage.count.to_string());
        page.pair(2, "Version", usage.version.as_deref().unwrap_or("none"));
        page.pair(2, "Status", license.status.words());
        let export = if license.restricted { "RESTRICTED" } else { "NOT RESTRICTED" };
        page.pair(2, "Export Status", export);
        if let Some(end) = usage.term_end {
            page.pair(2, "Term Ends", &view.date(end));
        }
    }
}

/// What is reserved, with its codes; nothing outside the mode.
pub(super) fn reservation(page: &mut Page, view: &View<'_>) {
    if view.state.reservation.enabled {
        page.gap();
        details::section(page, view);
    }
}

/// How the product names itself.
pub(super) fn udi(page: &mut Page, view: &View<'_>) {
    let product = &view.state.product;
    page.gap();
    page.heading("Product Information", 19);
    page.pair(0, "UDI", &view.udi());
    for member in &product.members {
        page.pair(2, &member.role, &member.sudi.key());
    }
    let hostname = product.hostname.as_deref().unwrap_or("none");
    let privacy = if product.send_hostname { "" } else { " (hidden from the server)" };
    page.pair(0, "Host Name", &format!("{hostname}{privacy}"));
    page.pair(0, "Product", &format!("{} {}", product.name, product.version));
    page.pair(0, "Software Tag", &product.software_tag);
    page.pair(0, "Agent Version", &view.state.profile.texts.agent_version);
}

/// The way to the server.
pub(super) fn settings(page: &mut Page, view: &View<'_>) {
    let settings = &view.state.settings;
    page.gap();
    page.heading("Transport", 9);
    page.pair(
        0,
        "Type",
        match settings.transport {
            Transport::Smart => "Smart Transport",
            Transport::CallHome => "Smart Call Home",
        },
    );
    page.pair(0, "URL", settings.url.as_deref().unwrap_or("none"));
    page.pair(0, "Proxy", settings.proxy.as_ref().map_or("none", |proxy| &proxy.url));
    let root = match (&settings.ca_pem, view.identity()) {
        (Some(_), _) => "given by the user",
        (None, Some(_)) => "taken from the first answer",
        (None, None) => "none yet",
    };
    page.pair(0, "Root CA", root);
    let offset = TimeDelta::milliseconds(settings.clock_offset_ms);
    page.pair(0, "Clock Offset", &format!("{} seconds", offset.num_seconds()));
}

/// Messages sent, and what comes next.
pub(super) fn statistics(page: &mut Page, view: &View<'_>) {
    page.gap();
    page.heading("Messages", 8);
    for exchange in Exchange::ALL {
        let counter = view.state.counters.get(&exchange).cloned().unwrap_or_default();
        let last = counter.last_result.as_deref().unwrap_or("none");
        let at = view.date_or(counter.last_answer, "never");
        let (sent, good, failed) = (counter.sent, counter.good, counter.failed);
        let numbers = format!("{sent} sent, {good} good, {failed} failed; last: {last}, {at}");
        page.pair(0, exchange_name(exchange), &numbers);
    }
    let next =
        view.state.next_due().map(|at| (at, duration((at - view.now).max(TimeDelta::zero()))));
    let next = next.map(|(at, left)| format!("{} ({left} remaining)", view.date(at)));
    page.pair(0, "Next Timer", next.as_deref().unwrap_or("none"));
}

fn exchange_name(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Registration => "Registration",
        Exchange::Authorization => "Authorization",
        Exchange::IdCertRenew => "Certificate Renewal",
        Exchange::ThirdPartyKey => "Third-Party Key",
        Exchange::ExportKey => "Export Key",
        Exchange::Deregistration => "De-registration",
    }
}

/// What happened, oldest first.
pub(super) fn eventlog(page: &mut Page, view: &View<'_>, days: Option<u16>) {
    page.gap();
    page.heading("Event Log", 9);
    let entries = recent(view, days);
    if entries.is_empty() {
        page.line("Nothing has happened");
    }
    for entry in entries {
        let message = message(&entry.notice, view.state);
        page.line(&format!("{} {}", view.date(entry.at), message.text));
    }
}
