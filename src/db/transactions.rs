//! License transactions, stored.

use super::schema::license_transactions as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::event::{Transaction, TransactionKind};
use crate::domain::id::{EntitlementId, SmartAccountId, TransactionId, VirtualAccountId};
use crate::domain::paging::{Page, Seek};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    account_id: String,
    at: NaiveDateTime,
    kind: String,
    entitlement_id: String,
    quantity: i64,
    ends: Option<NaiveDate>,
    source_id: Option<String>,
    target_id: Option<String>,
    reference: Option<String>,
    actor: String,
    sku: Option<String>,
}

impl Row {
    fn domain(self) -> Result<Transaction> {
        let place = |text: Option<&str>| types::optional_id("virtual account id", text);
        Ok(Transaction {
            id: types::id("transaction id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            at: Timestamp::from_naive(self.at),
            kind: types::word("transaction kind", &self.kind, TransactionKind::parse)?,
            entitlement: types::id("entitlement id", &self.entitlement_id)?,
            quantity: self.quantity,
            ends: self.ends,
            source: place(self.source_id.as_deref())?,
            target: place(self.target_id.as_deref())?,
            sku: self.sku,
            reference: self.reference,
            actor: self.actor,
        })
    }
}

/// Appends a transaction.
pub fn append(conn: &mut Conn, transaction: &Transaction) -> Result<()> {
    let row = Row {
        id: transaction.id.to_string(),
        account_id: transaction.account.to_string(),
        at: transaction.at.naive(),
        kind: transaction.kind.name().into(),
        entitlement_id: transaction.entitlement.to_string(),
        quantity: transaction.quantity,
        ends: transaction.ends,
        source_id: transaction.source.map(|va| va.to_string()),
        target_id: transaction.target.map(|va| va.to_string()),
        reference: transaction.reference.clone(),
        actor: transaction.actor.clone(),
        sku: transaction.sku.clone(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// Which transactions.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The Smart Account.
    pub account: SmartAccountId,
    /// Only this license.
    pub entitlement: Option<EntitlementId>,
    /// Only of this kind.
    pub kind: Option<TransactionKind>,
    /// Only what this virtual account gave or received.
    pub place: Option<VirtualAccountId>,
}

/// One page of the transactions, newest first.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    seek: &Seek<TransactionId>,
    limit: i64,
) -> Result<Page<Transaction>> {
    let mut query =
        table::table.filter(table::account_id.eq(filter.account.to_string())).into_boxed();
    if let Some(entitlement) = filter.entitlement {
        query = query.filter(table::entitlement_id.eq(entitlement.to_string()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(table::kind.eq(kind.name()));
    }
    if let Some(place) = filter.place {
        let place = place.to_string();
        query = query.filter(table::source_id.eq(place.clone()).or(table::target_id.eq(place)));
    }
    query = match seek {
        Seek::First => query.order(table::id.desc()),
        Seek::After(id) => query.filter(table::id.lt(id.to_string())).order(table::id.desc()),
        Seek::Before(id) => query.filter(table::id.gt(id.to_string())).order(table::id),
        Seek::Last => query.order(table::id),
    };
    let rows = query.limit(limit + 1).load::<Row>(conn)?;
    let items = rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?;
    Ok(super::paging::page(items, limit, seek))
}
