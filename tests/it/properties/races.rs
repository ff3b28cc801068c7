//! Clients that race.

use crate::scenarios::{V1, enhanced_plus};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::rest::{Answer, Rest};
use futures_util::future::join;
use serde_json::json;

on_both_databases!(a_thousand_races_lose_and_double_nothing);

/// How often the two race.
const ROUNDS: u32 = 1_000;

async fn transfer(rest: &Rest, from: &str, to: &str, quantity: i64) -> Answer {
    let body = json!({"licenses":[{"license":"UCM Enhanced Plus","licenseType":"PERPETUAL",
        "quantity":quantity,"targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
    rest.post(&format!("{V1}/virtual-accounts/{from}/licenses/transfer"), &body).await
}

/// AS-19, A-TRF-07: of two transfers of 25 out of 40 exactly one succeeds, a thousand times.
async fn a_thousand_races_lose_and_double_nothing(app: &TestApp) {
    let (ann, ulf) = (app.rest_as("ann").await, app.rest_as("ulf").await);
    for round in 0..ROUNDS {
        let both = (transfer(&ann, "Tokyo", "Berlin", 25), transfer(&ulf, "Tokyo", "Berlin", 25));
        let (one, two) = join(both.0, both.1).await;
        let mut outcomes = [one.status, two.status];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [200, 422], "round {round}: {one:?} {two:?}");
        let back = transfer(&ann, "Berlin", "Tokyo", 25).await;
        assert_eq!(back.status, 200, "round {round}: {back:?}");
    }
    assert_eq!(enhanced_plus(&ulf, "Tokyo").await, (40, 0, 40));
    assert_eq!(enhanced_plus(&ulf, "Berlin").await, (10, 0, 10));
}
