//! The file that keeps a product between commands.

use super::DeviceError;
use super::state::{State, VERSION};
use std::io::Write as _;
use std::path::Path;

impl State {
    /// Reads a state file.
    pub fn load(path: &Path) -> Result<Self, DeviceError> {
        let wrong = |problem: String| {
            DeviceError::Usage(format!("state file {}: {problem}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                wrong("it does not exist; make a product with 'syncom device new'".to_owned())
            }
            _ => wrong(error.to_string()),
        })?;
        let version = serde_json::from_str::<serde_json::Value>(&text)
            .map_err(|error| wrong(error.to_string()))?
            .get("version")
            .and_then(serde_json::Value::as_u64);
        if version != Some(u64::from(VERSION)) {
            return Err(wrong(format!("its version must be {VERSION}")));
        }
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// Writes a state file: whole or not at all, readable by its owner only.
    pub fn save(&self, path: &Path) -> Result<(), DeviceError> {
        let wrong = |error: std::io::Error| {
            DeviceError::Usage(format!("state file {}: {error}", path.display()))
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // A temporary file of `tempfile` is readable by its owner only: the key stays private.
        let mut file =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(wrong)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(|error| wrong(error.into()))?;
        file.write_all(b"\n").map_err(wrong)?;
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(path).map_err(|error| wrong(error.error))?;
        Ok(())
    }
}
