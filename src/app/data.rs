//! The data directory: databases, the lab CA, and the lock that keeps a second
//! process out.

use crate::clock::Setting;
use crate::config::Storage;
use crate::crypto::ca::{Authority, AuthorityParts};
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::db::Url;
use anyhow::{Context, bail};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An opened data directory.
pub(super) struct Data {
    directory: PathBuf,
    /// Held as long as the process serves.
    _lock: File,
    /// Deleted with this value.
    ephemeral: Option<TempDir>,
}

impl Data {
    /// Opens or makes the directory, and locks it.
    pub(super) fn open(storage: &Storage) -> anyhow::Result<Self> {
        let (directory, ephemeral) = match storage {
            Storage::Directory(path) | Storage::Postgres { directory: path, .. } => {
                (path.clone(), None)
            }
            Storage::Ephemeral => {
                let temporary = TempDir::with_prefix("syncom-")?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        fs::create_dir_all(directory.join("ca"))
            .with_context(|| format!("the data directory {}", directory.display()))?;
        let lock = File::create(directory.join("lock"))?;
        if lock.try_lock().is_err() {
            bail!(
                "another syncom uses the data directory {}; stop it, or name another with --data",
                directory.display()
            );
        }
        Ok(Self { directory, _lock: lock, ephemeral })
    }

    /// Whether it stays when the process has ended.
    pub(super) fn is_kept(&self) -> bool {
        self.ephemeral.is_none()
    }

    /// The directory.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The root certificate.
    pub(super) fn ca_path(&self) -> PathBuf {
        self.directory.join("ca").join("ca.pem")
    }

    /// Where the setting of the default world's clock is kept.
    pub(super) fn clock_path(&self) -> PathBuf {
        self.directory.join("clock.json")
    }

    /// The kept setting of the clock; `None` when it was never moved.
    pub(super) fn clock(&self) -> anyhow::Result<Option<Setting>> {
        let path = self.clock_path();
        match fs::read(&path) {
            Ok(text) => Ok(Some(
                serde_json::from_slice(&text)
                    .with_context(|| format!("the clock's setting {}", path.display()))?,
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// How often this directory was opened, this time included: with a fixed
    /// seed, a second start must not make the ids of the first again.
    pub(super) fn boots(&self) -> anyhow::Result<u64> {
        let path = self.directory.join("boots");
        let before = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
        let now = before.unwrap_or(0u64) + 1;
        fs::write(path, now.to_string())?;
        Ok(now)
    }

    /// The lab's root: read, or made at the first start.
    pub(super) fn root(&self) -> anyhow::Result<Authority> {
        let key_path = self.directory.join("ca").join("ca.key.pem");
        if let Ok(key_pem) = fs::read_to_string(&key_path) {
            let certificate_pem = fs::read_to_string(self.ca_path())
                .with_context(|| format!("the lab CA {}", self.ca_path().display()))?;
            return Ok(Authority::from_parts(&AuthorityParts { key_pem, certificate_pem })?);
        }
        let root =
            Authority::create_root("Syncom Lab Root CA", PrivateKey::generate(KeyKind::P256)?)?;
        let parts = root.to_parts();
        fs::write(self.ca_path(), &parts.certificate_pem)?;
        write_secret(&key_path, &parts.key_pem)?;
        Ok(root)
    }

    /// Where a site keeps its rows.
    pub(super) fn site_url(&self, storage: &Storage, site: &str) -> Url {
        match storage {
            Storage::Directory(_) | Storage::Ephemeral => {
                Url::Sqlite(self.directory.join(format!("{site}.db")))
            }
            Storage::Postgres { url, schema_prefix, .. } => Url::Postgres {
                base: url.clone(),
                schema: format!("{schema_prefix}{}", site.replace('-', "_")),
            },
        }
    }
}

/// Writes a file that only its owner can read.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
