//! Requests of the REST API that are answered by poll (rest-api S1 to S3).

use super::Engine;
use super::access::{Who, actor};
use super::error::Result;
use crate::db;
use crate::db::polls::Poll;
use crate::domain::Error;
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
    pub async fn open_poll(&self, who: &Who, action: &'static str, answer: String) -> Result<i64> {
        let (engine, who, now) = (self.clone(), who.clone(), self.now());
        self.db()
            .write(move |conn| {
                let user = actor(conn, &who, now)?;
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
