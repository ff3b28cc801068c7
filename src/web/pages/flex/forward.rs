//! The True Forward that comes next, and the word that lets one go on.

use super::plan::{NextRow, RunRow};
use super::{base, id, sections, words};
use crate::domain::active_user::{RunState, State};
use crate::domain::hub::Permission;
use crate::engine::ContractView;
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::hub::frame::at;
use crate::web::pages::view::When;
use actix_web::HttpResponse;
use askama::Template;

/// The preview.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/flex/forward.html")]
pub struct ForwardPage {
    /// The frame.
    pub frame: Frame,
    /// The pages of the contract.
    pub tabs: Vec<NavItem>,
    /// Its address.
    pub base: String,
    /// Its name.
    pub name: String,
    /// What the next one would do.
    pub next: Option<NextRow>,
    /// Its arithmetic: sentence and rule.
    pub steps: Vec<(String, String)>,
    /// Whether it waits for a word.
    pub waiting: bool,
    /// Its months without data.
    pub missing: String,
    /// Whether the viewer may say it.
    pub may_manage: bool,
    /// Those that are done, newest first.
    pub runs: Vec<RunRow>,
}

/// What the next True Forward would do.
pub async fn show_forward(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let view = ask.engine().au_contract(&ask.visit.who, id(&ask)?, None).await?;
        forward_page(&ask, &view).await
    })
    .await
}

/// Lets the one that waits go on.
pub async fn confirm(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let ran = ask.engine().au_true_forward(&ask.visit.who, id(ask)?, true).await?;
        let (on, before, after) = (ran.run.effective, ran.run.before, ran.run.after);
        let text = format!("True Forward of {on}: AU Minimum {before} to {after}.");
        Ok(ask.done(&format!("{}/true-forward", base(id(ask)?)), text))
    })
    .await
}

async fn forward_page(ask: &Ask, view: &ContractView) -> Result<ForwardPage, Failure> {
    let contract = &view.contract;
    let preview = view.preview.as_ref();
    let entries = preview.map(|preview| preview.outcome.entries.as_slice()).unwrap_or_default();
    let step = |entry: &crate::domain::active_user::Entry| {
        (words::step(&entry.step), words::rule(entry.rule))
    };
    let missing = preview.map(|preview| preview.measured.missing()).unwrap_or_default();
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let done = view.runs.iter().filter(|run| run.state == RunState::Done);
    Ok(ForwardPage {
        frame: at(ask, &view.desk, "contracts").await?,
        tabs: sections(contract.id, "/true-forward"),
        base: base(contract.id),
        name: contract.name.clone(),
        next: preview.map(|preview| NextRow {
            on: When::day(contract.effective(), ask.now()),
            average: preview.outcome.average.to_string(),
            share: preview.outcome.share.map(|share| share.to_string()),
            minimum: (preview.outcome.before, preview.outcome.after),
            fee: preview.outcome.fee.to_string(),
        }),
        steps: entries.iter().map(step).collect(),
        waiting: contract.state == State::Waiting,
        missing: missing.join(", "),
        may_manage: view.desk.may(Permission::ManageOrders),
        runs: done.map(RunRow::of).collect(),
    })
}
