//! The ledger of a contract.

use super::{base, id, sections, words};
use crate::domain::Error;
use crate::domain::Timestamp;
use crate::domain::active_user::ledger::Posted;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::hub::frame::at;
use crate::web::pages::view::When;
use actix_web::HttpResponse;
use askama::Template;

/// Entries on a page (ours).
const ROWS: i64 = 50;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its place.
    pub number: i64,
    /// What it says.
    pub text: String,
    /// What it follows.
    pub rule: String,
    /// The anniversary that it belongs to.
    pub effective: Option<String>,
    /// When it was written.
    pub at: When,
    /// Who caused it.
    pub by: String,
}

/// The ledger.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/flex/ledger.html")]
pub struct LedgerPage {
    /// The frame.
    pub frame: Frame,
    /// The pages of the contract.
    pub tabs: Vec<NavItem>,
    /// Its name.
    pub name: String,
    /// The entries, newest first.
    pub rows: Vec<EntryRow>,
    /// Where the entries before these are.
    pub older: Option<String>,
    /// Where the newest ones are, if these are others.
    pub newest: Option<String>,
}

/// The ledger.
pub async fn entries(ask: Ask) -> HttpResponse {
    show(&ask, ledger_page(&ask)).await
}

async fn ledger_page(ask: &Ask) -> Result<LedgerPage, Failure> {
    let before = match ask.query.some("before") {
        None => i64::MAX,
        Some(text) => text.parse().map_err(|_| {
            Error::invalid("before", format!("'{text}' is no entry of this ledger"))
        })?,
    };
    let found = ask.engine().au_ledger(&ask.visit.who, id(ask)?, (before, ROWS + 1)).await?;
    let (desk, contract, mut posted) = found;
    let address = format!("{}/ledger", base(contract.id));
    let more = posted.len() > usize::try_from(ROWS).unwrap_or_default();
    if more {
        posted.pop();
    }
    let last = posted.last().filter(|_| more);
    Ok(LedgerPage {
        frame: at(ask, &desk, "contracts").await?,
        tabs: sections(contract.id, "/ledger"),
        name: contract.name,
        older: last.map(|last| format!("{address}?before={}", last.number)),
        newest: (before != i64::MAX).then_some(address),
        rows: posted.iter().map(|posted| EntryRow::of(posted, ask.now())).collect(),
    })
}

impl EntryRow {
    fn of(posted: &Posted, now: Timestamp) -> Self {
        Self {
            number: posted.number,
            text: words::step(&posted.entry.step),
            rule: words::rule(posted.entry.rule),
            effective: posted.effective.map(|day| day.to_string()),
            at: When::at(posted.at, now),
            by: posted.by.clone(),
        }
    }
}
