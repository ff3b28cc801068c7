//! `show license …` of NX-OS 9.3.
// PROVEN: the summary of a registered N9K in the NX-OS licensing guide (2021), and the licenses
// of `show license usage` there (10.x); NTC `cisco_nxos_show_license_usage` reads them. The rest
// is ours, made of the sections that all agents of this age share.

use super::Texts;
use super::page::Page;
use super::reservation;
use super::sections::{self, Detail};
use super::view::{License, View};

pub(super) const TEXTS: Texts = Texts { all, status, summary, usage, udi };

fn all(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.heading("Smart Licensing Status", 22);
    page.gap();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    conversion(&mut page);
    page.heading("License Usage", 14);
    page.gap();
    licenses(&mut page, view);
    sections::product(&mut page, view);
    sections::members(&mut page, view);
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
    conversion(&mut page);
    page.finish()
}

/// The status has its date here, the last communication has none.
fn summary(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Brief);
    page.line(&format!("License Authorization:{}", view.manner.after_authorization));
    page.pair(2, "Status", &view.authorization_on());
    if view.identity().is_some() {
        sections::communication(&mut page, view, Detail::Brief);
        let deadline = view.date_or(view.state.authorization.deadline, "NONE");
        page.pair(2, "Communication Deadline", &deadline);
    } else if view.state.unlicensed() && view.state.in_use() {
        page.pair(2, "Evaluation Period Remaining", &view.evaluation_left());
    }
    page.gap();
    conversion(&mut page);
    sections::table(&mut page, view, "Entitlement Tag");
    page.finish()
}

/// The status says that nothing is in use; NTC's reader takes no line for it.
fn usage(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line(&format!("License Authorization:{}", view.manner.after_authorization));
    page.pair(2, "Status", &view.authorization_on());
    page.gap();
    licenses(&mut page, view);
    page.finish()
}

fn udi(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line(&format!("UDI: {}", view.udi()));
    page.gap();
    sections::members(&mut page, view);
    page.finish()
}

/// A license by its package alone, as the switch names it.
fn licenses(page: &mut Page, view: &View<'_>) {
    for license in view.in_use() {
        let license = License { name: None, ..license };
        sections::block(page, &license, &more);
    }
}

fn more(page: &mut Page, license: &License<'_>) {
    let enforced = if license.restricted { "ENFORCED" } else { "NOT ENFORCED" };
    page.pair(2, "Enforcement Type", enforced);
    page.pair(2, "License Type", "Generic");
}

fn conversion(page: &mut Page) {
    page.line("Smart License Conversion:");
    page.pair(2, "Automatic Conversion Enabled", "False");
    page.pair(2, "Status", "Not started");
    page.gap();
}
