//! The newer gateway: the same calls below other addresses (documented; rest-api 13).

use super::call::{Call, ok};
use super::family::{Answer, Lists};
use super::{alerts, devices, get, licenses, post, reserve, unknown};
use actix_web::web::{self, ServiceConfig};
use serde::Serialize;

/// What all its addresses begin with.
const BASE: &str = "/v1/software/apis/licensing";

/// Mounts the calls.
pub(super) fn configure(routes: &mut ServiceConfig) {
    let one = "/account/{domain}/virtual-account/{va}";
    let calls = [
        post("/v1/account/{domain}/get-alerts", web::post().to(alerts::list)),
        post(
            "/v1/account/{domain}/licenses/subscription-usage",
            web::post().to(licenses::subscription_usage),
        ),
        post("/v1/search-slr-details", web::post().to(slr_details)),
        post(&format!("/v1{one}/licenses/reserve"), web::post().to(reserve::reserve)),
        post(&format!("/v2{one}/licenses/reserve"), web::post().to(reserve::reserve)),
        post("/v2/account/{domain}/licenses/reserve-bulk", web::post().to(reserve::reserve_bulk)),
        post("/v2/accounts/{domain}/licenses/reserve", web::post().to(reserve::reserve_bulk)),
        // The path of v1 is not public; this one follows that of reserve (ours).
        post(&format!("/v1{one}/licenses/update"), web::post().to(reserve::update_misspelled)),
        post("/v2/accounts/{domain}/licenses/update", web::post().to(reserve::update)),
        post(&format!("/v1{one}/confirm-slr-update"), web::post().to(reserve::confirm)),
        post("/v2/accounts/{domain}/licenses/confirm", web::post().to(reserve::confirm)),
        get("/v2/accounts/{domain}/devices", web::get().to(devices::of_place)),
        post("/v3/accounts/{domain}/devices/remove", web::post().to(devices::remove)),
    ];
    let mut scope = web::scope(BASE);
    for call in calls {
        scope = scope.service(call);
    }
    routes.service(scope.default_service(web::to(unknown)));
}

#[derive(Serialize)]
struct SlrDetails {
    status: &'static str,
    status_message: &'static str,
    data: Vec<SlrProduct>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SlrProduct {
    software_tag: String,
    entitlements: Vec<SlrEntitlement>,
}

#[derive(Serialize)]
struct SlrEntitlement {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "entitlementTag")]
    entitlement_tag: Option<String>,
    /// Capitals as the clients have them (proven).
    #[serde(rename = "Export")]
    export: &'static str,
    #[serde(rename = "UDI_PID")]
    udi_pid: Option<String>,
}

/// The most software tags in one question (ours).
const MOST: usize = 100;

/// Which reservations products can have: here every known product both.
pub async fn slr_details(call: Call<Lists>) -> Answer<Lists> {
    let tags = call.fields.needed_texts("softwareTags", MOST)?;
    let known = call.engine.products(&call.who, tags).await?;
    let product = |known: crate::domain::reservation::Product| SlrProduct {
        entitlements: ["SPECIFIC", "UNIVERSAL"]
            .map(|kind| SlrEntitlement {
                kind,
                entitlement_tag: None,
                export: "NO",
                udi_pid: known.pid.clone(),
            })
            .into(),
        software_tag: known.software_tag,
    };
    let data = known.into_iter().map(product).collect();
    Ok(ok(&SlrDetails { status: "SUCCESS", status_message: "", data }))
}
