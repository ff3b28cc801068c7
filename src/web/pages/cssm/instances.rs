//! Product instances: the tab, an instance's page, transfer and removal.

use super::events::{EventRow, newest};
use super::general::export;
use super::inventory::{VaHeader, VaTab};
use super::place::Inside;
use super::reservations::answers;
use super::reservations::instance::{HeldLicenses, Mark, mark, may_move, with_reservation};
use super::restricted::{KeyRow, RestrictedPage, restricted};
use crate::domain::Timestamp;
use crate::domain::group::Member;
use crate::domain::instance::Instance;
use crate::domain::people::Permission;
use crate::engine::{self, EventQuery, InstanceView, UsageRow, VaRef};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, act, show};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Choice, Pager, Severities, When};
use actix_web::HttpResponse;
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
    /// How its reservation stands.
    pub reservation: Option<Mark>,
    /// Its alerts.
    pub alerts: Severities,
    /// Whether the viewer may move it.
    pub may_transfer: bool,
    /// Whether the viewer may remove it.
    pub may_remove: bool,
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
    pub billing: &'static str,
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
    /// Name and value: host, serial number, identifiers.
    pub facts: Vec<(String, String)>,
    /// Name and instant: registration, certificate, authorization.
    pub dates: Vec<(String, When)>,
    /// Role and device of each unit of its high-availability group.
    pub group: Vec<(&'static str, String)>,
    /// What it consumes.
    pub usage: Vec<InstanceUse>,
    /// Its keys for export-restricted licenses.
    pub keys: Vec<KeyRow>,
    /// What it holds instead, if its licenses are reserved.
    pub held: Option<HeldLicenses>,
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

/// The Product Instances tab.
pub async fn tab(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Instances).await?;
        let search = ask.query.some("search").map(str::to_owned);
        let (who, part) = (&ask.visit.who, (seek(&ask.query)?, rows(&ask.query)?));
        let engine = ask.engine();
        let page = engine.instances_page(who, ask.domain(), inside.va(), search, part).await?;
        let pager = pager(&ask, &page, |row| row.id, "product instance")?;
        let mut instances: Vec<_> =
            page.items.iter().map(|i| InstanceRow::of(i, &inside, ask.now())).collect();
        mark(&ask, &inside, &mut instances).await?;
        let (search, Inside { frame, header, .. }) = (ask.query.get("search").to_owned(), inside);
        Ok(InstancesPage { frame, header, search, instances, pager })
    })
    .await
}

/// An instance's own page.
pub async fn one(ask: Ask) -> HttpResponse {
    let page = Box::pin(async {
        let (inside, view) = find(&ask).await?;
        let id = view.row.instance.id;
        let query = EventQuery { instance: Some(id), ..newest(inside.va()) };
        let events = ask.engine().events(&ask.visit.who, ask.domain(), query).await?;
        let events = EventRow::all(&events, ask.now());
        let mut row = InstanceRow::of(&view.row.instance, &inside, ask.now());
        mark(&ask, &inside, std::slice::from_mut(&mut row)).await?;
        let page = InstancePage { events, ..InstancePage::of(inside, &view, ask.now()) };
        with_reservation(&ask, InstancePage { instance: row, ..page }, id).await
    });
    show(&ask, page).await
}

/// Asks where an instance should go.
pub async fn ask_transfer(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (inside, view) = find(&ask).await?;
        inside.require(Permission::Transfer)?;
        inside.row.virtual_account.may_hold_instances()?;
        may_move(&ask, &view).await?;
        Ok(InstanceTransferPage::of(inside, &view, "", ask.now()))
    })
    .await
}

/// Moves an instance, or shows the form again with what is wrong.
pub async fn transfer(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (inside, view) = find(ask).await?;
        let (who, id, wanted) = (&ask.visit.who, view.row.instance.id, fields.get("target"));
        let target = VaRef::Number(wanted.parse().unwrap_or_default());
        match ask.engine().move_instance(who, ask.domain(), id, target).await {
            Ok(_) => Ok(ask.done(&inside.to("instances"), moved(&view, wanted))),
            Err(error) => {
                let page = InstanceTransferPage::of(inside, &view, wanted, ask.now());
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

/// Asks before an instance is removed; restricted licenses hold it back (A-PIN-07).
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let (inside, view) = find(&ask).await?;
        inside.require(Permission::ManageInstances)?;
        inside.row.virtual_account.may_hold_instances()?;
        if view.row.instance.reserved {
            return answers::ask_return(&ask).await;
        }
        Ok(match restricted(&view) {
            None => ask.visit.render(&InstanceRemovePage::of(inside, &view, None, ask.now())),
            Some(held) => {
                ask.visit.render(&RestrictedPage::of(inside, &view, &held, None, ask.now()))
            }
        })
    })
    .await
}

