//! The two families of rules, as data.

use super::Release;
use serde::{Deserialize, Serialize};

/// Which rules a server goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Release 4.x: Smart Licensing counts the hosts.
    Cwms4Smart,
    /// Releases 2.x: licenses are installed on the server.
    Cwms2Classic,
}

/// What a profile says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// As in files.
    pub name: &'static str,
    /// The release that is installed first.
    pub release: Release,
    /// Whether Smart Licensing counts the hosts.
    pub smart: bool,
    /// Days of trial after the installation.
    // 90 (seed 003, documented), 180 in older releases (documented).
    pub trial_days: u64,
    /// Days of a grace license (seed 004, documented).
    pub grace_days: u64,
    /// How many users may be in grace at once. "A limited number" (seed 004); the number is ours.
    pub grace_limit: u64,
}

const SMART: Rules = Rules {
    name: "cwms4_smart",
    release: Release { major: 4, minor: 0 },
    smart: true,
    trial_days: 90,
    grace_days: 0,
    grace_limit: 0,
};

const CLASSIC: Rules = Rules {
    name: "cwms2_classic",
    release: Release { major: 2, minor: 8 },
    smart: false,
    trial_days: 180,
    grace_days: 180,
    grace_limit: 10,
};

impl Profile {
    /// What it says.
    pub fn rules(self) -> &'static Rules {
        match self {
            Self::Cwms4Smart => &SMART,
            Self::Cwms2Classic => &CLASSIC,
        }
    }
}

/// When a grace license turns into a permanent one by itself.
// seed 004 says both; its procedure is the more specific.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraceUpgrade {
    /// When licenses are bought. One that a deactivation sets free waits for *Reserve license*
    /// or for a new host.
    #[default]
    OnPurchase,
    /// Then too.
    Automatic,
}

impl GraceUpgrade {
    /// As in files and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnPurchase => "on_purchase",
            Self::Automatic => "automatic",
        }
    }
}
