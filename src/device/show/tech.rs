//! `show license tech support`.
//
// PROVEN: sections, names, jobs, counters and settings, by GENIE's 19 outputs and its reader.
// All of them are of later agents, so ours: a classic agent in that layout. What such an agent
// has besides (registration, authorization) stands under `Enforcement Status:`, which GENIE's
// reader passes over; the four messages count under the names that come nearest.

mod agent;
mod jobs;
mod statistics;

use super::ios_xe;
use super::page::Page;
use super::reservation;
use super::sections::{self, Detail};
use super::view::{License, Mode, View};

pub(super) fn support(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line("Smart Licensing Tech Support info");
    page.gap();
    page.heading("Smart Licensing Status", 22);
    page.gap();
    sections::enabled(&mut page, view);
    sections::export_key(&mut page, view);
    sections::utility(&mut page);
    accounts(&mut page, view);
    sections::privacy(&mut page, view);
    sections::transport(&mut page, view);
    reporting(&mut page, view);
    page.heading("License Usage", 13);
    for (number, license) in view.licenses().iter().enumerate() {
        handle(&mut page, view, number + 1, license);
    }
    sections::product(&mut page, view);
    sections::members(&mut page, view);
    sections::agent(&mut page, view);
    jobs::upcoming(&mut page, view);
    statistics::communication(&mut page, view);
    certificates(&mut page, view);
    high_availability(&mut page);
    nodes(&mut page, view);
    page.line("Enforcement Status:");
    page.gap();
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    agent::other_info(&mut page, view);
    page.finish()
}

fn accounts(page: &mut Page, view: &View<'_>) {
    page.line("Smart Licensing Using Policy:");
    page.pair(2, "Status", "DISABLED");
    page.gap();
    let identity = view.identity();
    let smart = identity.map_or("<none>", |identity| &identity.smart_account);
    let account = identity.map_or("<none>", |identity| &identity.virtual_account);
    page.line("Account Information:");
    page.pair(2, "Smart Account", smart);
    page.pair(2, "Virtual Account", account);
    page.gap();
    page.line("Miscellaneous:");
    page.pair(2, "Custom Id", "<empty>");
    page.gap();
}

/// A classic agent reports with each authorization.
fn reporting(page: &mut Page, view: &View<'_>) {
    let authorization = &view.state.authorization;
    let last = authorization.last_attempt.as_ref().map(|attempt| attempt.at);
    page.line("Usage Reporting:");
    page.pair(2, "Reporting push interval", "30  days");
    page.pair(2, "Next report push", &view.date_or(authorization.next_attempt, "<none>"));
    page.pair(2, "Last report push", &view.date_or(last, "<none>"));
    page.gap();
}

fn handle(page: &mut Page, view: &View<'_>, number: usize, license: &License<'_>) {
    let authorization = &view.state.authorization;
    let used = license.status != Mode::NotInUse;
    let answered = authorization.answered_at.filter(|_| used);
    let asked = authorization.last_attempt.as_ref().map(|attempt| attempt.at).filter(|_| used);
    page.pair(0, "Handle", &number.to_string());
    page.pair(2, "License", &license.feature);
    page.pair(2, "Entitlement Tag", license.tag);
    page.pair(2, "Description", license.described());
    page.pair(2, "Count", &license.count.to_string());
    page.pair(2, "Version", license.version);
    let status = license.status;
    page.pair(2, "Status", &format!("{}({})", status.words(), status.number()));
    page.pair(2, "Status time", &view.date_or(answered, "<none>"));
    page.pair(2, "Request Time", &view.date_or(asked, "None"));
    ios_xe::more(page, view, license);
    page.gap();
}

impl Mode {
    /// Its number.
    // device-protocol.md 2.4 (PROVEN: MIB; `NOT IN USE(1)`: GENIE).
    fn number(self) -> u8 {
        match self {
            Self::NotInUse => 1,
            Self::Waiting => 2,
            Self::Authorized => 3,
            Self::OutOfCompliance => 4,
            Self::Evaluation => 6,
            Self::EvaluationExpired => 7,
            Self::AuthorizationExpired => 8,
            Self::Reserved => 11,
            Self::InvalidTag => 12,
            Self::NotAuthorized => 13,
        }
    }
}

/// The root is that of a lab, never a real one.
fn certificates(page: &mut Page, view: &View<'_>) {
    page.heading("License Certificates", 20);
    page.pair(0, "Production Cert", "False");
    match view.identity() {
        None => page.line("Not registered. No certificates installed"),
        Some(identity) => page.line(&format!(
            "Registered. Certificates installed, serial numbers {} (identity) and {} (signer)",
            identity.serial, identity.signer_serial
        )),
    }
    page.gap();
}

fn high_availability(page: &mut Page) {
    page.heading("HA Info", 10);
    for role in ["RP Role", "Chassis Role", "Behavior Role"] {
        page.pair(0, role, "Active");
    }
    page.pair(0, "RMF", "True");
    page.pair(0, "CF", "True");
    page.pair(0, "CF State", "Stateless");
    page.pair(0, "Message Flow Allowed", "False");
    page.gap();
}

/// GENIE's reader takes the state of each node, but no terms: those stand under `Enforcement
/// Status:`, which it passes over.
fn nodes(page: &mut Page, view: &View<'_>) {
    page.heading("Reservation Info", 16);
    reservation::enabled(page, view);
    page.gap();
    reservation::overall(page, view);
    page.line("Specified license reservations:");
    page.gap();
}
