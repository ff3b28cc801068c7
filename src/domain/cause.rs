//! Causes of alerts: why there is one, and what people are told about it.

use super::event::EventKind;
use super::id::{EntitlementId, EventId, InstanceId, OnPremUid};
use super::lifetime::Lateness;
use super::local_alert::LocalAlert;
use super::time::Timestamp;
use chrono::NaiveDate;
pub use on_prem::{OnPremCause, OnPremTrouble};

mod on_prem;

/// How bad it is; the order is the sort order of the page (A-ALR-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Red.
    Major,
    /// Yellow.
    Minor,
    /// Only on the list of a virtual account.
    Informational,
}

impl Severity {
    /// All severities.
    pub const ALL: [Self; 3] = [Self::Major, Self::Minor, Self::Informational];

    /// The word on pages and in the REST API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "Major",
            Self::Minor => "Minor",
            Self::Informational => "Informational",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name().eq_ignore_ascii_case(text))
    }
}

/// By when something has to be done; the order is the sort order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionDue {
    /// At once.
    Now,
    /// By an instant.
    By(Timestamp),
    /// Nothing has to be done.
    Never,
}

/// So many of one license, for causes that name a quantity and a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The license.
    pub entitlement: EntitlementId,
    /// Its name.
    pub license: String,
    /// How many.
    pub quantity: i64,
    /// First day of the earliest line.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// Why an alert is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A-ALK-01: the balance of a license is below zero.
    Insufficient {
        /// The license.
        entitlement: EntitlementId,
        /// Its name.
        license: String,
        /// How many are missing.
        short: i64,
    },
    /// A-ALK-02: no renewal for longer than the period.
    FailedToConnect {
        /// The product instance.
        instance: InstanceId,
        /// Its name.
        name: String,
        /// Since when it is silent.
        since: Timestamp,
        /// When its licenses are released.
        due: Timestamp,
        /// How late it is.
        lateness: Lateness,
    },
    /// A-ALK-03: its certificate is about to end.
    FailedToRenew {
        /// The product instance.
        instance: InstanceId,
        /// Its name.
        name: String,
        /// When it is removed.
        due: Timestamp,
        /// Whether that is over, and an export authorization key keeps it listed.
        kept: bool,
    },
    /// A-ALK-04: a newer agreement was published.
    UpdatedAgreement {
        /// Its version.
        version: String,
        /// When acceptance is due.
        due: Timestamp,
    },
    /// A-ALK-05: no agreement was accepted.
    AgreementPending,
    /// A-ALK-11: lines end soon.
    Expiring(Ending),
    /// A-ALK-12: lines have ended a short while ago.
    Expired {
        /// What ended.
        ending: Ending,
        /// Whether the license is short now.
        short: bool,
    },
    /// A-ALK-13: a reserved line ended while a device holds it.
    ReservedExpired(Ending),
    /// A-ALK-16: a product asked for a key of an export-restricted license, and none is free.
    RestrictedNotAvailable {
        /// The product instance.
        instance: InstanceId,
        /// Its name.
        name: String,
        /// The license.
        entitlement: EntitlementId,
        /// Its name.
        license: String,
    },
    /// A-ALK-06 to A-ALK-10: an On-Prem.
    OnPrem(OnPremCause),
    /// B-LWS-12: the local account, on its satellite.
    Local {
        /// Its name.
        name: String,
        /// What is wrong with it.
        alert: LocalAlert,
    },
    /// A-ALK-17: something that is good to know.
    Notice {
        /// The event that it tells.
        event: EventId,
        /// The sentence.
        text: String,
        /// When it happened.
        at: Timestamp,
    },
}

