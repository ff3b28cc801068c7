//! Pages of the clock, the agreement, and of changing virtual accounts.

use super::*;
use crate::web::pages::clock::ClockPage;
use crate::web::pages::cssm::agreement::AgreementPage;
use crate::web::pages::cssm::custom_tags::{CustomTagLine, CustomTagsPage};
use crate::web::pages::cssm::va_change::{EditVirtualAccountPage, EmptyVirtualAccountPage};
use crate::web::pages::view::Field;

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = clock();
    pages.extend(agreement());
    pages.extend(changes());
    pages.extend(custom_tags());
    pages
}

fn clock() -> Vec<Sample> {
    let step = |value: &str, label: &str| Choice::new(value, label, false);
    let page = ClockPage {
        frame: flashed(
            Tab::Outside,
            "From 2026-01-05 to 2026-02-04. What fell due: alert raised (1).",
        ),
        world: "default".to_owned(),
        now: when("2026-02-04T09:00:00Z"),
        wall: when("2026-01-05T09:12:00Z"),
        frozen: true,
        is_wall: false,
        may_go_back: false,
        may_move: true,
        steps: vec![step("1d", "1 day"), step("30d", "30 days"), step("365d", "1 year")],
        advance: Field::of("forty days").refused("It is not a duration; write it like 30d."),
        to: Field::default(),
        refused: None,
    };
    let back = ClockPage {
        may_go_back: true,
        advance: Field::default(),
        frame: Frame {
            world: WorldTime::of(now(), false, Some(at("2027-01-10T09:00:00Z"))),
            ..ann()
        },
        ..page.clone()
    };
    vec![sample("clock", &page), sample("clock-back", &back)]
}

fn agreement() -> Vec<Sample> {
    let page = AgreementPage {
        frame: frame(Tab::Outside),
        published: "2.0".to_owned(),
        accepted: Some(("1.0".to_owned(), "ann".to_owned(), when("2026-01-05T09:00:00Z"))),
        current: false,
        may_accept: true,
        back: "/sa/lab.example/alerts".to_owned(),
        refused: None,
    };
    vec![sample("agreement", &page)]
}

fn custom_tags() -> Vec<Sample> {
    let line = |id: &str, name: &str, values: &[&str], virtual_accounts, licenses| CustomTagLine {
        id: id.to_owned(),
        name: name.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
        virtual_accounts,
        licenses,
    };
    let page = CustomTagsPage {
        frame: frame(Tab::Outside),
        tabs: vec![],
        lines: vec![
            line("c1", "Cost center", &["4711", "4712", "Shared services"], 12, 1_240),
            line("c2", "Region", &["AMER", "APAC", "EMEA"], 3, 0),
        ],
        may_change: true,
        pager: one_page("2 custom tags"),
    };
    let seen = CustomTagsPage { may_change: false, ..page.clone() };
    let none = CustomTagsPage { lines: vec![], ..page.clone() };
    let none_seen = CustomTagsPage { may_change: false, ..none.clone() };
    vec![
        sample("custom-tags", &page),
        sample("custom-tags-seen", &seen),
        sample("custom-tags-none", &none),
        sample("custom-tags-none-seen", &none_seen),
    ]
}

fn changes() -> Vec<Sample> {
    let edit = EditVirtualAccountPage {
        frame: frame(Tab::Outside),
        id: 3,
        known_as: "Berlin-Lab".to_owned(),
        name: Field::of("berlin ").refused("There is a virtual account Berlin already."),
        description: Field::of("The test floor in Berlin"),
        access: vec![
            Choice::new("public", "Public", true),
            Choice::new("private", "Private", false),
        ],
        parents: vec![Choice::new("", "Top level", false), Choice::new("2", "Berlin", true)],
        parent_error: None,
        tags: Field::of("lab, voice"),
        tags_hint: "Labels, with commas between them. Custom tags take one of their values: \
                    Region: APAC | EMEA; Stage: lab | live."
            .to_owned(),
        refused: None,
    };
    let empty = EmptyVirtualAccountPage {
        frame: frame(Tab::Outside),
        id: 6,
        name: "Tokyo".to_owned(),
        licenses: 140,
        instances: 2,
        tokens: 1,
        children: 0,
        targets: vec![Choice::new("1", "DEFAULT", true)],
        refused: None,
    };
    vec![sample("virtual-account-edit", &edit), sample("virtual-account-empty", &empty)]
}
