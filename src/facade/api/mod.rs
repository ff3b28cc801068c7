//! The JSON of Cisco Modeling Labs, as far as its published client asks for licensing.
// device-protocol.md 0 (PROVEN): virl2-client; the marks of single facts stand beside them.

mod bodies;
mod licensing;
mod reservation;
mod session;
mod status;

pub use session::Caller;

use super::faults::Fault;
use super::serve::other_method;
use actix_web::web::{self, ServiceConfig, delete, get, patch, post, put};
use actix_web::{HttpRequest, Resource, Route};

/// What calls of the client begin with.
pub const BASE: &str = "/api/v0";

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    let at = |path: &str, methods: Vec<Route>| {
        let resource = web::resource(format!("{BASE}/{path}"));
        let resource: Resource = methods.into_iter().fold(resource, Resource::route);
        resource.default_service(web::to(other_method))
    };
    routes
        .service(at("system_information", vec![get().to(session::system_information)]))
        .service(at("authenticate", vec![post().to(session::authenticate)]))
        .service(at("auth_extended", vec![post().to(session::auth_extended)]))
        .service(at("authok", vec![get().to(session::auth_ok)]))
        .service(at("authentication", vec![get().to(session::authentication)]))
        .service(at("logout", vec![delete().to(session::log_out)]))
        .service(at("licensing", vec![get().to(licensing::everything)]))
        .service(at("licensing/status", vec![get().to(licensing::everything)]))
        .service(at("licensing/tech_support", vec![get().to(licensing::tech_support)]))
        .service(at(
            "licensing/features",
            vec![get().to(licensing::features), patch().to(licensing::update_features)],
        ))
        .service(at("licensing/transport", vec![put().to(licensing::set_transport)]))
        .service(at("licensing/product_license", vec![put().to(licensing::set_product_license)]))
        .service(at("licensing/registration", vec![post().to(licensing::register)]))
        .service(at("licensing/registration/renew", vec![put().to(licensing::renew_registration)]))
        .service(at(
            "licensing/authorization/renew",
            vec![put().to(licensing::renew_authorization)],
        ))
        .service(at("licensing/deregistration", vec![delete().to(licensing::deregister)]))
        .service(at(
            "licensing/certificate",
            vec![
                get().to(licensing::certificate),
                post().to(licensing::install_certificate),
                delete().to(licensing::remove_certificate),
            ],
        ))
        .service(at("licensing/reservation/{action}", vec![web::to(reservation::reservation)]))
        .service(web::resource(format!("{BASE}/{{rest:.*}}")).to(nowhere));
}

async fn nowhere(request: HttpRequest) -> Result<&'static str, Fault> {
    Err(Fault::NotFound(format!("call {}", request.path())))
}
