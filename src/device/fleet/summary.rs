//! The result of a run for people.

use super::report::{Exchanges, Report};
use std::collections::BTreeMap;
use std::fmt;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profiles = list(&self.plan.profiles);
        writeln!(f, "{} products ({profiles}), seed {}", self.plan.products, self.seed)?;
        writeln!(f, "{} to {}\n", self.begin, self.end)?;
        table(f, &self.exchanges)?;
        if !self.plan.faults.is_empty() {
            writeln!(f, "\nFailing on purpose: {}", list(&self.plan.faults))?;
            writeln!(f, "Expected failures: {}", list(&self.expected_failures))?;
        }
        if let Some(clock) = &self.clock {
            let (moves, seconds) = (clock.moves, clock.seconds);
            writeln!(f, "\nThe clock was moved {moves} times, in {seconds:.1} s.")?;
            if !clock.events.is_empty() {
                writeln!(f, "Time has caused: {}", list(&clock.events))?;
            }
        }
        writeln!(f, "\nRegistered at the end: {}", self.end_state.registered)?;
        writeln!(f, "Authorization: {}", list(&self.end_state.authorization))?;
        for (tag, count) in &self.end_state.in_use {
            writeln!(f, "In use: {count} of {tag}")?;
        }
        if self.as_expected {
            return writeln!(f, "\nEverything went as expected.");
        }
        writeln!(f, "\nUnexpected failures:")?;
        for (reason, count) in &self.unexpected_failures {
            writeln!(f, "{count:>8}  {reason}")?;
        }
        Ok(())
    }
}

fn table(f: &mut fmt::Formatter<'_>, exchanges: &[Exchanges]) -> fmt::Result {
    writeln!(
        f,
        "{:15} {:>9} {:>9} {:>9} {:>10} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "",
        "sent",
        "good",
        "expected",
        "unexpected",
        "per s",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "max ms"
    )?;
    for row in exchanges {
        let kind = serde_json::to_value(row.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default().replace('_', " ");
        let took = row.milliseconds;
        writeln!(
            f,
            "{kind:15} {:>9} {:>9} {:>9} {:>10} {:>8.0} {:>8.1} {:>8.1} {:>8.1} {:>8.1}",
            row.sent,
            row.good,
            row.expected_failures,
            row.unexpected_failures,
            row.per_second,
            took.p50,
            took.p90,
            took.p99,
            took.max
        )?;
    }
    Ok(())
}

fn list<K: fmt::Display, V: fmt::Display>(counts: &BTreeMap<K, V>) -> String {
    let parts: Vec<_> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
