//! The pages of the satellite.

use super::{Sample, now, one_page, sample, stranger, when};
use crate::domain::id::UserId;
use crate::domain::system::SystemPermission;
use crate::engine::{ClientSecret, Figures, Gauge, Health};
use crate::web::pages::cssm::alerts::AlertRow;
use crate::web::pages::frame::{AccountRef, Frame, NavItem, Skin, SystemBar, Tab, Viewer};
use crate::web::pages::help;
use crate::web::pages::satellite::access::AccessRow;
use crate::web::pages::satellite::admin::{AdminPage, gauges};
use crate::web::pages::satellite::events::{LogPage, LogRow};
use crate::web::pages::satellite::form::{FormPage, Input, Kind, SettingsPage};
use crate::web::pages::satellite::home::{AskedRow, HomePage, LocalAccountRow};
use crate::web::pages::satellite::toolkit::{ClientMadePage, ClientRow, ToolkitPage};
use crate::web::pages::satellite::users::{UserRow, UsersPage, tabs};
use crate::web::pages::view::{Badge, Choice, Severities, Tone};
use uuid::Uuid;

fn licensing() -> Frame {
    let system = SystemBar {
        role: "System Admin",
        last_login: Some(when("2026-01-04T16:20:00Z")),
        idle_minutes: 15,
        may_administer: true,
        tabs: Vec::new(),
        accounts: Vec::new(),
        trouble: None,
    };
    Frame {
        viewer: Some(Viewer { name: "admin".into(), roles: vec!["System Admin".into()] }),
        system: Some(system),
        ..stranger(Skin::Satellite, "sat-a")
    }
}

pub(super) fn administration(tab: &str) -> Frame {
    licensing().in_administration(tab, |_: SystemPermission| true)
}

