//! CSSM and a satellite as two processes: a line that is cut for 95 days of the world.

use crate::scenarios::{V1, some_with};
use crate::support::app::{T0, instant};
use crate::support::browser::Browser;
use crate::support::device::{TestDevice, tags};
use crate::support::line::Line;
use crate::support::on_prem::LIST;
use crate::support::process::Process;
use crate::support::rest::Rest;
use crate::support::two_sides::{Running, TwoSides, move_clock};
use crate::support::views::{View, goods, of_cssm, of_satellite};
use serde_json::json;
use std::collections::BTreeMap;
use syncom::clock::Clock;
use syncom::config::LAB_PASSWORD;
use syncom::db;
use syncom::device::machine::AuthorizationState;
use syncom::domain::id::OnPremUid;
use syncom::domain::local_account::LocalState;

/// Both processes, their products, and the watch of the test.
struct Lab {
    sides: TwoSides,
    running: Running,
    line: Line,
    clock: Clock,
    products: Vec<TestDevice>,
}

async fn signed_in(process: &Process, name: &str) -> Browser {
    let browser = Browser::new(&process.url());
    let page = browser.get("/login").await;
    let form = page.form("form").set("username", name).set("password", LAB_PASSWORD);
    let page = browser.submit(form).await;
    assert!(!page.path.starts_with("/login"), "{name} cannot sign in: {}", page.text());
    browser
}

/// A REST client of CSSM, with the bearer of the lab's API client.
async fn rest(cssm: &Process) -> Rest {
    let client = &cssm.ready["lab"]["api_client"];
    let grant = [
        ("grant_type", "client_credentials"),
        ("client_id", client["id"].as_str().unwrap()),
        ("client_secret", client["secret"].as_str().unwrap()),
    ];
    Rest::new(&cssm.url()).signed_in(&grant).await
}

impl Lab {
    async fn begin() -> Self {
        let sides = TwoSides::registered("Plant A", "Sat-A-VA").await;
        let cssm = sides.serve_cssm();
        let line = Line::to(&cssm.url()).await;
        let satellite = sides.serve_satellite(&line.url);
        let running = Running { cssm, satellite };
        let clock = Clock::frozen(instant(T0));
        let url = format!("{}/SmartTransport", running.satellite.url());
        let products = (1..=5).map(|n| TestDevice::new(&url, n, &clock)).collect();
        Self { sides, running, line, clock, products }
    }

    /// The morning of a day; at two in the night the satellite has synchronized, or tried to.
    async fn morning(&self, day: u64) {
        let to = instant(T0).plus_days(day);
        self.clock.set(to);
        for side in [&self.running.cssm, &self.running.satellite] {
            move_clock(side.url(), to).await.unwrap();
        }
    }

    async fn transfer(&self, from: &str, to: &str, quantity: i64) {
        let path = format!("{V1}/virtual-accounts/{from}/licenses/transfer");
        let body = json!({"licenses":[{"license":"UCM Enhanced Plus","licenseType":"PERPETUAL",
            "quantity":quantity,"targetVirtualAccount":to,"precedence":"LONGEST_TERM_FIRST"}]});
        let answer = rest(&self.running.cssm).await.post(&path, &body).await;
        assert_eq!((answer.status, &answer.json["status"]), (200, &json!("SUCCESS")), "{answer:?}");
    }

    async fn account(&self) -> (OnPremUid, LocalState) {
        let read = |conn: &mut db::Conn| Ok(db::local_accounts::all(conn)?.remove(0));
        let account = self.sides.in_satellite(read).await;
        (account.uid, account.state)
    }

    async fn cssm(&self, uid: OnPremUid) -> Option<View> {
        self.sides.in_cssm(move |conn| of_cssm(conn, uid)).await
    }

    async fn goods(&self) -> BTreeMap<String, i64> {
        self.sides.in_cssm(goods).await
    }

    async fn satellite(&self) -> View {
        self.sides.in_satellite(of_satellite).await
    }
}

/// The alerts of CSSM, and what the satellite's page says, on a day without a line.
async fn both_sides_tell(lab: &Lab, alert: &str, state: &str) {
    let ann = signed_in(&lab.running.cssm, "ann").await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert!(some_with(&alerts.alerts(alert), &["Plant A"]), "{alert}: {}", alerts.text());
    let admin = signed_in(&lab.running.satellite, "admin").await;
    let list = admin.get("/admin/synchronization").await;
    assert!(list.text().contains(state), "{state}: {}", list.text());
}

