//! `cargo bench`: what one machine does, beside a static route of the same web framework.
//!
//! The release binary serves a data directory on a real disk at `synchronous = FULL`. Requests
//! are made and signed before the clock runs. Absolute numbers do not travel from machine to
//! machine; the ratios to the static route of the same run do. `docs/PERFORMANCE.md` has them.
//!
//! Words name parts of routes and leave the others out, numbers are connections:
//! `cargo bench --bench load -- static renewal 16`; `fleet` alone is the part with ten thousand
//! products, `flex` alone the usage report of two hundred customers, `sync` alone the synchronization of a hundred thousand.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on has to stop, with the line"
)]

mod fleets;
mod flex;
mod load;
mod process;
mod registrations;
mod renewals;
mod report;
mod requests;
mod sync;
mod sync_rows;
mod years;

use load::{Load, Script};
use process::{Loaded, Server, StaticServer};
use renewals::{Fleet, Says};
use report::Report;
use std::path::Path;
use std::time::Duration;

/// The steps of a synchronization run in this program: with the allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The part that plays thousands of products.
const FLEET: &str = "fleet";
/// The part that reports what customers of a partner use.
const FLEX: &str = "flex";
/// The part that synchronizes a hundred thousand.
const SYNC: &str = "sync";
/// The routes whose requests are signed beforehand: what a product says again each month, and what
/// it says when its use has changed.
const SIGNED_ROUTES: [(&str, Says); 2] =
    [("authorization renewal", Says::TheSame), ("report of another use", Says::Another)];
/// Connections that are open at the same time.
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Every run is made this often; the table has the medians.
const ROUNDS: usize = 3;
/// How long one run lasts.
const RUN: Duration = Duration::from_millis(1_500);
/// Messages that are signed for one run, at 1, 16 and 64 connections.
const SIGNED: [usize; 3] = [4_000, 18_000, 24_000];
/// Starts of which the median counts.
const STARTS: usize = 7;

fn main() {
    if std::env::args().any(|argument| argument == process::STATIC) {
        return process::serve_static();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == sync::STEP => return sync::step(rest),
        _ if Wanted::from_arguments().only(SYNC) => return sync::measure(),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

/// What of the measurement is wanted: everything, unless the arguments say less.
struct Wanted {
    routes: Vec<String>,
    connections: Vec<usize>,
}

impl Wanted {
    fn from_arguments() -> Self {
        let words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
        let (numbers, routes): (Vec<_>, Vec<_>) =
            words.partition(|word| word.parse::<usize>().is_ok());
        Self { routes, connections: numbers.iter().map(|word| word.parse().unwrap()).collect() }
    }

    fn everything(&self) -> bool {
        self.routes.is_empty() && self.connections.is_empty()
    }

    /// Whether only this part is asked for.
    fn only(&self, part: &str) -> bool {
        self.routes == [part]
    }

    fn route(&self, name: &str) -> bool {
        self.routes.is_empty() || self.routes.iter().any(|part| name.contains(part))
    }

    fn connections(&self, count: usize) -> bool {
        self.connections.is_empty() || self.connections.contains(&count)
    }
}

async fn measure() {
    let wanted = Wanted::from_arguments();
    if alone(&wanted).await {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut report = Report::default();
    let server = Server::start(folder.path());
    report.idle_memory(server.memory());
    let plain = StaticServer::start();
    let bearer = requests::bearer(&server).await;
    let mut fleet = Fleet::register(&server, CONNECTIONS[2]).await;
    for round in 1..=ROUNDS {
        for (connections, signed) in CONNECTIONS.into_iter().zip(SIGNED) {
            if !wanted.connections(connections) {
                continue;
            }
            eprintln!("round {round} of {ROUNDS}, {connections} connections");
            let mut run = Run { connections, wanted: &wanted, report: &mut report };
            run.repeated(&server, &plain, &bearer).await;
            for (route, says) in SIGNED_ROUTES {
                if wanted.route(route) {
                    run.one(route, &server, fleet.sign(connections, signed, says)).await;
                }
            }
        }
    }
    report.log_size(folder.path());
    drop(server);
    if wanted.everything() {
        starts(&mut report, folder.path());
        years::measure(&mut report).await;
    }
    println!("{report}");
    if wanted.everything() {
        fleets::measure().await;
        flex::measure().await;
        sync::measure();
    }
}

/// Measures a part that is asked for alone; answers whether there was one.
async fn alone(wanted: &Wanted) -> bool {
    if wanted.only(FLEET) {
        fleets::measure().await;
    } else if wanted.only(FLEX) {
        flex::measure().await;
    } else {
        return false;
    }
    true
}

/// All routes at one number of connections, one after the other.
struct Run<'a> {
    connections: usize,
    wanted: &'a Wanted,
    report: &'a mut Report,
}

impl Run<'_> {
    async fn repeated(&mut self, server: &Server, plain: &StaticServer, bearer: &str) {
        let same =
            |request: Vec<u8>, expect| vec![Script::again(request, expect); self.connections];
        let still = same(requests::get("/static"), "licenses");
        let list = same(requests::license_list(bearer), "\"totalRecords\":3");
        let token = same(requests::token_creation(bearer), "tokenInfo");
        self.one("static JSON", plain, still).await;
        self.one("license list", server, list).await;
        self.one("token creation", server, token).await;
        // Each connection creates a token, then reads: no list was kept.
        let in_turn = [requests::token_creation(bearer), requests::license_list(bearer)];
        let in_turn = vec![Script::in_turn(in_turn.into()); self.connections];
        self.one("token, then list", server, in_turn).await;
    }

    async fn one(&mut self, route: &'static str, to: &impl Loaded, scripts: Vec<Script>) {
        if !self.wanted.route(route) {
            return;
        }
        let before = to.processor();
        let mut sample = Load::run(to.address(), scripts, RUN).await;
        sample.processor = (to.processor() - before) * 1e6 / sample.answers;
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
