//! Time is the same in one jump and in many steps.

use super::dump;
use crate::scenarios::{V1, token};
use crate::support::app::{T0, TestApp, instant};
use crate::support::databases::{Database, Ground as _};
use crate::support::device::{TestDevice, tags};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;
use syncom::domain::Timestamp;

/// Days that each world lives.
const DAYS: i64 = 400;
const TAGS: [&str; 4] = [tags::CUWL, tags::ENHANCED_PLUS, tags::MEETINGS_HOST, tags::ESSENTIALS];
const NAMES: [&str; 4] = ["CUWL", "UCM Enhanced Plus", "Meetings Host", "C9300 DNA Essentials"];

/// Something that somebody does on a day of a world.
#[derive(Clone, Debug)]
enum Deed {
    /// So many of a license are ordered, to begin and to last so many days.
    Order(usize, i64, i64, i64),
    /// A device comes with a need, or comes again.
    Contact(usize, usize, u64),
    /// Licenses move from Tokyo to Berlin.
    Transfer(i64),
}

/// What happens in a world, by day.
type History = Vec<(i64, Deed)>;

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0usize..4, 1i64..20, -30i64..120, 1i64..200)
            .prop_map(|(what, n, begin, last)| Deed::Order(what, n, begin, last)),
        5 => (0usize..3, 0usize..4, 0u64..30).prop_map(|(who, what, n)| Deed::Contact(who, what, n)),
        1 => (1i64..20).prop_map(Deed::Transfer),
    ]
}

fn history() -> impl Strategy<Value = History> {
    prop::collection::vec((0i64..380, deed()), 4..14).prop_map(|mut days| {
        days.sort_by_key(|(day, _)| *day);
        days
    })
}

/// How a world gets from one instant to a later one.
type Gait<'a> = &'a mut dyn FnMut(i64) -> TimeDelta;

/// Plays a history, and tells what there is in the end.
async fn play(history: &History, gait: Gait<'_>) -> Vec<String> {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let ann = app.rest_as("ulf").await;
    let text = token(&ann, "Berlin", json!({"expiresAfterDays":365})).await;
    let mut devices: Vec<TestDevice> = (1..=3).map(|number| app.device(number)).collect();
    for (day, deed) in history {
        walk(&app, *day, gait).await;
        act(&app, deed, &mut devices, &text).await;
    }
    walk(&app, DAYS, gait).await;
    let told = dump::all(&app).await;
    app.leave().await;
    told
}

async fn walk(app: &TestApp, day: i64, gait: Gait<'_>) {
    let end = instant(T0) + TimeDelta::days(day);
    while app.now() < end {
        let step: Timestamp = app.now() + gait((end - app.now()).num_minutes());
        app.running.clock.set(step.min(end));
        app.engine().tick().await.unwrap();
    }
}

async fn act(app: &TestApp, deed: &Deed, devices: &mut [TestDevice], text: &str) {
    match deed {
        Deed::Order(what, quantity, begin, last) => {
            let starts = (app.now() + TimeDelta::days(*begin)).date();
            let ends = starts + TimeDelta::days(*last);
            let order = json!({"smart_account":"lab.example","virtual_account":"Berlin",
                "license":NAMES[*what],"license_type":"TERM","quantity":quantity,
                "starts":starts,"ends":ends});
            let answer = app.rest().post("/_syncom/orders", &order).await;
            assert_eq!(answer.status, 201, "{answer:?}");
        }
        Deed::Contact(who, what, count) => {
            let device = &mut devices[*who];
            if device.state().registration.identity.is_none()
                && device.register(text).await.is_err()
            {
                return;
            }
            // A device that was removed meanwhile is told so, in every world alike.
            drop(device.consume(TAGS[*what], *count).await);
        }
        Deed::Transfer(quantity) => {
            let rest = app.rest_as("ulf").await;
            let body = json!({"licenses":[{"license":NAMES[1],"licenseType":"PERPETUAL",
                "quantity":quantity,"targetVirtualAccount":"Berlin"}]});
            let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
            let status = rest.post(&path, &body).await.status;
            assert!([200, 400, 409, 422].contains(&status), "moved or refused, not {status}");
        }
    }
}

/// Runs a future in a system of its own.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// AS-49: one jump of 400 days, 400 daily steps, and random steps write the same state and log.
    #[test]
    fn one_jump_and_many_steps_write_the_same(
        history in history(), gaits in prop::collection::vec(1i64..90_000, 1..12)
    ) {
        block_on(async {
            let jump = play(&history, &mut TimeDelta::minutes).await;
            let daily = play(&history, &mut |_| TimeDelta::days(1)).await;
            let mut turn = gaits.iter().cycle();
            let random = play(&history, &mut |_| TimeDelta::minutes(*turn.next().unwrap())).await;
            assert!(jump.len() > 40, "a world in which nothing happens proves nothing");
            assert_eq!(jump, daily);
            assert_eq!(jump, random);
        });
    }
}
