//! Logs and lists as files: what is filtered on the page, all of it.

use super::events::query;
use crate::domain::cause::ActionDue;
use crate::domain::paging::Seek;
use crate::engine::{EventQuery, LoggedEvent, LoggedTransaction, VaRef};
use crate::web::pages::ask::{Ask, Failure, act};
use crate::web::pages::{csv, labels};
use actix_web::HttpResponse;

/// Rows that are read at once.
const CHUNK: i64 = 1_000;
/// The most rows of one file (ours).
const MOST: usize = 200_000;

/// The event log of a virtual account.
pub async fn va_events(ask: Ask) -> HttpResponse {
    act(&ask, async { Ok(csv::file(&ask, "events", &event_table(&ask, Some(ask.va()?)).await?)) })
        .await
}

/// The event log of the Smart Account.
pub async fn account_events(ask: Ask) -> HttpResponse {
    act(&ask, async { Ok(csv::file(&ask, "events", &event_table(&ask, None).await?)) }).await
}

/// The license transactions.
pub async fn transactions(ask: Ask) -> HttpResponse {
    act(&ask, async {
        Ok(csv::file(&ask, "license-transactions", &transaction_table(&ask).await?))
    })
    .await
}

/// The alerts of the Smart Account.
pub async fn account_alerts(ask: Ask) -> HttpResponse {
    act(&ask, async { Ok(csv::file(&ask, "alerts", &alert_table(&ask, None).await?)) }).await
}

/// The alerts of a virtual account.
pub async fn va_alerts(ask: Ask) -> HttpResponse {
    act(&ask, async { Ok(csv::file(&ask, "alerts", &alert_table(&ask, Some(ask.va()?)).await?)) })
        .await
}

async fn event_table(ask: &Ask, va: Option<VaRef>) -> Result<String, Failure> {
    let mut text = csv::row(&[
        labels::event::TIME,
        ask.words().virtual_account,
        labels::event::USER,
        labels::event::MESSAGE,
    ]);
    let mut asked = EventQuery { limit: CHUNK, seek: Seek::First, ..query(&ask.query, va)? };
    let mut rows = 0;
    loop {
        let page = ask.engine().events(&ask.visit.who, ask.domain(), asked.clone()).await?;
        page.items.iter().for_each(|logged| text.push_str(&event_row(logged)));
        rows += page.items.len();
        match page.items.last().filter(|_| page.has_next && rows < MOST) {
            Some(last) => asked.seek = Seek::After(last.event.id),
            None => return Ok(text),
        }
    }
}

fn event_row(logged: &LoggedEvent) -> String {
    let event = &logged.event;
    csv::row(&[&event.at.iso(), &logged.virtual_account, &event.actor, &event.message])
}

async fn transaction_table(ask: &Ask) -> Result<String, Failure> {
    let mut text = csv::row(&[
        labels::activity::DATE,
        labels::activity::TRANSACTION,
        labels::license::LICENSE,
        labels::activity::SKU,
        labels::activity::QUANTITY,
        labels::license::EXPIRES,
        labels::activity::FROM,
        labels::activity::TO,
        "Reference",
        labels::event::USER,
    ]);
    let mut asked = super::activity::transaction_query(&ask.query)?;
    (asked.limit, asked.seek) = (CHUNK, Seek::First);
    let mut rows = 0;
    loop {
        let page = ask.engine().transactions(&ask.visit.who, ask.domain(), asked.clone()).await?;
        page.items.iter().for_each(|logged| text.push_str(&transaction_row(logged)));
        rows += page.items.len();
        match page.items.last().filter(|_| page.has_next && rows < MOST) {
            Some(last) => asked.seek = Seek::After(last.transaction.id),
            None => return Ok(text),
        }
    }
}

fn transaction_row(logged: &LoggedTransaction) -> String {
    let transaction = &logged.transaction;
    let ends = transaction.ends.map_or_else(String::new, |ends| ends.to_string());
    csv::row(&[
        &transaction.at.iso(),
        transaction.kind.name(),
        &logged.entitlement.name,
        transaction.sku.as_deref().unwrap_or_default(),
        &transaction.signed().to_string(),
        &ends,
        &logged.source,
        &logged.target,
        transaction.reference.as_deref().unwrap_or_default(),
        &transaction.actor,
    ])
}

async fn alert_table(ask: &Ask, va: Option<VaRef>) -> Result<String, Failure> {
    let mut text = csv::row(&[
        labels::alert::SEVERITY,
        "Alert",
        labels::alert::MESSAGE,
        labels::alert::SOURCE,
        labels::alert::DUE,
    ]);
    let found = ask.engine().alerts(&ask.visit.who, ask.domain(), va).await?;
    for alert in super::alert_filter::shown(&ask.query, &found)? {
        let due = match alert.cause.action_due() {
            ActionDue::Now => labels::alert::NOW.to_owned(),
            ActionDue::By(at) => at.iso(),
            ActionDue::Never => String::new(),
        };
        text.push_str(&csv::row(&[
            alert.cause.severity().name(),
            alert.cause.kind(),
            &alert.message(),
            &alert.source,
            &due,
        ]));
    }
    Ok(text)
}
