//! What a satellite's people have to be told about a local account's synchronization.

use super::{SyncStanding, SyncState};
use crate::domain::cause::Severity;
use crate::domain::on_prem::Overdue;
use crate::domain::time::Timestamp;

/// Something that is wrong with the synchronization of a local account, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncTrouble {
    /// A-ALK-08: CSSM has removed it, or will at once.
    Expired(Timestamp),
    /// A-ALK-06: it should have synchronized.
    Overdue {
        /// Since when it should have.
        due: Timestamp,
        /// When CSSM removes it.
        deadline: Timestamp,
        /// Whether that is near.
        near: bool,
    },
    /// A-ALK-07: CSSM removes it soon.
    Deadline(Timestamp),
    /// AS-44: the last one failed.
    Failed,
    /// AS-45: only a full one helps.
    FullNeeded,
}

impl SyncTrouble {
    /// The alert's name (documented, but for the last two, which are ours).
    pub fn kind(self) -> &'static str {
        match self {
            Self::Expired(_) => "Satellite expired and removed",
            Self::Overdue { .. } => "Synchronization Overdue",
            Self::Deadline(_) => "Upcoming Satellite Sync Deadline (30 Day)",
            Self::Failed => "Synchronization Failed",
            Self::FullNeeded => "Full Synchronization Needed",
        }
    }

    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::Expired(_) | Self::Overdue { near: true, .. } => Severity::Major,
            Self::Overdue { near: false, .. }
            | Self::Deadline(_)
            | Self::Failed
            | Self::FullNeeded => Severity::Minor,
        }
    }

    /// The sentence, for the local account of that name.
    pub fn message(self, name: &str, stands: &SyncStanding) -> String {
        match self {
            Self::Expired(deadline) => format!(
                "{name} did not synchronize until {deadline} and has to register with CSSM again."
            ),
            Self::Overdue { due, deadline, .. } => format!(
                "{name} should have synchronized by {due}. CSSM removes it on {deadline} unless \
                 it synchronizes before."
            ),
            Self::Deadline(deadline) => {
                format!("CSSM removes {name} on {deadline} unless it synchronizes before.")
            }
            Self::Failed => stands.problem.clone(),
            Self::FullNeeded => {
                format!("{name} and CSSM have diverged; only a full synchronization helps.")
            }
        }
    }
}

impl SyncStanding {
    /// What is wrong; what time has caused stays caused while the clock is behind (AS-49).
    pub fn troubles(&self, now: Timestamp) -> Vec<SyncTrouble> {
        let (due, deadline) = (self.dates.due, self.dates.deadline);
        let overdue = |near| SyncTrouble::Overdue { due, deadline, near };
        let mut found = match self.dates.overdue(self.settled_at.map_or(now, |at| at.max(now))) {
            Overdue::No => Vec::new(),
            Overdue::Due => vec![overdue(false)],
            Overdue::Near => vec![overdue(true), SyncTrouble::Deadline(deadline)],
            Overdue::Over => vec![SyncTrouble::Expired(deadline)],
        };
        if self.state == SyncState::Failed {
            found.push(SyncTrouble::Failed);
        }
        if self.needs_full {
            found.push(SyncTrouble::FullNeeded);
        }
        found
    }
}
