//! The words of `syncom fleet`.

use crate::crypto::keys::KeyKind;
use crate::device::fleet::{Faults, Use};
use crate::device::profile::Transport;
use crate::domain::time::parse_duration;
use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  syncom fleet --url http://127.0.0.1:8080 --token \"$TOKEN\" --count 10000
  syncom fleet --token \"$TOKEN\" --mix ios-xe=6,asa=2,ucm=1 --use dna-essentials=walk:0..8
  syncom fleet --token \"$TOKEN\" --fail wrong-token=1%,replay=0.5% --report fleet.json
  syncom fleet --token \"$TOKEN\" --count 1000 --clock --days 365 --step 30d

Use: --use LICENSE=PATTERN, where PATTERN is a number, or grow:1..10 (evenly over the run),
walk:0..8 (one up or down at each step), hours:1..10 (most at noon), days:1..10 (most on working
days), or --use none. A step is a renewal, or with --clock at most --step.

Failures on purpose: wrong-token, silent (never renews), switched-off (leaves without a word),
replay (sends a message twice), skew (a clock two hours off), broken (hangs up in the middle).
They are counted apart and are no error.

Exit status: 0 all as expected, 1 failures that were not, 2 wrong usage, 3 server not reached.";

/// Many simulated products at once.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct FleetArgs {
    /// The server: http(s)://HOST:PORT, or a whole device URL
    #[arg(long, env = "SYNCOM_URL", default_value = "http://127.0.0.1:8080")]
    pub(super) url: String,
    /// A registration token; several are dealt in turn
    #[arg(long = "token", env = "SYNCOM_TOKEN", required = true, hide_env_values = true)]
    pub(super) tokens: Vec<String>,
    /// The server's CA certificate (PEM): for TLS and for the signatures of its answers
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// How many products
    #[arg(long, default_value_t = 100)]
    pub(super) count: u32,
    /// How many of them act at the same time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub(super) concurrency: u16,
    /// Over how long registrations are spread, such as 30s; 0 = as fast as it goes
    #[arg(long, default_value = "0", value_name = "TIME", value_parser = time)]
    pub(super) ramp: TimeDelta,
    /// Kinds of products and their weights; 'syncom device profiles' lists them, files are taken too
    #[arg(long, default_value = "sim=1", value_name = "PROFILE=N,…")]
    pub(super) mix: String,
    /// What is in use: LICENSE=PATTERN, or 'none'; one of each product's first license otherwise
    #[arg(long = "use", value_name = "LICENSE=PATTERN")]
    pub(super) uses: Vec<Wanted>,
    /// Failures on purpose: 1% (of all kinds), or KIND=SHARE,…
    #[arg(long, default_value = "0%", value_name = "SHARE")]
    pub(super) fail: Faults,
    /// How often each product renews its authorization
    #[arg(long, default_value_t = 2, conflicts_with = "clock")]
    pub(super) renewals: u32,
    /// Move the world's clock, and renew what falls due
    #[arg(long)]
    pub(super) clock: bool,
    /// How many days to let pass
    #[arg(long, default_value_t = 365, requires = "clock", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) days: u16,
    /// The most time to let pass at once
    #[arg(long, default_value = "30d", value_name = "TIME", requires = "clock", value_parser = time)]
    pub(super) step: TimeDelta,
    /// Where chance comes from: the same seed makes the same plan. By chance otherwise
    #[arg(long, value_name = "TEXT")]
    pub(super) seed: Option<String>,
    /// Kind of key
    #[arg(long, default_value = "p256")]
    pub(super) key: KeyArg,
    /// How many different keys, shared in turn; otherwise one each of p256, and 8 of rsa
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) keys: Option<u32>,
    /// The envelope of messages, whatever the profiles say
    #[arg(long, default_value = "smart")]
    pub(super) transport: Transport,
    /// Replace earlier registrations of the same products
    #[arg(long)]
    pub(super) force: bool,
    /// De-register at the end
    #[arg(long)]
    pub(super) leave: bool,
    /// Write the result as JSON into a file
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Print the result as JSON, and no progress
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum KeyArg {
    /// RSA of 2048 bits.
    Rsa,
    /// ECDSA on P-256.
    P256,
}

impl From<KeyArg> for KeyKind {
    fn from(key: KeyArg) -> Self {
        match key {
            KeyArg::Rsa => Self::Rsa2048,
            KeyArg::P256 => Self::P256,
        }
    }
}

/// What `--use` says.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Nothing,
    License(Use),
}

impl std::str::FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::Nothing),
            text => text.parse().map(Self::License),
        }
    }
}

/// A duration, or 0.
fn time(text: &str) -> Result<TimeDelta, String> {
    match text {
        "0" => Ok(TimeDelta::zero()),
        text => parse_duration(text).map_err(|error| error.to_string()),
    }
}
