//! What an On-Prem has told of: its product instances and its registration tokens, stored.

use super::conn::on_backend;
use super::schema::{
    export_keys, instance_members as members, instances, mirrored_tokens as tokens,
    mirrors as table, reserved_instances as holders,
};
use super::types;
use super::{Conn, Result};
use super::{mirrored_uses, pools};
use crate::domain::Timestamp;
use crate::domain::id::{OnPremUid, TokenId, VirtualAccountId};
use crate::domain::token::MirroredToken;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// How many product instances are removed at once.
const PAGE: i64 = 1_000;

#[derive(Queryable)]
struct Row {
    id: String,
    _uid: String,
    virtual_account_id: String,
    local_virtual_account: String,
    short: String,
    description: String,
    export_allowed: bool,
    max_uses: Option<i64>,
    uses: i64,
    created_by: String,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    revoked_at: Option<NaiveDateTime>,
    _seen: i64,
}

impl Row {
    fn domain(self) -> Result<MirroredToken> {
        Ok(MirroredToken {
            id: types::id("token id", &self.id)?,
            virtual_account: types::id("virtual account id", &self.virtual_account_id)?,
            local_virtual_account: self.local_virtual_account,
            short: self.short,
            description: self.description,
            export_allowed: self.export_allowed,
            max_uses: self.max_uses,
            uses: self.uses,
            created_by: self.created_by,
            created_at: Timestamp::from_naive(self.created_at),
            expires_at: Timestamp::from_naive(self.expires_at),
            revoked_at: types::instant(self.revoked_at),
        })
    }
}

/// The tokens that a satellite has for a virtual account, the newest first.
pub fn tokens(conn: &mut Conn, at: VirtualAccountId) -> Result<Vec<MirroredToken>> {
    let own = tokens::table
        .filter(tokens::virtual_account_id.eq(at.to_string()))
        .order((tokens::created_at.desc(), tokens::id.desc()));
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}

/// How many product instances an On-Prem has told of.
pub fn count(conn: &mut Conn, uid: OnPremUid) -> Result<i64> {
    Ok(table::table.filter(table::uid.eq(uid.to_string())).count().get_result(conn)?)
}

/// Forgets all that an On-Prem has told of, its use of licenses included; answers how many
/// product instances that were.
pub fn forget(conn: &mut Conn, uid: OnPremUid) -> Result<usize> {
    let key = uid.to_string();
    let (mut count, mut sums) = (0, pools::Sums::new());
    loop {
        let own = table::table.filter(table::uid.eq(&key)).order(table::instance_id);
        let ids: Vec<String> = own.select(table::instance_id).limit(PAGE).load(conn)?;
        if ids.is_empty() {
            break;
        }
        count += ids.len();
        for (pool, quantity) in remove(conn, &ids)? {
            *sums.entry(pool).or_default() -= quantity;
        }
    }
    pools::add(conn, sums)?;
    diesel::delete(tokens::table.filter(tokens::uid.eq(key))).execute(conn)?;
    Ok(count)
}

/// Some of the product instances that were told of before, and not at `seen`.
pub(super) fn unseen(conn: &mut Conn, uid: OnPremUid, seen: i64) -> Result<Vec<String>> {
    let older = table::table
        .filter(table::uid.eq(uid.to_string()))
        .filter(table::seen.lt(seen))
        .select(table::instance_id)
        .limit(PAGE);
    Ok(on_backend!(conn => older.load(conn))?)
}

/// Removes at most [`PAGE`] product instances that were told of; answers what they have used. The
/// sums of the pools are the caller's to lower.
pub(super) fn remove(conn: &mut Conn, some: &[String]) -> Result<pools::Sums> {
    let used = used(conn, some)?;
    diesel::delete(table::table.filter(table::instance_id.eq_any(some))).execute(conn)?;
    diesel::delete(members::table.filter(members::instance_id.eq_any(some))).execute(conn)?;
    diesel::delete(holders::table.filter(holders::instance_id.eq_any(some))).execute(conn)?;
    let keys = export_keys::table.filter(export_keys::instance_id.eq_any(some));
    diesel::delete(keys).execute(conn)?;
    diesel::delete(instances::table.filter(instances::id.eq_any(some))).execute(conn)?;
    Ok(used)
}

/// What product instances use, by virtual account and license.
fn used(conn: &mut Conn, some: &[String]) -> Result<pools::Sums> {
    let mut sums = pools::Sums::new();
    for (place, uses) in mirrored_uses::placed(conn, Some(some))? {
        for (license, count) in uses {
            *sums.entry((place, license)).or_default() += count;
        }
    }
    Ok(sums)
}

/// Writes a token as a satellite has told of it.
pub fn put_token(conn: &mut Conn, uid: OnPremUid, token: &MirroredToken, seen: i64) -> Result<()> {
    let key = token.id.to_string();
    let own = tokens::table.filter(tokens::id.eq(&key)).filter(tokens::uid.eq(uid.to_string()));
    diesel::delete(own).execute(conn)?;
    let row = (
        tokens::id.eq(key),
        tokens::uid.eq(uid.to_string()),
        tokens::virtual_account_id.eq(token.virtual_account.to_string()),
        tokens::local_virtual_account.eq(&token.local_virtual_account),
        tokens::short.eq(&token.short),
        tokens::description.eq(&token.description),
        tokens::export_allowed.eq(token.export_allowed),
        tokens::max_uses.eq(token.max_uses),
        tokens::uses.eq(token.uses),
        tokens::created_by.eq(&token.created_by),
        tokens::created_at.eq(token.created_at.naive()),
        tokens::expires_at.eq(token.expires_at.naive()),
        tokens::revoked_at.eq(token.revoked_at.map(Timestamp::naive)),
        tokens::seen.eq(seen),
    );
    diesel::insert_into(tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// Forgets a token of an On-Prem.
pub fn delete_token(conn: &mut Conn, uid: OnPremUid, token: TokenId) -> Result<()> {
    let own = tokens::table
        .filter(tokens::id.eq(token.to_string()))
        .filter(tokens::uid.eq(uid.to_string()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Forgets the tokens that were told of before, and not at `seen`.
pub fn delete_unseen_tokens(conn: &mut Conn, uid: OnPremUid, seen: i64) -> Result<()> {
    let older = tokens::table.filter(tokens::uid.eq(uid.to_string())).filter(tokens::seen.ne(seen));
    diesel::delete(older).execute(conn)?;
    Ok(())
}

/// Whether a token of that identity is another On-Prem's.
pub fn token_is_others(conn: &mut Conn, uid: OnPremUid, token: TokenId) -> Result<bool> {
    let owner: Option<String> =
        tokens::table.find(token.to_string()).select(tokens::uid).get_result(conn).optional()?;
    Ok(owner.is_some_and(|owner| owner != uid.to_string()))
}
