//! Product instances: the tab, an instance's page, transfer and removal.

use super::events::EventRow;
use super::inventory::VaHeader;
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Pager, Severities, When};
use askama::Template;

/// One registered product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceRow {
    /// The id in addresses.
    pub id: String,
    /// Host name or unique device identifier.
    pub name: String,
    /// Product family.
    pub product: String,
    /// Last contact.
    pub last_contact: When,
    /// Whether its licenses are reserved.
    pub reserved: bool,
    /// Its alerts.
    pub alerts: Severities,
    /// Whether the viewer may move or remove it.
    pub may_change: bool,
}

/// The Product Instances tab.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/instances.html")]
pub struct InstancesPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Part of a name, product type or serial number, kept in the address.
    pub search: String,
    /// The instances by name.
    pub instances: Vec<InstanceRow>,
    /// Where one is.
    pub pager: Pager,
}

/// A license that an instance uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceUse {
    /// The license's name.
    pub license: String,
    /// The license's page.
    pub href: String,
    /// Prepaid or Usage.
    pub billing: String,
    /// The last day of the pool's next line to end; `None` means never.
    pub expires: Option<When>,
    /// How many the instance asked for.
    pub required: i64,
}

/// A product instance's own page.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/instances/show.html")]
pub struct InstancePage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The instance.
    pub instance: InstanceRow,
    /// What it is; may be empty.
    pub description: String,
    /// Name and value: host, serial number, identifiers.
    pub facts: Vec<(String, String)>,
    /// Name and instant: registration, certificate, authorization.
    pub dates: Vec<(String, When)>,
    /// What it consumes.
    pub usage: Vec<InstanceUse>,
    /// Its latest events.
    pub events: Vec<EventRow>,
}

/// Moving an instance to another virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/instances/transfer.html")]
pub struct InstanceTransferPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account it is in.
    pub header: VaHeader,
    /// The instance.
    pub instance: InstanceRow,
    /// Where it may go: no satellite's virtual accounts.
    pub targets: Vec<Choice>,
    /// What is wrong with the target.
    pub target_error: Option<String>,
    /// The need that moves with it.
    pub usage: Vec<InstanceUse>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// *Confirm Remove Product Instance*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/instances/remove.html")]
pub struct InstanceRemovePage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account it is in.
    pub header: VaHeader,
    /// The instance.
    pub instance: InstanceRow,
    /// What becomes free.
    pub usage: Vec<InstanceUse>,
    /// Why it cannot be removed; `None` when it can.
    pub refused: Option<String>,
}

impl InstanceRemovePage {
    /// `Remove dev-1 and free 4 licenses`.
    pub fn button(&self) -> String {
        let freed: i64 = self.usage.iter().map(|u| u.required).sum();
        match freed {
            0 => format!("Remove {}", self.instance.name),
            1 => format!("Remove {} and free 1 license", self.instance.name),
            n => {
                format!("Remove {} and free {} licenses", self.instance.name, filters::grouped(n))
            }
        }
    }
}
