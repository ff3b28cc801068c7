//! What a site signs with: its sub-CA and its message signer.

use super::error::Result;
use crate::crypto::ca::{
    Authority, AuthorityParts, IdentityRequest, IssuedCertificate, SignerRequest,
};
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::crypto::{self, ca, chain};
use crate::db::keys::SiteKey;
use crate::db::{self, Db};
use crate::domain::Timestamp;
use crate::domain::registration::Periods;
use uuid::Uuid;

const SUB_CA: &str = "sub_ca";
const SIGNER: &str = "signer";
/// Serial of the signer's certificate (proven: 3).
const SIGNER_SERIAL: u64 = 3;

/// The keys of a site, all below the lab's root.
pub struct SiteKeys {
    root_der: Vec<u8>,
    authority: Authority,
    signer: PrivateKey,
    signer_certificate: String,
    /// Signs authorization codes: a device without a network knows the root alone.
    root_key: PrivateKey,
}

impl SiteKeys {
    /// Reads the site's keys, or makes them under the root at the first start.
    pub async fn open(db: &Db, root: &Authority, site: &str, kind: KeyKind) -> Result<Self> {
        let stored = db
            .read(|conn| {
                let sub = db::keys::site_key(conn, SUB_CA)?;
                Ok::<_, db::Error>(sub.zip(db::keys::site_key(conn, SIGNER)?))
            })
            .await?;
        let (sub, signer) = match stored {
            Some(keys) => keys,
            None => Self::create(db, root, site, kind).await?,
        };
        let authority = Authority::from_parts(&AuthorityParts {
            key_pem: sub.private_key,
            certificate_pem: sub.certificate,
        })?;
        Ok(Self {
            root_der: root.certificate_der().to_vec(),
            authority,
            signer: PrivateKey::from_pem(&signer.private_key)?,
            signer_certificate: signer.certificate,
            root_key: root.key().clone(),
        })
    }

    async fn create(
        db: &Db,
        root: &Authority,
        site: &str,
        kind: KeyKind,
    ) -> Result<(SiteKey, SiteKey)> {
        let sub = root.issue_sub(&format!("Syncom Lab Licensing Sub-CA ({site})"))?;
        let signer = PrivateKey::generate(kind)?;
        let certificate = sub.issue_signer(&SignerRequest {
            spki_der: &signer.spki_der(),
            common_name: "Syncom Lab MMI Signer",
            serial: SIGNER_SERIAL,
            not_before: far(2000)?,
            not_after: far(2099)?,
        })?;
        let parts = sub.to_parts();
        let key = |name: &str, private_key, certificate| SiteKey {
            name: name.into(),
            private_key,
            certificate,
        };
        let sub = key(SUB_CA, parts.key_pem, parts.certificate_pem);
        let signer = key(SIGNER, signer.to_pem(), certificate.pem);
        let (first, second) = (sub.clone(), signer.clone());
        db.write(move |conn| {
            db::keys::insert_site_key(conn, &first)?;
            db::keys::insert_site_key(conn, &second)
        })
        .await?;
        Ok((sub, signer))
    }

    /// Signs a message of the device protocol.
    pub fn sign(&self, message: &[u8]) -> crypto::Result<Vec<u8>> {
        self.signer.sign(message)
    }

    /// Signs the authorization code of a reservation.
    pub fn sign_reservation(&self, code: &[u8]) -> crypto::Result<Vec<u8>> {
        self.root_key.sign(code)
    }

    /// The serial number of the signing certificate.
    pub fn signing_serial(&self) -> u64 {
        SIGNER_SERIAL
    }

    /// The signing certificate and the sub-CA above it, PEM.
    pub fn signing_chain(&self) -> Vec<String> {
        vec![self.signer_certificate.clone(), self.authority.certificate_pem()]
    }

    /// The lab's root certificate, PEM.
    pub fn root_pem(&self) -> String {
        ca::certificate_pem(&self.root_der)
    }

    /// Issues an identity certificate for a device's public key.
    pub fn issue_identity(
        &self,
        spki_der: &[u8],
        product_name: &str,
        instance: Uuid,
        serial: u64,
        now: Timestamp,
        periods: &Periods,
    ) -> crypto::Result<IssuedCertificate> {
        self.authority.issue_identity(&IdentityRequest {
            spki_der,
            product_name,
            product_instance_id: instance,
            serial,
            not_before: now,
            not_after: now.plus_days(periods.certificate_days),
        })
    }

    /// Whether the signer's chain holds at an instant; `doctor` and tests ask.
    pub fn check(&self, now: Timestamp) -> bool {
        let signer = ca::certificates_from_pem(&self.signer_certificate).unwrap_or_default();
        signer.first().is_some_and(|leaf| {
            chain::verify(leaf, &[self.authority.certificate_der()], &self.root_der, now).is_ok()
        })
    }
}

/// The first of January of a year.
fn far(year: i32) -> crypto::Result<Timestamp> {
    Timestamp::parse(&format!("{year}-01-01T00:00:00Z"))
        .ok_or_else(|| crypto::Error::Certificate(format!("the year {year}")))
}
