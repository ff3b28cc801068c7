//! CSSM and a satellite as two processes with a data directory each.

use super::app::{T0, instant};
use super::browser::Browser;
use super::process::Process;
use crate::on_prem::accounts::{approve, asked};
use crate::on_prem::fill;
use serde_json::json;
use std::path::{Path, PathBuf};
use syncom::clock::Clock;
use syncom::config::LAB_PASSWORD;
use syncom::db::{Conn, Db, Result, Url};
use syncom::domain::Timestamp;

/// Two data directories.
pub struct TwoSides {
    folder: tempfile::TempDir,
}

/// Two processes that serve them.
pub struct Running {
    /// CSSM.
    pub cssm: Process,
    /// The satellite `sat-a`.
    pub satellite: Process,
}

impl TwoSides {
    /// Two new ones, whose clocks stand at T0.
    pub fn new() -> Self {
        let sides = Self { folder: tempfile::tempdir().unwrap() };
        let setting = serde_json::to_vec(&Clock::frozen(instant(T0)).setting()).unwrap();
        for side in ["cssm", "satellite"] {
            std::fs::create_dir(sides.directory(side)).unwrap();
            std::fs::write(sides.directory(side).join("clock.json"), &setting).unwrap();
        }
        sides
    }

    /// A lab whose satellite was registered over the network, and synchronizes daily at 02:00.
    /// Nothing runs.
    pub async fn registered(name: &str, va: &str) -> Self {
        let sides = Self::new();
        let running = sides.run();
        running.register(name, va).await;
        running.satellite.end();
        running.cssm.end();
        sides
    }

    fn directory(&self, side: &str) -> PathBuf {
        self.folder.path().join(side)
    }

    /// Starts the real binary on both.
    pub fn run(&self) -> Running {
        let cssm = self.serve_cssm();
        let satellite = self.serve_satellite(&cssm.url());
        Running { cssm, satellite }
    }

    /// Starts the real binary as CSSM.
    pub fn serve_cssm(&self) -> Process {
        Process::serve(&self.directory("cssm"), &["--role", "cssm"])
    }

    /// Starts the real binary as a satellite of the CSSM at this address.
    pub fn serve_satellite(&self, cssm: &str) -> Process {
        let ca = self.directory("cssm").join("ca").join("ca.pem");
        let flags = ["--role", "satellite", "--cssm-url", cssm, "--cssm-ca", text(&ca)];
        Process::serve(&self.directory("satellite"), &flags)
    }

    /// Reads or writes the rows of CSSM beside its process.
    pub async fn in_cssm<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> T {
        rows(&self.directory("cssm").join("cssm.db"), work).await
    }

    /// The same for the satellite.
    pub async fn in_satellite<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> T {
        rows(&self.directory("satellite").join("sat-a.db"), work).await
    }
}

impl Running {
    /// A browser in which `ann` has signed in at CSSM.
    pub async fn ann(&self) -> Browser {
        Browser::signed_in(&self.cssm.url(), "ann").await
    }

    /// A browser in which `admin` has signed in on the satellite.
    pub async fn admin(&self) -> Browser {
        Browser::signed_in(&self.satellite.url(), "admin").await
    }

    /// A person registers a local account over the network, by the pages of the satellite, and lets
    /// it synchronize each night; its first registration token.
    pub async fn register(&self, name: &str, va: &str) -> String {
        let admin = self.admin().await;
        let own = asked(&admin, name, va).await;
        let done = approve(&admin, &own, "ann").await;
        assert!(done.text().contains("registered with CSSM"), "{}", done.text());
        let daily = [("enabled", "yes"), ("rhythm", "daily"), ("time", "02:00")];
        let page = fill(&admin, "/admin/synchronization/schedules/edit", &daily).await;
        assert!(page.text().contains("Daily at 02:00 UTC"), "{}", page.text());
        // The password of the lab is to last longer than the line is cut.
        let page = fill(&admin, "/admin/security/password", &[("expiry_days", "0")]).await;
        assert!(page.text().contains("The rules are in effect"), "{}", page.text());
        let home = admin.get(&format!("/sa/{}/virtual-accounts", name.replace(' ', "%20"))).await;
        let general = home.link("Default");
        let (base, _) = general.rsplit_once('/').unwrap();
        let form = [("description", "first"), ("terms", "yes")];
        fill(&admin, &format!("{base}/tokens/new"), &form).await.one("#token-text")
    }

    /// A person registers a local account again, from the alert that says so.
    pub async fn register_again(&self) {
        let admin = self.admin().await;
        let home = admin.get("/admin").await;
        let login = [("user", "ann"), ("password", LAB_PASSWORD)];
        let done = fill(&admin, &home.link("Re-Register…"), &login).await;
        assert!(done.text().contains("registered with CSSM"), "{}", done.text());
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn rows<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
) -> T {
    Db::open(&Url::Sqlite(path.to_owned())).unwrap().write(work).await.unwrap()
}

/// Moves the clock of a process; fails when it is killed meanwhile.
pub async fn move_clock(url: String, to: Timestamp) -> reqwest::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let body = json!({ "to": to.iso() });
    let answer = client.post(format!("{url}/_syncom/clock")).json(&body).send().await?;
    answer.error_for_status().map(drop)
}
