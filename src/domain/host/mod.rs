//! Host licenses of a meetings server: who may host a meeting, by which license, until when.
//!
//! [`Server`] is everything that such a server keeps. [`Server::apply`] does one thing at one
//! instant, whole or not at all; [`Server::settle`] lets time do what it does.
//! [`Server::decide`] says what would happen if somebody hosted: the same function that hosting
//! itself asks.
// features.md 6.4, from seeds 003 (release 4.x) and 004 (releases 2.x); what is ours says so.

mod capacity;
mod choice;
mod command;
mod happening;
mod license;
mod meeting;
mod pool;
mod profile;
mod refusal;
mod time;
mod upgrade;
mod user;

pub use capacity::{Capacity, CapacityLicense, DataCentre, License, Size};
pub use choice::{Decision, Reason};
pub use command::Command;
pub use happening::{Dated, Happening, How};
pub use license::{Held, Holding, Kind};
pub use meeting::{Meeting, NewMeeting, Phase};
pub use pool::{Demonstration, Pool};
pub use profile::{GraceUpgrade, Profile, Rules};
pub use refusal::{Closed, Refusal};
pub use upgrade::{Release, SKUS, Sku};
pub use user::{Email, Managed, NewUser, Role, User};

use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of what is kept.
const VERSION: u32 = 1;

/// A meetings server, as far as host licenses go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Of this form.
    version: Version,
    /// The software release.
    pub release: Release,
    /// Which rules it goes by.
    pub profile: Profile,
    /// Whether a license that a deactivation sets free goes to the oldest in grace.
    pub grace_upgrade: GraceUpgrade,
    /// When this release was installed: its trial begins then.
    pub installed_at: Option<Timestamp>,
    /// Whether the trial has ended (classic).
    pub trial_over: bool,
    /// How the licensing stands outside, as the agent says (smart).
    pub situation: Situation,
    /// Everybody whom the server knows.
    pub users: BTreeMap<Email, User>,
    /// Permanent licenses that were bought and installed (classic).
    pub bought: u64,
    /// Demonstration licenses that are valid (classic).
    pub demonstrations: Vec<Demonstration>,
    /// Number of the demonstration that was given last.
    pub last_demonstration: u32,
    /// Meetings, by their number.
    pub meetings: BTreeMap<u64, Meeting>,
    /// Number of the meeting that was made last.
    pub last_meeting: u64,
    /// How large it is, and what belongs to it.
    pub capacity: Capacity,
}

/// How the agent's licensing stands (release 4.x).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Situation {
    /// Neither registered nor reserved; as many hosts as one likes until then.
    Evaluation {
        /// When it ends if it goes on running; none = not yet told.
        ends: Option<Timestamp>,
    },
    /// Registered: more than was bought may be used.
    Registered,
    /// By reservation.
    Reserved {
        /// How many are reserved; none = all that there are.
        limit: Option<u64>,
    },
    /// Neither, and no evaluation left.
    Over {
        /// Since when.
        since: Timestamp,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if version == VERSION {
            return Ok(Self);
        }
        Err(format!("the version of host licenses is {version}: must be {VERSION}"))
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        VERSION
    }
}

impl Server {
    /// A server as it was installed, without users.
    pub fn new(profile: Profile) -> Self {
        Self {
            version: Version,
            release: profile.rules().release,
            profile,
            grace_upgrade: GraceUpgrade::default(),
            installed_at: None,
            trial_over: false,
            situation: Situation::Evaluation { ends: None },
            users: BTreeMap::new(),
            bought: 0,
            demonstrations: Vec::new(),
            last_demonstration: 0,
            meetings: BTreeMap::new(),
            last_meeting: 0,
            capacity: Capacity::default(),
        }
    }

    /// Whether Smart Licensing counts its hosts.
    pub fn is_smart(&self) -> bool {
        self.profile.rules().smart
    }

    /// The user of that address.
    ///
    /// # Errors
    /// There is none.
    pub fn user(&self, email: &Email) -> Result<&User, Refusal> {
        self.users.get(email).ok_or_else(|| Refusal::NoUser { email: email.clone() })
    }

    fn user_mut(&mut self, email: &Email) -> Result<&mut User, Refusal> {
        self.users.get_mut(email).ok_or_else(|| Refusal::NoUser { email: email.clone() })
    }

    /// What keeps everything but licensing from working, if anything does.
    // F-HL-18, X-05 (seed 003); that a classic server is closed after its trial is ours.
    pub fn closed(&self) -> Option<Closed> {
        if !self.is_smart() {
            let nothing = self.bought == 0 && self.demonstrations.is_empty();
            return (self.trial_over && nothing).then_some(Closed::TrialOver);
        }
        match self.situation {
            Situation::Over { .. } => Some(Closed::EvaluationOver),
            Situation::Reserved { limit: Some(reserved) } if self.holders() > reserved => {
                Some(Closed::TooFewReserved { held: self.holders(), reserved })
            }
            Situation::Evaluation { .. } | Situation::Registered | Situation::Reserved { .. } => {
                None
            }
        }
    }

    /// How many users hold a license, valid or not.
    pub fn holders(&self) -> u64 {
        count(self.users.values().filter(|user| user.license.is_some()).count())
    }
}

/// A count of things in memory.
fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
