//! `show license …` of Unified CM 12.5, whose agent is another one (in Java).
// PROVEN: CUCM-DIR (2018): sections, order, names, dates, whole tags, `Init`, `InCompliance`,
// `null`. Other modes are ours, in the manner of these two.

use super::Texts;
use super::page::Page;
use super::reservation;
use super::sections::{self, Detail};
use super::view::{License, Mode, View};
use crate::device::machine::AuthorizationState;

pub(super) const TEXTS: Texts = Texts { all, status, summary, usage, udi };

fn all(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.heading("Smart Licensing Status", 23);
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    evaluation(&mut page, view);
    licenses(&mut page, view);
    sections::product(&mut page, view);
    sections::agent(&mut page, view);
    if view.state.reservation.enabled {
        reservation::section(&mut page, view);
    }
    page.finish()
}

fn status(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    evaluation(&mut page, view);
    sections::transport(&mut page, view);
    page.finish()
}

fn summary(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Brief);
    sections::authorization(&mut page, view, Detail::Brief);
    page.line("License Usage:");
    page.line(&row(["License", "Entitlement Tag", "Count", "Status"]));
    page.line(&format!("  {}", "-".repeat(134)));
    for license in view.licenses() {
        let count = license.count.to_string();
        let name = license.name.unwrap_or_default();
        page.line(&row([name, license.tag, &count, mode(license.status)]));
    }
    page.finish()
}

fn usage(view: &View<'_>) -> String {
    let mut page = Page::default();
    licenses(&mut page, view);
    page.finish()
}

fn udi(view: &View<'_>) -> String {
    format!("UDI: {}\n", view.udi())
}

fn row([name, tag, count, status]: [&str; 4]) -> String {
    format!("  {name:<28}{tag:<87}{count:<13}{status}")
}

fn evaluation(page: &mut Page, view: &View<'_>) {
    page.line("Evaluation Period:");
    match view.authorization_state() {
        AuthorizationState::EvalExpired => {
            page.pair(2, "Evaluation Mode", "In Use");
            page.line("  EVALUATION PERIOD EXPIRED");
        }
        AuthorizationState::Eval => {
            page.pair(2, "Evaluation Mode", "In Use");
            page.pair(2, "Evaluation Period Remaining", &view.evaluation_left());
        }
        AuthorizationState::None
        | AuthorizationState::Waiting
        | AuthorizationState::Authorized
        | AuthorizationState::OutOfCompliance
        | AuthorizationState::AuthorizationExpired
        | AuthorizationState::NotAuthorized
        | AuthorizationState::Reserved => {
            page.pair(2, "Evaluation Mode", "Not In Use");
            page.pair(2, "Evaluation Period Remaining", &view.evaluation_left());
        }
    }
    page.gap();
}

/// All that a publisher knows, in use or not.
fn licenses(page: &mut Page, view: &View<'_>) {
    page.heading("License Usage", 13);
    let status = match view.authorization_since() {
        Some(since) => format!("{} as of {}", view.authorization(), view.date(since)),
        None => view.authorization().to_owned(),
    };
    page.pair(0, "License Authorization Status", &status);
    page.gap();
    for license in view.licenses() {
        block(page, &license);
    }
}

fn block(page: &mut Page, license: &License<'_>) {
    page.line(&format!("{} ({})", license.name.unwrap_or_default(), license.tag));
    page.pair(2, "Description", license.description.unwrap_or("null"));
    page.pair(2, "Count", &license.count.to_string());
    page.pair(2, "Version", license.version);
    page.pair(2, "Status", mode(license.status));
    page.gap();
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::NotInUse => "Init",
        Mode::Waiting => "Waiting",
        Mode::Authorized => "InCompliance",
        Mode::OutOfCompliance => "OutOfCompliance",
        Mode::Evaluation => "Eval",
        Mode::EvaluationExpired => "EvalExpired",
        Mode::AuthorizationExpired => "AuthorizationExpired",
        Mode::Reserved => "ReservedInCompliance",
        Mode::InvalidTag => "InvalidTag",
        Mode::NotAuthorized => "NotAuthorized",
    }
}
