//! Who is there.

use super::frame::{Frame, Tab};
use crate::facade::faults::Fault;
use crate::facade::visit::{Answer, Fields, Knock, Sent, Visit};
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use askama::Template;
use std::collections::BTreeMap;

#[derive(Template, Clone, Debug)]
#[template(path = "device/login.html")]
struct LoginPage {
    frame: Frame,
    username: Field,
    refused: Option<String>,
    next: String,
}

impl LoginPage {
    fn of(visit: &Visit, username: &str, next: &str) -> Self {
        let frame = Frame::of(visit, Tab::None);
        Self { frame, username: Field::of(username), refused: None, next: local(next).to_owned() }
    }
}

/// Asks for name and password.
pub async fn form(visit: Visit, query: Query<BTreeMap<String, String>>) -> HttpResponse {
    let next = query.get("next").map_or("/", String::as_str);
    visit.render(StatusCode::OK, &LoginPage::of(&visit, "", next))
}

/// Begins a session, or says that name and password do not match.
pub async fn sign_in(Knock(Sent { visit, fields }): Knock) -> Answer {
    let begun = visit.facade.gate.sign_in(fields.get("username"), fields.get("password"));
    match begun.map_err(|error| visit.fault(&Fault::from(error)))? {
        Some(secret) => Ok(visit.begin(local(fields.get("next")), &secret)),
        None => Ok(refused(&visit, &fields)),
    }
}

fn refused(visit: &Visit, fields: &Fields) -> HttpResponse {
    let page = LoginPage {
        refused: Some("The user name and the password do not match.".to_owned()),
        ..LoginPage::of(visit, fields.get("username"), fields.get("next"))
    };
    visit.render(Fault::WrongPassword.status(), &page)
}

/// Ends the session.
pub async fn sign_out(sent: Sent) -> HttpResponse {
    if let Some(secret) = &sent.visit.session {
        sent.visit.facade.gate.sign_out(secret, false);
    }
    sent.visit.end("/login")
}

/// The way back, if it stays here.
fn local(next: &str) -> &str {
    let inside = next.starts_with('/') && !next.starts_with("//");
    if inside && !next.contains(['\\', '\r', '\n']) { next } else { "/" }
}
