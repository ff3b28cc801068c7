//! Authorization codes that were given out, stored.

use super::schema::authorizations as table;
use super::types;
use super::{Conn, Result};
use crate::domain::Timestamp;
use crate::domain::id::{AuthorizationId, InstanceId, SmartAccountId};
use crate::domain::reservation::{Authorization, State};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    account_id: String,
    instance_id: String,
    state: String,
    code: String,
    confirmation: String,
    return_code: String,
    made_at: NaiveDateTime,
    made_by: String,
    notes: String,
}

/// Adds an authorization.
pub fn insert(conn: &mut Conn, authorization: &Authorization) -> Result<()> {
    let row = Row {
        id: authorization.id.to_string(),
        account_id: authorization.account.to_string(),
        instance_id: authorization.instance.to_string(),
        state: authorization.state.code().into(),
        code: authorization.code.clone(),
        confirmation: authorization.confirmation.clone(),
        return_code: authorization.return_code.clone(),
        made_at: authorization.made_at.naive(),
        made_by: authorization.made_by.clone(),
        notes: authorization.notes.clone(),
    };
    diesel::insert_into(table::table).values(&row).execute(conn)?;
    Ok(())
}

/// Writes what has become of an authorization.
pub fn become_state(conn: &mut Conn, id: AuthorizationId, state: State) -> Result<()> {
    diesel::update(table::table.find(id.to_string()))
        .set(table::state.eq(state.code()))
        .execute(conn)?;
    Ok(())
}

/// All authorizations that an instance ever had, oldest first.
pub fn of_instance(conn: &mut Conn, instance: InstanceId) -> Result<Vec<Authorization>> {
    let own = table::table.filter(table::instance_id.eq(instance.to_string())).order(table::id);
    let domain = |row: Row| -> Result<Authorization> {
        Ok(Authorization {
            id: types::id("authorization id", &row.id)?,
            account: types::id("smart account id", &row.account_id)?,
            instance: types::id("instance id", &row.instance_id)?,
            state: types::word("state of an authorization", &row.state, State::parse)?,
            code: row.code,
            confirmation: row.confirmation,
            return_code: row.return_code,
            made_at: Timestamp::from_naive(row.made_at),
            made_by: row.made_by,
            notes: row.notes,
        })
    };
    own.load::<Row>(conn)?.into_iter().map(domain).collect()
}

/// Whether a return code belongs to any authorization of a Smart Account.
pub fn has_return_code(conn: &mut Conn, account: SmartAccountId, code: &str) -> Result<bool> {
    let same = table::table
        .filter(table::return_code.eq(code))
        .filter(table::account_id.eq(account.to_string()))
        .count();
    let found: i64 = same.get_result(conn)?;
    Ok(found > 0)
}

/// The instances of a Smart Account whose update waits for its confirmation code.
pub fn pending(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<InstanceId>> {
    let ids: Vec<String> = table::table
        .filter(table::account_id.eq(account.to_string()))
        .filter(table::state.eq(State::Pending.code()))
        .select(table::instance_id)
        .load(conn)?;
    ids.iter().map(|id| types::id("instance id", id)).collect()
}
