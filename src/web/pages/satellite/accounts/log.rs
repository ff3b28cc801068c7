//! What happened to local accounts.

use super::{HERE as ACCOUNTS, tabs};
use crate::domain::system_event::Area;
use crate::engine::SystemLogQuery;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::satellite::events::LogRow;
use crate::web::pages::view::Pager;
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// Where the log is.
pub const HERE: &str = "/admin/accounts/events";

/// The part of the system event log that tells of local accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/accounts/log.html")]
pub struct AccountLogPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The rows, newest first.
    pub events: Vec<LogRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The log.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (seek, limit) = (seek(&ask.query)?, rows(&ask.query)?);
        let query = SystemLogQuery { area: Some(Area::Accounts), seek, limit };
        let page = ask.engine().system_events(&ask.visit.who, query).await?;
        let pager = pager(&ask, &page, |event| event.id, "event")?;
        let events = page.items.iter().map(|event| LogRow::of(event, ask.now())).collect();
        Ok(AccountLogPage { frame: frame(&ask, ACCOUNTS).await?, tabs: tabs(HERE), events, pager })
    })
    .await
}
