//! The simulated product: a client of the device protocol with a life of its own.
//!
//! It speaks only over the network and keeps what a real agent keeps: a key, an identity, what
//! it has in use, and its timers. It never touches the engine or the database.

pub mod client;
pub mod exchange;
mod file;
pub mod fleet;
pub mod live;
pub mod machine;
pub mod notices;
mod prepared;
pub mod profile;
pub mod reservation;
pub mod show;
pub mod situations;
pub mod state;
pub mod timers;
mod words;

use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::domain::host;
use crate::domain::time::Timestamp;
use crate::protocol::error_codes::StatusCode;
use chrono::TimeDelta;
use client::Client;
use machine::{Action, Event, Exchange, NotNow};
use prepared::Prepared;
use profile::Profile;
use state::{Product, State};

/// Why something did not work, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The server said no.
    #[error("{}", words::refusal(*status, message))]
    Refused {
        /// Its status.
        status: StatusCode,
        /// Its `status_message`: field to list of messages as JSON, or other text.
        message: String,
        /// The time of the server, in its signed answer.
        server_time: Option<Timestamp>,
        /// After how many seconds to try again; 0 = it does not say.
        retry_seconds: u32,
    },
    /// The product itself says no.
    #[error("{0}")]
    NotNow(String),
    /// A rule of host licenses says no.
    #[error(transparent)]
    Host(host::Refusal),
    /// No answer, or none of this protocol.
    #[error("cannot reach the server: {0}")]
    Unreachable(String),
    /// The answer cannot be trusted or read.
    #[error("the server's answer was not accepted: {0}")]
    BadAnswer(String),
    /// A setting, a file or a value given by the user is wrong.
    #[error("{0}")]
    Usage(String),
}

impl DeviceError {
    /// The server's words without the field names, when it refused.
    pub fn server_texts(&self) -> Vec<String> {
        match self {
            Self::Refused { message, .. } => words::messages(message),
            _ => Vec::new(),
        }
    }

    /// The pause that the server asks for; zero when it does not.
    fn retry_after(&self) -> TimeDelta {
        match self {
            Self::Refused { retry_seconds, .. } => TimeDelta::seconds(i64::from(*retry_seconds)),
            Self::NotNow(_)
            | Self::Host(_)
            | Self::Unreachable(_)
            | Self::BadAnswer(_)
            | Self::Usage(_) => TimeDelta::zero(),
        }
    }
}

/// A simulated product: its state machine, its key, and the way to the server.
#[derive(Clone, Debug)]
pub struct Device {
    state: State,
    key: PrivateKey,
}

