//! Tests of the lab CA together with the chain check.

use super::*;
use crate::crypto::chain::{self, ChainError};
use crate::crypto::csr;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn root() -> Authority {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    Authority::create_root("Syncom Lab Root CA", key).unwrap()
}

fn identity(ca: &Authority, kind: KeyKind) -> IssuedCertificate {
    let key = PrivateKey::generate(kind).unwrap();
    let csr = csr::read(&csr::make(&key, "SIM").unwrap()).unwrap();
    ca.issue_identity(&IdentityRequest {
        spki_der: &csr.spki_der,
        product_name: "Syncom SIM",
        product_instance_id: Uuid::from_u128(7),
        serial: 16_451_298,
        not_before: at("2026-01-05T09:00:00.250Z"),
        not_after: at("2027-01-05T09:00:00.250Z"),
    })
    .unwrap()
}

/// device-protocol.md 1.5: the subject by which an agent knows its identity.
#[test]
fn an_identity_names_product_instance_and_lab() {
    let (root, now) = (root(), at("2026-06-01T00:00:00Z"));
    let sub = root.issue_sub("Syncom Lab Licensing CA").unwrap();
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let issued = identity(&sub, kind);
        let chain = [sub.certificate_der()];
        let leaf = chain::verify(&issued.der, &chain, root.certificate_der(), now).unwrap();
        assert_eq!(leaf.common_name.as_deref(), Some("Syncom SIM"));
        assert_eq!(leaf.serial_number.as_deref(), Some("00000000-0000-0000-0000-000000000007"));
        assert!(leaf.subject.contains("O=Syncom Lab"), "{}", leaf.subject);
        assert!(leaf.subject.starts_with("CN="), "{}", leaf.subject);
        assert!(leaf.issuer.contains("Syncom Lab Licensing CA"), "{}", leaf.issuer);
        assert_eq!(leaf.serial, Some(16_451_298));
        assert_eq!(leaf.spki_der, issued.spki_der);
        assert_eq!(leaf.not_before, at("2026-01-05T09:00:00Z"));
        assert_eq!(leaf.not_after, issued.not_after);
    }
}

#[test]
fn a_chain_is_trusted_to_its_last_second_and_not_longer() {
    let root = root();
    let sub = root.issue_sub("sub").unwrap();
    let issued = identity(&sub, KeyKind::P256);
    let check =
        |now| chain::verify(&issued.der, &[sub.certificate_der()], root.certificate_der(), at(now));
    assert!(check("2026-01-05T09:00:00Z").is_ok());
    assert!(check("2027-01-05T09:00:00.999Z").is_ok());
    assert!(matches!(check("2027-01-05T09:00:01Z"), Err(ChainError::Expired(..))));
    assert!(matches!(check("2026-01-05T08:59:59Z"), Err(ChainError::NotYetValid(..))));
}

#[test]
fn another_root_a_missing_link_and_an_altered_byte_are_refused() {
    let (ours, theirs, now) = (root(), root(), at("2026-06-01T00:00:00Z"));
    let sub = ours.issue_sub("sub").unwrap();
    let issued = identity(&sub, KeyKind::P256);
    let link = [sub.certificate_der()];
    let wrong_root = chain::verify(&issued.der, &link, theirs.certificate_der(), now);
    assert!(matches!(wrong_root, Err(ChainError::Issuer(_))), "{wrong_root:?}");
    let no_link = chain::verify(&issued.der, &[], ours.certificate_der(), now);
    assert!(matches!(no_link, Err(ChainError::Issuer(_))), "{no_link:?}");
    let mut altered = issued.der.clone();
    let place = altered.windows(6).position(|part| part == b"Syncom").unwrap();
    altered[place] = b'X';
    assert!(chain::verify(&altered, &link, ours.certificate_der(), now).is_err());
    assert_eq!(
        chain::verify(b"junk", &link, ours.certificate_der(), now),
        Err(ChainError::Unreadable)
    );
}

