//! What products live through.

use super::*;
use crate::device::machine::{AuthorizationState, RegistrationState};
use chrono::TimeDelta;

fn uses(count: u64) -> Vec<(String, u64)> {
    vec![(TAG.to_owned(), count)]
}

/// AS-08, AS-09, AS-11: consume, run short, be told, be put right, leave.
#[actix_web::test]
async fn a_product_registers_consumes_runs_short_and_leaves() {
    let site = Site::start().await;
    let client = site.client();
    let mut device = site.registered("SIM000001").await;
    let identity = device.state().registration.identity.clone().unwrap();
    assert_eq!(identity.smart_account, "Contoso Lab");
    assert_eq!(identity.virtual_account, "Tokyo");
    assert_eq!(identity.signer_serial, 3);
    assert_eq!(identity.expires_at, site.now().plus_days(365));
    assert_eq!(identity.renew_at, site.now().plus_days(180));

    device.use_licenses(&client, &uses(4), site.now()).await.unwrap();
    assert_eq!(device.state().authorization_state(site.now()), AuthorizationState::Authorized);
    assert_eq!(device.state().authorization.next_attempt, Some(site.now().plus_days(30)));
    assert_eq!(device.state().authorization.deadline, Some(site.now().plus_days(90)));
    let told = &device.state().usage[TAG];
    assert_eq!(told.display_name.as_deref(), Some("UCM Enhanced Plus"));

    // Tokyo has 40, and 100 of the higher tier that stand in for them.
    device.use_licenses(&client, &uses(143), site.now()).await.unwrap();
    assert_eq!(device.state().authorization_state(site.now()), AuthorizationState::OutOfCompliance);
    let twelve_hours = site.now() + TimeDelta::hours(12);
    assert_eq!(device.state().authorization.next_attempt, Some(twelve_hours));

    device.use_licenses(&client, &uses(40), site.now()).await.unwrap();
    assert_eq!(device.state().authorization_state(site.now()), AuthorizationState::Authorized);
    device.use_licenses(&client, &uses(0), site.now()).await.unwrap();
    assert_eq!(device.state().authorization_state(site.now()), AuthorizationState::None);
    device.deregister(&client, site.now()).await.unwrap();
    assert_eq!(device.state().registration_state(), RegistrationState::NotRegistered);
}

/// AS-14: the licenses of a product that left are free for the others at once.
#[actix_web::test]
async fn licenses_of_a_product_that_left_are_free_at_once() {
    let site = Site::start().await;
    let client = site.client();
    let mut first = site.registered("SIM000001").await;
    let mut second = site.registered("SIM000002").await;
    first.use_licenses(&client, &uses(140), site.now()).await.unwrap();
    second.use_licenses(&client, &uses(1), site.now()).await.unwrap();
    assert_eq!(second.state().authorization_state(site.now()), AuthorizationState::OutOfCompliance);
    first.deregister(&client, site.now()).await.unwrap();
    second.renew_authorization(&client, site.now()).await.unwrap();
    assert_eq!(second.state().authorization_state(site.now()), AuthorizationState::Authorized);
}

/// AS-13: refused without force; with it, the old certificate counts no more.
#[actix_web::test]
async fn a_known_product_registers_again_only_with_force() {
    let site = Site::start().await;
    let client = site.client();
    let mut old = site.registered("SIM000001").await;
    let mut reset = site.device("SIM000001");
    let refused = reset.register(&client, &site.token, false, site.now()).await.unwrap_err();
    assert!(
        texts(&refused)
            .contains("udiSerialNumber:SIM000001,udiPid:SIM has already been registered"),
        "{refused}"
    );
    reset.register(&client, &site.token, true, site.now()).await.unwrap();
    let gone = old.renew_authorization(&client, site.now()).await.unwrap_err();
    assert!(texts(&gone).contains("is not valid.Please re-register the instance."), "{gone}");
    reset.renew_authorization(&client, site.now()).await.unwrap();
}

/// A-SEM-10: a renewal replaces the certificate; the one before counts no more.
#[actix_web::test]
async fn a_renewed_identity_replaces_the_old_one() {
    let site = Site::start().await;
    let client = site.client();
    let mut device = site.registered("SIM000001").await;
    let mut before = device.clone();
    site.clock.advance(TimeDelta::days(180));
    device.renew_identity(&client, site.now()).await.unwrap();
    let identity = device.state().registration.identity.as_ref().unwrap();
    assert_eq!(identity.expires_at, site.now().plus_days(365));
    device.renew_authorization(&client, site.now()).await.unwrap();
    let gone = before.renew_authorization(&client, site.now()).await.unwrap_err();
    assert!(texts(&gone).contains("is not valid.Please re-register"), "{gone}");
}

/// AS-03: a token that is not known, and one past its last day.
#[actix_web::test]
async fn only_a_live_token_registers() {
    let site = Site::start().await;
    let client = site.client();
    let mut device = site.device("SIM000001");
    let unknown = device.register(&client, "bm8gdG9rZW4", false, site.now()).await.unwrap_err();
    assert_eq!(texts(&unknown), "The token 'bm8gdG9rZW4' is not valid.");
    site.clock.advance(TimeDelta::days(365));
    let expired = device.register(&client, &site.token, false, site.now()).await.unwrap_err();
    assert_eq!(texts(&expired), format!("The token '{}' has expired.", site.token));
    assert_eq!(device.state().registration_state(), RegistrationState::Failed);
}

/// A tag that nobody knows is named as such and does not spoil the rest.
#[actix_web::test]
async fn an_unknown_tag_is_marked_invalid() {
    let site = Site::start().await;
    let mut device = site.registered("SIM000001").await;
    let counts = vec![(TAG.to_owned(), 1), ("regid.2026-01.com.nobody.X,1_y".to_owned(), 1)];
    device.use_licenses(&site.client(), &counts, site.now()).await.unwrap();
    let usage = &device.state().usage;
    assert_eq!(
        usage["regid.2026-01.com.nobody.X,1_y"].enforce_mode.as_deref(),
        Some("invalid-tag")
    );
    assert_eq!(usage[TAG].enforce_mode.as_deref(), Some("in-compliance"));
}

/// device-protocol.md 1.4: real agents sign with RSA-2048.
#[actix_web::test]
async fn a_product_with_an_rsa_key_is_served_too() {
    let site = Site::start().await;
    let client = site.client();
    let mut device = Device::simulated("SIM000001", KeyKind::Rsa2048).unwrap();
    device.register(&client, &site.token, false, site.now()).await.unwrap();
    device.renew_authorization(&client, site.now()).await.unwrap();
    device.renew_identity(&client, site.now()).await.unwrap();
    device.deregister(&client, site.now()).await.unwrap();
}
