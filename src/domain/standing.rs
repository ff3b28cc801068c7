//! How a local account stands with its synchronization.

use super::id::{OnPremUid, SmartAccountId};
use super::on_prem::{Dates, Overdue};
pub use super::sync::Kind as SyncKind;
use super::time::Timestamp;
use thiserror::Error as ThisError;
pub use trouble::SyncTrouble;
use uuid::Uuid;

mod trouble;

/// Why a satellite does not synchronize, or does not take a file.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The file is none of ours, damaged, or not signed by CSSM.
    #[error("The file is not taken: {0}.")]
    BadFile(String),
    /// It is a file of another kind.
    #[error("This is {} file; {} file is needed here.", with_article(found), with_article(wanted))]
    WrongDirection {
        /// What it is.
        found: &'static str,
        /// What it has to be.
        wanted: &'static str,
    },
    /// It is for another local account, perhaps of another satellite.
    #[error("This file is for the On-Prem {file}, not for {own}.")]
    OtherOnPrem {
        /// Whose it is.
        file: String,
        /// Whose it has to be.
        own: String,
    },
    /// Nobody asked for it.
    #[error("{0} waits for no such file: download a new one for CSSM first.")]
    NothingOpen(String),
    /// It answers a request that a later one has replaced.
    #[error("This file answers request {answers}; the open request is {open}.")]
    Stale {
        /// The number of the request that it answers.
        answers: u64,
        /// The number of the request that waits.
        open: i64,
    },
    /// One at a time (B-SYN-14).
    #[error("A synchronization of {0} is in progress.")]
    Busy(String),
    /// A standard one cannot heal what has diverged.
    #[error("{0} and CSSM have diverged; a full synchronization is needed.")]
    FullNeeded(String),
    /// The credential is missing or has ended (B-SYN-05).
    #[error("The credential for CSSM has ended; sign in again with a CSSM user and password.")]
    SignIn,
    /// There is no way to CSSM.
    #[error("This satellite has no network connection to CSSM; synchronize by files.")]
    NoLink,
    /// CSSM has refused, for this reason.
    #[error("{0}")]
    Cssm(String),
    /// CSSM cannot be reached, for this reason.
    #[error("CSSM cannot be reached: {0}.")]
    Link(String),
}

/// `a response`, `an authorization`.
fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// The state that is stored (B-SYN-10); *Overdue* comes from the dates, *In progress* from what is
/// under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// There was none yet.
    Never,
    /// The last one succeeded.
    Synchronized,
    /// The last one failed; the problem is told.
    Failed,
    /// A request file was made, and its response file has not come.
    Waiting,
}

impl SyncState {
    const ALL: [Self; 4] = [Self::Never, Self::Synchronized, Self::Failed, Self::Waiting];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Synchronized => "synchronized",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }

    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Never => "Never synchronized",
            Self::Synchronized => "Synchronized",
            Self::Failed => "Failed",
            Self::Waiting => "Waiting for response file",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A request that no response has confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// Its number.
    pub sequence: i64,
    /// Its nonce.
    pub nonce: Uuid,
    /// What it tells.
    pub kind: SyncKind,
    /// Whether it is a file.
    pub by_file: bool,
    /// When it was made.
    pub made_at: Timestamp,
}

/// How a local account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncStanding {
    /// Whose.
    pub uid: OnPremUid,
    /// The local account's rows.
    pub account: SmartAccountId,
    /// The number of the next request.
    pub next_sequence: i64,
    /// The nonce of the last request that was confirmed.
    pub base: Option<Uuid>,
    /// The state that pages show.
    pub state: SyncState,
    /// Why the last one failed.
    pub problem: String,
    /// Whether only a full one helps.
    pub needs_full: bool,
    /// The kind of the last one that succeeded.
    pub last_kind: Option<SyncKind>,
    /// When that was.
    pub last_at: Option<Timestamp>,
    /// By when the next one has to come.
    pub dates: Dates,
    /// The account's own schedule, stored as text; `None` follows the one of the satellite.
    pub schedule: Option<String>,
    /// When the next one begins by itself.
    pub next_at: Option<Timestamp>,
    /// Never later than the next instant at which time changes something about it.
    pub due_at: Option<Timestamp>,
    /// The last instant at which time did (AS-49).
    pub settled_at: Option<Timestamp>,
}

