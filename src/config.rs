//! Configuration: defaults, then `syncom.toml`, then the environment, then flags.

use crate::crypto::keys::KeyKind;
use crate::domain::Timestamp;
use crate::domain::on_prem::Profile;
use crate::engine::Settings;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

/// The password of the lab fixture's people, on loopback only.
pub const LAB_PASSWORD: &str = "syncom-lab";
/// The seed of the lab fixture's ids and secrets.
pub const LAB_SEED: &str = "lab";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is not TOML, or a value has the wrong type.
    #[error("{0} is not valid: {1}")]
    Invalid(PathBuf, String),
    /// The file has a key that nobody reads.
    #[error("{file} has the unknown key '{key}'{}", nearest(.known.as_deref()))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// The nearest known one.
        known: Option<String>,
    },
    /// A value breaks a rule.
    #[error("{field}: {problem}")]
    Rule {
        /// The flag or key.
        field: &'static str,
        /// The value's problem and the rule.
        problem: String,
    },
}

fn nearest(known: Option<&str>) -> String {
    known.map_or_else(String::new, |known| format!("; did you mean '{known}'?"))
}

/// Where the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// SQLite files in a directory.
    Directory(PathBuf),
    /// SQLite files that go when the process ends.
    Ephemeral,
    /// A PostgreSQL server; keys and certificates stay in the directory.
    Postgres {
        /// Its address.
        url: String,
        /// The directory for the lab CA.
        directory: PathBuf,
        /// Before the name of each site's schema.
        schema_prefix: String,
    },
}

/// The ports; 0 asks for a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// CSSM, plain.
    pub cssm_http: u16,
    /// CSSM, TLS.
    pub cssm_https: u16,
    /// Satellite, plain.
    pub satellite_http: u16,
    /// Satellite, TLS.
    pub satellite_https: u16,
    /// CONNECT proxy; `None` for none.
    pub proxy: Option<u16>,
}

/// What time the world begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartClock {
    /// Wall time.
    Wall,
    /// Stands at an instant; for tests.
    Frozen(Timestamp),
}

/// Which sites a process serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// CSSM and its satellites.
    #[default]
    Both,
    /// CSSM alone.
    Cssm,
    /// Satellites alone; CSSM is elsewhere, or is reached by files.
    Satellite,
}

impl Role {
    /// From the word of the flag.
    pub fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "both" => Ok(Self::Both),
            "cssm" => Ok(Self::Cssm),
            "satellite" => Ok(Self::Satellite),
            other => Err(Error::Rule {
                field: "role",
                problem: format!("{other} is none of both, cssm and satellite"),
            }),
        }
    }
}

/// The satellites of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Satellites {
    /// How many: `sat-a`, `sat-b` and so on; 1 to 26.
    pub count: u8,
    /// Where CSSM listens; its own process's CSSM unless it is told.
    pub cssm_url: Option<url::Url>,
    /// The lab's root certificate of CSSM, PEM; its own process's unless it is told.
    pub cssm_ca: Option<String>,
}

impl Satellites {
    /// Checks the number.
    pub fn check(count: u8) -> Result<u8, Error> {
        if (1..=26).contains(&count) {
            return Ok(count);
        }
        let problem = format!("{count} is outside the rule: 1 to 26");
        Err(Error::Rule { field: "satellites", problem })
    }

    /// Reads the address of CSSM.
    pub fn address(text: &str) -> Result<url::Url, Error> {
        let url = url::Url::parse(text).ok();
        let fits = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        url.filter(fits).ok_or_else(|| Error::Rule {
            field: "cssm_url",
            problem: format!("{text} is not like http://lab.example:8080"),
        })
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        (b'a'..=b'z')
            .take(usize::from(self.count))
            .map(|c| format!("sat-{}", char::from(c)))
            .collect()
    }
}

impl Default for Satellites {
    fn default() -> Self {
        Self { count: 1, cssm_url: None, cssm_ca: None }
    }
}

