//! The table.

use super::load::Sample;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// The route that all others are compared with.
const FLOOR: &str = "static JSON";

/// Everything that was measured.
#[derive(Default)]
pub struct Report {
    samples: Vec<(&'static str, usize, Vec<Sample>)>,
    starts: Vec<f64>,
    first_memory: f64,
    memories: Vec<f64>,
    log_mib: f64,
    years: Vec<Years>,
}

/// What has come of letting years pass.
pub struct Years {
    /// Product instances that were there.
    pub instances: usize,
    /// Days that passed.
    pub days: u32,
    /// How long it took until all had settled.
    pub seconds: f64,
    /// Instants at which something was due.
    pub instants: u64,
    /// Events that were written.
    pub events: u64,
}

impl Report {
    /// Adds a run of a route.
    pub fn add(&mut self, route: &'static str, connections: usize, sample: Sample) {
        let of = |(name, count, _): &&mut (&str, usize, Vec<Sample>)| {
            *name == route && *count == connections
        };
        match self.samples.iter_mut().find(of) {
            Some((_, _, runs)) => runs.push(sample),
            None => self.samples.push((route, connections, vec![sample])),
        }
    }

    /// Adds years that have passed.
    pub fn years(&mut self, years: Years) {
        self.years.push(years);
    }

    /// Adds a start with an existing database.
    pub fn start(&mut self, took: Duration) {
        self.starts.push(took.as_secs_f64() * 1_000.0);
    }

    /// Resident memory after the first start, fixture loaded, MiB.
    pub fn idle_memory(&mut self, mib: f64) {
        self.first_memory = mib;
    }

    /// Resident memory after a start with an existing database, MiB.
    pub fn memory_after_start(&mut self, mib: f64) {
        self.memories.push(mib);
    }

    /// How large the write-ahead log has become under load.
    pub fn log_size(&mut self, data: &Path) {
        let bytes = std::fs::metadata(data.join("cssm.db-wal")).map_or(0, |log| log.len());
        self.log_mib = f64::from(u32::try_from(bytes / 1_024).unwrap_or(u32::MAX)) / 1_024.0;
    }

    fn rate(&self, route: &str, connections: usize) -> f64 {
        let found =
            self.samples.iter().find(|(name, count, _)| *name == route && *count == connections);
        found.map_or(f64::NAN, |(_, _, runs)| median(runs.iter().map(|run| run.rate)))
    }
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| route | connections | req/s | p50 ms | p99 ms | server µs | to static |")?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|")?;
        let mut rows: Vec<_> = self.samples.iter().collect();
        rows.sort_by_key(|(_, connections, _)| *connections);
        for (route, connections, runs) in rows {
            let rate = self.rate(route, *connections);
            let (p50, p99) =
                (median(runs.iter().map(|s| s.p50)), median(runs.iter().map(|s| s.p99)));
            let processor = median(runs.iter().map(|s| s.processor));
            let ratio = rate / self.rate(FLOOR, *connections);
            writeln!(
                f,
                "| {route} | {connections} | {rate:.0} | {p50:.2} | {p99:.1} | {processor:.0} | \
                 {ratio:.3} |"
            )?;
        }
        writeln!(f)?;
        writeln!(f, "| start and memory | |\n|---|---:|")?;
        let starts = self.starts.len();
        let start = median(self.starts.iter().copied());
        writeln!(f, "| start to ready, existing database, median of {starts} | {start:.0} ms |")?;
        let idle = median(self.memories.iter().copied());
        writeln!(f, "| idle memory, existing database | {idle:.1} MiB |")?;
        writeln!(f, "| idle memory, first start | {:.1} MiB |", self.first_memory)?;
        writeln!(f, "| write-ahead log after the load | {:.1} MiB |", self.log_mib)?;
        writeln!(f)?;
        writeln!(f, "| instances | days | seconds | due instants | events | µs an event |")?;
        writeln!(f, "|---:|---:|---:|---:|---:|---:|")?;
        for years in &self.years {
            let Years { instances, days, seconds, instants, events } = years;
            let each = seconds * 1e6 / f64::from(u32::try_from(*events).unwrap_or(1).max(1));
            writeln!(
                f,
                "| {instances} | {days} | {seconds:.2} | {instants} | {events} | {each:.0} |"
            )?;
        }
        Ok(())
    }
}
