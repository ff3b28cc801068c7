//! The ledger of a contract: append-only, numbered.

use super::TOGETHER;
use crate::db::conn::on_backend;
use crate::db::error::Error;
use crate::db::schema::au_ledger as table;
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::ledger::Posted;
use crate::domain::active_user::{Entry, Rule};
use crate::domain::id::ContractId;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table, treat_none_as_default_value = false)]
struct Row {
    contract_id: String,
    number: i64,
    at: NaiveDateTime,
    written_by: String,
    effective: Option<NaiveDate>,
    rule: String,
    step: String,
}

/// What entries are written with.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'a> {
    /// The contract.
    pub contract: ContractId,
    /// When.
    pub at: Timestamp,
    /// Who caused it.
    pub by: &'a str,
    /// The anniversary that they belong to.
    pub effective: Option<NaiveDate>,
}

fn written(step: &crate::domain::active_user::Step) -> Result<String> {
    serde_json::to_string(step).map_err(|error| Error::corrupt("ledger step", error.to_string()))
}

/// Appends entries.
pub fn append(conn: &mut Conn, posting: Posting<'_>, entries: &[Entry]) -> Result<()> {
    let contract_id = posting.contract.to_string();
    let own = table::table.filter(table::contract_id.eq(&contract_id));
    let last: Option<i64> = own.select(max(table::number)).get_result(conn)?;
    let mut rows = Vec::new();
    for (number, entry) in (last.unwrap_or_default() + 1..).zip(entries) {
        rows.push(Row {
            contract_id: contract_id.clone(),
            number,
            at: posting.at.naive(),
            written_by: posting.by.to_owned(),
            effective: posting.effective,
            rule: entry.rule.code().to_owned(),
            step: written(&entry.step)?,
        });
    }
    for some in rows.chunks(TOGETHER) {
        on_backend!(conn => diesel::insert_into(table::table).values(some).execute(conn))?;
    }
    Ok(())
}

/// The newest entries of a contract before a number, newest first.
pub fn page(conn: &mut Conn, of: ContractId, before: i64, limit: i64) -> Result<Vec<Posted>> {
    let own = table::table
        .filter(table::contract_id.eq(of.to_string()))
        .filter(table::number.lt(before))
        .order(table::number.desc())
        .limit(limit);
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

impl Row {
    fn domain(self) -> Result<Posted> {
        let step = serde_json::from_str(&self.step);
        let step = step.map_err(|_| Error::corrupt("ledger step", &self.step))?;
        let rule = types::word("rule", &self.rule, Rule::parse)?;
        Ok(Posted {
            number: self.number,
            at: Timestamp::from_naive(self.at),
            by: self.written_by,
            effective: self.effective,
            entry: Entry { step, rule },
        })
    }
}
