//! The composition root: from a configuration to sites that serve.

mod data;
mod jobs;
mod lab_info;
mod link;
mod listen;

pub use lab_info::{LabInfo, SatelliteInfo};

use crate::clock::Clock;
use crate::config::{Config, LAB_PASSWORD, Role, StartClock};
use crate::crypto::ca::Authority;
use crate::crypto::secret::{hex, random_bytes};
use crate::db::Db;
use crate::device::profile::Profile;
use crate::domain::site::Edition;
use crate::engine::uplink::Uplink;
use crate::engine::{Engine, KnownProduct, Parts, Settings, SiteKeys, Turn};
use crate::ids::Ids;
use crate::lab::catalogue::{self, Catalogue};
use crate::lab::fixture::Fixture;
use crate::lab::fixture_load::{self, Loading};
use crate::lab::satellite_people;
use crate::lab::worlds::{DEFAULT, World, Worlds};
use crate::link::Http;
use crate::web::proxy::Proxy;
use crate::web::serve::Running as Server;
use anyhow::Context;
use data::Data;
use jobs::Ticking;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The name of the CSSM site.
pub const CSSM: &str = "cssm";
/// The name of the first satellite.
pub const SATELLITE: &str = "sat-a";

/// A site that serves.
pub struct BoundSite {
    /// Its name.
    pub name: String,
    /// Which service it is.
    pub edition: Edition,
    /// Plain HTTP.
    pub http: SocketAddr,
    /// HTTPS.
    pub https: SocketAddr,
    /// Its use cases, for tests in the same process.
    pub engine: Engine,
    server: Server,
}

/// A process that serves.
pub struct Running {
    /// Its sites, CSSM first.
    pub sites: Vec<BoundSite>,
    /// The CONNECT proxy.
    pub proxy: Option<SocketAddr>,
    /// All worlds.
    pub worlds: Worlds,
    /// The clock of the default world.
    pub clock: Clock,
    /// The lab's root certificate.
    pub ca: PathBuf,
    /// Where the data is.
    pub directory: PathBuf,
    /// What to tell a newcomer, when the lab fixture is there.
    pub lab: Option<LabInfo>,
    /// Who can sign in on the satellite, when that is still the fixture's password.
    pub satellite: Option<SatelliteInfo>,
    proxy_task: Option<Proxy>,
    /// Lets what falls due happen while nobody asks.
    ticking: Ticking,
    /// Holds the lock, and deletes an ephemeral directory when it goes.
    data: Data,
}

/// Starts all that a configuration asks for; returns when every listener is open.
pub async fn start(config: &Config) -> anyhow::Result<Running> {
    let fixture = Fixture::named(&config.fixture)?;
    let catalogue = config.catalogue.as_deref().map(Catalogue::read).transpose()?;
    let data = Data::open(&config.storage)?;
    let root = data.root()?;
    let (clock, ids) = clock_and_ids(config, &data)?;
    let link = link::to_cssm(config, &root)?;
    let sites = open_sites(config, &data, &root, (&clock, &ids), link.as_ref()).await?;
    let known = (&fixture, catalogue.as_ref(), &loading(config, &clock)?);
    let (lab, satellite) = seed_all(config, &sites, known, &data).await?;
    let worlds = Worlds::default();
    worlds.add(World {
        name: DEFAULT.to_owned(),
        clock: clock.clone(),
        ids,
        root_pem: root.certificate_pem(),
        sites: sites.clone(),
        clock_file: Some(data.clock_path()),
        moving: Turn::default(),
        may_go_back: config.clock_may_go_back,
    });
    let sites = listen::serve_all(config, &root, &worlds, &sites).await?;
    link::point(link.as_deref(), config, &sites)?;
    let proxy_task = listen::start_proxy(config, &sites)?;
    Ok(Running {
        proxy: proxy_task.as_ref().map(|proxy| proxy.address),
        sites,
        ticking: Ticking::start(worlds.clone()),
        worlds,
        clock,
        ca: data.ca_path(),
        directory: data.directory().to_owned(),
        lab,
        satellite,
        proxy_task,
        data,
    })
}

/// The sites that are to be served, CSSM first.
fn wanted(config: &Config) -> Vec<(String, Edition)> {
    let mut sites = Vec::new();
    if config.role != Role::Satellite {
        sites.push((CSSM.to_owned(), Edition::Cssm));
    }
    if config.role != Role::Cssm {
        let names = config.satellites.names().into_iter();
        sites.extend(names.map(|name| (name, Edition::Satellite)));
    }
    sites
}

fn clock_and_ids(config: &Config, data: &Data) -> anyhow::Result<(Clock, Ids)> {
    let clock = match (data.clock()?, config.clock) {
        (Some(kept), _) => Clock::from_setting(kept),
        (None, StartClock::Wall) => Clock::wall(),
        (None, StartClock::Frozen(now)) => Clock::frozen(now),
    };
    let ids = match &config.seed {
        Some(seed) => Ids::seeded(format!("{seed}/{}", data.boots()?).as_bytes()),
        None => Ids::seeded(&random_bytes::<32>()?),
    };
    Ok((clock, ids))
}

async fn open_sites(
    config: &Config,
    data: &Data,
    root: &Authority,
    world: (&Clock, &Ids),
    link: Option<&Arc<Http>>,
) -> anyhow::Result<BTreeMap<String, Engine>> {
    let mut sites = BTreeMap::new();
    for (name, edition) in wanted(config) {
        let site = open_site(config, data, root, (&name, edition), world, link).await?;
        sites.insert(name, site);
    }
    Ok(sites)
}