impl Cause {
    /// The alert's name (documented).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Insufficient { .. } => "Insufficient Licenses",
            Self::FailedToConnect { .. } => "Product Instance Failed to Connect",
            Self::FailedToRenew { .. } => "Product Instance Failed to Renew",
            Self::UpdatedAgreement { .. } => "Updated Smart License Agreement",
            Self::AgreementPending => "Smart Licensing Agreement Pending",
            Self::Expiring(_) => "Licenses Expiring",
            Self::Expired { .. } => "Licenses Expired",
            Self::ReservedExpired(_) => "Reserved License Expired",
            Self::RestrictedNotAvailable { .. } => "Restricted License Not Available",
            Self::OnPrem(cause) => cause.kind(),
            Self::Local { alert, .. } => alert.kind(),
            Self::Notice { .. } => "Information",
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Insufficient { .. }
            | Self::FailedToConnect { lateness: Lateness::VeryLate, .. }
            | Self::FailedToRenew { .. }
            | Self::AgreementPending
            | Self::Expired { short: true, .. }
            | Self::ReservedExpired(_)
            | Self::RestrictedNotAvailable { .. } => Severity::Major,
            Self::FailedToConnect { lateness: Lateness::Late, .. }
            | Self::UpdatedAgreement { .. }
            | Self::Expiring(_)
            | Self::Expired { short: false, .. } => Severity::Minor,
            Self::OnPrem(cause) => cause.severity(),
            Self::Local { alert, .. } => alert.severity(),
            Self::Notice { .. } => Severity::Informational,
        }
    }

    /// By when something has to be done.
    pub fn action_due(&self) -> ActionDue {
        match self {
            Self::Insufficient { .. }
            | Self::AgreementPending
            | Self::Expired { .. }
            | Self::ReservedExpired(_)
            | Self::RestrictedNotAvailable { .. } => ActionDue::Now,
            Self::FailedToConnect { due, .. }
            | Self::FailedToRenew { due, .. }
            | Self::UpdatedAgreement { due, .. } => ActionDue::By(*due),
            Self::Expiring(ending) => ActionDue::By(Timestamp::midnight(ending.ends)),
            Self::OnPrem(cause) => cause.action_due(),
            Self::Local { alert, .. } => alert.action_due(),
            Self::Notice { .. } => ActionDue::Never,
        }
    }

    /// What tells one cause of a virtual account from another; numbers that may change while
    /// it lasts are not part of it.
    pub fn key(&self) -> String {
        let ending = |what: &str, e: &Ending| format!("{what}:{}:{}", e.entitlement, e.ends);
        match self {
            Self::Insufficient { entitlement, .. } => format!("insufficient:{entitlement}"),
            Self::FailedToConnect { instance, .. } => format!("connect:{instance}"),
            Self::FailedToRenew { instance, .. } => format!("renew:{instance}"),
            Self::UpdatedAgreement { version, .. } => format!("agreement:{version}"),
            Self::AgreementPending => "agreement".into(),
            Self::Expiring(e) => ending("expiring", e),
            Self::Expired { ending: e, .. } => ending("expired", e),
            Self::ReservedExpired(e) => ending("reserved-expired", e),
            Self::RestrictedNotAvailable { instance, entitlement, .. } => {
                format!("restricted:{instance}:{entitlement}")
            }
            Self::OnPrem(cause) => cause.key(),
            Self::Local { alert, .. } => format!("local:{}", alert.kind()),
            Self::Notice { event, .. } => format!("notice:{event}"),
        }
    }

    /// Whether a person may dismiss it (A-ALR-07, A-ALK-12).
    pub fn is_dismissable(&self) -> bool {
        match self {
            Self::OnPrem(cause) => cause.is_dismissable(),
            other => matches!(other, Self::Expired { .. } | Self::Notice { .. }),
        }
    }

    /// The license concerned.
    pub fn entitlement(&self) -> Option<EntitlementId> {
        match self {
            Self::Insufficient { entitlement, .. }
            | Self::RestrictedNotAvailable { entitlement, .. } => Some(*entitlement),
            Self::Expiring(e) | Self::Expired { ending: e, .. } | Self::ReservedExpired(e) => {
                Some(e.entitlement)
            }
            Self::FailedToConnect { .. }
            | Self::FailedToRenew { .. }
            | Self::UpdatedAgreement { .. }
            | Self::AgreementPending
            | Self::OnPrem(_)
            | Self::Local { .. }
            | Self::Notice { .. } => None,
        }
    }

    /// The product instance concerned.
    pub fn instance(&self) -> Option<InstanceId> {
        match self {
            Self::FailedToConnect { instance, .. }
            | Self::FailedToRenew { instance, .. }
            | Self::RestrictedNotAvailable { instance, .. } => Some(*instance),
            Self::Insufficient { .. }
            | Self::UpdatedAgreement { .. }
            | Self::AgreementPending
            | Self::Expiring(_)
            | Self::Expired { .. }
            | Self::ReservedExpired(_)
            | Self::OnPrem(_)
            | Self::Local { .. }
            | Self::Notice { .. } => None,
        }
    }

    /// The On-Prem concerned.
    pub fn on_prem(&self) -> Option<OnPremUid> {
        match self {
            Self::OnPrem(cause) => Some(cause.uid),
            _ => None,
        }
    }

    /// The lines concerned, for clients that ask for their dates.
    pub fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Expiring(e) | Self::Expired { ending: e, .. } | Self::ReservedExpired(e) => {
                Some(e)
            }
            Self::Insufficient { .. }
            | Self::FailedToConnect { .. }
            | Self::FailedToRenew { .. }
            | Self::UpdatedAgreement { .. }
            | Self::AgreementPending
            | Self::RestrictedNotAvailable { .. }
            | Self::OnPrem(_)
            | Self::Local { .. }
            | Self::Notice { .. } => None,
        }
    }

    /// How many licenses are missing, for the transfer that repairs it.
    pub fn short(&self) -> i64 {
        match self {
            Self::Insufficient { short, .. } => *short,
            Self::RestrictedNotAvailable { .. } => 1,
            Self::FailedToConnect { .. }
            | Self::FailedToRenew { .. }
            | Self::UpdatedAgreement { .. }
            | Self::AgreementPending
            | Self::Expiring(_)
            | Self::Expired { .. }
            | Self::ReservedExpired(_)
            | Self::OnPrem(_)
            | Self::Local { .. }
            | Self::Notice { .. } => 0,
        }
    }

    /// The event of its beginning and of its end.
    pub fn events(&self) -> (EventKind, EventKind) {
        match self {
            Self::Insufficient { .. } => (EventKind::ComplianceLost, EventKind::ComplianceRegained),
            Self::FailedToConnect { .. }
            | Self::FailedToRenew { .. }
            | Self::UpdatedAgreement { .. }
            | Self::AgreementPending
            | Self::Expiring(_)
            | Self::Expired { .. }
            | Self::ReservedExpired(_)
            | Self::RestrictedNotAvailable { .. }
            | Self::OnPrem(_)
            | Self::Local { .. }
            | Self::Notice { .. } => (EventKind::AlertRaised, EventKind::AlertCleared),
        }
    }

    /// The sentence, in the place it is about.
    pub fn message(&self, place: &str) -> String {
        match self {
            Self::Insufficient { license, short, .. } => format!(
                "Virtual account {place} is short of {}. Add or transfer {short} to return to \
                 compliance.",
                counted(*short, license)
            ),
            Self::FailedToConnect { name, since, due, .. } => format!(
                "{name} in {place} has not contacted the service since {since}. If it does not by \
                 {due}, the licenses it uses are released."
            ),
            Self::FailedToRenew { name, due, kept: false, .. } => format!(
                "{name} in {place} did not renew its registration and will be removed on {due}."
            ),
            Self::FailedToRenew { name, due, kept: true, .. } => format!(
                "The registration of {name} in {place} ended on {due}; it stays listed for its \
                 export-restricted licenses until the product registers again and returns them."
            ),
            Self::UpdatedAgreement { version, .. } => format!(
                "Version {version} of the Smart Licensing agreement was published and is not \
                 accepted yet."
            ),
            Self::AgreementPending => "The Smart Licensing agreement is not accepted yet.".into(),
            Self::Expiring(e) => format!("{} in {place} end on {}.", e.counted(), e.ends),
            Self::Expired { ending: e, .. } => {
                format!("{} in {place} ended on {}.", e.counted(), e.ends)
            }
            Self::ReservedExpired(e) => format!(
                "{} reserved in {place} ended on {} while devices hold them.",
                e.counted(),
                e.ends
            ),
            Self::RestrictedNotAvailable { name, license, .. } => format!(
                "{name} in {place} asked for the export-restricted license {license}, and none is \
                 free. Add or transfer 1; the product asks again by itself."
            ),
            Self::OnPrem(cause) => cause.message(),
            Self::Local { name, alert } => alert.message(name),
            Self::Notice { text, .. } => text.clone(),
        }
    }
}

impl Ending {
    fn counted(&self) -> String {
        counted(self.quantity, &self.license)
    }
}

fn counted(n: i64, license: &str) -> String {
    format!("{n} {license} license{}", if n == 1 { "" } else { "s" })
}
