//! The event log of a virtual account.

use super::inventory::{VaHeader, VaTab};
use crate::domain::id::InstanceId;
use crate::domain::paging::{Page, Seek};
use crate::domain::{Error, Timestamp};
use crate::engine::{EventQuery, LicenseRow, LoggedEvent, Overview, Subject, VaRef};
use crate::web::pages::ask::{Ask, Failure, Fields, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Choice, Pager, When};
use actix_web::HttpResponse;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// What happened.
    pub message: String,
    /// When.
    pub time: When,
    /// User, device name or System.
    pub user: String,
    /// Name of the virtual account, and its address unless it was deleted; only in the log of
    /// the Smart Account.
    pub virtual_account: Option<(String, Option<String>)>,
}

/// What a log can be narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Licenses, by id.
    pub licenses: Vec<Choice>,
    /// Product instances, by id.
    pub instances: Vec<Choice>,
}

impl EventFilter {
    /// What is chosen, as the query of an address.
    pub fn chosen(&self) -> String {
        chosen(&[("license", &self.licenses), ("instance", &self.instances)])
    }

    /// Whether anything is left out.
    pub fn active(&self) -> bool {
        self.licenses.iter().chain(&self.instances).any(|choice| choice.selected)
    }
}

/// What is chosen in selections, as the query of an address.
pub fn chosen(selections: &[(&str, &[Choice])]) -> String {
    let pairs = selections.iter().filter_map(|(name, choices)| {
        let chosen = choices.iter().find(|choice| choice.selected && !choice.value.is_empty())?;
        Some(format!("{name}={}", utf8_percent_encode(&chosen.value, NON_ALPHANUMERIC)))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { query } else { format!("?{query}") }
}

/// The Event Log tab of a virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/events.html")]
pub struct EventsPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// What is shown.
    pub filter: EventFilter,
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is.
    pub pager: Pager,
}

/// How many product instances the filter offers; others have the log on their page.
pub(super) const OFFERED: i64 = 200;

/// The Event Log tab.
pub async fn tab(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Events).await?;
        let query = query(&ask.query, Some(inside.va()))?;
        let page = ask.engine().events(&ask.visit.who, ask.domain(), query).await?;
        let filter = filter(&ask, inside.va()).await?;
        let pager = pager(&ask, &page, |row| row.event.id, "event")?;
        let events = EventRow::all(&page, ask.now());
        Ok(EventsPage { frame: inside.frame, header: inside.header, filter, events, pager })
    })
    .await
}

/// What the address asks of a log.
pub fn query(asked: &Fields, virtual_account: Option<VaRef>) -> Result<EventQuery, Failure> {
    let id = |text: &str, what| text.parse().map_err(|_| Error::not_found(what, text));
    let instance = asked
        .some("instance")
        .map(|text| id(text, "product instance").map(crate::domain::id::InstanceId));
    let entitlement =
        asked.some("license").map(|text| id(text, "license").map(crate::domain::id::EntitlementId));
    Ok(EventQuery {
        virtual_account,
        instance: instance.transpose()?,
        entitlement: entitlement.transpose()?,
        on_prem: None,
        subject: Subject::Everything,
        seek: seek(asked)?,
        limit: rows(asked)?,
    })
}

/// The newest events, for the page of one thing.
pub fn newest(virtual_account: VaRef) -> EventQuery {
    EventQuery {
        virtual_account: Some(virtual_account),
        seek: Seek::First,
        limit: 10,
        ..EventQuery::default()
    }
}

async fn filter(ask: &Ask, va: VaRef) -> Result<EventFilter, Failure> {
    let (engine, who) = (ask.engine(), &ask.visit.who);
    let licenses = engine.licenses_of(who, ask.domain(), va.clone()).await?;
    let offered = (Seek::First, OFFERED);
    let instances = engine.instances_page(who, ask.domain(), va, None, offered).await?;
    let choice = |wanted: &str, id: String, name: String| {
        let selected = id == wanted;
        Choice::new(id, name, selected)
    };
    let (license, instance) = (ask.query.get("license"), ask.query.get("instance"));
    let named = instances.items.iter().map(|row| (row.id, row.name()));
    let of = |row: &LicenseRow| {
        choice(license, row.pool.id().to_string(), row.pool.entitlement.name.clone())
    };
    Ok(EventFilter {
        licenses: licenses.iter().map(of).collect(),
        instances: instance_choices(named, instance),
    })
}

/// The instances that a log offers, and the one that the address names if it is not among them.
pub(super) fn instance_choices(
    offered: impl Iterator<Item = (InstanceId, String)>,
    wanted: &str,
) -> Vec<Choice> {
    let mut choices: Vec<Choice> = offered
        .map(|(id, name)| (id.to_string(), name))
        .map(|(id, name)| Choice::new(id.clone(), name, id == wanted))
        .collect();
    if !wanted.is_empty() && choices.iter().all(|choice| !choice.selected) {
        choices.push(Choice::new(wanted, "One product instance", true));
    }
    choices
}

impl EventRow {
    /// The rows of a page in the log of one virtual account.
    pub fn all(page: &Page<LoggedEvent>, now: Timestamp) -> Vec<Self> {
        page.items.iter().map(|logged| Self::of(logged, now)).collect()
    }

    /// The rows of a page in the log of the Smart Account, with their places.
    pub fn placed(
        page: &Page<LoggedEvent>,
        now: Timestamp,
        frame: &Frame,
        overview: &Overview,
    ) -> Vec<Self> {
        let place = |logged: &LoggedEvent| {
            let id = logged.event.virtual_account?;
            let row = overview.virtual_accounts.iter().find(|r| r.virtual_account.id == id);
            let href = row.map(|row| {
                format!("{}/inventory/{}/events", frame.base(), row.virtual_account.number)
            });
            Some((logged.virtual_account.clone(), href))
        };
        let row = |logged| Self { virtual_account: place(logged), ..Self::of(logged, now) };
        page.items.iter().map(row).collect()
    }

    fn of(logged: &LoggedEvent, now: Timestamp) -> Self {
        Self {
            message: logged.event.message.clone(),
            time: When::at(logged.event.at, now),
            user: logged.event.actor.clone(),
            virtual_account: None,
        }
    }
}
