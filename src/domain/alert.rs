//! Alerts: derived from the state of things, never stored as truth (A-ALR-10).

use super::id::{EntitlementId, VirtualAccountId};
use super::pool::{Pool, Standing};
use super::virtual_account::VirtualAccount;

/// How bad it is; the order is the sort order of the page (A-ALR-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Red.
    Major,
    /// Yellow.
    Minor,
    /// Only on the list of a virtual account.
    Informational,
}

impl Severity {
    /// The word on pages and in the REST API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "Major",
            Self::Minor => "Minor",
            Self::Informational => "Informational",
        }
    }
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// How bad.
    pub severity: Severity,
    /// Its name, such as *Insufficient Licenses*.
    pub kind: &'static str,
    /// The sentence.
    pub message: String,
    /// The virtual account that raises it.
    pub virtual_account: VirtualAccountId,
    /// Its name.
    pub source: String,
    /// The license concerned.
    pub entitlement: Option<EntitlementId>,
    /// How many are missing, for the transfer that repairs it.
    pub short: i64,
    /// What has to be done by when.
    pub action_due: &'static str,
}

/// A-ALK-01: the balance of a license in a virtual account is below zero.
pub fn insufficient(at: &VirtualAccount, pool: &Pool, standing: &Standing) -> Option<Alert> {
    let short = standing.shortage();
    if short == 0 {
        return None;
    }
    let (name, license) = (at.name.as_str(), &pool.entitlement.name);
    Some(Alert {
        severity: Severity::Major,
        kind: "Insufficient Licenses",
        message: format!(
            "Virtual account {name} is short of {short} {license} license{}. Add or transfer \
             {short} to return to compliance.",
            if short == 1 { "" } else { "s" }
        ),
        virtual_account: at.id,
        source: name.to_owned(),
        entitlement: Some(pool.id()),
        short,
        action_due: "Now",
    })
}
