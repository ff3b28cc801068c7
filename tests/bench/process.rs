//! The processes under load: the real binary, and a static route of the same framework.

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The argument that makes this program the static server.
pub const STATIC: &str = "serve-static";
/// Threads of each server.
const WORKERS: usize = 2;
/// About as long as a list of one license.
const BODY: &str = r#"{"totalRecords":1,"status":"COMPLETE","statusMessage":"","licenses":[{"license":"UCM Enhanced Plus","virtualAccount":"Berlin","quantity":10,"inUse":4,"available":6,"status":"In Compliance","billingType":"PREPAID"}]}"#;

/// A process that is killed with this value.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Clock ticks of a second in `/proc`.
const TICKS: f64 = 100.0;

impl Killed {
    /// Seconds of processor time it has taken.
    fn processor(&self) -> f64 {
        processor(&std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap())
    }
}

/// Seconds of processor time in a `stat` of `/proc`.
pub fn processor(stat: &str) -> f64 {
    // The name may have blanks; user and system time are the 12th and 13th after it.
    let (_, after) = stat.rsplit_once(") ").unwrap();
    let ticks = after.split(' ').skip(11).take(2).map(|part| part.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS
}

/// MiB in a line such as `VmRSS:` of a `status` of `/proc`.
pub fn memory(status: &str, name: &str) -> f64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0 kB");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1_024.0
}

/// A server under load.
pub trait Loaded {
    /// Where it listens.
    fn address(&self) -> SocketAddr;
    /// Seconds of processor time it has taken.
    fn processor(&self) -> f64;
}

/// Starts a command and waits for its first line.
fn start(command: &mut Command) -> (Killed, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Killed(child), line)
}

/// `syncom serve`.
pub struct Server {
    process: Killed,
    /// The line of `--json`.
    pub ready: Value,
    /// From its start to that line.
    pub took: Duration,
}

impl Server {
    /// Serves a data directory on free ports.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more arguments.
    pub fn start_with(data: &Path, more: &[&str]) -> Self {
        let begin = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncom"));
        command.args(["serve", "--port", "0", "--json", "--workers", "2", "--data"]).arg(data);
        let (process, line) = start(command.args(more));
        Self { process, ready: serde_json::from_str(&line).unwrap(), took: begin.elapsed() }
    }

    /// The same as a URL.
    pub fn url(&self) -> &str {
        self.ready["sites"][0]["http"].as_str().unwrap()
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        memory(&status.unwrap_or_default(), "VmRSS:")
    }

    /// Its number in `/proc`.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }
}

impl Loaded for Server {
    /// The plain listener of CSSM.
    fn address(&self) -> SocketAddr {
        self.url().trim_start_matches("http://").parse().unwrap()
    }

    fn processor(&self) -> f64 {
        self.process.processor()
    }
}

/// A static JSON route.
pub struct StaticServer {
    process: Killed,
    address: SocketAddr,
}

impl StaticServer {
    /// Starts this program again, to serve.
    pub fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let (process, line) = start(command.arg(STATIC));
        Self { process, address: line.trim().parse().unwrap() }
    }
}

impl Loaded for StaticServer {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn processor(&self) -> f64 {
        self.process.processor()
    }
}

/// Serves until it is killed.
pub fn serve_static() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    let answer = || async { HttpResponse::Ok().content_type("application/json").body(BODY) };
    let server = HttpServer::new(move || App::new().route("/static", web::get().to(answer)));
    let server = server.workers(WORKERS).listen(listener).unwrap().run();
    actix_web::rt::System::new().block_on(server).unwrap();
}
