//! The log of an organization.

use super::frame::{at, lang};
use super::labels::Words;
use crate::domain::Timestamp;
use crate::domain::hub::HubEvent;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Pager, When};
use actix_web::HttpResponse;
use askama::Template;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubLogRow {
    /// When.
    pub time: When,
    /// The fact.
    pub message: String,
    /// Who caused it.
    pub user: String,
}

/// The log.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/activity.html")]
pub struct HubLogPage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static Words,
    /// The rows, newest first.
    pub events: Vec<HubLogRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The log.
pub async fn log(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let asked = (seek(&ask.query)?, rows(&ask.query)?);
        let found = ask.engine().hub_events(&ask.visit.who, ask.segment("key"), asked).await?;
        let (desk, page) = found;
        Ok(HubLogPage {
            frame: at(&ask, &desk, "activity").await?,
            words: Words::of(lang(&ask)),
            pager: pager(&ask, &page, |event| event.id, "event")?,
            events: page.items.iter().map(|event| HubLogRow::of(event, ask.now())).collect(),
        })
    })
    .await
}

impl HubLogRow {
    fn of(event: &HubEvent, now: Timestamp) -> Self {
        Self {
            time: When::at(event.at, now),
            message: event.message.clone(),
            user: event.actor.clone(),
        }
    }
}
