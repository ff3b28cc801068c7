//! `syncom device reserve`: licenses without a network.

use crate::device::machine::{Ask, Event};
use crate::device::show::reservation::grouped;
use crate::device::show::{self, Topic};
use crate::device::{Device, DeviceError};
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use crate::protocol::codes::LONGEST;
use crate::web::multipart;
use clap::Subcommand;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(Subcommand, Clone, Debug)]
pub(super) enum Reserve {
    /// Reserve instead of registering: the product talks to no server any more.
    Enable,
    /// Leave the mode; possible while nothing is reserved.
    Disable,
    /// Print the request code for the portal.
    Request {
        /// Ask for everything that the product can do, instead of single licenses.
        #[arg(long)]
        universal: bool,
    },
    /// Give up the request; possible before a code is installed.
    Cancel,
    /// Install the authorization code of the portal, or that of an update.
    Install {
        /// The code, quoted.
        #[arg(required_unless_present = "file", conflicts_with = "file")]
        code: Option<String>,
        /// A file that holds it: at most 64 KiB, no archive.
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
    },
    /// Give back what is installed, and print the return code for the portal.
    Return,
    /// Give back an authorization code that was never installed.
    ReturnAuthorization {
        /// The code, quoted.
        code: String,
    },
    /// Show the reservation and its codes.
    Show,
}

pub(super) fn act(
    device: &mut Device,
    command: &Reserve,
    now: Timestamp,
) -> Result<String, DeviceError> {
    let event = ask(command)?.map_or(Event::Tick, Event::Reserve);
    device.step(event, now)?;
    Ok(told(device, command, now))
}

fn ask(command: &Reserve) -> Result<Option<Ask>, DeviceError> {
    Ok(Some(match command {
        Reserve::Enable => Ask::Enable,
        Reserve::Disable => Ask::Disable,
        Reserve::Request { universal: false } => Ask::Request(Kind::Specific),
        Reserve::Request { universal: true } => Ask::Request(Kind::Universal),
        Reserve::Cancel => Ask::Cancel,
        Reserve::Install { file: Some(path), .. } => Ask::Install(read(path)?),
        Reserve::Install { code, .. } => Ask::Install(code.clone().unwrap_or_default()),
        Reserve::Return => Ask::Return,
        Reserve::ReturnAuthorization { code } => Ask::ReturnAuthorization(code.clone()),
        Reserve::Show => return Ok(None),
    }))
}

/// What a device prints.
// device-protocol.md 4.3 (PROVEN): `Reservation install file successful`, `Last Confirmation code`.
fn told(device: &Device, command: &Reserve, now: Timestamp) -> String {
    let state = device.state();
    let reservation = &state.reservation;
    let udi = state.product.sudi.key();
    let code = |code: Option<&String>| code.cloned().unwrap_or_default();
    match command {
        Reserve::Enable => "License Reservation is ENABLED\n".to_owned(),
        Reserve::Disable => "License Reservation is DISABLED\n".to_owned(),
        Reserve::Request { .. } => {
            let asked = reservation.request.as_ref().map(|request| &request.code);
            format!(
                "Enter this request code in the portal:\nUDI: {udi}\n    Request code: {}\n",
                code(asked)
            )
        }
        Reserve::Cancel => "The reservation request is cancelled\n".to_owned(),
        Reserve::Install { file, .. } => {
            let what = if file.is_some() { " file" } else { "" };
            let confirmation = code(reservation.last_confirmation.as_ref());
            format!("Reservation install{what} successful\nLast Confirmation code {confirmation}\n")
        }
        Reserve::Return | Reserve::ReturnAuthorization { .. } => {
            let back = reservation.last_return.as_deref().map(grouped).unwrap_or_default();
            format!("Enter this return code in the portal:\nUDI: {udi}\n    Return code: {back}\n")
        }
        Reserve::Show => show::license(state, Topic::Reservation, now),
    }
}

/// A file, of which no more is read than a code can be long.
fn read(path: &Path) -> Result<String, DeviceError> {
    let wrong =
        |problem: String| DeviceError::Usage(format!("--file {}: {problem}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() > LONGEST {
        return Err(wrong(format!("it is larger than {} KiB", LONGEST / 1024)));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = multipart::text(&name, &bytes).map_err(|bad| wrong(bad.to_string()))?;
    Ok(text.to_owned())
}
