//! What a site's owner does at its start: no caller, no permission.

use super::Engine;
use super::error::Result;
use super::oauth::{ClientSecret, checked_client};
use crate::crypto::secret::verify_password;
use crate::db::{self, Conn};
use crate::domain::token::Status;

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
