//! The event log of a virtual account.

use super::inventory::VaHeader;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Pager, When};
use askama::Template;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// What happened.
    pub message: String,
    /// When.
    pub time: When,
    /// User, device name or System.
    pub user: String,
    /// Name and address of the virtual account; only in the log of the Smart Account.
    pub virtual_account: Option<(String, String)>,
}

/// What is shown of the log; kept in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// License, product instance, token … or all.
    pub kinds: Vec<Choice>,
    /// Part of the message.
    pub text: String,
}

impl EventFilter {
    /// Whether anything is left out.
    pub fn active(&self) -> bool {
        !self.text.is_empty() || self.kinds.iter().any(|k| k.selected && !k.value.is_empty())
    }
}

/// The Event Log tab of a virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/events.html")]
pub struct EventsPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// What is shown.
    pub filter: EventFilter,
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is.
    pub pager: Pager,
}
