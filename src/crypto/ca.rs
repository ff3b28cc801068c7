//! The lab's certificate authority: root, sub-CAs and what they issue.
//!
//! Licensing certificates carry the dates of their world, listener certificates those of the
//! real day, because browsers and TLS libraries know no other.

use super::keys::{KeyKind, PrivateKey};
use super::{Error, Result, secret};
use crate::domain::time::Timestamp;
use chrono::{Datelike, TimeDelta};
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyUsagePurpose, SanType, SerialNumber,
    SubjectPublicKeyInfo, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// The organisation in every name that the lab signs.
pub const ORGANISATION: &str = "Syncom Lab";

/// A certificate authority of the lab: a key and its certificate.
pub struct Authority {
    issuer: Issuer<'static, PrivateKey>,
    certificate_der: Vec<u8>,
    self_signed: bool,
}

/// An [`Authority`] as it is stored. The key is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorityParts {
    /// PKCS#8 PEM.
    pub key_pem: String,
    /// X.509 PEM.
    pub certificate_pem: String,
}

/// What an identity certificate is to say.
#[derive(Clone, Debug)]
pub struct IdentityRequest<'a> {
    /// The key to certify, as `SubjectPublicKeyInfo` DER: [`super::csr::Csr::spki_der`].
    pub spki_der: &'a [u8],
    /// `CN` of the subject.
    pub product_name: &'a str,
    /// `SERIALNUMBER` of the subject.
    pub product_instance_id: Uuid,
    /// Serial number of the certificate; a small decimal number on the wire.
    pub serial: u64,
    /// First instant of validity, world time.
    pub not_before: Timestamp,
    /// Last instant of validity, world time.
    pub not_after: Timestamp,
}

/// What the certificate of the server's message signing key is to say.
#[derive(Clone, Debug)]
pub struct SignerRequest<'a> {
    /// The key to certify, as `SubjectPublicKeyInfo` DER.
    pub spki_der: &'a [u8],
    /// `CN` of the subject.
    pub common_name: &'a str,
    /// Serial number of the certificate; a small decimal number on the wire.
    pub serial: u64,
    /// First instant of validity, world time.
    pub not_before: Timestamp,
    /// Last instant of validity, world time.
    pub not_after: Timestamp,
}

/// A certificate just issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// X.509 DER.
    pub der: Vec<u8>,
    /// The same as PEM.
    pub pem: String,
    /// Its serial number.
    pub serial: u64,
    /// First instant of validity: whole seconds, as X.509 keeps them.
    pub not_before: Timestamp,
    /// Last instant of validity: whole seconds.
    pub not_after: Timestamp,
    /// The certified key.
    pub spki_der: Vec<u8>,
}

/// What a TLS listener needs.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Leaf first, then the issuing sub-CA; never the root.
    pub chain_der: Vec<Vec<u8>>,
    /// The same as PEM.
    pub chain_pem: String,
    /// The listener's private key.
    pub key: PrivateKey,
}

impl Authority {
    /// Makes a self-signed root, valid from 2000 to 2099 so that any world clock fits.
    pub fn create_root(common_name: &str, key: PrivateKey) -> Result<Self> {
        let params = authority_params(common_name, IsCa::Ca(BasicConstraints::Unconstrained), 1);
        let certificate_der = params.self_signed(&key)?.der().to_vec();
        Ok(Self { issuer: Issuer::new(params, key), certificate_der, self_signed: true })
    }

    /// Issues a sub-CA with a P-256 key of its own, as long-lived as the root.
    pub fn issue_sub(&self, common_name: &str) -> Result<Self> {
        let key = PrivateKey::generate(KeyKind::P256)?;
        let limit = IsCa::Ca(BasicConstraints::Constrained(0));
        let params = authority_params(common_name, limit, random_serial()?);
        let certificate_der = params.signed_by(&key, &self.issuer)?.der().to_vec();
        Ok(Self { issuer: Issuer::new(params, key), certificate_der, self_signed: false })
    }

    /// Issues the certificate of a sub-CA whose key is elsewhere, PEM: a satellite's. Identity and
    /// signing certificates can be issued below it, no further authority.
    pub fn issue_sub_for(&self, spki_der: &[u8], common_name: &str) -> Result<String> {
        let subject = SubjectPublicKeyInfo::from_der(spki_der)?;
        let limit = IsCa::Ca(BasicConstraints::Constrained(0));
        let params = authority_params(common_name, limit, random_serial()?);
        Ok(certificate_pem(params.signed_by(&subject, &self.issuer)?.der()))
    }

    /// Reads a stored authority.
    pub fn from_parts(parts: &AuthorityParts) -> Result<Self> {
        let key = PrivateKey::from_pem(&parts.key_pem)?;
        let block = pem::parse(&parts.certificate_pem)
            .map_err(|error| Error::Certificate(error.to_string()))?;
        let certificate_der = block.into_contents();
        let read = super::chain::read(&certificate_der)
            .map_err(|error| Error::Certificate(error.to_string()))?;
        if read.spki_der != key.spki_der() {
            return Err(Error::Certificate("the key is not that of the certificate".to_owned()));
        }
        let der = CertificateDer::from(certificate_der.as_slice());
        let issuer = Issuer::from_ca_cert_der(&der, key)?;
        Ok(Self { issuer, self_signed: read.subject == read.issuer, certificate_der })
    }

    /// The authority as it is stored.
    pub fn to_parts(&self) -> AuthorityParts {
        AuthorityParts {
            key_pem: self.issuer.key().to_pem(),
            certificate_pem: self.certificate_pem(),
        }
    }

    /// The authority's private key. Secret.
    pub fn key(&self) -> &PrivateKey {
        self.issuer.key()
    }

