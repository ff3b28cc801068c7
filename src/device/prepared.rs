//! A message that is written and signed, on its way to the server and back.

use super::client::Client;
use super::exchange::{self, Receiver};
use super::machine::{Exchange, Outcome};
use super::state::{Pending, State};
use super::{DeviceError, NotNow};
use crate::crypto::keys::PrivateKey;
use crate::domain::time::Timestamp;
use crate::protocol::bodies::{
    Authorization, Deregistration, EntitlementRequest, HaMember, IdCertRenew, Registration,
    RequestBody,
};
use crate::protocol::fields::Der;
use crate::protocol::message::Request;

/// A signed message with all that judging its answer needs: the product need not be held.
#[derive(Clone, Debug)]
pub struct Prepared {
    request: Request,
    text: String,
    signature: Vec<u8>,
    receiver: Receiver,
}

impl Prepared {
    /// The message as it was signed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Sends it and judges the answer.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn send(self, client: &Client) -> Outcome {
        let id = format!("{}:{}", self.request.header.sudi.key(), self.request.header.nonce);
        let bytes = client.post(&self.text, self.signature, id, self.request.timestamp).await?;
        self.receiver.accept(&self.request, &bytes)
    }
}

pub(super) fn prepare(
    state: &mut State,
    key: &PrivateKey,
    exchange: Exchange,
    now: Timestamp,
) -> Result<Prepared, DeviceError> {
    let body = body(state, key, exchange)?;
    let request = exchange::request(state, body, now)?;
    let text = request.to_text();
    let signature = key.sign(text.as_bytes())?;
    let receiver = Receiver::new(state, key.spki_der(), now);
    Ok(Prepared { request, text, signature, receiver })
}

fn body(state: &State, key: &PrivateKey, exchange: Exchange) -> Result<RequestBody, DeviceError> {
    let signing_request = || crate::crypto::csr::make(key, &state.product.name).map(Der);
    Ok(match exchange {
        Exchange::Registration => {
            let pending = state.registration.pending.as_ref();
            let pending = pending.ok_or(NotNow::NotRegistered)?;
            RequestBody::Registration(Box::new(registration(state, pending, signing_request()?)))
        }
        Exchange::Authorization => RequestBody::Authorization(authorization(state)),
        Exchange::IdCertRenew => RequestBody::IdCertRenew(IdCertRenew { csr: signing_request()? }),
        Exchange::ThirdPartyKey => {
            let asked = state.key_request.clone();
            RequestBody::ThirdPartyKey(asked.ok_or(NotNow::NotAsked)?)
        }
        Exchange::ExportKey => {
            RequestBody::ExportKey(state.export.message().ok_or(NotNow::NotAsked)?)
        }
        Exchange::Deregistration => RequestBody::Deregistration(Deregistration {}),
    })
}

fn registration(state: &State, pending: &Pending, csr: Der) -> Registration {
    let product = &state.product;
    let member = |member: &super::state::Member| HaMember {
        role: member.role.clone(),
        sudi: member.sudi.clone(),
    };
    Registration {
        idtoken: pending.token.clone(),
        csr,
        software_tag_identifier: product.software_tag.clone(),
        hostname: product.hostname.clone().filter(|_| product.send_hostname),
        force: pending.force,
        product_name: product.name.clone(),
        product_version: Some(product.version.clone()),
        ha_members: product.members.iter().map(member).collect(),
    }
}

fn authorization(state: &State) -> Authorization {
    let entitlements = state.usage.iter().map(|(tag, usage)| EntitlementRequest {
        tag: tag.clone(),
        version: usage.version.clone(),
        count: usage.count,
    });
    Authorization { entitlements: entitlements.collect() }
}
