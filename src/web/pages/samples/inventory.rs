//! Pages of one virtual account.

use super::outside::{alerts, ledger};
use super::tokens::token_row;
use super::*;
use crate::web::pages::cssm::alert_filter::AlertFilter;
use crate::web::pages::cssm::alerts::VaAlertsPage;
use crate::web::pages::cssm::events::EventsPage;
use crate::web::pages::cssm::explain::{ExplainPanel, Part};
use crate::web::pages::cssm::general::{GeneralPage, VaProperties};
use crate::web::pages::cssm::license::{LicensePage, LicenseTab, UsageRow, UserRow};
use crate::web::pages::cssm::license_tags::{LicenseTagsPage, Taggable};
use crate::web::pages::cssm::licenses::{LicenseRow, LicensesPage, LineRow};
use crate::web::pages::cssm::transfers::{
    Direction, Move, Side, TransferLine, TransferPage, TransferPreviewPage,
};
use crate::web::pages::view::{Badge, Field};

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = general();
    pages.extend(licenses());
    pages.extend(tags());
    pages.extend(transfers());
    pages.extend(logs());
    pages
}

fn general() -> Vec<Sample> {
    let properties = VaProperties {
        description: "Products of the Berlin office".to_owned(),
        is_default: false,
        access: "Public".to_owned(),
        parent: None,
        satellite: None,
        may_make_default: true,
        tenant_url: None,
    };
    let full = GeneralPage {
        frame: flashed(Tab::Inventory, "Token “first lab” created."),
        header: header(VaTab::General),
        properties,
        tokens: vec![
            token_row("t1", "Active", "0", "first lab"),
            token_row("t2", "Exhausted", "2 of 2", "two phones"),
            token_row("t3", "Revoked", "1 of 10", ""),
            token_row(
                "t4",
                "Expired",
                "3",
                "a rather long description that somebody wrote down to remember the summer school in the attic",
            ),
        ],
        pager: one_page("4 tokens"),
        no_new_token: None,
        several: true,
    };
    let empty = GeneralPage { frame: frame(Tab::Inventory), tokens: vec![], ..full.clone() };
    let attached = GeneralPage {
        frame: frame(Tab::Inventory),
        header: VaHeader {
            id: 5,
            name: "Sat-A-VA".to_owned(),
            description: String::new(),
            satellite: Some("sat-a".to_owned()),
            alerts: counts(0, 1),
            ..header(VaTab::General)
        },
        properties: VaProperties {
            description: String::new(),
            satellite: Some("sat-a".to_owned()),
            may_make_default: false,
            ..full.properties.clone()
        },
        tokens: vec![],
        no_new_token: Some(
            "Tokens for this virtual account are made on the satellite sat-a and appear here \
             after its next synchronization."
                .to_owned(),
        ),
        several: false,
        ..full.clone()
    };
    let url = "http://127.0.0.1:8082/cslu/v1/pi/Plant%20A-1".to_owned();
    let local = GeneralPage {
        frame: satellite::in_account(Tab::Inventory),
        properties: VaProperties { tenant_url: Some(url), ..full.properties.clone() },
        ..full.clone()
    };
    vec![
        sample("satellite-general", &local),
        sample("general", &full),
        sample("general-empty", &empty),
        sample("general-attached", &attached),
    ]
}

fn license(name: &str, available: i64, in_use: i64) -> LicenseRow {
    LicenseRow {
        id: name.to_lowercase().replace(' ', "-"),
        name: name.to_owned(),
        billing: "Prepaid",
        available,
        pending: 0,
        in_use,
        reserved: 0,
        substitution: 0,
        balance: Some(available - in_use),
        tags: if in_use > available { vec!["voice".to_owned()] } else { vec![] },
        lines: vec![],
        alerts: if in_use > available { counts(1, 0) } else { counts(0, 0) },
        may_transfer: true,
        may_tag: true,
    }
}

fn licenses() -> Vec<Sample> {
    let list = LicensesPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Licenses),
        search: String::new(),
        by_tag: false,
        detailed: false,
        may_tag: true,
        may_reserve: true,
        licenses: vec![
            LicenseRow { pending: 2000, ..license("C9300 DNA Essentials", 25000, 18250) },
            LicenseRow { reserved: 12, alerts: counts(0, 1), ..license("Meetings Host", 30, 14) },
            license("UCM Enhanced Plus", 10, 13),
            LicenseRow {
                billing: "Usage",
                balance: None,
                alerts: counts(0, 0),
                ..license("Webex Calling Minutes", 0, 250)
            },
        ],
        pager: one_page("4 licenses"),
    };
    let empty = LicensesPage { licenses: vec![], ..list.clone() };
    let local = LicensesPage { frame: satellite::in_account(Tab::Inventory), ..list.clone() };
    let line = |kind: &str, count, expires: Option<&str>, status| LineRow {
        kind: kind.to_owned(),
        count,
        reserved: 0,
        starts: day("2025-07-01"),
        expires: expires.map(day),
        status,
        source: "Order 4711, UCM-EP-LIC".to_owned(),
    };
    let usage = |name: &str, id: i64, available, in_use| UsageRow {
        name: name.to_owned(),
        href: format!("/sa/lab.example/inventory/{id}/licenses/ucm"),
        current: id == 2,
        available,
        in_use,
        balance: available - in_use,
        short: in_use > available,
    };
    let user = |name: &str, in_use| UserRow {
        name: name.to_owned(),
        href: "/sa/lab.example/inventory/2/instances/p1".to_owned(),
        product: "Unified Communications Manager".to_owned(),
        in_use,
        last_contact: when("2026-01-05T09:10:00Z"),
    };
    let detail = LicensePage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Licenses),
        license: license("UCM Enhanced Plus", 10, 13),
        description: "Unified Communications Manager user with several devices".to_owned(),
        enforcement: "Not Enforced",
        tag: "regid.2016-07.com.cisco.UCM_EnhancedPlus,12.0_2b1d4c5e-lab".to_owned(),
        lines: vec![
            line("Perpetual", 10, None, Badge::new(Tone::Good, "Active")),
            line("Term", 5, Some("2025-12-31"), Badge::new(Tone::Neutral, "Expired")),
        ],
        explained: explained(),
        usage: vec![usage("Berlin", 2, 10, 13), usage("Tokyo", 6, 40, 0)],
        users: vec![user("dev-1", 4), user("dev-2", 9)],
        events: log_rows(false),
        transactions: ledger(),
        pager: one_page("3 transactions"),
        tab: LicenseTab::Overview,
    };
    let on = |tab| LicensePage { tab, ..detail.clone() };
    vec![
        sample("licenses", &list),
        sample("licenses-empty", &empty),
        sample("satellite-licenses", &local),
        sample("license", &detail),
        sample("license-instances", &on(LicenseTab::Instances)),
        sample("license-events", &on(LicenseTab::Events)),
        sample("license-orders", &on(LicenseTab::Orders)),
    ]
}

