//! Passwords of a satellite's users: changed by themselves or set by a System Admin (B-ADM-18).

use super::super::Engine;
use super::super::access::{self, Who};
use super::super::error::{Error, Result};
use super::{first_login, stored};
use crate::crypto::secret::{digest, hash_password, verify_password};
use crate::db::system_users::Stored;
use crate::db::{self, Conn};
use crate::domain::id::UserId;
use crate::domain::security::PasswordRules;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{self, Timestamp};

/// A password that has passed all rules, with what it replaces.
pub(super) struct Checked {
    /// Of the new one.
    pub(super) hash: String,
    /// Of the one that it replaces: nothing happens if that has changed meanwhile.
    replaces: String,
}

impl Engine {
    /// The caller's own password becomes another one; all other sessions end.
    pub async fn change_password(
        &self,
        who: &Who,
        present: &str,
        (password, again): (&str, &str),
    ) -> Result<()> {
        same(password, again)?;
        let (engine, caller, now) = (self.clone(), who.clone(), self.now());
        let (present, password) = (present.to_owned(), password.to_owned());
        let (id, checked) = self
            .db()
            .read(move |conn| {
                let id = access::holder(conn, &caller, now)?.actor.id;
                let known = stored(conn, id)?;
                if !verify_password(&present, &known.password_hash) {
                    return Err(domain::Error::invalid("present", "it is wrong").into());
                }
                Ok::<_, Error>((id, engine.check(conn, &known, &password)?))
            })
            .await?;
        let (engine, who) = (self.clone(), who.clone());
        self.db()
            .write(move |conn| {
                let now = engine.now();
                let name = access::holder(conn, &who, now)?.actor.name;
                let kept = match &who {
                    Who::Session(secret) => Some(digest(secret)),
                    Who::Bearer(_) | Who::Nobody => None,
                };
                engine.put(conn, (id, checked), false, now)?;
                db::credentials::delete_of(conn, id, kept.as_deref())?;
                engine.note(
                    conn,
                    Kind::PasswordChanged,
                    &name,
                    "Changed their password.".into(),
                    now,
                )
            })
            .await
    }

    /// A System Admin gives a user another password; it opens nothing before that user has
    /// changed it, if the rules say so.
    pub async fn reset_password(
        &self,
        who: &Who,
        id: UserId,
        (password, again): (&str, &str),
    ) -> Result<String> {
        same(password, again)?;
        let (engine, caller, now) = (self.clone(), who.clone(), self.now());
        let password = password.to_owned();
        let checked = self
            .db()
            .read(move |conn| {
                super::admit(conn, &caller, SystemPermission::ManageUsers, now)?;
                let known = stored(conn, id)?;
                engine.check(conn, &known, &password)
            })
            .await?;
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let first = db::security::rules(conn)?.password.change_at_first_login;
            let name = engine.put(conn, (id, checked), first && id != actor.id, now)?;
            db::credentials::delete_of(conn, id, None)?;
            let text = format!("Set a new password for {name}.");
            engine.note(conn, Kind::PasswordChanged, &actor.name, text, now)?;
            Ok(name)
        })
        .await
    }

    /// Checks a new password against all rules; slow on purpose.
    pub(super) fn check(&self, conn: &mut Conn, known: &Stored, password: &str) -> Result<Checked> {
        let rules = db::security::rules(conn)?.password;
        // What cannot pass is not hashed so often.
        rules.require("password", password, false)?;
        let used = used(conn, known, password, &rules)?;
        rules.require("password", password, used)?;
        let hash = hash_password(password, &self.ids().salt())?;
        Ok(Checked { hash, replaces: known.password_hash.clone() })
    }

    /// Writes a checked password; the name of the user. A first login that is under way goes on.
    pub(super) fn put(
        &self,
        conn: &mut Conn,
        (id, checked): (UserId, Checked),
        must_change: bool,
        now: Timestamp,
    ) -> Result<String> {
        let mut known = stored(conn, id)?;
        if known.password_hash != checked.replaces {
            let text = "The password was changed by somebody else meanwhile.";
            return Err(domain::Error::Conflict(text.into()).into());
        }
        db::system_users::remember(conn, self.ids().uuid(now), id, &checked.replaces, now)?;
        known.password_hash = checked.hash;
        known.user.password_changed_at = Some(now);
        let more = first_login::note_password(conn, id, !must_change)?;
        known.user.must_change_password = must_change || more;
        (known.user.failures, known.user.locked_until) = (0, None);
        db::system_users::save(conn, &known)?;
        Ok(known.user.name)
    }
}

/// Whether it is the present password or one of those remembered before it.
fn used(conn: &mut Conn, known: &Stored, password: &str, rules: &PasswordRules) -> Result<bool> {
    if rules.remembered == 0 {
        return Ok(false);
    }
    let former = db::system_users::former(conn, known.user.id, rules.remembered - 1)?;
    let mut hashes = std::iter::once(&known.password_hash).chain(&former);
    Ok(hashes.any(|hash| verify_password(password, hash)))
}

/// Fails unless both fields hold the same.
pub(super) fn same(password: &str, again: &str) -> domain::Result<()> {
    if password == again {
        return Ok(());
    }
    Err(domain::Error::invalid("confirm", "it is not the same as the password"))
}
