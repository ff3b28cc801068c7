//! The words of `syncom device`.

use crate::device::profile::Transport;
use crate::device::state::Member;
use crate::protocol::fields::MAX_COUNT;
use crate::protocol::sudi::Sudi;
use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  syncom device new --url http://127.0.0.1:8080 --serial SIM000001
  syncom device register \"$TOKEN\"
  syncom device use 'enhanced-plus=4'
  syncom device renew auth
  syncom device show all
  syncom device show license tech support
  syncom device deregister

The product is a simulation: a client of the device protocol and nothing else.
Exit status: 0 done, 1 refused, 2 wrong usage, 3 server not reached.";

/// A simulated product that registers, consumes licenses and leaves.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DeviceArgs {
    /// The file that keeps the product between commands. It holds a private key.
    #[arg(long, global = true, value_name = "FILE", default_value = "syncom-device.json")]
    pub(super) state: PathBuf,
    #[command(flatten)]
    pub(super) connection: Connection,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Where and when; kept in the state file once given.
#[derive(Args, Clone, Debug)]
pub(super) struct Connection {
    /// The server: http(s)://HOST:PORT, or a whole device URL.
    #[arg(long, global = true, value_name = "URL")]
    pub(super) url: Option<String>,
    /// The server's CA certificate (PEM): for TLS and for the signatures of its answers.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// The envelope of messages: Smart Transport, or Smart Call Home.
    #[arg(long, global = true)]
    pub(super) transport: Option<Transport>,
    /// The HTTP proxy to go through: `http://HOST:PORT`, or 'none'.
    #[arg(long, global = true, value_name = "URL")]
    pub(super) proxy: Option<String>,
    /// Who we are for the proxy.
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) proxy_user: Option<String>,
    /// The password for the proxy.
    #[arg(long, global = true, value_name = "SECRET", env = "SYNCOM_PROXY_PASSWORD")]
    pub(super) proxy_password: Option<String>,
    /// The product's clock against the real one, such as 30d, -2h or 0; 'server' takes the
    /// server's time when it refuses ours.
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) offset: Option<Offset>,
    /// A timer of the product, such as reporting=6h; 'syncom device timers' lists them.
    #[arg(long = "timer", global = true, value_name = "NAME=TIME", value_parser = name_and_text)]
    pub(super) timers: Vec<(String, String)>,
    /// Where chance comes from: the spread of retries. The same seed gives the same.
    #[arg(long, global = true, value_name = "TEXT")]
    pub(super) seed: Option<String>,
}

#[derive(Subcommand, Clone, Debug)]
pub(super) enum Command {
    /// Make a product with a new key.
    New(NewArgs),
    /// Register with a token, then report what is in use.
    Register {
        /// The registration token of a virtual account.
        token: String,
        /// Take over an earlier registration of the same product.
        #[arg(long)]
        force: bool,
    },
    /// Register again with another token; the server forgets the earlier registration.
    Reregister {
        /// The registration token of a virtual account, the same or another.
        token: String,
    },
    /// Set how many licenses are in use; 0 releases. A registered product reports it at once.
    Use {
        /// A license of the profile, or an entitlement tag, and a count.
        #[arg(required = true, value_name = "TAG=N", value_parser = tag_and_count)]
        counts: Vec<(String, u64)>,
    },
    /// Renew the authorization or the identity certificate now.
    Renew {
        /// What to renew.
        what: Renewal,
    },
    /// Ask for a voucher that a third party can read.
    Key {
        /// A license of the profile, or an entitlement tag, that is in use.
        #[arg(value_name = "TAG")]
        license: String,
        /// What the third party is to read.
        #[arg(long, default_value = "")]
        value: String,
        /// Which third party.
        #[arg(long, default_value = "NUANCE")]
        routing: String,
        /// What it is for.
        #[arg(long, default_value = "REGISTER")]
        action: String,
        /// Refuse while a license is out of compliance.
        #[arg(long)]
        compliance_required: bool,
        /// Only see whether it would be given.
        #[arg(long)]
        rehearse: bool,
    },
    /// Request, return or cancel the key of an export-restricted license.
    #[command(subcommand)]
    Export(Export),
    /// Do what is due by itself: retries, renewals, reports.
    Tick,
    /// Leave. The product forgets its registration even if the server is not reached.
    Deregister,
    /// Reserve licenses without a network: codes travel by hand between product and portal.
    #[command(subcommand)]
    Reserve(super::reserve::Reserve),
    /// Show states and dates in words.
    ///
    /// 'show license …' prints what a real product of this kind prints.
    Show(ShowArgs),
    /// Run a product with its timers, its own pages and the JSON of its agent.
    Serve(super::serve::ServeArgs),
    /// List the kinds of products that can be simulated.
    Profiles,
    /// List the timers of a product with their evidence.
    Timers,
}

