//! Authorization: what a device says it uses, and what it is told.

use super::error::{Error, Result};
use super::license::Entitlement;
use super::pool::{Compliance, Standing};
use std::collections::BTreeMap;

/// The largest count a device may report for one tag (ours).
pub const COUNT_LIMIT: i64 = 1_000_000_000;
/// The longest entitlement tag, in characters (ours).
pub const TAG_LIMIT: usize = 512;
/// The most tags in one message (ours).
pub const TAGS_LIMIT: usize = 1_000;

/// How the device must treat one tag (proven; XE-YANG enforcement modes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnforceMode {
    /// The pool suffices.
    InCompliance,
    /// The pool is short.
    OutOfCompliance,
    /// Nobody knows the tag.
    InvalidTag,
    /// It is export-restricted, and the product has neither the flag nor keys for so many.
    NotAuthorized,
}

impl EnforceMode {
    /// Its number.
    pub fn number(self) -> u8 {
        match self {
            Self::InCompliance => 1,
            Self::OutOfCompliance => 2,
            Self::InvalidTag => 8,
            // Of the MIB: XE-YANG has none.
            Self::NotAuthorized => 13,
        }
    }

    /// The word of the vendor's notification (proven; NSO: `inCompliance`).
    pub fn word(self) -> &'static str {
        match self {
            Self::InCompliance => "inCompliance",
            Self::OutOfCompliance => "outOfCompliance",
            Self::InvalidTag => "invalidTag",
            Self::NotAuthorized => "notAuthorized",
        }
    }
}

/// What is told about one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagAnswer {
    /// The tag as the device sent it.
    pub tag: String,
    /// The count as the device sent it.
    pub count: i64,
    /// How to treat it.
    pub mode: EnforceMode,
    /// What is known about the tag.
    pub entitlement: Option<Entitlement>,
}

impl TagAnswer {
    /// The answer for a tag whose pool stands like this after the message.
    pub fn from_standing(count: i64, entitlement: Entitlement, standing: &Standing) -> Self {
        let mode = match standing.status {
            Compliance::InCompliance => EnforceMode::InCompliance,
            Compliance::OutOfCompliance => EnforceMode::OutOfCompliance,
        };
        Self { tag: entitlement.tag.clone(), count, mode, entitlement: Some(entitlement) }
    }

    /// The answer for a restricted license that the product may not use, or not so often.
    pub fn not_authorized(count: i64, of: Entitlement) -> Self {
        Self { tag: of.tag.clone(), count, mode: EnforceMode::NotAuthorized, entitlement: Some(of) }
    }

    /// The answer for a tag that nobody knows.
    pub fn invalid(tag: String, count: i64) -> Self {
        Self { tag, count, mode: EnforceMode::InvalidTag, entitlement: None }
    }
}

/// Checks a list of tags and counts: no tag twice, counts from 0 to the limit.
pub fn check_demands(demands: &[(String, i64)]) -> Result<BTreeMap<String, i64>> {
    if demands.len() > TAGS_LIMIT {
        let problem = format!("{} tags; at most {TAGS_LIMIT} fit one message", demands.len());
        return Err(Error::invalid("entitlements", problem));
    }
    let mut checked = BTreeMap::new();
    for (tag, count) in demands {
        if tag.is_empty() || tag.chars().count() > TAG_LIMIT || tag.chars().any(char::is_control) {
            let problem = format!("a tag has 1 to {TAG_LIMIT} characters, none of them control");
            return Err(Error::invalid("entitlement_tag", problem));
        }
        if !(0..=COUNT_LIMIT).contains(count) {
            let problem = format!("{count} for {tag}; 0 to {COUNT_LIMIT} is the rule");
            return Err(Error::invalid("count", problem));
        }
        if checked.insert(tag.clone(), *count).is_some() {
            return Err(Error::invalid("entitlement_tag", format!("{tag} is there twice")));
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-SEM-05: counts are from 0 to the limit, and no tag comes twice.
    #[test]
    fn demands_are_bounded_and_unique() {
        let demand = |tag: &str, count| vec![(tag.to_owned(), count)];
        assert!(check_demands(&demand("t", 0)).is_ok());
        assert!(check_demands(&demand("t", COUNT_LIMIT)).is_ok());
        for (tag, count) in [("t", -1), ("t", COUNT_LIMIT + 1), ("", 1)] {
            assert!(check_demands(&demand(tag, count)).is_err(), "{tag} {count}");
        }
        assert!(check_demands(&[("t".into(), 1), ("t".into(), 2)]).is_err());
    }
}
