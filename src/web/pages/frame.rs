//! The frame every page stands in: who, where, when, and the tab bar.

use super::chrome::Chrome;
use super::chrome::Lang;
use super::hub::frame::HubBar;
use super::labels::tab as label;
use super::satellite::TABS;
use super::view::{Flash, Severities, When};
use super::words::{self, Words};
use crate::domain::Timestamp;
use crate::domain::site::Edition;
use crate::domain::system::SystemPermission;
use crate::engine::Profile;
use crate::web::tenant::segment;

/// The address below which the pages of an account live; a local account's name may hold
/// anything.
pub fn base(domain: &str) -> String {
    format!("/sa/{}", segment(domain))
}

/// Which of the two portals a page belongs to; decides colour and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skin {
    /// Smart Software Manager, blue.
    Cssm,
    /// SSM On-Prem, violet.
    Satellite,
}

impl Skin {
    /// The value of `data-skin`, which picks the colours.
    pub fn class(self) -> &'static str {
        match self {
            Self::Cssm => "cssm",
            Self::Satellite => "satellite",
        }
    }

    /// The colours of an edition.
    pub fn of(edition: Edition) -> Self {
        match edition {
            Edition::Cssm => Self::Cssm,
            Edition::Satellite => Self::Satellite,
        }
    }

    /// The edition in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cssm => "CSSM",
            Self::Satellite => "Satellite",
        }
    }

    /// What this portal calls things.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Cssm => &words::CSSM,
            Self::Satellite => &words::SATELLITE,
        }
    }

    /// The picture beside the name, also the browser's tab icon.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Cssm => "/static/mark.svg",
            Self::Satellite => "/static/mark-satellite.svg",
        }
    }
}

/// A Smart Account or local account as the top bar names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRef {
    /// `Contoso Lab`.
    pub name: String,
    /// `lab.example`; also part of every address below `/sa/`. A local account's own name.
    pub domain: String,
    /// What stands beside the name: the domain, or the Smart Account of CSSM; may be empty.
    pub detail: String,
    /// Whether the signed-in user may see the list of virtual accounts.
    pub may_manage: bool,
    /// Whether the signed-in user gives and takes roles somewhere in it.
    pub manages_roles: bool,
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The login name.
    pub name: String,
    /// Roles in words, one per line.
    pub roles: Vec<String>,
}

/// What the world's clock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldTime {
    /// The instant.
    pub now: When,
    /// `2026-01-05`.
    pub date: String,
    /// `09:12`; left out where there is no room.
    pub hour: String,
    /// Whether this is wall time; if not, the pill is amber.
    pub wall: bool,
    /// How far the clock had come before it was set back.
    pub latest: Option<When>,
}

impl WorldTime {
    /// What the clock says; `wall` tells whether everybody's clock says so, `latest` how far
    /// it had come if it was set back.
    pub fn of(now: Timestamp, wall: bool, latest: Option<Timestamp>) -> Self {
        Self {
            now: When::at(now, now),
            date: now.utc().format("%Y-%m-%d").to_string(),
            hour: now.utc().format("%H:%M").to_string(),
            wall,
            latest: latest.map(|latest| When::at(latest, now)),
        }
    }
}

/// The tabs of an account; those not built yet are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Alerts of the Smart Account.
    Alerts,
    /// Virtual accounts and what they hold.
    Inventory,
    /// Satellites that are registered.
    OnPrem,
    /// What happened.
    Activity,
    /// A page outside the tabs.
    Outside,
}

/// One entry of a row of tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether it is the present page.
    pub current: bool,
    /// Alerts counted on it.
    pub alerts: Severities,
}

/// What a satellite's bar says of the viewer (B-SHL-01, B-SHL-07).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemBar {
    /// The system role's name.
    pub role: &'static str,
    /// The login before this one.
    pub last_login: Option<When>,
    /// Minutes without a request after which the session ends.
    pub idle_minutes: i64,
    /// Whether the Administration Workspace is open to the viewer.
    pub may_administer: bool,
    /// The tabs of the Administration Workspace; empty outside it.
    pub tabs: Vec<NavItem>,
    /// Names of the local accounts to choose from, in an account (B-SHL-05).
    pub accounts: Vec<String>,
    /// Why the local account in view does not work.
    pub trouble: Option<String>,
}

