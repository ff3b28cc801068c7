//! The commands of the binary.

pub mod clock;
pub mod device;
pub mod fleet;
pub mod serve;
pub mod sync;
mod welcome;

use crate::clock::wall_time;
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// An emulator of Cisco Smart Software Manager and of SSM On-Prem, for labs and tests.
///
/// Not affiliated with Cisco. What it signs is worthless outside the lab.
#[derive(Parser, Debug)]
#[command(name = "syncom", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve CSSM and a satellite
    Serve(Box<serve::ServeArgs>),
    /// Play a licensed product that talks to a site
    Device(Box<device::DeviceArgs>),
    /// Play many licensed products at once
    Fleet(Box<fleet::FleetArgs>),
    /// Ask and move the clock of a world that is served
    Clock(clock::ClockArgs),
    /// Carry files between a satellite and CSSM that have no network to each other
    Sync(sync::SyncArgs),
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command of the process's arguments.
pub async fn run() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(*args).await,
        Command::Device(args) => device::run(*args, wall_time).await,
        Command::Fleet(args) => fleet::run(*args).await,
        Command::Clock(args) => clock::run(args).await,
        Command::Sync(args) => sync::run(args).await,
        Command::Completions { shell } => {
            let mut command = Cli::command();
            clap_complete::generate(shell, &mut command, "syncom", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
