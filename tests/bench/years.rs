//! Ten years of the lab: what it takes to let them pass.
//!
//! The cost shall grow with what falls due: so the same is measured with a tenth of the
//! instances, and with a jump ten times shorter and ten times longer.

use super::load::{Load, Script};
use super::process::{Loaded as _, Server};
use super::renewals::{Fleet, Says};
use super::report::{Report, Years};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Instances and days.
const JUMPS: [(usize, u32); 4] = [(100, 3_652), (1_000, 365), (1_000, 3_652), (1_000, 36_520)];

/// Lets the clocks of fresh labs jump.
pub async fn measure(report: &mut Report) {
    for (instances, days) in JUMPS {
        eprintln!("{days} days of {instances} instances");
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let server = Server::start(folder.path());
        let mut fleet = Fleet::register(&server, instances).await;
        let using = Script::joined(fleet.sign(instances, instances, Says::Another));
        Load::run(server.address(), vec![using], Duration::from_mins(1)).await;
        report.years(jump(&server, instances, days).await);
    }
}

async fn jump(server: &Server, instances: usize, days: u32) -> Years {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/_syncom/clock", server.url());
    let begin = Instant::now();
    let answer = http.post(url).json(&json!({"advance": format!("{days}d")})).send().await.unwrap();
    let told: Value = answer.json().await.unwrap();
    let seconds = begin.elapsed().as_secs_f64();
    let site = &told["happened"]["sites"]["cssm"];
    let counts = site["events"].as_object().unwrap().values();
    Years {
        instances,
        days,
        seconds,
        instants: site["instants"].as_u64().unwrap(),
        events: counts.filter_map(Value::as_u64).sum(),
    }
}
