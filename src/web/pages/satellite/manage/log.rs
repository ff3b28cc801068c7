//! What was decided about a local account: roles, local virtual accounts, agreements (B-LWS-08).

use super::{LOG, tabs};
use crate::engine::{EventQuery, Subject};
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::cssm::events::{EventRow, query};
use crate::web::pages::cssm::place::frame;
use crate::web::pages::frame::{Frame, NavItem, Tab};
use crate::web::pages::paging::pager;
use crate::web::pages::view::Pager;
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// Event Log.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/events.html")]
pub struct ManageLogPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The log.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let query = EventQuery { subject: Subject::Administration, ..query(&ask.query, None)? };
        let page = ask.engine().events(&ask.visit.who, ask.domain(), query).await?;
        let pager = pager(&ask, &page, |row| row.event.id, "event")?;
        let frame = frame(&ask, &overview, Tab::Outside);
        let events = EventRow::placed(&page, ask.now(), &frame, &overview);
        Ok(ManageLogPage { tabs: tabs(&frame, LOG), frame, events, pager })
    })
    .await
}
