//! The first login of a new satellite, step by step (B-SHL-02). Until its last step nothing else
//! is open to its person.

use super::super::Engine;
use super::super::access::{self, Who};
use super::super::error::Result;
use super::stored;
use crate::db::{self, Conn};
use crate::domain::first_login::{self, FirstLogin, Step};
use crate::domain::id::UserId;
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{Error, Timestamp};

const FACT: &str = "first_login";
const HOST: &str = "host_common_name";

/// Lets a person of a fixture begin with a first login.
pub fn begin_first_login(conn: &mut Conn, user: UserId) -> Result<()> {
    let mut known = stored(conn, user)?;
    known.user.must_change_password = true;
    db::system_users::save(conn, &known)?;
    keep(conn, &FirstLogin::of(user))
}

impl Engine {
    /// How far the caller's first login has come; others have none.
    pub async fn first_login(&self, who: &Who) -> Result<FirstLogin> {
        let (who, now) = (who.clone(), self.now());
        self.db().read(move |conn| own(conn, &who, now)).await
    }

    /// Chooses the language.
    pub async fn choose_language(&self, who: &Who, language: &str) -> Result<()> {
        let language = first_login::language(language);
        self.step(who, move |first| {
            first.language = Some(language?);
            Ok(())
        })
        .await
    }

    /// Says by which name the satellite is reached.
    pub async fn choose_host(&self, who: &Who, host: &str) -> Result<()> {
        let host = first_login::host_name(host);
        self.step(who, move |first| {
            first.host = Some(host?);
            Ok(())
        })
        .await
    }

    async fn step<F>(&self, who: &Who, work: F) -> Result<()>
    where
        F: FnOnce(&mut FirstLogin) -> Result<(), Error> + Send + 'static,
    {
        let (engine, who) = (self.clone(), who.clone());
        self.db()
            .write(move |conn| {
                let mut first = own(conn, &who, engine.now())?;
                work(&mut first)?;
                keep(conn, &first)
            })
            .await
    }

    /// Ends the first login: what was chosen is in effect, and the satellite is open.
    pub async fn finish_first_login(&self, who: &Who) -> Result<()> {
        let (engine, who) = (self.clone(), who.clone());
        self.db()
            .write(move |conn| {
                let now = engine.now();
                let first = own(conn, &who, now)?;
                let (Step::Review, Some(host)) = (first.next(), &first.host) else {
                    let text = "Language, password and host common name come first.";
                    return Err(Error::Conflict(text.into()).into());
                };
                db::keys::set_fact(conn, HOST, host)?;
                db::keys::forget_fact(conn, FACT)?;
                let mut known = stored(conn, first.user)?;
                known.user.must_change_password = false;
                db::system_users::save(conn, &known)?;
                let language = first.language.as_deref().unwrap_or_default();
                let text = format!("First login: language {language}, host common name {host}.");
                engine.note(conn, Kind::SettingsChanged, &known.user.name, text, now)
            })
            .await
    }

    /// The name by which the satellite is reached, once somebody has said it.
    pub async fn host_common_name(&self) -> Result<Option<String>> {
        self.db().read(|conn| Ok(db::keys::fact(conn, HOST)?)).await
    }
}

/// Notes that the person has another password, and whether it is their own: one from a System Admin
/// is a start password again. Answers whether the person has more steps to go.
pub(super) fn note_password(conn: &mut Conn, user: UserId, own: bool) -> Result<bool> {
    let Some(first) = kept(conn)?.filter(|first| first.user == user) else { return Ok(false) };
    keep(conn, &FirstLogin { password: own, ..first })?;
    Ok(true)
}

fn own(conn: &mut Conn, who: &Who, now: Timestamp) -> Result<FirstLogin> {
    let user = access::holder(conn, who, now)?.actor.id;
    let first = kept(conn)?.filter(|first| first.user == user);
    Ok(first.ok_or_else(|| Error::not_found("first login", user.to_string()))?)
}

fn kept(conn: &mut Conn) -> Result<Option<FirstLogin>> {
    let Some(text) = db::keys::fact(conn, FACT)? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&text).map_err(|_| db::Error::corrupt(FACT, text))?))
}

fn keep(conn: &mut Conn, first: &FirstLogin) -> Result<()> {
    let text = serde_json::to_string(first)
        .map_err(|_| db::Error::corrupt(FACT, first.user.to_string()))?;
    Ok(db::keys::set_fact(conn, FACT, &text)?)
}