impl SystemBar {
    /// What the bar says of a person, outside of any account.
    pub fn of(profile: &Profile, now: Timestamp) -> Self {
        let role = profile.user.facts.role;
        Self {
            role: role.name(),
            last_login: profile.user.previous_login.map(|at| When::at(at, now)),
            idle_minutes: profile.idle_minutes,
            may_administer: role.grants(SystemPermission::EnterAdministration),
            tabs: Vec::new(),
            accounts: Vec::new(),
            trouble: None,
        }
    }

    /// Where a local account begins.
    pub fn inventory(&self, account: &str) -> String {
        format!("{}/inventory", base(account))
    }
}

/// Everything around the content of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Which portal.
    pub skin: Skin,
    /// The site's name, such as `cssm` or `sat-a`.
    pub site: String,
    /// The Smart Account in view.
    pub account: Option<AccountRef>,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// What a satellite adds.
    pub system: Option<SystemBar>,
    /// What the hub adds.
    pub hub: Option<HubBar>,
    /// The world's clock.
    pub world: WorldTime,
    /// The present tab.
    pub tab: Tab,
    /// Alerts the viewer may see in this Smart Account.
    pub alerts: Severities,
    /// Whether the viewer sees the whole Smart Account, not single virtual accounts only.
    pub sees_all: bool,
    /// The result of the last action.
    pub flash: Option<Flash>,
    /// The secret that every form carries back.
    pub csrf: String,
}

impl Frame {
    /// The address below which the Smart Account's pages live.
    pub fn base(&self) -> String {
        self.account.as_ref().map_or_else(String::new, |account| base(&account.domain))
    }

    /// What this portal calls things.
    pub fn words(&self) -> &'static Words {
        self.skin.words()
    }

    /// The words around the page, in its language.
    pub fn chrome(&self) -> &'static Chrome {
        self.hub.as_ref().map_or(Lang::En, |hub| hub.lang).chrome()
    }

    /// Where the support desk is.
    pub fn support(&self) -> Option<String> {
        self.account.is_some().then(|| format!("{}/support", self.base()))
    }

    /// The same frame with the tabs of the Administration Workspace that the viewer may open.
    #[must_use]
    pub fn in_administration(mut self, tab: &str, may: impl Fn(SystemPermission) -> bool) -> Self {
        let item = |(label, href, _): &(&'static str, &str, SystemPermission)| NavItem {
            label,
            href: (*href).to_owned(),
            current: *href == tab,
            alerts: Severities::default(),
        };
        if let Some(system) = &mut self.system {
            let open = TABS.iter().filter(|(_, _, permission)| may(*permission));
            system.tabs = open.map(item).collect();
        }
        self
    }

    /// The tab bar; empty when no Smart Account is chosen.
    pub fn tabs(&self) -> Vec<NavItem> {
        if let Some(hub) = &self.hub {
            return hub.tabs.clone();
        }
        if self.account.is_none() {
            return self.system.as_ref().map_or_else(Vec::new, |system| system.tabs.clone());
        }
        let item = |tab, label, path: &str, alerts| NavItem {
            label,
            href: format!("{}/{path}", self.base()),
            current: self.tab == tab,
            alerts,
        };
        let activity = if self.sees_all { "activity/transactions" } else { "activity/events" };
        let mut tabs = vec![
            item(Tab::Alerts, label::ALERTS, "alerts", self.alerts),
            item(Tab::Inventory, label::INVENTORY, "inventory", Severities::default()),
        ];
        if self.skin == Skin::Cssm {
            tabs.push(item(Tab::OnPrem, label::ON_PREM, "on-prem", Severities::default()));
        }
        tabs.push(item(Tab::Activity, label::ACTIVITY, activity, Severities::default()));
        tabs
    }
}
