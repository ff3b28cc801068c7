//! Every product that Syncom simulates, with the portal: each reserves, answers and gives back.

use super::lab;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::rest::Rest;
use serde_json::{Value, json};
use syncom::crypto::keys::KeyKind;
use syncom::device::Device;
use syncom::device::machine::{Ask, Event};
use syncom::device::profile::Profile;
use syncom::device::state::Product;
use syncom::domain::reservation::Kind;

on_both_databases!(every_product_reserves_and_returns);

fn vault(action: &str) -> String {
    lab("v1", &format!("virtual-accounts/Vault/{action}"))
}

fn ask(app: &TestApp, device: &mut Device, ask: Ask) {
    let (told, name) = (format!("{ask:?}"), device.state().profile.name.clone());
    let done = device.step(Event::Reserve(ask), app.now());
    done.unwrap_or_else(|error| panic!("{name}, {told}: {error}"));
}

/// What the portal gives for a request code.
async fn reserved(rest: &Rest, code: &str) -> Value {
    let body = json!({"reservationRequests":[{"reservationCode":code,
        "licenses":[{"entitlementTag":"Meetings Host","quantity":1}]}]});
    let answer = rest.post(&vault("reserve-licenses"), &body).await;
    assert_eq!(answer.status, 200, "{code}: {answer:?}");
    answer.json["authorizationCodes"][0].clone()
}

async fn lives(app: &TestApp, rest: &Rest, profile: Profile, kind: Kind) {
    let product = Product::of(&profile, &profile.serial);
    let mut device = Device::new(profile, product, KeyKind::P256).unwrap();
    device.settings_mut().ca_pem = Some(std::fs::read_to_string(&app.running.ca).unwrap());
    ask(app, &mut device, Ask::Enable);
    ask(app, &mut device, Ask::Request(kind));
    let code = device.state().reservation.request.clone().unwrap().code;
    let given = reserved(rest, &code).await;
    let text = given["authorizationCode"].as_str().unwrap().to_owned();
    ask(app, &mut device, Ask::Install(text));
    let who = json!({"sudi":given["sudi"],"productTagName":given["productTagName"]});
    let with = |name: &str, value: Option<&String>| {
        let mut entry = who.clone();
        entry[name] = json!(value.unwrap());
        entry
    };
    let confirmation =
        with("confirmationCode", device.state().reservation.last_confirmation.as_ref());
    let body = json!({"reservationConfirmationRequests":[confirmation]});
    let confirmed = rest.post(&vault("confirm-licenses"), &body).await;
    assert_eq!(confirmed.json["status"], "SUCCESS", "{code}: {confirmed:?}");
    ask(app, &mut device, Ask::Return);
    let back = with("returnCode", device.state().reservation.last_return.as_ref());
    let body = json!({"productInstacesRemoveRequests":[back]});
    let removed = rest.post(&vault("devices/remove"), &body).await;
    assert_eq!(removed.json["status"], "SUCCESS", "{code}: {removed:?}");
}

/// AS-23, A-RSV-03, A-RSV-12, A-RSV-15: hardware by its serial number and software by its UUID,
/// specific and universal: the product takes the portal's code, the portal both of its answers.
async fn every_product_reserves_and_returns(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    for profile in Profile::built_in().unwrap() {
        for kind in [Kind::Specific, Kind::Universal] {
            lives(app, &rest, profile.clone(), kind).await;
        }
    }
}
