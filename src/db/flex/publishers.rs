//! Publishers that were installed, stored.

use super::super::schema::flex_publishers as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::flex::{NewCluster, Publisher};
use crate::domain::id::OrganizationId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    number: i64,
    organization_id: String,
    name: String,
    region: String,
    version: String,
    publisher: String,
    added_at: NaiveDateTime,
    looked_at: Option<NaiveDateTime>,
    cluster: Option<i64>,
}

impl Row {
    fn domain(self) -> Result<Publisher> {
        Ok(Publisher {
            number: self.number,
            organization: types::id("organization id", &self.organization_id)?,
            is: NewCluster {
                name: self.name,
                region: self.region,
                version: self.version,
                publisher: self.publisher,
            },
            added_at: Timestamp::from_naive(self.added_at),
            looked_at: types::instant(self.looked_at),
            cluster: self.cluster,
        })
    }
}

/// Adds a publisher.
pub fn insert(conn: &mut Conn, one: &Publisher) -> Result<()> {
    let row = Row {
        number: one.number,
        organization_id: one.organization.to_string(),
        name: one.is.name.clone(),
        region: one.is.region.clone(),
        version: one.is.version.clone(),
        publisher: one.is.publisher.clone(),
        added_at: one.added_at.naive(),
        looked_at: one.looked_at.map(Timestamp::naive),
        cluster: one.cluster,
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// Writes when it was looked at, and what it became.
pub fn save(conn: &mut Conn, one: &Publisher) -> Result<()> {
    let seen =
        (table::looked_at.eq(one.looked_at.map(Timestamp::naive)), table::cluster.eq(one.cluster));
    diesel::update(table::table.find(one.number)).set(seen).execute(conn)?;
    Ok(())
}

/// The publishers of a customer that nobody has looked at yet.
pub fn waiting(conn: &mut Conn, customer: OrganizationId) -> Result<Vec<Publisher>> {
    let own = table::table
        .filter(table::organization_id.eq(customer.to_string()))
        .filter(table::looked_at.is_null())
        .order(table::number);
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}
