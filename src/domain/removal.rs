//! Removing a product instance: export-restricted licenses hold it back (A-PIN-07; documented).

use super::error::{Error, Result};
use super::license::Entitlement;

/// What stands in the way of a removal, and what is free to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restricted {
    /// Export-restricted licenses in use, with their counts.
    pub held: Vec<(Entitlement, i64)>,
    /// The others.
    pub free: Vec<(Entitlement, i64)>,
}

impl Restricted {
    /// Sorts what an instance uses; `None` when nothing is restricted.
    pub fn of(used: &[(Entitlement, i64)]) -> Option<Self> {
        let (held, free): (Vec<_>, Vec<_>) =
            used.iter().cloned().partition(|(of, _)| of.export_restricted);
        (!held.is_empty()).then_some(Self { held, free })
    }

    /// Fails with what is in use, for those who wanted to remove it.
    pub fn refuse(&self, instance: &str) -> Error {
        let all: Vec<String> = self.held.iter().map(|(of, n)| format!("{n} {}", of.name)).collect();
        Error::Conflict(format!(
            "Restricted Licenses in Use: {instance} holds {}; the product has to return them first.",
            all.join(", ")
        ))
    }

    /// Fails when there is nothing that could be released without the restricted ones.
    pub fn may_release_others(&self, instance: &str) -> Result<()> {
        if self.free.is_empty() {
            return Err(self.refuse(instance));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::license::Billing;
    use crate::domain::pool::samples::entitlement;

    /// AS-15, A-PIN-07: one restricted and four others; then only the restricted one.
    #[test]
    fn restricted_licenses_stay_and_the_others_may_go() {
        let normal = entitlement(1, Billing::Prepaid, None);
        let held =
            Entitlement { export_restricted: true, ..entitlement(2, Billing::Prepaid, None) };
        assert_eq!(Restricted::of(&[(normal.clone(), 4)]), None);
        let both = Restricted::of(&[(normal, 4), (held.clone(), 1)]).unwrap();
        assert!(both.may_release_others("dev-3").is_ok());
        let alone = Restricted::of(&[(held, 1)]).unwrap();
        let refusal = alone.may_release_others("dev-3").unwrap_err().to_string();
        assert!(refusal.contains("Restricted Licenses in Use"), "{refusal}");
    }
}
