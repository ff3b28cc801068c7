//! Clients that race.

use crate::scenarios::{V1, enhanced_plus, token};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::{TestDevice, tags};
use crate::support::rest::{Answer, Rest};
use futures_util::future::{join, join_all, join4};
use serde_json::json;
use syncom::db::{self, Conn};
use syncom::domain::Error;

on_both_databases!(
    a_thousand_races_lose_and_double_nothing,
    reports_beside_work_that_is_undone_stay_right,
);

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

/// A-SEM-05, A-SEM-18: devices report in the same commits as work that fails and as changes of
/// people; what is kept in memory between their reports is always what is stored.
async fn reports_beside_work_that_is_undone_stay_right(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let text = token(&ulf, "Tokyo", json!({})).await;
    let mut devices: Vec<TestDevice> = (1..=8).map(|number| app.device(number)).collect();
    for device in &mut devices {
        device.register(&text).await.unwrap();
    }
    let undone = async || {
        let wreck = |conn: &mut Conn| {
            for account in db::accounts::all(conn)? {
                for va in db::virtual_accounts::tree(conn, account.id)?.all() {
                    for instance in db::instances::list(conn, &[va.id])? {
                        db::instances::delete(conn, instance.id)?;
                    }
                }
            }
            Err(Error::Conflict("undone".into()).into())
        };
        app.engine().seed(wreck).await.unwrap_err()
    };
    for round in 0..25u64 {
        let counts = (1..=8).map(|number| (round * number) % 7);
        let all: i64 = counts.clone().sum::<u64>().try_into().unwrap();
        let reports = devices.iter_mut().zip(counts);
        let reports = reports.map(|(device, n)| device.consume(tags::ENHANCED_PLUS, n));
        let (told, _, _, moved) =
            join4(join_all(reports), undone(), undone(), transfer(&ulf, "Tokyo", "Berlin", 1))
                .await;
        assert!(told.into_iter().all(|told| told.is_ok()) && moved.status == 200, "{round}");
        let stock = 39 - i64::try_from(round).unwrap();
        assert_eq!(enhanced_plus(&ulf, "Tokyo").await.1, all, "round {round}");
        assert_eq!(enhanced_plus(&ulf, "Tokyo").await.0, stock, "round {round}");
        assert_eq!(app.engine().drifted_pools().await.unwrap(), []);
    }
}
