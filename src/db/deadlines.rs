//! The earliest thing that time will change, found by the indexes on `due_at`.

use super::conn::on_backend;
use super::schema::{
    instances, license_lines as lines, on_prems, registration_tokens as tokens,
    sync_standings as standings,
};
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::SmartAccountId;
use chrono::NaiveDateTime;
use diesel::dsl::min;
use diesel::prelude::*;

/// The earliest deadline of one table, of the whole site or of one Smart Account. That there is one
/// is said, because the index of the instances has only those that have one.
macro_rules! earliest_of {
    ($conn:ident, $table:ident, $account:expr) => {{
        let soonest: Option<NaiveDateTime> = match $account {
            None => {
                let all =
                    $table::table.filter($table::due_at.is_not_null()).select(min($table::due_at));
                on_backend!($conn => all.get_result($conn))?
            }
            Some(account) => {
                let own = $table::table
                    .filter($table::account_id.eq(account))
                    .select(min($table::due_at));
                on_backend!($conn => own.get_result($conn))?
            }
        };
        types::instant(soonest)
    }};
}

/// The earliest deadline of the site, or of one Smart Account.
pub fn earliest(conn: &mut Conn, account: Option<SmartAccountId>) -> Result<Option<Timestamp>> {
    let key = account.map(|id| id.to_string());
    let line = earliest_of!(conn, lines, key.as_ref());
    let instance = earliest_of!(conn, instances, key.as_ref());
    let token = earliest_of!(conn, tokens, key.as_ref());
    let on_prem = earliest_of!(conn, on_prems, key.as_ref());
    let standing = earliest_of!(conn, standings, key.as_ref());
    // The hub belongs to no Smart Account.
    let hub = if account.is_none() { super::hub::deadlines::earliest(conn)? } else { None };
    Ok([line, instance, token, on_prem, standing, hub].into_iter().flatten().min())
}

/// The Smart Accounts in which something is due until an instant. Each row that is due names its own,
/// and they are told apart here: asked for different ones, SQLite reads all of the index by account.
pub fn accounts(conn: &mut Conn, until: Timestamp) -> Result<Vec<SmartAccountId>> {
    let until = until.naive();
    let of_lines = lines::table.filter(lines::due_at.le(until)).select(lines::account_id);
    let of_instances =
        instances::table.filter(instances::due_at.le(until)).select(instances::account_id);
    let of_tokens = tokens::table.filter(tokens::due_at.le(until)).select(tokens::account_id);
    let mut keys: Vec<String> = of_lines.load(conn)?;
    keys.extend(of_instances.load::<String>(conn)?);
    keys.extend(of_tokens.load::<String>(conn)?);
    let of_on_prems = on_prems::table.filter(on_prems::due_at.le(until));
    keys.extend(of_on_prems.select(on_prems::account_id).load::<String>(conn)?);
    let of_standings = standings::table.filter(standings::due_at.le(until));
    keys.extend(of_standings.select(standings::account_id).load::<String>(conn)?);
    keys.sort_unstable();
    keys.dedup();
    keys.iter().map(|key| types::id("smart account id", key)).collect()
}
