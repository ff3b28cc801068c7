//! The portal: pages rendered on the server, usable without JavaScript.
//!
//! One struct per page is its template; `view` and `frame` hold what they
//! share. Handlers fill the structs from engine results and render them.

pub mod ask;
pub mod assets;
pub mod chrome;
pub mod clock;
pub mod confirm;
pub mod cssm;
pub mod csv;
pub mod error;
mod fields;
pub(crate) mod filters;
pub mod flex;
pub mod frame;
pub mod help;
pub mod hub;
pub mod labels;
pub mod licensing;
pub mod paging;
pub mod satellite;
pub mod sent_sync;
pub mod view;
pub mod words;

#[cfg(test)]
mod samples;

use crate::domain::site::Edition;
use actix_web::web::{ServiceConfig, get, post, route};

/// The routes of a site's pages.
pub fn configure(routes: &mut ServiceConfig, edition: Edition) {
    routes
        .route("/static/{file}", get().to(assets::deliver))
        .route("/help", get().to(help::page))
        .route("/clock", get().to(clock::form))
        .route("/clock", post().to(clock::change))
        .default_service(route().to(error::nowhere));
    licensing::configure(routes);
    match edition {
        Edition::Cssm => {
            cssm::configure(routes);
            hub::configure(routes);
            flex::configure(routes);
        }
        Edition::Satellite => satellite::configure(routes),
    }
}
