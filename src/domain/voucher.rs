//! Vouchers for third parties: who gets one.

use super::id::EntitlementId;
use super::license::Entitlement;
use super::pool::Compliance;
use super::registration::Refusal;
use std::collections::BTreeMap;

/// How many licenses each wanted voucher vouches for; a tag that is not known or not used is
/// refused (proven; device-protocol 2.6).
pub fn grant(
    wanted: &[(String, Option<Entitlement>)],
    usage: &BTreeMap<EntitlementId, i64>,
) -> Result<Vec<i64>, Refusal> {
    let each = wanted.iter().enumerate().map(|(index, (tag, entitlement))| {
        let used = entitlement.as_ref().and_then(|known| usage.get(&known.id)).copied();
        used.filter(|count| *count > 0)
            .ok_or_else(|| Refusal::NotConsuming { index, tag: tag.clone() })
    });
    each.collect()
}

/// Refuses while any license that the instance uses is short; those are named (ours).
pub fn must_comply(used: &[(String, Compliance)]) -> Result<(), Refusal> {
    let short = |(name, status): &'_ (String, Compliance)| match status {
        Compliance::InCompliance => None,
        Compliance::OutOfCompliance => Some(name.clone()),
    };
    let short: Vec<String> = used.iter().filter_map(short).collect();
    if short.is_empty() {
        return Ok(());
    }
    Err(Refusal::NotInCompliance { licenses: short.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// device-protocol 2.6: compliance is asked of all that is used.
    #[test]
    fn one_short_license_is_enough_to_refuse() {
        let used = |status| vec![("A".to_owned(), Compliance::InCompliance), ("B".into(), status)];
        assert_eq!(must_comply(&used(Compliance::InCompliance)), Ok(()));
        let refused = must_comply(&used(Compliance::OutOfCompliance)).unwrap_err();
        assert_eq!(refused, Refusal::NotInCompliance { licenses: "B".to_owned() });
    }

    /// device-protocol 2.6: PROVEN for a tag whose count is 0.
    #[test]
    fn a_tag_that_is_not_known_is_not_consumed() {
        let refused = grant(&[("t".to_owned(), None)], &BTreeMap::new()).unwrap_err();
        assert_eq!(refused.to_string(), "Product Instance is not consuming this tag : t");
    }
}
