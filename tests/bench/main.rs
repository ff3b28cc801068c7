//! The load program: `cargo bench`.
//!
//! Starts the release binary on a data directory of its own (SQLite, `synchronous = FULL`), a
//! static JSON route of the same actix beside it, and drives both with keep-alive connections.
//! Figures are medians of rounds; claims are the ratios to the static route of the same run.

#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a load program stops at the first surprise, and its counts are small"
)]

mod devices;
mod load;
mod server;

use devices::Fleet;
use load::{Load, Outcome};
use server::Server;
use std::time::Duration;

/// Connections at once.
const LEVELS: [usize; 3] = [1, 16, 64];
/// Rounds of each figure.
const ROUNDS: usize = 3;
/// How long a round of unlimited requests lasts.
const ROUND: Duration = Duration::from_millis(1_500);
/// Signed renewals of one product in a round, by level.
const RENEWALS: [usize; 3] = [1_500, 400, 160];

fn main() {
    // `cargo test --benches` and `cargo bench -- --list` must not start a load.
    if std::env::args().any(|arg| arg == "--list" || arg == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let floor = server::static_route();
    let mut server = Server::start();
    println!("idle memory of the server: {:.1} MiB (limit 25)", server.resident_mib());
    println!(
        "start to ready, existing database, median of 7: {} ms (limit 100)",
        server.restarts()
    );
    let bearer = server.bearer().await;
    let mut table = Table::default();
    for (index, connections) in LEVELS.into_iter().enumerate() {
        let fixed = vec![server::get("/static", &floor)];
        table.add("static JSON route", connections, rounds(&floor, &fixed, connections).await);
        let list = vec![server.license_list(&bearer)];
        let address = server.address();
        table.add("license list, 3 rows", connections, rounds(&address, &list, connections).await);
        let create = vec![server.token_creation(&bearer)];
        table.add("token creation", connections, rounds(&address, &create, connections).await);
        let mut fleet = Fleet::register(&server, connections).await;
        for (name, changing) in
            [("authorization renewal", false), ("renewal that changes its use", true)]
        {
            let mut outcomes = Vec::new();
            for _ in 0..ROUNDS {
                let requests = fleet.sign(RENEWALS[index], changing);
                outcomes.push(Load::new(&address).each_once(requests).await);
            }
            table.add(name, connections, median(outcomes));
        }
        fleet.leave(&server).await;
    }
    table.print();
    println!("\nmemory after the load: {:.1} MiB", server.resident_mib());
    server.stop();
}

async fn rounds(address: &str, requests: &[Vec<u8>], connections: usize) -> Outcome {
    let mut outcomes = Vec::new();
    for _ in 0..ROUNDS {
        outcomes.push(Load::new(address).repeat(requests, connections, ROUND).await);
    }
    median(outcomes)
}

fn median(mut outcomes: Vec<Outcome>) -> Outcome {
    outcomes.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    outcomes.swap_remove(outcomes.len() / 2)
}

/// What was measured, row by row; printed as the table of docs/PERFORMANCE.md.
#[derive(Default)]
struct Table(Vec<(&'static str, usize, Outcome)>);

impl Table {
    fn add(&mut self, name: &'static str, connections: usize, outcome: Outcome) {
        assert_eq!(outcome.failures, 0, "{name} at {connections}: {}", outcome.first_failure);
        self.0.push((name, connections, outcome));
    }

    fn print(&self) {
        println!("\n| request | connections | requests/s | p50 ms | p99 ms | ratio to static |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (name, connections, outcome) in &self.0 {
            let floor = self.0.iter().find(|(n, c, _)| *n == self.0[0].0 && c == connections);
            let ratio = outcome.per_second / floor.map_or(f64::NAN, |(_, _, o)| o.per_second);
            println!(
                "| {name} | {connections} | {:.0} | {:.2} | {:.2} | {ratio:.3} |",
                outcome.per_second, outcome.p50, outcome.p99
            );
        }
    }
}
