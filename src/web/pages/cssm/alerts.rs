//! Alerts of the Smart Account and of one virtual account.

use super::alert_filter::{AlertFilter, shown};
use super::inventory::{VaHeader, VaTab};
use super::place::{Inside, frame};
use crate::domain::Error;
use crate::domain::alert::Alert;
use crate::domain::cause::{ActionDue, Cause, OnPremCause, OnPremTrouble, Severity};
use crate::domain::people::Permission;
use crate::engine::{AlertHolder, AlertList, Overview};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::{Frame, Skin, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Tone};
use actix_web::HttpResponse;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Something one can do about an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertAction {
    /// `Transfer From…`.
    pub label: String,
    /// The page that does it.
    pub href: String,
    /// Whether that page is a dialog.
    pub dialog: bool,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// What tells it from all others, also while it changes.
    pub key: String,
    /// Severity, in its word and colour.
    pub severity: Badge,
    /// The kind: `Insufficient Licenses`.
    pub kind: String,
    /// The sentence.
    pub message: String,
    /// The license or instance the message is about.
    pub href: Option<String>,
    /// The Smart Account or virtual account.
    pub source: String,
    /// Its page.
    pub source_href: String,
    /// Until when to act: `Now`, or a date.
    pub due: String,
    /// What one can do.
    pub actions: Vec<AlertAction>,
}

/// The Alerts tab of the Smart Account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/alerts.html")]
pub struct AlertsPage {
    /// The frame.
    pub frame: Frame,
    /// What is shown.
    pub filter: AlertFilter,
    /// The alerts, worst first.
    pub alerts: Vec<AlertRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The alerts of one virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/alerts.html")]
pub struct VaAlertsPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// What is shown.
    pub filter: AlertFilter,
    /// The alerts, worst first.
    pub alerts: Vec<AlertRow>,
    /// Where one is.
    pub pager: Pager,
}

impl AlertsPage {
    /// The same list as a file.
    pub fn export(&self) -> String {
        format!("{}/alerts.csv{}", self.frame.base(), self.filter.chosen())
    }
}

impl VaAlertsPage {
    /// The same list as a file.
    pub fn export(&self) -> String {
        format!("{}/alerts.csv{}", self.header.base(&self.frame), self.filter.chosen())
    }
}

/// The Alerts tab.
pub async fn account(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let found = ask.engine().alerts(&ask.visit.who, ask.domain(), None).await?;
        let frame = frame(&ask, &overview, Tab::Alerts);
        let (alerts, pager) = rows(&ask, &frame, &overview, &found)?;
        Ok(AlertsPage { frame, filter: AlertFilter::of(&ask.query, &found), alerts, pager })
    })
    .await
}

/// The alerts of a virtual account.
pub async fn virtual_account(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(tab(&ask.query)).await?;
        let found = ask.engine().alerts(&ask.visit.who, ask.domain(), Some(inside.va())).await?;
        let (alerts, pager) = rows(&ask, &inside.frame, &inside.overview, &found)?;
        let filter = AlertFilter::of(&ask.query, &found);
        Ok(VaAlertsPage { frame: inside.frame, header: inside.header, filter, alerts, pager })
    })
    .await
}

fn tab(query: &Fields) -> VaTab {
    match query.get("severity") {
        "major" => VaTab::MajorAlerts,
        "minor" => VaTab::MinorAlerts,
        _ => VaTab::Alerts,
    }
}

fn rows(
    ask: &Ask,
    frame: &Frame,
    overview: &Overview,
    found: &AlertList,
) -> Result<(Vec<AlertRow>, Pager), Failure> {
    let alerts = shown(&ask.query, found)?.into_iter();
    let rows = alerts.map(|alert| AlertRow::of(alert, frame, overview, found)).collect();
    cut(ask, rows, |row: &AlertRow| row.key.clone(), "alert")
}

/// Asks before an alert is dismissed.
pub async fn ask_dismiss(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Alerts).await?;
        inside.require(Permission::ManageInstances)?;
        let found = ask.engine().alerts(&ask.visit.who, ask.domain(), Some(inside.va())).await?;
        let key = ask.query.get("key");
        let alert = found.alerts.iter().find(|alert| alert.cause.key() == key);
        let alert = alert.ok_or_else(|| Error::not_found("alert", key))?;
        Ok(question(&inside, alert))
    })
    .await
}

/// Dismisses an alert.
pub async fn dismiss(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let inside = ask.inside(VaTab::Alerts).await?;
        let (who, key) = (&ask.visit.who, ask.query.get("key").to_owned());
        let cause = ask.engine().dismiss_alert(who, ask.domain(), inside.va(), key).await?;
        Ok(ask.done(&inside.to("alerts"), format!("{} is dismissed.", cause.kind())))
    })
    .await
}

fn question(inside: &Inside, alert: &Alert) -> ConfirmPage {
    let key = utf8_percent_encode(&alert.cause.key(), NON_ALPHANUMERIC).to_string();
    ConfirmPage {
        frame: inside.frame.clone(),
        title: format!("Dismiss {}", alert.cause.kind()),
        facts: vec![(labels::alert::MESSAGE.to_owned(), alert.message())],
        consequence: "It is put away for everybody. The event log keeps it.".to_owned(),
        refused: !alert.cause.is_dismissable(),
        blockers: vec![],
        action: inside.to(&format!("alerts/dismiss?key={key}")),
        button: "Dismiss".to_owned(),
        destroys: false,
        topic: help::ALERTS,
        cancel: inside.to("alerts"),
    }
}

