//! `show license reservation`, and the same as a section of other texts.
// PROVEN (device-protocol.md 4.3: a public transcript of a C9300): `SPECIFIC INSTALLED`, `Total
// reserved count`, `Specified license reservations`, the members of a term, `Last Confirmation
// code`; GENIE: the members of a node in a tech support. Words of other states are ours.

use super::page::Page;
use super::view::View;
use crate::device::reservation::{Installed, Reserved};
use crate::device::state::Member;
use crate::domain::reservation::Kind;
use chrono::NaiveDate;

/// The whole text.
pub(super) fn reservation(view: &View<'_>) -> String {
    let mut page = Page::default();
    enabled(&mut page, view);
    if view.state.reservation.enabled {
        page.gap();
        details(&mut page, view);
    }
    page.finish()
}

/// `Reservation Info` with all that there is to tell.
pub(super) fn section(page: &mut Page, view: &View<'_>) {
    page.heading("Reservation Info", 16);
    enabled(page, view);
    if view.state.reservation.enabled {
        page.gap();
        details(page, view);
    }
}

pub(super) fn enabled(page: &mut Page, view: &View<'_>) {
    let on = view.state.reservation.enabled;
    page.pair(0, "License reservation", if on { "ENABLED" } else { "DISABLED" });
}

fn details(page: &mut Page, view: &View<'_>) {
    overall(page, view);
    page.line("Specified license reservations:");
    for (tag, licenses) in by_tag(view) {
        page.line(&view.reserved_title(tag));
        page.pair(4, "Description", view.reserved_text(tag));
        let count: u64 = licenses.iter().map(|license| license.count).sum();
        page.pair(4, "Total reserved count", &count.to_string());
        page.line("    Term information:");
        page.pair(6, "Active", &view.udi());
        for license in licenses {
            term(page, license);
        }
    }
    page.gap();
}

/// Every node with its codes.
pub(super) fn overall(page: &mut Page, view: &View<'_>) {
    page.line("Overall status:");
    let alone = Member { role: "Active".to_owned(), sudi: view.state.product.sudi.clone() };
    let members = &view.state.product.members;
    let nodes = if members.is_empty() { std::slice::from_ref(&alone) } else { &members[..] };
    let reservation = &view.state.reservation;
    for node in nodes {
        page.pair(2, &node.role, &node.sudi.key());
        let own = node.role == "Active";
        let installed = reservation.installed.as_ref();
        let its = installed.filter(|code| own || code.units.contains(&node.sudi.key()));
        page.pair(6, "Reservation status", &status(view, its));
        let request = reservation.request.as_ref().map(|request| request.code.clone());
        let back = reservation.last_return.as_deref().map(grouped);
        let confirmed = reservation.last_confirmation.clone();
        let code = its.map(|code| code.code.clone());
        let codes = [
            ("Request code", request.filter(|_| own)),
            ("Last return code", back.filter(|_| own)),
            ("Last Confirmation code", confirmed.filter(|_| own)),
            ("Reservation authorization code", code),
        ];
        for (name, code) in codes {
            page.pair(6, name, code.as_deref().unwrap_or("<none>"));
        }
    }
    page.gap();
}

fn status(view: &View<'_>, installed: Option<&Installed>) -> String {
    match installed {
        None => "NOT INSTALLED".to_owned(),
        Some(code) => format!("{} on {}", words(code.kind), view.date(code.installed_at)),
    }
}

/// What is installed.
pub(super) fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Specific => "SPECIFIC INSTALLED",
        Kind::Universal => "UNIVERSAL INSTALLED",
    }
}

fn by_tag<'a>(view: &View<'a>) -> Vec<(&'a str, Vec<&'a Reserved>)> {
    let all = view.installed().map_or(&[][..], |installed| &installed.licenses);
    let mut tags: Vec<(&str, Vec<&Reserved>)> = Vec::new();
    for license in all {
        match tags.iter_mut().find(|(tag, _)| *tag == license.tag) {
            Some((_, same)) => same.push(license),
            None => tags.push((&license.tag, vec![license])),
        }
    }
    tags
}

fn term(page: &mut Page, license: &Reserved) {
    page.pair(8, "License type", &license.license_type);
    for (name, day) in [("Start Date", license.first_day), ("End Date", license.last_day)] {
        if let Some(day) = day {
            page.pair(10, name, &date(day));
        }
    }
    page.pair(10, "Term Count", &license.count.to_string());
    page.pair(10, "Subscription ID", license.subscription.as_deref().unwrap_or("<none>"));
}

/// `2019-JAN-15 UTC` (proven).
pub fn date(day: NaiveDate) -> String {
    day.format("%Y-%b-%d UTC").to_string().to_uppercase()
}

/// A return code as devices print it: groups of six (proven).
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(6).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
