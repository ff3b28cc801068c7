//! The device side of a site: what registered products post to.

mod answer;
mod body;
mod call_home;
mod export_keys;
mod faults;
mod smart_transport;
mod vouchers;

use crate::domain::site::Edition;
use actix_web::Resource;
use actix_web::web::{self, ServiceConfig};

// device-protocol.md 1.1: all four paths are PROVEN or DOCUMENTED there.
/// Smart Transport on CSSM.
const SMART_TRANSPORT: &str = "/licservice/license";
/// Smart Call Home on CSSM.
const CALL_HOME: &str = "/its/service/oddce/services/DDCEService";
/// Smart Call Home on a satellite or a transport gateway.
const GATEWAY: &str = "/Transportgateway/services/DeviceRequestHandler";
/// Smart Transport on a satellite.
const SATELLITE: &str = "/SmartTransport";

/// Mounts the device URLs of an edition.
pub fn configure(routes: &mut ServiceConfig, edition: Edition) {
    let (json, envelopes): (&str, &[&str]) = match edition {
        Edition::Cssm => (SMART_TRANSPORT, &[CALL_HOME, GATEWAY]),
        Edition::Satellite => (SATELLITE, &[GATEWAY]),
    };
    routes.service(only_posted(json).route(web::post().to(smart_transport::receive)));
    for path in envelopes {
        routes.service(only_posted(path).route(web::post().to(call_home::receive)));
    }
}

fn only_posted(path: &str) -> Resource {
    web::resource(path).default_service(web::to(body::only_post))
}

#[cfg(test)]
mod tests;
