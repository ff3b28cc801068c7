//! The real binary, as a user starts it.

use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running `syncom serve`; killed at the end of the test.
pub struct Process {
    child: Child,
    /// The line of `--json`.
    pub ready: Value,
}

impl Process {
    /// Serves a data directory on free ports, and waits until it does.
    pub fn serve(data: &Path, flags: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        Self::start(&[&["serve", "--port", "0", "--json", "--data", data], flags].concat())
    }

    /// Runs a command that says in a line of JSON when it is ready, and waits until it is.
    pub fn start(words: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_syncom"))
            .args(words)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not ready: {line}"));
        Self { child, ready }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The signal to end, and how it ended.
    pub fn end(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// Where CSSM is.
    pub fn url(&self) -> String {
        self.ready["sites"][0]["http"].as_str().unwrap().to_owned()
    }

    /// The registration token that a newcomer is told.
    pub fn token(&self) -> String {
        self.ready["lab"]["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
