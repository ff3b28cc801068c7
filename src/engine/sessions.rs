//! Browser sessions.

use super::access::{Who, actor};
use super::error::{Error, Result};
use super::{Engine, access};
use crate::crypto::secret::{digest, verify_password};
use crate::db;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::people::{Actor, Permission, User};
use crate::domain::site::Edition;
use crate::domain::{self, Timestamp};
use chrono::TimeDelta;

/// A session that has begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The secret for the browser's cookie.
    pub secret: String,
    /// The login name.
    pub user: String,
    /// When it ends, unless it is used meanwhile.
    pub expires_at: Timestamp,
    /// Days that the password still lasts, when that is worth a word.
    pub password_days: Option<i64>,
}

impl Engine {
    /// Begins a browser session.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn> {
        if self.edition() == Edition::Satellite {
            return self.sign_in_secured(name, password).await;
        }
        let user = self
            .checked_user(name, password)
            .await?
            .ok_or(Error::Unauthenticated("The user name or the password is wrong."))?;
        let now = self.now();
        let secret = self.ids().secret();
        let expires_at = now + TimeDelta::hours(self.settings().session_hours);
        let credential = Credential {
            digest: digest(&secret),
            kind: CredentialKind::Session,
            user: user.id,
            client_id: None,
            redirect_uri: None,
            created_at: now,
            expires_at,
            account: None,
            as_client: false,
        };
        self.db().write(move |conn| db::credentials::insert(conn, &credential)).await?;
        Ok(SignedIn { secret, user: user.name, expires_at, password_days: None })
    }

    /// Ends a browser session.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        if self.edition() == Edition::Satellite {
            return self.sign_out_secured(secret).await;
        }
        let digest = digest(secret);
        Ok(self.db().write(move |conn| db::credentials::delete(conn, &digest)).await?)
    }

    /// Fails unless the caller may move the world's clock.
    pub async fn may_move_clock(&self, who: &Who) -> Result<()> {
        let actor = self.whoami(who).await?;
        if actor.may_move_clock() {
            return Ok(());
        }
        Err(domain::Error::Forbidden {
            user: actor.name,
            permission: Permission::MoveClock,
            place: "this world".into(),
        }
        .into())
    }

    /// Lets a browser session last its hours from now on, however long ago it began; on a
    /// satellite, its idle minutes.
    pub async fn keep_session(&self, who: &Who) -> Result<()> {
        let Who::Session(secret) = who else { return Ok(()) };
        let (digest, now, edition) = (digest(secret), self.now(), self.edition());
        let hours = self.settings().session_hours;
        self.db()
            .write(move |conn| {
                let ends = match edition {
                    Edition::Cssm => now + TimeDelta::hours(hours),
                    Edition::Satellite => db::security::rules(conn)?.account.idle_end(now),
                };
                Ok(db::credentials::extend(conn, &digest, ends)?)
            })
            .await
    }

    /// Who is calling.
    pub async fn whoami(&self, who: &Who) -> Result<Actor> {
        let (who, now) = (who.clone(), self.now());
        self.db().read(move |conn| actor(conn, &who, now)).await
    }

    /// The user of that name, if the password is right. Checking costs the same
    /// for names that do not exist, and runs on a thread that may be slow.
    pub(super) async fn checked_user(&self, name: &str, password: &str) -> Result<Option<User>> {
        let (name, password) = (name.to_owned(), password.to_owned());
        self.db()
            .read(move |conn| {
                let user = db::people::user_by_name(conn, &name)?;
                let hash = user.as_ref().map_or(access::NOBODYS_HASH, |u| &u.password_hash);
                let right = verify_password(&password, hash);
                Ok(user.filter(|_| right))
            })
            .await
    }
}
