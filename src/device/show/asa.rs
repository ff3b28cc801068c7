//! `show license …` of ASA 9.16.
// PROVEN: NTC `cisco_asa_show_license_all` to `_all5`: sections, order, names and dates; the
// parts by themselves are ours, made of the same sections. NTC's reader takes no URL, no proxy
// and no list of nodes, so `all` has none.

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
    sections::export_key(&mut page, view);
    sections::utility(&mut page);
    sections::privacy(&mut page, view);
    transport(&mut page, view);
    sections::usage(&mut page, view, |page, license| more(page, view, license));
    sections::product(&mut page, view);
    sections::agent(&mut page, view);
    // NTC's reader takes no more of it.
    page.heading("Reservation Info", 16);
    reservation::enabled(&mut page, view);
    page.finish()
}

fn status(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::enabled(&mut page, view);
    sections::registration(&mut page, view, Detail::Full);
    sections::authorization(&mut page, view, Detail::Full);
    sections::export_key(&mut page, view);
    sections::utility(&mut page);
    sections::privacy(&mut page, view);
    transport(&mut page, view);
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
    page.line("License Authorization:");
    page.pair(2, "Status", &view.authorization_on());
    page.gap();
    sections::usage(&mut page, view, |page, license| more(page, view, license));
    page.finish()
}

fn udi(view: &View<'_>) -> String {
    let mut page = Page::default();
    sections::product(&mut page, view);
    sections::members(&mut page, view);
    page.finish()
}

fn transport(page: &mut Page, view: &View<'_>) {
    page.line("Transport:");
    page.pair(2, "Type", sections::transport_type(view));
    page.gap();
}

fn more(page: &mut Page, view: &View<'_>, license: &License<'_>) {
    page.pair(2, "Export status", sections::export_status(view, license));
}
