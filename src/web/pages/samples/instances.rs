//! Pages of product instances.

use super::*;
use crate::web::pages::cssm::instances::{
    InstancePage, InstanceRemovePage, InstanceRow, InstanceTransferPage, InstanceUse, InstancesPage,
};
use crate::web::pages::cssm::reservations::instance::{HeldLicenses, Mark};
use crate::web::pages::cssm::restricted::{KeyRow, RestrictedPage};
use crate::web::pages::view::Badge;

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = instances();
    pages.extend(instance_dialogs());
    pages
}

pub(super) fn instance(id: &str, name: &str) -> InstanceRow {
    InstanceRow {
        id: id.to_owned(),
        name: name.to_owned(),
        product: "Unified Communications Manager".to_owned(),
        last_contact: when("2026-01-05T09:10:00Z"),
        reserved: id == "p3",
        reservation: (id == "p3").then_some(Mark {
            pending: true,
            return_pending: false,
            may_update: false,
            may_rehost: false,
        }),
        alerts: if id == "p3" { counts(0, 1) } else { counts(0, 0) },
        may_transfer: true,
        may_remove: true,
    }
}

fn usage() -> Vec<InstanceUse> {
    vec![InstanceUse {
        license: "UCM Enhanced Plus".to_owned(),
        href: "/sa/lab.example/inventory/2/licenses/ucm".to_owned(),
        billing: "Prepaid",
        required: 4,
    }]
}

fn key(tone: Tone, state: &'static str) -> KeyRow {
    KeyRow {
        license: "Router US Export Lic. for DNA".to_owned(),
        href: "/sa/lab.example/inventory/8/licenses/hsec".to_owned(),
        quantity: 1,
        state: Badge::new(tone, state),
        since: when("2026-01-05T09:10:00Z"),
    }
}

fn instances() -> Vec<Sample> {
    let list = InstancesPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Instances),
        search: String::new(),
        instances: vec![
            instance("p1", "dev-1"),
            instance("p2", "dev-2"),
            instance("p3", "UDI_PID:ISR4331/K9; UDI_SN:FDO21520TGH;"),
        ],
        pager: second_page("21–23 of 60"),
    };
    let empty = InstancesPage { instances: vec![], pager: one_page(""), ..list.clone() };
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let detail = InstancePage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Instances),
        instance: instance("p1", "dev-1"),
        facts: vec![
            fact("Product", "Unified Communications Manager"),
            fact("Host identifier", "dev-1"),
            fact("Product identifier", "SIM"),
            fact("Serial number", "000001"),
            fact("Virtual account", "Berlin"),
            fact("Export-controlled", "Allowed"),
        ],
        dates: vec![
            ("Registration".to_owned(), when("2026-01-05T09:05:00Z")),
            ("Last contact".to_owned(), when("2026-01-05T09:10:00Z")),
            ("Certificate ends".to_owned(), when("2027-01-05T09:05:00Z")),
        ],
        group: vec![
            ("Active", "UDI_PID:SIM; UDI_SN:000001;".to_owned()),
            ("Standby", "UDI_PID:SIM; UDI_SN:000002;".to_owned()),
        ],
        usage: usage(),
        keys: vec![key(Tone::Good, "Held"), key(Tone::Bad, "Not available")],
        held: None,
        events: log_rows(false),
    };
    let reserved = InstancePage {
        instance: instance("p3", "UDI_PID:SIM; UDI_SN:000010;"),
        held: Some(HeldLicenses { universal: false, rows: super::reservations::held() }),
        usage: vec![],
        group: vec![],
        dates: vec![("Reserved".to_owned(), when("2026-01-05T09:05:00Z"))],
        ..detail.clone()
    };
    vec![
        sample("instance-reserved", &reserved),
        sample("instances", &list),
        sample("instances-empty", &empty),
        sample("instance", &detail),
    ]
}

fn instance_dialogs() -> Vec<Sample> {
    let transfer = InstanceTransferPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Instances),
        instance: instance("p1", "dev-1"),
        targets: vec![Choice::new("1", "DEFAULT", false), Choice::new("6", "Tokyo", true)],
        usage: usage(),
        refused: None,
    };
    let remove = InstanceRemovePage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Instances),
        instance: instance("p1", "dev-1"),
        usage: usage(),
        refused: None,
    };
    assert_eq!(remove.button(), "Remove dev-1 and free 4 licenses");
    let restricted = RestrictedPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Instances),
        instance: instance("p1", "dev-3"),
        held: vec![InstanceUse {
            license: "Router US Export Lic. for DNA".to_owned(),
            required: 1,
            ..usage().remove(0)
        }],
        free: usage(),
        refused: None,
    };
    let only = RestrictedPage { free: vec![], ..restricted.clone() };
    vec![
        sample("instance-transfer", &transfer),
        sample("instance-remove", &remove),
        sample("instance-restricted", &restricted),
        sample("instance-restricted-only", &only),
    ]
}
