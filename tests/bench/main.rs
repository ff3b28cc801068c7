//! `cargo bench`: what one machine does, beside a static route of the same web framework.
//!
//! The release binary serves a data directory on a real disk at `synchronous = FULL`. Requests
//! are made and signed before the clock runs. Absolute numbers do not travel from machine to
//! machine; the ratios to the static route of the same run do. `docs/PERFORMANCE.md` has them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on has to stop, with the line"
)]

mod load;
mod process;
mod renewals;
mod report;
mod requests;
mod years;

use load::{Load, Script};
use process::{Server, StaticServer};
use renewals::Fleet;
use report::Report;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// Connections that are open at the same time.
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Every run is made this often; the table has the medians.
const ROUNDS: usize = 3;
/// How long one run lasts.
const RUN: Duration = Duration::from_millis(1_500);
/// Renewals that are signed for one run, at 1, 16 and 64 connections.
const SIGNED: [usize; 3] = [4_000, 18_000, 24_000];
/// Starts of which the median counts.
const STARTS: usize = 7;

fn main() {
    if std::env::args().any(|argument| argument == process::STATIC) {
        return process::serve_static();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut report = Report::default();
    let server = Server::start(folder.path());
    report.idle_memory(server.memory());
    let plain = StaticServer::start();
    let bearer = requests::bearer(&server).await;
    let mut fleet = Fleet::register(&server, CONNECTIONS[2]).await;
    for round in 1..=ROUNDS {
        for (connections, signed) in CONNECTIONS.into_iter().zip(SIGNED) {
            eprintln!("round {round} of {ROUNDS}, {connections} connections");
            let run = Run { connections, report: &mut report };
            run.all(&server, plain.address(), &bearer, fleet.sign(connections, signed)).await;
        }
    }
    report.log_size(folder.path());
    drop(server);
    starts(&mut report, folder.path());
    years::measure(&mut report).await;
    println!("{report}");
}

/// All routes at one number of connections, one after the other.
struct Run<'a> {
    connections: usize,
    report: &'a mut Report,
}

impl Run<'_> {
    async fn all(
        mut self,
        server: &Server,
        plain: SocketAddr,
        bearer: &str,
        renewals: Vec<Script>,
    ) {
        let same =
            |request: Vec<u8>, expect| vec![Script::again(request, expect); self.connections];
        let still = same(requests::get("/static"), "licenses");
        let list = same(requests::license_list(bearer), "\"totalRecords\":3");
        let token = same(requests::token_creation(bearer), "tokenInfo");
        self.one("static JSON", plain, still).await;
        self.one("license list", server.address(), list).await;
        self.one("token creation", server.address(), token).await;
        self.one("authorization renewal", server.address(), renewals).await;
        // Each connection creates a token, then reads: no list was kept.
        let in_turn = [requests::token_creation(bearer), requests::license_list(bearer)];
        let in_turn = vec![Script::in_turn(in_turn.into()); self.connections];
        self.one("token, then list", server.address(), in_turn).await;
    }

    async fn one(&mut self, route: &'static str, to: SocketAddr, scripts: Vec<Script>) {
        let sample = Load::run(to, scripts, RUN).await;
        self.report.add(route, self.connections, sample);
    }
}

/// From the start of the process to its ready line, with a database that is there.
fn starts(report: &mut Report, data: &Path) {
    for _ in 0..STARTS {
        let server = Server::start(data);
        report.start(server.took);
        report.memory_after_start(server.memory());
    }
}
