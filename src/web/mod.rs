//! The web: extract, one engine call, render. actix lives here and nowhere else.

mod dated;
pub mod device;
pub mod error;
pub mod extract;
pub mod lab;
pub mod multipart;
mod normalize;
pub mod pages;
pub mod proxy;
pub mod rest;
pub mod serve;
pub mod tenant;
pub mod tls;
pub mod visit;
pub mod wire;
pub mod workbook;

use crate::lab::worlds::Worlds;

/// What a listener serves: one site, in whichever world a request names.
#[derive(Clone)]
pub struct Listener {
    /// All worlds of the process.
    pub worlds: Worlds,
    /// The name of the site.
    pub site: String,
}

use crate::domain::site::Edition;
use actix_web::web::ServiceConfig;

/// The routes of a site, by its edition.
pub fn routes(routes: &mut ServiceConfig, edition: Edition) {
    // The router tries one after the other: what machines call stands first.
    device::configure(routes, edition);
    match edition {
        Edition::Cssm => rest::configure(routes),
        Edition::Satellite => rest::configure_on_prem(routes),
    }
    lab::configure(routes, edition);
    pages::configure(routes, edition);
}
