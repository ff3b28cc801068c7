//! What came of a run, as a file for machines; `summary.rs` has the table for people.

use super::fault::Fault;
use super::member::Member;
use super::plan::Plan;
use super::tally::{Kind, Tally};
use crate::device::machine::Exchange;
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The version of the file. Members are added, but never removed or renamed within one.
pub const FORMAT: u32 = 1;

/// The result of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Version of this form.
    pub format: u32,
    /// The server.
    pub url: String,
    /// What the plan came from.
    pub seed: String,
    /// Whether everything went as it was meant to.
    pub as_expected: bool,
    /// The world's time at the beginning, RFC 3339.
    pub begin: String,
    /// The world's time at the end, RFC 3339.
    pub end: String,
    /// Who took part.
    pub plan: Planning,
    /// Messages, by kind.
    pub exchanges: Vec<Exchanges>,
    /// Failures on purpose, by kind.
    pub expected_failures: BTreeMap<&'static str, u64>,
    /// Failures that should not have been, by reason.
    pub unexpected_failures: BTreeMap<String, u64>,
    /// How products stand at the end.
    pub end_state: EndState,
    /// What moving the clock has brought; null if it was not moved.
    pub clock: Option<Clock>,
}

/// Who took part.
#[derive(Clone, Debug, Serialize)]
pub struct Planning {
    /// How many products.
    pub products: usize,
    /// By profile.
    pub profiles: BTreeMap<String, usize>,
    /// Those that fail on purpose, by what they do.
    pub faults: BTreeMap<&'static str, usize>,
}

/// Messages of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Exchanges {
    /// `registration`, `authorization`, `id_cert_renew`, `deregistration`.
    pub kind: Exchange,
    /// How many were sent.
    pub sent: u64,
    /// How many had a good answer.
    pub good: u64,
    /// How many failed on purpose.
    pub expected_failures: u64,
    /// How many failed otherwise.
    pub unexpected_failures: u64,
    /// How long the parts of the run took in which there were any.
    pub seconds: f64,
    /// Good answers in a second of that time.
    pub per_second: f64,
    /// How long answers took.
    pub milliseconds: Percentiles,
}

/// How long answers took, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Percentiles {
    /// Half of them at most.
    pub p50: f64,
    /// 90 of 100 at most.
    pub p90: f64,
    /// 99 of 100 at most.
    pub p99: f64,
    /// All of them at most.
    pub max: f64,
}

/// How products stand at the end, as they see it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EndState {
    /// How many the server has to list.
    pub registered: u64,
    /// Products by the state of their registration.
    pub registration: BTreeMap<String, u64>,
    /// Products by the state of their authorization.
    pub authorization: BTreeMap<String, u64>,
    /// Registered products by virtual account.
    pub virtual_accounts: BTreeMap<String, u64>,
    /// What is in use of registered products whose authorization has not expired, by tag.
    pub in_use: BTreeMap<String, u64>,
}

/// What moving the clock has brought.
#[derive(Clone, Debug, Serialize)]
pub struct Clock {
    /// How often it was moved.
    pub moves: u64,
    /// How long the server took for that.
    pub seconds: f64,
    /// Events that time has caused there, by kind.
    pub events: BTreeMap<String, u64>,
}

/// The clock's moves, while they are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Passed {
    pub(super) moves: u64,
    pub(super) took: Duration,
    pub(super) events: BTreeMap<String, u64>,
}

impl Report {
    pub(super) fn new(
        plan: &Plan,
        url: &str,
        begin: Timestamp,
        end: Timestamp,
        passed: Passed,
    ) -> Self {
        let faults = Fault::ALL.into_iter().map(|fault| (fault.name(), plan.with(fault)));
        let mut profiles = BTreeMap::new();
        for product in &plan.products {
            let name = plan.spec.mix.get(product.kind).map(|(profile, _)| profile.name.clone());
            *profiles.entry(name.unwrap_or_default()).or_default() += 1;
        }
        let Passed { moves, took, events } = passed;
        let clock = Clock { moves, seconds: took.as_secs_f64(), events };
        Self {
            format: FORMAT,
            url: url.to_owned(),
            seed: plan.spec.seed.clone(),
            as_expected: true,
            begin: begin.iso(),
            end: end.iso(),
            plan: Planning {
                products: plan.products.len(),
                profiles,
                faults: faults.filter(|(_, count)| *count > 0).collect(),
            },
            exchanges: Vec::new(),
            expected_failures: BTreeMap::new(),
            unexpected_failures: BTreeMap::new(),
            end_state: EndState::default(),
            clock: Some(clock).filter(|_| moves > 0),
        }
    }

    /// Counts how a product stands.
    pub(super) fn look_at(&mut self, member: &Member, now: Timestamp) {
        let (state, end) = (member.state(), &mut self.end_state);
        let registration = state.registration_state();
        *end.registration.entry(written(&registration)).or_default() += 1;
        let authorization = state.authorization_state(now);
        *end.authorization.entry(written(&authorization)).or_default() += 1;
        for (tag, count) in member.in_use(now) {
            *end.in_use.entry(tag.to_owned()).or_default() += count;
        }
        if let Some(identity) = &state.registration.identity {
            end.registered += 1;
            *end.virtual_accounts.entry(identity.virtual_account.clone()).or_default() += 1;
        }
    }

    pub(super) fn count(&mut self, tally: &Tally) {
        self.as_expected = tally.unexpected.is_empty();
        self.exchanges = tally.kinds.iter().map(|(kind, done)| exchanges(*kind, done)).collect();
        let expected = tally.expected.iter().map(|(fault, count)| (fault.name(), *count));
        self.expected_failures = expected.collect();
        self.unexpected_failures = tally.unexpected.clone();
    }
}

fn exchanges(kind: Exchange, done: &Kind) -> Exchanges {
    let seconds = done.busy.as_secs_f64();
    let at = |percent| milliseconds(done.took.percentile(percent));
    Exchanges {
        kind,
        sent: done.good + done.expected + done.unexpected,
        good: done.good,
        expected_failures: done.expected,
        unexpected_failures: done.unexpected,
        seconds,
        per_second: if seconds > 0.0 { float(done.good) / seconds } else { 0.0 },
        milliseconds: Percentiles {
            p50: at(50),
            p90: at(90),
            p99: at(99),
            max: milliseconds(done.took.longest()),
        },
    }
}

fn milliseconds(micros: u64) -> f64 {
    float(micros) / 1_000.0
}

/// Exact as far as a run can count.
fn float(number: u64) -> f64 {
    Duration::from_micros(number).as_secs_f64() * 1e6
}

/// The name of a state, as it is written everywhere else.
fn written(state: &impl Serialize) -> String {
    let value = serde_json::to_value(state).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
