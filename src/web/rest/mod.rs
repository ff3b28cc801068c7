//! The cloud's REST API, as other people's clients call it (docs/API-DESIGN.md).

mod accounts;
mod alerts;
mod call;
mod devices;
mod family;
mod gateway;
mod licenses;
mod oauth;
mod on_prem;
mod outcomes;
mod polls;
mod reserve;
mod tokens;
mod virtual_accounts;

use self::call::Drained;
use self::family::{Answer, Failure, Lists};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, Route};
use std::future::ready;

/// Mounts the API. Paths come here normalised: without repeated slashes, without
/// `/services/api`, and without a slash at the end.
pub fn configure(routes: &mut ServiceConfig) {
    let sign_on = [
        post("/as/token.oauth2", web::post().to(oauth::bearer)),
        post("/oauth2/default/v1/token", web::post().to(oauth::bearer)),
        get("/as/authorization.oauth2", web::get().to(oauth::authorization)),
        both(
            "/idp/userinfo.openid",
            web::get().to(oauth::userinfo),
            web::post().to(oauth::userinfo),
        ),
    ];
    for resource in sign_on {
        routes.service(resource);
    }
    let with_places = || web::get().to(accounts::with_virtual_accounts);
    let mut base = web::scope("/smart-accounts-and-licensing")
        .service(get("/v1/accounts/search", web::get().to(accounts::search)))
        .service(get("/v2/accounts/search", with_places()))
        .service(get("/v3/accounts/search", with_places()));
    // Three plain scopes and not a pattern: the router's patterns are slow.
    for version in ["/v1", "/v2", "/v3"] {
        base = base.service(web::scope(version).configure(versioned));
    }
    routes.service(base.default_service(web::to(unknown)));
    gateway::configure(routes);
}

/// Mounts the API of a satellite (rest-api 2.2, 11).
pub fn configure_on_prem(routes: &mut ServiceConfig) {
    on_prem::configure(routes);
}

/// The calls whose shape is the same in every version. Those that are called
/// most stand first, because the router tries one after the other.
fn versioned(routes: &mut ServiceConfig) {
    let calls = [
        post("/accounts/{domain}/licenses", web::post().to(licenses::list)),
        both(
            "/accounts/{domain}/virtual-accounts/{va}/tokens",
            web::get().to(tokens::list),
            web::post().to(tokens::create),
        ),
        post("/accounts/{domain}/devices", web::post().to(devices::list)),
        get("/accounts/{domain}/virtual-accounts/{va}/devices", web::get().to(devices::named)),
        post("/accounts/{domain}/license-subscriptions", web::post().to(licenses::subscriptions)),
        get("/accounts", web::get().to(accounts::own)),
        post("/accounts/poll", web::post().to(polls::poll)),
        post("/devices/authrequest", web::post().to(polls::request_authorization)),
        post("/devices/reportusage", web::post().to(polls::report_usage)),
        both(
            "/accounts/{domain}/{type}/virtual-accounts",
            web::get().to(virtual_accounts::list),
            web::post().to(virtual_accounts::create),
        ),
        post(
            "/accounts/{domain}/{type}/virtual-accounts/{va}/delete",
            web::post().to(virtual_accounts::delete),
        ),
    ];
    for resource in calls {
        routes.service(resource);
    }
    for (action, route) in actions() {
        let path = format!("/accounts/{{domain}}/virtual-accounts/{{va}}/{action}");
        routes.service(post(&path, route));
    }
    routes.default_service(web::to(unknown));
}

/// What is done inside a virtual account.
fn actions() -> [(&'static str, Route); 7] {
    [
        ("tokens/revoke", web::post().to(tokens::revoke)),
        ("licenses/transfer", web::post().to(licenses::transfer)),
        ("devices/transfer", web::post().to(devices::transfer)),
        ("devices/remove", web::post().to(devices::remove)),
        ("reserve-licenses", web::post().to(reserve::reserve)),
        ("update-licenses", web::post().to(reserve::update)),
        ("confirm-licenses", web::post().to(reserve::confirm)),
    ]
}

fn get(path: &str, route: Route) -> Resource {
    only(path, "GET").route(route)
}

fn post(path: &str, route: Route) -> Resource {
    only(path, "POST").route(route)
}

fn both(path: &str, get: Route, post: Route) -> Resource {
    only(path, "GET, POST").route(get).route(post)
}

/// A resource that refuses all other methods.
fn only(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request: HttpRequest, body: Drained| {
        ready(refuse_method(&request, allowed, body))
    }))
}

fn refuse_method(request: &HttpRequest, allowed: &'static str, _: Drained) -> HttpResponse {
    let text = format!("{} is not allowed here; {allowed} is.", request.method());
    let failure: Failure<Lists> =
        Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text);
    let mut answer = failure.error_response();
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// A path that is none of the API's.
async fn unknown(request: HttpRequest, _: Drained) -> Answer<Lists> {
    let text = format!("There is no call {} here.", request.path());
    Err(Failure::new(StatusCode::NOT_FOUND, "not_found", text))
}