/// Removes an instance, or says why it stays.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (inside, view) = find(ask).await?;
        let (who, id) = (&ask.visit.who, view.row.instance.id);
        match ask.engine().remove_instance(who, ask.domain(), id).await {
            Ok(gone) => {
                Ok(ask.done(&inside.to("instances"), format!("{} is removed.", gone.name())))
            }
            Err(error) => {
                let page = InstanceRemovePage::of(inside, &view, Some(message(&error)), ask.now());
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

pub(super) async fn find(ask: &Ask) -> Result<(Inside, InstanceView), Failure> {
    let view = ask.engine().instance(&ask.visit.who, ask.domain(), ask.instance()?).await?;
    let number = view.row.virtual_account.number;
    Ok((ask.inside_of(number, VaTab::Instances).await?, view))
}

fn moved(view: &InstanceView, number: &str) -> String {
    let found = view.targets.iter().find(|va| va.number.to_string() == number);
    let place = found.map_or("another virtual account", |va| va.name.as_str());
    format!("{} moved to {place}.", view.row.instance.name())
}

impl InstanceRow {
    /// An instance as its row shows it.
    pub(super) fn of(instance: &Instance, inside: &Inside, now: Timestamp) -> Self {
        let own = inside.row.virtual_account.satellite.is_none();
        Self {
            id: instance.id.to_string(),
            name: instance.name(),
            product: instance.product_name.clone(),
            last_contact: When::at(instance.last_contact_at, now),
            reserved: instance.reserved,
            reservation: None,
            alerts: Severities::default(),
            // What is reserved moves along.
            may_transfer: own
                && inside.may(Permission::Transfer)
                && (!instance.reserved || inside.may_transfer_licenses()),
            may_remove: own && inside.may(Permission::ManageInstances),
        }
    }
}

impl InstanceUse {
    /// What an instance uses.
    pub(super) fn all(usage: &[UsageRow], inside: &Inside) -> Vec<Self> {
        let one = |row: &UsageRow| Self {
            license: row.entitlement.name.clone(),
            href: inside.to(&format!("licenses/{}", row.entitlement.id)),
            billing: super::licenses::billing(row.entitlement.billing),
            required: row.quantity,
        };
        usage.iter().map(one).collect()
    }
}

impl InstancePage {
    fn of(inside: Inside, view: &InstanceView, now: Timestamp) -> Self {
        let instance = &view.row.instance;
        let date = |name: &str, at| (name.to_owned(), When::at(at, now));
        let mut dates = vec![
            date("Registration", instance.registered_at),
            date("Last contact", instance.last_contact_at),
        ];
        // A satellite does not tell of certificates.
        if !instance.is_mirrored() {
            dates.push(date("Certificate ends", instance.identity.expires_at));
        }
        if let Some(authorized) = instance.authorization {
            dates.push(date("Authorized", authorized.at));
            dates.push(date("Authorization ends", authorized.expires_at));
        }
        Self {
            instance: InstanceRow::of(instance, &inside, now),
            facts: facts(instance, &inside),
            dates,
            group: view.members.iter().map(unit).collect(),
            usage: InstanceUse::all(&view.row.usage, &inside),
            keys: KeyRow::all(view, &inside, now),
            held: None,
            events: vec![],
            frame: inside.frame,
            header: inside.header,
        }
    }
}

/// A unit as its row shows it.
fn unit(member: &Member) -> (&'static str, String) {
    (member.role.name(), member.udi.display().trim_end().to_owned())
}

fn facts(instance: &Instance, inside: &Inside) -> Vec<(String, String)> {
    let words = |fine| if fine { "Authorized" } else { "Out of Compliance" };
    let told = instance.authorization.map(|a| words(a.in_compliance).to_owned());
    let udi = &instance.udi;
    let known = [
        ("Product", Some(instance.product_name.clone())),
        ("Host name", instance.hostname.clone()),
        ("Product identifier", udi.pid.clone()),
        ("Serial number", udi.serial.clone()),
        ("Host identifier", udi.host_identifier.clone()),
        ("MAC address", udi.mac_address.clone()),
        ("UUID", udi.uuid.clone()),
        ("Virtual account", Some(inside.header.name.clone())),
        ("Export-controlled", Some(export(instance.export_allowed).to_owned())),
        ("Last told", told),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

impl InstanceTransferPage {
    fn of(inside: Inside, view: &InstanceView, wanted: &str, now: Timestamp) -> Self {
        let choice = |va: &crate::domain::virtual_account::VirtualAccount| {
            let number = va.number.to_string();
            let selected = number == wanted;
            Choice::new(number, va.name.as_str(), selected)
        };
        Self {
            instance: InstanceRow::of(&view.row.instance, &inside, now),
            targets: view.targets.iter().map(choice).collect(),
            usage: InstanceUse::all(&view.row.usage, &inside),
            refused: None,
            frame: inside.frame,
            header: inside.header,
        }
    }

    fn refuse(self, error: &engine::Error) -> Self {
        Self { refused: Some(message(error)), ..self }
    }
}

impl InstanceRemovePage {
    fn of(inside: Inside, view: &InstanceView, refused: Option<String>, now: Timestamp) -> Self {
        Self {
            instance: InstanceRow::of(&view.row.instance, &inside, now),
            usage: InstanceUse::all(&view.row.usage, &inside),
            refused,
            frame: inside.frame,
            header: inside.header,
        }
    }
}
