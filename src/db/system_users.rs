//! The users of a satellite, stored.

use super::schema::{credentials, former_passwords, role_assignments, users};
use super::types;
use super::{Conn, Error, Result};
use crate::domain::Timestamp;
use crate::domain::id::UserId;
use crate::domain::system::{SystemRole, SystemUser, UserFacts};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct Row {
    id: String,
    name: String,
    email: String,
    password_hash: String,
    first_name: String,
    last_name: String,
    system_role: Option<String>,
    disabled: bool,
    last_login_at: Option<NaiveDateTime>,
    previous_login_at: Option<NaiveDateTime>,
    failures: i64,
    locked_until: Option<NaiveDateTime>,
    password_changed_at: Option<NaiveDateTime>,
    must_change_password: bool,
}

impl Row {
    fn of(user: &SystemUser, hash: &str) -> Self {
        let naive = |instant: Option<Timestamp>| instant.map(Timestamp::naive);
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.facts.email.clone(),
            password_hash: hash.to_owned(),
            first_name: user.facts.first_name.clone(),
            last_name: user.facts.last_name.clone(),
            system_role: Some(user.facts.role.name().into()),
            disabled: user.disabled,
            last_login_at: naive(user.last_login),
            previous_login_at: naive(user.previous_login),
            failures: user.failures,
            locked_until: naive(user.locked_until),
            password_changed_at: naive(user.password_changed_at),
            must_change_password: user.must_change_password,
        }
    }

    fn domain(self) -> Result<Stored> {
        let role = super::people::system_role(self.system_role.as_deref())?
            .ok_or_else(|| Error::corrupt("system role", "nothing"))?;
        let user = SystemUser {
            id: types::id("user id", &self.id)?,
            name: self.name,
            facts: UserFacts {
                email: self.email,
                first_name: self.first_name,
                last_name: self.last_name,
                role,
            },
            disabled: self.disabled,
            last_login: types::instant(self.last_login_at),
            previous_login: types::instant(self.previous_login_at),
            failures: self.failures,
            locked_until: types::instant(self.locked_until),
            password_changed_at: types::instant(self.password_changed_at),
            must_change_password: self.must_change_password,
        };
        Ok(Stored { user, password_hash: self.password_hash })
    }
}

/// A user with what proves the password.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The user.
    pub user: SystemUser,
    /// argon2id in PHC form.
    pub password_hash: String,
}

/// All of them, by login name.
pub fn all(conn: &mut Conn) -> Result<Vec<SystemUser>> {
    let rows = users::table
        .filter(users::system_role.is_not_null())
        .order(users::name)
        .load::<Row>(conn)?;
    rows.into_iter().map(|row| Ok(row.domain()?.user)).collect()
}

/// The user of that id.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<Stored>> {
    let known = users::table.find(id.to_string()).filter(users::system_role.is_not_null());
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// The user of that login name.
pub fn named(conn: &mut Conn, name: &str) -> Result<Option<Stored>> {
    let known = users::table.filter(users::name.eq(name)).filter(users::system_role.is_not_null());
    known.get_result::<Row>(conn).optional()?.map(Row::domain).transpose()
}

/// How many System Admins can sign in, besides one.
pub fn active_admins_besides(conn: &mut Conn, user: UserId) -> Result<usize> {
    let count: i64 = users::table
        .filter(users::system_role.eq(SystemRole::Admin.name()))
        .filter(users::disabled.eq(false))
        .filter(users::id.ne(user.to_string()))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Adds a user.
pub fn insert(conn: &mut Conn, stored: &Stored) -> Result<()> {
    let row = Row::of(&stored.user, &stored.password_hash);
    diesel::insert_into(users::table).values(&row).execute(conn)?;
    Ok(())
}

/// Writes a user as it is now.
pub fn save(conn: &mut Conn, stored: &Stored) -> Result<()> {
    let row = Row::of(&stored.user, &stored.password_hash);
    diesel::update(users::table.find(&row.id)).set(&row).execute(conn)?;
    Ok(())
}

/// Forgets a user with roles, memberships, former passwords and all that acts for them.
pub fn remove(conn: &mut Conn, id: UserId) -> Result<()> {
    let key = id.to_string();
    super::access_requests::delete_of_user(conn, id)?;
    super::user_groups::forget_user(conn, id)?;
    diesel::delete(credentials::table.filter(credentials::user_id.eq(&key))).execute(conn)?;
    let roles = role_assignments::table.filter(role_assignments::user_id.eq(&key));
    diesel::delete(roles).execute(conn)?;
    let former = former_passwords::table.filter(former_passwords::user_id.eq(&key));
    diesel::delete(former).execute(conn)?;
    diesel::delete(users::table.find(&key)).execute(conn)?;
    Ok(())
}

/// Hashes of the last passwords that a user had before the present one, the latest first.
pub fn former(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<String>> {
    let known = former_passwords::table
        .filter(former_passwords::user_id.eq(user.to_string()))
        .order(former_passwords::id.desc())
        .limit(limit)
        .select(former_passwords::password_hash);
    Ok(known.load(conn)?)
}

/// Remembers a hash that was in use; `id` is the identity of the new row.
pub fn remember(
    conn: &mut Conn,
    id: uuid::Uuid,
    user: UserId,
    hash: &str,
    at: Timestamp,
) -> Result<()> {
    let row = (
        former_passwords::id.eq(id.to_string()),
        former_passwords::user_id.eq(user.to_string()),
        former_passwords::password_hash.eq(hash),
        former_passwords::replaced_at.eq(at.naive()),
    );
    diesel::insert_into(former_passwords::table).values(row).execute(conn)?;
    Ok(())
}