/// What to do with an export authorization key.
#[derive(Subcommand, Clone, Debug)]
pub(super) enum Export {
    /// Ask for a key; while none is free, the product asks again by itself.
    Request {
        /// A license of the profile, or an entitlement tag.
        #[arg(value_name = "LICENSE")]
        license: String,
    },
    /// Give the key back; its license is free again.
    Return {
        /// A license of the profile, or an entitlement tag.
        #[arg(value_name = "LICENSE")]
        license: String,
    },
    /// Do not try any more what has failed so far.
    Cancel,
}

#[derive(Args, Clone, Debug)]
pub(super) struct ShowArgs {
    /// Which part.
    #[arg(default_value = "status")]
    pub(super) what: What,
    /// Behind 'license': all, status, summary, usage, udi, reservation, tech support, or eventlog [DAYS].
    #[arg(value_name = "TOPIC")]
    pub(super) topic: Vec<String>,
    /// Print everything as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    /// Registration, authorization and evaluation.
    Status,
    /// Everything.
    All,
    /// What is in use.
    Usage,
    /// How the product names itself.
    Udi,
    /// A command of the product itself, in the manner of its kind.
    License,
}

#[derive(Args, Clone, Debug)]
pub(super) struct NewArgs {
    /// What kind of product: a name that 'syncom device profiles' lists, or a file.
    #[arg(long, default_value = "sim", value_name = "NAME|FILE")]
    pub(super) profile: String,
    /// Product identifier of the UDI, other than the profile's.
    #[arg(long)]
    pub(super) pid: Option<String>,
    /// Serial number of the UDI, other than the profile's.
    #[arg(long)]
    pub(super) serial: Option<String>,
    /// Another node of a high-availability group: Standby or Member, and its UDI.
    #[arg(long = "member", value_name = "ROLE,PID,SERIAL", value_parser = member)]
    pub(super) members: Vec<Member>,
    /// Host name, other than the profile's.
    #[arg(long, value_name = "NAME")]
    pub(super) hostname: Option<String>,
    /// Do not tell the server the host name.
    #[arg(long)]
    pub(super) hide_hostname: bool,
    /// Software tag of the product: `regid.YYYY-MM.<domain>.<product>,<version>_<uuid>`.
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
    /// Kind of key; real agents sign with RSA-2048.
    #[arg(long, default_value = "rsa")]
    pub(super) key: KeyArg,
    /// Overwrite an existing state file.
    #[arg(long)]
    pub(super) replace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum KeyArg {
    /// RSA of 2048 bits.
    Rsa,
    /// ECDSA on P-256.
    P256,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Renewal {
    /// The authorization: report usage, learn whether it is covered.
    Auth,
    /// The identity certificate.
    Id,
}

/// What `--offset` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offset {
    Fixed(TimeDelta),
    Server,
}

/// `TAG=N`; the tag may itself hold `=`, so the last one counts.
pub(super) fn tag_and_count(text: &str) -> Result<(String, u64), String> {
    let (tag, count) = text.rsplit_once('=').ok_or("must be TAG=N")?;
    if tag.is_empty() {
        return Err("the tag is missing: must be TAG=N".to_owned());
    }
    match count.parse() {
        Ok(count) if count <= MAX_COUNT => Ok((tag.to_owned(), count)),
        _ => Err(format!("'{count}' must be a whole number from 0 to {MAX_COUNT}")),
    }
}

impl std::str::FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "server" {
            return Ok(Self::Server);
        }
        let rule = || format!("'{text}' must be like 30d, -2h, 90m, 15s, 0 or 'server'");
        let (number, unit) = match text.char_indices().last() {
            Some((at, unit)) if unit.is_ascii_alphabetic() => (text.get(..at), unit),
            _ => (Some(text), 's'),
        };
        let number: i64 = number.and_then(|n| n.parse().ok()).ok_or_else(rule)?;
        let delta = match unit {
            'd' => TimeDelta::try_days(number),
            'h' => TimeDelta::try_hours(number),
            'm' => TimeDelta::try_minutes(number),
            's' => TimeDelta::try_seconds(number),
            _ => None,
        };
        delta.map(Self::Fixed).ok_or_else(rule)
    }
}

/// `NAME=TEXT`.
fn name_and_text(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=TIME")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// `ROLE,PID,SERIAL` of another node.
fn member(text: &str) -> Result<Member, String> {
    let problem = "must be ROLE,PID,SERIAL with the role Standby or Member";
    let [role, pid, serial] = text.split(',').collect::<Vec<_>>()[..] else {
        return Err(problem.to_owned());
    };
    if !["Standby", "Member"].contains(&role) || pid.is_empty() || serial.is_empty() {
        return Err(problem.to_owned());
    }
    Ok(Member { role: role.to_owned(), sudi: Sudi::hardware(pid, serial) })
}
