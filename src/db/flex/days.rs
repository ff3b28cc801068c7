//! The use of each cluster on each day, stored: one row, written once or corrected.

use super::super::conn::on_backend;
use super::super::error::Error;
use super::super::schema::flex_days as table;
use super::super::{Conn, Result};
use crate::domain::flex::{Counts, Range};
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

/// Rows of one statement: SQLite takes 32766 values.
const ROWS: usize = 2_000;
/// Clusters of one statement.
const CLUSTERS: usize = 1_000;

/// What a cluster used on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The cluster's number.
    pub cluster: i64,
    /// The day.
    pub day: NaiveDate,
    /// So many of each type.
    pub counts: Counts,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, primary_key(cluster, day))]
struct Row {
    cluster: i64,
    day: i32,
    professional: i64,
    enhanced: i64,
    access: i64,
    knowledge_worker: i64,
    common_area: i64,
    telepresence: i64,
}

impl Row {
    fn of(day: &Day) -> Result<Self> {
        let counts = day.counts;
        Ok(Self {
            cluster: day.cluster,
            day: number(day.day)?,
            professional: counts.professional,
            enhanced: counts.enhanced,
            access: counts.access,
            knowledge_worker: counts.knowledge_worker,
            common_area: counts.common_area,
            telepresence: counts.telepresence,
        })
    }

    fn domain(&self) -> Day {
        Day {
            cluster: self.cluster,
            day: NaiveDate::default() + TimeDelta::days(self.day.into()),
            counts: Counts {
                professional: self.professional,
                enhanced: self.enhanced,
                access: self.access,
                knowledge_worker: self.knowledge_worker,
                common_area: self.common_area,
                telepresence: self.telepresence,
            },
        }
    }
}

/// Days since 1970-01-01.
fn number(day: NaiveDate) -> Result<i32> {
    let days = (day - NaiveDate::default()).num_days();
    i32::try_from(days).map_err(|_| Error::corrupt("day", day.to_string()))
}

/// Writes what a cluster used on a day, over what was told of it before.
pub fn put(conn: &mut Conn, day: &Day) -> Result<()> {
    let row = Row::of(day)?;
    on_backend!(conn => diesel::insert_into(table::table)
        .values(&row)
        .on_conflict((table::cluster, table::day))
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

/// Writes very many days that nobody has told of yet, in the order of the key.
pub fn insert_many(conn: &mut Conn, days: &[Day]) -> Result<()> {
    for chunk in days.chunks(ROWS) {
        let rows = chunk.iter().map(Row::of).collect::<Result<Vec<_>>>()?;
        on_backend!(conn => diesel::insert_into(table::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// What was told of a cluster's day.
pub fn find(conn: &mut Conn, cluster: i64, day: NaiveDate) -> Result<Option<Counts>> {
    let row = table::table.find((cluster, number(day)?)).get_result::<Row>(conn).optional()?;
    Ok(row.map(|row| row.domain().counts))
}

/// The days of clusters within a range, by cluster and day: a stretch of the key for each.
pub fn within(conn: &mut Conn, clusters: &[i64], range: Range) -> Result<Vec<Day>> {
    let (from, to) = (number(range.from)?, number(range.to)?);
    let mut found = Vec::new();
    for chunk in clusters.chunks(CLUSTERS) {
        let own = table::table
            .filter(table::cluster.eq_any(chunk))
            .filter(table::day.between(from, to))
            .order((table::cluster, table::day));
        let rows: Vec<Row> = on_backend!(conn => own.load(conn))?;
        found.extend(rows.iter().map(Row::domain));
    }
    Ok(found)
}
