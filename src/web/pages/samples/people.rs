//! Manage Account of a local account, and the groups of a satellite.

use super::satellite::{administration, in_account};
use super::{Sample, log_rows, one_page, sample, when};
use crate::domain::local_account::LocalState;
use crate::web::pages::cssm::va_new::NewVirtualAccountPage;
use crate::web::pages::frame::Tab;
use crate::web::pages::help;
use crate::web::pages::satellite::access::AccessRow;
use crate::web::pages::satellite::accounts::state;
use crate::web::pages::satellite::form::{Input, Kind, SettingsPage};
use crate::web::pages::satellite::groups::{GroupRow, GroupsPage};
use crate::web::pages::satellite::manage::group_roles::{AccountGroupsPage, GroupLine};
use crate::web::pages::satellite::manage::log::ManageLogPage;
use crate::web::pages::satellite::manage::requests::AccessRequestsPage;
use crate::web::pages::satellite::manage::role_forms::RoleLine;
use crate::web::pages::satellite::manage::users::{AccountUsersPage, UserLine};
use crate::web::pages::satellite::manage::{
    AGREEMENTS, AgreementsPage, GROUPS, LOG, PROPERTIES, PropertiesPage, REQUESTS, USERS, tabs,
};
use crate::web::pages::satellite::settings::{self, MailRow, OUTBOX, OutboxPage, SETTINGS};
use crate::web::pages::satellite::users;
use crate::web::pages::view::{Choice, Field};

pub(super) fn pages() -> Vec<Sample> {
    let (users, groups) = (account_users(), account_groups());
    let nobody = AccountUsersPage { users: vec![], ..users.clone() };
    let no_role = AccountGroupsPage { groups: vec![], ..groups.clone() };
    let no_group = AccountGroupsPage { any: false, ..no_role.clone() };
    let agreed = agreements();
    let not_agreed = AgreementsPage { accepted: None, ..agreed.clone() };
    let kept = kept_groups();
    let none_kept = GroupsPage { groups: vec![], ..kept.clone() };
    vec![
        sample("satellite-manage", &properties()),
        sample("satellite-manage-users", &users),
        sample("satellite-manage-nobody", &nobody),
        sample("satellite-manage-groups", &groups),
        sample("satellite-manage-no-role", &no_role),
        sample("satellite-manage-no-group", &no_group),
        sample("satellite-manage-agreements", &agreed),
        sample("satellite-manage-no-agreement", &not_agreed),
        sample("satellite-manage-requests", &requests(true)),
        sample("satellite-manage-no-request", &requests(false)),
        sample("satellite-manage-events", &log()),
        sample("satellite-groups", &kept),
        sample("satellite-no-groups", &none_kept),
        sample("satellite-new-place", &new_place()),
        sample("satellite-settings", &settings()),
        sample("satellite-outbox", &outbox(true)),
        sample("satellite-no-mail", &outbox(false)),
    ]
}

fn properties() -> PropertiesPage {
    let frame = in_account(Tab::Outside);
    PropertiesPage {
        tabs: tabs(&frame, PROPERTIES),
        frame,
        facts: vec![
            ("Local Account Name", "Plant A".into()),
            ("On-Prem UID", "019b8d6e-0000-7000-8000-000000000001".into()),
        ],
        state: Some(state(LocalState::Inactive)),
        registered: Some((when("2026-01-04T16:20:00Z"), true)),
        figures: (3, 1_240, 17),
    }
}

fn line(number: u32, place: &str) -> RoleLine {
    RoleLine {
        id: format!("r{number}"),
        role: if place.is_empty() { "Smart Account User" } else { "Virtual Account User" },
        place: place.into(),
        nested: number == 2,
        may_change: number < 3,
    }
}

fn account_users() -> AccountUsersPage {
    let frame = in_account(Tab::Outside);
    let user = |number: u32, name: &str, place: &str, group: &str| UserLine {
        name: name.into(),
        person: "Olga Perera".into(),
        email: format!("{name}@lab.example"),
        disabled: number == 3,
        group: group.into(),
        role: line(number, place),
    };
    AccountUsersPage {
        tabs: tabs(&frame, USERS),
        frame,
        users: vec![
            user(1, "nina", "", ""),
            user(2, "olga", "Line 1", ""),
            user(3, "sam", "Line 1", "Night shift"),
        ],
        pager: one_page("3 roles"),
    }
}

