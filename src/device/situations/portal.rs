//! Somebody who signs authorization codes: what a portal does for a device, without a portal.

use crate::crypto::ca::{Authority, IdentityRequest};
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::crypto::{Error, Result};
use crate::device::state::State;
use crate::domain::time::Timestamp;
use crate::protocol::codes::{Entitlement, specific, universal};
use crate::protocol::sudi::Sudi;
use chrono::NaiveDate;
use uuid::Uuid;

/// A root of its own, which nobody trusts until told.
pub struct Portal(Authority);

impl Portal {
    /// A new root.
    ///
    /// # Errors
    /// No key can be made.
    pub fn new() -> Result<Self> {
        let key = PrivateKey::generate(KeyKind::P256)?;
        Authority::create_root("Root of a portal", key).map(Self)
    }

    /// The certificate that devices are to trust.
    pub fn ca_pem(&self) -> String {
        self.0.certificate_pem()
    }

    /// A specific code.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn specific(
        &self,
        device: &Sudi,
        at: Timestamp,
        licenses: &[Entitlement],
    ) -> Result<String> {
        let body = specific::body(Uuid::from_u128(7), at, licenses);
        let signature = self.0.key().sign(body.as_bytes())?;
        Ok(specific::frame(&body, &signature, device, &[]))
    }

    /// A specific code of a satellite below it, which brings its certificate along.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn of_satellite(
        &self,
        device: &Sudi,
        at: Timestamp,
        licenses: &[Entitlement],
    ) -> Result<String> {
        let satellite = self.0.issue_sub("Satellite of a portal")?;
        let signer = (satellite.key(), satellite.certificate_der());
        signed_below(signer, device, at, licenses)
    }

    /// A specific code that a product has written for itself, with its own identity.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn of_product(
        &self,
        device: &Sudi,
        at: Timestamp,
        licenses: &[Entitlement],
    ) -> Result<String> {
        let key = PrivateKey::generate(KeyKind::P256)?;
        let identity = self.0.issue_identity(&IdentityRequest {
            spki_der: &key.spki_der(),
            product_name: "SIM",
            product_instance_id: Uuid::from_u128(7),
            serial: 4_711,
            not_before: at,
            not_after: at.plus_days(365),
        })?;
        signed_below((&key, &identity.der), device, at, licenses)
    }

    /// A universal code.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn universal(&self, state: &State, number: u32) -> Result<String> {
        let product = &state.product;
        let body = universal::body(number, &product.sudi, &product.software_tag);
        let signature = self.0.key().sign(&body)?;
        universal::frame(number, &signature).ok_or(Error::PublicKey("no signature of P-256"))
    }
}

fn signed_below(
    (key, certificate): (&PrivateKey, &[u8]),
    device: &Sudi,
    at: Timestamp,
    licenses: &[Entitlement],
) -> Result<String> {
    let body = specific::body(Uuid::from_u128(7), at, licenses);
    let signature = key.sign(body.as_bytes())?;
    Ok(specific::frame(&body, &signature, device, &[certificate.to_vec()]))
}

/// So many licenses of that tag, perpetual or until a last day.
pub fn license(tag: &str, count: u64, term: Option<(NaiveDate, NaiveDate)>) -> Entitlement {
    Entitlement {
        tag: tag.to_owned(),
        count,
        term,
        license_type: if term.is_some() { "TERM" } else { "PERPETUAL" }.to_owned(),
        display_name: String::new(),
        description: String::new(),
        subscription: None,
    }
}
