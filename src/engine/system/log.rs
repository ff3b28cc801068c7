//! The system event log, read page by page (B-ADM-26).

use super::super::Engine;
use super::super::access::Who;
use super::super::error::Result;
use super::admit;
use crate::db;
use crate::domain::id::SystemEventId;
use crate::domain::paging::{Page, Seek};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::{Area, SystemEvent};

/// Which part of the log.
#[derive(Clone, Debug, Default)]
pub struct SystemLogQuery {
    /// Only of this area.
    pub area: Option<Area>,
    /// Where the page begins.
    pub seek: Seek<SystemEventId>,
    /// Rows on a page.
    pub limit: i64,
}

impl Engine {
    /// One page of the system event log, newest first.
    pub async fn system_events(
        &self,
        who: &Who,
        query: SystemLogQuery,
    ) -> Result<Page<SystemEvent>> {
        let (who, now) = (who.clone(), self.now());
        self.db()
            .read(move |conn| {
                admit(conn, &who, SystemPermission::EnterAdministration, now)?;
                let SystemLogQuery { area, seek, limit } = query;
                Ok(db::system_events::page(conn, area, &seek, limit)?)
            })
            .await
    }
}
