//! The simulated product: a client of the device protocol with a life of its own.
//!
//! It speaks only over the network and keeps what a real agent keeps: a key, an identity, what
//! it has in use, and its timers. It never touches the engine or the database.

pub mod agent;
pub mod client;
pub mod exchange;
pub mod show;
pub mod state;
mod words;

use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::domain::time::Timestamp;
use crate::protocol::answers::AnswerBody;
use crate::protocol::bodies::{
    Authorization, Deregistration, EntitlementRequest, IdCertRenew, Registration, RequestBody,
};
use crate::protocol::error_codes::StatusCode;
use crate::protocol::fields::Der;
use client::Client;
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
    },
    /// The product itself says no.
    #[error("{0}")]
    NotNow(&'static str),
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
}

/// A simulated product.
#[derive(Clone, Debug)]
pub struct Device {
    state: State,
    key: PrivateKey,
}

impl Device {
    /// A product fresh from the factory, with a new key.
    pub fn new(product: Product, kind: KeyKind) -> Result<Self, DeviceError> {
        let key = PrivateKey::generate(kind)?;
        Ok(Self { state: State::new(product, key.to_pem()), key })
    }

    /// A product as it was left.
    pub fn from_state(state: State) -> Result<Self, DeviceError> {
        let key = PrivateKey::from_pem(&state.key_pem)
            .map_err(|error| DeviceError::Usage(format!("state file, key_pem: {error}")))?;
        Ok(Self { state, key })
    }

    /// What the product keeps.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The settings of server and clock, to be changed.
    pub fn settings_mut(&mut self) -> &mut state::Settings {
        &mut self.state.settings
    }

    /// Registers with a registration token; `force` replaces an earlier registration.
    pub async fn register(
        &mut self,
        client: &Client,
        token: &str,
        force: bool,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.state.tick(now);
        if self.state.registration.identity.is_some() && !force {
            // XE-YANG 40; device-protocol.md 2.5: refused by the device itself.
            return Err(DeviceError::NotNow("Already registered. Use force to register again."));
        }
        let product = &self.state.product;
        let body = RequestBody::Registration(Box::new(Registration {
            idtoken: token.trim().to_owned(),
            csr: Der(self.signing_request()?),
            software_tag_identifier: product.software_tag.clone(),
            hostname: product.hostname.clone().filter(|_| product.send_hostname),
            force,
            product_name: product.name.clone(),
            product_version: Some(product.version.clone()),
            ha_members: Vec::new(),
        }));
        let outcome = self.exchange(client, body, now).await;
        self.state.note_registration(outcome, now)
    }

    /// Sets how many licenses of some tags are in use; 0 releases. Others stay as they are.
    ///
    /// Nothing is sent: that is [`Device::renew_authorization`].
    pub fn set_usage(&mut self, counts: &[(String, u64)], now: Timestamp) {
        self.state.tick(now);
        self.state.set_usage(counts, now);
    }

    /// Reports everything in use and learns whether it is covered.
    pub async fn renew_authorization(
        &mut self,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.state.tick(now);
        self.must_be_registered()?;
        let entitlements = self.state.usage.iter().map(|(tag, usage)| EntitlementRequest {
            tag: tag.clone(),
            version: usage.version.clone(),
            count: usage.count,
        });
        let body =
            RequestBody::Authorization(Authorization { entitlements: entitlements.collect() });
        let outcome = self.exchange(client, body, now).await;
        self.state.note_authorization(outcome, now)
    }

    /// [`Device::set_usage`], then [`Device::renew_authorization`] if it is registered.
    pub async fn use_licenses(
        &mut self,
        client: &Client,
        counts: &[(String, u64)],
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.set_usage(counts, now);
        if self.state.registration.identity.is_none() {
            return Ok(());
        }
        self.renew_authorization(client, now).await
    }

    /// Gets the next identity certificate, for the same key.
    pub async fn renew_identity(
        &mut self,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), DeviceError> {
        self.state.tick(now);
        self.must_be_registered()?;
        let csr = Der(self.signing_request()?);
        let outcome =
            self.exchange(client, RequestBody::IdCertRenew(IdCertRenew { csr }), now).await;
        self.state.note_renewal(outcome, now)
    }

    /// Leaves. What the product knows of its registration is gone even if the message fails.
    // device-protocol.md 2.5 (PROVEN: XE-YANG, MIB 22).
    pub async fn deregister(&mut self, client: &Client, now: Timestamp) -> Result<(), DeviceError> {
        self.state.tick(now);
        self.must_be_registered()?;
        let body = RequestBody::Deregistration(Deregistration {});
        let outcome = self.exchange(client, body, now).await;
        self.state.forget_registration(now);
        outcome.map(|_| ())
    }

    fn must_be_registered(&self) -> Result<(), DeviceError> {
        match self.state.registration.identity {
            Some(_) => Ok(()),
            // device-protocol.md 2.5: what IOS says (PROVEN).
            None => Err(DeviceError::NotNow("Smart Agent not registered")),
        }
    }

    fn signing_request(&self) -> Result<Vec<u8>, DeviceError> {
        Ok(crate::crypto::csr::make(&self.key, &self.state.product.name)?)
    }

    async fn exchange(
        &mut self,
        client: &Client,
        body: RequestBody,
        now: Timestamp,
    ) -> Result<(AnswerBody, exchange::Verified), DeviceError> {
        let request = exchange::request(&mut self.state, body, now)?;
        let text = request.to_text();
        let signature = self.key.sign(text.as_bytes())?;
        let bytes = client.post(&text, signature).await?;
        let receiver =
            exchange::Receiver { state: &self.state, spki_der: self.key.spki_der(), now };
        receiver.accept(&request, &bytes)
    }
}

impl From<crate::crypto::Error> for DeviceError {
    fn from(error: crate::crypto::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

#[cfg(test)]
mod tests;
