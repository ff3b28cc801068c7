//! Users of a satellite: created, changed, disabled, unlocked, removed (B-ADM-01..03).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::passwords::same;
use super::{admit, stored};
use crate::crypto::secret::hash_password;
use crate::db::system_users::Stored;
use crate::db::{self, Conn};
use crate::domain::id::UserId;
use crate::domain::system::{SystemPermission, SystemUser, UserFacts, UserStep, allow, login_name};
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{self, Timestamp};

/// A user as the form describes one.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The login name.
    pub name: String,
    /// Names, mail address, role.
    pub facts: UserFacts,
    /// The first password.
    pub password: String,
    /// The same again.
    pub again: String,
}

/// Adds a user of a fixture: no rule for passwords, and nothing to change first.
pub fn seed_user(
    conn: &mut Conn,
    (id, name): (UserId, &str),
    facts: UserFacts,
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    let user = fresh(id, login_name(name)?, facts, now);
    Ok(db::system_users::insert(conn, &Stored { user, password_hash: hash.to_owned() })?)
}

fn fresh(id: UserId, name: String, facts: UserFacts, now: Timestamp) -> SystemUser {
    SystemUser {
        id,
        name,
        facts,
        disabled: false,
        last_login: None,
        previous_login: None,
        failures: 0,
        locked_until: None,
        password_changed_at: Some(now),
        must_change_password: false,
    }
}

impl Engine {
    /// All users, by login name.
    pub async fn system_users(&self, who: &Who) -> Result<Vec<SystemUser>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageUsers, now)?;
                Ok(db::system_users::all(conn)?)
            })
            .await
    }

    /// One user.
    pub async fn system_user(&self, who: &Who, id: UserId) -> Result<SystemUser> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageUsers, now)?;
                Ok(stored(conn, id)?.user)
            })
            .await
    }

    /// Creates a user. The name must differ from all others by more than its case.
    pub async fn create_user(&self, who: &Who, new: NewUser) -> Result<SystemUser> {
        let name = login_name(&new.name)?;
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let key = name.to_lowercase();
            if db::system_users::all(conn)?.iter().any(|user| user.name.to_lowercase() == key) {
                let problem = format!("there is a user '{name}' already");
                return Err(domain::Error::invalid("username", problem).into());
            }
            let rules = db::security::rules(conn)?.password;
            rules.require("password", &new.password, false)?;
            same(&new.password, &new.again)?;
            let id = UserId(engine.ids().uuid(now));
            let mut user = fresh(id, name, new.facts, now);
            user.must_change_password = rules.change_at_first_login;
            let password_hash = hash_password(&new.password, &engine.ids().salt())?;
            db::system_users::insert(conn, &Stored { user: user.clone(), password_hash })?;
            let text = format!("Created the {} {}.", user.facts.role.name(), user.name);
            engine.note(conn, Kind::UserCreated, &actor.name, text, now)?;
            Ok(user)
        })
        .await
    }

    /// Changes names, mail address and role of a user.
    pub async fn change_user(&self, who: &Who, id: UserId, facts: UserFacts) -> Result<SystemUser> {
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let mut known = stored(conn, id)?;
            guard(conn, UserStep::Role(facts.role), &known.user, actor.id)?;
            let changes = differences(&known.user.facts, &facts);
            if changes.is_empty() {
                return Ok(known.user);
            }
            known.user.facts = facts;
            db::system_users::save(conn, &known)?;
            let text = format!("Changed {}: {}.", known.user.name, changes.join(", "));
            engine.note(conn, Kind::UserChanged, &actor.name, text, now)?;
            Ok(known.user)
        })
        .await
    }

    /// Keeps a user out, at once, or lets them in again.
    pub async fn set_user_disabled(&self, who: &Who, id: UserId, off: bool) -> Result<SystemUser> {
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let mut known = stored(conn, id)?;
            if known.user.disabled == off {
                return Ok(known.user);
            }
            let (kind, verb) = if off {
                guard(conn, UserStep::Disable, &known.user, actor.id)?;
                db::credentials::delete_of(conn, id, None)?;
                (Kind::UserDisabled, "Disabled")
            } else {
                (Kind::UserEnabled, "Enabled")
            };
            known.user.disabled = off;
            db::system_users::save(conn, &known)?;
            let text = format!("{verb} the user {}.", known.user.name);
            engine.note(conn, kind, &actor.name, text, now)?;
            Ok(known.user)
        })
        .await
    }

    /// Ends the lock after wrong passwords.
    pub async fn unlock_user(&self, who: &Who, id: UserId) -> Result<SystemUser> {
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let mut known = stored(conn, id)?;
            if known.user.failures == 0 && known.user.locked_until.is_none() {
                return Ok(known.user);
            }
            (known.user.failures, known.user.locked_until) = (0, None);
            db::system_users::save(conn, &known)?;
            let text = format!("Unlocked the user {}.", known.user.name);
            engine.note(conn, Kind::UserUnlocked, &actor.name, text, now)?;
            Ok(known.user)
        })
        .await
    }

    /// Forgets a user. API clients that they created stay, and are the remover's.
    pub async fn remove_user(&self, who: &Who, id: UserId) -> Result<String> {
        self.change_system(who, SystemPermission::ManageUsers, move |engine, conn, actor, now| {
            let known = stored(conn, id)?;
            guard(conn, UserStep::Remove, &known.user, actor.id)?;
            db::clients::hand_over(conn, id, actor.id)?;
            db::system_users::remove(conn, id)?;
            let text = format!("Removed the user {}.", known.user.name);
            engine.note(conn, Kind::UserRemoved, &actor.name, text, now)?;
            Ok(known.user.name)
        })
        .await
    }
}

fn guard(conn: &mut Conn, step: UserStep, user: &SystemUser, by: UserId) -> Result<()> {
    let others = db::system_users::active_admins_besides(conn, user.id)?;
    Ok(allow(step, user, by, others)?)
}

/// What differs, for the log.
fn differences(before: &UserFacts, after: &UserFacts) -> Vec<String> {
    let pairs = [
        ("first name", &before.first_name, &after.first_name),
        ("last name", &before.last_name, &after.last_name),
        ("e-mail", &before.email, &after.email),
    ];
    let differing = pairs.into_iter().filter(|(_, old, new)| old != new);
    let mut texts: Vec<String> =
        differing.map(|(what, old, new)| format!("{what} '{old}' is now '{new}'")).collect();
    if before.role != after.role {
        texts.push(format!("{} is now {}", before.role.name(), after.role.name()));
    }
    texts
}
