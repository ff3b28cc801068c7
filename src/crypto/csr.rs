//! Certificate signing requests (PKCS#10).

use super::keys::PrivateKey;
use super::sign::PublicKey;
use super::{Error, Result, ca};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

/// Why a certificate signing request is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCsr {
    /// The bytes are not a PKCS#10 request in DER.
    #[error("it is not a PKCS#10 request in DER")]
    Unreadable,
    /// The key is of a kind or size that the lab does not certify.
    #[error("{0}")]
    Key(Error),
    /// It is not signed with the key it asks a certificate for.
    #[error("it is not signed with the key it names")]
    Signature,
}

/// A request whose signature has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr {
    /// The public key it asks a certificate for, as `SubjectPublicKeyInfo` DER.
    pub spki_der: Vec<u8>,
    /// The subject it proposes, as text. The lab CA writes its own subject.
    pub subject: String,
}

/// Makes a request for `key`, in DER.
pub fn make(key: &PrivateKey, common_name: &str) -> Result<Vec<u8>> {
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = ca::name(common_name, None);
    Ok(params.serialize_request(key)?.der().to_vec())
}

/// Reads a request and checks that it is signed with its own key.
pub fn read(der: &[u8]) -> std::result::Result<Csr, BadCsr> {
    let (rest, request) =
        X509CertificationRequest::from_der(der).map_err(|_| BadCsr::Unreadable)?;
    if !rest.is_empty() {
        return Err(BadCsr::Unreadable);
    }
    let info = &request.certification_request_info;
    let spki_der = info.subject_pki.raw.to_vec();
    PublicKey::from_spki_der(&spki_der).map_err(BadCsr::Key)?;
    request.verify_signature().map_err(|_| BadCsr::Signature)?;
    Ok(Csr { spki_der, subject: info.subject.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::KeyKind;

    #[test]
    fn a_request_names_the_key_it_was_made_with() {
        for kind in [KeyKind::P256, KeyKind::Rsa2048] {
            let key = PrivateKey::generate(kind).unwrap();
            let csr = read(&make(&key, "Syncom SIM").unwrap()).unwrap();
            assert_eq!(csr.spki_der, key.spki_der());
            assert!(csr.subject.contains("CN=Syncom SIM"), "{}", csr.subject);
        }
    }

    #[test]
    fn an_altered_request_is_refused() {
        let der = make(&PrivateKey::generate(KeyKind::P256).unwrap(), "Syncom SIM").unwrap();
        let at = der.windows(6).position(|part| part == b"Syncom").unwrap();
        let mut altered = der.clone();
        altered[at] = b'X';
        assert_eq!(read(&altered), Err(BadCsr::Signature));
        assert_eq!(read(&der[..der.len() - 1]), Err(BadCsr::Unreadable));
        assert_eq!(read(b""), Err(BadCsr::Unreadable));
        assert_eq!(read(&[der, vec![0]].concat()), Err(BadCsr::Unreadable));
    }

    #[test]
    fn a_request_for_a_kind_of_key_we_do_not_certify_is_refused() {
        let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let der = rcgen::CertificateParams::default().serialize_request(&p384).unwrap();
        assert!(matches!(read(der.der()), Err(BadCsr::Key(_))));
    }
}
