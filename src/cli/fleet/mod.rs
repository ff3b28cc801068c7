//! `syncom fleet`: many simulated products at once.

mod args;
mod progress;

use crate::clock::wall_time;
use crate::crypto::keys::KeyKind;
use crate::crypto::secret;
use crate::device::DeviceError;
use crate::device::client::device_url;
use crate::device::fleet::{Days, Orders, Plan, Report, Spec, default_keys, run as run_fleet};
use crate::device::profile::Profile;
use crate::device::state::Settings;
use anyhow::Context as _;
pub use args::FleetArgs;
use args::Wanted;
use chrono::TimeDelta;
use progress::Progress;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Runs a fleet.
///
/// # Errors
/// The report cannot be written; other failures are told on standard error and in the exit
/// status.
pub async fn run(args: FleetArgs) -> anyhow::Result<ExitCode> {
    let done = match orders(&args) {
        Ok(orders) => go(orders, &args).await?,
        Err(error) => Err(error),
    };
    let report = match done {
        Ok(report) => report,
        Err(error) => {
            complain(&format!("error: {error}"));
            return Ok(ExitCode::from(exit_code(&error)));
        }
    };
    if let Some(path) = &args.report {
        let text = format!("{}\n", serde_json::to_string_pretty(&report)?);
        std::fs::write(path, text).with_context(|| format!("--report {}", path.display()))?;
    }
    let text = if args.json { json_line(&report)? } else { report.to_string() };
    print(&text);
    Ok(ExitCode::from(u8::from(!report.as_expected)))
}

fn json_line(report: &Report) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string(report)?))
}

/// On threads of its own: signing and verifying would keep a single one busy.
async fn go(orders: Orders, args: &FleetArgs) -> anyhow::Result<Result<Report, DeviceError>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let watch = Arc::new(Progress::new(args.json));
    let done = runtime.spawn(run_fleet(orders, watch, wall_time)).await;
    runtime.shutdown_background();
    Ok(done?)
}

fn exit_code(error: &DeviceError) -> u8 {
    match error {
        DeviceError::Refused { .. } | DeviceError::NotNow(_) | DeviceError::Host(_) => 1,
        DeviceError::Usage(_) => 2,
        DeviceError::Unreachable(_) | DeviceError::BadAnswer(_) => 3,
    }
}

fn orders(args: &FleetArgs) -> Result<Orders, DeviceError> {
    let key = KeyKind::from(args.key);
    let licenses = args.uses.iter().filter_map(|wanted| match wanted {
        Wanted::Nothing => None,
        Wanted::License(wanted) => Some(wanted.clone()),
    });
    let plan = Plan::of(Spec {
        seed: seed(args)?,
        count: args.count,
        mix: mix(&args.mix)?,
        uses: (!args.uses.is_empty()).then(|| licenses.collect()),
        faults: args.fail.clone(),
        tokens: args.tokens.clone(),
        key,
        keys: args.keys.unwrap_or(default_keys(key)),
    })?;
    let days = Days { all: TimeDelta::days(i64::from(args.days)), step: args.step };
    if args.clock && days.step < TimeDelta::minutes(1) {
        return Err(DeviceError::Usage("--step: must be at least 1m".to_owned()));
    }
    let url = device_url(&args.url, args.transport)?;
    let settings = Settings {
        url: Some(url.into()),
        ca_pem: args.ca.as_deref().map(ca).transpose()?,
        transport: args.transport,
        seed: plan.spec.seed.clone(),
        ..Settings::default()
    };
    Ok(Orders {
        plan,
        settings,
        concurrency: usize::from(args.concurrency),
        ramp: args.ramp.to_std().unwrap_or(Duration::ZERO),
        force: args.force,
        renewals: args.renewals,
        days: args.clock.then_some(days),
        leave: args.leave,
    })
}

fn ca(path: &Path) -> Result<String, DeviceError> {
    let wrong = |error| DeviceError::Usage(format!("--ca {}: {error}", path.display()));
    std::fs::read_to_string(path).map_err(wrong)
}

/// Without a seed, another fleet each time: the same one is known to the server already.
fn seed(args: &FleetArgs) -> Result<String, DeviceError> {
    match &args.seed {
        Some(seed) => Ok(seed.clone()),
        None => Ok(secret::hex(&secret::random_bytes::<8>()?)),
    }
}

/// `ios-xe=6,asa=2`; a name alone has the weight 1.
fn mix(text: &str) -> Result<Vec<(Profile, u32)>, DeviceError> {
    let part = |part: &str| {
        let (name, weight) = part.rsplit_once('=').unwrap_or((part, "1"));
        let weight = weight.parse().map_err(|_| {
            let problem = format!("--mix {part}: '{weight}' must be a whole number");
            DeviceError::Usage(problem)
        })?;
        let profile = Profile::find(name.trim())
            .map_err(|error| DeviceError::Usage(format!("--mix {part}: {error}")))?;
        Ok((profile, weight))
    };
    text.split(',').map(part).collect()
}

/// A closed pipe (`| head`) is no error of ours.
fn print(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn complain(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests;
