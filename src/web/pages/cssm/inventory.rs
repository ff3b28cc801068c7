//! What stands above every tab of a virtual account: selector, counts, tabs.

use super::place::counts;
use crate::domain::id::VirtualAccountId;
use crate::engine::{Overview, VirtualAccountRow};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::labels::inventory as label;
use crate::web::pages::view::Severities;

/// The tabs under a virtual account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaTab {
    /// Properties and tokens.
    General,
    /// License pool.
    Licenses,
    /// Registered products.
    Instances,
    /// History.
    Events,
    /// The alert list, which replaces the tabs' content while it is open.
    Alerts,
    /// The alert list, major ones only.
    MajorAlerts,
    /// The alert list, minor ones only.
    MinorAlerts,
}

/// One row of the virtual-account selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaChoice {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How deep it is nested; 0 is the top level.
    pub depth: usize,
    /// Star.
    pub is_default: bool,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Its tags, for the search *By Tag* (A-VAS-01).
    pub tags: Vec<String>,
    /// Counts, shown even when the alerts are hidden.
    pub alerts: Severities,
}

/// A virtual account above its tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaHeader {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its description; may be empty.
    pub description: String,
    /// Star.
    pub is_default: bool,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Its alerts.
    pub alerts: Severities,
    /// All virtual accounts the viewer may see, in order.
    pub choices: Vec<VaChoice>,
    /// The present tab.
    pub tab: VaTab,
}

impl VaHeader {
    /// The header of one virtual account among all that the viewer sees.
    pub fn of(overview: &Overview, row: &VirtualAccountRow, tab: VaTab) -> Self {
        let choice = |(depth, row): (usize, &VirtualAccountRow)| {
            let va = &row.virtual_account;
            VaChoice {
                id: va.number,
                name: va.name.as_str().to_owned(),
                depth,
                is_default: va.is_default,
                satellite: va.satellite.clone(),
                tags: row.tags.clone(),
                alerts: counts(row),
            }
        };
        let va = &row.virtual_account;
        Self {
            id: va.number,
            name: va.name.as_str().to_owned(),
            description: va.description.clone(),
            is_default: va.is_default,
            satellite: va.satellite.clone(),
            alerts: counts(row),
            choices: in_tree_order(&overview.virtual_accounts).into_iter().map(choice).collect(),
            tab,
        }
    }

    /// The address below which this virtual account's pages live.
    pub fn base(&self, frame: &Frame) -> String {
        format!("{}/inventory/{}", frame.base(), self.id)
    }

    /// The same tab of another virtual account.
    pub fn same_tab(&self, frame: &Frame, id: &i64) -> String {
        format!("{}/inventory/{id}/{}", frame.base(), self.tab.path())
    }

    /// The row of tabs.
    pub fn tabs(&self, frame: &Frame) -> Vec<NavItem> {
        [
            (VaTab::General, label::GENERAL),
            (VaTab::Licenses, label::LICENSES),
            (VaTab::Instances, label::INSTANCES),
            (VaTab::Events, label::EVENTS),
        ]
        .map(|(tab, label)| NavItem {
            label,
            href: format!("{}/{}", self.base(frame), tab.path()),
            current: self.tab == tab,
            alerts: Severities::default(),
        })
        .into()
    }

    /// Whether the list of major alerts is open.
    pub fn major_open(&self) -> bool {
        self.tab == VaTab::MajorAlerts
    }

    /// Whether the list of minor alerts is open.
    pub fn minor_open(&self) -> bool {
        self.tab == VaTab::MinorAlerts
    }

    /// Whether the alert list is open.
    pub fn alerts_open(&self) -> bool {
        matches!(self.tab, VaTab::Alerts | VaTab::MajorAlerts | VaTab::MinorAlerts)
    }
}

impl VaTab {
    /// The last part of the address.
    pub fn path(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Licenses => "licenses",
            Self::Instances => "instances",
            Self::Events => "events",
            Self::Alerts => "alerts",
            Self::MajorAlerts => "alerts?severity=major",
            Self::MinorAlerts => "alerts?severity=minor",
        }
    }
}

/// How deep the selector indents at most.
const DEEPEST: usize = 3;

/// The virtual accounts by name, each followed by those nested in it. One whose
/// parent is not in the list stands at the top level.
pub fn in_tree_order(rows: &[VirtualAccountRow]) -> Vec<(usize, &VirtualAccountRow)> {
    let mut sorted: Vec<&VirtualAccountRow> = rows.iter().collect();
    sorted.sort_by_cached_key(|row| row.virtual_account.name.as_str().to_lowercase());
    let mut ordered = Vec::with_capacity(rows.len());
    append(&sorted, None, 0, &mut ordered);
    ordered
}

fn append<'a>(
    sorted: &[&'a VirtualAccountRow],
    parent: Option<VirtualAccountId>,
    depth: usize,
    ordered: &mut Vec<(usize, &'a VirtualAccountRow)>,
) {
    let known = |id| sorted.iter().any(|row| row.virtual_account.id == id);
    for row in sorted {
        if row.virtual_account.parent.filter(|id| known(*id)) == parent {
            ordered.push((depth.min(DEEPEST), row));
            append(sorted, Some(row.virtual_account.id), depth + 1, ordered);
        }
    }
}
