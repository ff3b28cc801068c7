//! Roles in accounts, of people and of groups, stored: `role_assignments` and `group_roles`.

use super::people::RoleRow;
use super::schema::{group_members, group_roles, role_assignments, user_groups, users};
use super::types;
use super::{Conn, Result};
use crate::domain::id::{RoleId, SmartAccountId, UserGroupId, UserId};
use crate::domain::membership::{Held, Holder};
use crate::domain::people::{Assignment, Role};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// `group_roles` as `RoleRow` reads it, its group where the person stands.
type GroupColumns = (
    group_roles::id,
    group_roles::group_id,
    group_roles::account_id,
    group_roles::virtual_account_id,
    group_roles::role,
    group_roles::nested,
);

const GROUP_COLUMNS: GroupColumns = (
    group_roles::id,
    group_roles::group_id,
    group_roles::account_id,
    group_roles::virtual_account_id,
    group_roles::role,
    group_roles::nested,
);

/// All roles in an account: those of people by login name, then those of groups by name.
pub fn of_account(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<Held>> {
    let key = account.to_string();
    let people: Vec<(RoleRow, String)> = role_assignments::table
        .inner_join(users::table.on(users::id.eq(role_assignments::user_id)))
        .filter(role_assignments::account_id.eq(&key))
        .order((users::name, role_assignments::id))
        .select((role_assignments::all_columns, users::name))
        .load(conn)?;
    let groups: Vec<(RoleRow, String)> = group_roles::table
        .inner_join(user_groups::table.on(user_groups::id.eq(group_roles::group_id)))
        .filter(group_roles::account_id.eq(&key))
        .order((user_groups::name_key, group_roles::id))
        .select((GROUP_COLUMNS, user_groups::name))
        .load(conn)?;
    let mut held = Vec::new();
    for (row, name) in people {
        held.push(row.held(name, |id| Ok(Holder::User(types::id("user id", id)?)))?);
    }
    for (row, name) in groups {
        held.push(row.held(name, |id| Ok(Holder::Group(types::id("user group id", id)?)))?);
    }
    Ok(held)
}

/// Roles that a person has by groups, in all accounts.
pub(super) fn by_groups(conn: &mut Conn, user: UserId) -> Result<Vec<Assignment>> {
    let rows: Vec<RoleRow> = group_roles::table
        .inner_join(group_members::table.on(group_members::group_id.eq(group_roles::group_id)))
        .filter(group_members::user_id.eq(user.to_string()))
        .order(group_roles::id)
        .select(GROUP_COLUMNS)
        .load(conn)?;
    rows.into_iter().map(RoleRow::domain).collect()
}

/// Roles of a group, in all accounts.
pub fn of_group(conn: &mut Conn, group: UserGroupId) -> Result<Vec<Assignment>> {
    let rows: Vec<RoleRow> = group_roles::table
        .filter(group_roles::group_id.eq(group.to_string()))
        .order(group_roles::id)
        .select(GROUP_COLUMNS)
        .load(conn)?;
    rows.into_iter().map(RoleRow::domain).collect()
}

/// People with a role in the account by a group.
pub(super) fn members_by_groups(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<String>> {
    Ok(group_roles::table
        .inner_join(group_members::table.on(group_members::group_id.eq(group_roles::group_id)))
        .filter(group_roles::account_id.eq(account.to_string()))
        .select(group_members::user_id)
        .distinct()
        .load(conn)?)
}

/// How many people who can sign in administer the whole account, by themselves or by a group.
pub fn administrators(conn: &mut Conn, account: SmartAccountId) -> Result<usize> {
    let (key, role) = (account.to_string(), Role::SmartAccountAdministrator.name());
    let own: Vec<String> = role_assignments::table
        .inner_join(users::table.on(users::id.eq(role_assignments::user_id)))
        .filter(role_assignments::account_id.eq(&key).and(role_assignments::role.eq(role)))
        .filter(users::disabled.eq(false))
        .select(users::id)
        .load(conn)?;
    let by_groups: Vec<String> = group_roles::table
        .inner_join(group_members::table.on(group_members::group_id.eq(group_roles::group_id)))
        .inner_join(users::table.on(users::id.eq(group_members::user_id)))
        .filter(group_roles::account_id.eq(&key).and(group_roles::role.eq(role)))
        .filter(users::disabled.eq(false))
        .select(users::id)
        .load(conn)?;
    Ok(own.into_iter().chain(by_groups).collect::<BTreeSet<_>>().len())
}

/// Adds a role.
pub fn insert(conn: &mut Conn, held: &Held) -> Result<()> {
    match held.holder {
        Holder::User(user) => super::people::assign(conn, held.id.0, user, &held.assignment),
        Holder::Group(group) => {
            let given = &held.assignment;
            let row = (
                group_roles::id.eq(held.id.to_string()),
                group_roles::group_id.eq(group.to_string()),
                group_roles::account_id.eq(given.account.to_string()),
                group_roles::virtual_account_id.eq(given.virtual_account.map(|va| va.to_string())),
                group_roles::role.eq(given.role.name()),
                group_roles::nested.eq(given.nested),
            );
            diesel::insert_into(group_roles::table).values(row).execute(conn)?;
            Ok(())
        }
    }
}

/// Takes a role away.
pub fn delete(conn: &mut Conn, held: &Held) -> Result<()> {
    let key = held.id.to_string();
    match held.holder {
        Holder::User(_) => diesel::delete(role_assignments::table.find(key)).execute(conn)?,
        Holder::Group(_) => diesel::delete(group_roles::table.find(key)).execute(conn)?,
    };
    Ok(())
}

/// Takes the roles of all groups in an account away.
pub(super) fn delete_of_groups(conn: &mut Conn, account: SmartAccountId) -> Result<()> {
    let own = group_roles::table.filter(group_roles::account_id.eq(account.to_string()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

impl RoleRow {
    fn held(self, name: String, holder: impl Fn(&str) -> Result<Holder>) -> Result<Held> {
        let id: uuid::Uuid = types::id("role id", &self.id)?;
        let holder = holder(&self.user_id)?;
        Ok(Held { id: RoleId(id), holder, name, assignment: self.domain()? })
    }
}
