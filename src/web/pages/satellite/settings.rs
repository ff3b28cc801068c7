//! Settings of the satellite: the Message of the Day (B-ADM-12), and the mails that were sent.

use super::admin::frame;
use super::form::{Input, Kind, SettingsPage, refuse};
use crate::domain::greeting::{Greeting, LONGEST};
use crate::domain::system::SystemPermission;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::view::{Severities, When};
use actix_web::HttpResponse;
use askama::Template;

/// The first tab; also the address of the widget's.
pub const SETTINGS: &str = "/admin/settings";
/// The mails.
pub const OUTBOX: &str = "/admin/settings/outbox";

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// When it was sent.
    pub at: When,
    /// To whom.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// The mails that were sent.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/outbox.html")]
pub struct OutboxPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The newest, newest first.
    pub mails: Vec<MailRow>,
}

/// The Message of the Day.
pub async fn message(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let greeting = ask.engine().greeting(&ask.visit.who).await?;
        page(&ask, inputs(greeting.on, &greeting.before, &greeting.after)).await
    })
    .await
}

/// Sets it, or says what is wrong.
pub async fn set_message(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (on, before, after) = typed(fields);
        let made = async {
            let greeting = Greeting::parse(on, before, after)?;
            ask.engine().set_greeting(&ask.visit.who, greeting).await
        };
        let Err(error) = made.await else {
            return Ok(ask.done(SETTINGS, "The Message of the Day is in effect.".into()));
        };
        let mut page = page(ask, inputs(on, before, after)).await?;
        page.refused = refuse(&mut page.inputs, &error);
        Ok(ask.visit.render_with(status(&error).0, &page))
    })
    .await
}

/// The mails that were sent.
pub async fn outbox(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let all = ask.engine().mails(&ask.visit.who).await?.into_iter();
        let row = |mail: crate::engine::Mail| MailRow {
            at: When::at(mail.at, ask.now()),
            recipient: mail.recipient,
            subject: mail.subject,
            body: mail.body,
        };
        let mails = all.map(row).collect();
        let frame = frame(&ask, SETTINGS).await?;
        Ok(OutboxPage { frame, tabs: tabs(OUTBOX, true), mails })
    })
    .await
}

fn typed(fields: &Fields) -> (bool, &str, &str) {
    (fields.yes("on"), fields.get("before"), fields.get("after"))
}

fn inputs(on: bool, before: &str, after: &str) -> Vec<Input> {
    let tick = if on { "yes" } else { "" };
    vec![
        Input::new("on", "Show the Message of the Day", Kind::Tick, tick),
        Input::new("before", "Before login", Kind::Lines, before)
            .hint(format!("On the login page, for everybody; at most {LONGEST} characters.")),
        Input::new("after", "After login", Kind::Lines, after)
            .hint("On the first page of who has signed in."),
    ]
}

/// The tabs of the widget; mails are for those who may read them.
pub fn tabs(here: &str, reads_mails: bool) -> Vec<NavItem> {
    let item = |(label, href, _): (&'static str, &str, bool)| NavItem {
        label,
        href: href.to_owned(),
        current: href == here,
        alerts: Severities::default(),
    };
    let all = [("Message of the Day", SETTINGS, true), ("Outbox", OUTBOX, reads_mails)];
    all.into_iter().filter(|(.., open)| *open).map(item).collect()
}

async fn page(ask: &Ask, inputs: Vec<Input>) -> Result<SettingsPage, Failure> {
    let reads = ask.engine().admitted(&ask.visit.who, SystemPermission::ManageUsers).await.is_ok();
    let frame = frame(ask, SETTINGS).await?;
    Ok(SettingsPage {
        frame,
        tabs: tabs(SETTINGS, reads),
        title: "Settings",
        lead: "What this satellite tells everybody who comes to it.",
        action: SETTINGS,
        inputs,
        refused: None,
        topic: help::MESSAGE_OF_THE_DAY,
    })
}
