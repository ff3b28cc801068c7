//! The server under load, and the floor beside it.

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tempfile::TempDir;

const API: &str = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example";

/// A `syncom serve` on a data directory of its own.
pub struct Server {
    child: Child,
    data: TempDir,
    /// The line of `--json`.
    pub ready: Value,
}

impl Server {
    /// Starts it on a new directory.
    pub fn start() -> Self {
        let data = TempDir::with_prefix("syncom-bench-").expect("a directory");
        let (child, ready) = spawn(&data);
        Self { child, data, ready }
    }

    /// Milliseconds from the start of the process to its ready line, on the
    /// database that is there; the median of seven.
    pub fn restarts(&mut self) -> u128 {
        let mut times: Vec<u128> = (0..7)
            .map(|_| {
                self.stop();
                let started = Instant::now();
                (self.child, self.ready) = spawn(&self.data);
                started.elapsed().as_millis()
            })
            .collect();
        times.sort_unstable();
        times[3]
    }

    /// Stops the process and waits for it.
    pub fn stop(&mut self) {
        let id = self.child.id().to_string();
        let stopped = Command::new("kill").arg(id).status().is_ok_and(|status| status.success());
        assert!(stopped && self.child.wait().expect("an end").success(), "it did not stop well");
    }

    /// Resident memory of the process, MiB.
    pub fn resident_mib(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
        let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok());
        kib.expect("a number") / 1_024.0
    }

    /// Where CSSM listens.
    pub fn address(&self) -> String {
        self.url().trim_start_matches("http://").to_owned()
    }

    /// The address with its scheme.
    pub fn url(&self) -> String {
        self.ready["sites"][0]["http"].as_str().expect("an address").to_owned()
    }

    /// A bearer token of the fixture's API client.
    pub async fn bearer(&self) -> String {
        let client = &self.ready["lab"]["api_client"];
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client["id"].as_str().expect("an id")),
            ("client_secret", client["secret"].as_str().expect("a secret")),
        ];
        let url = format!("{}/as/token.oauth2", self.url());
        let answer = client_without_tls().post(url).form(&form).send().await.expect("an answer");
        let body: Value = answer.json().await.expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// The licenses of Berlin and Tokyo: three rows.
    pub fn license_list(&self, bearer: &str) -> Vec<u8> {
        let body = r#"{"virtualAccounts":["Berlin","Tokyo"],"limit":50,"offset":0}"#;
        self.post("licenses", bearer, body)
    }

    /// A registration token for Vault.
    pub fn token_creation(&self, bearer: &str) -> Vec<u8> {
        let body = r#"{"description":"bench","expiresAfterDays":30,"exportControlled":"Allowed"}"#;
        self.post("virtual-accounts/Vault/tokens", bearer, body)
    }

    fn post(&self, path: &str, bearer: &str, body: &str) -> Vec<u8> {
        format!(
            "POST {API}/{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {bearer}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address(),
            body.len()
        )
        .into_bytes()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A client for plain HTTP that needs no trust anchors.
pub fn client_without_tls() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

fn spawn(data: &TempDir) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_syncom"))
        .args(["serve", "--port", "0", "--json", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let output = child.stdout.take().expect("an output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    let ready = serde_json::from_str(&line).expect("the ready line");
    (child, ready)
}

/// A plain GET.
pub fn get(path: &str, address: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// The floor: two workers that answer 200 bytes of JSON. Returns its address.
pub fn static_route() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(|| App::new().route("/static", web::get().to(answer)))
                .workers(2)
                .disable_signals()
                .listen(listener)
                .expect("a listener");
            server.run().await.expect("a server");
        });
    });
    address
}

async fn answer() -> HttpResponse {
    const BODY: &str = concat!(
        r#"{"totalRecords":1,"status":"COMPLETE","statusMessage":"","licenses":[{"license":"#,
        r#""UCM Enhanced Plus","virtualAccount":"Berlin","quantity":10,"inUse":4,"available":6,"#,
        r#""status":"In Compliance"}]}"#
    );
    HttpResponse::Ok().content_type("application/json").body(BODY)
}
