//! `syncom device`: the commands of the simulated product.

use crate::crypto::keys::KeyKind;
use crate::device::client::{Client, device_url};
use crate::device::show::{self, Part};
use crate::device::state::{Product, Settings, State};
use crate::device::{Device, DeviceError};
use crate::domain::time::Timestamp;
use crate::protocol::fields::MAX_COUNT;
use crate::protocol::sudi::Sudi;
use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  syncom device new --url http://127.0.0.1:8080 --serial SIM000001
  syncom device register \"$TOKEN\"
  syncom device use 'regid.2017-02.com.cisco.UCM_CUWL,12.0_<uuid>=4'
  syncom device renew auth
  syncom device show all
  syncom device deregister

The product is a simulation: a client of the device protocol and nothing else.
Exit status: 0 done, 1 refused, 2 wrong usage, 3 server not reached.";

/// A simulated product that registers, consumes licenses and leaves.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DeviceArgs {
    /// The file that keeps the product between commands. It holds a private key.
    #[arg(long, global = true, value_name = "FILE", default_value = "syncom-device.json")]
    state: PathBuf,
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

/// Where and when; kept in the state file once given.
#[derive(Args, Clone, Debug)]
struct Connection {
    /// The server: http(s)://HOST:PORT, or a whole device URL.
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// The server's CA certificate (PEM): for TLS and for the signatures of its answers.
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The HTTP proxy to go through: `http://HOST:PORT`.
    #[arg(long, global = true, value_name = "URL")]
    proxy: Option<String>,
    /// The product's clock against the real one, such as 30d, -2h or 0; 'server' takes the
    /// server's time when it refuses ours.
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    offset: Option<Offset>,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
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
    /// Set how many licenses are in use; 0 releases. A registered product reports it at once.
    Use {
        /// An entitlement tag and a count.
        #[arg(required = true, value_name = "TAG=N", value_parser = tag_and_count)]
        counts: Vec<(String, u64)>,
    },
    /// Renew the authorization or the identity certificate now.
    Renew {
        /// What to renew.
        what: Renewal,
    },
    /// Leave. The product forgets its registration even if the server is not reached.
    Deregister,
    /// Show states and dates in words.
    Show {
        /// Which part.
        #[arg(default_value = "status")]
        part: Part,
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Clone, Debug)]
struct NewArgs {
    /// Product identifier of the UDI.
    #[arg(long, default_value = "SIM")]
    pid: String,
    /// Serial number of the UDI.
    #[arg(long, default_value = "SIM000001")]
    serial: String,
    /// Host name; made from the serial number if not given.
    #[arg(long, value_name = "NAME")]
    hostname: Option<String>,
    /// Do not tell the server the host name.
    #[arg(long)]
    hide_hostname: bool,
    /// Software tag of the product: `regid.YYYY-MM.<domain>.<product>,<version>_<uuid>`.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Kind of key; real agents sign with RSA-2048.
    #[arg(long, default_value = "rsa")]
    key: KeyArg,
    /// Overwrite an existing state file.
    #[arg(long)]
    replace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeyArg {
    /// RSA of 2048 bits.
    Rsa,
    /// ECDSA on P-256.
    P256,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Renewal {
    /// The authorization: report usage, learn whether it is covered.
    Auth,
    /// The identity certificate.
    Id,
}

/// What `--offset` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offset {
    Fixed(TimeDelta),
    Server,
}

/// Runs one command; `real_now` reads the clock.
///
/// # Errors
/// None so far: failures are told on standard error and in the exit status.
pub async fn run(args: DeviceArgs, real_now: impl Fn() -> Timestamp) -> anyhow::Result<ExitCode> {
    Ok(match dispatch(&args, &real_now).await {
        Ok(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&format!("error: {error}{}", hint(&error)));
            ExitCode::from(exit_code(&error))
        }
    })
}

fn exit_code(error: &DeviceError) -> u8 {
    match error {
        DeviceError::Refused { .. } | DeviceError::NotNow(_) => 1,
        DeviceError::Usage(_) => 2,
        DeviceError::Unreachable(_) | DeviceError::BadAnswer(_) => 3,
    }
}

fn hint(error: &DeviceError) -> &'static str {
    match error {
        DeviceError::Refused { message, .. } if message.contains("Timestamp mismatch") => {
            "\nhint: --offset server sets the product's clock by the server's"
        }
        _ => "",
    }
}

