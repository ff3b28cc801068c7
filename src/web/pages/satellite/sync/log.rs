//! The part *Event Log*: what was exchanged with CSSM, of all local accounts.

use super::{LOG, frame, tabs};
use crate::domain::system_event::Area;
use crate::engine::SystemLogQuery;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::labels::synchronization as label;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::satellite::events::LogRow;
use crate::web::pages::view::Pager;
use actix_web::HttpResponse;
use askama::Template;

/// The log.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/sync/log.html")]
pub struct SyncLogPage {
    /// The frame.
    pub frame: Frame,
    /// Accounts, Schedules, Event Log.
    pub tabs: Vec<NavItem>,
    /// The rows, newest first.
    pub events: Vec<LogRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The log.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (area, seek) = (Some(Area::Synchronization), seek(&ask.query)?);
        let asked = SystemLogQuery { area, seek, limit: rows(&ask.query)? };
        let page = ask.engine().system_events(&ask.visit.who, asked).await?;
        let pager = pager(&ask, &page, |event| event.id, "event")?;
        let events = page.items.iter().map(|event| LogRow::of(event, ask.now())).collect();
        Ok(SyncLogPage { frame: frame(&ask).await?, tabs: tabs(LOG), events, pager })
    })
    .await
}
