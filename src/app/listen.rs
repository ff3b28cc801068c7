//! Sockets: every listener is bound before the first one serves.

use super::{BoundSite, CSSM, SATELLITE};
use crate::clock;
use crate::config::Config;
use crate::crypto::ca::Authority;
use crate::engine::Engine;
use crate::lab::worlds::Worlds;
use crate::web::proxy::{Proxy, Targets};
use crate::web::serve::{self, Sockets};
use crate::web::{Listener, tls};
use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, TcpListener};

/// Starts the servers of all sites.
pub(super) async fn serve_all(
    config: &Config,
    root: &Authority,
    worlds: &Worlds,
    engines: &BTreeMap<String, Engine>,
) -> anyhow::Result<Vec<BoundSite>> {
    let ports = config.ports;
    let mut bound = Vec::new();
    let mut wanted = vec![(CSSM.to_owned(), ports.cssm_http, ports.cssm_https)];
    for (name, nth) in config.satellites.names().into_iter().zip(0..) {
        // The ports of several satellites follow one another; 0 asks for a free one each.
        let at = |first: u16| if first == 0 { 0 } else { first.saturating_add(nth) };
        wanted.push((name, at(ports.satellite_http), at(ports.satellite_https)));
    }
    for (name, http, https) in wanted {
        let Some(engine) = engines.get(&name).cloned() else { continue };
        bound.push((engine, bind(config.bind, http)?, bind(config.bind, https)?));
    }
    let mut sites = Vec::new();
    for (engine, http, https) in bound {
        let name = engine.name().to_owned();
        let host = engine.host_common_name().await?;
        let tls = tls::server_config(root, (&name, host.as_deref()), clock::wall_time())?;
        let addresses = (http.local_addr()?, https.local_addr()?);
        let listener = Listener { worlds: worlds.clone(), site: name.clone() };
        let sockets = Sockets { http, https: (https, tls) };
        let edition = engine.edition();
        let server = serve::start(listener, edition, sockets, config.workers)?;
        let (http, https) = addresses;
        sites.push(BoundSite { name, edition, http, https, engine, server });
    }
    Ok(sites)
}

/// Starts the CONNECT proxy, if one is wanted.
pub(super) fn start_proxy(config: &Config, sites: &[BoundSite]) -> anyhow::Result<Option<Proxy>> {
    let Some(port) = config.ports.proxy else { return Ok(None) };
    let https = |name: &str| {
        let site = sites.iter().find(|site| site.name == name);
        site.map(|site| site.https).ok_or_else(|| anyhow!("--proxy needs the site {name}"))
    };
    let targets = Targets { cssm: https(CSSM)?, satellite: https(SATELLITE)? };
    let proxy = Proxy::start(bind(config.bind, port)?, targets)?;
    Ok(Some(proxy))
}

fn bind(address: IpAddr, port: u16) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(address, port);
    TcpListener::bind(address).with_context(|| {
        format!("{address} cannot be bound; --port 0 gives every listener a free one")
    })
}
