//! Pages of Smart Software Manager, one file per tab. A satellite shares those that
//! `licensing` mounts.

pub mod activity;
pub mod agreement;
pub mod alert_filter;
pub mod alerts;
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
pub mod virtual_accounts;

use actix_web::web::{ServiceConfig, get, post};
use on_prems::{change, details, file_sync, register};
use reservations::{answers, code, rehost, reserve, support, update};

/// The routes of the portal.
pub fn configure(routes: &mut ServiceConfig) {
    routes
        .route("/", get().to(sign_in::accounts))
        .route("/login", get().to(sign_in::form))
        .route("/login", post().to(sign_in::sign_in))
        .route("/logout", post().to(sign_in::sign_out))
        .route("/sa/{domain}/agreement", get().to(agreement::form))
        .route("/sa/{domain}/agreement", post().to(agreement::accept));
    reservation_routes(routes);
    support_routes(routes);
    on_prem_routes(routes);
}

/// Wizards and codes of license reservations.
fn reservation_routes(routes: &mut ServiceConfig) {
    const VA: &str = "/sa/{domain}/inventory/{va}";
    let at = |rest: &str| format!("{VA}/{rest}");
    routes
        .route(&at("reserve"), get().to(reserve::begin))
        .route(&at("reserve"), post().to(reserve::send))
        .route(&at("instances/{id}/update"), get().to(update::begin))
        .route(&at("instances/{id}/update"), post().to(update::send))
        .route(&at("instances/{id}/confirm"), get().to(answers::ask_confirm))
        .route(&at("instances/{id}/confirm"), post().to(answers::confirm))
        .route(&at("instances/{id}/cancel-update"), get().to(answers::ask_cancel))
        .route(&at("instances/{id}/cancel-update"), post().to(answers::cancel))
        .route(&at("instances/{id}/return"), post().to(answers::give_back))
        .route(&at("instances/{id}/authorization"), get().to(code::one))
        .route(&at("instances/{id}/authorization/download"), get().to(code::download))
        .route(&at("instances/{id}/rehost"), get().to(rehost::begin))
        .route(&at("instances/{id}/rehost"), post().to(rehost::send));
}

/// The support desk of the lab.
fn support_routes(routes: &mut ServiceConfig) {
    const DESK: &str = "/sa/{domain}/support";
    let at = |rest: &str| format!("{DESK}/{rest}");
    routes
        .route(DESK, get().to(support::desk))
        .route(DESK, post().to(support::switch))
        .route(&at("{id}/accept"), get().to(support::ask_accept))
        .route(&at("{id}/accept"), post().to(support::accept))
        .route(&at("{id}/roll-back"), get().to(support::ask_roll_back))
        .route(&at("{id}/roll-back"), post().to(support::roll_back))
        .route(&at("{id}/remove"), get().to(support::ask_remove))
        .route(&at("{id}/remove"), post().to(support::remove));
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
