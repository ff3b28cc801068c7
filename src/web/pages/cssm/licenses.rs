//! The Licenses tab and a license's own page.

use super::activity::TransactionRow;
use super::events::EventRow;
use super::inventory::VaHeader;
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use askama::Template;

/// The pool of one license in one virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseRow {
    /// The id in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Prepaid or Usage.
    pub billing: String,
    /// What active lines add up to.
    pub available: i64,
    /// Ordered, not yet started.
    pub pending: i64,
    /// Consumption and reservations.
    pub in_use: i64,
    /// The reserved part of `in_use`.
    pub reserved: i64,
    /// Available less in use; `None` for usage billing, which is never short.
    pub balance: Option<i64>,
    /// Its alerts.
    pub alerts: Severities,
    /// Whether the viewer may transfer it.
    pub may_transfer: bool,
}

impl LicenseRow {
    /// Whether more is in use than there is.
    pub fn short(&self) -> bool {
        self.balance.is_some_and(|b| b < 0)
    }

    /// Compliance in a word and colour.
    pub fn status(&self) -> Badge {
        if self.short() {
            Badge::new(Tone::Bad, labels::license::INSUFFICIENT)
        } else {
            Badge::new(Tone::Good, labels::license::IN_COMPLIANCE)
        }
    }

    /// How much of the pool is in use, 0 to 100, for the bar.
    pub fn share(&self) -> i64 {
        if self.available <= 0 {
            return if self.in_use > 0 { 100 } else { 0 };
        }
        (self.in_use.saturating_mul(100) / self.available).clamp(0, 100)
    }
}

/// The Licenses tab.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/licenses.html")]
pub struct LicensesPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Part of a license's name, kept in the address.
    pub search: String,
    /// The licenses by name.
    pub licenses: Vec<LicenseRow>,
    /// Where one is.
    pub pager: Pager,
}

/// One source line of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// Perpetual, Term, Subscription or Demo.
    pub kind: String,
    /// How many licenses it holds.
    pub count: i64,
    /// First day.
    pub starts: Option<When>,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// Active, Expired, Future …
    pub status: Badge,
    /// Order number and stock keeping unit.
    pub source: String,
}

/// One product instance that uses the license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Product family.
    pub product: String,
    /// How many it uses.
    pub in_use: i64,
    /// Last contact.
    pub last_contact: When,
}

/// The license across the virtual accounts the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The virtual account.
    pub name: String,
    /// The license's page there.
    pub href: String,
    /// Whether it is the one in view.
    pub current: bool,
    /// What active lines add up to.
    pub available: i64,
    /// Consumption and reservations.
    pub in_use: i64,
    /// Signed difference.
    pub balance: i64,
}

/// A license's own page.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/licenses/show.html")]
pub struct LicensePage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The pool.
    pub license: LicenseRow,
    /// What it is for; may be empty.
    pub description: String,
    /// The entitlement tag that products send.
    pub tag: String,
    /// Source lines.
    pub lines: Vec<LineRow>,
    /// Use in all virtual accounts.
    pub usage: Vec<UsageRow>,
    /// Product instances that use it.
    pub users: Vec<UserRow>,
    /// Its latest events.
    pub events: Vec<EventRow>,
    /// Its latest transactions.
    pub history: Vec<TransactionRow>,
}
