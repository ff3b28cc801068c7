//! Private keys: P-256 for the server, RSA-2048 as real agents use it.

use super::{Error, Result, secret};
use rcgen::{PublicKeyData, SigningKey};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::rand_core;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The kinds of key that the lab makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// ECDSA on P-256 with SHA-256, signatures in ASN.1 DER. Fast; the server's own.
    #[default]
    P256,
    /// RSA with a modulus of 2048 bits, PKCS#1 v1.5 with SHA-256.
    // device-protocol.md 1.4: a 256-byte signature value, so real agents sign with RSA-2048.
    #[serde(rename = "rsa")]
    Rsa2048,
}

/// A private key that can sign. Clones share the key.
#[derive(Clone)]
pub struct PrivateKey(Arc<Inner>);

struct Inner {
    pkcs8: Vec<u8>,
    pair: Pair,
}

enum Pair {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl PrivateKey {
    /// Makes a new key. RSA takes a good part of a second: call it off the async threads.
    pub fn generate(kind: KeyKind) -> Result<Self> {
        match kind {
            KeyKind::P256 => {
                let document = EcdsaKeyPair::generate_pkcs8(P256, &SystemRandom::new())
                    .map_err(|_| Error::Random)?;
                Self::from_pkcs8_der(document.as_ref())
            }
            // ring cannot make RSA keys, so `rsa` makes them; its private-key operations are
            // never used (RUSTSEC-2023-0071): ring signs.
            KeyKind::Rsa2048 => {
                let key = rsa::RsaPrivateKey::new(&mut System, 2048)
                    .map_err(|error| Error::Key(error.to_string()))?;
                let document = key.to_pkcs8_der().map_err(|error| Error::Key(error.to_string()))?;
                Self::from_pkcs8_der(document.as_bytes())
            }
        }
    }

    /// Reads a PKCS#8 key: P-256, or RSA of exactly 2048 bits.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self> {
        let pair = match EcdsaKeyPair::from_pkcs8(P256, der, &SystemRandom::new()) {
            Ok(pair) => Pair::P256(pair),
            Err(_) => Pair::Rsa(rsa_pair(der)?),
        };
        Ok(Self(Arc::new(Inner { pkcs8: der.to_vec(), pair })))
    }

    /// Reads a PKCS#8 key from PEM.
    pub fn from_pem(text: &str) -> Result<Self> {
        let block = pem::parse(text).map_err(|error| Error::Key(error.to_string()))?;
        Self::from_pkcs8_der(block.contents())
    }

    /// The key as PKCS#8 DER. Secret.
    pub fn to_pkcs8_der(&self) -> &[u8] {
        &self.0.pkcs8
    }

    /// The key as PKCS#8 PEM. Secret.
    pub fn to_pem(&self) -> String {
        pem::encode(&pem::Pem::new("PRIVATE KEY", self.0.pkcs8.clone()))
    }

    /// What kind of key this is.
    pub fn kind(&self) -> KeyKind {
        match self.0.pair {
            Pair::P256(_) => KeyKind::P256,
            Pair::Rsa(_) => KeyKind::Rsa2048,
        }
    }

    /// The public half as a DER `SubjectPublicKeyInfo`.
    pub fn spki_der(&self) -> Vec<u8> {
        self.subject_public_key_info()
    }

    /// Signs `message` with SHA-256: DER for P-256, 256 bytes for RSA.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.0.pair {
            Pair::P256(pair) => {
                Ok(pair.sign(&random, message).map_err(|_| Error::Random)?.as_ref().to_vec())
            }
            Pair::Rsa(pair) => {
                let mut value = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut value)
                    .map_err(|_| Error::Random)?;
                Ok(value)
            }
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the key itself: this ends up in logs.
        write!(f, "PrivateKey({:?})", self.kind())
    }
}

impl PublicKeyData for PrivateKey {
    fn der_bytes(&self) -> &[u8] {
        match &self.0.pair {
            Pair::P256(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.0.pair {
            Pair::P256(_) => &rcgen::PKCS_ECDSA_P256_SHA256,
            Pair::Rsa(_) => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

impl SigningKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, rcgen::Error> {
        PrivateKey::sign(self, message).map_err(|_| rcgen::Error::RingUnspecified)
    }
}

const P256: &signature::EcdsaSigningAlgorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;

fn rsa_pair(der: &[u8]) -> Result<RsaKeyPair> {
    let pair = RsaKeyPair::from_pkcs8(der)
        .map_err(|_| Error::Key("neither P-256 nor RSA in PKCS#8".to_owned()))?;
    match pair.public().modulus_len() {
        256 => Ok(pair),
        bytes => Err(Error::Key(format!("RSA of {} bits, must be 2048", bytes * 8))),
    }
}

/// The system's generator in the shape that `rsa` asks for.
struct System;

impl rand_core::RngCore for System {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    #[expect(
        clippy::expect_used,
        reason = "the trait has no other way out, and a key from a \
        failed generator must not exist"
    )]
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.try_fill_bytes(bytes).expect("the system's random generator failed");
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> std::result::Result<(), rand_core::Error> {
        secret::fill_random(bytes).map_err(rand_core::Error::new)
    }
}

impl rand_core::CryptoRng for System {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sign::PublicKey;

    #[test]
    fn every_kind_of_key_signs_what_its_public_half_verifies() {
        for kind in [KeyKind::P256, KeyKind::Rsa2048] {
            let key = PrivateKey::generate(kind).unwrap();
            let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert!(public.verify(b"message", &signature).is_ok(), "{kind:?}");
            assert_eq!(key.kind(), kind);
        }
    }

    /// device-protocol.md 1.4: the signature value of a real agent is 256 bytes.
    #[test]
    fn an_rsa_signature_has_256_bytes() {
        let key = PrivateKey::generate(KeyKind::Rsa2048).unwrap();
        assert_eq!(key.sign(b"x").unwrap().len(), 256);
    }

    #[test]
    fn a_key_survives_der_and_pem() {
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        let der = PrivateKey::from_pkcs8_der(key.to_pkcs8_der()).unwrap();
        let pem = PrivateKey::from_pem(&key.to_pem()).unwrap();
        assert_eq!(der.spki_der(), key.spki_der());
        assert_eq!(pem.spki_der(), key.spki_der());
    }

    #[test]
    fn garbage_is_no_key_and_a_key_is_never_printed() {
        assert!(PrivateKey::from_pkcs8_der(b"garbage").is_err());
        assert!(PrivateKey::from_pem("garbage").is_err());
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(P256)");
    }
}
