//! License reservations: the wizards, the codes that come back, and the support desk.
//!
//! The wizards keep nothing on the server: each step carries in hidden fields what was typed before.

pub mod answers;
pub mod code;
pub mod instance;
pub mod pages;
pub mod rehost;
pub mod reserve;
pub mod rows;
pub mod support;
pub mod update;

use crate::domain;
use crate::domain::people::Permission;
use crate::domain::reservation::Refusal;
use crate::engine::{Error, ReservationView};
use crate::web::pages::ask::{Ask, Failure, Fields};
use crate::web::pages::cssm::inventory::VaTab;
use crate::web::pages::cssm::place::Inside;
use actix_web::HttpResponse;

/// Which wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// License Reservation.
    Reserve,
    /// Update Reserved Licenses.
    Update,
    /// Rehost Licenses from a Failed Product.
    Rehost,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Update => "update",
            Self::Rehost => "rehost",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Reserve, Self::Update, Self::Rehost].into_iter().find(|way| way.word() == word)
    }

    /// Its steps; *Add to Inventory* only where the device brings something along.
    fn steps(self, adds: bool) -> Vec<Step> {
        let add = adds.then_some(Step::Inventory);
        let select = (self != Self::Rehost).then_some(Step::Select);
        let request = (self != Self::Update).then_some(Step::Request);
        let optional = [request, add, select].into_iter().flatten();
        optional.chain([Step::Review, Step::Code]).collect()
    }
}

/// A step of a wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Enter Request Code.
    Request,
    /// Add to Inventory.
    Inventory,
    /// Select Licenses.
    Select,
    /// Review and Confirm.
    Review,
    /// Authorization Code.
    Code,
}

impl Step {
    const ALL: [Self; 5] = [Self::Request, Self::Inventory, Self::Select, Self::Review, Self::Code];

    /// In the hidden field of its form.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Inventory => "inventory",
            Self::Select => "select",
            Self::Review => "review",
            Self::Code => "code",
        }
    }

    /// On the pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "Enter Request Code",
            Self::Inventory => "Add to Inventory",
            Self::Select => "Select Licenses",
            Self::Review => "Review and Confirm",
            Self::Code => "Authorization Code",
        }
    }

    /// The step whose form was sent; the first one where none is named.
    fn sent(fields: &Fields) -> Self {
        let word = fields.get("step");
        Self::ALL.into_iter().find(|step| step.word() == word).unwrap_or(Self::Request)
    }
}

/// All steps of a wizard, and where one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// In their order.
    pub all: Vec<Step>,
    /// The present one.
    pub here: Step,
}

impl Steps {
    /// The steps of a way, at one of them.
    pub fn of(way: Way, adds: bool, here: Step) -> Self {
        Self { all: way.steps(adds), here }
    }

    /// Which one it is, from 1.
    pub fn number(&self) -> usize {
        self.all.iter().position(|step| *step == self.here).map_or(1, |index| index + 1)
    }

    /// `Step 2 of 4: Select Licenses`.
    pub fn said(&self) -> String {
        format!("Step {} of {}: {}", self.number(), self.all.len(), self.here.name())
    }
}

/// A product instance with a reservation that the viewer may change.
struct Reserved {
    inside: Inside,
    view: ReservationView,
}

impl Reserved {
    async fn of(ask: &Ask) -> Result<Self, Failure> {
        let (who, domain) = (&ask.visit.who, ask.domain());
        let view = ask.engine().reservation(who, domain, ask.instance()?).await?;
        let number = view.virtual_account.number;
        let inside = ask.inside_of(number, VaTab::Instances).await?;
        inside.require(Permission::ManageInstances)?;
        Ok(Self { inside, view })
    }

    fn name(&self) -> String {
        self.view.instance.name().trim_end().to_owned()
    }

    /// The address of one of its pages; empty for its own.
    fn to(&self, rest: &str) -> String {
        let slash = if rest.is_empty() { "" } else { "/" };
        self.inside.to(&format!("instances/{}{slash}{rest}", self.view.instance.id))
    }

    /// A-RSV-13, A-RSV-18: fails while an update or a return is pending, so that no form is shown
    /// that would be refused.
    fn must_be_settled(&self) -> Result<(), Failure> {
        let name = self.view.instance.name();
        if self.view.pending {
            return Err(domain::Error::from(Refusal::Pending(name)).into());
        }
        if self.view.return_pending {
            return Err(domain::Error::from(Refusal::ReturnPending(name)).into());
        }
        Ok(())
    }

    /// Leads to the code that was just made.
    fn made(&self, ask: &Ask, way: Way, adds: bool) -> HttpResponse {
        ask.go(&made(&self.inside, self.view.instance.id, way, adds))
    }
}

/// Where the code of an instance is shown as the last step of a wizard.
fn made(inside: &Inside, id: domain::id::InstanceId, way: Way, adds: bool) -> String {
    let added = if adds { "&added=yes" } else { "" };
    inside.to(&format!("instances/{id}/authorization?made={}{added}", way.word()))
}

/// The refusal of a reservation, if the error is one.
fn refusal(error: &Error) -> Option<&Refusal> {
    match error {
        Error::Domain(domain::Error::Reservation(refusal)) => Some(refusal),
        _ => None,
    }
}

/// Whether a refusal is about the request code, and stands beside its field.
fn is_about_code(error: &Error) -> bool {
    matches!(
        refusal(error),
        Some(
            Refusal::RequestCode(_)
                | Refusal::UnknownProduct
                | Refusal::DeviceKnown { .. }
                | Refusal::Kind(_)
                | Refusal::UniversalHere
        )
    )
}
