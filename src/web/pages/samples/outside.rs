//! Pages without a virtual account around them.

use super::*;
use crate::web::pages::confirm::{Blocker, ConfirmPage};
use crate::web::pages::cssm::activity::{ActivityEventsPage, TransactionRow, TransactionsPage};
use crate::web::pages::cssm::alert_filter::AlertFilter;
use crate::web::pages::cssm::alerts::{AlertAction, AlertRow, AlertsPage};
use crate::web::pages::cssm::sign_in::{AccountRow, AccountsPage, LoginPage};
use crate::web::pages::cssm::va_new::NewVirtualAccountPage;
use crate::web::pages::cssm::virtual_accounts::{VaRow, VirtualAccountsPage};
use crate::web::pages::error::ErrorPage;
use crate::web::pages::help::HelpPage;
use crate::web::pages::view::{Badge, Field};

pub(super) fn pages() -> Vec<Sample> {
    let mut pages = signing_in();
    pages.extend(account_pages());
    pages.extend(activity());
    pages.extend(questions());
    pages.extend(errors());
    pages
}

fn signing_in() -> Vec<Sample> {
    let login = LoginPage {
        frame: stranger(Skin::Cssm, "cssm"),
        username: Field::default(),
        refused: None,
        next: "/".to_owned(),
        for_client: false,
        notice: None,
    };
    let refused = LoginPage {
        username: Field::of("ann"),
        refused: Some("User name and password do not match.".to_owned()),
        ..login.clone()
    };
    let account = |name: &str, domain: &str, virtual_accounts, alerts| AccountRow {
        name: name.to_owned(),
        domain: domain.to_owned(),
        roles: "Smart Account Administrator".to_owned(),
        virtual_accounts,
        alerts,
    };
    let selector = AccountsPage {
        frame: ann(),
        accounts: vec![
            account("Contoso Lab", "lab.example", 8, counts(1, 2)),
            account("Fabrikam Training", "fabrikam.example", 1, counts(0, 0)),
        ],
        hub: true,
    };
    let satellite = LoginPage {
        frame: stranger(Skin::Satellite, "sat-a"),
        notice: Some("Only for the lab.\nLeave now.".to_owned()),
        ..login.clone()
    };
    vec![
        sample("login", &login),
        sample("login-refused", &refused),
        sample("accounts", &selector),
        sample("satellite", &satellite),
        sample("help", &HelpPage { frame: ann() }),
    ]
}

pub(super) fn alerts() -> Vec<AlertRow> {
    let insufficient = AlertRow {
        key: "1".to_owned(),
        severity: Badge::new(Tone::Bad, "Major"),
        kind: "Insufficient Licenses".to_owned(),
        message: "Virtual account Berlin is short of 3 UCM Enhanced Plus licenses. Add or \
                  transfer 3 to return to compliance."
            .to_owned(),
        href: Some("/sa/lab.example/inventory/2/licenses/ucm".to_owned()),
        source: "Berlin".to_owned(),
        source_href: "/sa/lab.example/inventory/2/general".to_owned(),
        due: "Now".to_owned(),
        actions: vec![AlertAction {
            label: "Transfer From…".to_owned(),
            href: "/sa/lab.example/inventory/2/licenses/ucm/transfer?direction=from".to_owned(),
            dialog: true,
        }],
    };
    let silent = AlertRow {
        severity: Badge::new(Tone::Attention, "Minor"),
        kind: "Product Instance Failed to Connect".to_owned(),
        message: "dev-7 in Berlin has not contacted the service since 2025-12-01. If it does not \
                  by 2026-03-01, the licenses it uses are released."
            .to_owned(),
        due: "2026-03-01".to_owned(),
        actions: vec![],
        ..insufficient.clone()
    };
    let informational = AlertRow {
        severity: Badge::new(Tone::Neutral, "Informational"),
        kind: "Licenses arrived".to_owned(),
        message: "Order 4711 brought 10 UCM Enhanced Plus licenses.".to_owned(),
        href: None,
        due: String::new(),
        ..silent.clone()
    };
    vec![insufficient, silent, informational]
}

fn alert_filter() -> AlertFilter {
    let choice = |value| Choice::new(value, value, false);
    AlertFilter {
        severities: vec![choice("Major"), choice("Minor"), choice("Informational")],
        kinds: vec![choice("Insufficient Licenses"), choice("Licenses arrived")],
        sources: vec![choice("Berlin"), choice("Tokyo")],
    }
}

fn account_pages() -> Vec<Sample> {
    let row = |id, name: &str, depth, licenses, instances, satellite: Option<&str>| VaRow {
        id,
        name: name.to_owned(),
        depth,
        description: if id == 2 {
            "Products of the Berlin office".to_owned()
        } else {
            String::new()
        },
        access: "Public".to_owned(),
        is_default: id == 1,
        satellite: satellite.map(str::to_owned),
        tags: vec![],
        licenses,
        instances,
        tokens: 1,
        may_make_default: id != 1 && satellite.is_none(),
        may_change: true,
        may_delete: id != 1,
    };
    let list = VirtualAccountsPage {
        frame: frame(Tab::Outside),
        search: String::new(),
        by_tag: false,
        accounts: vec![
            row(1, "DEFAULT", 0, 3, 0, None),
            row(2, "Berlin", 0, 10, 2, None),
            row(3, "Berlin-Lab", 1, 0, 0, None),
            row(4, "Fabric", 0, 27005, 12, None),
            row(5, "Sat-A-VA", 0, 0, 4, Some("sat-a")),
            row(6, "Tokyo", 0, 140, 31, None),
        ],
        tabs: Vec::new(),
        may_create: true,
        pager: one_page("6 virtual accounts"),
    };
    let new = NewVirtualAccountPage {
        frame: frame(Tab::Outside),
        name: Field::of("berlin ")
            .refused("There is a virtual account of this name already: Berlin."),
        description: Field::default(),
        access: vec![
            Choice::new("public", "Public", true),
            Choice::new("private", "Private", false),
        ],
        parents: vec![Choice::new("", "Top level", true), Choice::new("2", "Berlin", false)],
        users: Field::default(),
        roles: Vec::new(),
        refused: None,
    };
    let alerts = AlertsPage {
        frame: frame(Tab::Alerts),
        filter: alert_filter(),
        alerts: alerts(),
        pager: one_page("3 alerts"),
    };
    let calm = AlertsPage { alerts: vec![], filter: AlertFilter::default(), ..alerts.clone() };
    vec![
        sample("virtual-accounts", &list),
        sample("virtual-account-new", &new),
        sample("alerts", &alerts),
        sample("alerts-empty", &calm),
    ]
}