pub(in crate::web::pages) fn badge(severity: Severity) -> Badge {
    match severity {
        Severity::Major => Badge::new(Tone::Bad, labels::alert::MAJOR),
        Severity::Minor => Badge::new(Tone::Attention, labels::alert::MINOR),
        Severity::Informational => Badge::new(Tone::Neutral, labels::alert::INFORMATIONAL),
    }
}

impl AlertRow {
    fn of(alert: &Alert, frame: &Frame, overview: &Overview, found: &AlertList) -> Self {
        let at = |id| overview.virtual_accounts.iter().find(|r| r.virtual_account.id == id);
        let place = alert.virtual_account.and_then(at).map(|row| row.virtual_account.number);
        let cause = &alert.cause;
        let (base, source) = match (cause, place) {
            (Cause::OnPrem(of), _) => (format!("{}/on-prem/{}", frame.base(), of.number), ""),
            (_, Some(number)) => (format!("{}/inventory/{number}", frame.base()), "/general"),
            (_, None) => (frame.base(), "/alerts"),
        };
        let href = match (cause.entitlement(), cause.instance()) {
            (Some(id), _) => Some(format!("{base}/licenses/{id}")),
            (None, Some(id)) => Some(format!("{base}/instances/{id}")),
            (None, None) if matches!(cause, Cause::OnPrem(_)) => Some(base.clone()),
            // A satellite has its agreement from CSSM, and no page of it.
            (None, None) => {
                (place.is_none() && frame.skin == Skin::Cssm).then(|| format!("{base}/agreement"))
            }
        };
        Self {
            key: format!("{base}/{}", cause.key()),
            severity: badge(cause.severity()),
            kind: cause.kind().to_owned(),
            message: format!("{}{}", alert.message(), held_by(alert, found)),
            actions: actions(alert, &base, href.as_deref(), found),
            href,
            source: alert.source.clone(),
            source_href: format!("{base}{source}"),
            due: due(cause.action_due()),
        }
    }
}

/// The product instances that hold the reserved licenses which have ended (A-ALK-13).
fn holders<'a>(alert: &Alert, found: &'a AlertList) -> impl Iterator<Item = &'a AlertHolder> {
    let (key, at) = (alert.cause.key(), alert.virtual_account);
    found.holders.iter().filter(move |of| of.key == key && Some(of.instance.virtual_account) == at)
}

fn held_by(alert: &Alert, found: &AlertList) -> String {
    let one = |of: &AlertHolder| format!("{} on {}", of.quantity, of.instance.name().trim_end());
    let all: Vec<String> = holders(alert, found).map(one).collect();
    if all.is_empty() { String::new() } else { format!(" They are: {}.", all.join(", ")) }
}

/// What the viewer can do about an alert (A-ALR-07).
fn actions(alert: &Alert, base: &str, href: Option<&str>, found: &AlertList) -> Vec<AlertAction> {
    let is_in = |all: &[crate::domain::virtual_account::VirtualAccount]| {
        all.iter().any(|va| Some(va.id) == alert.virtual_account)
    };
    let action =
        |label: &str, href: String| AlertAction { label: label.into(), href, dialog: true };
    let here = href.unwrap_or(base);
    match &alert.cause {
        cause @ (Cause::Insufficient { .. } | Cause::RestrictedNotAvailable { .. })
            if is_in(&found.transferable) =>
        {
            let href = format!("{here}/transfer?direction=from&need={}", cause.short());
            vec![action(labels::transfer::FROM_ACTION, href)]
        }
        Cause::FailedToConnect { .. } | Cause::FailedToRenew { .. } if is_in(&found.manageable) => {
            vec![action(labels::instance::REMOVE, format!("{here}/remove"))]
        }
        Cause::UpdatedAgreement { .. } | Cause::AgreementPending if found.may_accept => {
            vec![action(labels::alert::ACCEPT, here.to_owned())]
        }
        Cause::ReservedExpired(_) if is_in(&found.manageable) => holders(alert, found)
            .map(|of| action(label::UPDATE, format!("{base}/instances/{}/update", of.instance.id)))
            .collect(),
        Cause::OnPrem(of) if found.on_prems.contains(&of.uid) => on_prem_actions(of, base),
        cause if cause.is_dismissable() && is_in(&found.manageable) => {
            let key = utf8_percent_encode(&cause.key(), NON_ALPHANUMERIC).to_string();
            vec![action(labels::alert::DISMISS, format!("{base}/alerts/dismiss?key={key}"))]
        }
        _ => Vec::new(),
    }
}

fn on_prem_actions(of: &OnPremCause, base: &str) -> Vec<AlertAction> {
    let action = |label: &str, rest: &str, dialog| AlertAction {
        label: label.to_owned(),
        href: format!("{base}/{rest}"),
        dialog,
    };
    let sync = action(labels::on_prem::FILE_SYNC, "sync", true);
    match of.trouble {
        OnPremTrouble::Overdue { .. } => {
            vec![sync, action(labels::on_prem::REMOVE, "remove", true)]
        }
        OnPremTrouble::Deadline(_) => vec![sync],
        OnPremTrouble::FileReady => {
            vec![action(labels::on_prem::DOWNLOAD, "authorization", false)]
        }
        OnPremTrouble::FilePending(_) => Vec::new(),
        OnPremTrouble::Expired(_) | OnPremTrouble::Removed => {
            vec![action(labels::alert::DISMISS, "dismiss", true)]
        }
    }
}

/// Until when to act, in the words of the table.
pub fn due(due: ActionDue) -> String {
    match due {
        ActionDue::Now => labels::alert::NOW.to_owned(),
        ActionDue::By(at) => at.utc().format("%Y-%m-%d").to_string(),
        ActionDue::Never => String::new(),
    }
}
