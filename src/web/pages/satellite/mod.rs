//! Pages of the satellite (SSM On-Prem): the sign-in, and the Administration Workspace.

pub mod access;
pub mod accounts;
pub mod admin;
pub mod events;
pub mod first_login;
pub mod forgotten;
pub mod form;
pub mod groups;
pub mod home;
pub mod manage;
pub mod password;
pub mod requests;
pub mod security;
pub mod settings;
pub mod sync;
pub mod toolkit;
pub mod user_forms;
pub mod users;

use super::cssm::sign_in;
use super::labels::synchronization as label;
use crate::domain::system::SystemPermission;
use actix_web::web::{ServiceConfig, get, post};

/// The routes of the portal.
pub fn configure(routes: &mut ServiceConfig) {
    routes
        .route("/", get().to(home::page))
        .route("/accounts/new", get().to(requests::blank))
        .route("/accounts/new", post().to(requests::create))
        .route("/access/new", get().to(access::blank))
        .route("/access/new", post().to(access::create))
        .route("/access/{id}/grant", get().to(access::ask_role))
        .route("/access/{id}/grant", post().to(access::give_role))
        .route("/access/{id}/decline", get().to(access::ask_decline))
        .route("/access/{id}/decline", post().to(access::decline))
        .route("/login", get().to(sign_in::form))
        .route("/login", post().to(sign_in::sign_in))
        .route("/logout", post().to(sign_in::sign_out))
        .route("/password", get().to(password::form))
        .route("/password", post().to(password::change))
        .route("/password/forgot", get().to(forgotten::ask))
        .route("/password/forgot", post().to(forgotten::send))
        .route("/password/reset", get().to(forgotten::code))
        .route("/password/reset", post().to(forgotten::set));
    first_login_routes(routes);
    administration_routes(routes);
    account_routes(routes);
    manage_routes(routes);
    sync_routes(routes);
    user_routes(routes);
    group_routes(routes);
}

fn first_login_routes(routes: &mut ServiceConfig) {
    routes
        .route("/first-login", get().to(first_login::begin))
        .route("/first-login/language", get().to(first_login::language))
        .route("/first-login/language", post().to(first_login::set_language))
        .route("/first-login/password", get().to(first_login::password))
        .route("/first-login/password", post().to(first_login::set_password))
        .route("/first-login/host", get().to(first_login::host))
        .route("/first-login/host", post().to(first_login::set_host))
        .route("/first-login/review", get().to(first_login::review))
        .route("/first-login/review", post().to(first_login::end));
}

/// The Administration Workspace, a widget after the other.
fn administration_routes(routes: &mut ServiceConfig) {
    routes
        .route("/admin", get().to(admin::home))
        .route("/admin/settings", get().to(settings::message))
        .route("/admin/settings", post().to(settings::set_message))
        .route("/admin/settings/outbox", get().to(settings::outbox))
        .route("/admin/security", get().to(security::account))
        .route("/admin/security", post().to(security::set_account))
        .route("/admin/security/password", get().to(security::password))
        .route("/admin/security/password", post().to(security::set_password))
        .route("/admin/api-toolkit", get().to(toolkit::page))
        .route("/admin/api-toolkit", post().to(toolkit::switch))
        .route("/admin/api-toolkit/new", get().to(toolkit::form))
        .route("/admin/api-toolkit/new", post().to(toolkit::create))
        .route("/admin/api-toolkit/{id}/revoke", get().to(toolkit::ask_revoke))
        .route("/admin/api-toolkit/{id}/revoke", post().to(toolkit::revoke))
        .route("/admin/events.csv", get().to(events::export))
        .route("/admin/events", get().to(events::log));
}

fn sync_routes(routes: &mut ServiceConfig) {
    const SYNC: &str = "/admin/synchronization";
    let at = |rest: &str| format!("{SYNC}/{rest}");
    routes
        .route(SYNC, get().to(sync::list))
        .route(&at("schedules"), get().to(sync::schedules::page))
        .route(&at("schedules/edit"), get().to(sync::schedules::edit))
        .route(&at("schedules/edit"), post().to(sync::schedules::set))
        .route(&at("events"), get().to(sync::log::page))
        .route(&at("{number}"), get().to(sync::details::page))
        .route(&at("{number}/now/{kind}"), get().to(sync::now::form))
        .route(&at("{number}/now/{kind}"), post().to(sync::now::synchronize))
        .route(&at("{number}/manual"), get().to(sync::manual::form))
        .route(&at("{number}/request"), post().to(sync::manual::request))
        .route(&at("{number}/response"), post().to(sync::manual::response))
        .route(&at("{number}/schedule"), get().to(sync::schedules::edit_own))
        .route(&at("{number}/schedule"), post().to(sync::schedules::set_own))
        .route(&at("{number}/privacy"), get().to(sync::privacy::form))
        .route(&at("{number}/privacy"), post().to(sync::privacy::set));
}

