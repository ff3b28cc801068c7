//! The system event log as a page and as a file (B-ADM-26).

use super::admin::frame;
use crate::domain::paging::Seek;
use crate::domain::system_event::{Area, SystemEvent};
use crate::domain::{Error, Timestamp};
use crate::engine::SystemLogQuery;
use crate::web::pages::ask::{Ask, Failure, Fields, act, show};
use crate::web::pages::csv;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Choice, Pager, When};
use actix_web::HttpResponse;
use askama::Template;

/// Rows that are read at once.
const CHUNK: i64 = 1_000;
/// The most rows of one file (ours).
const MOST: usize = 200_000;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// When.
    pub time: When,
    /// What it belongs to.
    pub area: &'static str,
    /// The fact.
    pub message: String,
    /// Who caused it.
    pub user: String,
}

/// The log.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/events.html")]
pub struct LogPage {
    /// The frame.
    pub frame: Frame,
    /// Areas that can be chosen.
    pub areas: Vec<Choice>,
    /// The rows, newest first.
    pub events: Vec<LogRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The log.
pub async fn log(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let page = ask.engine().system_events(&ask.visit.who, query(&ask.query)?).await?;
        let pager = pager(&ask, &page, |event| event.id, "event")?;
        let events = page.items.iter().map(|event| LogRow::of(event, ask.now())).collect();
        Ok(LogPage {
            frame: frame(&ask, "/admin/events").await?,
            areas: areas(&ask),
            events,
            pager,
        })
    })
    .await
}

/// The log as a file.
pub async fn export(ask: Ask) -> HttpResponse {
    act(&ask, async { Ok(csv::file(&ask, "system-events", &table(&ask).await?)) }).await
}

fn query(asked: &Fields) -> Result<SystemLogQuery, Failure> {
    let area = asked.some("area").map(|text| {
        Area::parse(text).ok_or_else(|| Error::invalid("area", format!("{text} is no area")))
    });
    Ok(SystemLogQuery { area: area.transpose()?, seek: seek(asked)?, limit: rows(asked)? })
}

fn areas(ask: &Ask) -> Vec<Choice> {
    let wanted = ask.query.get("area");
    Area::ALL.map(|area| Choice::new(area.name(), area.name(), area.name() == wanted)).into()
}

async fn table(ask: &Ask) -> Result<String, Failure> {
    let mut text =
        csv::row(&[labels::event::TIME, "Area", labels::event::USER, labels::event::MESSAGE]);
    let mut asked = SystemLogQuery { limit: CHUNK, seek: Seek::First, ..query(&ask.query)? };
    let mut count = 0;
    loop {
        let page = ask.engine().system_events(&ask.visit.who, asked.clone()).await?;
        for event in &page.items {
            let area = event.kind.area().name();
            text.push_str(&csv::row(&[&event.at.iso(), area, &event.actor, &event.message]));
        }
        count += page.items.len();
        match page.items.last().filter(|_| page.has_next && count < MOST) {
            Some(last) => asked.seek = Seek::After(last.id),
            None => return Ok(text),
        }
    }
}

impl LogRow {
    /// A row of the log.
    pub fn of(event: &SystemEvent, now: Timestamp) -> Self {
        Self {
            time: When::at(event.at, now),
            area: event.kind.area().name(),
            message: event.message.clone(),
            user: event.actor.clone(),
        }
    }
}

impl LogPage {
    /// The area that is chosen; empty for all.
    pub fn chosen(&self) -> &str {
        self.areas.iter().find(|area| area.selected).map_or("", |area| area.value.as_str())
    }
}
