//! On-Prem Accounts.

use super::{Sample, counts, frame, one_page, sample, when};
use crate::web::pages::cssm::events::EventRow;
use crate::web::pages::cssm::on_prems::change::{AttachPage, RenameOnPremPage};
use crate::web::pages::cssm::on_prems::details::OnPremPage;
use crate::web::pages::cssm::on_prems::file_sync::FileSyncPage;
use crate::web::pages::cssm::on_prems::register::NewOnPremPage;
use crate::web::pages::cssm::on_prems::{Deed, Deeds, OnPremRow, OnPremsPage};
use crate::web::pages::frame::Tab;
use crate::web::pages::view::{Badge, Choice, Field, Tone};

pub(super) fn pages() -> Vec<Sample> {
    let page = |rows: Vec<OnPremRow>| {
        let pager = one_page("3 On-Prems");
        OnPremsPage { frame: frame(Tab::OnPrem), rows, may_create: true, pager }
    };
    vec![
        sample("on-prems", &page(vec![plant(), waiting(), gone()])),
        sample("on-prems-empty", &page(vec![])),
        sample("on-prem", &plant_page()),
        sample("on-prem-new", &new()),
        sample("on-prem-sync", &file_sync()),
        sample("on-prem-rename", &rename()),
        sample("on-prem-attach", &attach()),
    ]
}

fn plant() -> OnPremRow {
    OnPremRow {
        id: 1,
        name: "Plant A".to_owned(),
        state: Badge::new(Tone::Good, "Active"),
        places: vec!["Sat-A-VA".to_owned(), "Sat-B-VA".to_owned()],
        version: "0.9.0".to_owned(),
        last: Some(when("2025-12-02T09:00:00Z")),
        due: Some(when("2026-01-01T09:00:00Z")),
        alerts: counts(0, 1),
        may: Deeds(vec![Deed::Sync, Deed::Response, Deed::Attach, Deed::Change]),
    }
}

fn waiting() -> OnPremRow {
    OnPremRow {
        id: 2,
        name: "A ship that is seldom in a harbour with a network".to_owned(),
        state: Badge::new(Tone::Neutral, "Not synchronized yet"),
        last: None,
        due: Some(when("2026-02-04T09:00:00Z")),
        alerts: counts(0, 0),
        may: Deeds(vec![Deed::Authorization, Deed::Sync, Deed::Change]),
        ..plant()
    }
}

fn gone() -> OnPremRow {
    OnPremRow {
        id: 3,
        name: "Plant Z".to_owned(),
        state: Badge::new(Tone::Bad, "Expired and removed"),
        places: vec![],
        due: None,
        alerts: counts(1, 0),
        may: Deeds(vec![Deed::Dismiss]),
        ..plant()
    }
}

fn plant_page() -> OnPremPage {
    let event = |message: &str, user: &str| EventRow {
        message: message.to_owned(),
        time: when("2025-12-02T09:00:00Z"),
        user: user.to_owned(),
        virtual_account: None,
    };
    let refused = "A file of the On-Prem Plant A was refused: The file was already processed \
                   (sequence 7).";
    OnPremPage {
        frame: frame(Tab::OnPrem),
        row: plant(),
        state: Badge::new(Tone::Good, "Active"),
        uid: "0198c5a2-4a5e-7c11-9d54-0b1ae5b35f0a".to_owned(),
        mode: "Several virtual accounts (classic)".to_owned(),
        created: when("2025-06-02T09:00:00Z"),
        created_by: "ann".to_owned(),
        deadline: when("2026-03-02T09:00:00Z"),
        ready: None,
        email: "plant-a@lab.example".to_owned(),
        places: vec![(5, "Sat-A-VA".to_owned()), (6, "Sat-B-VA".to_owned())],
        instances: 1_204,
        alerts: vec![(
            Badge::new(Tone::Attention, "Synchronization Overdue"),
            "The On-Prem Plant A should have synchronized by 2026-01-01T09:00:00Z.".to_owned(),
        )],
        events: vec![event(refused, "ann"), event("The On-Prem Plant A was created.", "ann")],
        pager: one_page("2 events"),
        wide: true,
    }
}

fn new() -> NewOnPremPage {
    NewOnPremPage {
        frame: frame(Tab::OnPrem),
        name: Field::of("Plant/A").refused("'/' is not allowed"),
        file: Field::default().refused("The file is empty"),
        places: vec![
            Choice::new("Sat-A-VA", "Sat-A-VA", true),
            Choice::new("Sat-B-VA", "Sat-B-VA", false),
        ],
        place: Field::default(),
        email: Field::of("plant-a@lab.example"),
        refused: None,
    }
}

fn file_sync() -> FileSyncPage {
    let problem = "The file is of the On-Prem sat-b, and this is the On-Prem Plant A.";
    FileSyncPage {
        frame: frame(Tab::OnPrem),
        name: "Plant A".to_owned(),
        id: 1,
        last: Some((when("2025-12-02T09:00:00Z"), 7)),
        file: Field::default().refused(problem),
        refused: None,
    }
}

fn rename() -> RenameOnPremPage {
    RenameOnPremPage {
        frame: frame(Tab::OnPrem),
        id: 1,
        known_as: "Plant A".to_owned(),
        name: Field::of("Plant Z").refused("there is an On-Prem Plant Z already"),
        refused: None,
    }
}

fn attach() -> AttachPage {
    AttachPage {
        frame: frame(Tab::OnPrem),
        id: 1,
        known_as: "Plant A".to_owned(),
        places: vec![Choice::new("Sat-C-VA", "Sat-C-VA", true)],
        place: Field::default(),
        refused: Some("Berlin holds 2 product instances.".to_owned()),
    }
}
