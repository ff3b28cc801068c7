//! Access to a local account that is there: asked for by everybody, decided by its administrators
//! and those of the satellite (B-ACC-13).

use super::accounts::REQUESTS;
use super::form::{FormPage, Input, Kind, refused};
use crate::domain::Timestamp;
use crate::domain::access_request::ROLES;
use crate::domain::id::AccessRequestId;
use crate::domain::people::Role;
use crate::domain::{self, Error};
use crate::engine::AccessRequestView;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels::local_account as label;
use crate::web::pages::view::{Choice, When};
use actix_web::HttpResponse;

/// A request for access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Its identity in addresses.
    pub id: String,
    /// The local account.
    pub account: String,
    /// Who asks.
    pub user: String,
    /// What they say.
    pub message: String,
    /// When.
    pub at: When,
    /// Whether the viewer decides about it.
    pub may_decide: bool,
}

impl AccessRow {
    fn of(view: &AccessRequestView, now: Timestamp) -> Self {
        Self {
            id: view.request.id.to_string(),
            account: view.account.clone(),
            user: view.user.clone(),
            message: view.request.message.clone(),
            at: When::at(view.request.at, now),
            may_decide: view.may_decide,
        }
    }
}

/// The requests for access that the viewer has made or decides about.
pub async fn rows(ask: &Ask) -> Result<Vec<AccessRow>, Failure> {
    let all = ask.engine().access_requests(&ask.visit.who).await?;
    Ok(all.iter().map(|view| AccessRow::of(view, ask.now())).collect())
}

/// The form.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, access_page(&ask, &Fields::default())).await
}

/// Asks for access, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, part) = (&ask.visit.who, |key| fields.get(key).to_owned());
        match ask.engine().request_access(who, part("account"), part("message")).await {
            Ok(name) => Ok(ask.done("/", format!("You have asked for access to {name}."))),
            Err(error) => refused(ask, &error, access_page(ask, fields)).await,
        }
    })
    .await
}

async fn access_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let input = |key, label, kind| Input::new(key, label, kind, fields.get(key));
    Ok(FormPage {
        frame: ask.viewer_frame().await?,
        title: "Request Access".into(),
        lead: "For a local account that is registered; its administrators decide.".into(),
        action: "/access/new".into(),
        inputs: vec![
            input("account", label::NAME, Kind::Line("text")),
            input("message", label::MESSAGE, Kind::Lines)
                .hint("Optional; for whoever decides, at most 1,000 characters."),
        ],
        refused: None,
        button: "Request Access".into(),
        cancel: "/".into(),
        topic: help::ACCESS_REQUESTS,
    })
}

fn id(ask: &Ask) -> domain::Result<AccessRequestId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("access request", text))
}

/// Where those who decide have come from.
fn back(frame: &Frame) -> &'static str {
    let administers = frame.system.as_ref().is_some_and(|system| system.may_administer);
    if administers { REQUESTS } else { "/" }
}

/// Asks which role is given.
pub async fn ask_role(ask: Ask) -> HttpResponse {
    show(&ask, grant_page(&ask, Role::SmartAccountUser.name())).await
}

/// Gives a role, or says why not.
pub async fn give_role(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let role = fields.get("role");
        match ask.engine().grant_access(&ask.visit.who, id(ask)?, role.into()).await {
            Ok(view) => done(ask, format!("{} has access to {}.", view.user, view.account)).await,
            Err(error) => refused(ask, &error, grant_page(ask, role)).await,
        }
    })
    .await
}

async fn done(ask: &Ask, sentence: String) -> Result<HttpResponse, Failure> {
    let frame = ask.viewer_frame().await?;
    Ok(ask.done(back(&frame), sentence))
}

async fn grant_page(ask: &Ask, chosen: &str) -> Result<FormPage, Failure> {
    let choice = |role: Role| Choice::new(role.name(), role.name(), role.name() == chosen);
    let role = Input::new("role", "Role", Kind::Choice(ROLES.map(choice).into()), "")
        .hint("In the whole local account.");
    decision(ask, ("Grant Access", "grant"), role).await
}

/// Asks for a reason.
pub async fn ask_decline(ask: Ask) -> HttpResponse {
    show(&ask, decline_page(&ask, "")).await
}

/// Declines it, or says why not.
pub async fn decline(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let reason = fields.get("reason");
        match ask.engine().decline_access(&ask.visit.who, id(ask)?, reason.into()).await {
            Ok(view) => done(ask, format!("The request of {} is declined.", view.user)).await,
            Err(error) => refused(ask, &error, decline_page(ask, reason)).await,
        }
    })
    .await
}

async fn decline_page(ask: &Ask, reason: &str) -> Result<FormPage, Failure> {
    let reason = Input::new("reason", "Reason", Kind::Lines, reason).hint("It is mailed.");
    decision(ask, ("Decline Access", "decline"), reason).await
}

/// The form of a decision: what was asked for, and one field.
async fn decision(
    ask: &Ask,
    (title, path): (&str, &str),
    field: Input,
) -> Result<FormPage, Failure> {
    let view = ask.engine().access_request(&ask.visit.who, id(ask)?).await?;
    let frame = ask.viewer_frame().await?;
    let shown = |key, label, value: &str| Input::new(key, label, Kind::Shown, value);
    let mut inputs = vec![
        shown("account", label::NAME, &view.account),
        shown("user", label::REQUESTED_BY, &view.user),
    ];
    if !view.request.message.is_empty() {
        inputs.push(shown("message", label::MESSAGE, &view.request.message));
    }
    inputs.push(field);
    Ok(FormPage {
        title: title.into(),
        lead: "The decision is mailed.".into(),
        action: format!("/access/{}/{path}", view.request.id),
        inputs,
        refused: None,
        button: title.into(),
        cancel: back(&frame).into(),
        topic: help::ACCESS_REQUESTS,
        frame,
    })
}
