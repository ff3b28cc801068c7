//! Keep-alive connections that send prepared bytes and read whole answers.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a round has shown.
#[derive(Debug)]
pub struct Outcome {
    /// Requests answered in a second.
    pub per_second: f64,
    /// Median latency, milliseconds.
    pub p50: f64,
    /// 99th percentile, milliseconds.
    pub p99: f64,
    /// Answers that were not 2xx, or refused by the protocol.
    pub failures: usize,
    /// The first of them.
    pub first_failure: String,
}

/// A server to be loaded.
pub struct Load {
    address: String,
}

impl Load {
    /// A load on an address.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned() }
    }

    /// Sends the same requests again and again for a while.
    pub async fn repeat(
        &self,
        requests: &[Vec<u8>],
        connections: usize,
        time: Duration,
    ) -> Outcome {
        let until = Instant::now() + time;
        let tasks = (0..connections).map(|_| {
            let (address, requests) = (self.address.clone(), requests.to_vec());
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await;
                let endless = std::iter::repeat(&requests).flatten();
                for request in endless.take_while(|_| Instant::now() < until) {
                    connection.send(request).await;
                }
                connection
            })
        });
        finish(tasks.collect()).await
    }

    /// Sends each list of requests once, on a connection of its own.
    pub async fn each_once(&self, lists: Vec<Vec<Vec<u8>>>) -> Outcome {
        let tasks = lists.into_iter().map(|list| {
            let address = self.address.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await;
                for request in &list {
                    connection.send(request).await;
                }
                connection
            })
        });
        finish(tasks.collect()).await
    }
}

async fn finish(tasks: Vec<tokio::task::JoinHandle<Connection>>) -> Outcome {
    let started = Instant::now();
    let mut latencies = Vec::new();
    let (mut failures, mut first_failure) = (0, String::new());
    for task in tasks {
        let connection = task.await.expect("a connection");
        latencies.extend(connection.latencies);
        failures += connection.failures;
        if first_failure.is_empty() {
            first_failure = connection.first_failure;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |share: f64| {
        let index = (latencies.len() as f64 * share) as usize;
        latencies.get(index).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1_000.0)
    };
    Outcome {
        per_second: latencies.len() as f64 / seconds,
        p50: at(0.5),
        p99: at(0.99),
        failures,
        first_failure,
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    latencies: Vec<Duration>,
    failures: usize,
    first_failure: String,
}

impl Connection {
    async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
            latencies: Vec::new(),
            failures: 0,
            first_failure: String::new(),
        }
    }

    async fn send(&mut self, request: &[u8]) {
        let started = Instant::now();
        self.stream.write_all(request).await.expect("a request is sent");
        self.buffer.clear();
        let end = loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if let Some(end) = answer_end(&self.buffer) {
                break end;
            }
        };
        self.latencies.push(started.elapsed());
        let answer = String::from_utf8_lossy(&self.buffer[..end]);
        // A refusal of the device protocol is a 200.
        if !answer.starts_with("HTTP/1.1 2") || answer.contains("FAILED") {
            self.failures += 1;
            if self.first_failure.is_empty() {
                self.first_failure = answer.into_owned();
            }
        }
    }
}

/// Where the answer ends, once all of it is there.
fn answer_end(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).expect("a head");
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let end = head + length.expect("a content length");
    (buffer.len() >= end).then_some(end)
}
