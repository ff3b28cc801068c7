//! Ten thousand products that register and renew, as `syncom fleet` plays them.
//!
//! Two floors are measured beside them: the static route, and what cryptography alone takes on
//! one core. The products are in this process and share the cores with the server, so the
//! server's own processor time for an answer is told too.

use super::load::{Load, Script};
use super::process::{Loaded as _, Server, StaticServer};
use super::{registrations, requests};
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use syncom::clock::wall_time;
use syncom::crypto::ca::{Authority, IdentityRequest};
use syncom::crypto::csr;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::crypto::sign::PublicKey;
use syncom::device::fleet::{Faults, Orders, Plan, Report, Spec, Watch, run};
use syncom::device::profile::Profile;
use syncom::device::state::Settings;

const PRODUCTS: u32 = 10_000;
const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
/// What a fleet calls its first part.
const REGISTERING: &str = "registering";
/// The part in which registrations were signed before.
const SIGNED: &str = "registrations signed before";
/// How long each floor is measured.
const FLOOR: Duration = Duration::from_millis(1_500);

/// What a part of one round has shown.
#[derive(Clone)]
struct Part {
    name: String,
    rate: f64,
    /// Microseconds of the server's processor for each.
    server: f64,
}

/// What one round has shown.
struct Round {
    parts: Vec<Part>,
    report: Report,
    /// Answers in a second of the static route.
    still: f64,
    registration_floor: f64,
    renewal_floor: f64,
    memory: f64,
    peak: f64,
    own: f64,
}

/// Measures and prints.
pub async fn measure() {
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        eprintln!("fleet, round {number} of {ROUNDS}");
        rounds.push(round().await);
    }
    print(&rounds);
}

async fn round() -> Round {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let plain = StaticServer::start();
    let scripts = vec![Script::again(requests::get("/static"), "licenses"); CONNECTIONS];
    let still = Load::run(plain.address(), scripts, FLOOR).await.rate;
    drop(plain);
    let (registration_floor, renewal_floor) = floors();
    let server = Server::start(folder.path());
    order(&server).await;
    let watch = Arc::new(Stopwatch::of(&server));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let observer: Arc<dyn Watch> = watch.clone();
    let report = runtime.spawn(run(orders(&server), observer, wall_time)).await.unwrap().unwrap();
    runtime.shutdown_background();
    assert!(report.as_expected, "{report}");
    watch.begin("", 0);
    let (memory, peak) = (server.memory(), watch.memory("VmHWM:"));
    let own = memory_of("self", "VmHWM:");
    let mut parts = watch.parts.lock().unwrap().clone();
    parts.push(signed_before(&server).await);
    Round { parts, report, still, registration_floor, renewal_floor, memory, peak, own }
}

/// Registrations that were signed before: what the server does when the products take no time.
async fn signed_before(server: &Server) -> Part {
    let token = server.ready["lab"]["token"].as_str().unwrap();
    let total = usize::try_from(PRODUCTS).unwrap();
    let scripts = registrations::signed(token, CONNECTIONS, total);
    let before = server.processor();
    let sample = Load::run(server.address(), scripts, Duration::from_mins(1)).await;
    let server = (server.processor() - before) * 1e6 / sample.answers;
    Part { name: SIGNED.to_owned(), rate: sample.rate, server }
}

/// Enough of what the products use.
async fn order(server: &Server) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let line = json!({"smart_account":"lab.example","virtual_account":"Tokyo",
        "license":"UCM Enhanced Plus","license_type":"PERPETUAL","quantity":PRODUCTS});
    let answer = http.post(format!("{}/_syncom/orders", server.url())).json(&line).send().await;
    assert!(answer.unwrap().status().is_success());
}

fn orders(server: &Server) -> Orders {
    let uses = Some(vec!["enhanced-plus=1".parse().unwrap()]);
    let plan = Plan::of(Spec {
        seed: "bench".to_owned(),
        count: PRODUCTS,
        mix: vec![(Profile::find("sim").unwrap(), 1)],
        uses,
        faults: Faults::default(),
        tokens: vec![server.ready["lab"]["token"].as_str().unwrap().to_owned()],
        key: KeyKind::P256,
        keys: 0,
    });
    Orders {
        plan: plan.unwrap(),
        settings: Settings { url: Some(server.url().to_owned()), ..Settings::default() },
        concurrency: CONNECTIONS,
        ramp: Duration::ZERO,
        force: false,
        renewals: 2,
        days: None,
        leave: false,
    }
}

/// Looks at the clock and at the server's processor whenever a part of the run begins.
struct Stopwatch {
    status: PathBuf,
    stat: PathBuf,
    at: Mutex<(String, u64, Instant, f64)>,
    parts: Mutex<Vec<Part>>,
}

