//! Pages of Smart Software Manager, one file per tab. A satellite shares those that
//! `licensing` mounts.

pub mod activity;
pub mod agreement;
pub mod alert_filter;
pub mod alerts;
pub mod custom_tags;
pub mod events;
pub mod explain;
pub mod exports;
pub mod general;
pub mod instances;
pub mod inventory;
pub mod license;
pub mod license_tags;
pub mod licenses;
pub mod on_prems;
pub mod place;
pub mod reservations;
pub mod restricted;
pub mod sign_in;
pub mod token_batch;
pub mod tokens;
pub mod transfer_flow;
pub mod transfers;
pub mod va_change;
pub mod va_export;
pub mod va_new;
pub mod virtual_accounts;

use actix_web::web::{ServiceConfig, get, post};
use on_prems::{change, details, file_sync, register};

/// The routes of the portal.
pub fn configure(routes: &mut ServiceConfig) {
    routes
        .route("/", get().to(sign_in::accounts))
        .route("/login", get().to(sign_in::form))
        .route("/login", post().to(sign_in::sign_in))
        .route("/logout", post().to(sign_in::sign_out))
        .route("/sa/{domain}/agreement", get().to(agreement::form))
        .route("/sa/{domain}/agreement", post().to(agreement::accept));
    on_prem_routes(routes);
}

fn on_prem_routes(routes: &mut ServiceConfig) {
    const LIST: &str = "/sa/{domain}/on-prem";
    let at = |rest: &str| format!("{LIST}{rest}");
    routes
        .route(LIST, get().to(on_prems::list))
        .route(&at(".csv"), get().to(on_prems::export))
        .route(&at("/new"), get().to(register::form))
        .route(&at("/new"), post().to(register::create))
        .route(&at("/{number}"), get().to(details::one))
        .route(&at("/{number}/authorization"), get().to(details::authorization))
        .route(&at("/{number}/response"), get().to(details::response))
        .route(&at("/{number}/sync"), get().to(file_sync::form))
        .route(&at("/{number}/sync"), post().to(file_sync::upload))
        .route(&at("/{number}/attach"), get().to(change::ask_attach))
        .route(&at("/{number}/attach"), post().to(change::attach))
        .route(&at("/{number}/rename"), get().to(change::ask_rename))
        .route(&at("/{number}/rename"), post().to(change::rename))
        .route(&at("/{number}/remove"), get().to(change::ask_remove))
        .route(&at("/{number}/remove"), post().to(change::remove))
        .route(&at("/{number}/dismiss"), get().to(change::ask_dismiss))
        .route(&at("/{number}/dismiss"), post().to(change::dismiss));
}
