//! `syncom clock`: what time it is in a world, and moving it.

use crate::device::client::tls;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Ask and move the clock of a world that is served.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  syncom clock show
  syncom clock advance 30d
  syncom clock set 2026-07-01T00:00:00Z
  syncom clock freeze")]
pub struct ClockArgs {
    /// Any site of the world
    #[arg(long, env = "SYNCOM_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    /// The world
    #[arg(long, env = "SYNCOM_WORLD", global = true)]
    world: Option<String>,
    /// The server's CA certificate (PEM), for https
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// What time it is
    Show,
    /// Let time pass: 30d, 1d12h, 2w, 90m, 45s
    Advance {
        /// How much
        by: String,
    },
    /// Go to an instant
    Set {
        /// Such as 2026-07-01T00:00:00Z
        to: String,
    },
    /// Let the clock stand
    Freeze,
    /// Let it run on from where it stands
    Resume,
}

/// Runs one command.
pub async fn run(args: ClockArgs) -> anyhow::Result<ExitCode> {
    let body = match &args.command {
        Command::Show => None,
        Command::Advance { by } => Some(json!({"advance": by})),
        Command::Set { to } => Some(json!({"to": to})),
        Command::Freeze => Some(json!({"mode": "frozen"})),
        Command::Resume => Some(json!({"mode": "running"})),
    };
    let told = ask(&args, body).await?;
    if args.json {
        println!("{told}");
    } else {
        let told = serde_json::from_str(&told).context("the answer is not a clock")?;
        print!("{}", words(&told));
    }
    Ok(ExitCode::SUCCESS)
}

/// Years may pass before the answer comes: there is no time limit.
async fn ask(args: &ClockArgs, body: Option<Value>) -> anyhow::Result<String> {
    let url = format!("{}/_syncom/clock", args.url.trim_end_matches('/'));
    let read = |path: &PathBuf| std::fs::read_to_string(path).context(path.display().to_string());
    let ca = args.ca.as_ref().map(read).transpose()?;
    let config = tls(ca.as_deref())?;
    let http = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build()?;
    let mut request = match body {
        None => http.get(&url),
        Some(body) => http.post(&url).json(&body),
    };
    if let Some(world) = &args.world {
        request = request.header("X-Syncom-World", world);
    }
    let answer = request.send().await.with_context(|| format!("{url} does not answer"))?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        let problem: Problem =
            serde_json::from_str(&text).with_context(|| format!("{url} is not Syncom"))?;
        bail!("{}", problem.detail);
    }
    Ok(text)
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

#[derive(Deserialize)]
struct Told {
    now: String,
    mode: String,
    is_wall_time: bool,
    behind: bool,
    latest: String,
    happened: Option<Happened>,
}

#[derive(Deserialize)]
struct Happened {
    sites: BTreeMap<String, Site>,
}

#[derive(Deserialize)]
struct Site {
    events: BTreeMap<String, u64>,
}

/// What a person reads.
fn words(told: &Told) -> String {
    let wall = if told.is_wall_time { "with the wall" } else { "not wall time" };
    let mut lines = vec![format!("{}  ({}, {wall})", told.now, told.mode)];
    if told.behind {
        lines.push(format!("It was set back; it had come to {}.", told.latest));
    }
    for (site, done) in told.happened.iter().flat_map(|happened| &happened.sites) {
        let event =
            |(kind, count): (&String, &u64)| format!("{site}: {count} {}", kind.replace('_', " "));
        lines.extend(done.events.iter().map(event));
    }
    lines.join("\n") + "\n"
}
