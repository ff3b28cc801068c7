//! The sections that the styles share; each style puts its own together.

use super::page::Page;
use super::view::{License, View, outcome};
use crate::device::machine::RegistrationState;
use crate::device::profile::{Style, Transport};
use crate::device::state::{Attempt, Identity};

/// How much a section tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// All of it.
    Full,
    /// What a summary has.
    Brief,
}

pub(super) fn enabled(page: &mut Page, view: &View<'_>) {
    page.line("Smart Licensing is ENABLED");
    // PROVEN (C9300). NTC's reader of ASA takes no second line.
    if view.state.reservation.enabled && view.style != Style::Asa {
        page.line("License Reservation is ENABLED");
    }
    page.gap();
}

/// `Registration:`
// PROVEN: GENIE and NTC; a failed first registration in this place: recall.
pub(super) fn registration(page: &mut Page, view: &View<'_>, detail: Detail) {
    page.line("Registration:");
    page.pair(2, "Status", view.registration());
    if let Some(identity) = view.identity() {
        page.pair(2, "Smart Account", &identity.smart_account);
        page.pair(2, "Virtual Account", &identity.virtual_account);
    } else if detail == Detail::Brief && view.style == Style::IosXe {
        // PROVEN: GENIE `ShowLicenseSummary/golden_output4`, whose reader takes no empty summary.
        page.pair(2, "Smart Account", "<none>");
        page.pair(2, "Virtual Account", "<none>");
    }
    page.pair(2, "Export-Controlled Functionality", view.export_allowed());
    match view.identity() {
        Some(identity) => registered(page, view, identity, detail),
        None => match view.installed() {
            Some(code) => {
                let first = format!("SUCCEEDED on {}", view.date(code.installed_at));
                page.pair(2, "Initial Registration", &first);
            }
            None => unregistered(page, view, detail),
        },
    }
    page.gap();
}

fn registered(page: &mut Page, view: &View<'_>, identity: &Identity, detail: Detail) {
    let renewal = view.state.registration.last_renewal.as_ref();
    if detail == Detail::Full {
        let first = format!("SUCCEEDED on {}", view.date(identity.registered_at));
        page.pair(2, "Initial Registration", &first);
    }
    page.pair(2, "Last Renewal Attempt", &view.attempt(renewal, "None"));
    failure(page, view, renewal);
    page.pair(2, "Next Renewal Attempt", &view.date(identity.renew_at));
    if detail == Detail::Full {
        page.pair(2, "Registration Expires", &view.date(identity.expires_at));
    }
}

fn unregistered(page: &mut Page, view: &View<'_>, detail: Detail) {
    let registration = &view.state.registration;
    let failed = registration.last_attempt.as_ref().filter(|attempt| attempt.failure.is_some());
    if failed.is_some() {
        page.pair(2, "Initial Registration", &view.attempt(failed, "None"));
        failure(page, view, failed);
    } else if view.state.registration_state() == RegistrationState::InProgress {
        page.pair(2, "Initial Registration", "First Attempt Pending");
    }
    let next = registration.pending.as_ref().and_then(|pending| pending.next_attempt);
    if let (Some(next), Detail::Full) = (next, detail) {
        page.pair(2, view.manner.next_registration, &view.date(next));
    }
}

/// `License Authorization:`
pub(super) fn authorization(page: &mut Page, view: &View<'_>, detail: Detail) {
    page.line(&format!("License Authorization:{}", view.manner.after_authorization));
    match detail {
        Detail::Full => page.pair(2, "Status", &view.authorization_on()),
        Detail::Brief => page.pair(2, "Status", view.authorization()),
    }
    if view.identity().is_some() {
        communication(page, view, detail);
    } else if view.state.unlicensed() && view.state.in_use() {
        page.pair(2, "Evaluation Period Remaining", &view.evaluation_left());
    }
    page.gap();
}

pub(super) fn communication(page: &mut Page, view: &View<'_>, detail: Detail) {
    let authorization = &view.state.authorization;
    let last = authorization.last_attempt.as_ref();
    match (detail, last) {
        (Detail::Brief, Some(attempt)) => {
            page.pair(2, "Last Communication Attempt", outcome(attempt));
        }
        (Detail::Full | Detail::Brief, _) => {
            page.pair(2, "Last Communication Attempt", &view.attempt(last, "NONE"));
        }
    }
    failure(page, view, last);
    let next = view.date_or(authorization.next_attempt, "NONE");
    page.pair(2, "Next Communication Attempt", &next);
    if detail == Detail::Full {
        let deadline = view.date_or(authorization.deadline, "NONE");
        page.pair(2, "Communication Deadline", &deadline);
    }
}

/// `    Failure reason: …`, where an attempt has failed.
pub(super) fn failure(page: &mut Page, view: &View<'_>, attempt: Option<&Attempt>) {
    if let Some(reason) = view.reason(attempt) {
        page.pair(4, "Failure reason", &reason);
    }
}

/// The features of the keys, a line each.
// PROVEN: `<none>`. No public output has a key, and NTC's reader of ASA takes nothing else, so
// how features are listed is ours, and an ASA lists none.
pub(super) fn export_key(page: &mut Page, view: &View<'_>) {
    page.line("Export Authorization Key:");
    page.line("  Features Authorized:");
    let features = view.export_features();
    if features.is_empty() || view.style == Style::Asa {
        page.line("    <none>");
    } else {
        for feature in features {
            page.line(&format!("    {feature}"));
        }
    }
    page.gap();
}

