//! The product's own pages, after the license pages of Webex Meetings Server.
// Seed 003 (DOC): every step of "Smart License Management" is a click here; the words of links
// and buttons are the document's.

mod assets;
mod authorization;
pub mod frame;
mod hosts;
mod licenses;
pub mod outcome;
mod overview;
mod registration;
mod reservation;
mod reserved;
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
        .configure(hosts::configure)
        .configure(reservation_routes)
        .default_service(web::to(nowhere));
}

fn reservation_routes(routes: &mut ServiceConfig) {
    use reservation as r;
    // Where a refused form stands, a reload is to find a page.
    let all = [
        ("", vec![get().to(r::page)]),
        ("/request", vec![get().to(r::page), post().to(r::request)]),
        ("/cancel", vec![get().to(r::page), post().to(r::cancel)]),
        ("/disable", vec![get().to(r::page), post().to(r::disable)]),
        ("/install", vec![get().to(r::page), post().to(r::install)]),
        ("/return-authorization", vec![get().to(r::page), post().to(r::return_unused)]),
        ("/trust", vec![get().to(r::page), post().to(r::trust)]),
        ("/modify", vec![get().to(r::modify_form), post().to(r::modify)]),
        ("/return", vec![get().to(r::question), post().to(r::create_return)]),
        ("/finish", vec![get().to(r::page), post().to(r::finish)]),
        ("/code/{which}", vec![get().to(r::save)]),
    ];
    for (path, methods) in all {
        let path = format!("{}/reservation{path}", super::visit::LICENSING);
        let resource = methods.into_iter().fold(web::resource(path), Resource::route);
        routes.service(resource.default_service(web::to(other_method)));
    }
}

async fn nowhere(Signed(visit): Signed) -> Answer {
    Err(visit.fault(&Fault::NotFound(format!("page {}", visit.here))))
}
