//! Reading certificates and checking chains: real signatures, CA flags and dates.

use crate::domain::time::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

/// Why a chain of certificates is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The bytes are not an X.509 certificate in DER.
    #[error("it is not an X.509 certificate")]
    Unreadable,
    /// No certificate of the chain has issued this one.
    #[error("'{0}' was not issued by the next certificate of the chain")]
    Issuer(String),
    /// An issuer in the chain is no certificate authority.
    #[error("'{0}' is no certificate authority")]
    NotAuthority(String),
    /// The present instant is before the first of the certificate.
    #[error("'{0}' is not valid before {1}")]
    NotYetValid(String, Timestamp),
    /// The present instant is after the last of the certificate.
    #[error("'{0}' expired on {1}")]
    Expired(String, Timestamp),
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The certified key, as `SubjectPublicKeyInfo` DER.
    pub spki_der: Vec<u8>,
    /// Serial number; `None` when it is longer than 64 bits.
    pub serial: Option<u64>,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// Subject as text, such as `CN=…, serialNumber=…, O=…`.
    pub subject: String,
    /// `CN` of the subject.
    pub common_name: Option<String>,
    /// `SERIALNUMBER` of the subject: the product instance identifier of an identity.
    pub serial_number: Option<String>,
    /// Issuer as text.
    pub issuer: String,
    /// Whether it may issue certificates itself.
    pub authority: bool,
}

/// Reads one certificate without judging it.
pub fn read(der: &[u8]) -> Result<Leaf, ChainError> {
    describe(&parse(der)?)
}

/// Checks `leaf` up to `root` at the instant `now`, and says what the leaf says.
///
/// `intermediates` go upwards: the first has issued the leaf, the root has issued the last.
pub fn verify(
    leaf: &[u8],
    intermediates: &[&[u8]],
    root: &[u8],
    now: Timestamp,
) -> Result<Leaf, ChainError> {
    let certificate = parse(leaf)?;
    let mut below = certificate.clone();
    in_force(&below, now)?;
    for der in intermediates.iter().copied().chain([root]) {
        let issuer = parse(der)?;
        issued_by(&below, &issuer)?;
        in_force(&issuer, now)?;
        below = issuer;
    }
    // The root is trusted because the caller names it, but it must at least be whole.
    issued_by(&below, &below)?;
    describe(&certificate)
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, ChainError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(ChainError::Unreadable),
    }
}

fn issued_by(below: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Result<(), ChainError> {
    let subject = |certificate: &X509Certificate<'_>| certificate.subject().to_string();
    if below.issuer().as_raw() != issuer.subject().as_raw()
        || below.verify_signature(Some(issuer.public_key())).is_err()
    {
        return Err(ChainError::Issuer(subject(below)));
    }
    if !may_issue(issuer) {
        return Err(ChainError::NotAuthority(subject(issuer)));
    }
    Ok(())
}

fn may_issue(certificate: &X509Certificate<'_>) -> bool {
    let usage = certificate.key_usage().ok().flatten();
    certificate.is_ca() && usage.is_some_and(|usage| usage.value.key_cert_sign())
}

fn in_force(certificate: &X509Certificate<'_>, now: Timestamp) -> Result<(), ChainError> {
    let subject = || certificate.subject().to_string();
    let validity = certificate.validity();
    let from = instant(validity.not_before)?;
    if now < from {
        return Err(ChainError::NotYetValid(subject(), from));
    }
    // notAfter is a whole second and belongs to the validity (RFC 5280, 4.1.2.5).
    let until = instant(validity.not_after)?;
    if now.millis().div_euclid(1000) > until.millis().div_euclid(1000) {
        return Err(ChainError::Expired(subject(), until));
    }
    Ok(())
}

fn describe(certificate: &X509Certificate<'_>) -> Result<Leaf, ChainError> {
    let subject = certificate.subject();
    let first = |mut attributes: Attributes<'_, '_>| {
        attributes.next().and_then(|value| value.as_str().ok()).map(str::to_owned)
    };
    Ok(Leaf {
        spki_der: certificate.public_key().raw.to_vec(),
        serial: u64::try_from(&certificate.tbs_certificate.serial).ok(),
        not_before: instant(certificate.validity().not_before)?,
        not_after: instant(certificate.validity().not_after)?,
        subject: subject.to_string(),
        common_name: first(Box::new(subject.iter_common_name())),
        serial_number: first(Box::new(
            subject.iter_by_oid(&x509_parser::oid_registry::OID_X509_SERIALNUMBER),
        )),
        issuer: certificate.issuer().to_string(),
        authority: may_issue(certificate),
    })
}

type Attributes<'a, 'b> =
    Box<dyn Iterator<Item = &'a x509_parser::x509::AttributeTypeAndValue<'b>> + 'a>;

fn instant(time: ASN1Time) -> Result<Timestamp, ChainError> {
    time.timestamp()
        .checked_mul(1000)
        .and_then(Timestamp::from_millis)
        .ok_or(ChainError::Unreadable)
}
