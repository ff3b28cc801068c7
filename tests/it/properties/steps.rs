//! Time is the same in one jump and in many steps.

use super::dump;
use crate::scenarios::{V1, tab, token};
use crate::support::app::{T0, TestApp, instant};
use crate::support::databases::{Database, Ground as _};
use crate::support::device::{TestDevice, tags};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
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
    /// So many are ordered for later.
    Promise(usize, i64),
    /// What was promised first is provisioned.
    Provision,
    /// A person removes a device.
    Remove(usize),
    /// A person dismisses an alert of Berlin.
    Dismiss,
}

/// Who acts in a world, and what waits there.
struct Cast {
    devices: Vec<TestDevice>,
    token: String,
    promised: Vec<String>,
}

/// What happens in a world, by day.
type History = Vec<(i64, Deed)>;

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0usize..4, 1i64..20, -30i64..120, 1i64..200)
            .prop_map(|(what, n, begin, last)| Deed::Order(what, n, begin, last)),
        5 => (0usize..3, 0usize..4, 0u64..30).prop_map(|(who, what, n)| Deed::Contact(who, what, n)),
        1 => (1i64..20).prop_map(Deed::Transfer),
        1 => (0usize..4, 1i64..20).prop_map(|(what, n)| Deed::Promise(what, n)),
        1 => Just(Deed::Provision),
        1 => (1usize..4).prop_map(Deed::Remove),
        1 => Just(Deed::Dismiss),
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
    let token = token(&ann, "Berlin", json!({"expiresAfterDays":365})).await;
    let devices = (1..=3).map(|number| app.device(number)).collect();
    let mut cast = Cast { devices, token, promised: Vec::new() };
    for (day, deed) in history {
        walk(&app, *day, gait).await;
        act(&app, deed, &mut cast).await;
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

async fn act(app: &TestApp, deed: &Deed, cast: &mut Cast) {
    match deed {
        Deed::Order(what, quantity, begin, last) => {
            let starts = (app.now() + TimeDelta::days(*begin)).date();
            let ends = starts + TimeDelta::days(*last);
            let term = json!({"quantity":quantity,"starts":starts,"ends":ends});
            order(app, *what, term).await;
        }
        Deed::Contact(who, what, count) => {
            let device = &mut cast.devices[*who];
            if device.state().registration.identity.is_none()
                && device.register(&cast.token).await.is_err()
            {
                return;
            }
            // A device that was removed meanwhile is told so, in every world alike.
            drop(device.consume(TAGS[*what], *count).await);
        }
        Deed::Transfer(quantity) => {
            let body = json!({"licenses":[{"license":NAMES[1],"licenseType":"PERPETUAL",
                "quantity":quantity,"targetVirtualAccount":"Berlin"}]});
            ask(app, "Tokyo/licenses/transfer", &body).await;
        }
        Deed::Promise(what, quantity) => {
            let ends = (app.now() + TimeDelta::days(90)).date();
            let term = json!({"quantity":quantity,"ends":ends,"pending":true});
            cast.promised.push(order(app, *what, term).await);
        }
        Deed::Provision => provision(app, &mut cast.promised).await,
        Deed::Remove(number) => {
            let body = json!({"productInstacesRemoveRequests":[{"sudi":{"udiPid":"SIM",
                "udiSerialNumber":format!("{number:06}")}}]});
            ask(app, "Berlin/devices/remove", &body).await;
        }
        Deed::Dismiss => dismiss(app).await,
    }
}

/// An order for Berlin; answers its line.
async fn order(app: &TestApp, what: usize, term: Value) -> String {
    let mut order = json!({"smart_account":"lab.example","virtual_account":"Berlin",
        "license":NAMES[what],"license_type":"TERM"});
    order.as_object_mut().unwrap().extend(term.as_object().unwrap().clone());
    let answer = app.rest().post("/_syncom/orders", &order).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["line"].as_str().unwrap().to_owned()
}

/// What a person asks for; a refusal is one in every world alike.
async fn ask(app: &TestApp, what: &str, body: &Value) {
    let rest = app.rest_as("ulf").await;
    let answer = rest.post(&format!("{V1}/virtual-accounts/{what}"), body).await;
    assert!(answer.status < 500, "done or refused: {answer:?}");
}

async fn provision(app: &TestApp, promised: &mut Vec<String>) {
    if promised.is_empty() {
        return;
    }
    let line = promised.remove(0);
    let answer = app.rest().post(&format!("/_syncom/orders/{line}/provision"), &json!(null)).await;
    assert!([200, 409].contains(&answer.status), "done, or it has ended meanwhile: {answer:?}");
}

async fn dismiss(app: &TestApp) {
    let ulf = app.sign_in("ulf").await;
    let alerts = tab(&ulf, "Berlin", "alerts").await;
    if let Some(link) = alerts.attributes("a[href*='alerts/dismiss']", "href").first() {
        let asked = ulf.get(link).await;
        let done = ulf.submit(asked.form("form[action*='alerts/dismiss']")).await;
        assert_eq!(done.status, 200, "{}", done.text());
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
