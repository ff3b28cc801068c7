//! The real server in this process: free ports, a database of its own, a clock that stands.

use super::browser::Browser;
use super::databases::{Database, Ground};
use super::device::TestDevice;
use super::rest::Rest;
use chrono::TimeDelta;
use std::sync::Once;
use syncom::app::{self, BoundSite, CSSM, LabInfo, Running, SATELLITE};
use syncom::config::{Config, LAB_PASSWORD, Storage};
use syncom::domain::Timestamp;
use syncom::engine::Engine;

/// When every test begins: T0 of the lab fixture.
pub const T0: &str = "2026-01-05T09:00:00Z";

/// A process that serves the lab fixture, as seen from a test.
pub struct TestApp {
    /// All of it.
    pub running: Running,
    /// What it was started with.
    config: Config,
    /// The databases and the CA; gone after the test.
    database: Database,
    directory: tempfile::TempDir,
}

impl Ground for TestApp {
    async fn on(database: Database) -> Self {
        Self::start(database, |_| {}).await
    }

    /// Whatever happened, the stored sums of use must be those that counting gives.
    async fn leave(self) {
        for site in &self.running.sites {
            assert_eq!(site.engine.drifted_pools().await.unwrap(), [], "{}", site.name);
        }
        self.running.stop().await;
        drop(self.database);
    }
}

impl TestApp {
    /// Starts with another configuration than that of tests.
    pub async fn start(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        install_crypto();
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(instant(T0));
        config.storage = match &database {
            Database::Sqlite(folder) => Storage::Directory(folder.path().to_owned()),
            Database::Postgres(own) => Storage::Postgres {
                url: own.url(),
                directory: directory.path().to_owned(),
                schema_prefix: String::new(),
            },
        };
        change(&mut config);
        let running = app::start(&config).await.unwrap();
        Self { running, config, database, directory }
    }

    /// Stops, lets somebody work on what it keeps, and starts again on other ports.
    pub async fn restarted(self, meanwhile: impl AsyncFnOnce(&Database)) -> Self {
        let Self { running, config, database, directory } = self;
        running.stop().await;
        meanwhile(&database).await;
        let running = app::start(&config).await.unwrap();
        Self { running, config, database, directory }
    }

    fn site(&self, name: &str) -> &BoundSite {
        self.running.site(name).unwrap()
    }

    /// Where CSSM is: `http://127.0.0.1:…`.
    pub fn url(&self) -> String {
        format!("http://{}", self.site(CSSM).http)
    }

    /// Where the satellite is.
    pub fn satellite_url(&self) -> String {
        format!("http://{}", self.site(SATELLITE).http)
    }

    /// Where the rows are.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The use cases of CSSM, for what no client can see.
    pub fn engine(&self) -> &Engine {
        &self.site(CSSM).engine
    }

    /// What a newcomer is told.
    pub fn lab(&self) -> &LabInfo {
        self.running.lab.as_ref().unwrap()
    }

    /// The present instant of the world.
    pub fn now(&self) -> Timestamp {
        self.running.clock.now()
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        self.running.clock.advance(by);
    }

    /// Moves the clock to an instant such as `2026-01-06T08:59:59Z`.
    pub fn set_clock(&self, to: &str) {
        self.running.clock.set(instant(to));
    }

    /// A browser that nobody has signed in with.
    pub fn anonymous(&self) -> Browser {
        Browser::new(&self.url())
    }

    /// A browser in which this person of the fixture has signed in.
    pub async fn sign_in(&self, name: &str) -> Browser {
        Browser::signed_in(&self.url(), name).await
    }

    /// A browser in which a person of a satellite has signed in.
    pub async fn sign_in_at(&self, site: &str, name: &str) -> Browser {
        Browser::signed_in(&format!("http://{}", self.site(site).http), name).await
    }

    /// A REST client without a credential.
    pub fn rest(&self) -> Rest {
        Rest::new(&self.url())
    }

    /// A REST client with a bearer of this person (password grant).
    pub async fn rest_as(&self, name: &str) -> Rest {
        let (id, secret) = self.lab().api_client.clone().unwrap();
        let grant = [
            ("grant_type", "password"),
            ("client_id", &id),
            ("client_secret", &secret),
            ("username", name),
            ("password", LAB_PASSWORD),
        ];
        self.rest().signed_in(&grant).await
    }

    /// `dev-<number>`: a product that talks to CSSM.
    pub fn device(&self, number: u32) -> TestDevice {
        TestDevice::new(&self.url(), number, &self.running.clock)
    }
}

/// An instant in RFC 3339.
pub fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// HTTP clients of the tests look for a process-wide provider.
pub fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
