//! `syncom serve`: starts the sites and says where they are.

use crate::app::{self, Running};
use crate::config::{self, Config, File, Ports, Role, Satellites, StartClock, Storage};
use crate::crypto::keys::KeyKind;
use crate::engine::Settings;
use anyhow::Context;
use clap::Args;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Serve CSSM and the satellite `sat-a`.
///
/// Without any flag: fixture "lab", embedded `SQLite` in `./syncom-data`, all listeners on 127.0.0.1.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = "Examples:
  syncom serve
  syncom serve --ephemeral --fixture empty --port 0 --json
  syncom serve --proxy
  syncom serve --satellites 2
  syncom serve --role satellite --cssm-url http://lab:8080 --cssm-ca ca.pem
  syncom serve --database-url postgres://syncom@localhost/syncom")]
pub struct ServeArgs {
    /// Configuration file [default: ./syncom.toml, if it is there]
    #[arg(long, env = "SYNCOM_CONFIG")]
    config: Option<PathBuf>,
    /// Address that every listener binds [default: 127.0.0.1]
    #[arg(long, env = "SYNCOM_BIND")]
    bind: Option<IpAddr>,
    /// Directory of the databases and the lab CA [default: ./syncom-data]
    #[arg(long, env = "SYNCOM_DATA")]
    data: Option<PathBuf>,
    /// Forget everything at the end
    #[arg(long, conflicts_with = "data")]
    ephemeral: bool,
    /// PostgreSQL instead of `SQLite`; each site gets a schema of its own
    #[arg(long, env = "SYNCOM_DATABASE_URL")]
    database_url: Option<String>,
    /// What a new site holds: lab, empty, or a YAML file [default: lab]
    #[arg(long, env = "SYNCOM_FIXTURE")]
    fixture: Option<String>,
    /// Kinds of license that are added to those of the fixture: a YAML file, read at each start
    #[arg(long, env = "SYNCOM_CATALOGUE")]
    catalogue: Option<PathBuf>,
    /// Makes ids and secrets the same each time
    #[arg(long, env = "SYNCOM_SEED")]
    seed: Option<String>,
    /// Password of the fixture's people; needed beyond loopback, or one is made and shown once
    #[arg(long, env = "SYNCOM_LAB_PASSWORD", hide_env_values = true)]
    lab_password: Option<String>,
    /// 0 gives every listener a free port
    #[arg(long, value_parser = ["0"])]
    port: Option<String>,
    /// CSSM, plain HTTP [default: 8080]
    #[arg(long, env = "SYNCOM_CSSM_HTTP_PORT")]
    cssm_http_port: Option<u16>,
    /// CSSM, HTTPS [default: 8443]
    #[arg(long, env = "SYNCOM_CSSM_HTTPS_PORT")]
    cssm_https_port: Option<u16>,
    /// Satellite, plain HTTP [default: 8081]
    #[arg(long, env = "SYNCOM_SATELLITE_HTTP_PORT")]
    satellite_http_port: Option<u16>,
    /// Satellite, HTTPS [default: 8444]
    #[arg(long, env = "SYNCOM_SATELLITE_HTTPS_PORT")]
    satellite_https_port: Option<u16>,
    /// Start the CONNECT proxy that leads *.cisco.com to the lab
    #[arg(long)]
    proxy: bool,
    /// Port of the proxy [default: 8888]
    #[arg(long, env = "SYNCOM_PROXY_PORT")]
    proxy_port: Option<u16>,
    /// Key of the message signer of new sites: p256 or rsa2048 [default: p256]
    #[arg(long, env = "SYNCOM_SIGNER")]
    signer: Option<String>,
    /// Let the world's clock be set back: what has ended stays ended
    #[arg(long, env = "SYNCOM_CLOCK_MAY_GO_BACK")]
    clock_may_go_back: bool,
    /// Which sites: both, cssm or satellite [default: both]
    #[arg(long, env = "SYNCOM_ROLE")]
    role: Option<String>,
    /// How many satellites: sat-a, sat-b, …; their ports follow one another [default: 1]
    #[arg(long, env = "SYNCOM_SATELLITES")]
    satellites: Option<u8>,
    /// Where satellites find CSSM [default: the CSSM of this process, if it has one]
    #[arg(long, env = "SYNCOM_CSSM_URL")]
    cssm_url: Option<String>,
    /// The root certificate of that CSSM, PEM: its /_syncom/ca.pem
    #[arg(long, env = "SYNCOM_CSSM_CA")]
    cssm_ca: Option<PathBuf>,
    /// Threads that serve each site [default: number of cores, at most 4]
    #[arg(long, env = "SYNCOM_WORKERS")]
    workers: Option<usize>,
    /// Print one line of JSON when ready, and nothing else, to standard output
    #[arg(long)]
    json: bool,
}

