//! The plan of a contract: what it contains, what has been measured, what comes next.

use super::{base, id, sections, state, words};
use crate::domain::Error;
use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{Basis, MonthCount, Run, RunState, months};
use crate::domain::hub::Permission;
use crate::engine::ContractView;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::hub::frame::at;
use crate::web::pages::view::{Badge, Tone, When};
use actix_web::HttpResponse;
use askama::Template;

/// A month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// Its place in the year.
    pub number: i64,
    /// Its first and last day.
    pub days: String,
    /// Active Users.
    pub active: i64,
    /// Sessions that were reported.
    pub sessions: i64,
    /// Whether it is measured.
    pub measured: bool,
    /// Measured, without data, or still to come.
    pub state: Badge,
}

/// A True Forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// The anniversary.
    pub effective: String,
    /// The months' Active Users.
    pub counts: String,
    /// The minimum before and after.
    pub minimum: (i64, i64),
    /// What is owed.
    pub fee: String,
    /// When it is billed.
    pub invoice: Option<String>,
    /// Done, or waiting.
    pub state: Badge,
}

/// What the next True Forward would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextRow {
    /// When.
    pub on: When,
    /// Meter 1.
    pub average: String,
    /// Meter 2.
    pub share: Option<String>,
    /// The minimum before and after.
    pub minimum: (i64, i64),
    /// What would be owed.
    pub fee: String,
}

