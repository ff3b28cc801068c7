//! How local accounts stand with their synchronization, stored.

use super::conn::on_backend;
use super::schema::sync_standings as table;
use super::schema::{sync_changes as changes, sync_requests as requests};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::on_prem::Dates;
use crate::domain::standing::{OpenRequest, SyncKind, SyncStanding, SyncState};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use uuid::Uuid;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    uid: String,
    account_id: String,
    next_sequence: i64,
    base: Option<String>,
    state: String,
    problem: String,
    needs_full: bool,
    last_kind: Option<String>,
    last_at: Option<NaiveDateTime>,
    due: NaiveDateTime,
    deadline: NaiveDateTime,
    schedule: Option<String>,
    next_at: Option<NaiveDateTime>,
    due_at: Option<NaiveDateTime>,
    settled_at: Option<NaiveDateTime>,
}

impl From<&SyncStanding> for Row {
    fn from(standing: &SyncStanding) -> Self {
        Self {
            uid: standing.uid.to_string(),
            account_id: standing.account.to_string(),
            next_sequence: standing.next_sequence,
            base: standing.base.map(|nonce| nonce.to_string()),
            state: standing.state.code().into(),
            problem: standing.problem.clone(),
            needs_full: standing.needs_full,
            last_kind: standing.last_kind.map(|kind| kind.code().into()),
            last_at: standing.last_at.map(Timestamp::naive),
            due: standing.dates.due.naive(),
            deadline: standing.dates.deadline.naive(),
            schedule: standing.schedule.clone(),
            next_at: standing.next_at.map(Timestamp::naive),
            due_at: standing.due_at.map(Timestamp::naive),
            settled_at: standing.settled_at.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<SyncStanding> {
        let kind = |code: String| types::word("kind of synchronization", &code, SyncKind::parse);
        Ok(SyncStanding {
            uid: types::id("On-Prem UID", &self.uid)?,
            account: types::id("smart account id", &self.account_id)?,
            next_sequence: self.next_sequence,
            base: types::optional_id("nonce", self.base.as_deref())?,
            state: types::word("state of synchronization", &self.state, SyncState::parse)?,
            problem: self.problem,
            needs_full: self.needs_full,
            last_kind: self.last_kind.map(kind).transpose()?,
            last_at: types::instant(self.last_at),
            dates: Dates {
                due: Timestamp::from_naive(self.due),
                deadline: Timestamp::from_naive(self.deadline),
            },
            schedule: self.schedule,
            next_at: types::instant(self.next_at),
            due_at: types::instant(self.due_at),
            settled_at: types::instant(self.settled_at),
        })
    }
}

/// Writes a standing, new or changed.
pub fn save(conn: &mut Conn, standing: &SyncStanding) -> Result<()> {
    let row = Row::from(standing);
    on_backend!(conn => diesel::insert_into(table::table)
        .values(&row)
        .on_conflict(table::uid)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}

/// The standing of a local account.
pub fn find(conn: &mut Conn, uid: OnPremUid) -> Result<Option<SyncStanding>> {
    let row = table::table.find(uid.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The number of the next request of the local account that has these rows.
pub fn next_sequence(conn: &mut Conn, account: SmartAccountId) -> Result<Option<i64>> {
    let own =
        table::table.filter(table::account_id.eq(account.to_string())).select(table::next_sequence);
    Ok(on_backend!(conn => own.get_result(conn)).optional()?)
}

/// The standings of a Smart Account in which something is due until an instant.
pub fn due(conn: &mut Conn, account: SmartAccountId, at: Timestamp) -> Result<Vec<SyncStanding>> {
    let own = table::table
        .filter(table::account_id.eq(account.to_string()))
        .filter(table::due_at.le(at.naive()));
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// The earliest synchronization that begins by itself.
pub fn next(conn: &mut Conn) -> Result<Option<SyncStanding>> {
    let soonest =
        table::table.filter(table::next_at.is_not_null()).order((table::next_at, table::uid));
    soonest.limit(1).get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The requests of a local account that no response has confirmed, oldest first.
pub fn requests(conn: &mut Conn, uid: OnPremUid) -> Result<Vec<OpenRequest>> {
    type Found = (i64, String, String, bool, NaiveDateTime);
    let own = requests::table
        .filter(requests::uid.eq(uid.to_string()))
        .order(requests::sequence)
        .select((
            requests::sequence,
            requests::nonce,
            requests::kind,
            requests::by_file,
            requests::made_at,
        ));
    let domain = |(sequence, nonce, kind, by_file, made_at): Found| -> Result<OpenRequest> {
        Ok(OpenRequest {
            sequence,
            nonce: types::id("nonce", &nonce)?,
            kind: types::word("kind of synchronization", &kind, SyncKind::parse)?,
            by_file,
            made_at: Timestamp::from_naive(made_at),
        })
    };
    own.load::<Found>(conn)?.into_iter().map(domain).collect()
}

/// Remembers a request that was made.
pub fn add_request(conn: &mut Conn, uid: OnPremUid, request: &OpenRequest) -> Result<()> {
    let row = (
        requests::uid.eq(uid.to_string()),
        requests::sequence.eq(request.sequence),
        requests::nonce.eq(request.nonce.to_string()),
        requests::kind.eq(request.kind.code()),
        requests::by_file.eq(request.by_file),
        requests::made_at.eq(request.made_at.naive()),
    );
    diesel::insert_into(requests::table).values(row).execute(conn)?;
    Ok(())
}

/// What a response confirms: forgets requests until that number, and the changes that they told.
pub fn confirm(
    conn: &mut Conn,
    uid: OnPremUid,
    account: SmartAccountId,
    sequence: i64,
) -> Result<()> {
    let told = requests::table
        .filter(requests::uid.eq(uid.to_string()))
        .filter(requests::sequence.le(sequence));
    diesel::delete(told).execute(conn)?;
    let told = changes::table
        .filter(changes::account_id.eq(account.to_string()))
        .filter(changes::sequence.le(sequence));
    diesel::delete(told).execute(conn)?;
    Ok(())
}

/// What kind of thing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A product instance, or what it uses.
    Instance,
    /// A registration token.
    Token,
}

impl What {
    fn code(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Token => "token",
        }
    }
}

/// Marks something as changed since request `sequence - 1`.
pub fn mark(
    conn: &mut Conn,
    account: SmartAccountId,
    (what, id): (What, Uuid),
    sequence: i64,
) -> Result<()> {
    let row = (
        changes::account_id.eq(account.to_string()),
        changes::what.eq(what.code()),
        changes::id.eq(id.to_string()),
        changes::sequence.eq(sequence),
    );
    on_backend!(conn => diesel::insert_into(changes::table)
        .values(row)
        .on_conflict((changes::account_id, changes::what, changes::id))
        .do_update()
        .set(changes::sequence.eq(sequence))
        .execute(conn))?;
    Ok(())
}

/// The ids of what has changed and was not confirmed, in order.
pub fn changed(conn: &mut Conn, account: SmartAccountId, what: What) -> Result<Vec<Uuid>> {
    let ids: Vec<String> = changes::table
        .filter(changes::account_id.eq(account.to_string()))
        .filter(changes::what.eq(what.code()))
        .order(changes::id)
        .select(changes::id)
        .load(conn)?;
    ids.iter().map(|id| types::id("id of a change", id)).collect()
}