/// Everything that a process needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where listeners bind.
    pub bind: IpAddr,
    /// The ports.
    pub ports: Ports,
    /// Where the rows are.
    pub storage: Storage,
    /// `lab`, `empty` or a file; loaded into sites that are new.
    pub fixture: String,
    /// A file of kinds of license that are added to those of the fixture.
    pub catalogue: Option<PathBuf>,
    /// Of ids and secrets; random at each start unless given.
    pub seed: Option<String>,
    /// The fixture's password; `None` for the known one, on loopback only.
    pub password: Option<String>,
    /// What sites sign messages with.
    pub signer: KeyKind,
    /// Threads that serve each site.
    pub workers: usize,
    /// The rules of the sites.
    pub settings: Settings,
    /// What time it is at the start.
    pub clock: StartClock,
    /// Whether the clock may be set back (AS-49).
    pub clock_may_go_back: bool,
    /// Which sites it serves.
    pub role: Role,
    /// Its satellites.
    pub satellites: Satellites,
}

impl Config {
    /// For tests: free ports, ephemeral, the lab fixture, a frozen clock.
    pub fn for_tests(now: Timestamp) -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            ports: Ports {
                cssm_http: 0,
                cssm_https: 0,
                satellite_http: 0,
                satellite_https: 0,
                proxy: Some(0),
            },
            storage: Storage::Ephemeral,
            fixture: "lab".into(),
            catalogue: None,
            seed: Some("test".into()),
            password: None,
            signer: KeyKind::P256,
            workers: 1,
            settings: Settings::default(),
            clock: StartClock::Frozen(now),
            clock_may_go_back: false,
            role: Role::Both,
            satellites: Satellites::default(),
        }
    }
}

/// The keys of `syncom.toml`; each is also a flag and a `SYNCOM_…` variable.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct File {
    /// Address to bind.
    pub bind: Option<IpAddr>,
    /// Directory of the data.
    pub data: Option<PathBuf>,
    /// PostgreSQL address.
    pub database_url: Option<String>,
    /// Whether all is forgotten at the end.
    pub ephemeral: Option<bool>,
    /// Fixture for new sites.
    pub fixture: Option<String>,
    /// File of kinds of license that are added to those of the fixture.
    pub catalogue: Option<PathBuf>,
    /// Seed of ids and secrets.
    pub seed: Option<String>,
    /// Password of the fixture's people.
    pub lab_password: Option<String>,
    /// Port for CSSM, plain.
    pub cssm_http_port: Option<u16>,
    /// Port for CSSM, TLS.
    pub cssm_https_port: Option<u16>,
    /// Port for the satellite, plain.
    pub satellite_http_port: Option<u16>,
    /// Port for the satellite, TLS.
    pub satellite_https_port: Option<u16>,
    /// Whether the CONNECT proxy runs.
    pub proxy: Option<bool>,
    /// Port of the proxy.
    pub proxy_port: Option<u16>,
    /// `p256` or `rsa2048`.
    pub signer: Option<String>,
    /// Threads for each site.
    pub workers: Option<usize>,
    /// Whether a transfer may leave its source short.
    pub transfer_may_go_short: Option<bool>,
    /// How many failed products may be without their return while stock lacks.
    pub rehost_least: Option<u16>,
    /// The same of a hundred instances that hold reservations.
    pub rehost_percent: Option<u16>,
    /// Whether the clock may be set back.
    pub clock_may_go_back: Option<bool>,
    /// `both`, `cssm` or `satellite`.
    pub role: Option<String>,
    /// How many satellites.
    pub satellites: Option<u8>,
    /// Where CSSM listens.
    pub cssm_url: Option<String>,
    /// File with the root certificate of CSSM.
    pub cssm_ca: Option<PathBuf>,
    /// `classic30_90` or `onprem8_30_365`.
    pub satellite_profile: Option<String>,
    /// Hours until an authorization file is ready.
    pub authorization_delay_hours: Option<u16>,
    /// Days that a satellite's credential lasts.
    pub credential_days: Option<u16>,
}

