//! License lines: what was bought, for how long, and what it is called.

use super::id::{EntitlementId, LineId, SmartAccountId, VirtualAccountId};
use super::time::Timestamp;
use chrono::NaiveDate;

/// A kind of license, known to devices by its entitlement tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// Identity.
    pub id: EntitlementId,
    /// `regid.…,version_uuid`: what devices report.
    pub tag: String,
    /// What people call it; unique like the tag.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Prepaid stock, or billed by what is used.
    pub billing: Billing,
    /// Whether devices need an authorization code before use (A-EXP-06).
    pub enforced: bool,
    /// Whether it falls under export control (A-EXP-03).
    pub export_restricted: bool,
}

/// How a license is paid for (proven; A-SEM-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// Bought in advance.
    Prepaid,
    /// Billed by use; never insufficient (BAL-5).
    Usage,
}

impl Billing {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepaid => "PREPAID",
            Self::Usage => "USAGE",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Prepaid, Self::Usage].into_iter().find(|b| b.name().eq_ignore_ascii_case(text))
    }
}

/// The type of a line (proven; A-SEM-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseType {
    /// Without an end.
    Perpetual,
    /// With a start and an end.
    Term,
    /// A term that renews.
    Subscription,
    /// For trying out; cannot be transferred (A-TRF-04).
    Demo,
}

impl LicenseType {
    /// All types.
    pub const ALL: [Self; 4] = [Self::Perpetual, Self::Term, Self::Subscription, Self::Demo];

    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Perpetual => "PERPETUAL",
            Self::Term => "TERM",
            Self::Subscription => "SUBSCRIPTION",
            Self::Demo => "DEMO",
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Perpetual => "Perpetual",
            Self::Term => "Term",
            Self::Subscription => "Subscription",
            Self::Demo => "Demo",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name().eq_ignore_ascii_case(text))
    }
}

/// The state of a line at an instant (proven; A-SEM-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// It has not begun; shown as pending quantity.
    Future,
    /// It counts.
    Active,
    /// Its last day is over.
    Expired,
}

impl LineStatus {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Future => "FUTURE",
            Self::Active => "ACTIVE",
            Self::Expired => "EXPIRED",
        }
    }
}

/// A license line of one virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Identity.
    pub id: LineId,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// The virtual account that owns it.
    pub virtual_account: VirtualAccountId,
    /// What it is a quantity of.
    pub entitlement: EntitlementId,
    /// Its type.
    pub license_type: LicenseType,
    /// How many.
    pub quantity: i64,
    /// How many of them are reserved for single devices.
    pub reserved: i64,
    /// First day.
    pub starts: NaiveDate,
    /// Last day, inclusive, UTC; `None` for perpetual.
    pub ends: Option<NaiveDate>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a line came from: the columns of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Order number.
    pub order_number: Option<String>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Subscription identifier.
    pub subscription_id: Option<String>,
}

impl Line {
    /// The state at `now`: the last day counts until midnight UTC (A-SEM-04).
    pub fn status(&self, now: Timestamp) -> LineStatus {
        let today = now.date();
        if today < self.starts {
            LineStatus::Future
        } else if self.ends.is_some_and(|last| today > last) {
            LineStatus::Expired
        } else {
            LineStatus::Active
        }
    }

    /// How many may leave the virtual account: not the reserved ones, none of
    /// an expired or demo line (A-TRF-02, A-TRF-04).
    pub fn transferable(&self, now: Timestamp) -> i64 {
        if self.license_type == LicenseType::Demo || self.status(now) == LineStatus::Expired {
            return 0;
        }
        (self.quantity - self.reserved).max(0)
    }

    /// Whether quantities of both lines are the same goods.
    pub fn same_goods(&self, other: &Self) -> bool {
        self.entitlement == other.entitlement
            && self.license_type == other.license_type
            && self.starts == other.starts
            && self.ends == other.ends
            && self.origin == other.origin
    }
}
