//! Simulated products against a site with the lab fixture: real HTTP, a clock that stands still.

mod messages;
mod stories;

use crate::clock::Clock;
use crate::crypto::ca::Authority;
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::db::{Db, Url};
use crate::device::client::Client;
use crate::device::profile::Profile;
use crate::device::state::Product;
use crate::device::{Device, DeviceError};
use crate::domain::Timestamp;
use crate::domain::site::Edition;
use crate::engine::{Engine, Parts, Settings, SiteKeys};
use crate::ids::Ids;
use crate::lab::fixture::Fixture;
use crate::lab::fixture_load::{self, Loading};
use crate::lab::worlds::{DEFAULT, World, Worlds};
use crate::web::Listener;
use actix_web::{App, HttpServer, web};
use std::collections::BTreeMap;

/// UCM Enhanced Plus of the fixture: 40 in Tokyo.
const TAG: &str =
    "regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0002";

/// A site of its own for one test.
struct Site {
    url: String,
    clock: Clock,
    /// The registration token of the fixture, for Tokyo.
    token: String,
    root_pem: String,
    _folder: tempfile::TempDir,
}

impl Site {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let (clock, ids) = (Clock::frozen(now), Ids::seeded(b"device tests"));
        let db = Db::open(&Url::Sqlite(folder.path().join("site.db"))).unwrap();
        let root = PrivateKey::generate(KeyKind::P256).unwrap();
        let root = Authority::create_root("Syncom Lab Root CA", root).unwrap();
        let keys = SiteKeys::open(&db, &root, "cssm", KeyKind::P256).await.unwrap();
        let token = load_fixture(&db, &ids, now).await;
        let parts = Parts {
            name: "cssm".into(),
            edition: Edition::Cssm,
            db,
            clock: clock.clone(),
            ids: ids.clone(),
            keys,
            settings: Settings::default(),
            uplink: None,
        };
        let root_pem = root.certificate_pem();
        let world = World {
            name: DEFAULT.to_owned(),
            clock: clock.clone(),
            ids,
            root_pem: root_pem.clone(),
            sites: BTreeMap::from([("cssm".to_owned(), Engine::new(parts))]),
            clock_file: None,
            moving: crate::engine::Turn::default(),
            may_go_back: false,
        };
        Self { url: serve(world), clock, token, root_pem, _folder: folder }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn client(&self) -> Client {
        Client::new(&self.url, None, None).unwrap()
    }

    /// A new product that trusts the lab's root and nothing else.
    fn device(&self, serial: &str) -> Device {
        let mut device = Device::simulated(serial, KeyKind::P256).unwrap();
        device.settings_mut().ca_pem = Some(self.root_pem.clone());
        device
    }

    async fn registered(&self, serial: &str) -> Device {
        let mut device = self.device(serial);
        device.register(&self.client(), &self.token, false, self.now()).await.unwrap();
        device
    }
}

async fn load_fixture(db: &Db, ids: &Ids, now: Timestamp) -> String {
    let fixture = Fixture::named("lab").unwrap();
    let token = &fixture.smart_accounts[0].tokens[0];
    let text = fixture_load::token_text(ids, "password", now, token);
    let loading = Loading::new(ids.clone(), now, "password".into());
    db.write(move |conn| fixture_load::load(conn, &fixture, &loading)).await.unwrap();
    text
}

fn serve(world: World) -> String {
    let worlds = Worlds::default();
    worlds.add(world);
    let listener = web::Data::new(Listener { worlds, site: "cssm".to_owned() });
    let routes = |routes: &mut web::ServiceConfig| super::configure(routes, Edition::Cssm);
    let server = HttpServer::new(move || App::new().app_data(listener.clone()).configure(routes))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    url
}

fn texts(error: &DeviceError) -> String {
    error.server_texts().join(" ")
}
