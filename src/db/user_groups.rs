//! Groups of a satellite's users, stored.

use super::schema::{group_members, group_roles, user_groups as table, users};
use super::types;
use super::{Conn, Result};
use crate::domain::id::{UserGroupId, UserId};
use crate::domain::membership::UserGroup;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table)]
struct Row {
    id: String,
    name: String,
    name_key: String,
    description: String,
}

impl Row {
    fn of(group: &UserGroup) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            name_key: group.name.to_lowercase(),
            description: group.description.clone(),
        }
    }

    fn domain(self, conn: &mut Conn) -> Result<UserGroup> {
        let members: Vec<(String, String)> = group_members::table
            .inner_join(users::table.on(users::id.eq(group_members::user_id)))
            .filter(group_members::group_id.eq(&self.id))
            .order(users::name)
            .select((users::id, users::name))
            .load(conn)?;
        let member = |(id, name): (String, String)| Ok((types::id("user id", &id)?, name));
        Ok(UserGroup {
            id: types::id("user group id", &self.id)?,
            name: self.name,
            description: self.description,
            members: members.into_iter().map(member).collect::<Result<_>>()?,
        })
    }
}

/// All groups, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<UserGroup>> {
    let rows = table::table.order(table::name_key).load::<Row>(conn)?;
    rows.into_iter().map(|row| row.domain(conn)).collect()
}

/// The group of that identity.
pub fn find(conn: &mut Conn, id: UserGroupId) -> Result<Option<UserGroup>> {
    let row = table::table.find(id.to_string()).get_result::<Row>(conn).optional()?;
    row.map(|row| row.domain(conn)).transpose()
}

/// The group of that name, in any case.
pub fn named(conn: &mut Conn, name: &str) -> Result<Option<UserGroup>> {
    let known = table::table.filter(table::name_key.eq(name.to_lowercase()));
    let row = known.get_result::<Row>(conn).optional()?;
    row.map(|row| row.domain(conn)).transpose()
}

/// Adds a group with its members.
pub fn insert(conn: &mut Conn, group: &UserGroup) -> Result<()> {
    diesel::insert_into(table::table).values(&Row::of(group)).execute(conn)?;
    put_members(conn, group)
}

/// Writes a group as it is now, its members too.
pub fn save(conn: &mut Conn, group: &UserGroup) -> Result<()> {
    let row = Row::of(group);
    diesel::update(table::table.find(&row.id)).set(&row).execute(conn)?;
    let own = group_members::table.filter(group_members::group_id.eq(&row.id));
    diesel::delete(own).execute(conn)?;
    put_members(conn, group)
}

fn put_members(conn: &mut Conn, group: &UserGroup) -> Result<()> {
    for (user, _) in &group.members {
        let row = (
            group_members::group_id.eq(group.id.to_string()),
            group_members::user_id.eq(user.to_string()),
        );
        diesel::insert_into(group_members::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Removes a group with its members and roles.
pub fn remove(conn: &mut Conn, id: UserGroupId) -> Result<()> {
    let key = id.to_string();
    diesel::delete(group_roles::table.filter(group_roles::group_id.eq(&key))).execute(conn)?;
    diesel::delete(group_members::table.filter(group_members::group_id.eq(&key))).execute(conn)?;
    diesel::delete(table::table.find(&key)).execute(conn)?;
    Ok(())
}

/// Takes a person out of all groups.
pub(super) fn forget_user(conn: &mut Conn, user: UserId) -> Result<()> {
    let own = group_members::table.filter(group_members::user_id.eq(user.to_string()));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
