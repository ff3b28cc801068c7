//! `show license …` of IOS XE, classic Smart Licensing (16.9 to 17.3.1).
// PROVEN: GENIE `ShowLicenseAll/golden_output_3`, `ShowLicenseStatus/golden_output2`, NTC
// `cisco_ios_show_license_status1`: sections, their order, names and dates. The summary is that
// of the NX-OS guide with GENIE's table. The last four lines of a license are PROVEN for later
// agents only; GENIE's reader of `show license usage` wants them.

use super::Texts;
use super::page::Page;
use super::reservation;
use super::sections::{self, Detail};
use super::view::{License, View};
use crate::domain::reservation::Kind;

pub(super) const TEXTS: Texts = Texts { all, status, summary, usage, udi };

fn all(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.heading("Smart Licensing Status", 22);
    page.gap();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    sections::export_key(&mut page, view);
    sections::utility(&mut page);
    sections::privacy(&mut page, view);
    sections::transport(&mut page, view);
    sections::usage(&mut page, view, |page, license| {
        more(page, view, license);
        reserved(page, view, license);
    });
    sections::product(&mut page, view);
    sections::members(&mut page, view);
    sections::agent(&mut page, view);
    // GENIE's reader takes no more of it: the rest is `show license reservation`.
    page.heading("Reservation Info", 16);
    reservation::enabled(&mut page, view);
    page.finish()
}

/// Some agents end with `Miscellaneous:`; GENIE's reader then forgets the transport of a product
/// that is not registered.
fn status(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::utility(&mut page);
    sections::privacy(&mut page, view);
    sections::transport(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    sections::export_key(&mut page, view);
    page.finish()
}

fn summary(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Brief);
    sections::authorization(&mut page, view, Detail::Brief);
    sections::table(&mut page, view, "Entitlement tag");
    page.finish()
}

fn usage(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line(&format!("License Authorization:{}", view.manner.after_authorization));
    page.pair(2, "Status", &view.authorization_on());
    page.gap();
    if !view.state.in_use() {
        page.line("No licenses in use");
    }
    for license in view.in_use() {
        sections::block(&mut page, &license, &|page, license| {
            more(page, view, license);
            reserved(page, view, license);
        });
    }
    page.finish()
}

fn udi(view: &View<'_>) -> String {
    let mut page = Page::default();
    page.line(&format!("UDI: {}", view.udi()));
    page.gap();
    sections::members(&mut page, view);
    page.finish()
}

/// What stands below a license.
pub(super) fn more(page: &mut Page, view: &View<'_>, license: &License<'_>) {
    page.pair(2, "Export status", sections::export_status(view, license));
    page.pair(2, "Feature Name", &license.feature);
    page.pair(2, "Feature Description", license.described());
    page.pair(2, "Enforcement type", enforcement(license));
    page.pair(2, "License type", kind(license));
}

/// PROVEN (C9300); GENIE's reader of a tech support takes no such lines.
fn reserved(page: &mut Page, view: &View<'_>, license: &License<'_>) {
    let Some(code) = view.installed() else { return };
    page.line("  Reservation:");
    page.pair(4, "Reservation status", reservation::words(code.kind));
    if code.kind == Kind::Specific {
        let count: u64 = code.of(license.tag).map(|reserved| reserved.count).sum();
        page.pair(4, "Total reserved count", &count.to_string());
    }
}

/// How a license is enforced.
// PROVEN: `NOT ENFORCED`; `EXPORT RESTRICTED`: recall.
pub(super) fn enforcement(license: &License<'_>) -> &'static str {
    if license.restricted { "EXPORT RESTRICTED" } else { "NOT ENFORCED" }
}

fn kind(license: &License<'_>) -> &'static str {
    if license.term { "Subscription" } else { "Perpetual" }
}
