//! CSSM and a satellite as two processes: a line that is cut for 95 days of the world.

use crate::scenarios::{V1, some_with};
use crate::support::app::{T0, instant};
use crate::support::device::{TestDevice, tags};
use crate::support::line::Line;
use crate::support::on_prem::LIST;
use crate::support::process::Process;
use crate::support::rest::Rest;
use crate::support::two_sides::{Running, TwoSides, move_clock};
use crate::support::views::{View, goods, of_cssm, of_satellite};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
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
    /// A registration token of the satellite.
    token: String,
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
        let sides = TwoSides::new();
        let cssm = sides.serve_cssm();
        let line = Line::to(&cssm.url()).await;
        let satellite = sides.serve_satellite(&line.url);
        let running = Running { cssm, satellite };
        let token = running.register("Plant A", "Sat-A-VA").await;
        let clock = Clock::frozen(instant(T0));
        let url = format!("{}/SmartTransport", running.satellite.url());
        let products = (1..=5).map(|n| TestDevice::new(&url, n, &clock)).collect();
        Self { sides, running, line, clock, products, token }
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

/// The alerts of CSSM and of the satellite, on a day without a line.
async fn both_sides_tell(lab: &Lab, alert: &str) {
    let alerts = lab.running.ann().await.get("/sa/lab.example/alerts").await;
    assert!(some_with(&alerts.alerts(alert), &["Plant A"]), "{alert}: {}", alerts.text());
    let admin = lab.running.admin().await;
    let home = admin.get("/admin").await;
    assert!(some_with(&home.alerts(alert), &["Plant A"]), "{alert}: {}", home.text());
    assert!(some_with(&home.alerts("Synchronization Failed"), &["cannot be reached"]));
    let list = admin.get("/admin/synchronization").await;
    assert!(list.text().contains("Failed"), "{}", list.text());
}

/// `syncom sync`, the real binary, at one of the two processes.
fn carry(process: &Process, user: &str, stick: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncom"));
    command.args(["sync", "--url", &process.url(), "--user", user]).args(words);
    command.current_dir(stick).env("SYNCOM_PASSWORD", LAB_PASSWORD).output().unwrap()
}

/// AS-36, AS-37, B-SYN-12, A-OPA-11, B-ACC-12: 95 days without a line, products that
/// renew at the satellite all along, an On-Prem that is removed and registered again: nothing is
/// lost, nothing is doubled. People work by the pages of the two processes.
#[actix_web::test]
async fn ninety_five_days_without_a_line_lose_and_double_nothing() {
    let mut lab = Lab::begin().await;
    let goods = lab.goods().await;
    lab.transfer("Tokyo", "Sat-A-VA", 12).await;
    lab.morning(1).await;
    let token = lab.token.clone();
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
    let stick = tempfile::tempdir().unwrap();
    alone(&mut lab, stick.path()).await;
    assert!(lab.cssm(uid).await.is_none(), "CSSM has removed it");
    removed(&lab, stick.path()).await;
    lab.transfer("Sat-A-VA", "Tokyo", 3).await;

    lab.line.mend();
    lab.morning(97).await;
    assert_eq!(lab.account().await, (uid, LocalState::Expired), "a line alone does not help");
    lab.running.register_again().await;
    let (fresh, state) = lab.account().await;
    assert_eq!(state, LocalState::Active);
    assert_ne!(fresh, uid);
    healed(lab, fresh, goods).await;
}

/// Day 3 to day 97: the products go on, and both sides tell how late it is. On day 87 somebody
/// makes a file, and does not carry it in time.
async fn alone(lab: &mut Lab, stick: &Path) {
    for day in (7..=92).step_by(5) {
        lab.morning(day).await;
        let working = day < 92;
        for product in &mut lab.products {
            assert_eq!(product.renew_authorization().await.is_ok(), working, "day {day}");
            assert_eq!(product.authorization(), AuthorizationState::Authorized, "day {day}");
        }
        match day {
            32 => both_sides_tell(lab, "Synchronization Overdue").await,
            62 => both_sides_tell(lab, "Upcoming Satellite Sync Deadline (30 Day)").await,
            87 => {
                let words = ["export", "Plant A", "--to", "."];
                let made = carry(&lab.running.satellite, "admin", stick, &words);
                assert!(made.status.success(), "{made:?}");
            }
            _ => {}
        }
    }
    lab.morning(97).await;
    assert_eq!(lab.account().await.1, LocalState::Expired);
    for product in &lab.products {
        let then =
            |days: u64| product.state().authorization_state(instant(T0).plus_days(87 + days));
        assert_eq!(then(89), AuthorizationState::Authorized, "90 days after it was told");
        assert_eq!(then(90), AuthorizationState::AuthorizationExpired);
    }
}

/// CSSM lists it as expired and says why; its virtual account is ordinary, and its file is refused.
async fn removed(lab: &Lab, stick: &Path) {
    let ann = lab.running.ann().await;
    let list = ann.get(LIST).await;
    assert!(list.text().contains("Expired and removed"), "{}", list.text());
    let log = ann.get("/sa/lab.example/activity/events").await.table("Message");
    let log: Vec<String> = log.iter().map(|row| row.join(" | ")).collect();
    assert!(some_with(&log, &["Plant A failed to synchronize until", "was removed"]), "{log:?}");
    let accounts = ann.get("/sa/lab.example/virtual-accounts").await;
    assert!(!accounts.text().contains("Plant A"), "{}", accounts.text());
    let files: Vec<_> =
        std::fs::read_dir(stick).unwrap().map(|file| file.unwrap().path()).collect();
    let words = ["import", files[0].to_str().unwrap()];
    let late = carry(&lab.running.cssm, "ann", stick, &words);
    let told = String::from_utf8(late.stderr).unwrap();
    assert!(!late.status.success() && told.contains("has to register again"), "{told}");
}

async fn healed(mut lab: Lab, uid: OnPremUid, goods: BTreeMap<String, i64>) {
    for product in &mut lab.products {
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
