//! CSSM and two satellites in processes of their own, without a network between: files only.

use super::app::TestApp;
use super::browser::{Browser, Page};
use super::databases::{Database, Ground};
use super::on_prem::{LIST, download, file_sync};
use super::satellite::Satellite;
use super::{on_prem, rest::Rest};
use crate::scenarios::V1;
use serde_json::json;
use std::path::Path;
use syncom::config::Role;
use syncom::domain::standing::SyncKind;
use syncom::engine::Error;
use syncom::lab::worlds::{DEFAULT, Move};

/// Two processes that know nothing of each other but the root of CSSM.
pub struct AirGap {
    /// CSSM.
    pub cloud: TestApp,
    /// `sat-a` and `sat-b`, without an address of CSSM.
    pub plants: TestApp,
}

impl Ground for AirGap {
    async fn on(database: Database) -> Self {
        let other = match &database {
            Database::Sqlite(_) => Database::sqlite(),
            Database::Postgres(_) => Database::postgres().unwrap(),
        };
        let cloud = TestApp::start(database, |config| {
            config.role = Role::Cssm;
            config.ports.proxy = None;
            config.settings.on_prem.authorization_hours = 2;
        });
        let cloud = cloud.await;
        let root = std::fs::read_to_string(Path::new(&cloud.running.ca)).unwrap();
        let plants = TestApp::start(other, |config| {
            config.role = Role::Satellite;
            config.ports.proxy = None;
            config.satellites.count = 2;
            config.satellites.cssm_ca = Some(root);
        });
        Self { plants: plants.await, cloud }
    }

    async fn leave(self) {
        self.plants.leave().await;
        self.cloud.leave().await;
    }
}

impl AirGap {
    /// Moves both clocks, as people do who have one watch.
    pub async fn set_clock(&self, to: &str) {
        for app in [&self.cloud, &self.plants] {
            let world = app.running.worlds.get(DEFAULT).unwrap();
            world.move_clock(Move::To(super::app::instant(to))).await.unwrap();
        }
    }

    /// Lets both clocks go on.
    pub fn advance(&self, by: chrono::TimeDelta) {
        self.cloud.advance(by);
        self.plants.advance(by);
    }

    /// `ann` in a browser at CSSM.
    pub async fn ann(&self) -> Browser {
        self.cloud.sign_in("ann").await
    }

    /// Gives CSSM a registration file, in the dialog; the page of the new On-Prem.
    pub async fn create(&self, file: &[u8]) -> Page {
        let ann = self.ann().await;
        let page = ann.get(&format!("{LIST}/new")).await;
        ann.upload(page.form("form[action$='new']"), ("registration.sync", file)).await
    }

    /// A local account that is registered by files, at 2 h after T0; its number.
    pub async fn registered(&self, sat: &mut Satellite, name: &str, va: &str) -> i64 {
        let number = sat.again().await.request(name, va).await;
        self.register_again(sat, number).await;
        number
    }

    /// Registers a local account by files, and waits for the two hours.
    pub async fn register_again(&self, sat: &mut Satellite, number: i64) {
        let file = sat.engine.local_registration_file(&sat.who, number).await.unwrap();
        let made = self.create(&file).await;
        assert_eq!(made.status, 200, "{}", made.text());
        self.advance(chrono::TimeDelta::hours(2));
        let path = format!("{}/authorization", made.path);
        let (status, file) = download(&self.ann().await, &path).await;
        assert_eq!(status, 200);
        sat.again().await;
        sat.engine.take_authorization(&sat.who, number, file).await.unwrap();
    }

    /// Makes a request file.
    pub async fn request(&self, sat: &Satellite, number: i64, kind: SyncKind) -> Vec<u8> {
        sat.engine.download_request(&sat.who, number, kind).await.unwrap().file
    }

    /// Uploads a request at an entry of CSSM.
    pub async fn upload(&self, on_prem: &str, file: &[u8]) -> Page {
        file_sync(&self.ann().await, on_prem, file).await
    }

    /// The response that stands on the page of an On-Prem.
    pub async fn response(&self, on_prem: &str) -> Vec<u8> {
        let ann = self.ann().await;
        let page = on_prem::on_prem(&ann, on_prem).await;
        let (status, file) = download(&ann, &page.link("Download Response File")).await;
        assert_eq!(status, 200);
        file
    }

    /// Uploads a response on the satellite.
    pub async fn take(&self, sat: &Satellite, number: i64, file: Vec<u8>) -> Result<(), Error> {
        sat.engine.upload_response(&sat.who, number, file).await
    }

    /// A whole synchronization: a file goes up, a file comes down.
    pub async fn sync(&self, sat: &Satellite, (number, on_prem): (i64, &str), kind: SyncKind) {
        let up = self.request(sat, number, kind).await;
        let taken = self.upload(on_prem, &up).await;
        assert!(taken.text().contains("The file is taken"), "{}", taken.text());
        let down = self.response(on_prem).await;
        self.take(sat, number, down).await.unwrap();
    }

    /// The same with the pages of both sides.
    pub async fn sync_by_pages(&self, site: &str, (number, on_prem): (i64, &str)) {
        let admin = self.plants.sign_in_at(site, "admin").await;
        let manual = format!("/admin/synchronization/{number}/manual");
        let asked = admin.get(&manual).await.form("form[action$='request']");
        let (status, up) = admin.save(asked).await;
        assert_eq!(status, 200);
        let taken = self.upload(on_prem, &up).await;
        assert!(taken.text().contains("The file is taken"), "{}", taken.text());
        let down = self.response(on_prem).await;
        let form = admin.get(&manual).await.form("form[action$='response']");
        let page = admin.upload(form, ("response.sync", &down)).await;
        assert!(page.text().contains("The response is taken"), "{}", page.text());
    }

    /// A REST client of `ann` at CSSM.
    pub async fn rest(&self) -> Rest {
        self.cloud.rest_as("ann").await
    }

    /// Moves licenses of *UCM Enhanced Plus* in CSSM.
    pub async fn transfer(&self, from: &str, to: &str, quantity: i64) {
        let path = format!("{V1}/virtual-accounts/{from}/licenses/transfer");
        let body = json!({"licenses":[{"license":"UCM Enhanced Plus","licenseType":"PERPETUAL",
            "quantity":quantity,"targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
        let answer = self.rest().await.post(&path, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
