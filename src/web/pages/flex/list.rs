//! The contracts that somebody sees.

use super::{base, state};
use crate::domain::Timestamp;
use crate::engine::ContractRow;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::hub::frame::{at, outside};
use crate::web::pages::view::{Badge, When};
use actix_web::HttpResponse;
use askama::Template;

/// A contract in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractItem {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub organization: String,
    /// The clause that it follows.
    pub variant: &'static str,
    /// The AU Minimum.
    pub minimum: i64,
    /// When the next True Forward is.
    pub next: Option<When>,
    /// Where it stands.
    pub state: Badge,
}

/// The list.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/flex/list.html")]
pub struct ContractsPage {
    /// The frame.
    pub frame: Frame,
    /// The contracts.
    pub rows: Vec<ContractItem>,
    /// Whether the viewer may open one.
    pub may_open: bool,
}

/// All of them.
pub async fn all(ask: Ask) -> HttpResponse {
    show(&ask, async { page(&ask, outside(&ask).await?, |_| true).await }).await
}

/// Those of an organization, or of a partner's customers.
pub async fn of_organization(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let desk = ask.engine().hub_desk(&ask.visit.who, ask.segment("key")).await?;
        let frame = at(&ask, &desk, "contracts").await?;
        let of = Some(desk.organization.id);
        let own =
            |row: &ContractRow| Some(row.organization.id) == of || row.organization.partner == of;
        page(&ask, frame, own).await
    })
    .await
}

async fn page(
    ask: &Ask,
    frame: Frame,
    keep: impl Fn(&ContractRow) -> bool,
) -> Result<ContractsPage, Failure> {
    let rows = ask.engine().au_contracts(&ask.visit.who).await?;
    let now = ask.now();
    let rows = rows.iter().filter(|row| keep(row)).map(|row| ContractItem::of(row, now));
    let may_open = !ask.engine().au_places(&ask.visit.who).await?.is_empty();
    Ok(ContractsPage { frame, rows: rows.collect(), may_open })
}

impl ContractItem {
    fn of(row: &ContractRow, now: Timestamp) -> Self {
        let contract = &row.contract;
        Self {
            href: base(contract.id),
            name: contract.name.clone(),
            organization: row.organization.name.clone(),
            variant: contract.variant.terms().name,
            minimum: contract.minimum,
            next: contract.next_due().map(|_| When::day(contract.effective(), now)),
            state: state(contract),
        }
    }
}
