//! The story of README, from the first token to the last product.

use super::{ENHANCED_PLUS, V1};
use super::{enhanced_plus, events, figures, some_with, tab, token};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use serde_json::json;
use syncom::device::machine::{AuthorizationState, RegistrationState};

on_both_databases!(a_product_goes_out_of_compliance_and_is_put_right);

/// AS-08, AS-09, AS-11, AS-14: register, consume 4 of 10, consume 13, see −3 and
/// the alert, transfer 3 in, authorized at the next contact, deregister.
async fn a_product_goes_out_of_compliance_and_is_put_right(app: &TestApp) {
    let (bob, ulf) = (app.rest_as("bob").await, app.rest_as("ulf").await);
    let mut product = app.device(1);
    product.register(&token(&bob, "Berlin", json!({})).await).await.unwrap();
    assert_eq!(product.registration(), RegistrationState::Complete);

    product.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    assert_eq!(product.authorization(), AuthorizationState::Authorized);
    assert_eq!(enhanced_plus(&bob, "Berlin").await, (10, 4, 6));

    product.consume(tags::ENHANCED_PLUS, 13).await.unwrap();
    assert_eq!(product.authorization(), AuthorizationState::OutOfCompliance);
    let short = figures(&bob, "Berlin", ENHANCED_PLUS).await;
    assert_eq!(short, (10, 13, -3, "Out Of Compliance".into()));
    let browser = app.sign_in("ulf").await;
    let alerts = browser.get("/sa/lab.example/alerts").await.table("Sev");
    assert!(alerts[0].join(" ").contains("short of 3"), "{alerts:?}");

    let body = json!({"licenses":[{"license":ENHANCED_PLUS,"licenseType":"PERPETUAL","quantity":3,
        "targetVirtualAccount":"Berlin","precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    let moved = ulf.post(&path, &body).await;
    assert_eq!(moved.json["status"], "SUCCESS", "{moved:?}");
    let left = browser.get("/sa/lab.example/alerts").await.alerts("Insufficient");
    assert!(left.is_empty(), "{left:?}");
    product.renew_authorization().await.unwrap();
    assert_eq!(product.authorization(), AuthorizationState::Authorized);

    product.deregister().await.unwrap();
    assert_eq!(product.registration(), RegistrationState::NotRegistered);
    assert_eq!(enhanced_plus(&bob, "Berlin").await, (13, 0, 13));
    assert!(tab(&browser, "Berlin", "instances").await.table("Name").is_empty());
    let log = events(&browser, "Berlin").await;
    for told in ["registered", "short of 3", "in compliance again", "deregistered"] {
        assert!(some_with(&log, &[told]), "{told}: {log:?}");
    }
}
