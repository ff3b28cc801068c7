//! Requests byte by byte: HTTP libraries put right what has to stay wrong.

use crate::support::app::TestApp;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that stays open between requests.
pub struct Line {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The header lines.
    pub head: String,
    /// The body as it came.
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Line {
    /// Connects to CSSM.
    pub async fn open(app: &TestApp) -> Self {
        let url = app.url();
        let stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        Self { stream, unread: Vec::new() }
    }

    /// Sends these bytes and reads one answer.
    pub async fn send(&mut self, bytes: &[u8]) -> Reply {
        // A server that has heard enough may close its side before all is sent.
        drop(self.stream.write_all(bytes).await);
        let end = loop {
            if let Some(at) = self.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            self.more().await;
        };
        let head = String::from_utf8(self.unread.drain(..end + 4).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut reply = Reply { status, head, body: String::new() };
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        while self.unread.len() < length {
            self.more().await;
        }
        reply.body = String::from_utf8(self.unread.drain(..length).collect()).unwrap();
        reply
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.unread).await.unwrap();
        assert!(read > 0, "the server closed the connection without an answer");
    }
}

/// The bytes of a request; its length is told unless `headers` say otherwise.
pub fn request(first_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let lines: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines = lines.concat();
    let text = format!(
        "{first_line} HTTP/1.1\r\nHost: swapi.cisco.com\r\n{lines}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [text.as_bytes(), body].concat()
}

/// Sends one request on a connection of its own.
pub async fn send(app: &TestApp, first_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    Line::open(app).await.send(&request(first_line, headers, body)).await
}

/// The header that a signed-in client sends.
pub async fn bearer(app: &TestApp, name: &str) -> String {
    format!("Bearer {}", app.rest_as(name).await.bearer().unwrap())
}