async fn open_site(
    config: &Config,
    data: &Data,
    root: &Authority,
    (name, edition): (&str, Edition),
    (clock, ids): (&Clock, &Ids),
    link: Option<&Arc<Http>>,
) -> anyhow::Result<Engine> {
    let url = data.site_url(&config.storage, name);
    let db = tokio::task::spawn_blocking(move || Db::open(&url))
        .await?
        .with_context(|| format!("the database of the site {name}"))?;
    let keys = SiteKeys::open(&db, root, name, config.signer).await?;
    Ok(Engine::new(Parts {
        name: name.to_owned(),
        edition,
        db,
        clock: clock.clone(),
        ids: ids.clone(),
        keys,
        settings: Settings {
            cssm_root: config.satellites.cssm_ca.clone(),
            data: Some(data.directory().to_owned()),
            ..config.settings.clone()
        },
        uplink: match (edition, link) {
            (Edition::Satellite, Some(link)) => {
                let link: Arc<dyn Uplink> = Arc::<Http>::clone(link);
                Some(link)
            }
            (Edition::Satellite, None) | (Edition::Cssm, _) => None,
        },
    }))
}

/// Loads the fixture into new sites, and finds out what to tell a newcomer of each edition.
async fn seed_all(
    config: &Config,
    sites: &BTreeMap<String, Engine>,
    (fixture, catalogue, with): (&Fixture, Option<&Catalogue>, &Loading),
    data: &Data,
) -> anyhow::Result<(Option<LabInfo>, Option<SatelliteInfo>)> {
    let (mut lab, mut satellite) = (None, None);
    for engine in sites.values() {
        match engine.edition() {
            Edition::Cssm => {
                lab = seed(config, engine, (fixture, catalogue), with, data).await?;
            }
            Edition::Satellite => {
                let known = (fixture, catalogue);
                satellite = seed_satellite(config, engine, known, with).await?;
            }
        }
    }
    Ok((lab, satellite))
}

/// Loads the fixture into a new site, and finds out what to tell a newcomer.
async fn seed(
    config: &Config,
    engine: &Engine,
    (fixture, catalogue): (&Fixture, Option<&Catalogue>),
    loading: &Loading,
    data: &Data,
) -> anyhow::Result<Option<LabInfo>> {
    let (wanted, with) = (fixture.clone(), loading.clone());
    engine.take_products(simulated()?).await?;
    let loaded = engine.seed(move |conn| fixture_load::load(conn, &wanted, &with)).await?;
    if let Some(catalogue) = catalogue {
        engine.take_catalogue(catalogue::entitlements(catalogue, loading)?).await?;
    }
    engine.take_products(products(fixture, catalogue)).await?;
    engine.ship_reservations().await?;
    lab_info::refuse_known_password(config, engine, fixture).await?;
    tracing::info!(fixture = config.fixture, loaded, data = %data.directory().display(), "site");
    Ok(lab_info::find(engine, fixture, loading).await)
}

fn loading(config: &Config, clock: &Clock) -> anyhow::Result<Loading> {
    let password = lab_info::password(config)?;
    let seed = config.seed.clone().unwrap_or_else(|| crate::config::LAB_SEED.to_owned());
    let known = password == LAB_PASSWORD;
    let ids = Ids::seeded(format!("fixture/{seed}").as_bytes());
    Ok(Loading::new(ids, clock.now(), password).everybody_knows(known))
}

/// Brings the first people into a new satellite, and finds out who can sign in.
async fn seed_satellite(
    config: &Config,
    engine: &Engine,
    (fixture, catalogue): (&Fixture, Option<&Catalogue>),
    loading: &Loading,
) -> anyhow::Result<Option<SatelliteInfo>> {
    engine.take_products(simulated()?).await?;
    // Without what devices bring along: only CSSM knows those licenses.
    let others = products(fixture, catalogue).into_iter();
    let bare = others.map(|of| KnownProduct { inventory: vec![], ..of });
    engine.take_products(bare.collect()).await?;
    let (people, with) = (fixture.satellite_users.clone(), loading.clone());
    engine.seed(move |conn| satellite_people::load(conn, &people, &with)).await?;
    lab_info::refuse_known_password(config, engine, fixture).await?;
    Ok(lab_info::satellite(engine, fixture, &loading.password).await)
}

/// The products of the fixture and of the catalogue.
fn products(fixture: &Fixture, catalogue: Option<&Catalogue>) -> Vec<KnownProduct> {
    let others = catalogue.into_iter().flat_map(|catalogue| &catalogue.products);
    fixture.products.iter().chain(others).cloned().map(KnownProduct::from).collect()
}

/// The products that Syncom simulates: their request codes can be read everywhere.
fn simulated() -> anyhow::Result<Vec<KnownProduct>> {
    let known = |profile: Profile| KnownProduct {
        software_tag: profile.software_tag,
        name: profile.product_name,
        pid: Some(profile.pid),
        inventory: Vec::new(),
    };
    Ok(Profile::built_in()?.into_iter().map(known).collect())
}

impl Running {
    /// The site of that name.
    pub fn site(&self, name: &str) -> Option<&BoundSite> {
        self.sites.iter().find(|site| site.name == name)
    }

    /// Stops: no new connections, requests under way are finished.
    pub async fn stop(self) {
        self.ticking.stop();
        if let Some(proxy) = self.proxy_task {
            proxy.stop();
        }
        for site in self.sites {
            site.server.stop().await;
            // A start after it does not have to read the log again, and a copy needs one file.
            if self.data.is_kept()
                && let Err(error) = site.engine.copy_log_back().await
            {
                tracing::warn!(%error, site = site.name, "the log stays; the next start reads it");
            }
        }
        drop(self.data);
    }
}

/// A text that nobody can guess.
fn random_text() -> anyhow::Result<String> {
    Ok(hex(&random_bytes::<12>()?))
}
