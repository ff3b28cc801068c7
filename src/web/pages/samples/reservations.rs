//! Pages of license reservations, and the support desk.

use super::*;
use crate::web::pages::cssm::reservations::pages::{
    AddPage, CodePage, EntryPage, Head, KindChoice, OfferRow, QuantityRow, RequestPage, ReviewPage,
    ReviewRow, SelectPage,
};
use crate::web::pages::cssm::reservations::support::{DeskRow, SupportPage, Switch};
use crate::web::pages::cssm::reservations::{Step, Steps, Way};
use crate::web::pages::help;
use crate::web::pages::view::{Badge, Field};

const CODE: &str = "CB-ZSIM:000010-AK9A6sMTr-86";

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = requests();
    pages.extend(selections());
    pages.extend(reviews());
    pages.extend(codes());
    pages.push(support_desk());
    pages
}

fn head(way: Way, adds: bool, here: Step) -> Head {
    let (title, about) = match way {
        Way::Reserve => ("Smart License Reservation", "For a device without a network, in Vault"),
        Way::Update => ("Update License Reservation", "UDI_PID:SIM; UDI_SN:000010; in Vault"),
        Way::Rehost => {
            let about = "UDI_PID:SIM; UDI_SN:000010; in Vault has failed";
            ("Rehost Licenses from a Failed Product", about)
        }
    };
    Head {
        title,
        about: about.to_owned(),
        steps: Steps::of(way, adds, here),
        action: "/sa/lab.example/inventory/7/reserve".to_owned(),
        hidden: vec![("kept".to_owned(), CODE.to_owned())],
        cancel: "/sa/lab.example/inventory/7/licenses".to_owned(),
        topic: help::RESERVATION,
    }
}

fn device() -> Vec<(&'static str, String)> {
    vec![
        ("Product Type", "Syncom SIM, a product of no vendor".to_owned()),
        ("UDI PID", "SIM".to_owned()),
        ("UDI Serial Number", "000010".to_owned()),
        ("UUID", "6f1c1c1e-6a4f-4b62-9d3e-9f0a0b3b1c11".to_owned()),
    ]
}

/// What a device holds, and shall hold.
pub(super) fn held() -> Vec<ReviewRow> {
    let row = |kind: &str, expires, quantity| ReviewRow {
        license: "Meetings Host".to_owned(),
        kind: kind.to_owned(),
        expires,
        quantity,
    };
    vec![row("Perpetual", None, (10, 14)), row("Term", Some(day("2026-06-30")), (2, 2))]
}

fn requests() -> Vec<Sample> {
    let first = RequestPage {
        frame: frame(Tab::Inventory),
        head: head(Way::Reserve, false, Step::Request),
        code: Field::default(),
        notes: None,
        refused: None,
    };
    let mistyped = RequestPage {
        code: Field::of("CB-ZSIM:000010-AK9A6sMTr-87").refused(
            "Reservation request code: its check digits do not fit; it was mistyped or cut off.",
        ),
        ..first.clone()
    };
    let rehost = RequestPage {
        head: head(Way::Rehost, false, Step::Request),
        notes: Some(Field::of("Power supply burnt, RMA 8001")),
        refused: Some(
            "Previous Product Return Pending: 1 failed products are not returned yet (at most 1 \
             when the stock does not suffice), and 5 licenses are missing."
                .to_owned(),
        ),
        ..first.clone()
    };
    vec![
        sample("reserve-request", &first),
        sample("reserve-request-mistyped", &mistyped),
        sample("rehost-request", &rehost),
    ]
}

fn quantity(field: &str, kind: &str, value: &str) -> QuantityRow {
    let term = kind == "Term";
    QuantityRow {
        field: format!("quantity-{field}"),
        license: "Meetings Host".to_owned(),
        kind: kind.to_owned(),
        expires: term.then(|| day("2026-06-30")),
        ended: false,
        purchased: Some(if term { 5 } else { 25 }),
        available: Some(if term { 3 } else { 15 }),
        held: if term { 2 } else { 10 },
        quantity: Field::of(value),
    }
}

fn selections() -> Vec<Sample> {
    let mut too_many = quantity("a", "Perpetual", "16");
    too_many.quantity = too_many
        .quantity
        .refused("16 Meetings Host were asked for, 15 available; reservations do not borrow.");
    let reported = QuantityRow {
        license: "Reported Host".to_owned(),
        purchased: None,
        available: None,
        ..quantity("c", "Reported", "")
    };
    let ended = QuantityRow { ended: true, available: Some(0), ..quantity("b", "Term", "2") };
    let option = |value, name, present| (value, name, present);
    let both = vec![
        option("universal", "Reserve everything (universal)", false),
        option("specific", "Reserve a specific license", true),
    ];
    let select = SelectPage {
        frame: frame(Tab::Inventory),
        head: head(Way::Reserve, true, Step::Select),
        device: device(),
        kind: KindChoice { options: both, error: None },
        rows: Some(vec![too_many, quantity("b", "Term", "2"), reported]),
        added: vec!["4 Meetings Host".to_owned()],
        updates: false,
        refused: None,
    };
    let universal = SelectPage {
        head: head(Way::Reserve, false, Step::Select),
        rows: None,
        added: vec![],
        kind: KindChoice {
            options: vec![
                option("universal", "Reserve everything (universal)", false),
                option("specific", "Reserve a specific license", true),
            ],
            error: Some("This request code is universal.".to_owned()),
        },
        ..select.clone()
    };
    let update = SelectPage {
        head: head(Way::Update, false, Step::Select),
        rows: Some(vec![quantity("a", "Perpetual", "14"), ended]),
        added: vec![],
        updates: true,
        refused: Some(
            "Nothing would change: give at least one license another quantity.".to_owned(),
        ),
        kind: KindChoice {
            options: vec![option("specific", "Update a specific license", true)],
            error: None,
        },
        ..select.clone()
    };
    let offer = OfferRow {
        field: "add-a".to_owned(),
        license: "Meetings Host".to_owned(),
        most: 4,
        quantity: Field::of("5").refused("5 cannot be added: 0 to 4 is the rule."),
    };
    let add = AddPage {
        frame: frame(Tab::Inventory),
        head: head(Way::Reserve, true, Step::Inventory),
        rows: vec![offer],
        refused: None,
    };
    vec![
        sample("reserve-inventory", &add),
        sample("reserve-select", &select),
        sample("reserve-universal", &universal),
        sample("update-select", &update),
    ]
}

