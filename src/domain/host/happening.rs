//! What happens to host licenses: the entries of the product's log.

use super::{CapacityLicense, Email, Kind, Release, Role, Size};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How somebody came to a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By hosting.
    Hosting,
    /// An administrator reserved it.
    Reserved,
    /// Licenses were bought.
    Purchase,
    /// Somebody else was deactivated, and the setting lets it move by itself.
    Deactivation,
    /// The trial ended.
    TrialEnd,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences of `Display` say what each is")]
pub enum Happening {
    Installed { release: Release },
    UserAdded { email: Email },
    Activated { email: Email },
    Deactivated { email: Email, released: Option<Kind> },
    RoleSet { email: Email, role: Role },
    Assigned { email: Email, license: Kind, until: Option<Timestamp>, how: How },
    GraceWarning { used: u64, limit: u64 },
    Expired { email: Email, license: Kind },
    TrialEnded,
    Bought { count: u64, bought: u64 },
    DemonstrationGiven { count: u64, until: Timestamp },
    DemonstrationEnded { count: u64 },
    GraceUpgradeSet { automatic: bool },
    MeetingScheduled { meeting: u64, host: Email },
    MeetingStarted { meeting: u64, by: Email },
    MeetingEnded { meeting: u64 },
    MeetingMissed { meeting: u64 },
    CapacityLicenseInstalled { license: CapacityLicense },
    Resized { size: Size },
    Joined { name: String, users: u64, released: u64 },
    Upgraded { release: Release },
}

/// A happening with its instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hosting => "by hosting",
            Self::Reserved => "reserved by the administrator",
            Self::Purchase => "because licenses were bought",
            Self::Deactivation => "because another user was deactivated",
            Self::TrialEnd => "because the trial ended",
        })
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installed { release } => write!(f, "Release {release} was installed"),
            Self::UserAdded { email } => write!(f, "The user {email} was added"),
            Self::Activated { email } => write!(f, "{email} was activated"),
            Self::Deactivated { email, released: None } => write!(f, "{email} was deactivated"),
            Self::Deactivated { email, released: Some(kind) } => {
                write!(f, "{email} was deactivated and released the {kind} license")
            }
            Self::RoleSet { email, role: Role::Host } => write!(f, "{email} may host"),
            Self::RoleSet { email, role: Role::AttendeeOnly } => {
                write!(f, "{email} is attendee-only")
            }
            Self::Assigned { email, license, until, how } => {
                write!(f, "{email} got a {license} license {how}")?;
                until.map_or(Ok(()), |until| write!(f, ", until {until}"))
            }
            Self::GraceWarning { used, limit } => {
                write!(f, "More licenses are used than bought: {used} of {limit} in grace")
            }
            Self::Expired { email, license } => {
                write!(f, "The {license} license of {email} expired")
            }
            Self::TrialEnded => f.write_str("The trial ended"),
            Self::Bought { count, bought } => {
                write!(f, "{count} permanent licenses were installed: {bought} in all")
            }
            Self::DemonstrationGiven { count, until } => {
                write!(f, "{count} demonstration licenses were installed, until {until}")
            }
            Self::DemonstrationEnded { count } => {
                write!(f, "{count} demonstration licenses expired")
            }
            Self::GraceUpgradeSet { automatic } => {
                let when = if *automatic { "automatically" } else { "by Reserve license" };
                write!(f, "A license that becomes free goes to users in grace {when}")
            }
            _ => self.other(f),
        }
    }
}

impl Happening {
    /// The sentences of meetings and capacity.
    fn other(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MeetingScheduled { meeting, host } => {
                write!(f, "Meeting {meeting} was scheduled for {host}")
            }
            Self::MeetingStarted { meeting, by } => write!(f, "{by} started meeting {meeting}"),
            Self::MeetingEnded { meeting } => write!(f, "Meeting {meeting} ended"),
            Self::MeetingMissed { meeting } => write!(f, "Nobody started meeting {meeting}"),
            Self::CapacityLicenseInstalled { license } => {
                write!(f, "The license {license} was installed")
            }
            Self::Resized { size } => {
                write!(f, "The system is {size} now: {} ports", size.ports())
            }
            Self::Joined { name, users, released } => write!(
                f,
                "Data centre {name} joined with {users} users: {released} host licenses released"
            ),
            Self::Upgraded { release } => {
                write!(f, "Upgraded to {release}: assignments kept, a new evaluation begins")
            }
            _ => Ok(()),
        }
    }
}
