//! True Forwards: one row for each anniversary.

use crate::db::conn::on_backend;
use crate::db::schema::au_runs as table;
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::{Currency, Price, Run, RunState};
use crate::domain::id::{ContractId, TrueForwardId};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    contract_id: String,
    effective: NaiveDate,
    year_over: i64,
    state: String,
    first_count: i64,
    second_count: i64,
    third_count: i64,
    missing: String,
    headcount: i64,
    minimum_before: i64,
    minimum_after: i64,
    months: i64,
    fee_minor: i64,
    currency: String,
    invoice_on: Option<NaiveDate>,
    at: NaiveDateTime,
    confirmed_by: Option<String>,
}

impl From<&Run> for Row {
    fn from(run: &Run) -> Self {
        let [first_count, second_count, third_count] = run.counts;
        let missing: Vec<String> = run.missing.iter().map(ToString::to_string).collect();
        Self {
            id: run.id.to_string(),
            contract_id: run.contract.to_string(),
            effective: run.effective,
            year_over: run.year,
            state: run.state.code().to_owned(),
            first_count,
            second_count,
            third_count,
            missing: missing.join(" "),
            headcount: run.headcount,
            minimum_before: run.before,
            minimum_after: run.after,
            months: run.months,
            fee_minor: run.fee.minor,
            currency: run.fee.currency.code().to_owned(),
            invoice_on: run.invoice_on,
            at: run.at.naive(),
            confirmed_by: run.confirmed_by.clone(),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Run> {
        let currency = types::word("currency", &self.currency, Currency::parse)?;
        let missing = self.missing.split_whitespace().map(|month| types::id("month", month));
        Ok(Run {
            id: types::id::<TrueForwardId>("true forward id", &self.id)?,
            contract: types::id("contract id", &self.contract_id)?,
            effective: self.effective,
            year: self.year_over,
            state: types::word("true forward state", &self.state, RunState::parse)?,
            counts: [self.first_count, self.second_count, self.third_count],
            missing: missing.collect::<Result<_>>()?,
            headcount: self.headcount,
            before: self.minimum_before,
            after: self.minimum_after,
            months: self.months,
            fee: Price::new(self.fee_minor, currency),
            invoice_on: self.invoice_on,
            at: Timestamp::from_naive(self.at),
            confirmed_by: self.confirmed_by,
        })
    }
}

/// Adds the run of an anniversary.
pub fn insert(conn: &mut Conn, run: &Run) -> Result<()> {
    let row = Row::from(run);
    on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    Ok(())
}

/// Writes a run that has waited.
pub fn save(conn: &mut Conn, run: &Run) -> Result<()> {
    let row = Row::from(run);
    let change = diesel::update(table::table.find(&row.id)).set(&row);
    on_backend!(conn => change.execute(conn))?;
    Ok(())
}

/// The runs of a contract, newest first.
pub fn of_contract(conn: &mut Conn, of: ContractId) -> Result<Vec<Run>> {
    let own =
        table::table.filter(table::contract_id.eq(of.to_string())).order(table::effective.desc());
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// The run of an anniversary.
pub fn at(conn: &mut Conn, of: ContractId, effective: NaiveDate) -> Result<Option<Run>> {
    let own = table::table
        .filter(table::contract_id.eq(of.to_string()))
        .filter(table::effective.eq(effective));
    let row = on_backend!(conn => own.get_result::<Row>(conn)).optional()?;
    row.map(Row::domain).transpose()
}