impl Device {
    /// A product of that kind fresh from the factory, with a new key.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn new(profile: Profile, product: Product, kind: KeyKind) -> Result<Self, DeviceError> {
        Ok(Self::with_key(profile, product, PrivateKey::generate(kind)?))
    }

    /// A product of the kind "sim" with the given serial number.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn simulated(serial_number: &str, kind: KeyKind) -> Result<Self, DeviceError> {
        let profile = Profile::find("sim")?;
        let product = Product::of(&profile, serial_number);
        Self::new(profile, product, kind)
    }

    /// The same as [`Device::new`] with a key that was made before.
    pub fn with_key(profile: Profile, product: Product, key: PrivateKey) -> Self {
        Self { state: State::new(profile, product, key.to_pem()), key }
    }

    /// A product as it was left. A message that was under way then has no answer.
    ///
    /// # Errors
    /// The key in it is none.
    pub fn from_state(state: State) -> Result<Self, DeviceError> {
        let key = PrivateKey::from_pem(&state.key_pem)
            .map_err(|error| DeviceError::Usage(format!("state file, key_pem: {error}")))?;
        let mut device = Self { state, key };
        if let (Some(exchange), Some(now)) = (device.state.waiting_for, device.state.last_seen) {
            let lost = DeviceError::Unreachable("the product was switched off".to_owned());
            device.step(Event::Answered(exchange, Err(lost)), now).map_err(DeviceError::from)?;
        }
        Ok(device)
    }

    /// What the product keeps.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The settings of server and clock, to be changed.
    pub fn settings_mut(&mut self) -> &mut state::Settings {
        &mut self.state.settings
    }

    /// The timers, to be changed.
    pub fn timers_mut(&mut self) -> &mut timers::Timers {
        &mut self.state.timers
    }

    /// The names that the product goes by, to be changed before it registers.
    pub fn product_mut(&mut self) -> &mut Product {
        &mut self.state.product
    }

    /// Forgets what it has told so far; for those that nobody asks.
    pub fn forget_log(&mut self) {
        self.state.log = notices::Log::default();
    }

    /// One step of the state machine; what is to be sent is left to the caller.
    ///
    /// # Errors
    /// The machine refuses; nothing has changed but the time.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Result<Vec<Action>, NotNow> {
        let (state, done) = machine::step(self.state.clone(), event, now);
        self.state = state;
        done
    }

    /// Writes and signs a message that the machine wants sent.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn prepare(&mut self, exchange: Exchange, now: Timestamp) -> Result<Prepared, DeviceError> {
        prepared::prepare(&mut self.state, &self.key, exchange, now)
    }

    /// An event with all that it sets off: messages are sent and their answers taken in.
    ///
    /// # Errors
    /// The machine refuses, or the last exchange failed.
    pub async fn handle(
        &mut self,
        client: &Client,
        event: Event,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        let mut result = Ok(());
        let mut actions = self.step(event, now)?;
        while let Some(action) = actions.pop() {
            let Action::Send(exchange) = action else { continue };
            let outcome = match self.prepare(exchange, now) {
                Ok(prepared) => prepared.send(client).await,
                Err(error) => Err(error),
            };
            result = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
            actions.extend(self.step(Event::Answered(exchange, outcome), now)?);
        }
        result
    }

    /// Registers with a registration token; `force` replaces an earlier registration.
    ///
    /// # Errors
    /// It is registered already, or the exchange failed.
    pub async fn register(
        &mut self,
        client: &Client,
        token: &str,
        force: bool,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        let event = Event::Register { token: token.to_owned(), force };
        self.handle(client, event, now).await
    }

    /// Sets how many licenses of some tags are in use, and reports it when registered.
    ///
    /// # Errors
    /// The report failed; the counts are set all the same.
    pub async fn use_licenses(
        &mut self,
        client: &Client,
        counts: &[(String, u64)],
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.handle(client, Event::Use(counts.to_vec()), now).await
    }

    /// Reports everything in use and learns whether it is covered.
    ///
    /// # Errors
    /// It is not registered, or the exchange failed.
    pub async fn renew_authorization(
        &mut self,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.handle(client, Event::RenewAuthorization, now).await
    }

    /// Gets the next identity certificate, for the same key.
    ///
    /// # Errors
    /// It is not registered, or the exchange failed.
    pub async fn renew_identity(
        &mut self,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.handle(client, Event::RenewIdentity, now).await
    }

    /// Leaves. What the product knows of its registration is gone even if the message fails.
    ///
    /// # Errors
    /// It is not registered, or the server has not confirmed.
    pub async fn deregister(&mut self, client: &Client, now: Timestamp) -> Result<(), DeviceError> {
        self.handle(client, Event::Deregister, now).await
    }

    /// Does what is due by itself, one message after the other.
    ///
    /// # Errors
    /// The last exchange failed; the machine has noted when to try again.
    pub async fn run_due(&mut self, client: &Client, now: Timestamp) -> Result<(), DeviceError> {
        loop {
            let sent = self.state.counters.values().map(|counter| counter.sent).sum::<u64>();
            let result = self.handle(client, Event::Due, now).await;
            let after = self.state.counters.values().map(|counter| counter.sent).sum::<u64>();
            if result.is_err() || sent == after {
                return result;
            }
        }
    }
}

impl From<crate::crypto::Error> for DeviceError {
    fn from(error: crate::crypto::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

#[cfg(test)]
mod tests;
