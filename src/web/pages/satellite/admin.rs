//! The home of the Administration Workspace: figures of the whole satellite (B-SHL-06).

use crate::domain::system::SystemPermission;
use crate::engine::Figures;
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use actix_web::HttpResponse;
use askama::Template;

/// The overview.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/admin.html")]
pub struct AdminPage {
    /// The frame.
    pub frame: Frame,
    /// What there is.
    pub figures: Figures,
}

/// The overview.
pub async fn home(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let figures = ask.engine().figures(&ask.visit.who).await?;
        Ok(AdminPage { frame: frame(&ask, "/admin").await?, figures })
    })
    .await
}

/// The frame of a page of the Administration Workspace; `tab` is the address of its tab.
pub async fn frame(ask: &Ask, tab: &str) -> Result<Frame, Failure> {
    let actor =
        ask.engine().admitted(&ask.visit.who, SystemPermission::EnterAdministration).await?;
    let frame = ask.viewer_frame().await?;
    Ok(frame.in_administration(tab, |permission| actor.allows(permission)))
}
