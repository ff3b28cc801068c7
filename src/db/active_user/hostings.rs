//! Sessions that were hosted, and the Active Users of each month.
//!
//! A report costs what is new in it; the count of a month that is over is one row.

use super::TOGETHER;
use crate::db::conn::on_backend;
use crate::db::error::Error;
use crate::db::schema::{au_actives as actives, au_hostings as table, au_months as months};
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::{Deployment, Hosting, Launch, SessionType, Span, Verdict};
use crate::domain::id::{ContractId, PersonId};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table, treat_none_as_default_value = false)]
struct Row {
    contract_id: String,
    session: String,
    begins: NaiveDate,
    scheduled_by: Option<String>,
    host: String,
    alternate: Option<String>,
    session_type: String,
    launch: String,
    scheduled: bool,
    deployment: String,
    started_at: NaiveDateTime,
    verdict: String,
}

/// A session with the month that it belongs to and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The session.
    pub hosting: Hosting,
    /// The first day of its month.
    pub begins: NaiveDate,
    /// Whether it counts.
    pub verdict: Verdict,
}

impl From<&Judged> for Row {
    fn from(judged: &Judged) -> Self {
        let Judged { hosting, begins, verdict } = judged;
        Self {
            contract_id: hosting.contract.to_string(),
            session: hosting.session.clone(),
            begins: *begins,
            scheduled_by: hosting.scheduled_by.map(|id| id.to_string()),
            host: hosting.host.to_string(),
            alternate: hosting.alternate.map(|id| id.to_string()),
            session_type: hosting.session_type.code().to_owned(),
            launch: hosting.launch.code().to_owned(),
            scheduled: hosting.scheduled,
            deployment: hosting.deployment.code().to_owned(),
            started_at: hosting.started_at.naive(),
            verdict: verdict.code().to_owned(),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Judged> {
        let hosting = Hosting {
            contract: types::id("contract id", &self.contract_id)?,
            session: self.session,
            scheduled_by: types::optional_id("person id", self.scheduled_by.as_deref())?,
            host: types::id("person id", &self.host)?,
            alternate: types::optional_id("person id", self.alternate.as_deref())?,
            session_type: types::word("session type", &self.session_type, SessionType::parse)?,
            launch: types::word("launch", &self.launch, Launch::parse)?,
            scheduled: self.scheduled,
            deployment: types::word("deployment", &self.deployment, Deployment::parse)?,
            started_at: Timestamp::from_naive(self.started_at),
        };
        let verdict = types::word("verdict", &self.verdict, Verdict::parse)?;
        Ok(Judged { hosting, begins: self.begins, verdict })
    }
}

/// Adds sessions that are not known.
pub fn insert(conn: &mut Conn, new: &[Judged]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows: Vec<Row> = some.iter().map(Row::from).collect();
        on_backend!(conn => diesel::insert_into(table::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Those of these sessions that are known.
pub fn known(conn: &mut Conn, of: ContractId, sessions: &[String]) -> Result<Vec<Judged>> {
    let mut found = Vec::new();
    for some in sessions.chunks(TOGETHER) {
        let wanted = table::table
            .filter(table::contract_id.eq(of.to_string()))
            .filter(table::session.eq_any(some));
        let rows = on_backend!(conn => wanted.load::<Row>(conn))?;
        found.extend(rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// An Active User of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Who.
    pub person: PersonId,
    /// What they are counted under.
    pub slot: &'static str,
    /// When they hosted first.
    pub first_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = actives)]
struct ActiveRow {
    contract_id: String,
    begins: NaiveDate,
    person_id: String,
    slot: String,
    first_at: NaiveDateTime,
}

/// What a report adds to one month.
#[derive(Clone, Debug)]
pub struct MonthOf {
    /// The contract.
    pub contract: ContractId,
    /// The first day of the month.
    pub begins: NaiveDate,
    /// Sessions that were not known, counted or not.
    pub sessions: i64,
    /// Hosts of those that count; each person and slot once.
    pub actives: Vec<Active>,
}

/// Adds to a month; answers how many Active Users are new in it.
pub fn add_to_month(conn: &mut Conn, month: &MonthOf) -> Result<i64> {
    let (contract, begins) = (month.contract.to_string(), month.begins);
    let mut added = 0;
    for some in month.actives.chunks(TOGETHER) {
        let wanted = actives::table
            .filter(actives::contract_id.eq(&contract))
            .filter(actives::begins.eq(begins))
            .filter(actives::person_id.eq_any(some.iter().map(|one| one.person.to_string())))
            .select((actives::person_id, actives::slot));
        let known: Vec<(String, String)> = on_backend!(conn => wanted.load(conn))?;
        let new = some.iter().map(|one| ActiveRow {
            contract_id: contract.clone(),
            begins,
            person_id: one.person.to_string(),
            slot: one.slot.to_owned(),
            first_at: one.first_at.naive(),
        });
        let is_new = |row: &ActiveRow| {
            !known.iter().any(|(person, slot)| *person == row.person_id && *slot == row.slot)
        };
        let rows: Vec<ActiveRow> = new.filter(is_new).collect();
        if !rows.is_empty() {
            on_backend!(conn => diesel::insert_into(actives::table).values(&rows).execute(conn))?;
        }
        added += i64::try_from(rows.len()).unwrap_or_default();
    }
    note(conn, month, added)?;
    Ok(added)
}

/// Counts a month's sessions and Active Users up.
fn note(conn: &mut Conn, month: &MonthOf, added: i64) -> Result<()> {
    let key = (month.contract.to_string(), month.begins);
    let known = diesel::update(months::table.find(key.clone())).set((
        months::sessions.eq(months::sessions + month.sessions),
        months::active.eq(months::active + added),
    ));
    if on_backend!(conn => known.execute(conn))? == 0 {
        let row = (
            months::contract_id.eq(key.0),
            months::begins.eq(key.1),
            months::sessions.eq(month.sessions),
            months::active.eq(added),
        );
        let new = diesel::insert_into(months::table).values(row);
        on_backend!(conn => new.execute(conn))?;
    }
    Ok(())
}

/// What is known of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Sessions that were reported.
    pub sessions: i64,
    /// Active Users.
    pub active: i64,
}

/// What is known of some months until an instant; `None` for those without data.
pub fn counts(
    conn: &mut Conn,
    of: ContractId,
    spans: &[Span],
    now: Timestamp,
) -> Result<Vec<Option<Known>>> {
    let begins: Vec<NaiveDate> = spans.iter().map(|span| span.from).collect();
    let wanted = months::table
        .filter(months::contract_id.eq(of.to_string()))
        .filter(months::begins.eq_any(begins))
        .select((months::begins, months::sessions, months::active));
    let rows: Vec<(NaiveDate, i64, i64)> = on_backend!(conn => wanted.load(conn))?;
    let mut found = Vec::new();
    for span in spans {
        let row = rows.iter().find(|row| row.0 == span.from);
        found.push(match row {
            Some((_, sessions, active)) if span.over_at() <= now => {
                Some(Known { sessions: *sessions, active: *active })
            }
            // A fixture may have prepared what is still to come.
            Some(_) if Timestamp::midnight(span.from) <= now => Some(until(conn, of, span, now)?),
            Some(_) | None => None,
        });
    }
    Ok(found)
}

fn until(conn: &mut Conn, of: ContractId, span: &Span, now: Timestamp) -> Result<Known> {
    let hosting = actives::table
        .filter(actives::contract_id.eq(of.to_string()))
        .filter(actives::begins.eq(span.from))
        .filter(actives::first_at.le(now.naive()));
    let active = on_backend!(conn => hosting.count().get_result(conn)).map_err(Error::from)?;
    Ok(Known { sessions: active, active })
}
