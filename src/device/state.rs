//! What a simulated product remembers, and the file that keeps it.

use super::DeviceError;
use crate::domain::time::Timestamp;
use crate::protocol::sudi::Sudi;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use uuid::Uuid;

/// The version of the file that we write.
const VERSION: u32 = 1;

/// Everything that outlives a command. The key in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Version of this form.
    version: u32,
    /// What the product is.
    pub product: Product,
    /// Its private key, PKCS#8 PEM.
    pub key_pem: String,
    /// Where it talks to.
    pub settings: Settings,
    /// Timestamp of the last message; the next must be later.
    pub last_sent: Option<Timestamp>,
    /// The registration.
    pub registration: Registration,
    /// What is in use, by entitlement tag.
    pub usage: BTreeMap<String, Usage>,
    /// What the server said about it.
    pub authorization: Authorization,
    /// The evaluation period.
    pub evaluation: Evaluation,
}

/// What the product is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name, `CN` of its identity certificate.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `regid.YYYY-MM.<domain>.<product>,<version>_<uuid>`.
    pub software_tag: String,
    /// How it names itself.
    pub sudi: Sudi,
    /// Its host name.
    pub hostname: Option<String>,
    /// False = hidden from the server (host name privacy).
    pub send_hostname: bool,
}

/// Where the product talks to, and what time it believes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The device URL of the server.
    pub url: Option<String>,
    /// The CA certificates to trust, PEM: for TLS and for the server's signatures.
    pub ca_pem: Option<String>,
    /// HTTP proxy.
    pub proxy: Option<String>,
    /// How far the product's clock is ahead of the real one, in milliseconds.
    pub clock_offset_ms: i64,
}

/// The registration and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Present while the product is registered.
    pub identity: Option<Identity>,
    /// Why it is not registered any more or again, if something went wrong.
    pub failure: Option<Failure>,
    /// The last attempt to register.
    pub last_attempt: Option<Attempt>,
    /// The last attempt to renew the identity certificate.
    pub last_renewal: Option<Attempt>,
}

/// What kept or ended a registration.
// device-protocol.md 3.2: RETRY IN PROGRESS, FAILED and EXPIRED are PROVEN states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server refused.
    Failed,
    /// The server could not be reached.
    Retry,
    /// The identity certificate ran out.
    Expired,
}

/// Who the product is for the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Given by the server.
    pub product_instance_identifier: Uuid,
    /// The identity certificate, PEM.
    pub certificate_pem: String,
    /// Its serial number.
    pub serial: u64,
    /// The server's signing certificate and its issuers up to the root, PEM.
    pub signers_pem: String,
    /// Serial number of the signing certificate.
    pub signer_serial: u64,
    /// Whether the root came with the first answer instead of `--ca`.
    pub root_on_first_use: bool,
    /// Name of the Smart Account.
    pub smart_account: String,
    /// Name of the virtual account.
    pub virtual_account: String,
    /// Whether export-controlled functionality is allowed.
    pub export_control_allowed: bool,
    /// When the product registered.
    pub registered_at: Timestamp,
    /// When the identity certificate is to be renewed.
    pub renew_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// One attempt at something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// Why it failed; null when it did not.
    pub failure: Option<String>,
}

/// Licenses of one tag in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// How many; 0 = released, to be reported once.
    pub count: u64,
    /// Version of the entitlement.
    pub version: Option<String>,
    /// What the server said: its enforcement mode by the name of XE-YANG.
    pub enforce_mode: Option<String>,
    /// Name for people.
    pub display_name: Option<String>,
    /// Longer text for people.
    pub description: Option<String>,
    /// Whether the license is under export control.
    pub export_restricted: bool,
    /// When the earliest term behind it ends.
    pub term_end: Option<Timestamp>,
}

/// The last answer of the server and the timers that follow from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// The overall status of the last good answer.
    pub status: Option<Answered>,
    /// When it came.
    pub answered_at: Option<Timestamp>,
    /// The last attempt.
    pub last_attempt: Option<Attempt>,
    /// When to ask again.
    pub next_attempt: Option<Timestamp>,
    /// Without a good answer by then the authorization expires.
    pub deadline: Option<Timestamp>,
    /// Since when the product is out of compliance.
    pub out_of_compliance_since: Option<Timestamp>,
}

/// What the server answered about everything in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// Covered.
    Authorized,
    /// Not covered.
    OutOfCompliance,
    /// Nothing is in use.
    NoLicensesInUse,
}

/// The evaluation period: 90 days of use, once in the product's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Used up so far, in milliseconds, without the present run.
    pub used_ms: i64,
    /// Since when it is running; null = paused.
    pub running_since: Option<Timestamp>,
}

impl State {
    /// The state of a product fresh from the factory.
    pub fn new(product: Product, key_pem: String) -> Self {
        Self {
            version: VERSION,
            product,
            key_pem,
            settings: Settings::default(),
            last_sent: None,
            registration: Registration::default(),
            usage: BTreeMap::new(),
            authorization: Authorization::default(),
            evaluation: Evaluation::default(),
        }
    }

    /// Reads a state file.
    pub fn load(path: &Path) -> Result<Self, DeviceError> {
        let wrong = |problem: String| {
            DeviceError::Usage(format!("state file {}: {problem}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                wrong("it does not exist; make a product with 'syncom device new'".to_owned())
            }
            _ => wrong(error.to_string()),
        })?;
        let version = serde_json::from_str::<serde_json::Value>(&text)
            .map_err(|error| wrong(error.to_string()))?
            .get("version")
            .and_then(serde_json::Value::as_u64);
        if version != Some(u64::from(VERSION)) {
            return Err(wrong(format!("its version must be {VERSION}")));
        }
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// Writes a state file: whole or not at all, readable by its owner only.
    pub fn save(&self, path: &Path) -> Result<(), DeviceError> {
        let wrong = |error: std::io::Error| {
            DeviceError::Usage(format!("state file {}: {error}", path.display()))
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // A temporary file of `tempfile` is readable by its owner only: the key stays private.
        let mut file =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(wrong)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(|error| wrong(error.into()))?;
        file.write_all(b"\n").map_err(wrong)?;
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(path).map_err(|error| wrong(error.error))?;
        Ok(())
    }
}

impl Product {
    /// The default product: the software "Syncom SIM" with the given serial number.
    pub fn simulated(serial_number: &str) -> Self {
        Self {
            name: "Syncom SIM".to_owned(),
            version: "1.0".to_owned(),
            software_tag: SIMULATED_TAG.to_owned(),
            sudi: Sudi::hardware("SIM", serial_number),
            hostname: Some(format!("sim-{}", serial_number.to_lowercase())),
            send_hostname: true,
        }
    }
}

/// The software tag of the default product.
pub const SIMULATED_TAG: &str =
    "regid.2026-01.com.syncom.SIM,1.0_5d8f2c64-1f0e-4b6a-9c39-7d1f0c2b6a01";
