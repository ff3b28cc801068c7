//! Plans: weights, shares, and that the same seed gives the same.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn spec(seed: &str, count: u32, mix: &[(&str, u32)]) -> Spec {
    let mix = mix.iter().map(|(name, weight)| (Profile::find(name).unwrap(), *weight)).collect();
    let (faults, tokens) = (Faults::default(), vec!["t".to_owned()]);
    let seed = seed.to_owned();
    Spec { seed, count, mix, uses: None, faults, tokens, key: KeyKind::P256, keys: 0 }
}

const MIX: [(&str, u32); 3] = [("ios-xe", 6), ("asa", 2), ("ucm", 1)];

proptest! {
    /// Each part is the exact share, rounded up or down, and together they are all.
    #[test]
    fn weights_are_kept(count in 0_u32..100_000, weights in prop::collection::vec(0_u32..50, 1..8)) {
        let parts = apportion(count, &weights);
        let sum: u32 = weights.iter().sum();
        prop_assert_eq!(parts.iter().sum::<u32>(), if sum == 0 { 0 } else { count });
        for (part, weight) in parts.iter().zip(&weights) {
            let exact = f64::from(count) * f64::from(*weight) / f64::from(sum.max(1));
            prop_assert!((f64::from(*part) - exact).abs() < 1.0, "{part} for {exact}");
        }
    }

    /// The same seed plans the same, another plans otherwise; shares do not depend on it.
    #[test]
    fn a_seed_decides_everything(count in 60_u32..300, seed in "[a-z]{1,8}") {
        let plan = |seed: &str| {
            let faults = "12%,skew=5%".parse().unwrap();
            Plan::of(Spec { faults, ..spec(seed, count, &MIX) }).unwrap()
        };
        let (one, same, other) = (plan(&seed), plan(&seed), plan(&format!("{seed}!")));
        prop_assert_eq!(&one.products, &same.products);
        prop_assert_ne!(&one.products, &other.products);
        let serials: BTreeSet<_> = one.products.iter().map(|product| &product.serial).collect();
        prop_assert_eq!(serials.len(), one.products.len());
        for fault in Fault::ALL {
            prop_assert_eq!(one.with(fault), other.with(fault));
        }
        let kinds = |plan: &Plan, kind| plan.products.iter().filter(|p| p.kind == kind).count();
        let parts = apportion(count, &[6, 2, 1]);
        for (kind, part) in parts.into_iter().enumerate() {
            prop_assert_eq!(kinds(&one, kind), usize::try_from(part).unwrap());
        }
    }
}

#[test]
fn licenses_are_found_by_name_in_the_kinds_that_have_them() {
    let uses = |texts: &[&str]| {
        let uses = texts.iter().map(|text| text.parse().unwrap()).collect();
        Plan::of(Spec { uses: Some(uses), ..spec("s", 9, &MIX) }).map(|plan| plan.uses)
    };
    let plan = Plan::of(spec("s", 9, &MIX)).unwrap();
    assert!(plan.uses[0][0].0.contains("C9300_DNA_ESSENTIALS"), "{:?}", plan.uses);
    let named = uses(&["enhanced=4", "regid.x,1.0_y=1"]).unwrap();
    assert_eq!(named.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 2]);
    assert!(uses(&[]).unwrap().iter().all(Vec::is_empty));
    let error = uses(&["gold=1"]).unwrap_err().to_string();
    assert!(error.contains("--use gold") && error.contains("dna-essentials"), "{error}");
}

#[test]
fn what_cannot_be_is_named() {
    let error = |spec| Plan::of(spec).unwrap_err().to_string();
    assert!(error(spec("s", 0, &MIX)).contains("--count 0: must be from 1 to"));
    assert!(error(spec("s", 1_000_000, &MIX)).contains("--count 1000000"));
    assert!(error(spec("s", 1, &[("asa", 0)])).contains("--mix"));
    assert!(error(Spec { tokens: Vec::new(), ..spec("s", 1, &MIX) }).contains("--token"));
}
