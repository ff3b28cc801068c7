//! The Message of the Day (B-ADM-12, B-SHL-03), set and shown.

use super::super::Engine;
use super::super::access::{Who, actor};
use super::super::error::Result;
use super::admit;
use crate::db::{self, Conn};
use crate::domain::greeting::Greeting;
use crate::domain::site::Edition;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;

const FACT: &str = "message_of_the_day";

impl Engine {
    /// The Message of the Day, for those who set it.
    pub async fn greeting(&self, who: &Who) -> Result<Greeting> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::ManageSettings, now)?;
                stored(conn)
            })
            .await
    }

    /// Sets it, in effect at once.
    pub async fn set_greeting(&self, who: &Who, greeting: Greeting) -> Result<()> {
        self.change_system(
            who,
            SystemPermission::ManageSettings,
            move |engine, conn, actor, now| {
                if stored(conn)? == greeting {
                    return Ok(());
                }
                let text = serde_json::to_string(&greeting)
                    .map_err(|_| db::Error::corrupt(FACT, greeting.before.clone()))?;
                db::keys::set_fact(conn, FACT, &text)?;
                let state = if greeting.on { "shown" } else { "not shown" };
                let said = format!("Message of the Day: {state}.");
                engine.note(conn, Kind::SettingsChanged, &actor.name, said, now)
            },
        )
        .await
    }

    /// What the login page of a satellite shows to everybody; nothing in CSSM.
    pub async fn login_message(&self) -> Result<Option<String>> {
        if self.edition() == Edition::Cssm {
            return Ok(None);
        }
        self.db().read(|conn| Ok(stored(conn)?.at_login())).await
    }

    /// What the first page shows to who has signed in.
    pub async fn home_message(&self, who: &Who) -> Result<Option<String>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                actor(conn, &who, now)?;
                Ok(stored(conn)?.at_home())
            })
            .await
    }
}

fn stored(conn: &mut Conn) -> Result<Greeting> {
    let Some(text) = db::keys::fact(conn, FACT)? else { return Ok(Greeting::default()) };
    Ok(serde_json::from_str(&text).map_err(|_| db::Error::corrupt(FACT, text))?)
}
