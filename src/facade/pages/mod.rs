//! The product's own pages, after the license pages of Webex Meetings Server.
// Seed 003 (DOC): every step of "Smart License Management" is a click here; the words of links
// and buttons are the document's.

mod assets;
mod authorization;
pub mod frame;
mod licenses;
mod outcome;
mod overview;
mod registration;
mod sign_in;
mod standing;
mod transport;

use super::faults::Fault;
use super::serve::other_method;
use super::visit::{Answer, Signed};
use actix_web::web::{self, ServiceConfig, get, post};
use actix_web::{Resource, Route};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    let at = |path: &str, methods: Vec<Route>| {
        let resource: Resource = methods.into_iter().fold(web::resource(path), Resource::route);
        resource.default_service(web::to(other_method))
    };
    let licensing = |path: &str, methods: Vec<Route>| {
        at(&format!("{}{path}", super::visit::LICENSING), methods)
    };
    routes
        .service(at("/static/{file}", vec![get().to(assets::deliver)]))
        .service(at("/login", vec![get().to(sign_in::form), post().to(sign_in::sign_in)]))
        .service(at("/logout", vec![post().to(sign_in::sign_out)]))
        .service(at("/", vec![get().to(overview::dashboard)]))
        .service(at("/users", vec![get().to(overview::usage), post().to(overview::use_licenses)]))
        .service(at("/system", vec![get().to(overview::system)]))
        .service(licensing("", vec![get().to(licenses::page)]))
        // Where a refused form stands, a reload is to find a page.
        .service(licensing(
            "/register",
            vec![get().to(licenses::page), post().to(licenses::register)],
        ))
        .service(licensing("/reservation", vec![get().to(licenses::reservation)]))
        .service(licensing(
            "/transport",
            vec![get().to(transport::form), post().to(transport::save)],
        ))
        .service(licensing("/registration", vec![get().to(registration::page)]))
        .service(licensing("/registration/renew", vec![post().to(registration::renew)]))
        .service(licensing(
            "/registration/reregister",
            vec![get().to(registration::form), post().to(registration::reregister)],
        ))
        .service(licensing(
            "/registration/deregister",
            vec![get().to(registration::question), post().to(registration::deregister)],
        ))
        .service(licensing("/authorization", vec![get().to(authorization::page)]))
        .service(licensing("/authorization/renew", vec![post().to(authorization::renew)]))
        .default_service(web::to(nowhere));
}

async fn nowhere(Signed(visit): Signed) -> Answer {
    Err(visit.fault(&Fault::NotFound(format!("page {}", visit.here))))
}
