//! Local accounts of a satellite.

use super::satellite::{access, administration};
use super::{Sample, one_page, sample, when};
use crate::domain::local_account::LocalState;
use crate::web::pages::ask::Fields;
use crate::web::pages::frame::NavItem;
use crate::web::pages::labels::local_account as label;
use crate::web::pages::satellite::accounts::details::AccountPage;
use crate::web::pages::satellite::accounts::log::AccountLogPage;
use crate::web::pages::satellite::accounts::manual::ManualPage;
use crate::web::pages::satellite::accounts::requests::{RequestsPage, wish_page};
use crate::web::pages::satellite::accounts::{AccountRow, AccountsPage, Deed, HERE, state};
use crate::web::pages::satellite::events::LogRow;
use crate::web::pages::view::{Badge, Field, Severities, Tone};

pub(super) fn pages() -> Vec<Sample> {
    let frame = || administration(HERE);
    let accounts = |rows, waiting| AccountsPage {
        frame: frame(),
        tabs: tabs(),
        rows,
        waiting,
        pager: one_page("3 accounts"),
    };
    let requests = |rows| RequestsPage {
        frame: frame(),
        tabs: tabs(),
        rows,
        access: vec![access()],
        pager: one_page("1 request"),
    };
    let wish = wish_page(
        frame(),
        &Fields::default(),
        ("New Account", "Create Request", "/admin/accounts/new", HERE),
    );
    vec![
        sample("local-accounts", &accounts(vec![active(), resting(), expired()], 2)),
        sample("local-accounts-empty", &accounts(vec![], 0)),
        sample("local-account-requests", &requests(vec![pending()])),
        sample("local-account-requests-empty", &requests(vec![])),
        sample("local-account-new", &wish),
        sample("local-account-manual", &manual()),
        sample("local-account", &account_page()),
        sample("local-account-events", &log()),
    ]
}

fn tabs() -> Vec<NavItem> {
    let item = |(label, current)| NavItem {
        label,
        href: HERE.into(),
        current,
        alerts: Severities::default(),
    };
    [(label::ACCOUNTS, true), (label::REQUESTS, false), (label::EVENTS, false)].map(item).into()
}

fn active() -> AccountRow {
    AccountRow {
        id: 1,
        name: "Plant A".into(),
        smart_account: "Contoso Lab".into(),
        virtual_accounts: "Sat-A-VA".into(),
        state: state(LocalState::Active),
        last: Some(when("2025-12-02T09:00:00Z")),
        due: Some(when("2026-01-01T09:00:00Z")),
        late: Some(Badge::new(Tone::Attention, "Overdue")),
        requested_by: "sam".into(),
        requested: when("2025-12-01T09:00:00Z"),
        message: String::new(),
        waits: false,
        may: vec![Deed::Deactivate, Deed::Again, Deed::Manual, Deed::Delete],
    }
}

fn resting() -> AccountRow {
    AccountRow {
        id: 2,
        name: "A ship that is seldom in a harbour with a network".into(),
        state: state(LocalState::Inactive),
        last: None,
        due: None,
        late: None,
        may: vec![Deed::Activate, Deed::Delete],
        ..active()
    }
}

fn expired() -> AccountRow {
    AccountRow {
        id: 3,
        name: "Plant Z".into(),
        state: state(LocalState::Expired),
        may: vec![],
        ..resting()
    }
}

fn pending() -> AccountRow {
    AccountRow {
        id: 4,
        name: "Plant B".into(),
        state: state(LocalState::Pending),
        message: "For the new line; its products arrive in March.".into(),
        waits: true,
        may: vec![Deed::Approve, Deed::Manual, Deed::Reject],
        ..resting()
    }
}

fn manual() -> ManualPage {
    ManualPage {
        frame: administration(HERE),
        name: "Plant B".into(),
        smart_account: "Contoso Lab".into(),
        virtual_accounts: "Sat-B-VA".into(),
        again: true,
        waits: true,
        own: "/admin/accounts/4".into(),
        back: "/admin/accounts/requests",
        file: Field::default().refused("This is a response file; an authorization file is needed."),
        refused: None,
    }
}

fn account_page() -> AccountPage {
    AccountPage {
        frame: administration(HERE),
        row: active(),
        back: HERE,
        uid: Some("00000000-0000-7000-8000-000000000001".into()),
        mode: label::mode(crate::domain::on_prem::Mode::OnPrem8),
        reason: String::new(),
        email: "plant@lab.example".into(),
        registered: Some((when("2025-12-02T09:00:00Z"), false)),
        sync: Some("Failed"),
        alerts: vec![(
            Badge::new(Tone::Bad, "Synchronization Failed"),
            "CSSM cannot be reached: connection refused.".into(),
        )],
        deadline: Some(when("2026-03-02T09:00:00Z")),
        credential: Some(when("2026-05-31T09:00:00Z")),
        instances: 140,
    }
}

fn log() -> AccountLogPage {
    let row = LogRow {
        time: when("2025-12-01T09:00:00Z"),
        area: "Accounts",
        message: "sam asked for the local account Plant A in the Smart Account Contoso Lab.".into(),
        user: "sam".into(),
    };
    let pager = one_page("1 event");
    AccountLogPage { frame: administration(HERE), tabs: tabs(), events: vec![row], pager }
}
