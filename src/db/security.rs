//! The security rules of a satellite, stored once they are others than the defaults.

use super::conn::on_backend;
use super::schema::security_settings as table;
use super::{Conn, Result};
use crate::domain::security::{AccountRules, PasswordRules, SecurityRules};
use diesel::prelude::*;

/// There is one row for each site.
const KEY: &str = "site";

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the page")]
#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table)]
struct Row {
    site: String,
    lock_after: i64,
    lock_minutes: i64,
    idle_minutes: i64,
    max_sessions: i64,
    min_length: i64,
    upper_case: bool,
    lower_case: bool,
    digit: bool,
    special: bool,
    remembered: i64,
    expiry_days: i64,
    warn_days: i64,
    change_at_first_login: bool,
}

/// The rules that hold.
pub fn rules(conn: &mut Conn) -> Result<SecurityRules> {
    let row = table::table.find(KEY).get_result::<Row>(conn).optional()?;
    let Some(row) = row else { return Ok(SecurityRules::default()) };
    let account = AccountRules {
        lock_after: row.lock_after,
        lock_minutes: row.lock_minutes,
        idle_minutes: row.idle_minutes,
        max_sessions: row.max_sessions,
    };
    let password = PasswordRules {
        min_length: row.min_length,
        upper: row.upper_case,
        lower: row.lower_case,
        digit: row.digit,
        special: row.special,
        remembered: row.remembered,
        expiry_days: row.expiry_days,
        warn_days: row.warn_days,
        change_at_first_login: row.change_at_first_login,
    };
    Ok(SecurityRules { account, password })
}

/// Lets these rules hold from now on.
pub fn set_rules(conn: &mut Conn, rules: &SecurityRules) -> Result<()> {
    let SecurityRules { account, password } = *rules;
    let row = Row {
        site: KEY.into(),
        lock_after: account.lock_after,
        lock_minutes: account.lock_minutes,
        idle_minutes: account.idle_minutes,
        max_sessions: account.max_sessions,
        min_length: password.min_length,
        upper_case: password.upper,
        lower_case: password.lower,
        digit: password.digit,
        special: password.special,
        remembered: password.remembered,
        expiry_days: password.expiry_days,
        warn_days: password.warn_days,
        change_at_first_login: password.change_at_first_login,
    };
    on_backend!(conn => diesel::insert_into(table::table)
        .values(&row)
        .on_conflict(table::site)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}
