//! On-Premises accounts of CSSM, stored.

use super::conn::on_backend;
use super::schema::{
    mirrored_tokens, mirrors, on_prem_files as files, on_prem_passed as passed, on_prems as table,
};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{OnPremUid, SmartAccountId};
use crate::domain::on_prem::{Dates, LastRequest, Mode, OnPrem, OnPremState, name_key};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    uid: String,
    account_id: String,
    number: i64,
    name: String,
    name_key: String,
    mode: String,
    state: String,
    version: String,
    email: String,
    created_by: String,
    created_at: NaiveDateTime,
    public_key: String,
    certificate: String,
    registration_nonce: String,
    ready_at: NaiveDateTime,
    fetched_at: Option<NaiveDateTime>,
    credential: Option<String>,
    credential_ends: Option<NaiveDateTime>,
    last_sequence: i64,
    last_nonce: Option<String>,
    last_made_at: Option<NaiveDateTime>,
    last_kind: Option<String>,
    last_at: Option<NaiveDateTime>,
    due: NaiveDateTime,
    deadline: NaiveDateTime,
    due_at: Option<NaiveDateTime>,
    settled_at: Option<NaiveDateTime>,
}

impl From<&OnPrem> for Row {
    fn from(one: &OnPrem) -> Self {
        Self {
            uid: one.uid.to_string(),
            account_id: one.account.to_string(),
            number: one.number,
            name: one.name.clone(),
            name_key: name_key(&one.name),
            mode: one.mode.code().into(),
            state: one.state.code().into(),
            version: one.version.clone(),
            email: one.email.clone(),
            created_by: one.created_by.clone(),
            created_at: one.created_at.naive(),
            public_key: one.public_key.clone(),
            certificate: one.certificate.clone(),
            registration_nonce: one.registration_nonce.to_string(),
            ready_at: one.ready_at.naive(),
            fetched_at: one.fetched_at.map(Timestamp::naive),
            credential: one.credential.clone(),
            credential_ends: one.credential_ends.map(Timestamp::naive),
            last_sequence: one.last.sequence,
            last_nonce: one.last.nonce.map(|nonce| nonce.to_string()),
            last_made_at: one.last.made_at.map(Timestamp::naive),
            last_kind: one.last.kind.clone(),
            last_at: one.last.at.map(Timestamp::naive),
            due: one.dates.due.naive(),
            deadline: one.dates.deadline.naive(),
            due_at: one.due_at.map(Timestamp::naive),
            settled_at: one.settled_at.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<OnPrem> {
        Ok(OnPrem {
            uid: types::id("On-Prem UID", &self.uid)?,
            account: types::id("smart account id", &self.account_id)?,
            number: self.number,
            name: self.name,
            mode: types::word("mode", &self.mode, Mode::parse)?,
            state: types::word("state of an On-Prem", &self.state, OnPremState::parse)?,
            version: self.version,
            email: self.email,
            created_by: self.created_by,
            created_at: Timestamp::from_naive(self.created_at),
            public_key: self.public_key,
            certificate: self.certificate,
            registration_nonce: types::id("nonce", &self.registration_nonce)?,
            ready_at: Timestamp::from_naive(self.ready_at),
            fetched_at: types::instant(self.fetched_at),
            credential: self.credential,
            credential_ends: types::instant(self.credential_ends),
            last: LastRequest {
                sequence: self.last_sequence,
                nonce: types::optional_id("nonce", self.last_nonce.as_deref())?,
                made_at: types::instant(self.last_made_at),
                kind: self.last_kind,
                at: types::instant(self.last_at),
            },
            dates: Dates {
                due: Timestamp::from_naive(self.due),
                deadline: Timestamp::from_naive(self.deadline),
            },
            due_at: types::instant(self.due_at),
            settled_at: types::instant(self.settled_at),
        })
    }
}

/// Adds an On-Prem.
pub fn insert(conn: &mut Conn, one: &OnPrem) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// Writes a changed On-Prem.
pub fn save(conn: &mut Conn, one: &OnPrem) -> Result<()> {
    diesel::update(table::table.find(one.uid.to_string())).set(&Row::from(one)).execute(conn)?;
    Ok(())
}

/// The On-Prem of that identity, also one that is gone.
pub fn find(conn: &mut Conn, uid: OnPremUid) -> Result<Option<OnPrem>> {
    let row = table::table.find(uid.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The On-Prem of that number in a Smart Account, also one that is gone.
pub fn numbered(conn: &mut Conn, account: SmartAccountId, number: i64) -> Result<Option<OnPrem>> {
    let own = table::table
        .filter(table::account_id.eq(account.to_string()))
        .filter(table::number.eq(number));
    own.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The On-Prems of a Smart Account by name, also those that are gone.
pub fn of_account(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<OnPrem>> {
    let own = table::table
        .filter(table::account_id.eq(account.to_string()))
        .order((table::name_key, table::number));
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// The On-Prem whose credential has that digest.
pub fn with_credential(conn: &mut Conn, digest: &str) -> Result<Option<OnPrem>> {
    let own = table::table.filter(table::credential.eq(digest));
    own.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The On-Prems of a Smart Account in which something is due until an instant.
pub fn due(conn: &mut Conn, account: SmartAccountId, at: Timestamp) -> Result<Vec<OnPrem>> {
    let own = table::table
        .filter(table::account_id.eq(account.to_string()))
        .filter(table::due_at.le(at.naive()));
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// Forgets an On-Prem that is gone and whose virtual accounts and product instances are.
pub fn delete(conn: &mut Conn, uid: OnPremUid) -> Result<()> {
    let key = uid.to_string();
    diesel::delete(files::table.filter(files::uid.eq(&key))).execute(conn)?;
    diesel::delete(passed::table.filter(passed::uid.eq(&key))).execute(conn)?;
    diesel::delete(mirrored_tokens::table.filter(mirrored_tokens::uid.eq(&key))).execute(conn)?;
    diesel::delete(mirrors::table.filter(mirrors::uid.eq(&key))).execute(conn)?;
    diesel::delete(table::table.find(&key)).execute(conn)?;
    Ok(())
}

/// A request that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedFile {
    /// Its nonce.
    pub nonce: uuid::Uuid,
    /// Its number.
    pub sequence: i64,
    /// `standard` or `full`.
    pub kind: String,
    /// When the satellite made it.
    pub made_at: Timestamp,
    /// When it was accepted.
    pub taken_at: Timestamp,
    /// By whom it was uploaded, or `Network`.
    pub taken_by: String,
}

/// Remembers a request that was accepted.
pub fn add_file(conn: &mut Conn, uid: OnPremUid, file: &AcceptedFile) -> Result<()> {
    let row = (
        files::uid.eq(uid.to_string()),
        files::nonce.eq(file.nonce.to_string()),
        files::sequence.eq(file.sequence),
        files::kind.eq(&file.kind),
        files::made_at.eq(file.made_at.naive()),
        files::taken_at.eq(file.taken_at.naive()),
        files::taken_by.eq(&file.taken_by),
    );
    diesel::insert_into(files::table).values(row).execute(conn)?;
    Ok(())
}

/// Whether a request was accepted before, and under which number.
pub fn accepted(conn: &mut Conn, uid: OnPremUid, nonce: uuid::Uuid) -> Result<Option<i64>> {
    let row = files::table.find((uid.to_string(), nonce.to_string())).select(files::sequence);
    Ok(row.get_result(conn).optional()?)
}

/// The highest number under which a request was accepted; 0 when none was. It is not always that
/// of the last one, because a satellite that was restored counts on from where it was.
pub fn highest(conn: &mut Conn, uid: OnPremUid) -> Result<i64> {
    let own = files::table.filter(files::uid.eq(uid.to_string()));
    let highest: Option<i64> = own.select(diesel::dsl::max(files::sequence)).get_result(conn)?;
    Ok(highest.unwrap_or_default())
}

/// Remembers requests that came before one that was accepted.
pub fn pass(conn: &mut Conn, uid: OnPremUid, nonces: &[uuid::Uuid]) -> Result<()> {
    for nonce in nonces {
        let row = (passed::uid.eq(uid.to_string()), passed::nonce.eq(nonce.to_string()));
        let new = diesel::insert_into(passed::table).values(row).on_conflict_do_nothing();
        on_backend!(conn => new.execute(conn))?;
    }
    Ok(())
}

/// Whether a request came before one that was accepted.
pub fn is_passed(conn: &mut Conn, uid: OnPremUid, nonce: uuid::Uuid) -> Result<bool> {
    let row = passed::table.find((uid.to_string(), nonce.to_string())).select(passed::nonce);
    Ok(row.get_result::<String>(conn).optional()?.is_some())
}
