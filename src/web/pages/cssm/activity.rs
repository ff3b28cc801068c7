//! The Activity tab: license transactions and the log of the Smart Account.

use super::events::{EventFilter, EventRow};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Pager, Severities, When};
use askama::Template;

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRow {
    /// When.
    pub date: When,
    /// Order, Transfer, Expiry …
    pub kind: String,
    /// The license's name.
    pub license: String,
    /// Signed quantity; a transfer moves it from source to target.
    pub quantity: i64,
    /// Last day of the line; `None` means never.
    pub expires: Option<When>,
    /// The virtual account that gave.
    pub source: Option<String>,
    /// The virtual account that received.
    pub target: Option<String>,
    /// Order number, device or file; may be empty.
    pub reference: String,
    /// Who did it.
    pub user: String,
}

/// The sub-tabs of Activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityTab {
    /// The ledger.
    Transactions,
    /// The log.
    Events,
}

impl ActivityTab {
    /// The row of sub-tabs.
    pub fn tabs(self, frame: &Frame) -> Vec<NavItem> {
        [
            (Self::Transactions, labels::activity::TRANSACTIONS, "transactions"),
            (Self::Events, labels::activity::EVENTS, "events"),
        ]
        .map(|(tab, label, path)| NavItem {
            label,
            href: format!("{}/activity/{path}", frame.base()),
            current: self == tab,
            alerts: Severities::default(),
        })
        .into()
    }
}

/// License Transactions.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/activity/transactions.html")]
pub struct TransactionsPage {
    /// The frame.
    pub frame: Frame,
    /// Part of a license's name, kept in the address.
    pub search: String,
    /// The entries, newest first.
    pub transactions: Vec<TransactionRow>,
    /// Where one is.
    pub pager: Pager,
}

/// Event Log of the Smart Account and all its virtual accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/activity/events.html")]
pub struct ActivityEventsPage {
    /// The frame.
    pub frame: Frame,
    /// What is shown.
    pub filter: EventFilter,
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is.
    pub pager: Pager,
}