fn account_routes(routes: &mut ServiceConfig) {
    const ACCOUNTS: &str = "/admin/accounts";
    let at = |rest: &str| format!("{ACCOUNTS}/{rest}");
    routes
        .route(ACCOUNTS, get().to(accounts::list))
        .route(&at("requests"), get().to(accounts::requests::list))
        .route(&at("events"), get().to(accounts::log::page))
        .route(&at("new"), get().to(accounts::requests::blank))
        .route(&at("new"), post().to(accounts::requests::create))
        .route(&at("{number}"), get().to(accounts::details::one))
        .route(&at("{number}/approve"), get().to(accounts::decide::ask_approve))
        .route(&at("{number}/approve"), post().to(accounts::decide::approve))
        .route(&at("{number}/reject"), get().to(accounts::decide::ask_reject))
        .route(&at("{number}/reject"), post().to(accounts::decide::reject))
        .route(&at("{number}/manual"), get().to(accounts::manual::page))
        .route(&at("{number}/manual"), post().to(accounts::manual::upload))
        .route(&at("{number}/registration"), post().to(accounts::manual::registration))
        .route(&at("{number}/deactivate"), get().to(accounts::life::ask_deactivate))
        .route(&at("{number}/deactivate"), post().to(accounts::life::deactivate))
        .route(&at("{number}/activate"), post().to(accounts::life::activate))
        .route(&at("{number}/delete"), get().to(accounts::life::ask_delete))
        .route(&at("{number}/delete"), post().to(accounts::life::delete));
}

/// *Manage Account* of a local account; its virtual accounts are mounted in both portals.
fn manage_routes(routes: &mut ServiceConfig) {
    const ACCOUNT: &str = "/sa/{domain}";
    let at = |rest: &str| format!("{ACCOUNT}/{rest}");
    routes
        .route(&at("manage"), get().to(manage::properties))
        .route(&at("manage/events"), get().to(manage::log::page))
        .route(&at("agreements"), get().to(manage::agreements))
        .route(&at("access-requests"), get().to(manage::requests::list))
        .route(&at("users"), get().to(manage::users::list))
        .route(&at("users/new"), get().to(manage::users::blank))
        .route(&at("users/new"), post().to(manage::users::give))
        .route(&at("users/{id}/edit"), get().to(manage::users::edit))
        .route(&at("users/{id}/edit"), post().to(manage::users::change))
        .route(&at("users/{id}/remove"), get().to(manage::users::ask_remove))
        .route(&at("users/{id}/remove"), post().to(manage::users::remove))
        .route(&at("user-groups"), get().to(manage::group_roles::list))
        .route(&at("user-groups/new"), get().to(manage::group_roles::blank))
        .route(&at("user-groups/new"), post().to(manage::group_roles::give))
        .route(&at("user-groups/{id}/edit"), get().to(manage::group_roles::edit))
        .route(&at("user-groups/{id}/edit"), post().to(manage::group_roles::change))
        .route(&at("user-groups/{id}/remove"), get().to(manage::group_roles::ask_remove))
        .route(&at("user-groups/{id}/remove"), post().to(manage::group_roles::remove));
}

fn group_routes(routes: &mut ServiceConfig) {
    const GROUPS: &str = "/admin/user-groups";
    let at = |rest: &str| format!("{GROUPS}/{rest}");
    routes
        .route(GROUPS, get().to(groups::list))
        .route(&at("new"), get().to(groups::blank))
        .route(&at("new"), post().to(groups::create))
        .route(&at("{id}/edit"), get().to(groups::edit))
        .route(&at("{id}/edit"), post().to(groups::change))
        .route(&at("{id}/remove"), get().to(groups::ask_remove))
        .route(&at("{id}/remove"), post().to(groups::remove));
}

fn user_routes(routes: &mut ServiceConfig) {
    const USERS: &str = "/admin/users";
    let at = |rest: &str| format!("{USERS}/{rest}");
    routes
        .route(USERS, get().to(users::list))
        .route(&at("new"), get().to(user_forms::blank))
        .route(&at("new"), post().to(user_forms::create))
        .route(&at("{id}/edit"), get().to(user_forms::edit))
        .route(&at("{id}/edit"), post().to(user_forms::change))
        .route(&at("{id}/password"), get().to(user_forms::password))
        .route(&at("{id}/password"), post().to(user_forms::set_password))
        .route(&at("{id}/disable"), get().to(users::ask_disable))
        .route(&at("{id}/disable"), post().to(users::disable))
        .route(&at("{id}/enable"), post().to(users::enable))
        .route(&at("{id}/unlock"), post().to(users::unlock))
        .route(&at("{id}/remove"), get().to(users::ask_remove))
        .route(&at("{id}/remove"), post().to(users::remove));
}

/// The tabs of the Administration Workspace: label, address, and the right that opens it.
pub const TABS: [(&str, &str, SystemPermission); 8] = [
    ("Overview", "/admin", SystemPermission::EnterAdministration),
    ("Accounts", accounts::HERE, SystemPermission::EnterAdministration),
    (label::TAB, sync::SYNC, SystemPermission::Synchronize),
    ("Users", users::USERS, SystemPermission::ManageUsers),
    ("Settings", settings::SETTINGS, SystemPermission::ManageSettings),
    ("Security", "/admin/security", SystemPermission::ManageSecurity),
    ("API Toolkit", "/admin/api-toolkit", SystemPermission::ManageSecurity),
    ("Event Log", "/admin/events", SystemPermission::EnterAdministration),
];
