//! Causes of alerts about On-Prems (A-ALK-06 to A-ALK-10).

use super::{ActionDue, Severity};
use crate::domain::id::OnPremUid;
use crate::domain::on_prem::{OnPrem, OnPremState, Overdue};
use crate::domain::time::Timestamp;

/// What there is to be told about an On-Prem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPremTrouble {
    /// A-ALK-06: it did not synchronize in time.
    Overdue {
        /// Since when it should have.
        due: Timestamp,
        /// When it is removed.
        deadline: Timestamp,
        /// Whether that is near.
        near: bool,
    },
    /// A-ALK-07: it is removed soon.
    Deadline(Timestamp),
    /// A-ALK-08: it was removed because it did not synchronize.
    Expired(Timestamp),
    /// A-ALK-08: a person removed it.
    Removed,
    /// A-ALK-09: its authorization file can be downloaded.
    FileReady,
    /// A-ALK-10: its authorization file is being made until then.
    FilePending(Timestamp),
}

/// Why there is an alert about an On-Prem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPremCause {
    /// The On-Prem.
    pub uid: OnPremUid,
    /// Its number in addresses.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// What there is to be told.
    pub trouble: OnPremTrouble,
}

impl OnPremCause {
    /// The causes in an On-Prem; what time has caused stays caused while the clock is behind.
    pub fn of(one: &OnPrem, now: Timestamp) -> Vec<Self> {
        let cause = |trouble| {
            let (uid, number, name) = (one.uid, one.number, one.name.clone());
            Self { uid, number, name, trouble }
        };
        troubles(one, one.settled_at.map_or(now, |at| at.max(now))).into_iter().map(cause).collect()
    }

    /// The alert's name (documented).
    pub fn kind(&self) -> &'static str {
        match self.trouble {
            OnPremTrouble::Overdue { .. } => "Synchronization Overdue",
            OnPremTrouble::Deadline(_) => "Upcoming Satellite Sync Deadline (30 Day)",
            OnPremTrouble::Expired(_) => "Satellite expired and removed",
            OnPremTrouble::Removed => "Satellite Unregistered and Removed",
            OnPremTrouble::FileReady => "Satellite Authorization File Ready",
            OnPremTrouble::FilePending(_) => "Authorization Pending",
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self.trouble {
            OnPremTrouble::Overdue { near: true, .. } | OnPremTrouble::Expired(_) => {
                Severity::Major
            }
            OnPremTrouble::Overdue { near: false, .. }
            | OnPremTrouble::Deadline(_)
            | OnPremTrouble::Removed
            | OnPremTrouble::FileReady
            | OnPremTrouble::FilePending(_) => Severity::Minor,
        }
    }

    /// By when something has to be done.
    pub fn action_due(&self) -> ActionDue {
        match self.trouble {
            OnPremTrouble::Overdue { deadline, .. } | OnPremTrouble::Deadline(deadline) => {
                ActionDue::By(deadline)
            }
            OnPremTrouble::Expired(_)
            | OnPremTrouble::Removed
            | OnPremTrouble::FileReady
            | OnPremTrouble::FilePending(_) => ActionDue::Never,
        }
    }

    /// What tells it from others.
    pub fn key(&self) -> String {
        let what = match self.trouble {
            OnPremTrouble::Overdue { .. } => "overdue",
            OnPremTrouble::Deadline(_) => "deadline",
            OnPremTrouble::Expired(_) | OnPremTrouble::Removed => "gone",
            OnPremTrouble::FileReady => "ready",
            OnPremTrouble::FilePending(_) => "pending",
        };
        format!("on-prem-{what}:{}", self.uid)
    }

    /// Whether a person may dismiss it.
    pub fn is_dismissable(&self) -> bool {
        matches!(self.trouble, OnPremTrouble::Expired(_) | OnPremTrouble::Removed)
    }

    /// Whether people are told by mail.
    pub fn is_mailed(&self) -> bool {
        match self.trouble {
            OnPremTrouble::Overdue { .. }
            | OnPremTrouble::Deadline(_)
            | OnPremTrouble::Expired(_)
            | OnPremTrouble::FileReady => true,
            OnPremTrouble::Removed | OnPremTrouble::FilePending(_) => false,
        }
    }

    /// The sentence.
    pub fn message(&self) -> String {
        let name = &self.name;
        match self.trouble {
            OnPremTrouble::Overdue { due, deadline, .. } => format!(
                "The On-Prem {name} should have synchronized by {due}. If it does not by \
                 {deadline}, it is removed."
            ),
            OnPremTrouble::Deadline(deadline) => format!(
                "The On-Prem {name} is removed on {deadline} unless it synchronizes before."
            ),
            OnPremTrouble::Expired(deadline) => format!(
                "The On-Prem {name} did not synchronize until {deadline} and was removed. Its \
                 virtual accounts are ordinary ones again."
            ),
            OnPremTrouble::Removed => format!(
                "The On-Prem {name} was removed. Its virtual accounts are ordinary ones again."
            ),
            OnPremTrouble::FileReady => {
                format!("The authorization file of the On-Prem {name} can be downloaded.")
            }
            OnPremTrouble::FilePending(ready) => {
                format!("The authorization file of the On-Prem {name} will be ready on {ready}.")
            }
        }
    }
}

fn troubles(one: &OnPrem, now: Timestamp) -> Vec<OnPremTrouble> {
    let (due, deadline) = (one.dates.due, one.dates.deadline);
    let mut found = Vec::new();
    match one.state {
        OnPremState::Removed => return vec![OnPremTrouble::Removed],
        OnPremState::Expired => return vec![OnPremTrouble::Expired(deadline)],
        OnPremState::Authorized if !one.is_ready(now) => {
            found.push(OnPremTrouble::FilePending(one.ready_at));
        }
        OnPremState::Authorized if one.fetched_at.is_none() => {
            found.push(OnPremTrouble::FileReady);
        }
        OnPremState::Authorized | OnPremState::Active => {}
    }
    match one.dates.overdue(now) {
        Overdue::No => {}
        Overdue::Due => found.push(OnPremTrouble::Overdue { due, deadline, near: false }),
        Overdue::Near | Overdue::Over => {
            found.push(OnPremTrouble::Overdue { due, deadline, near: true });
            found.push(OnPremTrouble::Deadline(deadline));
        }
    }
    found
}
