//! TLS of the listeners: a certificate of the lab CA, in real time.

use crate::crypto::ca::Authority;
use crate::domain::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;

/// Hosts of the real service that clients have built in; the proxy maps them.
pub const MAPPED_HOSTS: [&str; 7] = [
    "swapi.cisco.com",
    "apx.cisco.com",
    "apmx.cisco.com",
    "cloudsso.cisco.com",
    "id.cisco.com",
    "tools.cisco.com",
    "smartreceiver.cisco.com",
];

/// What can go wrong when a listener gets its certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The lab CA failed.
    #[error(transparent)]
    Crypto(#[from] crate::crypto::Error),
    /// rustls does not take what we made.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// A server configuration with a fresh certificate for one site; `host` is the name by which a
/// satellite is reached, if somebody has said it.
pub fn server_config(
    authority: &Authority,
    (site, host): (&str, Option<&str>),
    real_now: Timestamp,
) -> Result<ServerConfig, Error> {
    let listener = authority.issue_listener(&names(site, host), real_now)?;
    let chain = listener.chain_der.into_iter().map(CertificateDer::from).collect();
    let key = PrivatePkcs8KeyDer::from(listener.key.to_pkcs8_der().to_vec());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(key))?;
    Ok(config)
}

/// The names that the certificate of a site holds.
fn names<'a>(site: &'a str, host: Option<&'a str>) -> Vec<&'a str> {
    let mut names = vec!["localhost", "127.0.0.1", "::1", site];
    names.extend(MAPPED_HOSTS);
    names.extend(host.filter(|host| *host != site && !MAPPED_HOSTS.contains(host)));
    names
}

#[cfg(test)]
mod tests {
    use super::names;

    /// B-SHL-02: the host common name stands in the certificate, once.
    #[test]
    fn a_certificate_names_the_host_that_was_chosen() {
        assert!(!names("sat-a", None).contains(&"ssm.lab.example"));
        assert!(names("sat-a", Some("ssm.lab.example")).contains(&"ssm.lab.example"));
        let twice = names("sat-a", Some("sat-a"));
        assert_eq!(twice.iter().filter(|name| **name == "sat-a").count(), 1);
    }
}
