//! Licenses are neither made nor lost, and every balance is explained.

use super::dump;
use super::steps::block_on;
use crate::scenarios::{V1, token};
use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground as _};
use crate::support::device::{TestDevice, tags};
use crate::support::rest::Rest;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use syncom::db;

const PLACES: [&str; 4] = ["DEFAULT", "Berlin", "Tokyo", "Vault"];
const GOODS: [(&str, &str); 4] = [
    ("CUWL", "PERPETUAL"),
    ("UCM Enhanced Plus", "PERPETUAL"),
    ("Meetings Host", "PERPETUAL"),
    ("Meetings Host", "TERM"),
];
const TAGS: [&str; 3] = [tags::CUWL, tags::ENHANCED_PLUS, tags::MEETINGS_HOST];

/// One step of a random life.
#[derive(Clone, Debug)]
enum Deed {
    Transfer(usize, usize, usize, i64),
    Consume(usize, usize, u64),
    Remove(usize),
    Order(usize, usize, i64),
    Wait(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let transfer = (0usize..4, 0usize..4, 0usize..4, 1i64..60)
        .prop_map(|(from, to, what, n)| Deed::Transfer(from, to, what, n));
    prop_oneof![
        4 => transfer,
        4 => (0usize..3, 0usize..3, 0u64..60).prop_map(|(who, what, n)| Deed::Consume(who, what, n)),
        1 => (0usize..3).prop_map(Deed::Remove),
        1 => (0usize..4, 0usize..2, 1i64..20).prop_map(|(at, what, n)| Deed::Order(at, what, n)),
        1 => (1i64..60).prop_map(Deed::Wait),
    ]
}

/// The quantity of all lines of each license, wherever they are and whatever their state.
async fn goods(app: &TestApp) -> BTreeMap<String, i64> {
    dump::read(app, |conn| {
        let account = db::accounts::all(conn)?.remove(0).id;
        let tree = db::virtual_accounts::tree(conn, account)?;
        let places: Vec<_> = tree.all().iter().map(|va| va.id).collect();
        let mut sums = BTreeMap::new();
        for pool in db::pools::list(conn, db::pools::Places::these(&places))? {
            let quantity: i64 = pool.lines.iter().map(|line| line.quantity).sum();
            *sums.entry(pool.entitlement.name).or_default() += quantity;
        }
        Ok(sums)
    })
    .await
}

/// Each row of the license list is what its explanation adds up to.
async fn explained(app: &TestApp) {
    let rest = app.rest_as("ulf").await;
    let listed = rest.post(&format!("{V1}/licenses"), &json!({"limit":-1})).await.json;
    for row in listed["licenses"].as_array().unwrap() {
        let query = serde_urlencoded::to_string([
            ("smart_account", "lab.example"),
            ("virtual_account", row["virtualAccount"].as_str().unwrap()),
            ("license", row["license"].as_str().unwrap()),
        ]);
        let path = format!("/_syncom/explain?{}", query.unwrap());
        let told = app.rest().get(&path).await.json;
        assert_eq!(told["adds_up"], true, "{told}");
        for (shown, explained) in [
            ("available", "balance"),
            ("inUse", "in_use"),
            ("quantity", "usable"),
            ("status", "status"),
        ] {
            assert_eq!(row[shown], told[explained], "{shown}: {row} {told}");
        }
    }
}

async fn act(
    app: &TestApp,
    rest: &Rest,
    devices: &mut [TestDevice],
    deed: &Deed,
) -> Option<(&'static str, i64)> {
    match deed {
        Deed::Transfer(from, to, what, quantity) => {
            let (license, kind) = GOODS[*what];
            let body = json!({"licenses":[{"license":license,"licenseType":kind,
                "quantity":quantity,"targetVirtualAccount":PLACES[*to]}]});
            let path = format!("{V1}/virtual-accounts/{}/licenses/transfer", PLACES[*from]);
            let status = rest.post(&path, &body).await.status;
            assert!([200, 400, 409, 422].contains(&status), "moved or refused, not {status}");
        }
        Deed::Consume(who, what, count) => {
            drop(devices[*who].consume(TAGS[*what], *count).await);
        }
        Deed::Remove(who) => {
            let udi = json!({"sudi":{"udiPid":"SIM","udiSerialNumber":format!("{:06}", who + 1)}});
            let body = json!({"productInstacesRemoveRequests":[udi]});
            for place in PLACES {
                rest.post(&format!("{V1}/virtual-accounts/{place}/devices/remove"), &body).await;
            }
        }
        Deed::Order(at, what, quantity) => {
            let license = GOODS[*what].0;
            let order = json!({"smart_account":"lab.example","virtual_account":PLACES[*at],
                "license":license,"license_type":"PERPETUAL","quantity":quantity});
            assert_eq!(app.rest().post("/_syncom/orders", &order).await.status, 201);
            return Some((license, *quantity));
        }
        Deed::Wait(days) => app.advance(TimeDelta::days(*days)),
    }
    None
}

async fn live(deeds: &[Deed]) {
    let fixture = concat!(
        include_str!("../../../src/lab/fixtures/lab.yaml"),
        "    reservations:\n      - { virtual_account: Vault, pid: SIM, serial: R1, license: \
         Meetings Host, quantity: 7 }\n"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), fixture).unwrap();
    let named = file.path().display().to_string();
    let app = TestApp::start(Database::sqlite(), |config| config.fixture = named).await;
    let ulf = app.rest_as("ulf").await;
    let mut devices: Vec<TestDevice> = Vec::new();
    for (number, place) in (1..).zip(["Berlin", "Tokyo", "Vault"]) {
        let mut device = app.device(number);
        device.register(&token(&ulf, place, json!({})).await).await.unwrap();
        devices.push(device);
    }
    let mut expected = goods(&app).await;
    for deed in deeds {
        let rest = app.rest_as("ulf").await;
        if let Some((license, quantity)) = act(&app, &rest, &mut devices, deed).await {
            *expected.get_mut(license).unwrap() += quantity;
        }
        assert_eq!(goods(&app).await, expected, "after {deed:?}");
        explained(&app).await;
    }
    app.leave().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// A-TRF-07, A-SEM-06: only orders change the sum of the lines, and every balance adds up.
    #[test]
    fn licenses_are_neither_made_nor_lost(deeds in prop::collection::vec(deed(), 5..25)) {
        block_on(live(&deeds));
    }
}

/// A-SEM-06: what has ended does not count, wherever it is; the sum of what counts falls by just that.
#[test]
fn an_expiry_takes_what_has_ended_and_nothing_else() {
    block_on(async {
        let app = TestApp::start(Database::sqlite(), |_| {}).await;
        let usable = async || {
            let rest = app.rest_as("ulf").await;
            let all = rest.post(&format!("{V1}/licenses"), &json!({"limit":-1})).await.json;
            let rows: Vec<Value> = all["licenses"].as_array().unwrap().clone();
            rows.iter().map(|row| row["quantity"].as_i64().unwrap()).sum::<i64>()
        };
        let before = usable().await;
        app.set_clock("2026-03-07T00:00:00Z");
        assert_eq!(usable().await, before - 3, "three demo licenses");
        app.set_clock("2026-07-01T00:00:00Z");
        assert_eq!(usable().await, before - 3 - 5, "five of a term");
        app.leave().await;
    });
}
