//! Clusters of Unified CM, stored.

use super::super::schema::flex_clusters as table;
use super::super::types;
use super::super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::flex::Cluster;
use crate::domain::id::OrganizationId;
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, primary_key(number), treat_none_as_null = true)]
struct Row {
    number: i64,
    organization_id: String,
    subscription: Option<i64>,
    name: String,
    name_key: String,
    region: String,
    version: String,
    publisher: String,
    added_at: NaiveDateTime,
    found: bool,
    verified_at: Option<NaiveDateTime>,
    secret: Option<String>,
}

impl From<&Cluster> for Row {
    fn from(one: &Cluster) -> Self {
        Self {
            number: one.number,
            organization_id: one.organization.to_string(),
            subscription: one.subscription,
            name: one.name.clone(),
            name_key: key(&one.name),
            region: one.region.clone(),
            version: one.version.clone(),
            publisher: one.publisher.clone(),
            added_at: one.added_at.naive(),
            found: one.found,
            verified_at: one.verified_at.map(Timestamp::naive),
            secret: one.secret.clone(),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Cluster> {
        Ok(Cluster {
            number: self.number,
            organization: types::id("organization id", &self.organization_id)?,
            subscription: self.subscription,
            name: self.name,
            region: self.region,
            version: self.version,
            publisher: self.publisher,
            added_at: Timestamp::from_naive(self.added_at),
            found: self.found,
            verified_at: types::instant(self.verified_at),
            secret: self.secret,
        })
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Adds a cluster.
pub fn insert(conn: &mut Conn, one: &Cluster) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// Writes a changed cluster.
pub fn save(conn: &mut Conn, one: &Cluster) -> Result<()> {
    diesel::update(table::table.find(one.number)).set(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// The cluster of that number.
pub fn find(conn: &mut Conn, number: i64) -> Result<Option<Cluster>> {
    let row = table::table.find(number).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The cluster whose agent shows that secret.
pub fn of_secret(conn: &mut Conn, digest: &str) -> Result<Option<Cluster>> {
    let known = table::table.filter(table::secret.eq(digest));
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The cluster of that name at a customer, ignoring case.
pub fn named(conn: &mut Conn, customer: OrganizationId, name: &str) -> Result<Option<Cluster>> {
    let known = table::table
        .filter(table::organization_id.eq(customer.to_string()))
        .filter(table::name_key.eq(key(name)));
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The clusters of customers, in the order in which they became known.
pub fn of(conn: &mut Conn, customers: &[OrganizationId]) -> Result<Vec<Cluster>> {
    let mut found = Vec::new();
    for chunk in customers.chunks(1_000) {
        let keys: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let own = table::table.filter(table::organization_id.eq_any(keys)).order(table::number);
        found.extend(own.load::<Row>(conn)?);
    }
    found.into_iter().map(Row::domain).collect()
}