impl SyncStanding {
    /// The state in words, with the dates counted in, and whether one is under way.
    pub fn words(&self, busy: bool, now: Timestamp) -> &'static str {
        match (self.state, self.dates.overdue(now)) {
            _ if busy => "In progress",
            (SyncState::Failed | SyncState::Waiting, _) | (_, Overdue::No) => self.state.words(),
            (SyncState::Synchronized | SyncState::Never, _) => "Overdue",
        }
    }

    /// The same with its next deadline.
    #[must_use]
    pub fn scheduled(mut self, now: Timestamp) -> Self {
        self.due_at = self.dates.next_change(now);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::on_prem::Profile;

    fn last() -> Timestamp {
        Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
    }

    fn stands(state: SyncState) -> SyncStanding {
        SyncStanding {
            uid: OnPremUid(Uuid::nil()),
            account: SmartAccountId(Uuid::nil()),
            next_sequence: 2,
            base: None,
            state,
            problem: "CSSM cannot be reached: no answer.".to_owned(),
            needs_full: false,
            last_kind: None,
            last_at: None,
            dates: Profile::CLASSIC.after(last()),
            schedule: None,
            next_at: None,
            due_at: None,
            settled_at: None,
        }
    }

    /// B-SYN-10: all states of the page, of which two are not stored.
    #[test]
    fn states_are_told_in_words() {
        let (soon, late, over) = (last().plus_days(1), last().plus_days(31), last().plus_days(91));
        for (state, busy, now, words) in [
            (SyncState::Never, false, soon, "Never synchronized"),
            (SyncState::Never, true, soon, "In progress"),
            (SyncState::Synchronized, false, soon, "Synchronized"),
            (SyncState::Synchronized, false, late, "Overdue"),
            (SyncState::Synchronized, false, over, "Overdue"),
            (SyncState::Failed, false, late, "Failed"),
            (SyncState::Waiting, false, late, "Waiting for response file"),
        ] {
            assert_eq!(stands(state).words(busy, now), words, "{state:?} {now}");
        }
    }

    /// A-ALK-06, A-ALK-07, A-ALK-08, B-SYN-01: what is late is told by severity, and so is a
    /// failure; setting the clock back takes none of it away.
    #[test]
    fn troubles_are_told_worst_first() {
        let kinds = |stands: &SyncStanding, day| -> Vec<&str> {
            stands.troubles(last().plus_days(day)).into_iter().map(SyncTrouble::kind).collect()
        };
        let fine = stands(SyncState::Synchronized);
        assert_eq!(kinds(&fine, 29), [""; 0]);
        assert_eq!(kinds(&fine, 30), ["Synchronization Overdue"]);
        let near = ["Synchronization Overdue", "Upcoming Satellite Sync Deadline (30 Day)"];
        assert_eq!(kinds(&fine, 60), near);
        assert_eq!(kinds(&fine, 90), ["Satellite expired and removed"]);
        let back = SyncStanding { settled_at: Some(last().plus_days(60)), ..fine };
        assert_eq!(kinds(&back, 1), near);
        let failed = SyncStanding { needs_full: true, ..stands(SyncState::Failed) };
        assert_eq!(kinds(&failed, 1), ["Synchronization Failed", "Full Synchronization Needed"]);
        let told = failed.troubles(last())[0];
        assert_eq!(told.message("Plant A", &failed), "CSSM cannot be reached: no answer.");
        assert_eq!(told.severity(), crate::domain::cause::Severity::Minor);
    }
}
