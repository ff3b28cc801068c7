//! The license catalogue: kinds of license that a person adds to those of the fixture.
//!
//! A YAML file with `format: 1` and `catalog:`, whose entries are those of a fixture. It is
//! read at each start: a tag that is new is added, a known one gets the file's words.

use super::fixture::{Entitlement as Entry, Error as Unreadable, Product};
use super::fixture_load::{Calendar, Loading, entitlement};
use crate::domain::license::Entitlement;
use crate::engine;
use chrono::TimeDelta;
use serde::Deserialize;
use std::path::Path;

/// A catalogue file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Version of this format; 1.
    format: u32,
    /// Kinds of license.
    catalog: Vec<Entry>,
    /// Products beside those that Syncom simulates.
    #[serde(default)]
    pub products: Vec<Product>,
}

impl Catalogue {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Unreadable> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Unreadable::Unreadable(path.to_owned(), error))?;
        Self::parse(&path.display().to_string(), &text)
    }

    fn parse(name: &str, text: &str) -> Result<Self, Unreadable> {
        let invalid = |problem: String| Unreadable::Invalid(name.to_owned(), problem);
        let catalogue: Self =
            serde_saphyr::from_str(text).map_err(|error| invalid(error.to_string()))?;
        if catalogue.format != 1 {
            return Err(invalid(format!("format {} is not known; 1 is", catalogue.format)));
        }
        Ok(catalogue)
    }
}

/// The kinds of license of the file, for [`engine::Engine::take_catalogue`].
pub fn entitlements(catalogue: &Catalogue, with: &Loading) -> engine::Result<Vec<Entitlement>> {
    let calendar = Calendar { anchor: with.now, shift: TimeDelta::zero() };
    let read = |entry| Ok(entitlement(entry, with, calendar)?);
    catalogue.catalog.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-SEM-08, A-EXP-06: a catalogue is strict, and names what is wrong.
    #[test]
    fn a_catalogue_is_strict() {
        let good = "format: 1\ncatalog:\n  - { name: A, tag: regid.a, family: F, tier: 2, enforced: true }\n";
        assert_eq!(Catalogue::parse("x", good).unwrap().catalog.len(), 1);
        for bad in ["format: 2\ncatalog: []\n", "format: 1\ncatalogue: []\n", "format: 1\n"] {
            assert!(Catalogue::parse("x", bad).is_err(), "{bad}");
        }
    }
}
