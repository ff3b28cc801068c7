//! Control Hub and Partner Hub: pages of customers and of their partners.

pub mod activity;
pub mod frame;
pub mod labels;
pub mod landing;
pub mod people;
pub mod usage;

use actix_web::web::{ServiceConfig, get, post};

/// The routes of the hub.
pub fn configure(routes: &mut ServiceConfig) {
    usage::configure(routes);
    routes
        .route("/hub", get().to(landing::list))
        .route("/hub/language/{code}", get().to(landing::language))
        .route("/hub/{key}", get().to(landing::enter))
        .route("/hub/{key}/activity", get().to(activity::log))
        .route("/hub/{key}/people", get().to(people::list))
        .route("/hub/{key}/people/new", get().to(people::blank))
        .route("/hub/{key}/people/new", post().to(people::give))
        .route("/hub/{key}/people/{id}/remove", get().to(people::ask_remove))
        .route("/hub/{key}/people/{id}/remove", post().to(people::remove));
}