#[test]
fn an_identity_cannot_issue_certificates() {
    let root = root();
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let request = SignerRequest {
        spki_der: &key.spki_der(),
        common_name: "Syncom Lab Message Signer",
        serial: 3,
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2027-01-01T00:00:00Z"),
    };
    let signer = root.issue_signer(&request).unwrap();
    let posing = Authority::from_parts(&AuthorityParts {
        key_pem: key.to_pem(),
        certificate_pem: signer.pem.clone(),
    });
    let forged = identity(&posing.unwrap(), KeyKind::P256);
    let now = at("2026-06-01T00:00:00Z");
    let result = chain::verify(&forged.der, &[&signer.der], root.certificate_der(), now);
    assert!(matches!(result, Err(ChainError::NotAuthority(_))), "{result:?}");
}

#[test]
fn a_stored_authority_goes_on_issuing() {
    let root = root();
    let again = Authority::from_parts(&root.to_parts()).unwrap();
    let sub = again.issue_sub("sub").unwrap();
    let issued = identity(&Authority::from_parts(&sub.to_parts()).unwrap(), KeyKind::P256);
    let now = at("2026-06-01T00:00:00Z");
    assert!(
        chain::verify(&issued.der, &[sub.certificate_der()], root.certificate_der(), now).is_ok()
    );
    let mixed = AuthorityParts { key_pem: sub.to_parts().key_pem, ..root.to_parts() };
    assert!(Authority::from_parts(&mixed).is_err());
}

#[test]
fn a_listener_is_named_by_dns_and_address_and_lives_in_real_time() {
    let root = root();
    let sub = root.issue_sub("Syncom Lab TLS CA").unwrap();
    let now = at("2026-11-22T00:00:00Z");
    let listener = sub.issue_listener(&["localhost", "127.0.0.1", "::1"], now).unwrap();
    assert_eq!(listener.chain_der.len(), 2);
    assert_eq!(certificates_from_pem(&listener.chain_pem).unwrap(), listener.chain_der);
    let leaf = chain::verify(
        &listener.chain_der[0],
        &[&listener.chain_der[1]],
        root.certificate_der(),
        now,
    )
    .unwrap();
    assert_eq!(leaf.not_after, at("2027-12-23T00:00:00Z"));
    assert_eq!(leaf.spki_der, listener.key.spki_der());
    let direct = root.issue_listener(&["localhost"], now).unwrap();
    assert_eq!(direct.chain_der.len(), 1);
    assert!(sub.issue_listener(&["läb"], now).is_err());
}

/// A TLS library that knows nothing of us accepts the listener's chain.
#[test]
fn rustls_accepts_the_listener_for_its_names_only() {
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::pki_types::{ServerName, UnixTime};
    let root = root();
    let now = at("2026-11-22T00:00:00Z");
    let sub = root.issue_sub("Syncom Lab TLS CA").unwrap();
    let listener = sub.issue_listener(&["swapi.cisco.com", "127.0.0.1"], now).unwrap();
    let mut store = rustls::RootCertStore::empty();
    store.add(CertificateDer::from(root.certificate_der().to_vec())).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(
        std::sync::Arc::new(store),
        provider,
    )
    .build()
    .unwrap();
    let chain: Vec<_> = listener.chain_der.iter().cloned().map(CertificateDer::from).collect();
    let real = UnixTime::since_unix_epoch(Duration::from_millis(now.millis().unsigned_abs()));
    let check = |name: &str| {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], real)
    };
    assert!(check("swapi.cisco.com").is_ok());
    assert!(check("127.0.0.1").is_ok());
    assert!(check("localhost").is_err());
}

#[test]
fn a_date_before_1970_does_not_fit_into_a_certificate() {
    let root = root();
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let request = SignerRequest {
        spki_der: &key.spki_der(),
        common_name: "signer",
        serial: 3,
        not_before: at("1969-12-31T23:59:59Z"),
        not_after: at("2027-01-01T00:00:00Z"),
    };
    assert_eq!(root.issue_signer(&request), Err(Error::Date(at("1969-12-31T23:59:59Z"))));
}
