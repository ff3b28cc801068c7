//! The frame every page of a product stands in.

use crate::device::state::State;
use crate::facade::visit::{HOST_LICENSES, Visit};
use crate::facade::{OnlyLicensing, counts_hosts, is_smart, only_licensing};
use crate::web::pages::view::{Flash, When};
use askama::Template;

/// Where one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The beginning.
    Dashboard,
    /// What is in use, or users.
    Usage,
    /// Host licenses of a meetings server.
    HostLicenses,
    /// Its meetings.
    Meetings,
    /// System, with licensing below it.
    System,
    /// None of these.
    None,
}

/// One entry of the tab bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Whether it is here.
    pub current: bool,
}

/// Everything around the content of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What the product is.
    pub title: String,
    /// Its host name, or its serial number.
    pub host: String,
    /// Who is signed in.
    pub user: Option<String>,
    /// The tab bar.
    pub tabs: Vec<Entry>,
    /// The product's time.
    pub now: When,
    /// `2026-01-05`.
    pub date: String,
    /// `09:12`.
    pub hour: String,
    /// Whether that is real time.
    pub real: bool,
    /// What keeps everything but licensing from working.
    pub closed: Option<OnlyLicensing>,
    /// Whether a message is under way: the page comes again by itself.
    pub busy: bool,
    /// The result of the last action.
    pub flash: Option<Flash>,
    /// The secret that every form carries back.
    pub csrf: String,
}

impl Frame {
    /// The frame of a visit.
    pub fn of(visit: &Visit, tab: Tab) -> Self {
        let signed_in = visit.session.is_some();
        visit.facade.live.look(|state, now| {
            let (product, closed) = (&state.product, only_licensing(state, now));
            Self {
                title: state.profile.title.clone(),
                host: product.hostname.clone().unwrap_or_else(|| product.sudi.key()),
                user: signed_in.then(|| visit.facade.gate.user().to_owned()),
                tabs: if signed_in { tabs(tab, state) } else { Vec::new() },
                now: When::at(now, now),
                date: now.utc().format("%Y-%m-%d").to_string(),
                hour: now.utc().format("%H:%M").to_string(),
                real: state.settings.clock_offset_ms == 0,
                closed: closed.filter(|_| signed_in),
                busy: state.waiting_for.is_some() && signed_in,
                flash: visit.flash.clone(),
                csrf: visit.csrf.clone(),
            }
        })
    }

    /// The note that only licensing works, unless the last action just said so.
    pub fn notice(&self) -> Option<&OnlyLicensing> {
        let said =
            |only: &&OnlyLicensing| self.flash.as_ref().is_some_and(|flash| flash.text == only.why);
        self.closed.as_ref().filter(|only| !said(only))
    }
}

fn tabs(tab: Tab, state: &State) -> Vec<Entry> {
    let usage = if counts_hosts(state) { "Users" } else { "Licenses in use" };
    let entry = |label, href, here| Entry { label, href, current: tab == here };
    let mut tabs =
        vec![entry("Dashboard", "/", Tab::Dashboard), entry(usage, "/users", Tab::Usage)];
    if state.hosts.is_some() {
        tabs.push(entry("Host licenses", HOST_LICENSES, Tab::HostLicenses));
        tabs.push(entry("Meetings", "/meetings", Tab::Meetings));
    }
    if is_smart(state) {
        tabs.push(entry("System", "/system", Tab::System));
    }
    tabs
}

/// A page that says what is wrong.
#[derive(Template, Clone, Debug)]
#[template(path = "device/fault.html")]
pub struct FaultPage {
    /// The frame.
    pub frame: Frame,
    /// The status.
    pub status: u16,
    /// What is wrong, and the rule.
    pub message: String,
}
