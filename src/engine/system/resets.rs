//! Forgotten passwords (B-SHL-03): a mail with a link that works once and for an hour. Nothing in
//! an answer tells whether there is a user of that name.

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::passwords::same;
use super::{admit, stored};
use crate::crypto::secret::digest;
use crate::db::outbox::Mail;
use crate::db::system_users::Stored;
use crate::db::{self, Conn};
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::{SmartAccountId, UserId};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{self, Timestamp};
use chrono::TimeDelta;

/// Minutes that a link works (ours).
pub const RESET_MINUTES: i64 = 60;

impl Engine {
    /// Mails a link for another password, if there is such a user who may sign in. `origin` is
    /// where the satellite is reached, if that is known for sure; a browser can be made to name
    /// another.
    pub async fn request_reset(&self, name: &str, origin: Option<String>) -> Result<()> {
        let (engine, name) = (self.clone(), name.trim().to_owned());
        self.db()
            .write(move |conn| {
                let now = engine.now();
                let known = db::system_users::named(conn, &name)?;
                let Some(known) = known.filter(|known| !known.user.disabled) else {
                    let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
                    let said = "Asked for another password: there is no such user who may sign in.";
                    return engine.note(conn, Kind::ResetRequested, &shown, said.into(), now);
                };
                let said = "Asked for another password by mail.".to_owned();
                engine.note(conn, Kind::ResetRequested, &known.user.name, said, now)?;
                engine.send_reset(conn, &known, origin.as_deref(), now)
            })
            .await
    }

    /// At most one mail a minute; a newer link makes the older one void.
    fn send_reset(
        &self,
        conn: &mut Conn,
        known: &Stored,
        origin: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let user = &known.user;
        let made = db::credentials::reset_made(conn, user.id, now)?;
        if made.is_some_and(|made| now < made + TimeDelta::minutes(1)) {
            return Ok(());
        }
        db::credentials::delete_resets(conn, user.id)?;
        let secret = self.ids().secret();
        db::credentials::insert(conn, &credential(&secret, user.id, now))?;
        let link = match origin {
            Some(origin) => format!("open {origin}/password/reset?code={secret}"),
            None => "open the page /password/reset of the satellite".to_owned(),
        };
        let body = format!(
            "Somebody, probably you, has forgotten the password of {name} on {site}.\n\nTo set \
             another one, {link}, and enter this code: {secret}\n\nIt works once, for \
             {RESET_MINUTES} minutes. If it was not you, do nothing: your password stays.\n\nSent \
             by the Syncom lab emulator; no real mail leaves it.",
            name = user.name,
            site = self.name(),
        );
        let mail = Mail {
            id: self.ids().uuid(now),
            account: SmartAccountId(uuid::Uuid::nil()),
            at: now,
            recipient: user.facts.email.clone(),
            subject: format!("Another password on {}", self.name()),
            body,
            confidential: true,
        };
        Ok(db::outbox::append(conn, &mail)?)
    }

    /// Sets another password with a mailed code, which is used up by that; all sessions end.
    pub async fn reset_with_code(
        &self,
        code: &str,
        (password, again): (&str, &str),
    ) -> Result<String> {
        let (key, password, again) = (digest(code.trim()), password.to_owned(), again.to_owned());
        let (engine, own) = (self.clone(), key.clone());
        let checked = self
            .db()
            .read(move |conn| {
                let user = holder(conn, &own, engine.now())?;
                same(&password, &again)?;
                let known = stored(conn, user)?;
                engine.check(conn, &known, &password)
            })
            .await?;
        let engine = self.clone();
        self.db()
            .write(move |conn| {
                let now = engine.now();
                // Used by somebody else meanwhile, it is not there any more.
                let user = holder(conn, &key, now)?;
                let name = engine.put(conn, (user, checked), false, now)?;
                db::credentials::delete_of(conn, user, None)?;
                let said = "Set another password with a mailed code.".to_owned();
                engine.note(conn, Kind::PasswordChanged, &name, said, now)?;
                Ok(name)
            })
            .await
    }

    /// The newest mails, those that open something too: for System Admins, who set passwords anyway.
    pub async fn mails(&self, who: &Who) -> Result<Vec<Mail>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageUsers, now)?;
                Ok(db::outbox::newest(conn, 100)?)
            })
            .await
    }
}

/// Whose code it is. What is unknown, used or over is told alike.
fn holder(conn: &mut Conn, key: &str, now: Timestamp) -> Result<UserId> {
    let found = db::credentials::find(conn, CredentialKind::PasswordReset, key)?;
    let alive = found.filter(|code| code.is_alive(now)).map(|code| code.user);
    let usable = match alive {
        Some(user) => Some(stored(conn, user)?.user).filter(|user| !user.disabled),
        None => None,
    };
    let user = usable.ok_or_else(|| {
        domain::Error::invalid("code", "it is not known, was used already, or is over")
    })?;
    Ok(user.id)
}

fn credential(secret: &str, user: UserId, now: Timestamp) -> Credential {
    Credential {
        digest: digest(secret),
        kind: CredentialKind::PasswordReset,
        user,
        client_id: None,
        redirect_uri: None,
        created_at: now,
        expires_at: now + TimeDelta::minutes(RESET_MINUTES),
        account: None,
        as_client: false,
    }
}
