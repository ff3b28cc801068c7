//! Users, host licenses and meetings of a meetings server.

pub(super) mod licenses;
mod meetings;
mod user;
pub(super) mod users;

use super::outcome;
use crate::device::DeviceError;
use crate::device::machine::Event;
use crate::domain::Timestamp;
use crate::domain::host::{Command, Refusal, Server};
use crate::facade::faults::Fault;
use crate::facade::hosts::{reported, server};
use crate::facade::serve::other_method;
use crate::facade::visit::{Detour, HOST_LICENSES, Visit};
use crate::web::pages::view::{Field, Flash, Tone};
use actix_web::web::{self, ServiceConfig, get, post};
use actix_web::{Resource, Route};

/// The routes. Where a refused form stands, a reload is to find a page.
pub fn configure(routes: &mut ServiceConfig) {
    let all: [(String, Vec<Route>); 8] = [
        ("/users/add".into(), vec![get().to(users::form), post().to(users::add)]),
        ("/users/directory".into(), vec![get().to(users::form), post().to(users::synchronize)]),
        ("/users/{email}".into(), vec![get().to(user::page)]),
        ("/users/{email}/{action}".into(), vec![post().to(user::act)]),
        ("/meetings".into(), vec![get().to(meetings::list)]),
        ("/meetings/new".into(), vec![get().to(meetings::form), post().to(meetings::schedule)]),
        ("/meetings/{number}/{action}".into(), vec![post().to(meetings::act)]),
        (HOST_LICENSES.into(), vec![get().to(licenses::page)]),
    ];
    let one = (
        format!("{HOST_LICENSES}/{{form}}"),
        vec![get().to(licenses::page), post().to(licenses::act)],
    );
    for (path, methods) in all.into_iter().chain([one]) {
        let resource: Resource = methods.into_iter().fold(web::resource(path), Resource::route);
        routes.service(resource.default_service(web::to(other_method)));
    }
}

/// The server as it is now.
fn look(visit: &Visit) -> Result<(Server, Timestamp), Detour> {
    let seen = visit.facade.live.look(|state, now| Ok((server(state)?.clone(), now)));
    seen.map_err(|fault: Fault| visit.fault(&fault))
}

/// Does something.
async fn act(visit: &Visit, command: Command, done: &str) -> Result<Flash, DeviceError> {
    let under_way = visit.facade.live.ask_in_turn(Event::Host(command)).await?;
    Ok(match reported(under_way).await {
        None => Flash { tone: Tone::Good, text: done.to_owned() },
        Some(problem) => {
            let text = format!("{done} The use could not be reported yet: {problem}");
            Flash { tone: Tone::Attention, text }
        }
    })
}

/// A refusal as a message on the next page.
fn refused(error: &DeviceError) -> Flash {
    Flash { tone: Tone::Bad, text: outcome::reason(error) }
}

/// A form that was refused: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    typed: crate::facade::visit::Fields,
    field: &'static str,
    problem: String,
    /// What concerns no single field.
    pub whole: Option<String>,
}

impl Refused {
    fn of(typed: &crate::facade::visit::Fields, error: &DeviceError, fields: &[&str]) -> Self {
        let typed = typed.clone();
        match error {
            DeviceError::Host(Refusal::Invalid { field, problem }) if fields.contains(field) => {
                Self { typed, field, problem: problem.clone(), whole: None }
            }
            other => Self { typed, whole: Some(outcome::reason(other)), ..Self::default() },
        }
    }

    /// A field as it was typed, with its problem; `default` when nothing was sent.
    fn field(&self, name: &str, default: &str) -> Field {
        let sent = self.typed.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
        let field = Field::of(sent.unwrap_or(default));
        if self.field == name { field.refused(&self.problem) } else { field }
    }
}

/// A whole number that was typed.
fn number(field: &'static str, text: &str) -> Result<u64, Refusal> {
    let number = text.trim().parse::<u64>();
    number.map_err(|_| Refusal::invalid(field, format!("'{text}' must be a whole number")))
}
