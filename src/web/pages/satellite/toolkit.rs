//! The API toolkit: the switch and the clients (B-ADM-21).

use super::admin::frame;
use super::form::{FormPage, Input, Kind};
use crate::domain::{self, Timestamp};
use crate::engine::{self, ClientSecret, NewClient, ToolkitClient};
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Badge, Choice, Tone, When};
use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

/// One client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// The public identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// The local account.
    pub account: String,
    /// Active, Expired or Revoked.
    pub status: Badge,
    /// When it ends.
    pub expires: Option<When>,
    /// Login name.
    pub created_by: String,
    /// Whether it can still be revoked.
    pub may_revoke: bool,
}

/// The toolkit.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/toolkit.html")]
pub struct ToolkitPage {
    /// The frame.
    pub frame: Frame,
    /// Whether API access is on.
    pub on: bool,
    /// Whether there is an account that could have a client.
    pub may_create: bool,
    /// The clients, the latest first.
    pub clients: Vec<ClientRow>,
}

/// A client that was just made: its secret is shown this once.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/client_made.html")]
pub struct ClientMadePage {
    /// The frame.
    pub frame: Frame,
    /// What people call it.
    pub name: String,
    /// Identifier and secret.
    pub shown: ClientSecret,
}

/// The toolkit.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let view = ask.engine().toolkit(&ask.visit.who).await?;
        let clients = view.clients.iter().map(|client| ClientRow::of(client, ask.now())).collect();
        let frame = frame(&ask, "/admin/api-toolkit").await?;
        Ok(ToolkitPage { frame, on: view.on, may_create: !view.accounts.is_empty(), clients })
    })
    .await
}

/// Switches API access on or off.
pub async fn switch(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let on = fields.yes("on");
        ask.engine().switch_api(&ask.visit.who, on).await?;
        let word = if on { "on" } else { "off" };
        Ok(ask.done("/admin/api-toolkit", format!("API access is switched {word}.")))
    })
    .await
}

/// The form of a new client.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, form_page(&ask, &Fields::default())).await
}

/// Makes a client and shows its secret, once.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match make(ask, fields).await {
            Ok(shown) => {
                let frame = frame(ask, "/admin/api-toolkit").await?;
                let page = ClientMadePage { frame, name: fields.get("name").to_owned(), shown };
                Ok(ask.visit.render(&page))
            }
            Err(error) => refused(ask, fields, &error).await,
        }
    })
    .await
}

async fn refused(
    ask: &Ask,
    fields: &Fields,
    error: &engine::Error,
) -> Result<HttpResponse, Failure> {
    let page = form_page(ask, fields).await?.refuse(error);
    Ok(ask.visit.render_with(status(error).0, &page))
}

async fn make(ask: &Ask, fields: &Fields) -> engine::Result<ClientSecret> {
    let new = NewClient {
        account: fields.get("account").to_owned(),
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        expires_at: end(fields.get("expires").trim())?,
    };
    ask.engine().create_client(&ask.visit.who, new).await
}

/// The last day of a client, as it was typed; the client ends when that day does.
fn end(text: &str) -> domain::Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt());
    let day = day.ok_or_else(|| {
        domain::Error::invalid("expires", format!("'{text}' is not like 2026-12-31"))
    })?;
    Ok(Some(Timestamp::midnight(day)))
}

async fn form_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let view = ask.engine().toolkit(&ask.visit.who).await?;
    let chosen = fields.get("account");
    let accounts = view.accounts.iter().map(|name| Choice::new(name, name, name == chosen));
    let line = |key, label| Input::new(key, label, Kind::Line("text"), fields.get(key));
    let last = Input::new("expires", "Last day", Kind::Line("date"), fields.get("expires"));
    Ok(FormPage {
        frame: frame(ask, "/admin/api-toolkit").await?,
        title: "New Client Credentials".into(),
        lead: "The client does everything in one local account and nothing beyond.".into(),
        action: "/admin/api-toolkit/new".into(),
        inputs: vec![
            Input::new("account", "Local account", Kind::Choice(accounts.collect()), ""),
            line("name", "Name"),
            line("description", "Description").hint("Optional."),
            last.hint("Optional; without it the client does not end."),
        ],
        refused: None,
        button: "Create Client".into(),
        cancel: "/admin/api-toolkit".into(),
        topic: help::API_TOOLKIT,
    })
}

/// Asks before a client is revoked.
pub async fn ask_revoke(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let view = ask.engine().toolkit(&ask.visit.who).await?;
        let id = ask.segment("id");
        let client = view.clients.into_iter().find(|client| client.id == id);
        let client = client.ok_or_else(|| domain::Error::not_found("API client", id))?;
        Ok(question(frame(&ask, "/admin/api-toolkit").await?, &client))
    })
    .await
}

fn question(frame: Frame, client: &ToolkitClient) -> ConfirmPage {
    ConfirmPage {
        frame,
        title: "Revoke API client".into(),
        facts: vec![
            ("Name".into(), client.name.clone()),
            ("Local account".into(), client.account.clone()),
        ],
        consequence: "It gets no bearer token any more, and those that it has end now.".into(),
        refused: false,
        blockers: Vec::new(),
        action: format!("/admin/api-toolkit/{}/revoke", client.id),
        button: format!("Revoke {}", client.name),
        destroys: true,
        topic: help::API_TOOLKIT,
        cancel: "/admin/api-toolkit".into(),
    }
}

/// Revokes a client.
pub async fn revoke(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let name = ask.engine().revoke_client(&ask.visit.who, ask.segment("id")).await?;
        Ok(ask.done("/admin/api-toolkit", format!("{name} was revoked.")))
    })
    .await
}

impl ClientRow {
    fn of(client: &ToolkitClient, now: Timestamp) -> Self {
        let facts = &client.facts;
        let status = match (facts.revoked_at, facts.is_alive(now)) {
            (Some(_), _) => Badge::new(Tone::Neutral, "Revoked"),
            (None, true) => Badge::new(Tone::Good, "Active"),
            (None, false) => Badge::new(Tone::Attention, "Expired"),
        };
        Self {
            id: client.id.clone(),
            name: client.name.clone(),
            description: facts.description.clone(),
            account: client.account.clone(),
            status,
            expires: facts.expires_at.map(|at| When::at(at, now)),
            created_by: facts.created_by.clone(),
            may_revoke: facts.revoked_at.is_none(),
        }
    }
}
