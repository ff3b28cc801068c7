//! What a simulated product remembers, and the file that keeps it.

use super::machine::{Exchange, Export};
use super::notices::Log;
use super::profile::{Profile, Transport};
use super::reservation::Reservation;
use super::timers::Timers;
use crate::domain::host::Server;
use crate::domain::time::Timestamp;
use crate::protocol::sudi::Sudi;
use crate::protocol::third_party::ThirdPartyKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The version of the file that we write.
pub(super) const VERSION: u32 = 2;

/// Everything that outlives a command. The key in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Version of this form.
    version: u32,
    /// What kind of product it is.
    pub profile: Profile,
    /// What the product is.
    pub product: Product,
    /// Its private key, PKCS#8 PEM.
    pub key_pem: String,
    /// Where it talks to.
    pub settings: Settings,
    /// Its timers, where they differ from the table.
    pub timers: Timers,
    /// Timestamp of the last message; the next must be later.
    pub last_sent: Option<Timestamp>,
    /// The product's time when it was last looked at.
    pub last_seen: Option<Timestamp>,
    /// The message that waits for its answer.
    pub waiting_for: Option<Exchange>,
    /// The registration.
    pub registration: Registration,
    /// What is in use, by entitlement tag.
    pub usage: BTreeMap<String, Usage>,
    /// What the server said about it.
    pub authorization: Authorization,
    /// The vouchers that are asked for.
    #[serde(skip)]
    pub key_request: Option<ThirdPartyKey>,
    /// Vouchers for third parties by the product's own name, as they were signed.
    pub vouchers: BTreeMap<String, String>,
    /// Keys for export-restricted licenses.
    #[serde(default)]
    pub export: Export,
    /// What it has reserved instead of registering.
    #[serde(default)]
    pub reservation: Reservation,
    /// The evaluation period.
    pub evaluation: Evaluation,
    /// Users, meetings and host licenses, if it is a meetings server that has users.
    #[serde(default)]
    pub hosts: Option<Server>,
    /// Since when the server does not answer.
    pub silent_since: Option<Timestamp>,
    /// Messages sent and how they went, by kind.
    pub counters: BTreeMap<Exchange, Counter>,
    /// What happened lately.
    pub log: Log,
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
    /// The nodes of a high-availability group, itself as `Active` first; empty without one.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// One node of a high-availability group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// `Active`, `Standby` or `Member`.
    pub role: String,
    /// How the node names itself.
    pub sudi: Sudi,
}

/// Where the product talks to, and what time it believes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The device URL of the server.
    pub url: Option<String>,
    /// The CA certificates to trust, PEM: for TLS and for the server's signatures.
    pub ca_pem: Option<String>,
    /// The envelope of messages.
    #[serde(default)]
    pub transport: Transport,
    /// HTTP proxy.
    pub proxy: Option<Proxy>,
    /// Where chance comes from: the spread of retries. The same seed gives the same.
    #[serde(default)]
    pub seed: String,
    /// How far the product's clock is ahead of the real one, in milliseconds.
    pub clock_offset_ms: i64,
}

/// An HTTP proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// `http://HOST:PORT`.
    pub url: String,
    /// Who we are for it.
    pub user: Option<String>,
    /// And the secret that shows it.
    pub password: Option<String>,
}

/// The registration and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Present while the product is registered.
    pub identity: Option<Identity>,
    /// Why it is not registered any more or again, if something went wrong.
    pub failure: Option<Failure>,
    /// A registration that is under way, or to be tried again.
    pub pending: Option<Pending>,
    /// The last attempt to register.
    pub last_attempt: Option<Attempt>,
    /// The last attempt to renew the identity certificate.
    pub last_renewal: Option<Attempt>,
    /// How often in a row that has failed.
    pub failed_renewals: u32,
    /// Since when the product's clock is outside the certificate's dates after it was set.
    pub out_of_range_since: Option<Timestamp>,
}

/// A registration that has no result yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// The registration token.
    pub token: String,
    /// Whether to replace an earlier registration.
    pub force: bool,
    /// How often no server was reached.
    pub attempts: u32,
    /// When to try again.
    pub next_attempt: Option<Timestamp>,
}

/// What kept or ended a registration.
// device-protocol.md 3.2: FAILED and EXPIRED are PROVEN states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server refused.
    Failed,
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
    /// When the present identity certificate was issued.
    pub issued_at: Timestamp,
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
    /// Whether use has changed while a message was under way: to be reported right after it.
    pub changed: bool,
    /// How often in a row asking has failed.
    pub failed_attempts: u32,
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
    /// The server does not know the product instance any more.
    NotAuthorized,
}

/// The evaluation period: 90 days of use, once in the product's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Used up so far, in milliseconds, without the present run.
    pub used_ms: i64,
    /// Since when it is running; null = paused.
    pub running_since: Option<Timestamp>,
    /// When the user was last told that it is used up.
    pub told_at: Option<Timestamp>,
}

/// Messages of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// How many were sent.
    pub sent: u64,
    /// How many had a good answer.
    pub good: u64,
    /// How many had another, or none.
    pub failed: u64,
    /// When the last was sent.
    pub last_sent: Option<Timestamp>,
    /// When the last was answered.
    pub last_answer: Option<Timestamp>,
    /// `OK`, the status of a refusal, or `NO REPLY`.
    pub last_result: Option<String>,
    /// Why the last one failed; null when it did not.
    #[serde(default)]
    pub last_failure: Option<String>,
    /// When one last had a good answer.
    #[serde(default)]
    pub good_at: Option<Timestamp>,
    /// When one last had another, or none.
    #[serde(default)]
    pub failed_at: Option<Timestamp>,
    /// How many have failed in a row until now.
    #[serde(default)]
    pub failures: u64,
    /// How many in a row until now have had no answer at all.
    #[serde(default)]
    pub silences: u64,
}

impl State {
    /// The state of a product fresh from the factory.
    pub fn new(profile: Profile, product: Product, key_pem: String) -> Self {
        let settings = Settings { transport: profile.transport, ..Settings::default() };
        Self {
            version: VERSION,
            timers: profile.timers.clone(),
            hosts: profile.host_licenses.map(Server::new),
            profile,
            product,
            key_pem,
            settings,
            last_sent: None,
            last_seen: None,
            waiting_for: None,
            registration: Registration::default(),
            usage: BTreeMap::new(),
            authorization: Authorization::default(),
            key_request: None,
            vouchers: BTreeMap::new(),
            export: Export::default(),
            reservation: Reservation::default(),
            evaluation: Evaluation::default(),
            silent_since: None,
            counters: BTreeMap::new(),
            log: Log::default(),
        }
    }
}

impl Product {
    /// A product of that kind with the given serial number.
    pub fn of(profile: &Profile, serial_number: &str) -> Self {
        let mut sudi = Sudi::hardware(&profile.pid, serial_number);
        sudi.udi_vid.clone_from(&profile.vid);
        sudi.uuid = profile.with_uuid.then(|| uuid_of(&profile.software_tag, serial_number));
        Self {
            name: profile.product_name.clone(),
            version: profile.version.clone(),
            software_tag: profile.software_tag.clone(),
            sudi,
            hostname: Some(profile.hostname.replace("{serial}", &serial_number.to_lowercase())),
            send_hostname: true,
            members: Vec::new(),
        }
    }
}

/// The UUID of software without hardware: the same for the same serial number.
fn uuid_of(software_tag: &str, serial_number: &str) -> String {
    let dice = crate::crypto::secret::hmac(software_tag.as_bytes(), serial_number.as_bytes());
    let bytes = dice.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
