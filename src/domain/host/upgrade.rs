//! A later release, and what is ordered for it.

use super::{Dated, Happening, Holding, Kind, License, Profile, Refusal, Server, Situation};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A release such as 4.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release {
    /// Before the point.
    pub major: u32,
    /// Behind it.
    pub minor: u32,
}

impl Release {
    /// Reads `4.0`.
    ///
    /// # Errors
    /// It is no release.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let number = |part: &str| {
            let digits = !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
            part.parse::<u32>().ok().filter(|number| digits && *number < 100)
        };
        let parts = text.trim().split_once('.');
        let parts = parts.and_then(|(major, minor)| number(major).zip(number(minor)));
        let shown: String = text.trim().chars().take(20).collect();
        let problem = || Refusal::invalid("release", format!("'{shown}' must be like 4.0"));
        parts.map(|(major, minor)| Self { major, minor }).ok_or_else(problem)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl TryFrom<String> for Release {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}

/// Something to order for an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sku {
    /// Its number.
    pub sku: &'static str,
    /// What it is.
    pub what: &'static str,
    /// For whom.
    pub each: Each,
}

/// How many of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// One for each host license.
    Host,
    /// One for the system.
    System,
    /// One instead of the other kit, where audio must not be encrypted.
    Choice,
    /// One if this license was bought before.
    Entitled(License),
}

/// What is ordered for release 4.0.
// Seed 003, "Upgrade SKUs for Release 4.0" (documented: the numbers).
pub const SKUS: [Sku; 7] = [
    sku("CWMS-USRUG-K9", "Host license", Each::Host),
    sku("CWMS4-UPG-MG-K9", "Software kit 4.x, encrypted audio", Each::System),
    sku("CWMS4-UGMG-UAK9", "Software kit 4.x, audio without encryption", Each::Choice),
    sku("CWMS-MD-S-UG-S-K9", "Several data centres, small", Each::Entitled(License::MdcSmall)),
    sku("CWMS-MD-M-UG-S-K9", "Several data centres, medium", Each::Entitled(License::MdcMedium)),
    sku(
        "CWMS-MD-L-UG-S-K9",
        "Several data centres, large and extended",
        Each::Entitled(License::MdcLarge),
    ),
    sku("CWMS-XL-UG-S-K9", "4000 ports", Each::Entitled(License::ExtendedCapacity)),
];

const fn sku(sku: &'static str, what: &'static str, each: Each) -> Sku {
    Sku { sku, what, each }
}

impl Sku {
    /// How many of it this server needs for its upgrade.
    pub fn quantity(&self, server: &Server) -> u64 {
        match self.each {
            Each::Host => server.bought.max(server.holders()),
            Each::System => 1,
            Each::Choice => 0,
            Each::Entitled(license) => {
                let mut known = server.capacity.licenses.iter();
                u64::from(known.any(|installed| installed.license == license))
            }
        }
    }
}

impl Server {
    /// A later release: assignments stay, a new evaluation begins.
    // F-HL-20 (seed 003, documented). That the product leaves Smart Licensing first is ours, and
    // so is that 2.x goes to 4.0 or later.
    pub(super) fn upgrade(&mut self, to: Release, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        let first = Profile::Cwms4Smart.rules().release;
        if to <= self.release || to < first {
            let least = self.release;
            let problem = format!("{to} must be later than {least}, and {first} or later");
            return Err(Refusal::invalid("release", problem));
        }
        if self.is_smart() {
            match self.situation {
                Situation::Registered => {
                    return Err(Refusal::conflict(
                        "The product is registered: deregister it first.",
                    ));
                }
                Situation::Reserved { .. } => {
                    return Err(Refusal::conflict("Licenses are reserved: return them first."));
                }
                Situation::Evaluation { .. } | Situation::Over { .. } => {}
            }
        }
        self.same_capacity(to)?;
        self.adopt_smart();
        (self.release, self.profile) = (to, Profile::Cwms4Smart);
        self.installed_at = Some(now);
        self.situation = Situation::Evaluation { ends: None };
        Ok(vec![Dated { at: now, what: Happening::Upgraded { release: to } }])
    }

    /// Several data centres and 4000 ports need their licenses for the later release first.
    fn same_capacity(&self, to: Release) -> Result<(), Refusal> {
        let several = self.capacity.joined.as_ref().and(self.capacity.size.data_centres());
        let extended = self.capacity.size == super::Size::Extended;
        let needed = several.into_iter().chain(extended.then_some(License::ExtendedCapacity));
        for license in needed {
            if !self.has(license, to.major) {
                let major = to.major;
                let license = super::CapacityLicense { license, major }.to_string();
                let what = format!("The upgrade to {to}");
                return Err(Refusal::NoCapacityLicense { what, license });
            }
        }
        Ok(())
    }

    /// Valid licenses stay with their users; what expired is gone, and demonstrations are.
    fn adopt_smart(&mut self) {
        if self.is_smart() {
            return;
        }
        for user in self.users.values_mut() {
            user.license = user
                .license
                .filter(|license| license.kind != Kind::Expired)
                .map(|license| Holding::permanent(license.since));
        }
        self.demonstrations.clear();
        self.trial_over = true;
    }
}