pub(super) fn utility(page: &mut Page) {
    page.line("Utility:");
    page.pair(2, "Status", "DISABLED");
    page.gap();
}

pub(super) fn privacy(page: &mut Page, view: &View<'_>) {
    let sent = view.state.product.send_hostname;
    page.line("Data Privacy:");
    page.pair(2, "Sending Hostname", if sent { "yes" } else { "no" });
    page.pair(4, "Callhome hostname privacy", "DISABLED");
    let hidden = if sent { "DISABLED" } else { "ENABLED" };
    page.pair(4, "Smart Licensing hostname privacy", hidden);
    page.pair(2, "Version privacy", "DISABLED");
    page.gap();
}

/// `Type: Callhome`, or `Type: Smart`
pub(super) fn transport_type(view: &View<'_>) -> &'static str {
    match view.state.settings.transport {
        Transport::Smart => "Smart",
        Transport::CallHome => "Callhome",
    }
}

/// `Transport:` with its address, as far as a device shows it.
// PROVEN: GENIE (Callhome; Smart with proxy), Expressway (Smart without).
pub(super) fn transport(page: &mut Page, view: &View<'_>) {
    let settings = &view.state.settings;
    page.line("Transport:");
    page.pair(2, "Type", transport_type(view));
    if settings.transport == Transport::Smart {
        page.pair(2, "URL", settings.url.as_deref().unwrap_or("<empty>"));
        page.line("  Proxy:");
        match settings.proxy.as_ref().and_then(|proxy| url::Url::parse(&proxy.url).ok()) {
            None => page.line("    Not Configured"),
            Some(url) => {
                let port = url.port_or_known_default().unwrap_or_default();
                let user = settings.proxy.as_ref().and_then(|proxy| proxy.user.as_deref());
                page.pair(4, "Address", url.host_str().unwrap_or("<empty>"));
                page.pair(4, "Port", &port.to_string());
                page.pair(4, "Username", user.unwrap_or("<empty>"));
                // A password is not shown, whether there is one or not.
                page.pair(4, "Password", "<empty>");
            }
        }
    }
    page.gap();
}

/// `License Usage`, as IOS XE and its kin have it; what `more` adds stands below each license.
pub(super) fn usage(page: &mut Page, view: &View<'_>, more: impl Fn(&mut Page, &License<'_>)) {
    page.heading("License Usage", 14);
    page.gap();
    if !view.state.in_use() {
        page.line("No licenses in use");
        page.gap();
    }
    for license in view.in_use() {
        block(page, &license, &more);
    }
}

/// One license.
pub(super) fn block(
    page: &mut Page,
    license: &License<'_>,
    more: &impl Fn(&mut Page, &License<'_>),
) {
    page.line(&license.title());
    page.pair(2, "Description", license.described());
    page.pair(2, "Count", &license.count.to_string());
    page.pair(2, "Version", license.version);
    page.pair(2, "Status", license.status.words());
    more(page, license);
    page.gap();
}

/// `RESTRICTED - ALLOWED` and so on.
// PROVEN: `NOT RESTRICTED`; the others are recall.
pub(super) fn export_status(view: &View<'_>, license: &License<'_>) -> &'static str {
    let allowed = view.identity().is_some_and(|identity| {
        identity.export_control_allowed || view.state.export.keys.contains_key(license.tag)
    });
    match (license.restricted, allowed) {
        (false, _) => "NOT RESTRICTED",
        (true, true) => "RESTRICTED - ALLOWED",
        (true, false) => "RESTRICTED - NOT ALLOWED",
    }
}

/// The table of a summary.
// PROVEN: the columns, and that long names are cut; GENIE `ShowLicenseSummary`.
pub(super) fn table(page: &mut Page, view: &View<'_>, head: &str) {
    page.line("License Usage:");
    if !view.state.in_use() {
        page.line("  No licenses in use");
        return;
    }
    page.line(&format!("  {:<24}{head:<30}Count Status", "License"));
    page.line(&format!("  {}", "-".repeat(77)));
    for license in view.in_use() {
        let name = cut(license.name.unwrap_or(&license.feature), 23);
        let tag = format!("({})", cut(&license.short, 25));
        let (count, status) = (license.count, license.status.words());
        page.line(&format!("  {name:<24}{tag:<28}{count:>7} {status}"));
    }
}

/// At most so many characters, the last three of them dots where it was longer.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    format!("{}...", text.chars().take(most - 3).collect::<String>())
}

/// `Product Information`
pub(super) fn product(page: &mut Page, view: &View<'_>) {
    page.heading("Product Information", 19);
    page.line(&format!("UDI: {}", view.udi()));
    page.gap();
}

/// The other nodes of a high-availability group, if there are any.
// PROVEN: GENIE.
pub(super) fn members(page: &mut Page, view: &View<'_>) {
    let members = &view.state.product.members;
    if members.is_empty() {
        return;
    }
    page.line("HA UDI List:");
    for member in members {
        page.line(&format!("    {}:{}", member.role, member.sudi.key()));
    }
    page.gap();
}

/// `Agent Version`: free text in a real product, and therefore where ours says what it is.
pub(super) fn agent(page: &mut Page, view: &View<'_>) {
    page.heading("Agent Version", 13);
    page.pair(0, "Smart Agent for Licensing", &view.state.profile.texts.agent_version);
    page.gap();
}
