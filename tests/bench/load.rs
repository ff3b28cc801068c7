//! The load: keep-alive connections that send prepared bytes and read the answers.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// What one connection sends.
#[derive(Clone)]
pub struct Script {
    requests: Vec<Vec<u8>>,
    /// Whether the requests may be sent more than once.
    again: bool,
    /// What every answer must contain.
    expect: &'static str,
}

impl Script {
    /// The same request as often as there is time.
    pub fn again(request: Vec<u8>, expect: &'static str) -> Self {
        Self { requests: vec![request], again: true, expect }
    }

    /// The same requests in turn as often as there is time; each answer is some success.
    pub fn in_turn(requests: Vec<Vec<u8>>) -> Self {
        Self { requests, again: true, expect: "" }
    }

    /// What all of these send, one after the other on one connection.
    pub fn joined(scripts: Vec<Self>) -> Self {
        let requests = scripts.into_iter().flat_map(|script| script.requests).collect();
        Self { requests, again: false, expect: "" }
    }

    /// Each request once, in this order.
    pub fn once(requests: Vec<Vec<u8>>, expect: &'static str) -> Self {
        Self { requests, again: false, expect }
    }
}

/// What a run has shown.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Answers in a second.
    pub rate: f64,
    /// Milliseconds that half of the answers took at most.
    pub p50: f64,
    /// Milliseconds that 99 of 100 answers took at most.
    pub p99: f64,
    /// How many answers there were.
    pub answers: f64,
    /// Microseconds of processor time that the server took for an answer.
    pub processor: f64,
}

/// When a run ends: when the time is over, or the first connection has nothing left to send.
#[derive(Clone)]
pub struct Load {
    deadline: Instant,
    ended: Rc<Cell<Option<Instant>>>,
}

impl Load {
    /// Lets all connections send at once, for this time.
    pub async fn run(to: SocketAddr, scripts: Vec<Script>, time: Duration) -> Sample {
        let mut streams = Vec::new();
        for script in scripts {
            let stream = TcpStream::connect(to).await.unwrap();
            stream.set_nodelay(true).unwrap();
            streams.push((stream, script));
        }
        let begin = Instant::now();
        let load = Self { deadline: begin + time, ended: Rc::default() };
        let local = LocalSet::new();
        let tasks: Vec<_> = streams
            .into_iter()
            .map(|(stream, script)| local.spawn_local(load.clone().connection(stream, script)))
            .collect();
        let mut micros: Vec<u32> = Vec::new();
        local
            .run_until(async {
                for task in tasks {
                    micros.extend(task.await.unwrap());
                }
            })
            .await;
        let end = load.ended.get().unwrap_or(load.deadline);
        sample(micros, end - begin)
    }

    /// Microseconds of each answer that came in time.
    async fn connection(self, mut stream: TcpStream, script: Script) -> Vec<u32> {
        let mut took = Vec::with_capacity(65_536);
        let mut buffer = Vec::with_capacity(65_536);
        let mut at = 0;
        while self.ended.get().is_none() {
            if at == script.requests.len() {
                if !script.again {
                    self.ended.set(Some(Instant::now()));
                    break;
                }
                at = 0;
            }
            let sent = Instant::now();
            stream.write_all(&script.requests[at]).await.unwrap();
            read_answer(&mut stream, &mut buffer, script.expect).await;
            let now = Instant::now();
            if now >= self.deadline {
                self.ended.set(Some(self.ended.get().unwrap_or(self.deadline)));
                break;
            }
            took.push(u32::try_from((now - sent).as_micros()).unwrap_or(u32::MAX));
            at += 1;
        }
        took
    }
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, expect: &str) {
    buffer.clear();
    let mut whole = None;
    loop {
        assert_ne!(stream.read_buf(buffer).await.unwrap(), 0, "the server hung up");
        if whole.is_none() {
            whole = find(buffer, b"\r\n\r\n").map(|end| end + 4 + content_length(&buffer[..end]));
        }
        if whole.is_some_and(|whole| buffer.len() >= whole) {
            break;
        }
    }
    let good = buffer.starts_with(b"HTTP/1.1 20") && find(buffer, expect.as_bytes()).is_some();
    assert!(good, "not what was expected: {}", String::from_utf8_lossy(buffer));
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.windows(part.len()).position(|window| window == part)
}

fn content_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length: ";
    let lines = head.split(|byte| *byte == b'\n');
    let of = |line: &[u8]| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME);
    let line = lines.into_iter().find(|line| of(line)).expect("every answer tells its length");
    std::str::from_utf8(&line[NAME.len()..]).unwrap().trim().parse().unwrap()
}

fn sample(mut micros: Vec<u32>, time: Duration) -> Sample {
    assert!(!micros.is_empty(), "nothing was answered");
    micros.sort_unstable();
    let at = |percent: usize| f64::from(micros[(micros.len() - 1) * percent / 100]) / 1_000.0;
    let answers = f64::from(u32::try_from(micros.len()).unwrap());
    let rate = answers / time.as_secs_f64();
    Sample { rate, p50: at(50), p99: at(99), answers, processor: f64::NAN }
}
