//! `syncom device`: the commands of the simulated product.

mod act;
mod args;
mod reserve;
mod serve;

use crate::device::state::State;
use crate::device::{Device, DeviceError};
use crate::domain::time::Timestamp;
use act::{act, apply, create};
pub use args::DeviceArgs;
use args::{Command, Offset};
use std::process::ExitCode;

/// Runs one command; `real_now` reads the clock.
///
/// # Errors
/// None so far: failures are told on standard error and in the exit status.
pub async fn run(
    args: DeviceArgs,
    real_now: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> anyhow::Result<ExitCode> {
    let done = match &args.command {
        Command::Serve(serve) => serve::run(&args, serve, serve::shared(real_now)).await,
        _ => dispatch(&args, &real_now).await.map(|text| {
            print(&text);
            ExitCode::SUCCESS
        }),
    };
    Ok(match done {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("error: {error}{}", hint(&error)));
            ExitCode::from(exit_code(&error))
        }
    })
}

fn exit_code(error: &DeviceError) -> u8 {
    match error {
        DeviceError::Refused { .. } | DeviceError::NotNow(_) | DeviceError::Host(_) => 1,
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
    match &args.command {
        Command::New(new) => return create(args, new, real_now()),
        Command::Profiles => return act::profiles(),
        _ => {}
    }
    let mut device = Device::from_state(State::load(&args.state)?)?;
    apply(&args.connection, &mut device, real_now())?;
    let mut result = act(&mut device, &args.command, real_now()).await;
    if let (
        Err(DeviceError::Refused { message, server_time: Some(time), .. }),
        Some(Offset::Server),
    ) = (&result, args.connection.offset)
        && message.contains("Timestamp mismatch")
    {
        act::set_clock(&mut device, *time - real_now(), real_now());
        result = act(&mut device, &args.command, real_now()).await;
    }
    // Whatever came of it: timestamps, failures and wiped registrations are to be remembered.
    device.state().save(&args.state)?;
    result
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