impl Stopwatch {
    fn of(server: &Server) -> Self {
        let process = PathBuf::from(format!("/proc/{}", server.id()));
        let at = Mutex::new((String::new(), 0, Instant::now(), 0.0));
        let (status, stat) = (process.join("status"), process.join("stat"));
        Self { status, stat, at, parts: Mutex::default() }
    }

    fn processor(&self) -> f64 {
        super::process::processor(&std::fs::read_to_string(&self.stat).unwrap())
    }

    fn memory(&self, line: &str) -> f64 {
        super::process::memory(&std::fs::read_to_string(&self.status).unwrap(), line)
    }
}

impl Watch for Stopwatch {
    fn begin(&self, what: &str, parts: u64) {
        let mut at = self.at.lock().unwrap();
        let (name, count, begin, before) = &*at;
        let processor = self.processor();
        if *count > 0 {
            let count = f64::from(u32::try_from(*count).unwrap());
            let rate = count / begin.elapsed().as_secs_f64();
            let server = (processor - before) * 1e6 / count;
            self.parts.lock().unwrap().push(Part { name: name.clone(), rate, server });
        }
        *at = (what.to_owned(), parts, Instant::now(), processor);
    }

    fn done(&self, _: u64) {}
}

fn memory_of(process: &str, line: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    super::process::memory(&text, line)
}

/// Registrations and renewals in a second on one core, if they were nothing but cryptography.
fn floors() -> (f64, f64) {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
    let root = Authority::create_root("root", PrivateKey::generate(KeyKind::P256).unwrap());
    let sub = root.unwrap().issue_sub("sub").unwrap();
    let request = csr::make(&key, "SIM").unwrap();
    let message = vec![b'x'; 1_024];
    let value = key.sign(&message).unwrap();
    let (now, id) = (wall_time(), uuid::Uuid::from_u128(7));
    let renewal = || {
        public.verify(&message, &value).unwrap();
        key.sign(&message).unwrap();
    };
    let registration = || {
        renewal();
        let read = csr::read(&request).unwrap();
        let issued = sub.issue_identity(&IdentityRequest {
            spki_der: &read.spki_der,
            product_name: "SIM",
            product_instance_id: id,
            serial: 7,
            not_before: now,
            not_after: now.plus_days(365),
        });
        issued.unwrap();
    };
    (per_second(registration), per_second(renewal))
}

fn per_second(work: impl Fn()) -> f64 {
    let begin = Instant::now();
    let mut count = 0_u32;
    while begin.elapsed() < FLOOR {
        work();
        count += 1;
    }
    f64::from(count) / begin.elapsed().as_secs_f64()
}

fn spread(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    (sorted[sorted.len() / 2], sorted[0], sorted[sorted.len() - 1])
}

fn print(rounds: &[Round]) {
    println!("| {PRODUCTS} products | per s | min to max | server µs | to static | to the floor |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (at, part) in rounds[0].parts.iter().enumerate() {
        let of = |figure: &dyn Fn(&Round) -> f64| spread(rounds.iter().map(figure));
        let registers = [REGISTERING, SIGNED].contains(&&*part.name);
        let floor = |round: &Round| {
            if registers { round.registration_floor } else { round.renewal_floor }
        };
        let (rate, least, most) = of(&|round| round.parts[at].rate);
        let (server, _, _) = of(&|round| round.parts[at].server);
        let (still, _, _) = of(&|round| round.parts[at].rate / round.still);
        let (ratio, _, _) = of(&|round| round.parts[at].rate / floor(round));
        println!(
            "| {} | {rate:.0} | {least:.0} to {most:.0} | {server:.0} | {still:.3} | {ratio:.2} |",
            part.name
        );
    }
    let tell = |name: &str, figure: fn(&Round) -> f64| {
        let (middle, least, most) = spread(rounds.iter().map(figure));
        println!("| {name} | {middle:.1} | {least:.1} to {most:.1} | | | |");
    };
    tell("static JSON", |round| round.still);
    tell("floor of a registration: verify, leaf from CSR, sign", |r| r.registration_floor);
    tell("floor of a renewal: verify, sign", |round| round.renewal_floor);
    tell("server memory afterwards, MiB", |round| round.memory);
    tell("server memory at its peak, MiB", |round| round.peak);
    tell("products and load at their peak, MiB", |round| round.own);
    for row in rounds.iter().flat_map(|round| &round.report.exchanges) {
        let (kind, took) = (row.kind, row.milliseconds);
        println!(
            "{kind:?}: p50 {} p90 {} p99 {} max {} ms",
            took.p50, took.p90, took.p99, took.max
        );
    }
}
