//! Alerts of the Smart Account and of one virtual account.

use super::inventory::VaHeader;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Pager, Tone, When};
use askama::Template;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Red.
    Major,
    /// Yellow.
    Minor,
    /// Only in the list of a virtual account.
    Informational,
}

impl Severity {
    /// The word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Major => labels::alert::MAJOR,
            Self::Minor => labels::alert::MINOR,
            Self::Informational => labels::alert::INFORMATIONAL,
        }
    }

    /// The colour.
    pub fn tone(self) -> Tone {
        match self {
            Self::Major => Tone::Bad,
            Self::Minor => Tone::Attention,
            Self::Informational => Tone::Neutral,
        }
    }
}

/// Until when to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// At once.
    Now,
    /// By then.
    By(When),
    /// No date.
    Never,
}

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
    /// Severity.
    pub severity: Severity,
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
    /// Until when to act.
    pub due: Due,
    /// What one can do.
    pub actions: Vec<AlertAction>,
}

/// The Alerts tab of the Smart Account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/alerts.html")]
pub struct AlertsPage {
    /// The frame.
    pub frame: Frame,
    /// Major, Minor or all.
    pub severities: Vec<Choice>,
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
    /// Major, Minor or all.
    pub severities: Vec<Choice>,
    /// The alerts, worst first.
    pub alerts: Vec<AlertRow>,
    /// Where one is.
    pub pager: Pager,
}
