//! The calls.

use super::bodies::{self, read};
use super::problem::{Guest, Problem};
use super::{reported, server, shown};
use crate::device::machine::Event;
use crate::domain::host::{Command, Server, User};
use crate::facade::Facade;
use crate::facade::faults::Fault;
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Path, Query};
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Answer = Result<HttpResponse, Problem>;

fn told(value: &Value) -> HttpResponse {
    HttpResponse::Ok().json(value)
}

/// Looks at the server.
fn look(facade: &Facade, see: impl FnOnce(&Server) -> Result<Value, Fault>) -> Answer {
    Ok(told(&facade.live.look(|state, _| see(server(state)?))?))
}

/// Does something, and tells how the server is then, and how reporting the use went.
async fn act(facade: &Facade, command: Command) -> Answer {
    facade.live.look(|state, _| server(state).map(|_| ()))?;
    let under_way = facade.live.ask_in_turn(Event::Host(command)).await.map_err(Fault::from)?;
    let problem = reported(under_way).await;
    look(facade, |server| {
        let mut whole = shown::summary(server);
        if let Value::Object(members) = &mut whole {
            members.insert("report_problem".to_owned(), json!(problem));
        }
        Ok(whole)
    })
}

/// How it is.
pub async fn show_server(Guest(caller): Guest) -> Answer {
    look(&caller.facade, |server| Ok(shown::summary(server)))
}

/// Everybody, or whom `search` finds.
pub async fn list_users(Guest(caller): Guest, query: Query<BTreeMap<String, String>>) -> Answer {
    if let Some(unknown) = query.keys().find(|key| *key != "search") {
        return Err(Fault::invalid(unknown, "it is not known: must be search").into());
    }
    let search = query.get("search").map(|text| text.to_lowercase()).unwrap_or_default();
    look(&caller.facade, |server| {
        let all = found(server, &search);
        Ok(json!({"users": all.map(|(e, u)| shown::person(server, e, u)).collect::<Vec<_>>()}))
    })
}

/// The users whose address or name has that text.
pub fn found<'a>(
    server: &'a Server,
    search: &'a str,
) -> impl Iterator<Item = (&'a crate::domain::host::Email, &'a User)> {
    server.users.iter().filter(move |(email, user)| {
        email.as_str().contains(search) || user.name.to_lowercase().contains(search)
    })
}

/// New users.
pub async fn add_users(Guest(caller): Guest, body: Bytes) -> Answer {
    let users = read::<bodies::Users>(&body)?.users;
    act(&caller.facade, Command::Add(users)).await
}

/// All users of the directory.
pub async fn synchronize(Guest(caller): Guest, body: Bytes) -> Answer {
    let users = read::<bodies::Users>(&body)?.users;
    act(&caller.facade, Command::Synchronize(users)).await
}

/// One user, and what happens if he hosts now.
pub async fn show_user(Guest(caller): Guest, email: Path<String>) -> Answer {
    let email = bodies::email(&email)?;
    let see = caller.facade.live.look(|state, now| {
        let server = server(state)?;
        let mut shown = shown::person(server, &email, server.user(&email)?);
        if let Value::Object(members) = &mut shown {
            let decided = server.decide(&email, now);
            members.insert("if_hosts_now".to_owned(), shown::decision(&decided));
        }
        Ok::<_, Fault>(shown)
    })?;
    Ok(told(&see))
}

/// Activates, deactivates, or gives another role.
pub async fn change_user(Guest(caller): Guest, email: Path<String>, body: Bytes) -> Answer {
    let email = bodies::email(&email)?;
    let command = read::<bodies::Change>(&body)?.command(email)?;
    act(&caller.facade, command).await
}

/// *Reserve license* for each.
pub async fn reserve(Guest(caller): Guest, body: Bytes) -> Answer {
    let users = read::<bodies::Named>(&body)?.users;
    act(&caller.facade, Command::Reserve(users)).await
}

/// Each hosts a meeting that begins now.
pub async fn host_now(Guest(caller): Guest, body: Bytes) -> Answer {
    let users = read::<bodies::Named>(&body)?.users;
    act(&caller.facade, Command::MeetNow(users)).await
}

/// All meetings that are remembered.
pub async fn list_meetings(Guest(caller): Guest) -> Answer {
    look(&caller.facade, |server| {
        let all: Vec<Value> = server.meetings.values().map(shown::meeting).collect();
        Ok(json!({"meetings": all}))
    })
}

/// A new meeting; `number` is its number.
pub async fn schedule(Guest(caller): Guest, body: Bytes) -> Answer {
    let command = read::<bodies::Scheduled>(&body)?.command()?;
    act(&caller.facade, command).await?;
    look(&caller.facade, |server| {
        let last = server.meetings.values().next_back().map(shown::meeting);
        Ok(json!(last))
    })
}

/// Starts one.
pub async fn start_meeting(Guest(caller): Guest, number: Path<String>, body: Bytes) -> Answer {
    let number = bodies::number(&number)?;
    let present = read::<bodies::Present>(&body)?.present;
    act(&caller.facade, Command::Start(number, present)).await
}

/// Ends one.
pub async fn end_meeting(Guest(caller): Guest, number: Path<String>) -> Answer {
    act(&caller.facade, Command::End(bodies::number(&number)?)).await
}

/// Installs licenses.
pub async fn install(Guest(caller): Guest, body: Bytes) -> Answer {
    let installed = read::<bodies::Installed>(&body)?;
    let command = caller.facade.live.look(|state, _| installed.command(server(state)?))?;
    act(&caller.facade, command).await
}

/// Ends the trial of a classic server.
pub async fn end_trial(Guest(caller): Guest) -> Answer {
    act(&caller.facade, Command::EndTrial).await
}

/// Sets when grace licenses turn into permanent ones.
pub async fn set(Guest(caller): Guest, body: Bytes) -> Answer {
    let wanted = read::<bodies::Settings>(&body)?.grace_upgrade;
    act(&caller.facade, Command::SetGraceUpgrade(wanted)).await
}

/// Another size.
pub async fn resize(Guest(caller): Guest, body: Bytes) -> Answer {
    let size = read::<bodies::Resized>(&body)?.size;
    act(&caller.facade, Command::Resize(size)).await
}

/// Another data centre joins.
pub async fn join(Guest(caller): Guest, body: Bytes) -> Answer {
    let bodies::Joined { name, users } = read(&body)?;
    act(&caller.facade, Command::Join(name, users)).await
}

/// A later release.
pub async fn upgrade(Guest(caller): Guest, body: Bytes) -> Answer {
    let release = read::<bodies::Upgraded>(&body)?.release;
    act(&caller.facade, Command::Upgrade(release)).await
}

/// What has happened to host licenses, the newest first.
pub async fn show_log(Guest(caller): Guest) -> Answer {
    let entries = caller.facade.live.look(|state, _| {
        shown::log(state)
            .map(|(at, text)| json!({"at": at.iso(), "text": text}))
            .collect::<Vec<_>>()
    });
    Ok(told(&json!({"log": entries})))
}
