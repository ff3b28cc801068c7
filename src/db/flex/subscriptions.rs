//! Flex subscriptions, stored.

use super::super::schema::flex_subscriptions as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::flex::{Counts, Model, Subscription};
use crate::domain::id::OrganizationId;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, primary_key(number), treat_none_as_null = true)]
struct Row {
    number: i64,
    organization_id: String,
    order_id: String,
    subscription_id: String,
    model: String,
    professional: i64,
    enhanced: i64,
    access: i64,
    knowledge_worker: i64,
    common_area: i64,
    telepresence: i64,
    starts: NaiveDate,
    ends: Option<NaiveDate>,
    cancelled_at: Option<NaiveDateTime>,
}

impl From<&Subscription> for Row {
    fn from(one: &Subscription) -> Self {
        let bought = one.purchased;
        Self {
            number: one.number,
            organization_id: one.organization.to_string(),
            order_id: one.order_id.clone(),
            subscription_id: one.subscription_id.clone(),
            model: one.model.code().to_owned(),
            professional: bought.professional,
            enhanced: bought.enhanced,
            access: bought.access,
            knowledge_worker: bought.knowledge_worker,
            common_area: bought.common_area,
            telepresence: bought.telepresence,
            starts: one.starts,
            ends: one.ends,
            cancelled_at: one.cancelled_at.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Subscription> {
        Ok(Subscription {
            number: self.number,
            organization: types::id("organization id", &self.organization_id)?,
            order_id: self.order_id,
            subscription_id: self.subscription_id,
            model: types::word("license model", &self.model, Model::parse)?,
            purchased: Counts {
                professional: self.professional,
                enhanced: self.enhanced,
                access: self.access,
                knowledge_worker: self.knowledge_worker,
                common_area: self.common_area,
                telepresence: self.telepresence,
            },
            starts: self.starts,
            ends: self.ends,
            cancelled_at: types::instant(self.cancelled_at),
        })
    }
}

/// Adds a subscription.
pub fn insert(conn: &mut Conn, one: &Subscription) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// Writes a changed subscription.
pub fn save(conn: &mut Conn, one: &Subscription) -> Result<()> {
    diesel::update(table::table.find(one.number)).set(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// The subscription of that number.
pub fn find(conn: &mut Conn, number: i64) -> Result<Option<Subscription>> {
    let row = table::table.find(number).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The subscription of that order.
pub fn of_order(conn: &mut Conn, order: &str) -> Result<Option<Subscription>> {
    let known = table::table.filter(table::order_id.eq(order));
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// Whether pages know a subscription by that identifier.
pub fn is_known(conn: &mut Conn, subscription_id: &str) -> Result<bool> {
    let known = table::table.filter(table::subscription_id.eq(subscription_id));
    Ok(known.select(table::number).get_result::<i64>(conn).optional()?.is_some())
}

/// The subscriptions of customers, in the order in which they were placed.
pub fn of(conn: &mut Conn, customers: &[OrganizationId]) -> Result<Vec<Subscription>> {
    let mut found = Vec::new();
    for chunk in customers.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let own = table::table.filter(table::organization_id.eq_any(keys)).order(table::number);
        found.extend(own.load::<Row>(conn)?);
    }
    found.into_iter().map(Row::domain).collect()
}