fn reviews() -> Vec<Sample> {
    let review = ReviewPage {
        frame: frame(Tab::Inventory),
        head: head(Way::Reserve, false, Step::Review),
        device: device(),
        checks: vec![],
        rows: Some(held()),
        consequence: "The licenses leave the pool when the code is made.",
        updates: false,
        refused: None,
    };
    let update = ReviewPage {
        head: head(Way::Update, false, Step::Review),
        updates: true,
        ..review.clone()
    };
    let rehost = ReviewPage {
        head: head(Way::Rehost, false, Step::Review),
        checks: vec!["The request code is complete.".to_owned(), "In stock.".to_owned()],
        ..review.clone()
    };
    vec![
        sample("reserve-review", &review),
        sample("update-review", &update),
        sample("rehost-review", &rehost),
    ]
}

fn codes() -> Vec<Sample> {
    let xml = "<specificPLR><authorizationCode><flag>A</flag><version>C</version>\
               <piid>6f1c1c1e-6a4f-4b62-9d3e-9f0a0b3b1c11</piid><timestamp>1767603600000</timestamp>\
               <entitlements><entitlement><tag>regid.2026-01.com.syncom.MEETINGS_HOST,1.0_0b1ae5b3\
               </tag><count>10</count></entitlement></entitlements></authorizationCode></specificPLR>";
    let code = CodePage {
        frame: frame(Tab::Inventory),
        steps: Some(Steps::of(Way::Reserve, false, Step::Code)),
        name: "UDI_PID:SIM; UDI_SN:000010;".to_owned(),
        code: xml.to_owned(),
        made: (when("2026-01-05T09:10:00Z"), "ulf".to_owned()),
        pending: false,
        universal: false,
        file: "AC_000010.xml".to_owned(),
        download: "/sa/lab.example/inventory/7/instances/p3/authorization/download".to_owned(),
        confirm: "/sa/lab.example/inventory/7/instances/p3/confirm".to_owned(),
        close: "/sa/lab.example/inventory/7/instances/p3".to_owned(),
    };
    let pending = CodePage {
        steps: Some(Steps::of(Way::Update, false, Step::Code)),
        pending: true,
        ..code.clone()
    };
    let confirm = EntryPage {
        frame: frame(Tab::Inventory),
        title: "Enter Confirmation Code",
        about: "UDI_PID:SIM; UDI_SN:000010; in Vault".to_owned(),
        action: "/sa/lab.example/inventory/7/instances/p3/confirm".to_owned(),
        label: "Reservation Confirmation Code",
        code: Field::default(),
        hint: "8 digits from 0 to 9 and a to f.",
        effects: vec!["Meetings Host: 10 becomes 14.".to_owned()],
        button: "OK".to_owned(),
        destroys: false,
        topic: help::RESERVATION_UPDATE,
        cancel: "/sa/lab.example/inventory/7/instances/p3".to_owned(),
    };
    let give_back = EntryPage {
        title: "Remove Product Instance",
        label: "Reservation Return Code",
        code: Field::of("Cabc").refused("Reservation return code: it was used already."),
        button: "Remove Product Instance and free 10 licenses".to_owned(),
        effects: vec!["10 Meetings Host become available again.".to_owned()],
        destroys: true,
        topic: help::RESERVATION_RETURN,
        ..confirm.clone()
    };
    vec![
        sample("reservation-code", &code),
        sample("reservation-code-pending", &pending),
        sample("reservation-confirm", &confirm),
        sample("reservation-return", &give_back),
    ]
}

fn support_desk() -> Sample {
    let row = |id: &str, name: &str, badge: Option<&str>| DeskRow {
        id: id.to_owned(),
        name: name.to_owned(),
        virtual_account: "Vault".to_owned(),
        href: format!("/sa/lab.example/inventory/7/instances/{id}"),
        badge: badge.map(|word| Badge::new(Tone::Attention, word)),
        pending: badge == Some("Update pending"),
    };
    let switch = |value, label, on| Switch { value, label, hint: "What it decides on.", on };
    let page = SupportPage {
        frame: flashed(Tab::Outside, "Contoso Lab is changed; the event log says by whom."),
        account: "Contoso Lab".to_owned(),
        may_switch: true,
        switches: vec![
            switch("export", "Export-controlled functionality", true),
            switch("reservation", "License reservation", true),
            switch("inventory", "Add to Inventory", false),
        ],
        rows: vec![
            row("p3", "UDI_PID:SIM; UDI_SN:000010;", Some("Update pending")),
            row("p4", "UDI_PID:SIM; UDI_SN:000011;", Some("Return pending")),
            row("p5", "UDI_PID:SIM; UDI_SN:000012;", None),
        ],
        pager: one_page("3 instances"),
    };
    sample("support", &page)
}
