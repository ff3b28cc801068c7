//! Requests for access to the local account in view (B-LWS-08, B-ACC-13).

use super::{REQUESTS, decides_all, tabs};
use crate::domain::people::Permission;
use crate::web::pages::ask::{Ask, show};
use crate::web::pages::cssm::place::{forbidden, frame};
use crate::web::pages::frame::{Frame, NavItem, Tab};
use crate::web::pages::satellite::access::{AccessRow, rows};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// Requests.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/requests.html")]
pub struct AccessRequestsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// What waits for the viewer's decision, the oldest first.
    pub access: Vec<AccessRow>,
}

/// What waits for a decision.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        if !overview.may_manage && !decides_all(&ask).await {
            let manage = Permission::ManageVirtualAccounts;
            return Err(forbidden(&overview, manage, &overview.account.name).into());
        }
        let frame = frame(&ask, &overview, Tab::Outside);
        let name = &overview.account.domain;
        let waits = |row: &AccessRow| row.may_decide && row.account == *name;
        let access = rows(&ask).await?.into_iter().filter(waits).collect();
        Ok(AccessRequestsPage { tabs: tabs(&frame, REQUESTS), frame, access })
    })
    .await
}
