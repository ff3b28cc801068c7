//! CSSM and two satellites of one world without listeners: for tests of what passes between them.

use super::app::{T0, instant};
use super::databases::Database;
use super::keeping;
use super::link::TestLink;
use std::sync::Arc;
use syncom::clock::Clock;
use syncom::config::LAB_PASSWORD;
use syncom::crypto::ca::Authority;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::db::{self, Conn, Db, Url};
use syncom::domain::security::PasswordRules;
use syncom::domain::site::Edition;
use syncom::engine::uplink::Uplink;
use syncom::engine::{Engine, Parts, Settings, SiteKeys, Who};
use syncom::ids::Ids;
use syncom::lab::fixture::Fixture;
use syncom::lab::fixture_load::{self, Loading};
use syncom::lab::satellite_people;

/// What all sites share.
struct World {
    clock: Clock,
    ids: Ids,
    root: Authority,
    link: Arc<TestLink>,
}

/// A site, and a person who is signed in there.
pub struct Site {
    /// Its use cases.
    pub engine: Engine,
    /// `ann` in CSSM, `admin` on a satellite.
    pub who: Who,
    db: Db,
    world: Arc<World>,
}

/// CSSM, `sat-a` and `sat-b`.
pub struct Sites {
    /// CSSM with the lab fixture.
    pub cssm: Site,
    /// Two satellites.
    pub satellites: Vec<Site>,
    /// Their clock.
    pub clock: Clock,
    /// The satellites' way to CSSM.
    pub link: Arc<TestLink>,
}

impl World {
    async fn engine(&self, name: &str, edition: Edition, db: &Db) -> Engine {
        let keys = SiteKeys::open(db, &self.root, name, KeyKind::P256).await.unwrap();
        let link: Arc<dyn Uplink> = Arc::<TestLink>::clone(&self.link);
        Engine::new(Parts {
            name: name.to_owned(),
            edition,
            db: db.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            keys,
            settings: Settings::default(),
            uplink: (edition == Edition::Satellite).then_some(link),
        })
    }
}

impl Site {
    async fn open(world: &Arc<World>, name: &str, edition: Edition, database: &Database) -> Self {
        let db = Db::open(&url(database, name)).unwrap();
        let engine = world.engine(name, edition, &db).await;
        let loading = Loading::new(world.ids.clone(), world.clock.now(), LAB_PASSWORD.to_owned());
        let fixture = Fixture::named("lab").unwrap();
        let load = move |conn: &mut Conn| match edition {
            Edition::Cssm => fixture_load::load(conn, &fixture, &loading),
            Edition::Satellite => satellite_people::load(conn, &fixture.satellite_users, &loading),
        };
        assert!(engine.seed(load).await.unwrap());
        let mut site =
            Self { engine, who: Who::Session(String::new()), db, world: Arc::clone(world) };
        site.sign_in().await;
        if edition == Edition::Satellite {
            let rules = PasswordRules { expiry_days: 0, ..PasswordRules::default() };
            site.engine.set_password_rules(&site.who, rules).await.unwrap();
        }
        site
    }

    /// Its person signs in; hours may have passed.
    pub async fn sign_in(&mut self) {
        let person = match self.engine.edition() {
            Edition::Cssm => "ann",
            Edition::Satellite => "admin",
        };
        let signed_in = self.engine.sign_in(person, LAB_PASSWORD).await.unwrap();
        self.who = Who::Session(signed_in.secret);
    }

    /// Reads with the site's own repositories.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> db::Result<T> + Send + 'static,
    ) -> T {
        self.db.read(work).await.unwrap()
    }

    /// Works on the one connection that writes to SQLite.
    pub async fn on_writer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> T + Send + 'static,
    ) -> T {
        self.db.write(move |conn| -> db::Result<T> { Ok(work(conn)) }).await.unwrap()
    }

    /// Takes a backup; the one before is gone.
    pub async fn keep(&self) {
        self.db.write(keeping::keep).await.unwrap();
    }

    /// Goes back to the backup, as after a restart.
    pub async fn restore(&mut self) {
        self.db.write(keeping::restore).await.unwrap();
        let (name, edition) = (self.engine.name().to_owned(), self.engine.edition());
        self.engine = self.world.engine(&name, edition, &self.db).await;
        if edition == Edition::Cssm {
            self.world.link.lead_to(&self.engine);
        }
        self.sign_in().await;
    }
}

fn url(database: &Database, name: &str) -> Url {
    match database {
        Database::Sqlite(folder) => Url::Sqlite(folder.path().join(format!("{name}.db"))),
        Database::Postgres(own) => Url::Postgres { base: own.url(), schema: name.to_owned() },
    }
}

impl Sites {
    /// Opens all of them in an empty database.
    pub async fn open(database: &Database) -> Self {
        let clock = Clock::frozen(instant(T0));
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        let world = Arc::new(World {
            clock: clock.clone(),
            ids: Ids::seeded(b"sites"),
            root: Authority::create_root("Syncom Lab Root CA", key).unwrap(),
            link: Arc::default(),
        });
        let cssm = Site::open(&world, "cssm", Edition::Cssm, database).await;
        world.link.lead_to(&cssm.engine);
        let mut satellites = Vec::new();
        for name in ["sat-a", "sat-b"] {
            satellites.push(Site::open(&world, name, Edition::Satellite, database).await);
        }
        let link = Arc::clone(&world.link);
        Self { cssm, satellites, clock, link }
    }

    /// Whatever happened, the stored sums of use must be those that counting gives.
    pub async fn leave(self) {
        for site in self.satellites.iter().chain([&self.cssm]) {
            assert_eq!(site.engine.drifted_pools().await.unwrap(), [], "{}", site.engine.name());
        }
    }

    /// Lets time pass on all sites, and signs everybody in again.
    pub async fn advance(&mut self, by: chrono::TimeDelta) {
        self.clock.advance(by);
        for site in self.satellites.iter_mut().chain([&mut self.cssm]) {
            site.engine.tick().await.unwrap();
            site.sign_in().await;
        }
    }
}
