//! What CSSM changes when a satellite tells of a product instance: by absolute values, so that
//! the same request twice changes nothing.

use crate::domain::id::{EntitlementId, OnPremUid};

/// What is stored of an instance of which a satellite tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The On-Prem that told of it; `None` for one that registered here.
    pub owner: Option<OnPremUid>,
    /// The digest of what was told last.
    pub digest: &'a str,
}

/// What a record of an instance changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not known.
    Insert,
    /// Something about it is new.
    Update,
    /// It was told before, word by word.
    Same,
    /// Nothing may change: the identity is that of an instance of somebody else.
    Foreign,
}

/// What the record that an instance is there no more changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It goes.
    Remove,
    /// It is not there.
    Gone,
    /// Nothing may change: the identity is that of an instance of somebody else.
    Foreign,
}

/// What it changes that this On-Prem tells of an instance.
pub fn told(known: Option<Known<'_>>, by: OnPremUid, digest: &str) -> Change {
    match known {
        None => Change::Insert,
        Some(Known { owner, .. }) if owner != Some(by) => Change::Foreign,
        Some(known) if known.digest == digest => Change::Same,
        Some(_) => Change::Update,
    }
}

/// What it changes that this On-Prem says an instance is there no more.
pub fn removed(known: Option<Known<'_>>, by: OnPremUid) -> Removal {
    match known {
        None => Removal::Gone,
        Some(Known { owner, .. }) if owner == Some(by) => Removal::Remove,
        Some(_) => Removal::Foreign,
    }
}

/// The licenses of which an instance uses another number than before: how many then and now.
pub fn uses(
    before: &[(EntitlementId, i64)],
    after: &[(EntitlementId, i64)],
) -> Vec<(EntitlementId, i64, i64)> {
    let count = |of: &[(EntitlementId, i64)], id| {
        of.iter().filter(|(other, _)| *other == id).map(|(_, count)| count).sum::<i64>()
    };
    let mut ids: Vec<EntitlementId> = before.iter().chain(after).map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let counted = ids.into_iter().map(|id| (id, count(before, id), count(after, id)));
    counted.filter(|(_, then, now)| then != now).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn uid(n: u128) -> OnPremUid {
        OnPremUid(Uuid::from_u128(n))
    }

    /// B-SYN-07, B-SYN-13: new, changed, the same, and never what belongs to others.
    #[test]
    fn an_on_prem_changes_only_what_it_told_of() {
        let of = |owner| Some(Known { owner, digest: "a" });
        assert_eq!(told(None, uid(1), "a"), Change::Insert);
        assert_eq!(told(of(Some(uid(1))), uid(1), "a"), Change::Same);
        assert_eq!(told(of(Some(uid(1))), uid(1), "b"), Change::Update);
        for owner in [None, Some(uid(2))] {
            assert_eq!(told(of(owner), uid(1), "a"), Change::Foreign);
            assert_eq!(removed(of(owner), uid(1)), Removal::Foreign);
        }
        assert_eq!(removed(of(Some(uid(1))), uid(1)), Removal::Remove);
        assert_eq!(removed(None, uid(1)), Removal::Gone);
    }

    proptest! {
        /// B-SYN-07: after the changes the use is what was told, and repeated they are none.
        #[test]
        fn the_changes_lead_from_one_use_to_the_other(
            before in prop::collection::btree_map(0_u128..6, 1_i64..5, 0..5),
            after in prop::collection::btree_map(0_u128..6, 1_i64..5, 0..5),
        ) {
            let list = |of: &BTreeMap<u128, i64>| -> Vec<(EntitlementId, i64)> {
                of.iter().map(|(id, n)| (EntitlementId(Uuid::from_u128(*id)), *n)).collect()
            };
            let (before, after) = (list(&before), list(&after));
            let mut reached: BTreeMap<EntitlementId, i64> = before.iter().copied().collect();
            for (id, then, now) in uses(&before, &after) {
                prop_assert_eq!(reached.insert(id, now).unwrap_or(0), then);
            }
            reached.retain(|_, count| *count != 0);
            prop_assert_eq!(reached.into_iter().collect::<Vec<_>>(), after.clone());
            prop_assert!(uses(&after, &after).is_empty());
        }
    }
}
