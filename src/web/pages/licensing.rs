//! The pages of an account that both portals have: on a satellite, its Licensing Workspace
//! (B-LWS-01). What they call things is a value, `words`; what belongs to CSSM alone is mounted
//! there.

use super::cssm::reservations::{answers, code, rehost, reserve, support, update};
use super::cssm::{
    activity, alerts, custom_tags, events, exports, general, instances, license, license_tags,
    licenses, restricted, sign_in, token_batch, tokens, transfer_flow, va_change, va_export,
    va_new, virtual_accounts,
};
use actix_web::web::{ServiceConfig, get, post};

/// The routes of both portals.
pub fn configure(routes: &mut ServiceConfig) {
    routes
        .route("/sa/{domain}/alerts", get().to(alerts::account))
        .route("/sa/{domain}/alerts.csv", get().to(exports::account_alerts))
        .route("/sa/{domain}/activity/transactions.csv", get().to(exports::transactions))
        .route("/sa/{domain}/activity/events.csv", get().to(exports::account_events))
        .route("/sa/{domain}/activity/transactions", get().to(activity::transactions))
        .route("/sa/{domain}/activity/events", get().to(activity::events))
        .route("/sa/{domain}/inventory", get().to(sign_in::inventory));
    inventory_routes(routes);
    token_routes(routes);
    virtual_account_routes(routes);
    custom_tag_routes(routes);
    reservation_routes(routes);
    support_routes(routes);
}

/// Tokens of several virtual accounts at once; those of one stand below it.
fn token_routes(routes: &mut ServiceConfig) {
    const TOKENS: &str = "/sa/{domain}/tokens";
    let at = |rest: &str| format!("{TOKENS}/{rest}");
    routes
        .route(&at("new"), get().to(token_batch::terms))
        .route(&at("new"), post().to(token_batch::create))
        .route(&at("new/details"), get().to(token_batch::details))
        .route(&at("new/review"), get().to(token_batch::review))
        .route(&at("made"), get().to(token_batch::made));
}

fn inventory_routes(routes: &mut ServiceConfig) {
    const VA: &str = "/sa/{domain}/inventory/{va}";
    let at = |rest: &str| format!("{VA}/{rest}");
    routes
        .route(&at("general"), get().to(general::tab))
        .route(&at("alerts"), get().to(alerts::virtual_account))
        .route(&at("alerts.csv"), get().to(exports::va_alerts))
        .route(&at("alerts/dismiss"), get().to(alerts::ask_dismiss))
        .route(&at("alerts/dismiss"), post().to(alerts::dismiss))
        .route(&at("events.csv"), get().to(exports::va_events))
        .route(&at("events"), get().to(events::tab))
        .route(&at("tokens/new"), get().to(tokens::form))
        .route(&at("tokens/new"), post().to(tokens::create))
        .route(&at("tokens/{id}"), get().to(tokens::one))
        .route(&at("tokens/{id}/download"), get().to(tokens::download))
        .route(&at("tokens/{id}/revoke"), get().to(tokens::ask_revoke))
        .route(&at("tokens/{id}/revoke"), post().to(tokens::revoke))
        .route(&at("tokens/{id}/remove"), get().to(tokens::ask_remove))
        .route(&at("tokens/{id}/remove"), post().to(tokens::remove))
        .route(&at("license-tags"), get().to(license_tags::form))
        .route(&at("license-tags"), post().to(license_tags::save))
        .route(&at("licenses"), get().to(licenses::tab))
        .route(&at("licenses/{id}"), get().to(license::one))
        .route(&at("licenses/{id}/transfer"), get().to(transfer_flow::begin))
        .route(&at("licenses/{id}/transfer"), post().to(transfer_flow::send))
        .route(&at("instances"), get().to(instances::tab))
        .route(&at("instances/{id}"), get().to(instances::one))
        .route(&at("instances/{id}/transfer"), get().to(instances::ask_transfer))
        .route(&at("instances/{id}/transfer"), post().to(instances::transfer))
        .route(&at("instances/{id}/remove"), get().to(instances::ask_remove))
        .route(&at("instances/{id}/remove"), post().to(instances::remove))
        .route(&at("instances/{id}/release"), post().to(restricted::release));
}

fn virtual_account_routes(routes: &mut ServiceConfig) {
    const LIST: &str = "/sa/{domain}/virtual-accounts";
    let at = |rest: &str| format!("{LIST}{rest}");
    routes
        .route(LIST, get().to(virtual_accounts::list))
        .route(&at(".csv"), get().to(va_export::export))
        .route(&at("/new"), get().to(va_new::form))
        .route(&at("/new"), post().to(va_new::create))
        .route(&at("/{va}/edit"), get().to(va_change::form))
        .route(&at("/{va}/edit"), post().to(va_change::change))
        .route(&at("/{va}/empty"), get().to(va_change::ask_empty))
        .route(&at("/{va}/empty"), post().to(va_change::empty))
        .route(&at("/{va}/default"), get().to(virtual_accounts::ask_default))
        .route(&at("/{va}/default"), post().to(virtual_accounts::make_default))
        .route(&at("/{va}/delete"), get().to(virtual_accounts::ask_delete))
        .route(&at("/{va}/delete"), post().to(virtual_accounts::delete));
}

fn custom_tag_routes(routes: &mut ServiceConfig) {
    const LIST: &str = "/sa/{domain}/custom-tags";
    let at = |rest: &str| format!("{LIST}{rest}");
    routes
        .route(LIST, get().to(custom_tags::list))
        .route(&at("/new"), get().to(custom_tags::blank))
        .route(&at("/new"), post().to(custom_tags::create))
        .route(&at("/{id}/edit"), get().to(custom_tags::edit))
        .route(&at("/{id}/edit"), post().to(custom_tags::change))
        .route(&at("/{id}/remove"), get().to(custom_tags::ask_remove))
        .route(&at("/{id}/remove"), post().to(custom_tags::remove));
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
