//! Fleets: many products over real HTTP, and what the server has to say about them.

use crate::scenarios::{V1, va_path};
use crate::support::app::{TestApp, install_crypto};
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::process::Process;
use crate::support::rest::Rest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;
use syncom::clock::wall_time;
use syncom::crypto::keys::KeyKind;
use syncom::device::fleet::{Days, Orders, Plan, Report, Spec, Watch, run};
use syncom::device::profile::Profile;
use syncom::device::state::Settings;

on_both_databases!(a_fleet_lives_for_sixty_days, the_same_seed_is_the_same_fleet);

struct Nobody;

impl Watch for Nobody {
    fn begin(&self, _: &str, _: u64) {}
    fn done(&self, _: u64) {}
}

/// Forty products of three kinds, two of each failure. There is no meetings license in Tokyo:
/// whoever uses one asks every twelve hours.
fn orders(app: &TestApp) -> Orders {
    let mix = [("ios-xe", 7), ("sim", 1), ("ucm", 1)];
    let kind = |(name, weight)| {
        let mut profile = Profile::find(name).unwrap();
        if let (true, Some(first)) = (name == "sim", profile.licenses.first_mut()) {
            first.name = "meetings-host".into();
            first.tag = tags::MEETINGS_HOST.into();
        }
        (profile, weight)
    };
    let uses = ["dna-essentials=walk:0..4", "meetings-host=1", "basic=grow:0..3"];
    let plan = Plan::of(Spec {
        seed: "a fleet".to_owned(),
        count: 40,
        mix: mix.into_iter().map(kind).collect(),
        uses: Some(uses.iter().map(|text| text.parse().unwrap()).collect()),
        faults: "30%".parse().unwrap(),
        tokens: vec![app.lab().token.clone().unwrap()],
        key: KeyKind::P256,
        keys: 0,
    });
    Orders {
        plan: plan.unwrap(),
        settings: Settings { url: Some(app.url()), ..Settings::default() },
        concurrency: 8,
        ramp: Duration::ZERO,
        force: false,
        renewals: 0,
        days: Some(Days { all: TimeDelta::days(60), step: TimeDelta::days(20) }),
        leave: false,
    }
}

async fn buy_switch_licenses(app: &TestApp) {
    let line = json!({"smart_account":"lab.example","virtual_account":"Tokyo",
        "license":"C9300 DNA Essentials","license_type":"PERPETUAL","quantity":200});
    assert_eq!(app.rest().post("/_syncom/orders", &line).await.status, 201);
}

async fn go(orders: Orders) -> Report {
    run(orders, Arc::new(Nobody), wall_time).await.unwrap()
}

/// What the server lists as in use of a license in Tokyo.
async fn in_use(rest: &Rest, license: &str) -> u64 {
    let answer = rest.post(&format!("{V1}/licenses"), &json!({"virtualAccounts":["Tokyo"]})).await;
    let rows = answer.json["licenses"].as_array().unwrap().clone();
    let row = rows.into_iter().find(|row| row["license"] == license);
    row.map_or(0, |row| row["inUse"].as_u64().unwrap())
}

async fn listed(rest: &Rest) -> u64 {
    let body = json!({"virtualAccounts":["Tokyo"]});
    rest.post(&format!("{V1}/devices"), &body).await.json["totalRecords"].as_u64().unwrap()
}

fn exchanges(report: &Report, kind: &str) -> Value {
    let report = serde_json::to_value(report).unwrap();
    let rows = report["exchanges"].as_array().unwrap().clone();
    rows.into_iter().find(|row| row["kind"] == kind).unwrap()
}

/// The events of Tokyo as a file, a line each.
async fn events(app: &TestApp) -> Vec<String> {
    let ann = app.sign_in("ann").await;
    let path = va_path(&ann, "Tokyo", "events.csv").await;
    ann.get(&path).await.html.lines().map(str::to_owned).collect()
}

