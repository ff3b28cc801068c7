//! The Activity tab: license transactions and the log of the Smart Account.

use super::events::{EventFilter, EventRow, OFFERED, chosen, instance_choices, query};
use super::place::frame;
use crate::domain::event::TransactionKind;
use crate::domain::id::EntitlementId;
use crate::domain::paging::Page;
use crate::domain::{Error, Timestamp};
use crate::engine::{LoggedTransaction, TransactionQuery};
use crate::web::pages::ask::{Ask, Failure, Fields, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::{pager, rows, seek};
use crate::web::pages::view::{Choice, Pager, Severities, When};
use actix_web::HttpResponse;
use askama::Template;

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRow {
    /// When.
    pub date: When,
    /// Order, Transfer, Expiry …
    pub kind: String,
    /// The license's name.
    pub license: String,
    /// Stock keeping unit of the line; may be empty.
    pub sku: String,
    /// Signed quantity; a transfer moves it from source to target.
    pub quantity: i64,
    /// Last day of the line; `None` means never.
    pub expires: Option<When>,
    /// The virtual account that gave.
    pub source: Option<String>,
    /// The virtual account that received.
    pub target: Option<String>,
    /// Order number, device or file; may be empty.
    pub reference: String,
    /// Who did it.
    pub user: String,
}

/// The sub-tabs of Activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityTab {
    /// The ledger.
    Transactions,
    /// The log.
    Events,
}

impl ActivityTab {
    /// The row of sub-tabs.
    pub fn tabs(self, frame: &Frame) -> Vec<NavItem> {
        [
            (Self::Transactions, labels::activity::TRANSACTIONS, "transactions"),
            (Self::Events, labels::activity::EVENTS, "events"),
        ]
        .into_iter()
        .filter(|(tab, ..)| frame.sees_all || *tab == Self::Events)
        .map(|(tab, label, path)| NavItem {
            label,
            href: format!("{}/activity/{path}", frame.base()),
            current: self == tab,
            alerts: Severities::default(),
        })
        .collect()
    }
}

/// License Transactions.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/activity/transactions.html")]
pub struct TransactionsPage {
    /// The frame.
    pub frame: Frame,
    /// Licenses that can be chosen.
    pub licenses: Vec<Choice>,
    /// Kinds that can be chosen.
    pub kinds: Vec<Choice>,
    /// The entries, newest first.
    pub transactions: Vec<TransactionRow>,
    /// Where one is.
    pub pager: Pager,
}

/// Event Log of the Smart Account and all its virtual accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/activity/events.html")]
pub struct ActivityEventsPage {
    /// The frame.
    pub frame: Frame,
    /// What is shown.
    pub filter: EventFilter,
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where one is.
    pub pager: Pager,
}

/// License Transactions.
pub async fn transactions(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let query = transaction_query(&ask.query)?;
        let page = ask.engine().transactions(&ask.visit.who, ask.domain(), query).await?;
        let pager = pager(&ask, &page, |row| row.transaction.id, "transaction")?;
        let frame = frame(&ask, &overview, Tab::Activity);
        let transactions = TransactionRow::all(&page, ask.now());
        let (licenses, kinds) = (filter(&ask).await?.licenses, kinds(&ask.query));
        Ok(TransactionsPage { frame, licenses, kinds, transactions, pager })
    })
    .await
}

/// What the address asks of the transactions.
pub fn transaction_query(asked: &Fields) -> Result<TransactionQuery, Failure> {
    let entitlement = asked
        .some("license")
        .map(|text| text.parse().map(EntitlementId).map_err(|_| Error::not_found("license", text)));
    let kind = asked.some("kind").map(|text| {
        TransactionKind::parse(text)
            .ok_or_else(|| Error::invalid("kind", format!("{text} is no kind of transaction")))
    });
    Ok(TransactionQuery {
        entitlement: entitlement.transpose()?,
        kind: kind.transpose()?,
        seek: seek(asked)?,
        limit: rows(asked)?,
    })
}

/// Event Log of the Smart Account.
pub async fn events(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let query = query(&ask.query, None)?;
        let page = ask.engine().events(&ask.visit.who, ask.domain(), query).await?;
        let pager = pager(&ask, &page, |row| row.event.id, "event")?;
        let frame = frame(&ask, &overview, Tab::Activity);
        let events = EventRow::placed(&page, ask.now(), &frame, &overview);
        Ok(ActivityEventsPage { frame, filter: filter(&ask).await?, events, pager })
    })
    .await
}

impl TransactionsPage {
    /// What is chosen, as the query of an address.
    pub fn chosen(&self) -> String {
        chosen(&[("license", &self.licenses), ("kind", &self.kinds)])
    }

    /// Whether anything is left out.
    pub fn filtered(&self) -> bool {
        self.licenses.iter().chain(&self.kinds).any(|choice| choice.selected)
    }
}

fn kinds(asked: &Fields) -> Vec<Choice> {
    let wanted = asked.get("kind");
    let choice =
        |kind: TransactionKind| Choice::new(kind.name(), kind.name(), kind.name() == wanted);
    TransactionKind::ALL.map(choice).into()
}

async fn filter(ask: &Ask) -> Result<EventFilter, Failure> {
    let found = ask.engine().licenses(&ask.visit.who, ask.domain(), vec![]).await?;
    let wanted = ask.query.get("license");
    let mut licenses: Vec<Choice> = Vec::new();
    for row in &found {
        let (id, name) = (row.pool.id().to_string(), row.pool.entitlement.name.clone());
        if licenses.iter().all(|choice| choice.value != id) {
            let selected = id == wanted;
            licenses.push(Choice::new(id, name, selected));
        }
    }
    licenses.sort_by_cached_key(|choice| choice.label.to_lowercase());
    let offered = ask.engine().instance_names(&ask.visit.who, ask.domain(), OFFERED).await?;
    let instances = instance_choices(offered.into_iter(), ask.query.get("instance"));
    Ok(EventFilter { licenses, instances })
}

impl TransactionRow {
    /// The rows of a page.
    pub fn all(page: &Page<LoggedTransaction>, now: Timestamp) -> Vec<Self> {
        page.items.iter().map(|logged| Self::of(logged, now)).collect()
    }

    fn of(logged: &LoggedTransaction, now: Timestamp) -> Self {
        let transaction = &logged.transaction;
        let place = |name: &String| Some(name.clone()).filter(|name| !name.is_empty());
        let reference = transaction.reference.as_ref();
        Self {
            date: When::at(transaction.at, now),
            kind: transaction.kind.name().to_owned(),
            license: logged.entitlement.name.clone(),
            sku: transaction.sku.clone().unwrap_or_default(),
            quantity: transaction.signed(),
            expires: transaction.ends.map(|last| When::day(last, now)),
            source: place(&logged.source),
            target: place(&logged.target),
            reference: reference.map_or_else(String::new, |text| format!("Order {text}")),
            user: transaction.actor.clone(),
        }
    }
}