fn account_groups() -> AccountGroupsPage {
    let frame = in_account(Tab::Outside);
    let group = |number, name: &str, members: &str| GroupLine {
        name: name.into(),
        members: members.into(),
        role: line(number, "Line 1"),
    };
    AccountGroupsPage {
        tabs: tabs(&frame, GROUPS),
        frame,
        groups: vec![group(2, "Night shift", "nina, sam"), group(3, "Auditors", "")],
        any: true,
        keeps: true,
        pager: one_page("2 roles"),
    }
}

fn agreements() -> AgreementsPage {
    let frame = in_account(Tab::Outside);
    let accepted = Some(("1.0".into(), "ann".into(), when("2026-01-04T16:20:00Z")));
    AgreementsPage { tabs: tabs(&frame, AGREEMENTS), frame, accepted }
}

fn requests(any: bool) -> AccessRequestsPage {
    let frame = in_account(Tab::Outside);
    let row = AccessRow {
        id: "q1".into(),
        account: "Plant A".into(),
        user: "nina".into(),
        message: "For the night shift".into(),
        at: when("2026-01-05T08:00:00Z"),
        may_decide: true,
    };
    let access = if any { vec![row] } else { vec![] };
    AccessRequestsPage { tabs: tabs(&frame, REQUESTS), frame, access }
}

fn log() -> ManageLogPage {
    let frame = in_account(Tab::Outside);
    let (tabs, events) = (tabs(&frame, LOG), log_rows(true));
    ManageLogPage { tabs, frame, events, pager: one_page("4 events") }
}

fn kept_groups() -> GroupsPage {
    let row = |id: &str, name: &str, members: &str, roles: &[&str]| GroupRow {
        id: id.into(),
        name: name.into(),
        description: if id == "g1" { "Who is there after six".into() } else { String::new() },
        members: members.into(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let roles = ["Plant A: Virtual Account User of Line 1", "Plant B: Smart Account Viewer"];
    GroupsPage {
        frame: administration(users::USERS),
        tabs: users::tabs(users::GROUPS),
        groups: vec![row("g1", "Night shift", "nina, sam", &roles), row("g2", "Auditors", "", &[])],
        pager: one_page("2 groups"),
    }
}

fn settings() -> SettingsPage {
    let mut before = Input::new("before", "Before login", Kind::Lines, "");
    before.field = before.field.refused("one of the two texts is needed to show it");
    SettingsPage {
        frame: administration(SETTINGS),
        tabs: settings::tabs(SETTINGS, true),
        title: "Settings",
        lead: "What this satellite tells everybody who comes to it.",
        action: SETTINGS,
        inputs: vec![Input::new("on", "Show the Message of the Day", Kind::Tick, "yes"), before],
        refused: None,
        topic: help::MESSAGE_OF_THE_DAY,
    }
}

fn outbox(any: bool) -> OutboxPage {
    let mail = MailRow {
        at: when("2026-01-05T08:00:00Z"),
        recipient: "nina@lab.example".into(),
        subject: "Another password on sat-a".into(),
        body: "Somebody, probably you, has forgotten it.\n\nCode: 3q2b7w".into(),
    };
    OutboxPage {
        frame: administration(SETTINGS),
        tabs: settings::tabs(OUTBOX, true),
        mails: if any { vec![mail] } else { vec![] },
    }
}

fn new_place() -> NewVirtualAccountPage {
    let role = "Virtual Account User";
    NewVirtualAccountPage {
        frame: in_account(Tab::Outside),
        name: Field::of("Line 2"),
        description: Field::default(),
        access: vec![Choice::new("public", "Public", true)],
        parents: vec![Choice::new("", "Top level", true)],
        users: Field::of("nina, tim").refused("there is no user 'tim' on this satellite"),
        roles: vec![Choice::new(role, role, true)],
        refused: None,
    }
}
