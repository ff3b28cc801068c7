//! Kinds of license: what the catalogue knows about an entitlement tag.

use super::error::{Error, Result};
use super::id::EntitlementId;
use std::collections::BTreeMap;

/// A kind of license, known to devices by its entitlement tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// Identity.
    pub id: EntitlementId,
    /// `regid.…,version_uuid`: what devices report.
    pub tag: String,
    /// What people call it; unique like the tag.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Prepaid stock, or billed by what is used.
    pub billing: Billing,
    /// Whether devices need an authorization code before use (A-EXP-06).
    pub enforced: bool,
    /// Whether it falls under export control (A-EXP-03).
    pub export_restricted: bool,
    /// Its place in a family of tiers, where a higher one stands in for a lower one.
    pub tier: Option<Tier>,
}

/// A place in a family of tiers (A-SEM-08).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The family's name in the catalogue.
    pub family: String,
    /// Higher ranks lend to lower ones; no two of a family are equal.
    pub rank: i64,
}

impl Entitlement {
    /// Its enforcement, as devices and pages name it (documented; A-EXP-06).
    pub fn enforcement(&self) -> &'static str {
        match (self.enforced, self.export_restricted) {
            (_, true) => "Export-Controlled",
            (true, false) => "Enforced",
            (false, false) => "Not Enforced",
        }
    }
}

/// How a license is paid for (proven; A-SEM-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// Bought in advance.
    Prepaid,
    /// Billed by use; never insufficient (BAL-5).
    Usage,
}

impl Billing {
    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepaid => "PREPAID",
            Self::Usage => "USAGE",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Prepaid, Self::Usage].into_iter().find(|b| b.name().eq_ignore_ascii_case(text))
    }
}

/// The type of a line (proven; A-SEM-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseType {
    /// Without an end.
    Perpetual,
    /// With a start and an end.
    Term,
    /// A term that renews.
    Subscription,
    /// For trying out; cannot be transferred (A-TRF-04).
    Demo,
}

impl LicenseType {
    /// All types.
    pub const ALL: [Self; 4] = [Self::Perpetual, Self::Term, Self::Subscription, Self::Demo];

    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Perpetual => "PERPETUAL",
            Self::Term => "TERM",
            Self::Subscription => "SUBSCRIPTION",
            Self::Demo => "DEMO",
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Perpetual => "Perpetual",
            Self::Term => "Term",
            Self::Subscription => "Subscription",
            Self::Demo => "Demo",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name().eq_ignore_ascii_case(text))
    }
}

/// Fails when two tiers of a family have the same rank: nobody could say which lends.
pub fn check_tiers(all: &[Entitlement]) -> Result<()> {
    let mut ranks: BTreeMap<(&str, i64), &str> = BTreeMap::new();
    for entitlement in all {
        let Some(tier) = &entitlement.tier else { continue };
        if let Some(other) = ranks.insert((&tier.family, tier.rank), &entitlement.name) {
            let (name, family, rank) = (&entitlement.name, &tier.family, tier.rank);
            let problem = format!("{other} and {name} have the same tier {rank} of {family}");
            return Err(Error::invalid("tier", problem));
        }
    }
    Ok(())
}
