//! The `syncom` binary.

use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A renewal makes and frees many small values, for which this allocator takes less time than
/// the system's (`docs/PERFORMANCE.md`). SQLite's go through it too: the feature `override`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("SYNCOM_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match actix_web::rt::System::new().block_on(syncom::cli::run()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("syncom: {error:#}");
            ExitCode::FAILURE
        }
    }
}