/// The plan.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/flex/plan.html")]
pub struct PlanPage {
    /// The frame.
    pub frame: Frame,
    /// The pages of the contract.
    pub tabs: Vec<NavItem>,
    /// Its address.
    pub base: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub organization: String,
    /// Where it stands.
    pub state: Badge,
    /// Whether the viewer may change it.
    pub may_manage: bool,
    /// The AU Minimum.
    pub minimum: i64,
    /// Accounts that are enabled.
    pub enabled: i64,
    /// What the next True Forward would do.
    pub next: Option<NextRow>,
    /// Name and value of its facts.
    pub facts: Vec<(&'static str, String)>,
    /// The clause in short.
    pub summary: &'static str,
    /// The year shown.
    pub year: i64,
    /// Addresses of the years around it.
    pub years: (Option<String>, Option<String>),
    /// Its months.
    pub months: Vec<MonthRow>,
    /// True Forwards, newest first.
    pub runs: Vec<RunRow>,
    /// Services: name, what it comes with, how many were ordered.
    pub offer: Vec<(&'static str, &'static str, i64)>,
}

/// The plan.
pub async fn show_plan(ask: Ask) -> HttpResponse {
    show(&ask, page(&ask)).await
}

async fn page(ask: &Ask) -> Result<PlanPage, Failure> {
    let wanted = ask.query.some("year").map(|text| {
        text.parse().map_err(|_| Error::invalid("year", format!("'{text}' is not a number")))
    });
    let view = ask.engine().au_contract(&ask.visit.who, id(ask)?, wanted.transpose()?).await?;
    let frame = at(ask, &view.desk, "contracts").await?;
    Ok(PlanPage::of(ask, frame, &view))
}

impl PlanPage {
    fn of(ask: &Ask, frame: Frame, view: &ContractView) -> Self {
        let contract = &view.contract;
        let address = base(contract.id);
        let last = contract.term.until() / months::YEAR;
        let year = |year: i64| (1..=last).contains(&year).then(|| format!("{address}?year={year}"));
        let now = ask.now();
        let month = |(month, sessions): &(MonthCount, i64)| {
            let come = crate::domain::Timestamp::midnight(month.span.from) > now;
            MonthRow::of(month, *sessions, come)
        };
        Self {
            frame,
            tabs: sections(contract.id, ""),
            name: contract.name.clone(),
            organization: view.desk.organization.name.clone(),
            state: state(contract),
            may_manage: view.desk.may(Permission::ManageOrders),
            minimum: contract.minimum,
            enabled: view.enabled,
            next: view.preview.as_ref().map(|preview| {
                let outcome = &preview.outcome;
                NextRow {
                    on: When::day(contract.effective(), now),
                    average: outcome.average.to_string(),
                    share: outcome.share.map(|share| share.to_string()),
                    minimum: (outcome.before, outcome.after),
                    fee: outcome.fee.to_string(),
                }
            }),
            facts: facts(view),
            summary: contract.variant.terms().summary,
            year: view.year,
            years: (year(view.year - 1), year(view.year + 1)),
            months: view.months.iter().map(month).collect(),
            runs: view.runs.iter().map(RunRow::of).collect(),
            offer: offer(view),
            base: address,
        }
    }
}

fn facts(view: &ContractView) -> Vec<(&'static str, String)> {
    let contract = &view.contract;
    let terms = contract.variant.terms();
    let mut facts = vec![
        ("Clause", format!("{} · {}", terms.clause, terms.name)),
        ("Term", format!("{} to {}", contract.term_begins(), last_day(view))),
        ("Price of an Active User and month", contract.price.to_string()),
    ];
    match terms.basis {
        Basis::KnowledgeWorkers(_) => {
            facts.push(("Knowledge workers on the order", filters::grouped(contract.headcount)));
        }
        Basis::Employees(_) => facts.push(("Employees", filters::grouped(contract.headcount))),
        Basis::Plain => {}
    }
    facts.push((
        "Fees are owed for the rest of",
        words::remainder(contract.settings.remainder).to_owned(),
    ));
    facts.push(("Fractions are rounded", words::rounding(contract.settings.rounding).to_owned()));
    if !contract.affiliates.is_empty() {
        facts.push(("Affiliates on the order", contract.affiliates.join(", ")));
    }
    if contract.settings.enterprise_agreement {
        facts.push(("Billed", "60 days after the anniversary (Enterprise Agreement)".to_owned()));
    }
    if let Some(renewal) = contract.renewal {
        let how = if renewal.reset { ", with a new minimum" } else { "" };
        facts.push(("Renewed for", format!("{} months{how}", renewal.months)));
    }
    facts
}

fn last_day(view: &ContractView) -> String {
    let ends = view.contract.term_ends();
    ends.pred_opt().unwrap_or(ends).to_string()
}

fn offer(view: &ContractView) -> Vec<(&'static str, &'static str, i64)> {
    let ordered = |service: Service| {
        let lines = view.orders.iter().flat_map(|order| &order.lines);
        lines.filter(|line| line.service == service).map(|line| line.quantity).sum()
    };
    Service::ALL.map(|one| (one.name(), one.contents(), ordered(one))).to_vec()
}

impl MonthRow {
    fn of(month: &MonthCount, sessions: i64, come: bool) -> Self {
        let span = &month.span;
        let number = span.of_year();
        let measured = months::MEASURED.contains(&number);
        let state = match (come, month.reported, measured) {
            (true, _, _) => Badge::new(Tone::Neutral, "To come"),
            (false, true, true) => Badge::new(Tone::Good, "Measured"),
            (false, true, false) => Badge::new(Tone::Neutral, "Reported"),
            (false, false, true) => Badge::new(Tone::Attention, "No data"),
            (false, false, false) => Badge::new(Tone::Neutral, "No data"),
        };
        let days = format!("{} to {}", span.from, span.last());
        Self { number, days, active: month.active, sessions, measured, state }
    }
}

impl RunRow {
    pub(super) fn of(run: &Run) -> Self {
        let counts = run.counts.map(filters::grouped).join(" · ");
        Self {
            effective: run.effective.to_string(),
            counts,
            minimum: (run.before, run.after),
            fee: run.fee.to_string(),
            invoice: run.invoice_on.map(|day| day.to_string()),
            state: match run.state {
                RunState::Done => Badge::new(Tone::Good, "Done"),
                RunState::Waiting => Badge::new(Tone::Attention, "Waits"),
            },
        }
    }
}