/// Every figure of the report is that of the server: instances, use, registrations; failures on
/// purpose are as many as planned, and nothing else fails.
async fn a_fleet_lives_for_sixty_days(app: &TestApp) {
    buy_switch_licenses(app).await;
    let report = go(orders(app)).await;
    assert_eq!(report.unexpected_failures, [].into(), "{report}");
    assert!(report.as_expected);
    assert_eq!((&*report.begin, &*report.end), (super::support::app::T0, &*app.now().iso()));
    assert_eq!(app.now().iso(), "2026-03-06T09:00:00Z");
    assert_eq!(report.plan.faults.values().copied().collect::<Vec<_>>(), [2; 6]);

    let rest = app.rest_as("ann").await;
    assert_eq!(report.end_state.registered, 36, "but for wrong tokens and skewed clocks");
    assert_eq!(listed(&rest).await, 36);
    assert_eq!(report.end_state.virtual_accounts["Tokyo"], 36);
    for (license, part) in [
        ("C9300 DNA Essentials", "C9300_DNA_ESSENTIALS"),
        ("Meetings Host", "MEETINGS_HOST"),
        ("UCM Basic", "UCM_BASIC"),
    ] {
        let told = report.end_state.in_use.iter().find(|(tag, _)| tag.contains(part));
        assert_eq!(told.map(|(_, count)| *count), Some(in_use(&rest, license).await), "{license}");
    }

    let registrations = exchanges(&report, "registration");
    assert_eq!(registrations["good"], 36);
    assert_eq!(
        (&registrations["sent"], &registrations["expected_failures"]),
        (&json!(40), &json!(4))
    );
    let log = events(app).await;
    let count = |words: &str| log.iter().filter(|line| line.contains(words)).count();
    assert_eq!(count(" registered."), 36, "{log:#?}");

    let authorizations = exchanges(&report, "authorization");
    let failed = &report.expected_failures;
    assert_eq!((failed["wrong-token"], failed["skew"]), (2, 2));
    let others = failed["replay"] + failed["broken"];
    assert!(failed["replay"] > 4 && failed["broken"] > 4, "each renewal: {failed:?}");
    assert_eq!(authorizations["expected_failures"], others);
    let renewals = count(" renewed its authorization");
    assert_eq!(authorizations["good"], renewals, "{log:#?}");
    assert!(renewals > 36 * 3 + 120, "{authorizations}");
    assert!(report.clock.as_ref().unwrap().events["alert_raised"] > 0, "{:?}", report.clock);
}

/// The plan comes from the seed alone; a known fleet is refused unless it overwrites, and one
/// that leaves is gone but for those that were switched off.
async fn the_same_seed_is_the_same_fleet(app: &TestApp) {
    let few = || Orders { days: None, renewals: 2, ..orders(app) };
    assert_eq!(few().plan.products, few().plan.products);
    let first = go(few()).await;
    assert!(first.as_expected, "{first}");
    let again = go(few()).await;
    assert!(!again.as_expected);
    assert_eq!(exchanges(&again, "registration")["unexpected_failures"], 36);
    let forced = go(Orders { force: true, leave: true, ..few() }).await;
    assert!(forced.as_expected, "{forced}");
    assert_eq!(forced.end_state.registered, 2);
    assert_eq!(exchanges(&forced, "deregistration")["good"], 34);
    assert_eq!(listed(&app.rest_as("ann").await).await, 2);
}

fn fleet(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncom"));
    command.arg("fleet").args(arguments).env_remove("SYNCOM_URL").env_remove("SYNCOM_TOKEN");
    command.output().unwrap()
}

/// The command: a report as a file and on standard output, no progress where nobody looks, and
/// an exit status for each end.
#[test]
fn the_command_tells_how_it_went() {
    install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(folder.path(), &[]);
    let (url, token, file) = (server.url(), server.token(), folder.path().join("fleet.json"));
    let base = ["--url", &url, "--count", "12", "--seed", "s", "--fail", "50%", "--token"];
    let file_name = file.to_str().unwrap();
    let good = fleet(&[&base[..], &[&token, "--json", "--report", file_name]].concat());
    assert_eq!((good.status.code(), &*good.stderr), (Some(0), &b""[..]), "{good:?}");
    let told: Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!((&told["format"], &told["seed"]), (&json!(1), &json!("s")));
    let kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept, told);

    let refused = fleet(&[&base[..], &[&token]].concat());
    let said = String::from_utf8(refused.stdout).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("Unexpected failures:") && said.contains("registration"), "{said}");
    let wrong = fleet(&["--url", &url, "--token", &token, "--mix", "toaster=1"]);
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    server.kill();
    assert_eq!(fleet(&[&base[..], &[&token]].concat()).status.code(), Some(3));
}