/// A page of a local account; one that does not work.
pub(super) fn in_account(tab: Tab) -> Frame {
    let system = SystemBar {
        accounts: vec!["Plant A".into(), "Plant B & C/50%".into()],
        trouble: Some("Local account Plant A is Inactive; activate it first.".into()),
        ..licensing().system.unwrap()
    };
    Frame {
        account: Some(AccountRef {
            name: "Plant A".into(),
            domain: "Plant A".into(),
            detail: "Contoso Lab".into(),
            may_manage: true,
            manages_roles: true,
        }),
        tab,
        system: Some(system),
        ..licensing()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    let local = |state| LocalAccountRow { name: "Plant A".into(), roles: String::new(), state };
    let accounts = vec![local(None), local(Some(Badge::new(Tone::Bad, "Expired")))];
    let home = |accounts, asked, access| HomePage {
        frame: licensing(),
        notice: Some("Welcome.\nPatches on Friday.".into()),
        accounts,
        asked,
        access,
    };
    let figures =
        Figures { accounts: 2, devices: 140, licenses: 1_200, major: 1, minor: 3, users: 3 };
    vec![
        sample("satellite-home", &home(accounts, vec![asked()], vec![access()])),
        sample("satellite-home-empty", &home(vec![], vec![], vec![])),
        sample("satellite-admin", &admin(figures)),
        sample("satellite-users", &users()),
        sample("satellite-form", &user_form()),
        sample("satellite-security", &security()),
        sample("satellite-toolkit", &toolkit()),
        sample("satellite-client-made", &client_made()),
        sample("satellite-events", &events()),
    ]
}

fn asked() -> AskedRow {
    AskedRow { name: "Plant B".into(), what: "A local account", at: when("2026-01-04T09:00:00Z") }
}

pub(super) fn access() -> AccessRow {
    AccessRow {
        id: Uuid::from_u128(9).to_string(),
        account: "Plant A".into(),
        user: "sam".into(),
        message: "For the night shift".into(),
        at: when("2026-01-04T09:00:00Z"),
        may_decide: true,
    }
}

fn admin(figures: Figures) -> AdminPage {
    let alert = AlertRow {
        key: "overdue".into(),
        severity: Badge::new(Tone::Attention, "Minor"),
        kind: "Synchronization Overdue".into(),
        message: "Plant A should have synchronized by 2026-01-01.".into(),
        href: Some("/admin/accounts/1".into()),
        source: "Plant A".into(),
        source_href: "/admin/accounts/1".into(),
        due: "2026-03-02".into(),
        actions: vec![],
    };
    let health = Health {
        load: Some(Gauge { used: 107, total: 200 }),
        memory: Some(Gauge { used: 15 << 29, total: 8 << 30 }),
        disk: None,
    };
    let machine = gauges(&health);
    AdminPage { frame: administration("/admin"), figures, machine, alerts: vec![alert] }
}

fn users() -> UsersPage {
    let user = |number: u128, name: &str, status: Badge, disabled, may_unlock| UserRow {
        id: UserId(Uuid::from_u128(number)).to_string(),
        name: name.into(),
        person: "Olga Perera".into(),
        email: format!("{name}@lab.example"),
        role: "System Operator",
        status,
        last_login: (number == 1).then(|| when("2026-01-05T08:00:00Z")),
        disabled,
        may_unlock,
    };
    let users = vec![
        user(1, "olga", Badge::new(Tone::Good, "Active"), false, false),
        user(2, "lock", Badge::new(Tone::Bad, "Locked"), false, true),
        user(3, "gone", Badge::new(Tone::Neutral, "Disabled"), true, false),
    ];
    UsersPage {
        frame: administration("/admin/users"),
        tabs: tabs("/admin/users"),
        users,
        pager: one_page("3 users"),
    }
}

fn user_form() -> FormPage {
    let mut password = Input::secret("password", "Password").hint("Rules: at least 12 characters.");
    password.field = password.field.refused("it needs: a digit; a special character");
    let roles = vec![Choice::new("System User", "System User", true)];
    FormPage {
        frame: administration("/admin/users"),
        title: "New User".into(),
        lead: "All fields are needed.".into(),
        action: "/admin/users/new".into(),
        inputs: vec![
            Input::new("username", "User name", Kind::Line("text"), "olga"),
            Input::new("role", "System role", Kind::Choice(roles), ""),
            password,
            Input::new("reason", "Reason", Kind::Lines, "").hint("It is mailed."),
            Input::new("shown", "Shown", Kind::Shown, "olga"),
        ],
        refused: Some("Nobody may change their own system role.".into()),
        button: "Create User".into(),
        cancel: "/admin/users".into(),
        topic: help::SYSTEM_USERS,
    }
}

fn security() -> SettingsPage {
    let tab = |label, current| NavItem {
        label,
        href: "/admin/security".into(),
        current,
        alerts: Severities::default(),
    };
    SettingsPage {
        frame: administration("/admin/security"),
        tabs: vec![tab("Account", true), tab("Password", false)],
        title: "Security",
        lead: "Rules for everybody who signs in on this satellite; in effect at once.",
        action: "/admin/security",
        topic: help::SECURITY,
        inputs: vec![
            Input::new("lock_after", "Lock a user after", Kind::Number("failures"), "5"),
            Input::new("upper", "An upper-case letter is needed", Kind::Tick, "yes"),
        ],
        refused: None,
    }
}

fn toolkit() -> ToolkitPage {
    let client = ClientRow {
        id: "q7x2k9".into(),
        name: "Monitoring".into(),
        description: "Reads the pool each hour".into(),
        account: "Plant A".into(),
        status: Badge::new(Tone::Good, "Active"),
        expires: None,
        created_by: "admin".into(),
        may_revoke: true,
    };
    let frame = administration("/admin/api-toolkit");
    ToolkitPage { frame, on: true, may_create: true, clients: vec![client] }
}

fn client_made() -> ClientMadePage {
    let shown = ClientSecret { id: "q7x2k9".into(), secret: "c2VjcmV0".into() };
    ClientMadePage { frame: administration("/admin/api-toolkit"), name: "Monitoring".into(), shown }
}

fn events() -> LogPage {
    let row = LogRow {
        time: crate::web::pages::view::When::at(now(), now()),
        area: "Logins",
        message: "Signed in.".into(),
        user: "olga".into(),
    };
    LogPage {
        frame: administration("/admin/events"),
        areas: vec![Choice::new("Logins", "Logins", false)],
        events: vec![row],
        pager: one_page("1 event"),
    }
}
