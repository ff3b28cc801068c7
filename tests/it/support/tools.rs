//! Tools that a machine may lack: a skip says so, and is a failure where everything is required.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The environment variable that turns skips into failures when it says `all`.
const REQUIRE: &str = "SYNCOM_TEST_REQUIRE";

/// What was needed, or a line that tells why the test is skipped.
///
/// # Panics
/// Where everything is required.
pub fn need<T>(what: &str, found: Result<T, String>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(why) => {
            assert!(
                std::env::var(REQUIRE).as_deref() != Ok("all"),
                "{what}: {why}, but {REQUIRE}=all asks for it"
            );
            say_once(&format!("skipped: what needs {what}: {why}"));
            None
        }
    }
}

/// Writes past the capture of test output, or nobody would ever read it.
fn say_once(line: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(line.to_owned()) {
        // `eprintln!` would be captured.
        std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// The interpreter of the environment that `.ci/run` makes, if it has this module.
pub fn python(module: &str) -> Result<PathBuf, String> {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("SYNCOM_TEST_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| top.join("target/python/bin/python"));
    let has_it = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    match has_it {
        Ok(output) if output.status.success() => Ok(python),
        _ => Err(format!("{} has none; `.ci/run` makes it", python.display())),
    }
}

/// A program in `PATH` or in one of the other folders.
pub fn program(name: &str, others: &[PathBuf]) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(others.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("{name} is not installed"))
}