/// AS-36, AS-37, B-SYN-12, A-OPA-10, A-OPA-11, B-ACC-12: 95 days without a line, products that
/// renew at the satellite all along, an On-Prem that is removed and registered again: nothing is
/// lost, nothing is doubled.
#[actix_web::test]
async fn ninety_five_days_without_a_line_lose_and_double_nothing() {
    let mut lab = Lab::begin().await;
    let goods = lab.goods().await;
    lab.transfer("Tokyo", "Sat-A-VA", 12).await;
    lab.morning(1).await;
    let token = lab.sides.token.clone();
    for product in &mut lab.products {
        product.register(&token).await.unwrap();
        product.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    }
    lab.morning(2).await;
    let (uid, _) = lab.account().await;
    let before = lab.satellite().await;
    assert_eq!(before.told.instances.len(), 5);
    assert_eq!(lab.cssm(uid).await.unwrap(), before);

    lab.line.cut();
    alone(&mut lab).await;
    assert!(lab.cssm(uid).await.is_none(), "CSSM has removed it");
    let ann = signed_in(&lab.running.cssm, "ann").await;
    let list = ann.get(LIST).await;
    assert!(list.text().contains("Expired"), "{}", list.text());
    lab.transfer("Sat-A-VA", "Tokyo", 3).await;

    lab.line.mend();
    lab.morning(97).await;
    assert_eq!(lab.account().await, (uid, LocalState::Expired), "a line alone does not help");
    let lab = register_again(lab).await;
    let (fresh, state) = lab.account().await;
    assert_eq!(state, LocalState::Active);
    assert_ne!(fresh, uid);
    healed(lab, fresh, goods).await;
}

/// Day 3 to day 95: the products go on, and both sides tell how late it is.
async fn alone(lab: &mut Lab) {
    for day in (7..=92).step_by(5) {
        lab.morning(day).await;
        let working = day < 92;
        for product in &mut lab.products {
            assert_eq!(product.renew_authorization().await.is_ok(), working, "day {day}");
            assert_eq!(product.authorization(), AuthorizationState::Authorized, "day {day}");
        }
        match day {
            32 => both_sides_tell(lab, "Synchronization Overdue", "Failed").await,
            62 => {
                let near = "Upcoming Satellite Sync Deadline (30 Day)";
                both_sides_tell(lab, near, "Failed").await;
            }
            _ => {}
        }
    }
    lab.morning(97).await;
    assert_eq!(lab.account().await.1, LocalState::Expired);
}

/// A person registers it again, while the processes rest.
async fn register_again(lab: Lab) -> Lab {
    let Lab { sides, running, clock, products, .. } = lab;
    drop(running);
    sides.register_again(clock.now()).await;
    let cssm = sides.serve_cssm();
    let line = Line::to(&cssm.url()).await;
    let satellite = sides.serve_satellite(&line.url);
    let running = Running { cssm, satellite };
    Lab { sides, running, line, clock, products }
}

async fn healed(lab: Lab, uid: OnPremUid, goods: BTreeMap<String, i64>) {
    let url = format!("{}/SmartTransport", lab.running.satellite.url());
    let mut lab = lab;
    for product in &mut lab.products {
        product.move_to(&url);
        product.renew_authorization().await.unwrap();
        assert_eq!(product.authorization(), AuthorizationState::OutOfCompliance, "9 for 10");
    }
    lab.transfer("Tokyo", "Sat-A-VA", 1).await;
    lab.morning(98).await;
    for product in &mut lab.products {
        product.renew_authorization().await.unwrap();
        assert_eq!(product.authorization(), AuthorizationState::Authorized);
    }
    lab.morning(99).await;
    let there = lab.cssm(uid).await.unwrap();
    assert_eq!(lab.satellite().await, there);
    assert_eq!(there.told.instances.len(), 5);
    assert_eq!(there.told.used.values().sum::<i64>(), 10);
    assert_eq!(there.lines.values().sum::<i64>(), 10);
    assert_eq!(lab.goods().await, goods, "no license was made or lost");
}
