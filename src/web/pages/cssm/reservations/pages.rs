//! The pages of the wizards, and what they are made of.

use super::{Step, Steps};
use crate::domain::instance::Udi;
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help::{self, Topic};
use crate::web::pages::labels;
use crate::web::pages::view::{Field, Tone, When};
use askama::Template;

/// What every step of a wizard has.
#[derive(Clone, Debug)]
pub struct Head {
    /// `Smart License Reservation`.
    pub title: &'static str,
    /// The device, or what the wizard is for.
    pub about: String,
    /// Where one is.
    pub steps: Steps,
    /// Where the form goes.
    pub action: String,
    /// What was typed before.
    pub hidden: Vec<(String, String)>,
    /// Where one came from.
    pub cancel: String,
    /// What explains it.
    pub topic: Topic,
}

impl Head {
    /// The same head at another step, with what its form carries on.
    #[must_use]
    pub fn at(&self, here: Step, hidden: Vec<(String, String)>) -> Self {
        let steps = Steps { here, ..self.steps.clone() };
        Self { steps, hidden, ..self.clone() }
    }

    /// Whether there is a step before this one.
    pub fn may_go_back(&self) -> bool {
        self.steps.number() > 1
    }
}

/// *Enter Request Code*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/request.html")]
pub struct RequestPage {
    /// The frame.
    pub frame: Frame,
    /// The wizard.
    pub head: Head,
    /// The request code.
    pub code: Field,
    /// Why the licenses are rehosted; only there.
    pub notes: Option<Field>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// A license that a device may bring along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    /// The name of its field.
    pub field: String,
    /// The license.
    pub license: String,
    /// At most so many.
    pub most: i64,
    /// How many are added.
    pub quantity: Field,
}

/// *Add to Inventory*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/inventory.html")]
pub struct AddPage {
    /// The frame.
    pub frame: Frame,
    /// The wizard.
    pub head: Head,
    /// What the device may bring.
    pub rows: Vec<OfferRow>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// A line that can be reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityRow {
    /// The name of its field.
    pub field: String,
    /// The license.
    pub license: String,
    /// Perpetual, Term …; *Reported* for what has no limit.
    pub kind: String,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// Whether that day is over.
    pub ended: bool,
    /// What the virtual account owns; none where there is no limit.
    pub purchased: Option<i64>,
    /// How many more could be reserved; none where there is no limit.
    pub available: Option<i64>,
    /// What the device holds.
    pub held: i64,
    /// What it shall hold.
    pub quantity: Field,
}

/// The radio buttons above the licenses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindChoice {
    /// Value, name, and whether it is the present one.
    pub options: Vec<(&'static str, &'static str, bool)>,
    /// Why it does not fit the code.
    pub error: Option<String>,
}

/// *Select Licenses*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/select.html")]
pub struct SelectPage {
    /// The frame.
    pub frame: Frame,
    /// The wizard.
    pub head: Head,
    /// The device: name and value.
    pub device: Vec<(&'static str, String)>,
    /// Everything or single licenses.
    pub kind: KindChoice,
    /// What can be reserved; none for a universal code.
    pub rows: Option<Vec<QuantityRow>>,
    /// What is added to the inventory first.
    pub added: Vec<String>,
    /// Whether the device holds licenses already.
    pub updates: bool,
    /// What concerns no single row.
    pub refused: Option<String>,
}

/// What a device gets of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// The license.
    pub license: String,
    /// Perpetual, Term …
    pub kind: String,
    /// Last day; `None` means never.
    pub expires: Option<When>,
    /// Before and after.
    pub quantity: (i64, i64),
}

/// *Review and Confirm*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/review.html")]
pub struct ReviewPage {
    /// The frame.
    pub frame: Frame,
    /// The wizard.
    pub head: Head,
    /// The device: name and value.
    pub device: Vec<(&'static str, String)>,
    /// What was found before: the system check of a rehost.
    pub checks: Vec<String>,
    /// What the device gets; none for everything.
    pub rows: Option<Vec<ReviewRow>>,
    /// What happens when the code is made.
    pub consequence: &'static str,
    /// Whether the device holds licenses already.
    pub updates: bool,
    /// What came between.
    pub refused: Option<String>,
}

/// *Authorization Code*, after a wizard or by itself.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/code.html")]
pub struct CodePage {
    /// The frame.
    pub frame: Frame,
    /// The wizard that has just made it.
    pub steps: Option<Steps>,
    /// The product instance.
    pub name: String,
    /// The code.
    pub code: String,
    /// When it was made, and by whom.
    pub made: (When, String),
    /// Whether it belongs to an update that waits for its confirmation code.
    pub pending: bool,
    /// Whether it is for everything.
    pub universal: bool,
    /// The name of the file.
    pub file: String,
    /// The address of the file.
    pub download: String,
    /// Where the confirmation code is entered.
    pub confirm: String,
    /// The product instance's page.
    pub close: String,
}

/// A code from a device is entered.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/entry.html")]
pub struct EntryPage {
    /// The frame.
    pub frame: Frame,
    /// Title.
    pub title: &'static str,
    /// The product instance and where it is.
    pub about: String,
    /// Where the form goes.
    pub action: String,
    /// The field.
    pub label: &'static str,
    /// What is typed.
    pub code: Field,
    /// Where the code comes from.
    pub hint: &'static str,
    /// What the code does, one sentence each.
    pub effects: Vec<String>,
    /// The button.
    pub button: String,
    /// Whether something is lost.
    pub destroys: bool,
    /// What explains it.
    pub topic: Topic,
    /// Back to where one came from.
    pub cancel: String,
}

/// UDI PID, serial number and UUID of a device, as far as it has them.
pub(super) fn device(udi: &Udi, product: &str) -> Vec<(&'static str, String)> {
    let known = [
        ("Product Type", Some(product.to_owned())),
        ("UDI PID", udi.pid.clone()),
        ("UDI Serial Number", udi.serial.clone()),
        ("UUID", udi.uuid.clone()),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
