//! What a site signs with: its sub-CA and its message signer.

use super::error::Result;
use crate::crypto::ca::{
    Authority, AuthorityParts, IdentityRequest, IssuedCertificate, SignerRequest,
};
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::crypto::{self, ca, chain, csr};
use crate::db::keys::SiteKey;
use crate::db::{self, Conn, Db};
use crate::domain::Timestamp;
use crate::domain::registration::Periods;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

const SUB_CA: &str = "sub_ca";
const SIGNER: &str = "signer";
/// The root of CSSM, on a satellite that is registered; PEM.
const CSSM_ROOT: &str = "cssm_root";
/// Serial of the signer's certificate (proven: 3).
const SIGNER_SERIAL: u64 = 3;

/// The keys of a site, all below a lab's root.
pub struct SiteKeys {
    /// On a satellite, registering replaces the certificates; the key pairs stay.
    held: RwLock<Arc<Held>>,
    /// Signs authorization codes: a device without a network knows the root alone.
    root_key: PrivateKey,
}

/// What is read together: a certificate of one registration never stands beside one of another.
struct Held {
    root_der: Vec<u8>,
    authority: Authority,
    signer: PrivateKey,
    signer_certificate: String,
}

/// The certificates that a registration with CSSM brings.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The sub-CA's, PEM.
    pub sub_ca: String,
    /// The root above it, DER.
    pub root_der: Vec<u8>,
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
        let other = db.read(|conn| db::keys::fact(conn, CSSM_ROOT)).await?;
        let root_der = match &other {
            Some(pem) => first_certificate(pem)?,
            None => root.certificate_der().to_vec(),
        };
        let held = Held {
            root_der,
            authority: authority(&sub)?,
            signer: PrivateKey::from_pem(&signer.private_key)?,
            signer_certificate: signer.certificate,
        };
        Ok(Self { held: RwLock::new(Arc::new(held)), root_key: root.key().clone() })
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A request for a certificate of the sub-CA's key (PKCS#10, DER): what a satellite asks
    /// CSSM to sign.
    pub fn certificate_request(&self, common_name: &str) -> crypto::Result<Vec<u8>> {
        csr::make(self.held().authority.key(), common_name)
    }

    /// Signs with the sub-CA's key: a file for CSSM, or a satellite's authorization code.
    pub fn sign_as_sub_ca(&self, bytes: &[u8]) -> crypto::Result<Vec<u8>> {
        self.held().authority.key().sign(bytes)
    }

    /// Stores the certificate that CSSM has issued for the sub-CA's key, and one for the signer
    /// below it; answers what [`SiteKeys::take_over`] needs after the commit.
    pub(super) fn install(&self, conn: &mut Conn, with: &Certified) -> Result<Renewed> {
        let held = self.held();
        let key_pem = held.authority.to_parts().key_pem;
        let sub =
            SiteKey { name: SUB_CA.into(), private_key: key_pem, certificate: with.sub_ca.clone() };
        let authority = authority(&sub)?;
        let signer_certificate = signer_certificate(&authority, &held.signer)?;
        let signer = SiteKey {
            name: SIGNER.into(),
            private_key: held.signer.to_pem(),
            certificate: signer_certificate.clone(),
        };
        db::keys::save_site_key(conn, &sub)?;
        db::keys::save_site_key(conn, &signer)?;
        db::keys::set_fact(conn, CSSM_ROOT, &ca::certificate_pem(&with.root_der))?;
        let signer = held.signer.clone();
        let root_der = with.root_der.clone();
        Ok(Renewed(Held { root_der, authority, signer, signer_certificate }))
    }

    /// Uses certificates that were stored.
    pub(super) fn take_over(&self, renewed: Renewed) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(renewed.0);
    }

    async fn create(
        db: &Db,
        root: &Authority,
        site: &str,
        kind: KeyKind,
    ) -> Result<(SiteKey, SiteKey)> {
        let sub = root.issue_sub(&format!("Syncom Lab Licensing Sub-CA ({site})"))?;
        let signer = PrivateKey::generate(kind)?;
        let certificate = signer_certificate(&sub, &signer)?;
        let parts = sub.to_parts();
        let key = |name: &str, private_key, certificate| SiteKey {
            name: name.into(),
            private_key,
            certificate,
        };
        let sub = key(SUB_CA, parts.key_pem, parts.certificate_pem);
        let signer = key(SIGNER, signer.to_pem(), certificate);
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
        self.held().signer.sign(message)
    }

    /// The sub-CA's certificate, DER.
    pub fn sub_ca_der(&self) -> Vec<u8> {
        self.held().authority.certificate_der().to_vec()
    }

    /// Signs the authorization code of a reservation with the root's key, as CSSM does.
    pub fn sign_reservation(&self, code: &[u8]) -> crypto::Result<Vec<u8>> {
        self.root_key.sign(code)
    }

    /// Certifies the key of a satellite's sub-CA under the lab's root, PEM.
    pub fn certify_satellite(&self, spki_der: &[u8], name: &str) -> crypto::Result<String> {
        let parts =
            AuthorityParts { key_pem: self.root_key.to_pem(), certificate_pem: self.root_pem() };
        let common_name = format!("Syncom Lab Licensing Sub-CA ({name})");
        Authority::from_parts(&parts)?.issue_sub_for(spki_der, &common_name)
    }

    /// The serial number of the signing certificate.
    pub fn signing_serial(&self) -> u64 {
        SIGNER_SERIAL
    }

    /// The signing certificate and the sub-CA above it, PEM.
    pub fn signing_chain(&self) -> Vec<String> {
        let held = self.held();
        vec![held.signer_certificate.clone(), held.authority.certificate_pem()]
    }

    /// The lab's root certificate, PEM.
    pub fn root_pem(&self) -> String {
        ca::certificate_pem(&self.held().root_der)
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
        self.held().authority.issue_identity(&IdentityRequest {
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
        let held = self.held();
        let signer = ca::certificates_from_pem(&held.signer_certificate).unwrap_or_default();
        signer.first().is_some_and(|leaf| {
            chain::verify(leaf, &[held.authority.certificate_der()], &held.root_der, now).is_ok()
        })
    }
}

/// Certificates that were stored and are not used yet.
pub(super) struct Renewed(Held);

fn authority(sub: &SiteKey) -> crypto::Result<Authority> {
    Authority::from_parts(&AuthorityParts {
        key_pem: sub.private_key.clone(),
        certificate_pem: sub.certificate.clone(),
    })
}

/// The certificate of the key that signs messages, PEM.
fn signer_certificate(sub: &Authority, signer: &PrivateKey) -> crypto::Result<String> {
    let issued = sub.issue_signer(&SignerRequest {
        spki_der: &signer.spki_der(),
        common_name: "Syncom Lab MMI Signer",
        serial: SIGNER_SERIAL,
        not_before: far(2000)?,
        not_after: far(2099)?,
    })?;
    Ok(issued.pem)
}

fn first_certificate(pem: &str) -> crypto::Result<Vec<u8>> {
    let first = ca::certificates_from_pem(pem)?.into_iter().next();
    first.ok_or_else(|| crypto::Error::Certificate("no certificate".to_owned()))
}

/// The first of January of a year.
fn far(year: i32) -> crypto::Result<Timestamp> {
    Timestamp::parse(&format!("{year}-01-01T00:00:00Z"))
        .ok_or_else(|| crypto::Error::Certificate(format!("the year {year}")))
}
