//! Which products there are and what each does: decided beforehand, from a seed.

use super::fault::{Fault, Faults};
use super::pattern::{Pattern, Use};
use crate::crypto::keys::KeyKind;
use crate::crypto::secret::{digest, hmac};
use crate::device::DeviceError;
use crate::device::profile::Profile;
use std::collections::BTreeSet;

/// The most products of one fleet: what has six digits in a serial number.
const MOST: u32 = 999_999;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Where chance comes from.
    pub seed: String,
    /// How many products.
    pub count: u32,
    /// Kinds of products and their weights.
    pub mix: Vec<(Profile, u32)>,
    /// What they use; `None` = one of the first license of each.
    pub uses: Option<Vec<Use>>,
    /// What they do wrong.
    pub faults: Faults,
    /// Registration tokens, dealt in turn.
    pub tokens: Vec<String>,
    /// Kind of key.
    pub key: KeyKind,
    /// How many different keys; 0 = one for each product.
    pub keys: u32,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it came from.
    pub spec: Spec,
    /// What a product of each kind uses: tags and patterns, in the order of the mix.
    pub uses: Vec<Vec<(String, Pattern)>>,
    /// The products.
    pub products: Vec<Planned>,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its number, from 1.
    pub number: u32,
    /// Its kind: which of the mix.
    pub kind: usize,
    /// Its serial number.
    pub serial: String,
    /// What it does wrong.
    pub fault: Option<Fault>,
    /// When it is switched off, if it is: so much of the run, of 1000.
    pub off_at: u64,
}

impl Plan {
    /// Decides.
    ///
    /// # Errors
    /// Something of it cannot be.
    pub fn of(spec: Spec) -> Result<Self, DeviceError> {
        let wrong = |problem: String| Err(DeviceError::Usage(problem));
        if spec.count == 0 || spec.count > MOST {
            return wrong(format!("--count {}: must be from 1 to {MOST}", spec.count));
        }
        if spec.mix.iter().all(|(_, weight)| *weight == 0) {
            return wrong("--mix: at least one weight must be above 0".to_owned());
        }
        if spec.tokens.is_empty() {
            return wrong("--token: give at least one registration token".to_owned());
        }
        let uses = uses(&spec)?;
        let kinds = dealt(&spec, "kind", &weights(&spec));
        let faults = faults(&spec);
        let name = name_of(&spec.seed);
        let product = |((number, kind), fault): ((u32, usize), Option<Fault>)| Planned {
            number,
            kind,
            serial: format!("{name}{number:06}"),
            fault,
            off_at: dice(&spec.seed, "off", number) % 1_000,
        };
        let products = (1..=spec.count).zip(kinds).zip(faults).map(product).collect();
        Ok(Self { spec, uses, products })
    }

    /// How many products do this wrong.
    pub fn with(&self, fault: Fault) -> usize {
        self.products.iter().filter(|product| product.fault == Some(fault)).count()
    }
}

/// Four letters that differ from seed to seed, so that two fleets have other serial numbers.
fn name_of(seed: &str) -> String {
    let digits = digest(seed);
    digits.chars().take(4).collect::<String>().to_uppercase()
}

/// Splits a number by weights: what is left over goes to the largest remainders, first come.
pub fn apportion(count: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let product = |weight: &u32| u64::from(count) * u64::from(*weight);
    let whole = |weight: &u32| u32::try_from(product(weight) / sum).unwrap_or(count);
    let mut parts: Vec<u32> = weights.iter().map(whole).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let remainder = |at: &usize| weights.get(*at).map_or(0, |weight| product(weight) % sum);
    order.sort_by_key(|at| std::cmp::Reverse(remainder(at)));
    let left = usize::try_from(count - parts.iter().sum::<u32>()).unwrap_or(0);
    for at in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}

fn weights(spec: &Spec) -> Vec<u32> {
    let weights: Vec<u32> = spec.mix.iter().map(|(_, weight)| *weight).collect();
    apportion(spec.count, &weights)
}

fn faults(spec: &Spec) -> Vec<Option<Fault>> {
    let numbers = spec.faults.numbers(spec.count);
    let wrong: u32 = numbers.iter().map(|(_, number)| number).sum();
    let parts: Vec<u32> =
        numbers.iter().map(|(_, number)| *number).chain([spec.count - wrong]).collect();
    let kinds = dealt(spec, "fault", &parts);
    kinds.into_iter().map(|at| Fault::ALL.get(at).copied()).collect()
}

/// For each product its part; the parts have these sizes, and chance decides who is in which.
fn dealt(spec: &Spec, what: &str, sizes: &[u32]) -> Vec<usize> {
    let mut order: Vec<u32> = (0..spec.count).collect();
    order.sort_by_cached_key(|number| (dice(&spec.seed, what, *number), *number));
    let sizes = sizes.iter().map(|size| usize::try_from(*size).unwrap_or(0));
    let parts = sizes.enumerate().flat_map(|(at, size)| std::iter::repeat_n(at, size));
    let mut dealt: Vec<(u32, usize)> = order.into_iter().zip(parts).collect();
    dealt.sort_unstable();
    dealt.into_iter().map(|(_, part)| part).collect()
}

fn dice(seed: &str, what: &str, number: u32) -> u64 {
    let bytes = hmac(seed.as_bytes(), format!("{what}/{number}").as_bytes());
    u64::from_be_bytes(bytes.first_chunk().copied().unwrap_or_default())
}

fn uses(spec: &Spec) -> Result<Vec<Vec<(String, Pattern)>>, DeviceError> {
    let Some(wanted) = &spec.uses else {
        let first = |(profile, _): &(Profile, u32)| {
            let first = profile.licenses.first();
            first.map(|feature| (feature.tag.clone(), Pattern::Constant(1))).into_iter().collect()
        };
        return Ok(spec.mix.iter().map(first).collect());
    };
    let mut uses = vec![Vec::new(); spec.mix.len()];
    for Use { license, pattern } in wanted {
        let mut known = false;
        for ((profile, _), uses) in spec.mix.iter().zip(&mut uses) {
            // A tag is for all, a name for those that know it.
            let tag = match profile.feature(license) {
                Some(feature) => feature.tag.clone(),
                None if license.contains(',') => license.clone(),
                None => continue,
            };
            known = true;
            uses.push((tag, *pattern));
        }
        if !known {
            return Err(unknown_license(spec, license));
        }
    }
    Ok(uses)
}

fn unknown_license(spec: &Spec, license: &str) -> DeviceError {
    let features = spec.mix.iter().flat_map(|(profile, _)| &profile.licenses);
    let names: BTreeSet<_> = features.map(|feature| feature.name.as_str()).collect();
    let names: Vec<_> = names.into_iter().collect();
    DeviceError::Usage(format!(
        "--use {license}: no product of the mix has such a license: must be one of {}, or an \
         entitlement tag",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests;
