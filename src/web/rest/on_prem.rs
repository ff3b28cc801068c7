//! The API of a satellite: that of CSSM without account types, the local account's name in the
//! place of a domain (rest-api 2.2 and 11).

use super::super::tenant::tenant_url;
use super::call::{Call, Drained, ok};
use super::family::{Answer, Failure, Lists, Tokens};
use super::virtual_accounts as places;
use super::{alerts, both, devices, get, licenses, oauth, only, post, tokens, unknown};
use crate::engine::LocalAccountSeen;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use serde::Serialize;

/// Mounts the API under both of its addresses (proven: ABH uses both).
pub fn configure(routes: &mut ServiceConfig) {
    for path in ["/backend/oauth/token", "/oauth/token"] {
        let probed = web::get().to(probe);
        routes.service(only(path, "GET, POST").route(probed).route(web::post().to(oauth::on_prem)));
    }
    routes.service(get("/backend", web::get().to(probe)));
    for base in ["/api/v1", "/backend/api/v1"] {
        routes.service(web::scope(base).configure(calls));
    }
}

fn calls(routes: &mut ServiceConfig) {
    const ACCOUNT: &str = "/accounts/{domain}";
    let at = |rest: &str| format!("{ACCOUNT}/{rest}");
    let va = |rest: &str| format!("{ACCOUNT}/virtual-accounts/{{va}}/{rest}");
    let calls = [
        post(&at("licenses"), web::post().to(licenses::list)),
        post(&at("license-subscriptions"), web::post().to(licenses::subscriptions)),
        post(&at("alerts"), web::post().to(alerts::list)),
        both(&va("tokens"), web::get().to(tokens::list), web::post().to(tokens::create)),
        post(&va("tokens/revoke"), web::post().to(tokens::revoke)),
        get(&va("devices"), web::get().to(devices::named)),
        post(&va("devices/transfer"), web::post().to(devices::transfer)),
        post(&va("delete"), web::post().to(places::delete)),
        both(&at("virtual-accounts"), web::get().to(places::list), web::post().to(places::create)),
        post("/upstream_satellites/accounts", web::post().to(accounts)),
    ];
    for resource in calls {
        routes.service(resource);
    }
    routes.default_service(web::to(unknown));
}

/// A look without a credential, whether services are up: 403 says that they are (proven: WWT).
async fn probe(_: Drained) -> Answer<Tokens> {
    let text = "Services are up. A bearer token is asked for with POST.";
    Err(Failure::new(StatusCode::FORBIDDEN, "access_denied", text))
}

#[expect(clippy::struct_field_names, reason = "the names are those of the API")]
#[derive(Serialize)]
struct Account {
    account_id: i64,
    domain: String,
    name: String,
    /// Where products report by policy. Shown only: nothing answers there yet.
    cslu_tenant_url: Option<String>,
    cssm_smart_account_id: Option<i64>,
    cssm_smart_account_name: String,
    cssm_virtual_account_name: String,
    virtual_accounts: Vec<String>,
}

#[expect(clippy::struct_field_names, reason = "the names are those of the API")]
#[derive(Serialize)]
struct Accounts {
    status: &'static str,
    #[serde(rename = "statusMessage")]
    status_message: &'static str,
    accounts: Vec<Account>,
}

/// P1: the local accounts of the caller.
async fn accounts(call: Call<Lists>) -> Answer<Lists> {
    let seen = call.engine.local_accounts_seen(&call.who).await?;
    let origin = call.origin();
    let accounts = seen.into_iter().map(|one| Account::of(one, &origin)).collect();
    Ok::<HttpResponse, _>(ok(&Accounts { status: "COMPLETE", status_message: "", accounts }))
}

impl Account {
    fn of(seen: LocalAccountSeen, origin: &str) -> Self {
        Self {
            account_id: seen.number,
            domain: seen.name.clone(),
            name: seen.name,
            cslu_tenant_url: seen.tenant.map(|tenant| tenant_url(origin, &tenant)),
            cssm_smart_account_id: None,
            cssm_smart_account_name: seen.smart_account,
            cssm_virtual_account_name: seen.upstream,
            virtual_accounts: seen.virtual_accounts,
        }
    }
}
