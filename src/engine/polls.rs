//! Requests of the REST API that are answered by poll (rest-api S1 to S3).

use super::Engine;
use super::access::{Who, actor};
use super::error::Result;
use crate::db::polls::Poll;
use crate::db::{self, Conn};
use crate::domain::Error;
use crate::domain::people::{Actor, Permission};
use chrono::TimeDelta;

/// What a poll finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollState {
    /// Not yet.
    Working,
    /// The answer, JSON.
    Done(String),
}

impl Engine {
    /// Accepts a request that is answered later; answers the number to poll with.
    /// `account` and `va` are the numbers of the place it is for.
    pub async fn open_poll(
        &self,
        who: &Who,
        (account, va): (i64, Option<i64>),
        action: &'static str,
        answer: String,
    ) -> Result<i64> {
        let (engine, who, now) = (self.clone(), who.clone(), self.now());
        self.db()
            .write(move |conn| {
                let user = actor(conn, &who, now)?;
                check_place(conn, &user, account, va)?;
                let ready = TimeDelta::seconds(engine.settings().poll_ready_seconds);
                let poll = Poll {
                    id: engine.ids().poll(),
                    user: user.id,
                    action: action.to_owned(),
                    ready_at: now + ready,
                    answer,
                };
                db::polls::insert(conn, &poll)?;
                Ok(poll.id)
            })
            .await
    }

    /// What a request has come to; only who asked may know.
    pub async fn poll(&self, who: &Who, id: i64, action: &str) -> Result<PollState> {
        let (who, now, action) = (who.clone(), self.now(), action.to_owned());
        self.db()
            .read(move |conn| {
                let user = actor(conn, &who, now)?;
                let poll = db::polls::find(conn, id)?
                    .filter(|poll| poll.user == user.id && poll.action == action)
                    .ok_or_else(|| Error::not_found("poll", id.to_string()))?;
                if now < poll.ready_at {
                    return Ok(PollState::Working);
                }
                Ok(PollState::Done(poll.answer))
            })
            .await
    }
}

/// Fails unless the caller sees the place that the numbers name.
fn check_place(conn: &mut Conn, user: &Actor, account: i64, va: Option<i64>) -> Result<()> {
    let found = db::accounts::all(conn)?
        .into_iter()
        .find(|known| known.number == account && user.belongs_to(known.id))
        .ok_or_else(|| Error::not_found("Smart Account", account.to_string()))?;
    let Some(number) = va else { return Ok(()) };
    let tree = db::virtual_accounts::tree(conn, found.id)?;
    let va = tree
        .numbered(number)
        .ok_or_else(|| Error::not_found("virtual account", number.to_string()))?;
    Ok(user.require(Permission::View, &tree.scope(va))?)
}
