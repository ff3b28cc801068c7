//! The frame of the hub's pages: the organization, its tabs, the language.

use super::labels::Words;
use crate::domain::hub::{OrganizationKind, Permission};
use crate::engine::{Desk, PartnerDesk};
use crate::web::pages::ask::{Ask, Failure};
use crate::web::pages::chrome::Lang;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::view::Severities;
use crate::web::tenant::segment;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What the hub adds to the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubBar {
    /// The organization in view, with what it is.
    pub organization: Option<(String, &'static str)>,
    /// The language of the page.
    pub lang: Lang,
    /// Each language: what it calls itself, how to change to it, whether it is this one.
    pub languages: Vec<(&'static str, String, bool)>,
    /// The tabs of the organization that the viewer may open.
    pub tabs: Vec<NavItem>,
}

/// A tab: its label, its path below the organization, who may open it.
type TabRow = (fn(&Words) -> &'static str, &'static str, Permission);

const CONTRACTS: TabRow = (|words| words.contracts, "contracts", Permission::ViewContracts);
const ACTIVITY: TabRow = (|words| words.activity, "activity", Permission::ViewActivity);

/// Tabs of a partner, in their order.
const PARTNER: &[TabRow] = &[
    (|words| words.customers, "customers", Permission::ListCustomers),
    (|words| words.customer_usage, "customer-license-usage", Permission::ViewAggregate),
    CONTRACTS,
    (|words| words.people, "people", Permission::AssignRoles),
    ACTIVITY,
];

/// Tabs of a customer, in their order.
const CUSTOMER: &[TabRow] =
    &[(|words| words.ucm_cloud, "ucm-cloud", Permission::ViewUsage), CONTRACTS, ACTIVITY];

/// The address below which an organization's pages live.
pub fn base(key: &str) -> String {
    format!("/hub/{}", segment(key))
}

/// The language in which the hub speaks to a browser.
pub fn lang(ask: &Ask) -> Lang {
    ask.visit.language.as_deref().and_then(Lang::parse).unwrap_or_default()
}

/// The frame without an organization.
pub async fn outside(ask: &Ask) -> Result<Frame, Failure> {
    let frame = ask.viewer_frame().await?;
    Ok(Frame { hub: Some(bar(ask, None, Vec::new())), ..frame })
}

/// The frame of an organization's page; `here` is the path of its tab.
pub async fn at(ask: &Ask, desk: &Desk, here: &str) -> Result<Frame, Failure> {
    let frame = ask.viewer_frame().await?;
    let words = Words::of(lang(ask));
    let kind = match desk.organization.kind {
        OrganizationKind::Partner => words.partner_hub,
        OrganizationKind::Customer => words.control_hub,
    };
    let organization = Some((desk.organization.name.clone(), kind));
    Ok(Frame { hub: Some(bar(ask, organization, tabs(desk, words, here))), ..frame })
}

/// The frame of a partner's page, also for somebody who sees some of its customers only.
pub async fn at_partner(ask: &Ask, found: &PartnerDesk, here: &str) -> Result<Frame, Failure> {
    let mut frame = at(ask, &found.desk, here).await?;
    if !found.desk.may(Permission::ListCustomers)
        && let Some(hub) = &mut frame.hub
    {
        let words = Words::of(hub.lang);
        let href = format!("{}/customers", base(&found.desk.organization.key));
        let (label, current) = (words.customers, here == "customers");
        hub.tabs.insert(0, NavItem { label, href, current, alerts: Severities::default() });
    }
    Ok(frame)
}

/// The tabs that the caller may open, in their order; `here` is the path of the present one.
pub fn tabs(desk: &Desk, words: &Words, here: &str) -> Vec<NavItem> {
    let rows = match desk.organization.kind {
        OrganizationKind::Partner => PARTNER,
        OrganizationKind::Customer => CUSTOMER,
    };
    let base = base(&desk.organization.key);
    let item = |(label, path, _): &TabRow| NavItem {
        label: label(words),
        href: format!("{base}/{path}"),
        current: *path == here,
        alerts: Severities::default(),
    };
    let open = rows.iter().filter(|(_, _, permission)| desk.may(*permission));
    open.map(item).collect()
}

fn bar(ask: &Ask, organization: Option<(String, &'static str)>, tabs: Vec<NavItem>) -> HubBar {
    let lang = lang(ask);
    let next = utf8_percent_encode(&ask.visit.here, NON_ALPHANUMERIC).to_string();
    let choice = |(one, name): (Lang, &'static str)| {
        (name, format!("/hub/language/{}?next={next}", one.code()), one == lang)
    };
    HubBar { organization, lang, languages: Lang::ALL.map(choice).into(), tabs }
}
