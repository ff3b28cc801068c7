//! One user, and the answer to "what happens if this user hosts now?".

use super::users::{Row, named};
use super::{look, meetings, refused};
use crate::domain::Timestamp;
use crate::domain::host::{Command, Email, Managed, Role, Server};
use crate::facade::faults::Fault;
use crate::facade::hosts::words;
use crate::facade::pages::frame::{Frame, Tab};
use crate::facade::visit::{Answer, Sent, Signed, Visit};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

#[derive(Template, Clone, Debug)]
#[template(path = "device/hosts/user.html")]
struct UserPage {
    frame: Frame,
    row: Row,
    /// Whether a button activates or deactivates; empty = the directory decides.
    switch: &'static str,
    hosts: bool,
    may_reserve: bool,
    /// What is released by a deactivation.
    releases: String,
    answer: words::Answer,
    meetings: Vec<meetings::Row>,
}

impl UserPage {
    fn of(visit: &Visit, server: &Server, email: &Email, now: Timestamp) -> Result<Self, Fault> {
        let user = server.user(email)?;
        let held = server.held(user);
        let own = |meeting: &&crate::domain::host::Meeting| {
            meeting.host == *email || meeting.alternate.as_ref() == Some(email)
        };
        Ok(Self {
            frame: Frame::of(visit, Tab::Usage),
            row: Row::of(server, email, user, now),
            switch: match (user.managed, user.active) {
                (Managed::Local, true) => "deactivate",
                (Managed::Local, false) => "activate",
                (Managed::Remote, _) => "",
            },
            hosts: user.role == Role::Host,
            may_reserve: server.decide_reserve(email, now).is_ok(),
            releases: held.map(|held| held.kind.to_string()).unwrap_or_default(),
            answer: words::answer(&server.decide(email, now)),
            meetings: meetings::rows(server.meetings.values().filter(own), now),
        })
    }
}

/// The page.
pub async fn page(Signed(visit): Signed, email: Path<String>) -> Answer {
    visit.whole()?;
    let email = named(&visit, &email)?;
    let (server, now) = look(&visit)?;
    let page = UserPage::of(&visit, &server, &email, now);
    let page = page.map_err(|fault| visit.fault(&fault))?;
    Ok(visit.render(StatusCode::OK, &page))
}

/// What a button of the page does, and what is said then.
fn command(action: &str, email: Email) -> Result<(Command, String), Fault> {
    let who = email.clone();
    let (command, done) = match action {
        "activate" => (Command::Activate(email), "is active"),
        "deactivate" => (Command::Deactivate(email), "is deactivated"),
        "reserve" => (Command::Reserve(vec![email]), "has a license"),
        "attendee-only" => (Command::SetRole(email, Role::AttendeeOnly), "is attendee-only"),
        "host" => (Command::SetRole(email, Role::Host), "may host"),
        "meet-now" => (Command::MeetNow(vec![email]), "hosts a meeting now"),
        other => return Err(Fault::NotFound(format!("action {other}"))),
    };
    Ok((command, format!("{who} {done}.")))
}

/// A button.
pub async fn act(Sent { visit, .. }: Sent, path: Path<(String, String)>) -> Answer {
    visit.whole()?;
    look(&visit)?;
    let (email, action) = path.into_inner();
    let email = named(&visit, &email)?;
    let (command, done) = command(&action, email.clone()).map_err(|fault| visit.fault(&fault))?;
    let flash = super::act(&visit, command, &done).await;
    let flash = flash.unwrap_or_else(|error| refused(&error));
    Ok(visit.go(&format!("/users/{email}"), Some(flash)))
}
