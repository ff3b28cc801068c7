//! What a site's owner does at its start: no caller, no permission.

use super::Engine;
use super::error::Result;
use super::oauth::{ClientSecret, checked_client};
use crate::crypto::secret::verify_password;
use crate::db::{self, Conn};
use crate::domain::token::Status;

/// The fact that holds the hash of the password that everybody knows, if the site was loaded with it.
const LAB_PASSWORD_HASH: &str = "lab-password-hash";

/// Remembers that a site's people were loaded with the password that everybody knows.
pub fn remember_lab_password(conn: &mut Conn, hash: &str) -> Result<()> {
    Ok(db::keys::set_fact(conn, LAB_PASSWORD_HASH, hash)?)
}

impl Engine {
    /// Runs the loading of a fixture as one unit of work.
    pub async fn seed<F>(&self, load: F) -> Result<bool>
    where
        F: FnOnce(&mut Conn) -> Result<bool> + Send + 'static,
    {
        let loaded = self.db().write(load).await;
        self.note_change();
        loaded
    }

    /// Before the end of the process: the database is in its file then.
    pub async fn copy_log_back(&self) -> Result<()> {
        Ok(self.db().copy_log_back().await?)
    }

    /// Whether an API client with that secret exists.
    pub async fn client_fits(&self, shown: ClientSecret) -> Result<bool> {
        self.db().read(move |conn| Ok(checked_client(conn, &shown).is_ok())).await
    }

    /// Whether a registration token lets products in now.
    pub async fn token_works(&self, text: &str) -> Result<bool> {
        let (text, now) = (text.to_owned(), self.now());
        let found = self.db().read(move |conn| db::tokens::find_by_text(conn, &text)).await?;
        Ok(found.is_some_and(|token| token.status(now) == Status::Active))
    }

    /// Whether a user's password is the lab's, which everybody knows. Quick while it is as it was
    /// loaded: each start asks this.
    pub async fn has_lab_password(&self, name: &str, password: &str) -> Result<bool> {
        let (name, password) = (name.to_owned(), password.to_owned());
        self.db()
            .read(move |conn| {
                let loaded = db::keys::fact(conn, LAB_PASSWORD_HASH)?;
                let Some(user) = db::people::user_by_name(conn, &name)? else { return Ok(false) };
                Ok(loaded.as_deref() == Some(user.password_hash.as_str())
                    || verify_password(&password, &user.password_hash))
            })
            .await
    }

    /// Whether a user's password is this one; slow on purpose.
    pub async fn password_is(&self, name: &str, password: &str) -> Result<bool> {
        let (name, password) = (name.to_owned(), password.to_owned());
        self.db()
            .read(move |conn| {
                let user = db::people::user_by_name(conn, &name)?;
                Ok(user.is_some_and(|user| verify_password(&password, &user.password_hash)))
            })
            .await
    }

    /// Virtual account and license of each pool whose stored sum of use is not
    /// what counting gives; nothing, unless there is a defect.
    pub async fn drifted_pools(&self) -> Result<Vec<(String, String)>> {
        Ok(self.db().read(db::pools::drifted).await?)
    }
}
