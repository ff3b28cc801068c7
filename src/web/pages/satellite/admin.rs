//! The home of the Administration Workspace: figures of the whole satellite (B-SHL-06).

use super::{accounts, sync};
use crate::domain::local_alert::LocalAlert;
use crate::domain::system::SystemPermission;
use crate::engine::{Figures, LocalAlertView};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::alerts::{AlertAction, AlertRow, badge, due};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels::{self, local_account as label, synchronization};
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
    /// What is wrong with local accounts, the worst first (B-LWS-12).
    pub alerts: Vec<AlertRow>,
}

/// The overview.
pub async fn home(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let figures = ask.engine().figures(&ask.visit.who).await?;
        let alerts = ask.engine().local_alerts(&ask.visit.who).await?;
        let alerts = alerts.iter().map(alert).collect();
        Ok(AdminPage { frame: frame(&ask, "/admin").await?, figures, alerts })
    })
    .await
}

/// An alert as the tables show it; what to do about it is on the page of its account.
fn alert(found: &LocalAlertView) -> AlertRow {
    let (own, alert) = (accounts::at(found.number), &found.alert);
    AlertRow {
        key: format!("{}:{}", alert.kind(), found.number),
        severity: badge(alert.severity()),
        kind: alert.kind().to_owned(),
        message: alert.message(&found.name),
        href: Some(own.clone()),
        source: found.name.clone(),
        due: due(alert.action_due()),
        actions: vec![action(alert, (found.number, &own))],
        source_href: own,
    }
}

/// What one can do about it at once.
fn action(alert: &LocalAlert, (number, own): (i64, &str)) -> AlertAction {
    let (label, path, dialog) = match alert {
        LocalAlert::Expired => (label::REGISTER_AGAIN, "approve", true),
        LocalAlert::Pending => (label::MANUAL, "manual", false),
        LocalAlert::Sync(..) | LocalAlert::Credential(..) => {
            let (label, href) = (synchronization::TAB.to_owned(), sync::home(number));
            return AlertAction { label, href, dialog: false };
        }
    };
    AlertAction { label: label.to_owned(), href: format!("{own}/{path}"), dialog }
}

/// The frame of a page of the Administration Workspace; `tab` is the address of its tab.
pub async fn frame(ask: &Ask, tab: &str) -> Result<Frame, Failure> {
    let actor =
        ask.engine().admitted(&ask.visit.who, SystemPermission::EnterAdministration).await?;
    let frame = ask.viewer_frame().await?;
    Ok(frame.in_administration(tab, |permission| actor.allows(permission)))
}
