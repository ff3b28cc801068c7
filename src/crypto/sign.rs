//! Checking signatures with a public key.

use super::{Error, Result};
use ring::signature::{self, UnparsedPublicKey};
use std::sync::Arc;
use x509_parser::oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_PKCS1_RSAENCRYPTION};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey as Parsed;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The signature was not made over this message with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;

/// A public key, read and checked once. Clones share it.
#[derive(Clone, Debug)]
pub struct PublicKey(Arc<UnparsedPublicKey<Vec<u8>>>);

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo`: P-256, or RSA of 2048 to 8192 bits.
    pub fn from_spki_der(der: &[u8]) -> Result<Self> {
        let (rest, info) = SubjectPublicKeyInfo::from_der(der)
            .map_err(|_| Error::PublicKey("not a SubjectPublicKeyInfo"))?;
        if !rest.is_empty() {
            return Err(Error::PublicKey("bytes after the key"));
        }
        let algorithm = algorithm_of(&info)?;
        let bytes = info.subject_public_key.data.to_vec();
        Ok(Self(Arc::new(UnparsedPublicKey::new(algorithm, bytes))))
    }

    /// Whether `value` is this key's signature over exactly `message`.
    pub fn verify(&self, message: &[u8], value: &[u8]) -> std::result::Result<(), BadSignature> {
        self.0.verify(message, value).map_err(|_| BadSignature)
    }
}

fn algorithm_of(
    info: &SubjectPublicKeyInfo<'_>,
) -> Result<&'static dyn signature::VerificationAlgorithm> {
    let kind = &info.algorithm.algorithm;
    let key = info.parsed().map_err(|_| Error::PublicKey("the key bits cannot be read"))?;
    if *kind == OID_PKCS1_RSAENCRYPTION {
        return match key.key_size() {
            2048..=8192 if matches!(key, Parsed::RSA(_)) => {
                Ok(&signature::RSA_PKCS1_2048_8192_SHA256)
            }
            _ => Err(Error::PublicKey("RSA must have 2048 to 8192 bits")),
        };
    }
    let curve = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    if *kind == OID_KEY_TYPE_EC_PUBLIC_KEY && curve == Some(OID_EC_P256) {
        return match key {
            Parsed::EC(point) if point.data().len() == 65 => Ok(&signature::ECDSA_P256_SHA256_ASN1),
            _ => Err(Error::PublicKey("a P-256 point must be uncompressed")),
        };
    }
    Err(Error::PublicKey("must be RSA or ECDSA on P-256"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::{KeyKind, PrivateKey};

    #[test]
    fn an_altered_byte_another_key_and_a_cut_signature_are_refused() {
        for kind in [KeyKind::P256, KeyKind::Rsa2048] {
            let key = PrivateKey::generate(kind).unwrap();
            let other = PrivateKey::generate(KeyKind::P256).unwrap();
            let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
            let stranger = PublicKey::from_spki_der(&other.spki_der()).unwrap();
            let value = key.sign(b"{\"a\":1}").unwrap();
            let mut altered = value.clone();
            altered[20] ^= 1;

            assert_eq!(public.verify(b"{\"a\":1}", &value), Ok(()));
            assert_eq!(public.verify(b"{\"a\": 1}", &value), Err(BadSignature));
            assert_eq!(public.verify(b"{\"a\":1}", &altered), Err(BadSignature));
            assert_eq!(public.verify(b"{\"a\":1}", &value[1..]), Err(BadSignature));
            assert_eq!(public.verify(b"{\"a\":1}", b""), Err(BadSignature));
            assert_eq!(stranger.verify(b"{\"a\":1}", &value), Err(BadSignature));
        }
    }

    #[test]
    fn keys_of_other_kinds_and_sizes_are_refused_by_name() {
        let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let spki = rcgen::PublicKeyData::subject_public_key_info(&p384);
        assert_eq!(
            PublicKey::from_spki_der(&spki).unwrap_err(),
            Error::PublicKey("must be RSA or ECDSA on P-256")
        );
        assert!(PublicKey::from_spki_der(b"").is_err());
        let mut long = PrivateKey::generate(KeyKind::P256).unwrap().spki_der();
        long.push(0);
        assert!(PublicKey::from_spki_der(&long).is_err());
    }
}