/// All keys of the file, for the check and for `docs/CONFIGURATION.md`.
pub const KEYS: [&str; 27] = [
    "bind",
    "data",
    "database_url",
    "ephemeral",
    "fixture",
    "catalogue",
    "seed",
    "lab_password",
    "cssm_http_port",
    "cssm_https_port",
    "satellite_http_port",
    "satellite_https_port",
    "proxy",
    "proxy_port",
    "signer",
    "workers",
    "transfer_may_go_short",
    "rehost_least",
    "rehost_percent",
    "clock_may_go_back",
    "role",
    "satellites",
    "cssm_url",
    "cssm_ca",
    "satellite_profile",
    "authorization_delay_hours",
    "credential_days",
];

impl File {
    /// Reads a file; a missing one is empty unless it was asked for.
    pub fn read(path: &Path, asked_for: bool) -> Result<Self, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked_for => {
                Ok(Self::default())
            }
            Err(error) => Err(Error::Unreadable(path.to_owned(), error)),
        }
    }

    /// Reads the text of a file; an unknown key is an error that names the nearest known one.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let invalid = |error: toml::de::Error| Error::Invalid(path.to_owned(), error.to_string());
        let table: toml::Table = toml::from_str(text).map_err(invalid)?;
        if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
            let known = KEYS
                .into_iter()
                .map(|known| (strsim::jaro_winkler(known, key), known))
                .filter(|(likeness, _)| *likeness > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, known)| known.to_owned());
            return Err(Error::UnknownKey { file: path.to_owned(), key: key.clone(), known });
        }
        toml::from_str(text).map_err(invalid)
    }
}

/// Reads the name of a rhythm of synchronization (B-SYN-11).
pub fn profile(name: &str) -> Result<Profile, Error> {
    Profile::parse(name).ok_or_else(|| Error::Rule {
        field: "satellite_profile",
        problem: format!("{name} is neither classic30_90 nor onprem8_30_365"),
    })
}

/// Reads the name of a key kind.
pub fn signer(name: &str) -> Result<KeyKind, Error> {
    match name {
        "p256" => Ok(KeyKind::P256),
        "rsa2048" => Ok(KeyKind::Rsa2048),
        other => Err(Error::Rule {
            field: "signer",
            problem: format!("{other} is neither p256 nor rsa2048"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An unknown key is an error that names the nearest known one.
    #[test]
    fn a_misspelt_key_is_answered_with_the_right_one() {
        let error = File::parse(Path::new("syncom.toml"), "fixtur = \"lab\"").unwrap_err();
        assert!(error.to_string().contains("did you mean 'fixture'?"), "{error}");
        assert!(File::parse(Path::new("syncom.toml"), "workers = \"two\"").is_err());
    }

    /// The list of keys is the struct's: each key alone is accepted.
    #[test]
    fn every_listed_key_is_read() {
        let samples = "bind = \"::1\"\ndata = \"d\"\ndatabase_url = \"u\"\nephemeral = true\n\
            fixture = \"lab\"\ncatalogue = \"c\"\nseed = \"s\"\nlab_password = \"p\"\ncssm_http_port = 1\n\
            cssm_https_port = 1\nsatellite_http_port = 1\nsatellite_https_port = 1\n\
            proxy = true\nproxy_port = 1\nsigner = \"p256\"\nworkers = 1\n\
            transfer_may_go_short = true\nrehost_least = 1\nrehost_percent = 1\nclock_may_go_back = true\n\
            role = \"cssm\"\nsatellites = 1\ncssm_url = \"http://x\"\ncssm_ca = \"c\"\n\
            satellite_profile = \"p\"\nauthorization_delay_hours = 2\ncredential_days = 30\n";
        let file = File::parse(Path::new("syncom.toml"), samples).unwrap();
        assert_eq!(samples.lines().count(), KEYS.len());
        assert_eq!(file.transfer_may_go_short, Some(true));
    }
}
