//! The kinds of host licenses, and what a user holds.

use super::{Server, Situation, User};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of host license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bought; ends only when its user is deactivated (F-HL-01).
    Permanent,
    /// Of the trial (F-HL-02).
    Trial,
    /// Beyond what was bought, for 180 days (F-HL-03).
    Grace,
    /// Given by the vendor for some days (F-HL-04).
    Demonstration,
    /// Its time is over: its user attends and schedules, but does not host (F-HL-07).
    Expired,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::Permanent, Self::Trial, Self::Grace, Self::Demonstration, Self::Expired];

    /// As in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Trial => "trial",
            Self::Grace => "grace",
            Self::Demonstration => "demonstration",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A license in somebody's hands, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Its kind. Of a smart server always permanent: what it is there follows from how the
    /// licensing stands.
    pub kind: Kind,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none = until the user is deactivated.
    pub until: Option<Timestamp>,
    /// Which demonstration it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demonstration: Option<u32>,
}

impl Holding {
    /// One without an end.
    pub(super) fn permanent(since: Timestamp) -> Self {
        Self { kind: Kind::Permanent, since, until: None, demonstration: None }
    }
}

/// A license in somebody's hands, as it counts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its kind.
    pub kind: Kind,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none = until the user is deactivated.
    pub until: Option<Timestamp>,
}

impl Server {
    /// What that user holds now.
    pub fn held(&self, user: &User) -> Option<Held> {
        let holding = user.license?;
        let Holding { kind, since, until, .. } = holding;
        if !self.is_smart() {
            return Some(Held { kind, since, until });
        }
        // F-HL-02, F-HL-07: assignments stay what they are, whatever the licensing does.
        Some(match self.situation {
            Situation::Evaluation { ends } => Held { kind: Kind::Trial, since, until: ends },
            Situation::Registered | Situation::Reserved { .. } => {
                Held { kind: Kind::Permanent, since, until: None }
            }
            Situation::Over { since } => Held { kind: Kind::Expired, since, until: None },
        })
    }

    /// Whether that user may host by what is in hand already.
    pub(super) fn holds(&self, user: &User) -> Option<Held> {
        self.held(user).filter(|held| held.kind != Kind::Expired)
    }
}