async fn dispatch(
    args: &DeviceArgs,
    real_now: &impl Fn() -> Timestamp,
) -> Result<String, DeviceError> {
    if let Command::New(new) = &args.command {
        return create(args, new, real_now());
    }
    let mut device = Device::from_state(State::load(&args.state)?)?;
    apply(&args.connection, device.settings_mut())?;
    let mut result = act(&mut device, &args.command, real_now()).await;
    if let (
        Err(DeviceError::Refused { message, server_time: Some(time), .. }),
        Some(Offset::Server),
    ) = (&result, args.connection.offset)
        && message.contains("Timestamp mismatch")
    {
        device.settings_mut().clock_offset_ms = (*time - real_now()).num_milliseconds();
        result = act(&mut device, &args.command, real_now()).await;
    }
    // Whatever came of it: timestamps, failures and wiped registrations are to be remembered.
    device.state().save(&args.state)?;
    result
}

async fn act(
    device: &mut Device,
    command: &Command,
    real_now: Timestamp,
) -> Result<String, DeviceError> {
    let now = real_now + TimeDelta::milliseconds(device.state().settings.clock_offset_ms);
    let settings = device.state().settings.clone();
    let client = || Client::from_settings(&settings);
    match command {
        Command::Register { token, force } => {
            let client = client()?;
            device.register(&client, token, *force, now).await?;
            device.renew_authorization(&client, now).await?;
        }
        Command::Use { counts } if device.state().registration.identity.is_none() => {
            device.set_usage(counts, now);
        }
        Command::Use { counts } => device.use_licenses(&client()?, counts, now).await?,
        Command::Renew { what: Renewal::Auth } => {
            device.renew_authorization(&client()?, now).await?;
        }
        Command::Renew { what: Renewal::Id } => device.renew_identity(&client()?, now).await?,
        Command::Deregister => return deregister(device, &client()?, now).await,
        Command::Show { part, json } => return Ok(shown(device, *part, *json, now)),
        Command::New(_) => {}
    }
    Ok(show::text(device.state(), Part::Status, now))
}

async fn deregister(
    device: &mut Device,
    client: &Client,
    now: Timestamp,
) -> Result<String, DeviceError> {
    let registered = device.state().registration.identity.is_some();
    match device.deregister(client, now).await {
        Ok(()) => Ok("De-registered. The server has released all licenses.\n".to_owned()),
        Err(error) => {
            if registered {
                complain(
                    "The product has forgotten its registration, but the server has not \
                     confirmed and may still list it: remove it there.",
                );
            }
            Err(error)
        }
    }
}

fn shown(device: &Device, part: Part, json: bool, now: Timestamp) -> String {
    let mut state = device.state().clone();
    state.tick(now);
    if json {
        return format!("{:#}\n", show::json(&state, now));
    }
    show::text(&state, part, now)
}

fn create(args: &DeviceArgs, new: &NewArgs, now: Timestamp) -> Result<String, DeviceError> {
    if args.state.exists() && !new.replace {
        let path = args.state.display();
        return Err(DeviceError::Usage(format!("{path} exists; --replace makes a new product")));
    }
    let mut product = Product::simulated(&new.serial);
    product.sudi = Sudi::hardware(&new.pid, &new.serial);
    product.send_hostname = !new.hide_hostname;
    if let Some(hostname) = &new.hostname {
        product.hostname = Some(hostname.clone());
    }
    if let Some(tag) = &new.tag {
        product.software_tag.clone_from(tag);
    }
    let kind = match new.key {
        KeyArg::Rsa => KeyKind::Rsa2048,
        KeyArg::P256 => KeyKind::P256,
    };
    let mut device = Device::new(product, kind)?;
    apply(&args.connection, device.settings_mut())?;
    device.state().save(&args.state)?;
    Ok(show::text(device.state(), Part::Udi, now))
}

fn apply(connection: &Connection, settings: &mut Settings) -> Result<(), DeviceError> {
    if let Some(url) = &connection.url {
        settings.url = Some(device_url(url)?.into());
    }
    if let Some(path) = &connection.ca {
        let wrong = |error| DeviceError::Usage(format!("--ca {}: {error}", path.display()));
        settings.ca_pem = Some(std::fs::read_to_string(path).map_err(wrong)?);
    }
    if let Some(proxy) = &connection.proxy {
        settings.proxy = Some(proxy.clone());
    }
    if let Some(Offset::Fixed(offset)) = connection.offset {
        settings.clock_offset_ms = offset.num_milliseconds();
    }
    Ok(())
}

/// `TAG=N`; the tag may itself hold `=`, so the last one counts.
fn tag_and_count(text: &str) -> Result<(String, u64), String> {
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
