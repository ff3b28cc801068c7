//! A headless Chromium behind its driver, on a free port and with a fresh profile.

use super::tools;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Nothing beside the page: no sandbox (the tests may run as root) and no talk of its own.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Where downloads go, in the profile.
const DOWNLOADS: &str = "downloads";
/// Where a person keeps them, beside it.
const STICK: &str = "stick";
/// How often a download is looked for; the browser pauses in between.
const LOOKS: usize = 600;

/// A browser; the driver ends with this value, and the browser with the driver.
pub struct Chromium {
    client: Client,
    driver: Child,
    profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts one, or `None` where browser tests are skipped.
    pub async fn start() -> Option<Self> {
        let (browser, driver) = tools::need("Chromium", programs())?;
        let profile = tempfile::tempdir().unwrap();
        let (driver, port) = start_driver(&driver);
        let Value::Object(wanted) = capabilities(&browser, profile.path()) else { unreachable!() };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Some(Self { client, driver, profile })
    }

    /// Its only window.
    pub fn page(&self) -> &Client {
        &self.client
    }

    /// A file that the browser has downloaded, once it is there. It is taken out of the downloads,
    /// so that a later one of that name is called the same, and takes its place.
    pub async fn downloaded(&self, name: &str) -> PathBuf {
        let file = self.profile.path().join(DOWNLOADS).join(name);
        let stick = self.profile.path().join(STICK);
        std::fs::create_dir_all(&stick).unwrap();
        for _ in 0..LOOKS {
            // The browser keeps the name free with an empty file before it moves the whole one there.
            if file.metadata().is_ok_and(|found| found.len() > 0) {
                let kept = stick.join(name);
                std::fs::rename(file, &kept).unwrap();
                return kept;
            }
            let pause = "setTimeout(arguments[0], 50)";
            self.client.execute_async(pause, vec![]).await.unwrap();
        }
        panic!("{name} was not downloaded");
    }

    /// Ends the browser.
    pub async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        self.end_driver();
    }

    fn end_driver(&mut self) {
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.end_driver();
    }
}

fn programs() -> Result<(PathBuf, PathBuf), String> {
    Ok((tools::program("chromium", &[])?, tools::program("chromedriver", &[])?))
}

/// The driver says which port it has found free.
fn start_driver(program: &Path) -> (Child, u16) {
    let mut child = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    (child, port.expect("chromedriver says its port"))
}

fn capabilities(browser: &Path, profile: &Path) -> Value {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push("--window-size=1440,1000".to_owned());
    let downloads = json!({"download.default_directory": profile.join(DOWNLOADS)});
    json!({"goog:chromeOptions": {"binary": browser, "args": flags, "prefs": downloads}})
}
