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

/// What an instance uses as it is kept: each license once, in their order, and none of which it
/// uses nothing.
pub fn counted(mut told: Vec<(EntitlementId, i64)>) -> Vec<(EntitlementId, i64)> {
    told.sort_unstable_by_key(|(license, _)| *license);
    told.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    told.retain(|(_, count)| *count != 0);
    told
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
        /// B-SYN-07: each license is kept once with the sum of what was told of it.
        #[test]
        fn each_license_is_counted_once(
            told in prop::collection::vec((0_u128..6, 0_i64..5), 0..12),
        ) {
            let mut sums: BTreeMap<EntitlementId, i64> = BTreeMap::new();
            let told: Vec<_> =
                told.into_iter().map(|(id, n)| (EntitlementId(Uuid::from_u128(id)), n)).collect();
            for (license, count) in &told {
                *sums.entry(*license).or_default() += count;
            }
            sums.retain(|_, count| *count != 0);
            prop_assert_eq!(counted(told), sums.into_iter().collect::<Vec<_>>());
        }
    }
}