pub(super) fn ledger() -> Vec<TransactionRow> {
    let transfer = TransactionRow {
        date: when("2026-01-05T09:11:00Z"),
        kind: "Transfer".to_owned(),
        license: "UCM Enhanced Plus".to_owned(),
        sku: "UCM-EP".to_owned(),
        quantity: 3,
        expires: None,
        source: Some("Tokyo".to_owned()),
        target: Some("Berlin".to_owned()),
        reference: String::new(),
        user: "ulf".to_owned(),
    };
    let order = TransactionRow {
        date: when("2026-01-05T09:00:00Z"),
        kind: "Order".to_owned(),
        license: "Meetings Host".to_owned(),
        sku: String::new(),
        quantity: 5,
        expires: Some(day("2026-06-30")),
        source: None,
        target: Some("Vault".to_owned()),
        reference: "Order 4711".to_owned(),
        user: "System".to_owned(),
    };
    let expiry = TransactionRow {
        date: when("2025-12-31T00:00:00Z"),
        kind: "Expiry".to_owned(),
        quantity: -3,
        source: Some("Vault".to_owned()),
        target: None,
        expires: Some(day("2025-12-30")),
        ..order.clone()
    };
    vec![transfer, order, expiry]
}

fn activity() -> Vec<Sample> {
    let transactions = TransactionsPage {
        frame: frame(Tab::Activity),
        licenses: filter(false).licenses,
        kinds: vec![Choice::new("Transfer", "Transfer", false)],
        transactions: ledger(),
        pager: second_page("21–23 of 134"),
    };
    let none = TransactionsPage { transactions: vec![], ..transactions.clone() };
    let events = ActivityEventsPage {
        frame: frame(Tab::Activity),
        filter: filter(false),
        events: log_rows(true),
        pager: second_page("21–24 of 134"),
    };
    vec![
        sample("activity-transactions", &transactions),
        sample("activity-transactions-empty", &none),
        sample("activity-events", &events),
    ]
}

fn questions() -> Vec<Sample> {
    let revoke = ConfirmPage {
        frame: frame(Tab::Inventory),
        title: "Revoke registration token".to_owned(),
        facts: vec![
            ("Token".to_owned(), "ZGV2LTEtbGFi…".to_owned()),
            ("Description".to_owned(), "first lab".to_owned()),
            ("Uses".to_owned(), "2 of 10".to_owned()),
        ],
        consequence: "No product can register with it any more. The 2 product instances that \
                      did stay registered."
            .to_owned(),
        refused: false,
        blockers: vec![],
        action: "/sa/lab.example/inventory/2/tokens/t1/revoke".to_owned(),
        button: "Revoke token first lab".to_owned(),
        destroys: true,
        topic: crate::web::pages::help::TOKENS,
        cancel: "/sa/lab.example/inventory/2/general".to_owned(),
    };
    let blocker = |what: &str, href: &str| Blocker {
        what: what.to_owned(),
        href: Some(format!("/sa/lab.example/inventory/6/{href}")),
    };
    let delete = ConfirmPage {
        title: "Delete virtual account Tokyo".to_owned(),
        facts: vec![],
        consequence:
            "Tokyo still holds 140 licenses, 2 product instances, 1 active token; move or \
                      remove them first."
                .to_owned(),
        refused: true,
        blockers: vec![
            blocker("140 licenses", "licenses"),
            blocker("2 product instances", "instances"),
            blocker("1 active token", "general"),
        ],
        action: "/sa/lab.example/virtual-accounts/6/delete".to_owned(),
        cancel: "/sa/lab.example/virtual-accounts".to_owned(),
        ..revoke.clone()
    };
    vec![sample("token-revoke", &revoke), sample("virtual-account-delete", &delete)]
}

fn errors() -> Vec<Sample> {
    let page = |status, title: &str, message: &str, back: &str| ErrorPage {
        frame: frame(Tab::Outside),
        status,
        title: title.to_owned(),
        message: message.to_owned(),
        way_out: Some(("/sa/lab.example/inventory".to_owned(), back.to_owned())),
    };
    vec![
        sample(
            "error-404",
            &page(404, "Page not found", "There is no token 4711 in Berlin.", "To the inventory"),
        ),
        sample(
            "error-403",
            &page(
                403,
                "Not allowed",
                "vera is a Smart Account Viewer; creating a token needs a user or administrator \
                 role on Berlin.",
                "Back to Berlin",
            ),
        ),
        sample(
            "error-400",
            &page(
                400,
                "The form is out of date",
                "The form was opened in another session. Open it again and send it once more.",
                "Open the form again",
            ),
        ),
        sample(
            "error-500",
            &page(
                500,
                "Something failed on our side",
                "Nothing was changed. The server's log has the cause under request 7f3a.",
                "To the inventory",
            ),
        ),
    ]
}
