//! How large a system is, and several data centres as one.

use super::{Dated, Email, Happening, Managed, NewUser, Refusal, Server, Situation, count};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Ports: how many people meet at once.
// F-HL-19 (seed 003, documented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 50.
    #[default]
    Micro,
    /// 250.
    Small,
    /// 800.
    Medium,
    /// 2000.
    Large,
    /// 4000: a large one with Extended Capacity.
    Extended,
}

impl Size {
    /// All, from small to large.
    pub const ALL: [Self; 5] =
        [Self::Micro, Self::Small, Self::Medium, Self::Large, Self::Extended];

    /// How many people.
    pub fn ports(self) -> u32 {
        match self {
            Self::Micro => 50,
            Self::Small => 250,
            Self::Medium => 800,
            Self::Large => 2000,
            Self::Extended => 4000,
        }
    }

    /// As in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Extended => "extended",
        }
    }

    /// The license that several data centres of that size need.
    // Seed 003, its table of upgrade SKUs: small, medium, large and extra large in one. There is
    // none for micro; that such a system stays alone is ours.
    pub fn data_centres(self) -> Option<License> {
        match self {
            Self::Micro => None,
            Self::Small => Some(License::MdcSmall),
            Self::Medium => Some(License::MdcMedium),
            Self::Large | Self::Extended => Some(License::MdcLarge),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A license of the system as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum License {
    /// Several data centres, 250 ports.
    MdcSmall,
    /// Several data centres, 800 ports.
    MdcMedium,
    /// Several data centres, 2000 and 4000 ports.
    MdcLarge,
    /// 4000 ports.
    ExtendedCapacity,
}

impl License {
    /// All.
    pub const ALL: [Self; 4] =
        [Self::MdcSmall, Self::MdcMedium, Self::MdcLarge, Self::ExtendedCapacity];

    /// As in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::MdcSmall => "mdc_small",
            Self::MdcMedium => "mdc_medium",
            Self::MdcLarge => "mdc_large",
            Self::ExtendedCapacity => "extended_capacity",
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::MdcSmall => "Multi-data Center, small",
            Self::MdcMedium => "Multi-data Center, medium",
            Self::MdcLarge => "Multi-data Center, large",
            Self::ExtendedCapacity => "Extended Capacity",
        }
    }
}

/// Such a license, for the releases of one major number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityLicense {
    /// Which.
    pub license: License,
    /// For which releases: 4 for 4.0, 4.1 and so on.
    pub major: u32,
}

impl fmt::Display for CapacityLicense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}.x", self.license.label(), self.major)
    }
}

/// How large a system is, and what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Ports.
    pub size: Size,
    /// What is installed.
    pub licenses: Vec<CapacityLicense>,
    /// The data centre that has joined this one; one may (documented for 2.5 and later).
    pub joined: Option<DataCentre>,
}

/// A data centre that has joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataCentre {
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// How many host licenses it released by joining.
    pub released: u64,
}

impl Server {
    /// Whether that license is installed, for the releases of that number.
    pub fn has(&self, license: License, major: u32) -> bool {
        self.capacity.licenses.contains(&CapacityLicense { license, major })
    }

    fn need(&self, license: License, major: u32, what: &str) -> Result<(), Refusal> {
        if self.has(license, major) {
            return Ok(());
        }
        let license = CapacityLicense { license, major }.to_string();
        Err(Refusal::NoCapacityLicense { what: what.to_owned(), license })
    }

    pub(super) fn install(
        &mut self,
        license: CapacityLicense,
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        if license.major < self.release.major || license.major > 99 {
            let problem = format!("{} must be from {} to 99", license.major, self.release.major);
            return Err(Refusal::invalid("major", problem));
        }
        if self.capacity.licenses.contains(&license) {
            return Err(Refusal::conflict(format!("The license {license} is installed already.")));
        }
        self.capacity.licenses.push(license);
        Ok(vec![Dated { at: now, what: Happening::CapacityLicenseInstalled { license } }])
    }

    /// Another size: larger ones, and from extended back to large.
    // F-HL-19 (seed 003, documented); that nothing else becomes smaller is ours.
    pub(super) fn resize(&mut self, to: Size, now: Timestamp) -> Result<Vec<Dated>, Refusal> {
        let (from, major) = (self.capacity.size, self.release.major);
        let wrong = |rule| Err(Refusal::Size { from, to, rule });
        match (from, to) {
            (from, to) if from == to => return wrong("it is so already"),
            (Size::Large, Size::Extended) => {
                self.need(License::ExtendedCapacity, major, "A system of 4000 ports")?;
            }
            (_, Size::Extended) => return wrong("only a large one can be extended"),
            (Size::Extended, Size::Large) => {}
            (from, to) if to < from => return wrong("only an extended one becomes smaller, large"),
            _ => {}
        }
        if self.capacity.joined.is_some()
            && let Some(license) = to.data_centres()
        {
            self.need(license, major, "Another size of several data centres")?;
        }
        self.capacity.size = to;
        Ok(vec![Dated { at: now, what: Happening::Resized { size: to } }])
    }

    /// Another data centre joins this one. Its users come along, their host licenses do not.
    // F-HL-19 (seed 003, documented): no trial, licenses before joining, host licenses released.
    pub(super) fn join(
        &mut self,
        name: &str,
        users: &[NewUser],
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.contains(char::is_control) {
            return Err(Refusal::invalid("name", "it must be a text of 1 to 60 characters"));
        }
        if let Some(joined) = &self.capacity.joined {
            let name = &joined.name;
            return Err(Refusal::conflict(format!("{name} has joined already: there are two.")));
        }
        self.no_trial()?;
        let Some(license) = self.capacity.size.data_centres() else {
            return Err(Refusal::conflict("A micro system stays alone: make it small first."));
        };
        self.need(license, self.release.major, "Joining data centres")?;
        let before = self.users.len();
        let mut told = Vec::new();
        for new in users
            .iter()
            .filter(|new| !self.users.contains_key(&new.email))
            .cloned()
            .collect::<Vec<_>>()
        {
            told.extend(self.add_one(&new, Managed::Local, now)?);
        }
        let released = count(users.iter().filter(|new| new.hosts).count());
        let came = count(self.users.len() - before);
        let joined = DataCentre { name: name.to_owned(), since: now, released };
        let name = joined.name.clone();
        self.capacity.joined = Some(joined);
        told.push(Dated { at: now, what: Happening::Joined { name, users: came, released } });
        Ok(told)
    }

    /// There is no trial for several data centres.
    fn no_trial(&self) -> Result<(), Refusal> {
        let licensed = match (self.is_smart(), self.situation) {
            (true, Situation::Registered | Situation::Reserved { .. }) => true,
            (true, Situation::Evaluation { .. } | Situation::Over { .. }) => false,
            (false, _) => !self.in_trial() && self.bought > 0,
        };
        if licensed {
            return Ok(());
        }
        Err(Refusal::conflict(if self.is_smart() {
            "There is no trial for several data centres: register this one first."
        } else {
            "There is no trial for several data centres: the trial must be over, and permanent \
             licenses installed."
        }))
    }

    /// Somebody new.
    pub(super) fn add_one(
        &mut self,
        new: &NewUser,
        managed: Managed,
        now: Timestamp,
    ) -> Result<Vec<Dated>, Refusal> {
        let user = new.user(managed)?;
        self.users.insert(new.email.clone(), user);
        let email: Email = new.email.clone();
        Ok(vec![Dated { at: now, what: Happening::UserAdded { email } }])
    }
}
