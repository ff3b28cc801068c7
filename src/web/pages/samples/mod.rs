//! Every page once with sample data: the house rules are checked on them.
//!
//! With `SYNCOM_PREVIEW=<folder>` the test also writes each page there, to be
//! looked at in a browser.

mod contracts;
mod hub;
mod instances;
mod inventory;
mod lab;
mod local_accounts;
mod on_prems;
mod outside;
mod people;
mod reservations;
mod rules;
mod satellite;
mod synchronization;
mod tokens;
mod usage;

use super::cssm::events::{EventFilter, EventRow};
use super::cssm::inventory::{VaChoice, VaHeader, VaTab};
use super::frame::{AccountRef, Frame, Skin, Tab, Viewer, WorldTime};
use super::labels;
use super::view::{Choice, Flash, PageSize, Pager, Severities, Tone, When};
use crate::domain::time::Timestamp;
use askama::Template;

/// A page and the name of its file.
struct Sample {
    name: &'static str,
    html: String,
}

fn sample(name: &'static str, page: &impl Template) -> Sample {
    Sample { name, html: page.render().unwrap() }
}

fn all() -> Vec<Sample> {
    let mut pages = outside::pages();
    pages.extend(inventory::pages());
    pages.extend(tokens::pages());
    pages.extend(contracts::pages());
    pages.extend(instances::pages());
    pages.extend(lab::pages());
    pages.extend(on_prems::pages());
    pages.extend(reservations::pages());
    pages.extend(satellite::pages());
    pages.extend(synchronization::pages());
    pages.extend(local_accounts::pages());
    pages.extend(people::pages());
    pages.extend(hub::pages());
    pages.extend(usage::pages());
    pages
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-01-05T09:12:00Z")
}

fn when(text: &str) -> When {
    When::at(at(text), now())
}

fn day(text: &str) -> When {
    When::day(text.parse().unwrap(), now())
}

fn counts(major: i64, minor: i64) -> Severities {
    Severities { major, minor }
}

fn stranger(skin: Skin, site: &str) -> Frame {
    Frame {
        skin,
        site: site.to_owned(),
        account: None,
        viewer: None,
        system: None,
        hub: None,
        world: WorldTime::of(now(), false, None),
        tab: Tab::Outside,
        alerts: Severities::default(),
        sees_all: true,
        flash: None,
        csrf: "c2VjcmV0".to_owned(),
    }
}

fn ann() -> Frame {
    Frame {
        viewer: Some(Viewer {
            name: "ann".to_owned(),
            roles: vec!["Smart Account Administrator".to_owned()],
        }),
        ..stranger(Skin::Cssm, "cssm")
    }
}

fn frame(tab: Tab) -> Frame {
    Frame {
        account: Some(AccountRef {
            name: "Contoso Lab".to_owned(),
            domain: "lab.example".to_owned(),
            detail: "lab.example".to_owned(),
            may_manage: true,
            manages_roles: true,
        }),
        tab,
        alerts: counts(1, 2),
        ..ann()
    }
}

fn flashed(tab: Tab, text: &str) -> Frame {
    Frame { flash: Some(Flash { tone: Tone::Good, text: text.to_owned() }), ..frame(tab) }
}

fn header(tab: VaTab) -> VaHeader {
    let choice = |id, name: &str, depth, satellite: Option<&str>, alerts| VaChoice {
        id,
        name: name.to_owned(),
        depth,
        is_default: id == 1,
        satellite: satellite.map(str::to_owned),
        tags: if id == 2 { vec!["emea".to_owned()] } else { Vec::new() },
        alerts,
    };
    VaHeader {
        id: 2,
        name: "Berlin".to_owned(),
        description: "Products of the Berlin office".to_owned(),
        is_default: false,
        satellite: None,
        alerts: counts(1, 2),
        choices: vec![
            choice(1, "DEFAULT", 0, None, counts(0, 0)),
            choice(2, "Berlin", 0, None, counts(1, 2)),
            choice(3, "Berlin-Lab", 1, None, counts(0, 0)),
            choice(4, "Fabric", 0, None, counts(0, 0)),
            choice(5, "Sat-A-VA", 0, Some("sat-a"), counts(0, 1)),
            choice(6, "Tokyo", 0, None, counts(0, 0)),
            choice(7, "Vault", 0, None, counts(0, 0)),
        ],
        tab,
    }
}

fn one_page(summary: &str) -> Pager {
    Pager { summary: summary.to_owned(), ..Pager::default() }
}

fn second_page(summary: &str) -> Pager {
    let size = |rows| PageSize { rows, href: format!("?rows={rows}"), current: rows == 20 };
    Pager {
        first: Some("?".to_owned()),
        previous: Some("?before=b".to_owned()),
        next: Some("?after=a".to_owned()),
        last: None,
        sizes: vec![size(20), size(50), size(100)],
        summary: summary.to_owned(),
    }
}

fn filter(active: bool) -> EventFilter {
    EventFilter {
        licenses: vec![
            Choice::new("l1", "CUWL", false),
            Choice::new("l2", "UCM Enhanced Plus", active),
        ],
        instances: vec![Choice::new("p1", "dev-1", false), Choice::new("p2", "dev-2", false)],
    }
}

fn log_rows(with_account: bool) -> Vec<EventRow> {
    let event = |message: &str, time, user: &str| EventRow {
        message: message.to_owned(),
        time: when(time),
        user: user.to_owned(),
        virtual_account: with_account
            .then(|| ("Berlin".to_owned(), Some("/sa/lab.example/inventory/2/events".to_owned()))),
    };
    vec![
        event(
            "Out of compliance: 13 UCM Enhanced Plus in use, 10 available; short of 3.",
            "2026-01-05T09:10:00Z",
            "System",
        ),
        event(
            "Product instance dev-2 asked for 9 UCM Enhanced Plus.",
            "2026-01-05T09:10:00Z",
            "dev-2",
        ),
        event(
            "Product instance dev-2 (UDI_PID:SIM; UDI_SN:000002;) registered with the token \
             \u{201c}first lab\u{201d}.",
            "2026-01-05T09:09:12Z",
            "dev-2",
        ),
        event(
            "Registration token \u{201c}first lab\u{201d} created, good until 2026-02-04 09:00.",
            "2026-01-05T09:00:00Z",
            "bob",
        ),
    ]
}
