//! Reservations: licenses that are taken out of the pool for one device alone (A-RSV-01 ff.).
//!
//! `docs/RESERVATIONS.md` has the words and the flow.

mod choice;
mod holding;
mod planning;
mod proof;
mod refusal;
mod rehost;

pub use choice::{Share, choose};
pub use holding::{Held, Holder, Settlement};
pub use planning::{Change, Ground, MOST, Plan, Wanted, available, plan, weigh};
pub use proof::{Authorization, State, confirmed_by, returned_by};
pub use refusal::Refusal;
pub use rehost::{Threshold, may_rehost};

/// What a reservation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Single licenses: *Specific License Reservation*.
    Specific,
    /// Everything that the product can do: *Permanent License Reservation*.
    Universal,
}

impl Kind {
    /// The stored code, also that of the REST API in capitals (proven).
    pub fn code(self) -> &'static str {
        match self {
            Self::Specific => "specific",
            Self::Universal => "universal",
        }
    }

    /// From the code, in any case.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Specific, Self::Universal].into_iter().find(|k| k.code().eq_ignore_ascii_case(code))
    }
}

/// A product that the site knows, so that request codes of its devices can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// `regid.…,version_uuid`.
    pub software_tag: String,
    /// What people call it.
    pub name: String,
    /// Product identifier of its devices, where they have one in common.
    pub pid: Option<String>,
    /// What a request code says of it.
    pub fingerprint: String,
}

#[cfg(test)]
mod tests;
