//! CSSM and a satellite as two processes with a data directory each.

use super::app::{T0, TestApp, instant};
use super::databases::{Database, Ground as _};
use super::process::Process;
use super::satellite::Satellite;
use serde_json::json;
use std::path::{Path, PathBuf};
use syncom::config::{Role, Storage};
use syncom::db::{Conn, Db, Result, Url};
use syncom::domain::Timestamp;
use syncom::domain::security::PasswordRules;
use syncom::domain::sync::schedule::Schedule;
use syncom::lab::worlds::{DEFAULT, Move};

/// Two data directories.
pub struct TwoSides {
    folder: tempfile::TempDir,
    /// A registration token of the local account's default virtual account.
    pub token: String,
}

/// Two processes that serve them.
pub struct Running {
    /// CSSM.
    pub cssm: Process,
    /// The satellite `sat-a`.
    pub satellite: Process,
}

impl TwoSides {
    /// A lab whose satellite is registered over the network, and synchronizes daily at 02:00.
    pub async fn registered(name: &str, va: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sides = Self { folder, token: String::new() };
        let (cloud, plant) = sides.inside().await;
        let sat = Satellite::of(&plant, "sat-a").await;
        sat.registered(name, va).await;
        let daily = Schedule::read(true, "daily", "", "02:00").unwrap();
        sat.engine.set_schedule(&sat.who, daily).await.unwrap();
        let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
        sat.engine.set_password_rules(&sat.who, rules).await.unwrap();
        sides.token = sat.token(name, "Default").await;
        sides.rest((cloud, plant), instant(T0)).await;
        sides
    }

    /// The local account registers again over the network, while no process runs.
    pub async fn register_again(&self, now: Timestamp) {
        let (cloud, plant) = self.inside().await;
        let sat = Satellite::of(&plant, "sat-a").await;
        let all = sat.engine.local_accounts(&sat.who).await.unwrap();
        sat.approve(all[0].account.number, "ann").await.unwrap();
        self.rest((cloud, plant), now).await;
    }

    /// Both inside the test.
    async fn inside(&self) -> (TestApp, TestApp) {
        let cloud = self.start("cssm", Role::Cssm, |_| {}).await;
        let (url, root) = (cloud.url(), std::fs::read_to_string(&cloud.running.ca).unwrap());
        let plant = self.start("satellite", Role::Satellite, |satellites| {
            satellites.cssm_url = Some(url.parse().unwrap());
            satellites.cssm_ca = Some(root);
        });
        let plant = plant.await;
        (cloud, plant)
    }

    /// Stops both; their clocks stand at an instant at the next start.
    async fn rest(&self, (cloud, plant): (TestApp, TestApp), at: Timestamp) {
        for app in [plant, cloud] {
            let world = app.running.worlds.get(DEFAULT).unwrap();
            world.move_clock(Move::To(at)).await.unwrap();
            app.leave().await;
        }
    }

    async fn start(
        &self,
        side: &str,
        role: Role,
        change: impl FnOnce(&mut syncom::config::Satellites),
    ) -> TestApp {
        let storage = Storage::Directory(self.directory(side));
        let start = TestApp::start(Database::sqlite(), |config| {
            (config.storage, config.role) = (storage, role);
            config.ports.proxy = None;
            config.seed = None;
            change(&mut config.satellites);
        });
        start.await
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
