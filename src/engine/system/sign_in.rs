//! Signing in on a satellite: locks, idle ends, and how many sessions there may be (B-ADM-17).

use super::super::Engine;
use super::super::access::{self, Who};
use super::super::error::{Error, Result, SignInRefusal};
use super::super::sessions::SignedIn;
use super::stored;
use crate::crypto::secret::{digest, verify_password};
use crate::db::system_users::Stored;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::credential::{Credential, CredentialKind};
use crate::domain::id::UserId;
use crate::domain::security::{PasswordAge, SecurityRules};
use crate::domain::site::Edition;
use crate::domain::system::SystemUser;
use crate::domain::system_event::SystemEventKind as Kind;

/// The signed-in person of a satellite, for the session bar.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The user.
    pub user: SystemUser,
    /// Minutes without a request after which the session ends.
    pub idle_minutes: i64,
}

/// What signing in may come to; a refusal is written too.
type Entry<T> = std::result::Result<T, Error>;

impl Engine {
    /// Begins a browser session on a satellite, or writes down why not.
    pub(in super::super) async fn sign_in_secured(
        &self,
        name: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let right = self.password_fits(name, password).await?;
        let (engine, name) = (self.clone(), name.to_owned());
        let entry: Entry<SignedIn> = self
            .db()
            .write(move |conn| {
                let now = engine.now();
                let rules = db::security::rules(conn)?;
                match engine.let_in(conn, (&name, right), &rules, now)? {
                    Ok(stored) => engine.begin_session(conn, &stored.user, &rules, now).map(Ok),
                    Err(refusal) => Ok::<_, Error>(Err(refusal)),
                }
            })
            .await?;
        entry
    }

    /// Whether the password is the one of that user. Checking costs the same for names that do
    /// not exist, and runs on a thread that may be slow.
    pub(in super::super) async fn password_fits(&self, name: &str, password: &str) -> Result<bool> {
        let (name, password) = (name.to_owned(), password.to_owned());
        self.db()
            .read(move |conn| {
                let known = db::system_users::named(conn, &name)?;
                let hash = known.as_ref().map_or(access::NOBODYS_HASH, |s| &s.password_hash);
                Ok(verify_password(&password, hash) && known.is_some())
            })
            .await
    }

    /// Lets a person in whose password was right or wrong, or counts and says why not.
    pub(in super::super) fn let_in(
        &self,
        conn: &mut Conn,
        (name, right): (&str, bool),
        rules: &SecurityRules,
        now: Timestamp,
    ) -> Result<Entry<Stored>> {
        let Some(mut stored) = db::system_users::named(conn, name)? else {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            self.note(conn, Kind::SignInFailed, &shown, "There is no such user.".into(), now)?;
            return Ok(Err(wrong()));
        };
        let user = &mut stored.user;
        if let Some(until) = user.locked_until.filter(|until| now < *until) {
            let text = format!("Refused: the user is locked until {}.", until.iso());
            self.note(conn, Kind::SignInFailed, name, text, now)?;
            return Ok(Err(SignInRefusal::Locked { name: name.to_owned(), until }.into()));
        }
        if !right {
            return self.count_failure(conn, stored, rules, now).map(Err);
        }
        if user.disabled {
            self.note(
                conn,
                Kind::SignInFailed,
                name,
                "Refused: the user is disabled.".into(),
                now,
            )?;
            return Ok(Err(SignInRefusal::Disabled(name.to_owned()).into()));
        }
        (user.failures, user.locked_until) = (0, None);
        (user.previous_login, user.last_login) = (user.last_login, Some(now));
        if rules.password.age(user.password_changed_at, now) == PasswordAge::Over {
            user.must_change_password = true;
        }
        db::system_users::save(conn, &stored)?;
        self.note(conn, Kind::SignedIn, name, "Signed in.".into(), now)?;
        Ok(Ok(stored))
    }

