//! What CSSM changes when a satellite tells of a product instance: by absolute values, so that
//! the same request twice changes nothing.

use crate::domain::id::{EntitlementId, OnPremUid, VirtualAccountId};

/// What is stored of an instance of which a satellite tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The On-Prem that told of it; `None` for one that registered here.
    pub owner: Option<OnPremUid>,
    /// Where it is here.
    pub place: VirtualAccountId,
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
    /// It was told before, word by word, and its place here is the same.
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

/// What it changes that this On-Prem tells of an instance, in its place here.
pub fn told(
    known: Option<Known<'_>>,
    by: OnPremUid,
    (place, digest): (VirtualAccountId, &str),
) -> Change {
    match known {
        None => Change::Insert,
        Some(Known { owner, .. }) if owner != Some(by) => Change::Foreign,
        Some(known) if known.digest == digest && known.place == place => Change::Same,
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
        let [here, elsewhere] = [1, 2].map(|n| VirtualAccountId(Uuid::from_u128(n)));
        let of = |owner| Some(Known { owner, place: here, digest: "a" });
        let told = |known, by, digest| super::told(known, by, (here, digest));
        assert_eq!(told(None, uid(1), "a"), Change::Insert);
        assert_eq!(told(of(Some(uid(1))), uid(1), "a"), Change::Same);
        assert_eq!(told(of(Some(uid(1))), uid(1), "b"), Change::Update);
        let moved = super::told(of(Some(uid(1))), uid(1), (elsewhere, "a"));
        assert_eq!(moved, Change::Update);
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
