//! Where the satellites of this process find CSSM.

use super::{BoundSite, CSSM};
use crate::config::{Config, Role};
use crate::crypto::ca::Authority;
use crate::link::Http;
use anyhow::Context;
use std::net::SocketAddr;
use std::sync::Arc;
use url::Url;

/// The connection, unless there is neither a CSSM in this process nor an address of one.
pub(super) fn to_cssm(config: &Config, root: &Authority) -> anyhow::Result<Option<Arc<Http>>> {
    let told = &config.satellites;
    if config.role == Role::Cssm || (config.role == Role::Satellite && told.cssm_url.is_none()) {
        return Ok(None);
    }
    let pem = told.cssm_ca.clone().unwrap_or_else(|| root.certificate_pem());
    Ok(Some(Arc::new(Http::new(&pem).context("cssm_ca")?)))
}

/// Tells the connection where CSSM is, once it listens.
pub(super) fn point(
    link: Option<&Http>,
    config: &Config,
    sites: &[BoundSite],
) -> anyhow::Result<()> {
    let Some(link) = link else { return Ok(()) };
    if let Some(url) = &config.satellites.cssm_url {
        link.point_to(url.clone());
    } else if let Some(cssm) = sites.iter().find(|site| site.name == CSSM) {
        link.point_to(Url::parse(&format!("http://{}", reached(cssm.http)))?);
    }
    Ok(())
}

/// An address that listens everywhere is reached on loopback.
fn reached(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}
