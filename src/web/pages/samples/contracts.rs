//! Active User contracts.

use super::{Sample, ann, day, sample, when};
use crate::domain::active_user::Variant;
use crate::domain::id::ContractId;
use crate::web::pages::chrome::Lang;
use crate::web::pages::flex::forward::ForwardPage;
use crate::web::pages::flex::ledger::{EntryRow, LedgerPage};
use crate::web::pages::flex::list::{ContractItem, ContractsPage};
use crate::web::pages::flex::people::{PeoplePage, PersonItem};
use crate::web::pages::flex::plan::{MonthRow, NextRow, PlanPage, RunRow};
use crate::web::pages::flex::sections;
use crate::web::pages::frame::Frame;
use crate::web::pages::hub::frame::HubBar;
use crate::web::pages::view::{Badge, Tone};

const BASE: &str = "/flex/contracts/00000000-0000-0000-0000-000000000000";

pub(super) fn pages() -> Vec<Sample> {
    let list = |rows, may_open| ContractsPage { frame: frame(), rows, may_open };
    vec![
        sample("contracts", &list(vec![item()], true)),
        sample("contracts-empty", &list(vec![], false)),
        sample("contract", &plan()),
        sample(
            "contract-ended",
            &PlanPage { next: None, runs: vec![], may_manage: false, ..plan() },
        ),
        sample("contract-ledger", &ledger()),
        sample("contract-people", &people()),
        sample("contract-true-forward", &forward()),
        sample("contract-over", &ForwardPage { next: None, waiting: false, ..forward() }),
    ]
}

fn frame() -> Frame {
    let hub = HubBar {
        organization: Some(("Vega Foods".to_owned(), "Control Hub")),
        lang: Lang::En,
        languages: vec![],
        tabs: vec![],
    };
    Frame { hub: Some(hub), ..ann() }
}

fn tabs(here: &str) -> Vec<crate::web::pages::frame::NavItem> {
    sections(ContractId(uuid::Uuid::nil()), here)
}

fn item() -> ContractItem {
    ContractItem {
        href: BASE.to_owned(),
        name: "Flex Meetings".to_owned(),
        organization: "Vega Foods".to_owned(),
        variant: Variant::KnowledgeWorkersSubscription.terms().name,
        minimum: 45,
        next: Some(day("2027-01-15")),
        state: Badge::new(Tone::Good, "Running"),
    }
}

fn next() -> NextRow {
    NextRow {
        on: day("2027-01-15"),
        average: "60 1/3".to_owned(),
        share: Some("40.05".to_owned()),
        minimum: (45, 61),
        fee: "USD 3,840.00".to_owned(),
    }
}

fn run() -> RunRow {
    RunRow {
        effective: "2027-01-15".to_owned(),
        counts: "50 · 60 · 70".to_owned(),
        minimum: (45, 60),
        fee: "USD 3,600.00".to_owned(),
        invoice: Some("2027-01-15".to_owned()),
        state: Badge::new(Tone::Good, "Done"),
    }
}

fn plan() -> PlanPage {
    let month = |number| MonthRow {
        number,
        days: "2026-09-15 to 2026-10-14".to_owned(),
        active: 50,
        sessions: 1_204,
        measured: number > 8 && number < 12,
        state: Badge::new(Tone::Good, "Measured"),
    };
    PlanPage {
        frame: frame(),
        tabs: tabs(""),
        base: BASE.to_owned(),
        name: "Flex Meetings".to_owned(),
        organization: "Vega Foods".to_owned(),
        state: Badge::new(Tone::Attention, "True Forward waits"),
        may_manage: true,
        minimum: 45,
        enabled: 300,
        next: Some(next()),
        facts: vec![("Term", "2026-01-15 to 2029-01-14".to_owned())],
        summary: Variant::KnowledgeWorkersSubscription.terms().summary,
        year: 2,
        years: (Some(format!("{BASE}?year=1")), Some(format!("{BASE}?year=3"))),
        months: (1..=12).map(month).collect(),
        runs: vec![run()],
        offer: vec![("Webex Meetings", "Rooms for 1,000 people", 300)],
    }
}

fn ledger() -> LedgerPage {
    let row = EntryRow {
        number: 12,
        text: "Meter 1, Average Active Users: (50 + 60 + 70) / 3 = 60.".to_owned(),
        rule: "Clause 6".to_owned(),
        effective: Some("2027-01-15".to_owned()),
        at: when("2026-01-05T09:00:00Z"),
        by: "system".to_owned(),
    };
    LedgerPage {
        frame: frame(),
        tabs: tabs("/ledger"),
        name: "Flex Meetings".to_owned(),
        rows: vec![row.clone(), EntryRow { effective: None, ..row }],
        older: Some(format!("{BASE}/ledger?before=11")),
        newest: Some(format!("{BASE}/ledger")),
    }
}

fn people() -> PeoplePage {
    let person = PersonItem {
        key: "worker-001@vega.example".to_owned(),
        part: "worker-001%40vega.example".to_owned(),
        name: "Worker 001".to_owned(),
        standing: "Employee".to_owned(),
        account: Some("worker-001@vega.example".to_owned()),
        left: None,
    };
    let left = Some(when("2026-01-04T09:00:00Z"));
    let gone = PersonItem { account: None, left, ..person.clone() };
    let without = PersonItem { account: None, ..person.clone() };
    PeoplePage {
        frame: frame(),
        tabs: tabs("/people"),
        base: BASE.to_owned(),
        name: "Flex Meetings".to_owned(),
        may_manage: true,
        total: 300,
        rows: vec![person, without, gone],
        next: Some(format!("{BASE}/people?after=x")),
        first: None,
    }
}

fn forward() -> ForwardPage {
    ForwardPage {
        frame: frame(),
        tabs: tabs("/true-forward"),
        base: BASE.to_owned(),
        name: "Flex Meetings".to_owned(),
        next: Some(next()),
        steps: vec![("The AU Minimum stays 60.".to_owned(), "Clause 6".to_owned())],
        waiting: true,
        missing: "9, 10".to_owned(),
        may_manage: true,
        runs: vec![run()],
    }
}
