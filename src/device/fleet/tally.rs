//! What came of the messages: good answers, failures on purpose, and the others.

use super::fault::Fault;
use super::histogram::Histogram;
use crate::device::machine::Exchange;
use std::collections::BTreeMap;
use std::time::Duration;

/// How many different unexpected failures are told apart.
const TOLD_APART: usize = 20;
const OTHERS: &str = "other failures";

/// What an exchange was for the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A good answer where one was wanted.
    Good,
    /// It failed as it was meant to.
    Expected(Fault),
    /// It failed and should not, or did not fail and should.
    Unexpected(String),
}

/// Exchanges of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Kind {
    pub(super) good: u64,
    pub(super) expected: u64,
    pub(super) unexpected: u64,
    /// How long answers took, from the signed message to the judged answer.
    pub(super) took: Histogram,
    /// How long the phases took in which there were such exchanges.
    pub(super) busy: Duration,
}

/// Everything that was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) kinds: BTreeMap<Exchange, Kind>,
    pub(super) expected: BTreeMap<Fault, u64>,
    pub(super) unexpected: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts an exchange; `took` only if there was an answer.
    pub(super) fn add(&mut self, exchange: Exchange, verdict: Verdict, took: Option<Duration>) {
        let kind = self.kinds.entry(exchange).or_default();
        if let Some(took) = took {
            kind.took.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        }
        match verdict {
            Verdict::Good => kind.good += 1,
            Verdict::Expected(fault) => {
                kind.expected += 1;
                *self.expected.entry(fault).or_default() += 1;
            }
            Verdict::Unexpected(reason) => {
                kind.unexpected += 1;
                self.unexpected(reason, 1);
            }
        }
    }

    /// Counts failures that should not have been.
    pub(super) fn unexpected(&mut self, reason: String, count: u64) {
        let room = self.unexpected.len() < TOLD_APART || self.unexpected.contains_key(&reason);
        let reason = if room { reason } else { OTHERS.to_owned() };
        *self.unexpected.entry(reason).or_default() += count;
    }

    /// Whether the server has answered anything.
    pub(super) fn answered(&self) -> bool {
        self.kinds.values().any(|kind| kind.took.total() > 0)
    }

    /// Takes in what another has counted.
    pub(super) fn merge(&mut self, other: Self) {
        for (exchange, others) in other.kinds {
            let kind = self.kinds.entry(exchange).or_default();
            kind.good += others.good;
            kind.expected += others.expected;
            kind.unexpected += others.unexpected;
            kind.took.merge(&others.took);
            kind.busy += others.busy;
        }
        for (fault, count) in other.expected {
            *self.expected.entry(fault).or_default() += count;
        }
        for (reason, count) in other.unexpected {
            self.unexpected(reason, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_failures_are_counted_apart_and_reasons_do_not_grow_without_end() {
        let mut tally = Tally::default();
        let took = Some(Duration::from_millis(1));
        tally.add(Exchange::Registration, Verdict::Expected(Fault::Skew), took);
        assert!(tally.answered() && tally.unexpected.is_empty());
        for number in 0..100 {
            let mut other = Tally::default();
            let reason = Verdict::Unexpected(format!("reason {number}"));
            other.add(Exchange::Registration, reason, None);
            tally.merge(other);
        }
        let kind = &tally.kinds[&Exchange::Registration];
        assert_eq!((kind.good, kind.expected, kind.unexpected), (0, 1, 100));
        assert_eq!(tally.unexpected.len(), TOLD_APART + 1);
        assert_eq!(tally.unexpected[OTHERS], 80);
        assert_eq!(tally.expected[&Fault::Skew], 1);
    }
}