fn explained() -> ExplainPanel {
    let part = |what: &str, note: &str, counts| Part {
        what: what.to_owned(),
        href: None,
        note: note.to_owned(),
        counts,
    };
    ExplainPanel {
        at: "2026-01-05 09:12".to_owned(),
        parts: vec![
            part("10 Perpetual licenses owned", "", 10),
            part("5 Term licenses owned", "they ended on 2025-12-31", 0),
            part("4 in use by dev-1", "", -4),
            part("9 in use by dev-2", "", -9),
        ],
        balance: -3,
    }
}

fn tags() -> Vec<Sample> {
    let license = |id: &str, name: &str, ticked| Taggable {
        id: id.to_owned(),
        name: name.to_owned(),
        tags: if ticked { vec!["voice".to_owned()] } else { vec![] },
        ticked,
    };
    let page = LicenseTagsPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Licenses),
        tags: Field::of("voice, core"),
        tags_hint: "Labels, with commas between them.".to_owned(),
        licenses: vec![license("a", "CUWL", false), license("b", "UCM Enhanced Plus", true)],
        refused: None,
    };
    vec![sample("license-tags", &page)]
}

fn transfers() -> Vec<Sample> {
    let line = |field: &str, kind: &str, expires: Option<&str>, n, quantity| TransferLine {
        field: field.to_owned(),
        kind: kind.to_owned(),
        expires: expires.map(day),
        purchased: n,
        transferable: n - 5,
        quantity,
    };
    let form = TransferPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Licenses),
        license_id: "ucm".to_owned(),
        license: "UCM Enhanced Plus".to_owned(),
        direction: Direction::From,
        targets: vec![Choice::new("6", "Tokyo (+40)", true), Choice::new("7", "Vault", false)],
        giver: Some("Tokyo".to_owned()),
        in_use: 0,
        lines: vec![
            line(
                "quantity-1",
                "Perpetual",
                None,
                40,
                Field::of("36").refused("At most 35 can be transferred."),
            ),
            line("quantity-2", "Term", Some("2026-06-30"), 25, Field::default()),
        ],
        refused: None,
    };
    let nothing = TransferPage {
        direction: Direction::To,
        giver: Some("Berlin".to_owned()),
        lines: vec![],
        ..form.clone()
    };
    let side = |name: &str, role, before: i64, used: i64, n: i64| Side {
        name: name.to_owned(),
        role,
        purchased: (before, before + n),
        in_use: (used, used),
        balance: (before - used, before - used + n),
        lacks: (used - before - n).max(0),
    };
    let part = |quantity| Move { kind: "Perpetual".to_owned(), expires: None, quantity };
    let preview = TransferPreviewPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Licenses),
        license_id: "ucm".to_owned(),
        license: "UCM Enhanced Plus".to_owned(),
        moves: vec![part(3)],
        giver: side("Tokyo", "gives", 40, 0, -3),
        receiver: side("Berlin", "receives", 10, 13, 3),
        hidden: vec![("direction".to_owned(), "from".to_owned())],
        makes_short: false,
        asked: false,
        change: "/sa/lab.example/inventory/2/licenses/ucm/transfer?direction=from".to_owned(),
    };
    let short = TransferPreviewPage {
        moves: vec![part(15)],
        giver: side("Tokyo", "gives", 40, 30, -15),
        receiver: side("Berlin", "receives", 10, 10, 15),
        makes_short: true,
        asked: true,
        ..preview.clone()
    };
    vec![
        sample("transfer", &form),
        sample("transfer-nothing", &nothing),
        sample("transfer-preview", &preview),
        sample("transfer-preview-short", &short),
    ]
}

fn logs() -> Vec<Sample> {
    let log = EventsPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::Events),
        filter: filter(true),
        events: log_rows(false),
        pager: second_page("21–24 of 61"),
    };
    let none = EventsPage { events: vec![], pager: one_page(""), ..log.clone() };
    let alerts = VaAlertsPage {
        frame: frame(Tab::Inventory),
        header: header(VaTab::MajorAlerts),
        filter: AlertFilter {
            severities: vec![Choice::new("major", "Major", true)],
            ..AlertFilter::default()
        },
        alerts: alerts(),
        pager: one_page("3 alerts"),
    };
    vec![sample("events", &log), sample("events-none", &none), sample("va-alerts", &alerts)]
}