    fn count_failure(
        &self,
        conn: &mut Conn,
        mut stored: Stored,
        rules: &SecurityRules,
        now: Timestamp,
    ) -> Result<Error> {
        let user = &mut stored.user;
        let failed = rules.account.fail(user.failures, user.locked_until, now);
        (user.failures, user.locked_until) = (failed.failures, failed.locked_until);
        db::system_users::save(conn, &stored)?;
        let name = stored.user.name;
        let text = format!("Wrong password, number {} in a row.", failed.failures);
        self.note(conn, Kind::SignInFailed, &name, text, now)?;
        let Some(until) = failed.locked_until else { return Ok(wrong()) };
        let text = format!("Locked until {}.", until.iso());
        self.note(conn, Kind::UserLocked, &name, text, now)?;
        Ok(SignInRefusal::Locked { name, until }.into())
    }

    /// Begins a session; the oldest ones make room for it.
    fn begin_session(
        &self,
        conn: &mut Conn,
        user: &SystemUser,
        rules: &SecurityRules,
        now: Timestamp,
    ) -> Result<SignedIn> {
        let open = db::credentials::sessions(conn, user.id, now)?;
        for (digest, begun) in open.iter().take(rules.account.too_many(open.len())) {
            db::credentials::delete(conn, digest)?;
            let text = format!("The session of {} ended: another one began.", begun.iso());
            self.note(conn, Kind::SessionEnded, &user.name, text, now)?;
        }
        let secret = self.ids().secret();
        let expires_at = rules.account.idle_end(now);
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
        db::credentials::insert(conn, &credential)?;
        let password_days = match rules.password.age(user.password_changed_at, now) {
            PasswordAge::Ending(days) => Some(days),
            PasswordAge::Fine | PasswordAge::Over => None,
        };
        Ok(SignedIn { secret, user: user.name.clone(), expires_at, password_days })
    }

    /// Ends a session of a satellite, and writes it down.
    pub(in super::super) async fn sign_out_secured(&self, secret: &str) -> Result<()> {
        let (engine, secret) = (self.clone(), secret.to_owned());
        self.db()
            .write(move |conn| {
                let now = engine.now();
                let held = db::people::holder(conn, CredentialKind::Session, &digest(&secret))?;
                if let Some(holder) = held.filter(|holder| now < holder.until) {
                    let name = &holder.actor.name;
                    engine.note(conn, Kind::SignedOut, name, "Signed out.".into(), now)?;
                }
                Ok(db::credentials::delete(conn, &digest(&secret))?)
            })
            .await
    }

    /// Lets a session of a satellite that is used go on; written at most once a minute. Sessions
    /// of CSSM last their hours, whatever happens.
    pub async fn keep_alive(&self, who: &Who) -> Result<()> {
        let (Who::Session(secret), Edition::Satellite) = (who, self.edition()) else {
            return Ok(());
        };
        let (digest, now) = (digest(secret), self.now());
        let key = digest.clone();
        let ends = self
            .db()
            .read(move |conn| {
                let found = db::credentials::find(conn, CredentialKind::Session, &key)?;
                let rules = db::security::rules(conn)?.account;
                let used = found.filter(|c| rules.wants_extension(c.expires_at, now));
                Ok::<_, Error>(used.map(|_| rules.idle_end(now)))
            })
            .await?;
        if let Some(ends) = ends {
            self.db().write(move |conn| db::credentials::extend(conn, &digest, ends)).await?;
        }
        Ok(())
    }

    /// The signed-in person, whether or not the password has to be changed first.
    pub async fn profile(&self, who: &Who) -> Result<Profile> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                let holder = access::holder(conn, &who, now)?;
                profile_of(conn, holder.actor.id)
            })
            .await
    }
}

/// A person with what the bar of every page says.
pub(in super::super) fn profile_of(conn: &mut Conn, user: UserId) -> Result<Profile> {
    let user = stored(conn, user)?.user;
    let idle_minutes = db::security::rules(conn)?.account.idle_minutes;
    Ok(Profile { user, idle_minutes })
}

fn wrong() -> Error {
    Error::Unauthenticated("The user name or the password is wrong.")
}
