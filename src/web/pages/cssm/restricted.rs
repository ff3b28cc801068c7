//! Export-restricted licenses of a product instance: its keys, and the window *Restricted Licenses
//! in Use* (A-PIN-07).

use super::instances::{InstanceRow, InstanceUse, find};
use super::inventory::VaHeader;
use super::place::Inside;
use crate::domain::Timestamp;
use crate::domain::export_key::ExportKey;
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use crate::domain::removal::Restricted;
use crate::engine::{Error, InstanceView, UsageRow};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Sent};
use crate::web::pages::filters;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Badge, Tone, When};
use actix_web::HttpResponse;
use askama::Template;

/// The window *Restricted Licenses in Use*.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/instances/restricted.html")]
pub struct RestrictedPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// The instance.
    pub instance: InstanceRow,
    /// What stays in use.
    pub held: Vec<InstanceUse>,
    /// What OK releases.
    pub free: Vec<InstanceUse>,
    /// Why it was not released.
    pub refused: Option<String>,
}

/// A key of a product instance for an export-restricted license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The license's name.
    pub license: String,
    /// The license's page.
    pub href: String,
    /// How many licenses it takes, or would take.
    pub quantity: i64,
    /// Whether the product has it or waits for it.
    pub state: Badge,
    /// When it was given, or asked for.
    pub since: When,
}

impl KeyRow {
    /// The keys of an instance, held or waited for.
    pub(super) fn all(view: &InstanceView, inside: &Inside, now: Timestamp) -> Vec<Self> {
        let one = |(key, of): &(ExportKey, Entitlement)| Self {
            license: of.name.clone(),
            href: inside.to(&format!("licenses/{}", of.id)),
            quantity: key.quantity,
            state: match key.granted_at {
                Some(_) => Badge::new(Tone::Good, labels::instance::KEY_HELD),
                None => Badge::new(Tone::Bad, labels::instance::KEY_WAITING),
            },
            since: When::at(key.granted_at.unwrap_or(key.requested_at), now),
        };
        view.keys.iter().map(one).collect()
    }
}

/// Releases what is not restricted; the instance stays.
pub async fn release(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (inside, view) = find(ask).await?;
        let (who, id) = (&ask.visit.who, view.row.instance.id);
        match ask.engine().release_unrestricted(who, ask.domain(), id).await {
            Ok(kept) => Ok(ask.done(&inside.to("instances"), told(&kept))),
            Err(error) => Ok(refused(ask, inside, &view, &error)),
        }
    })
    .await
}

fn told(kept: &Instance) -> String {
    format!("{} keeps its restricted licenses only.", kept.name())
}

fn refused(ask: &Ask, inside: Inside, view: &InstanceView, error: &Error) -> HttpResponse {
    let (why, held) = (message(error), restricted(view).unwrap_or_default());
    let page = RestrictedPage::of(inside, view, &held, Some(why), ask.now());
    ask.visit.render_with(status(error).0, &page)
}

/// What of an instance's use is restricted.
pub(super) fn restricted(view: &InstanceView) -> Option<Restricted> {
    let usage = view.row.usage.iter();
    let used: Vec<_> = usage.map(|row| (row.entitlement.clone(), row.quantity)).collect();
    Restricted::of(&used)
}

impl RestrictedPage {
    /// The window for an instance.
    pub(super) fn of(
        inside: Inside,
        view: &InstanceView,
        restricted: &Restricted,
        refused: Option<String>,
        now: Timestamp,
    ) -> Self {
        let all = |used: &[(Entitlement, i64)]| {
            let row = |(entitlement, quantity): &(Entitlement, i64)| UsageRow {
                entitlement: entitlement.clone(),
                quantity: *quantity,
            };
            InstanceUse::all(&used.iter().map(row).collect::<Vec<_>>(), &inside)
        };
        Self {
            instance: InstanceRow::of(&view.row.instance, &inside, now),
            held: all(&restricted.held),
            free: all(&restricted.free),
            refused,
            frame: inside.frame,
            header: inside.header,
        }
    }
}