/// Serves until interrupted.
pub async fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let as_json = args.json;
    let config = configuration(args)?;
    let interrupt = Interrupt::listen()?;
    let running = app::start(&config).await?;
    if as_json {
        println!("{}", ready_line(&running));
    } else {
        print!("{}", super::welcome::text(&running));
    }
    interrupt.came().await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C, or the signal to end. It is listened for before anybody is told that we are ready: he
/// may send it at once.
pub(super) struct Interrupt {
    control_c: Signal,
    terminate: Signal,
}

impl Interrupt {
    /// Begins to listen.
    pub(super) fn listen() -> std::io::Result<Self> {
        let control_c = signal(SignalKind::interrupt())?;
        Ok(Self { control_c, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits until one of them has come.
    pub(super) async fn came(mut self) {
        tokio::select! {
            _ = self.control_c.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The rules of the sites that the file sets.
fn rules(file: &File) -> anyhow::Result<Settings> {
    let mut settings = Settings::default();
    if let Some(short) = file.transfer_may_go_short {
        settings.transfer_may_go_short = short;
    }
    let threshold = &mut settings.rehost_threshold;
    threshold.least = file.rehost_least.map_or(threshold.least, i64::from);
    threshold.percent = file.rehost_percent.map_or(threshold.percent, i64::from);
    let on_prem = &mut settings.on_prem;
    if let Some(profile) = &file.satellite_profile {
        on_prem.profile = config::profile(profile)?;
    }
    let hours = file.authorization_delay_hours;
    on_prem.authorization_hours = hours.map_or(on_prem.authorization_hours, i64::from);
    on_prem.credential_days = file.credential_days.map_or(on_prem.credential_days, u64::from);
    Ok(settings)
}

fn configuration(args: ServeArgs) -> anyhow::Result<Config> {
    let path = args.config.clone().unwrap_or_else(|| PathBuf::from("syncom.toml"));
    let file = File::read(&path, args.config.is_some())?;
    let ports = ports(&args, &file);
    let storage = storage(&args, &file)?;
    let workers = args.workers.or(file.workers).unwrap_or_else(cores);
    if !(1..=64).contains(&workers) {
        anyhow::bail!("workers: {workers} is outside the rule: 1 to 64");
    }
    let role = args.role.as_deref().or(file.role.as_deref());
    let role = role.map_or(Ok(Role::Both), Role::parse)?;
    let satellites = satellites(&args, &file)?;
    let settings = rules(&file)?;
    let signer = args.signer.or(file.signer);
    Ok(Config {
        catalogue: args.catalogue.or(file.catalogue),
        clock_may_go_back: args.clock_may_go_back || file.clock_may_go_back.unwrap_or(false),
        bind: args.bind.or(file.bind).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ports,
        storage,
        fixture: args.fixture.or(file.fixture).unwrap_or_else(|| "lab".into()),
        seed: args.seed.or(file.seed),
        password: args.lab_password.or(file.lab_password),
        signer: signer.as_deref().map_or(Ok(KeyKind::P256), config::signer)?,
        workers,
        settings,
        clock: StartClock::Wall,
        role,
        satellites,
    })
}

fn satellites(args: &ServeArgs, file: &File) -> anyhow::Result<Satellites> {
    let count = Satellites::check(args.satellites.or(file.satellites).unwrap_or(1))?;
    let ca = args.cssm_ca.as_ref().or(file.cssm_ca.as_ref());
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).with_context(|| format!("cssm_ca: {}", path.display()))
    };
    let cssm_ca = ca.map(read).transpose()?;
    let url = args.cssm_url.as_ref().or(file.cssm_url.as_ref());
    let cssm_url = url.map(|text| Satellites::address(text)).transpose()?;
    Ok(Satellites { count, cssm_url, cssm_ca })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4)
}

fn ports(args: &ServeArgs, file: &File) -> Ports {
    let free = args.port.is_some();
    let port = |flag: Option<u16>, key: Option<u16>, default: u16| {
        if free { flag.unwrap_or(0) } else { flag.or(key).unwrap_or(default) }
    };
    let proxy = args.proxy || args.proxy_port.is_some() || file.proxy.unwrap_or(false);
    Ports {
        cssm_http: port(args.cssm_http_port, file.cssm_http_port, 8080),
        cssm_https: port(args.cssm_https_port, file.cssm_https_port, 8443),
        satellite_http: port(args.satellite_http_port, file.satellite_http_port, 8081),
        satellite_https: port(args.satellite_https_port, file.satellite_https_port, 8444),
        proxy: proxy.then(|| port(args.proxy_port, file.proxy_port, 8888)),
    }
}

fn storage(args: &ServeArgs, file: &File) -> anyhow::Result<Storage> {
    let directory = args.data.clone().or_else(|| file.data.clone());
    let directory = directory.unwrap_or_else(|| PathBuf::from("syncom-data"));
    let url = args.database_url.clone().or_else(|| file.database_url.clone());
    let ephemeral = args.ephemeral || file.ephemeral.unwrap_or(false);
    match url {
        Some(_) if ephemeral => anyhow::bail!("ephemeral and a database URL do not go together"),
        Some(url) => {
            if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
                anyhow::bail!("database_url: {url} does not begin with postgres://");
            }
            if url.contains("sslmode=require") && !cfg!(feature = "postgres-tls") {
                anyhow::bail!(
                    "database_url asks for sslmode=require, but this syncom was built without \
                     TLS for PostgreSQL; build it with --features postgres-tls"
                );
            }
            Ok(Storage::Postgres { url, directory, schema_prefix: String::new() })
        }
        None if ephemeral => Ok(Storage::Ephemeral),
        None => Ok(Storage::Directory(directory)),
    }
}

/// The one line of `--json`: an interface that scripts depend on.
fn ready_line(running: &Running) -> serde_json::Value {
    let sites: Vec<_> = running
        .sites
        .iter()
        .map(|site| {
            json!({
                "name": site.name,
                "edition": site.edition.code(),
                "http": format!("http://{}", site.http),
                "https": format!("https://{}", site.https),
            })
        })
        .collect();
    let satellite_users = satellite_users(running);
    let lab = running.lab.as_ref().map(|lab| {
        let users: Vec<_> =
            lab.users.iter().map(|(name, role)| json!({"name":name,"role":role})).collect();
        json!({
            "smart_account": {"name": lab.smart_account.0, "domain": lab.smart_account.1},
            "password": lab.password,
            "users": users,
            "satellite_users": satellite_users.clone(),
            "api_client": lab.api_client.as_ref().map(|(id, secret)| json!({"id":id,"secret":secret})),
            "token": lab.token,
        })
    });
    json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "data": absolute(&running.directory),
        "ca": absolute(&running.ca),
        "proxy": running.proxy.map(|proxy| format!("http://{proxy}")),
        "sites": sites,
        "lab": lab,
        "satellite": running.satellite.as_ref().map(
            |satellite| json!({"password": satellite.password, "users": satellite_users.clone()})
        ),
    })
}

/// Login name and system role of everybody whose password is the known one.
fn satellite_users(running: &Running) -> Vec<serde_json::Value> {
    let users = running.satellite.iter().flat_map(|satellite| &satellite.users);
    users.map(|(name, role)| json!({"name":name,"role":role})).collect()
}

/// A path that also works from elsewhere.
pub(super) fn absolute(path: &std::path::Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string()
}
