//! The synchronization of a satellite.

use super::satellite::administration;
use super::{Sample, counts, log_rows, one_page, sample, when};
use crate::web::pages::frame::NavItem;
use crate::web::pages::satellite::events::LogRow;
use crate::web::pages::satellite::sync::details::SyncDetailsPage;
use crate::web::pages::satellite::sync::log::SyncLogPage;
use crate::web::pages::satellite::sync::manual::ManualSyncPage;
use crate::web::pages::satellite::sync::schedules::{ScheduleRow, SchedulesPage};
use crate::web::pages::satellite::sync::{SYNC, SyncPage, SyncRow};
use crate::web::pages::view::{Badge, Choice, Field, Severities, Tone};

pub(super) fn pages() -> Vec<Sample> {
    let frame = administration(SYNC);
    let empty = SyncPage { rows: Vec::new(), pager: one_page(""), ..three_accounts() };
    vec![
        sample("synchronization", &three_accounts()),
        sample("synchronization-empty", &empty),
        sample("synchronization-details", &one_account()),
        sample("synchronization-manual", &manual()),
        sample("synchronization-schedules", &schedules()),
        sample(
            "synchronization-log",
            &SyncLogPage { frame, tabs: tabs(), events: events(), pager: one_page("1 event") },
        ),
    ]
}

fn tabs() -> Vec<NavItem> {
    let tab = |label, current| NavItem {
        label,
        href: SYNC.into(),
        current,
        alerts: Severities::default(),
    };
    vec![tab("Accounts", true), tab("Schedules", false), tab("Event Log", false)]
}

fn row(id: i64, name: &str, status: Badge) -> SyncRow {
    SyncRow {
        id,
        name: name.into(),
        status,
        problem: None,
        last: Some(when("2026-01-04T02:00:00Z")),
        next: Some(when("2026-02-01T02:00:00Z")),
        due: Some(when("2026-02-03T02:00:00Z")),
        alerts: Severities::default(),
        by_file: true,
        by_network: true,
    }
}

fn three_accounts() -> SyncPage {
    let failed = SyncRow {
        problem: Some("CSSM cannot be reached: connection refused.".into()),
        alerts: counts(1, 2),
        ..row(2, "Plant B", Badge::new(Tone::Bad, "Failed"))
    };
    let never = SyncRow {
        last: None,
        next: None,
        by_network: false,
        ..row(3, "Plant C", Badge::new(Tone::Neutral, "Never synchronized"))
    };
    SyncPage {
        frame: administration(SYNC),
        tabs: tabs(),
        rows: vec![row(1, "Plant A", Badge::new(Tone::Good, "Synchronized")), failed, never],
        pager: one_page("3 local accounts"),
    }
}

fn one_account() -> SyncDetailsPage {
    let overdue = Badge::new(Tone::Attention, "Synchronization Overdue");
    SyncDetailsPage {
        frame: administration(SYNC),
        row: row(1, "Plant A", Badge::new(Tone::Attention, "Waiting for response file")),
        last_kind: "Full",
        needs_full: true,
        uid: "0198c7d2-0000-7000-8000-000000000001".into(),
        smart_account: "Contoso Lab".into(),
        places: "Sat-A-VA".into(),
        mode: "One virtual account, local ones inside (onprem8)",
        registered_by_file: false,
        deadline: when("2026-04-04T02:00:00Z"),
        credential: Some(when("2026-07-04T09:00:00Z")),
        schedule: "Monthly on day 1 at 02:00 UTC (that of the satellite)".into(),
        hidden: "Nothing".into(),
        open: vec![("Request 7 (standard, by file)".into(), when("2026-01-05T09:00:00Z"))],
        instances: 20,
        troubles: vec![(overdue, "Plant A should have synchronized.".into())],
        events: log_rows(false),
        pager: one_page("4 events"),
        wide: false,
    }
}

fn manual() -> ManualSyncPage {
    ManualSyncPage {
        frame: administration(SYNC),
        name: "Plant A".into(),
        id: 1,
        kinds: vec![Choice::new("standard", "Standard: what has changed", true)],
        open: Some(("Request 7 (standard, by file)".into(), when("2026-01-05T09:00:00Z"))),
        file: Field::default().refused("This file answers request 6; the open request is 7."),
        refused: Some("A synchronization of Plant A is in progress.".into()),
    }
}

fn schedules() -> SchedulesPage {
    let row = ScheduleRow {
        id: 1,
        name: "Plant A".into(),
        schedule: "Daily at 03:30 UTC (its own)".into(),
        next: Some(when("2026-01-06T03:30:00Z")),
    };
    SchedulesPage {
        frame: administration(SYNC),
        tabs: tabs(),
        global: "Monthly on day 1 at 02:00 UTC".into(),
        rows: vec![row],
        has_link: false,
    }
}

fn events() -> Vec<LogRow> {
    vec![LogRow {
        time: when("2026-01-05T09:00:00Z"),
        area: "Synchronization",
        message: "Plant A is synchronized with CSSM: full synchronization 1.".into(),
        user: "Network".into(),
    }]
}
