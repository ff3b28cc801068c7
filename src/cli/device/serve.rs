//! `syncom device serve`: one product at work, with its own pages and the JSON of its agent.

use super::act::apply;
use super::args::DeviceArgs;
use crate::cli::serve::{Interrupt, absolute};
use crate::crypto::keys::KeyKind;
use crate::crypto::secret::{hex, random_bytes};
use crate::device::live::{Live, RealClock, Timekeeper};
use crate::device::profile::Profile;
use crate::device::state::{Product, State};
use crate::device::{Device, DeviceError};
use crate::domain::time::Timestamp;
use crate::facade::gate::Gate;
use crate::facade::serve::{self, Running};
use crate::facade::{DEFAULT_URL, Facade};
use clap::Args;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

/// What `syncom device serve` takes beside the flags of every device command.
#[derive(Args, Clone, Debug)]
pub(super) struct ServeArgs {
    /// Address that is bound.
    #[arg(long, env = "SYNCOM_DEVICE_BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port of the pages and of the JSON; 0 takes a free one.
    #[arg(long, env = "SYNCOM_DEVICE_PORT", default_value_t = 8090)]
    port: u16,
    /// User of the pages and of the JSON.
    #[arg(long, env = "SYNCOM_DEVICE_USER", default_value = "admin", value_name = "NAME")]
    user: String,
    /// The password; without one, one is made and shown once.
    #[arg(long, env = "SYNCOM_DEVICE_PASSWORD", hide_env_values = true, value_name = "SECRET")]
    password: Option<String>,
    /// What kind of product to make when the state file does not exist: a name that
    /// 'syncom device profiles' lists, or a file.
    #[arg(long, default_value = "webex", value_name = "NAME|FILE")]
    profile: String,
    /// Print one line of JSON when ready, and nothing else, to standard output.
    #[arg(long)]
    json: bool,
}

/// A product that serves.
struct Served {
    server: Running,
    timekeeper: Timekeeper,
    address: SocketAddr,
    /// The password, when it was made here.
    made: Option<String>,
}

/// Serves until interrupted.
pub(super) async fn run(
    args: &DeviceArgs,
    serve: &ServeArgs,
    real_clock: RealClock,
) -> Result<ExitCode, DeviceError> {
    let interrupt = Interrupt::listen().map_err(|error| failed(&error.to_string()))?;
    let served = start(args, serve, real_clock)?;
    let line = if serve.json {
        format!("{}\n", ready_line(args, serve, &served))
    } else {
        welcome(args, serve, &served)
    };
    super::print(&line);
    interrupt.came().await;
    tracing::info!("stopping");
    served.server.stop().await;
    served.timekeeper.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn start(
    args: &DeviceArgs,
    serve: &ServeArgs,
    real_clock: RealClock,
) -> Result<Served, DeviceError> {
    let mut device = product(args, serve, real_clock())?;
    let given = device.state().settings.url.clone();
    let default_url = given.unwrap_or_else(|| DEFAULT_URL.to_owned());
    device.settings_mut().url = Some(default_url.clone());
    let at = SocketAddr::new(serve.bind, serve.port);
    let cannot =
        |error| failed(&format!("{at} cannot be bound: {error}; --port 0 takes a free one"));
    let socket = TcpListener::bind(at).map_err(cannot)?;
    let address = socket.local_addr().map_err(cannot)?;
    let (password, made) = password(serve)?;
    let gate = Gate::new(&serve.user, &password);
    let timekeeper = Live::start(device, args.state.clone(), real_clock)?;
    let live = timekeeper.live().clone();
    let facade = Facade { live, gate, default_url, port: address.port() };
    let server = serve::start(facade, socket).map_err(|error| failed(&error.to_string()))?;
    Ok(Served { server, timekeeper, address, made })
}

/// The product of the state file; a new one when there is no such file.
fn product(args: &DeviceArgs, serve: &ServeArgs, now: Timestamp) -> Result<Device, DeviceError> {
    let mut device = if args.state.exists() {
        Device::from_state(State::load(&args.state)?)?
    } else {
        let profile = Profile::find(&serve.profile)?;
        let product = Product::of(&profile, &profile.serial);
        Device::new(profile, product, KeyKind::Rsa2048)?
    };
    apply(&args.connection, &mut device, now)?;
    Ok(device)
}

/// The password, and whether it has to be shown.
fn password(serve: &ServeArgs) -> Result<(String, Option<String>), DeviceError> {
    if let Some(password) = &serve.password {
        if password.is_empty() {
            return Err(failed("--password: it is empty; must have at least one character"));
        }
        return Ok((password.clone(), None));
    }
    let made = hex(&random_bytes::<8>()?);
    Ok((made.clone(), Some(made)))
}

fn failed(problem: &str) -> DeviceError {
    DeviceError::Usage(problem.to_owned())
}

/// The one line of `--json`: an interface that scripts depend on.
fn ready_line(args: &DeviceArgs, serve: &ServeArgs, served: &Served) -> serde_json::Value {
    let url = served.timekeeper.live().look(|state, _| state.settings.url.clone());
    json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "http": format!("http://{}", served.address),
        "state": absolute(&args.state),
        "user": serve.user,
        "password": served.made,
        "server": url,
    })
}

fn welcome(args: &DeviceArgs, serve: &ServeArgs, served: &Served) -> String {
    let (title, url) = served.timekeeper.live().look(|state, _| {
        (state.profile.title.clone(), state.settings.url.clone().unwrap_or_default())
    });
    let password = match &served.made {
        Some(made) => format!("{made} (made now, shown once)"),
        None => "as given".to_owned(),
    };
    format!(
        "{title}, simulated\n  pages     http://{address}/\n  JSON      http://{address}/api/v0/\n  \
         user      {user}\n  password  {password}\n  server    {url}\n  state     {state}\n\
         Ctrl-C stops it.\n",
        address = served.address,
        user = serve.user,
        state = args.state.display(),
    )
}

/// Reads the real clock for a product that outlives a command.
pub(super) fn shared(real_now: impl Fn() -> Timestamp + Send + Sync + 'static) -> RealClock {
    Arc::new(real_now)
}
