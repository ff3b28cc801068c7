//! The calls of a reservation.
// device-protocol.md 4.4, 4.5 (PROVEN: virl2-client and its test): what each takes and answers, and
// that everything that does not fit is 400.

use super::bodies;
use super::session::Caller;
use crate::device::DeviceError;
use crate::device::machine::{Ask, Event, NotNow, Refusal};
use crate::device::state::State;
use crate::domain::reservation::Kind;
use crate::facade::faults::Fault;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::{Bytes, Path};

/// What the client can do about a reservation.
const ACTIONS: [&str; 8] = [
    "mode",
    "request",
    "complete",
    "cancel",
    "release",
    "discard",
    "confirmation_code",
    "return_code",
];

/// Which code a call answers.
#[derive(Clone, Copy)]
enum Code {
    Request,
    Confirmation,
    Return,
}

/// All of them: one address for each, and a method.
pub async fn reservation(
    caller: Caller,
    method: Method,
    action: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Fault> {
    let (ask, code) = wanted(&method, &action, &body)?;
    if let Some(ask) = ask {
        caller.facade.live.ask_in_turn(Event::Reserve(ask)).await?;
    }
    let Some(code) = code else { return Ok(HttpResponse::NoContent().finish()) };
    let found = caller.facade.live.look(|state, _| kept(state, code));
    Ok(HttpResponse::Ok().json(found.map_err(|none| DeviceError::from(NotNow::from(none)))?))
}

fn wanted(
    method: &Method,
    action: &str,
    body: &[u8],
) -> Result<(Option<Ask>, Option<Code>), Fault> {
    Ok(match (method.as_str(), action) {
        ("PUT", "mode") => {
            let on = bodies::mode(body)?;
            (Some(if on { Ask::Enable } else { Ask::Disable }), None)
        }
        ("POST", "request") => (Some(Ask::Request(Kind::Specific)), Some(Code::Request)),
        ("POST", "complete") => (Some(Ask::Install(bodies::code(body)?)), Some(Code::Confirmation)),
        ("DELETE", "cancel") => (Some(Ask::Cancel), None),
        ("DELETE", "release") => (Some(Ask::Return), Some(Code::Return)),
        ("POST", "discard") => {
            (Some(Ask::ReturnAuthorization(bodies::code(body)?)), Some(Code::Return))
        }
        ("GET", "confirmation_code") => (None, Some(Code::Confirmation)),
        ("DELETE", "confirmation_code") => (Some(Ask::ForgetConfirmation), None),
        ("GET", "return_code") => (None, Some(Code::Return)),
        ("DELETE", "return_code") => (Some(Ask::ForgetReturn), None),
        (method, action) if ACTIONS.contains(&action) => {
            return Err(Fault::Method(method.to_owned()));
        }
        (_, action) => return Err(Fault::NotFound(format!("call reservation/{action}"))),
    })
}

fn kept(state: &State, code: Code) -> Result<String, Refusal> {
    let reservation = &state.reservation;
    if !reservation.enabled {
        return Err(Refusal::Off);
    }
    let code = match code {
        Code::Request => reservation.request.as_ref().map(|request| &request.code),
        Code::Confirmation => reservation.last_confirmation.as_ref(),
        Code::Return => reservation.last_return.as_ref(),
    };
    code.cloned().ok_or(Refusal::NotFound)
}