    /// The authority's own certificate, DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The authority's own certificate, PEM.
    pub fn certificate_pem(&self) -> String {
        certificate_pem(&self.certificate_der)
    }

    /// Issues the identity certificate of a product instance.
    ///
    /// Subject `CN=<product name>, SERIALNUMBER=<product instance identifier>, O=Syncom Lab`.
    // device-protocol.md 1.5 (proven, but for our organisation): agents recognise an identity
    // certificate by the subject pattern `CN=.*SERIALNUMBER.*`.
    pub fn issue_identity(&self, request: &IdentityRequest<'_>) -> Result<IssuedCertificate> {
        let mut params = CertificateParams::default();
        let piid = request.product_instance_id.to_string();
        params.distinguished_name = name(request.product_name, Some(&piid));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.issue_end_entity(
            params,
            request.spki_der,
            request.serial,
            (request.not_before, request.not_after),
        )
    }

    /// Issues the certificate of the key that signs the server's answers.
    pub fn issue_signer(&self, request: &SignerRequest<'_>) -> Result<IssuedCertificate> {
        let mut params = CertificateParams::default();
        params.distinguished_name = name(request.common_name, None);
        self.issue_end_entity(
            params,
            request.spki_der,
            request.serial,
            (request.not_before, request.not_after),
        )
    }

    /// Issues key and certificate of a TLS listener for `names` (DNS names or IP addresses).
    ///
    /// Valid from the day before `real_now` for 397 days, the most that browsers accept.
    pub fn issue_listener(&self, names: &[&str], real_now: Timestamp) -> Result<Listener> {
        let key = PrivateKey::generate(KeyKind::P256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = name(names.first().copied().unwrap_or("localhost"), None);
        params.subject_alt_names =
            names.iter().map(|name| alternative(name)).collect::<Result<_>>()?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let from = real_now + TimeDelta::days(-1);
        let dates = (from, from.plus_days(397));
        let leaf = self.issue_end_entity(params, &key.spki_der(), random_serial()?, dates)?;
        let mut chain_der = vec![leaf.der];
        if !self.self_signed {
            chain_der.push(self.certificate_der.clone());
        }
        let chain_pem = chain_der.iter().map(|der| certificate_pem(der)).collect();
        Ok(Listener { chain_der, chain_pem, key })
    }

    fn issue_end_entity(
        &self,
        mut params: CertificateParams,
        spki_der: &[u8],
        serial: u64,
        (not_before, not_after): (Timestamp, Timestamp),
    ) -> Result<IssuedCertificate> {
        let subject = SubjectPublicKeyInfo::from_der(spki_der)?;
        let seconds = |date: Timestamp| {
            Timestamp::from_millis(date.millis().div_euclid(1000) * 1000).ok_or(Error::Date(date))
        };
        let (not_before, not_after) = (seconds(not_before)?, seconds(not_after)?);
        params.not_before = date_time_ymd(1970, 1, 1) + since_1970(not_before)?;
        params.not_after = date_time_ymd(1970, 1, 1) + since_1970(not_after)?;
        params.serial_number = Some(SerialNumber::from(serial));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        params.custom_extensions = vec![lab_notice()];
        let certificate = params.signed_by(&subject, &self.issuer)?;
        Ok(IssuedCertificate {
            der: certificate.der().to_vec(),
            pem: certificate_pem(certificate.der()),
            serial,
            not_before,
            not_after,
            spki_der: spki_der.to_vec(),
        })
    }
}

/// A subject in the order that agents know: CN, SERIALNUMBER, O.
pub(super) fn name(common_name: &str, serial_number: Option<&str>) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    if let Some(serial_number) = serial_number {
        name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), serial_number);
    }
    name.push(DnType::OrganizationName, ORGANISATION);
    name
}

/// One certificate as PEM.
pub fn certificate_pem(der: &[u8]) -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", der))
}

/// The certificates of a PEM text, in their order; other blocks are passed over.
pub fn certificates_from_pem(text: &str) -> Result<Vec<Vec<u8>>> {
    let blocks = pem::parse_many(text).map_err(|error| Error::Certificate(error.to_string()))?;
    Ok(blocks
        .into_iter()
        .filter(|block| block.tag() == "CERTIFICATE")
        .map(pem::Pem::into_contents)
        .collect())
}

fn authority_params(common_name: &str, is_ca: IsCa, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(common_name, None);
    params.is_ca = is_ca;
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
    params.serial_number = Some(SerialNumber::from(serial));
    params.custom_extensions = vec![lab_notice()];
    params
}

/// Netscape's comment extension: what a person sees who opens the certificate.
fn lab_notice() -> CustomExtension {
    const TEXT: &[u8] = b"Issued by the Syncom lab CA. Worthless outside the lab.";
    const IA5_STRING: u8 = 0x16;
    let length = u8::try_from(TEXT.len()).unwrap_or(0x7f);
    let content = [&[IA5_STRING, length], TEXT].concat();
    CustomExtension::from_oid_content(&[2, 16, 840, 1, 113_730, 1, 13], content)
}

fn alternative(name: &str) -> Result<SanType> {
    match name.parse::<IpAddr>() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => Ok(SanType::DnsName(Ia5String::try_from(name)?)),
    }
}

/// Of 63 bits, so that it stays positive in eight bytes.
fn random_serial() -> Result<u64> {
    Ok(u64::from_be_bytes(secret::random_bytes()?) >> 1)
}

/// How long after 1970 a date is; certificates of the lab do not reach further back.
fn since_1970(date: Timestamp) -> Result<Duration> {
    match u64::try_from(date.millis()) {
        Ok(millis) if date.date().year() <= 9999 => Ok(Duration::from_millis(millis)),
        _ => Err(Error::Date(date)),
    }
}

#[cfg(test)]
mod tests;
