//! Control Hub and Partner Hub.

use super::{Sample, ann, one_page, sample, when};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::hub::activity::{HubLogPage, HubLogRow};
use crate::web::pages::hub::frame::HubBar;
use crate::web::pages::hub::labels::Words;
use crate::web::pages::hub::landing::{LandingPage, PlaceCard};
use crate::web::pages::hub::people::{HubPeoplePage, HubPersonRow};
use crate::web::pages::view::Severities;

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = in_language(Lang::En, ["hub", "hub-none", "hub-people", "hub-activity"]);
    pages.extend(in_language(
        Lang::Nl,
        ["hub-nl", "hub-none-nl", "hub-people-nl", "hub-activity-nl"],
    ));
    pages
}

/// The frame of an organization's page; `here` is the label of its tab.
pub(super) fn framed(lang: Lang, organization: Option<&str>, labels: &[&'static str]) -> Frame {
    let tab = |(index, label): (usize, &&'static str)| NavItem {
        label,
        href: format!("/hub/relay/{index}"),
        current: index == 0,
        alerts: Severities::default(),
    };
    let words = Words::of(lang);
    let languages = Lang::ALL.map(|(one, name)| {
        (name, format!("/hub/language/{}?next=%2Fhub", one.code()), one == lang)
    });
    let hub = HubBar {
        organization: organization.map(|name| (name.to_owned(), words.partner_hub)),
        lang,
        languages: languages.into(),
        tabs: labels.iter().enumerate().map(tab).collect(),
    };
    Frame { hub: Some(hub), ..ann() }
}

fn in_language(lang: Lang, [landing, none, people, log]: [&'static str; 4]) -> Vec<Sample> {
    let words = Words::of(lang);
    let card = |name: &str, hub, roles: &str| PlaceCard {
        name: name.to_owned(),
        hub,
        roles: roles.to_owned(),
        href: "/hub/relay".to_owned(),
    };
    let chosen = LandingPage {
        frame: framed(lang, None, &[]),
        words,
        places: vec![
            card("Relay Partners", words.partner_hub, "Sales admin"),
            card("Vega Foods", words.control_hub, "Sales admin"),
        ],
    };
    let nobody = LandingPage { places: vec![], ..chosen.clone() };
    let row = |id: &str, name: &str, role, at: &str| HubPersonRow {
        id: id.to_owned(),
        name: name.to_owned(),
        role,
        at: at.to_owned(),
    };
    let all = HubPeoplePage {
        frame: framed(lang, Some("Relay Partners"), &[words.people, words.activity]),
        words,
        base: "/hub/relay/people".to_owned(),
        people: vec![
            row("r1", "paula", "Full admin", "Relay Partners"),
            row("r2", "sally", "Sales admin", "Vega Foods"),
        ],
    };
    let events = HubLogPage {
        frame: framed(lang, Some("Relay Partners"), &[words.activity]),
        words,
        events: vec![HubLogRow {
            time: when("2026-01-05T09:00:00Z"),
            message: "bob is Sales admin of Deneb Schools.".to_owned(),
            user: "paula".to_owned(),
        }],
        pager: one_page("1 event"),
    };
    vec![
        sample(landing, &chosen),
        sample(none, &nobody),
        sample(people, &all),
        sample(log, &events),
    ]
}
