//! What a product keeps of a license reservation, and what it may use by it.

use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use crate::protocol::codes::Entitlement;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The reservation of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// Whether the product reserves instead of registering.
    pub enabled: bool,
    /// The request that waits for its authorization code.
    pub request: Option<Request>,
    /// The authorization code that is installed.
    pub installed: Option<Installed>,
    /// The confirmation code of the last one that was.
    pub last_confirmation: Option<String>,
    /// The return code of the last one that was given back.
    pub last_return: Option<String>,
    /// Digests of codes that were replaced or given back: they are never installed again.
    pub spent: Vec<String>,
}

/// A request for an authorization code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Single licenses, or all.
    pub kind: Kind,
    /// The request code.
    pub code: String,
}

/// An authorization code at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installed {
    /// Single licenses, or all.
    pub kind: Kind,
    /// The code as it came: confirmation and return codes are made of it.
    pub code: String,
    /// By which it is known.
    pub digest: String,
    /// When it was installed.
    pub installed_at: Timestamp,
    /// What the product may use; empty for all.
    pub licenses: Vec<Reserved>,
    /// The other units of a group that have a code in the same file, by their UDI.
    pub units: Vec<String>,
}

/// Licenses that are reserved for this product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// Entitlement tag.
    pub tag: String,
    /// How many.
    pub count: u64,
    /// `PERPETUAL`, `TERM` or `SUBSCRIPTION`.
    pub license_type: String,
    /// First day of the term.
    pub first_day: Option<NaiveDate>,
    /// Last day of the term.
    pub last_day: Option<NaiveDate>,
    /// Name for people.
    pub display_name: String,
    /// Longer text for people.
    pub description: String,
    /// Subscription it comes from.
    pub subscription: Option<String>,
}

impl Reserved {
    /// When the term has ended: with its last day, in UTC.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.last_day.map(|day| Timestamp::midnight(day).plus_days(1))
    }

    /// Whether it may be used at `now`.
    pub fn in_force(&self, now: Timestamp) -> bool {
        let begun = self.first_day.is_none_or(|day| Timestamp::midnight(day) <= now);
        begun && !self.ended(now)
    }

    /// Whether its term has ended.
    pub fn ended(&self, now: Timestamp) -> bool {
        self.ends_at().is_some_and(|end| end <= now)
    }
}

impl From<Entitlement> for Reserved {
    fn from(told: Entitlement) -> Self {
        let (first_day, last_day) = told.term.unzip();
        Self {
            tag: told.tag,
            count: told.count,
            license_type: told.license_type,
            first_day,
            last_day,
            display_name: told.display_name,
            description: told.description,
            subscription: told.subscription,
        }
    }
}

impl Installed {
    /// How many licenses of that tag may be used at `now`; none = as many as one likes.
    pub fn limit(&self, tag: &str, now: Timestamp) -> Option<u64> {
        match self.kind {
            Kind::Universal => None,
            Kind::Specific => Some(self.of(tag).filter(|l| l.in_force(now)).map(|l| l.count).sum()),
        }
    }

    /// Whether so many licenses of that tag are covered at `now`.
    pub fn covers(&self, tag: &str, count: u64, now: Timestamp) -> bool {
        self.limit(tag, now).is_none_or(|limit| count <= limit)
    }

    /// What is reserved of that tag.
    pub fn of(&self, tag: &str) -> impl Iterator<Item = &Reserved> {
        self.licenses.iter().filter(move |license| license.tag == tag)
    }

    /// When the next term begins or ends after `now`.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let begins = |license: &Reserved| license.first_day.map(Timestamp::midnight);
        let all = self.licenses.iter().flat_map(|license| [begins(license), license.ends_at()]);
        all.flatten().filter(|at| *at > now).min()
    }
}
