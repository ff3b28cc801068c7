//! The home of the Administration Workspace: figures of the whole satellite (B-SHL-06).

use super::{accounts, sync};
use crate::domain::local_alert::LocalAlert;
use crate::domain::system::SystemPermission;
use crate::engine::{Figures, Gauge, Health, LocalAlertView};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::alerts::{AlertAction, AlertRow, badge, due};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels::{self, local_account as label, synchronization};
use crate::web::pages::view::{Badge, Tone};
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
    /// How the machine stands: processors, memory, disk.
    pub machine: Vec<GaugeRow>,
    /// What is wrong with local accounts, the worst first (B-LWS-12).
    pub alerts: Vec<AlertRow>,
}

/// How much of something is taken (B-SHL-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaugeRow {
    /// What.
    pub label: &'static str,
    /// In percent; nothing where the machine does not tell.
    pub percent: Option<u64>,
    /// From how many percent on it is high, and critical, as the gauge is coloured: a load may be
    /// more than the gauge holds.
    pub limits: Limits,
    /// The figures behind it.
    pub detail: String,
    /// How it is.
    pub state: Badge,
}

/// From how many percent on it is worth a look, and from how many it is bad (ours).
pub type Limits = (u64, u64);
/// A load of all processors is work enough; twice as much waits.
const OF_LOAD: Limits = (100, 200);
const OF_ROOM: Limits = (80, 95);

/// The gauges of the machine.
pub fn gauges(health: &Health) -> Vec<GaugeRow> {
    let load = |gauge: Gauge| {
        let (used, processors) = (gauge.used, gauge.total / 100);
        format!("load {}.{:02} on {processors} processors", used / 100, used % 100)
    };
    let room = |gauge: Gauge| format!("{} of {}", size(gauge.used), size(gauge.total));
    vec![
        GaugeRow::of("CPU", health.load, OF_LOAD, load),
        GaugeRow::of("Memory", health.memory, OF_ROOM, room),
        GaugeRow::of("Disk", health.disk, OF_ROOM, room),
    ]
}

impl GaugeRow {
    fn of(
        label: &'static str,
        gauge: Option<Gauge>,
        limits: Limits,
        detail: impl Fn(Gauge) -> String,
    ) -> Self {
        let state = match gauge.map(Gauge::percent) {
            None => Badge::new(Tone::Neutral, "Unknown"),
            Some(percent) if percent >= limits.1 => Badge::new(Tone::Bad, "Critical"),
            Some(percent) if percent >= limits.0 => Badge::new(Tone::Attention, "High"),
            Some(_) => Badge::new(Tone::Good, "Healthy"),
        };
        let untold = || "This machine does not tell.".to_owned();
        let (percent, detail) = (gauge.map(Gauge::percent), gauge.map_or_else(untold, detail));
        Self { label, percent, limits, detail, state }
    }

    /// Where the bar is full, in percent: a load goes beyond 100, and its colour with it.
    pub fn full(&self) -> u64 {
        self.limits.1.max(100)
    }
}

/// Bytes in a unit that a person would use.
fn size(bytes: u64) -> String {
    const GIB: u64 = 1 << 30;
    const MIB: u64 = 1 << 20;
    if bytes >= GIB {
        return format!("{}.{} GiB", bytes / GIB, bytes % GIB * 10 / GIB);
    }
    format!("{} MiB", bytes / MIB)
}

/// The overview.
pub async fn home(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let figures = ask.engine().figures(&ask.visit.who).await?;
        let alerts = ask.engine().local_alerts(&ask.visit.who).await?;
        let alerts = alerts.iter().map(alert).collect();
        let machine = gauges(&ask.engine().health(&ask.visit.who).await?);
        Ok(AdminPage { frame: frame(&ask, "/admin").await?, figures, machine, alerts })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// B-SHL-06: what is read is shown with its figures, what is not says so.
    #[test]
    fn gauges_tell_how_it_is() {
        let health = Health {
            load: Some(Gauge { used: 107, total: 200 }),
            memory: Some(Gauge { used: 15 << 29, total: 8 << 30 }),
            disk: None,
        };
        let rows = gauges(&health);
        let shown: Vec<_> = rows.iter().map(|row| (row.percent, &row.state.text[..])).collect();
        assert_eq!(shown, [(Some(53), "Healthy"), (Some(93), "High"), (None, "Unknown")]);
        let details: Vec<_> = rows.iter().map(|row| &row.detail[..]).collect();
        let told = "This machine does not tell.";
        assert_eq!(details, ["load 1.07 on 2 processors", "7.5 GiB of 8.0 GiB", told]);
        let busy = Health { load: Some(Gauge { used: 400, total: 200 }), ..health };
        let busy = &gauges(&busy)[..2];
        assert_eq!(busy[0].state.text, "Critical");
        assert_eq!([busy[0].full(), busy[1].full()], [200, 100]);
        assert_eq!(size(3 << 20), "3 MiB");
    }
}
