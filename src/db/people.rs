//! People, their roles and their API clients, stored.

use super::conn::on_backend;
use super::schema::{credentials, role_assignments, users};
use super::types;
use super::{Conn, Error, Result};
use crate::domain::Timestamp;
use crate::domain::credential::CredentialKind;
use crate::domain::id::{SmartAccountId, UserId};
use crate::domain::people::{Actor, Assignment, Role, User};
use crate::domain::system::SystemRole;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeSet;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = users)]
struct UserRow {
    id: String,
    name: String,
    email: String,
    password_hash: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = role_assignments)]
pub(super) struct RoleRow {
    pub(super) id: String,
    pub(super) user_id: String,
    account_id: String,
    virtual_account_id: Option<String>,
    role: String,
    nested: bool,
}

impl RoleRow {
    pub(super) fn domain(self) -> Result<Assignment> {
        Ok(Assignment {
            role: types::word("role", &self.role, Role::parse)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::optional_id(
                "virtual account id",
                self.virtual_account_id.as_deref(),
            )?,
            nested: self.nested,
        })
    }
}

fn user(row: UserRow) -> Result<User> {
    Ok(User {
        id: types::id("user id", &row.id)?,
        name: row.name,
        email: row.email,
        password_hash: row.password_hash,
    })
}

/// Adds a person.
pub fn insert_user(conn: &mut Conn, user: &User) -> Result<()> {
    let row = UserRow {
        id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        password_hash: user.password_hash.clone(),
    };
    diesel::insert_into(users::table).values(&row).execute(conn)?;
    Ok(())
}

/// The person of that login name.
pub fn user_by_name(conn: &mut Conn, name: &str) -> Result<Option<User>> {
    users::table
        .filter(users::name.eq(name))
        .select((users::id, users::name, users::email, users::password_hash))
        .get_result::<UserRow>(conn)
        .optional()?
        .map(user)
        .transpose()
}

/// Gives a person a role; `id` is the identity of the new row.
pub fn assign(conn: &mut Conn, id: uuid::Uuid, to: UserId, role: &Assignment) -> Result<()> {
    let row = RoleRow {
        id: id.to_string(),
        user_id: to.to_string(),
        account_id: role.account.to_string(),
        virtual_account_id: role.virtual_account.map(|va| va.to_string()),
        role: role.role.name().into(),
        nested: role.nested,
    };
    diesel::insert_into(role_assignments::table).values(&row).execute(conn)?;
    Ok(())
}

/// A person with all roles.
pub fn actor(conn: &mut Conn, id: UserId) -> Result<Option<Actor>> {
    let key = id.to_string();
    let Some((name, email, role)) = users::table
        .find(&key)
        .select((users::name, users::email, users::system_role))
        .get_result::<(String, String, Option<String>)>(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let mut assignments = role_assignments::table
        .filter(role_assignments::user_id.eq(&key))
        .order(role_assignments::id)
        .load::<RoleRow>(conn)?
        .into_iter()
        .map(RoleRow::domain)
        .collect::<Result<Vec<_>>>()?;
    let system_role = system_role(role.as_deref())?;
    if system_role.is_some() {
        assignments.extend(super::roles::by_groups(conn, id)?);
    }
    Ok(Some(Actor { id, name, email, assignments, system_role, only: None }))
}

type HolderRow = (
    (NaiveDateTime, Option<String>, bool, Option<String>),
    (String, String, String, Option<String>, bool, bool),
    Option<RoleRow>,
);

/// Whose credential it is.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The person, with all roles.
    pub actor: Actor,
    /// When the credential ends.
    pub until: Timestamp,
    /// Whether the person may not sign in any more.
    pub disabled: bool,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
    /// The API client that the credential acts for, instead of the person.
    pub client: Option<String>,
}

/// Whose credential that is, with all roles, and when it ends. One query,
/// because every call begins with it; on a satellite one more, for the roles by groups.
pub fn holder(conn: &mut Conn, kind: CredentialKind, digest: &str) -> Result<Option<Holder>> {
    let found = credentials::table
        .inner_join(users::table.on(users::id.eq(credentials::user_id)))
        .left_join(role_assignments::table.on(role_assignments::user_id.eq(users::id)))
        .filter(credentials::digest.eq(digest).and(credentials::kind.eq(kind.code())))
        .select((
            (
                credentials::expires_at,
                credentials::account_id,
                credentials::as_client,
                credentials::client_id,
            ),
            (
                users::id,
                users::name,
                users::email,
                users::system_role,
                users::disabled,
                users::must_change_password,
            ),
            role_assignments::all_columns.nullable(),
        ));
    let rows: Vec<HolderRow> = on_backend!(conn => found.load(conn))?;
    let mut holder: Option<Holder> = None;
    let mut roles = Vec::new();
    for (credential, user, role) in rows {
        if holder.is_none() {
            holder = Some(without_roles(credential, user)?);
        }
        roles.extend(role);
    }
    // Cheaper here than a sorter in the statement.
    roles.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(holder) = &mut holder {
        let actor = &mut holder.actor;
        actor.assignments = roles.into_iter().map(RoleRow::domain).collect::<Result<_>>()?;
        if actor.system_role.is_some() {
            actor.assignments.extend(super::roles::by_groups(conn, actor.id)?);
        }
    }
    Ok(holder)
}

fn without_roles(
    (expires_at, account, as_client, client): (NaiveDateTime, Option<String>, bool, Option<String>),
    (id, name, email, role, disabled, must_change_password): (
        String,
        String,
        String,
        Option<String>,
        bool,
        bool,
    ),
) -> Result<Holder> {
    let actor = Actor {
        id: types::id("user id", &id)?,
        name,
        email,
        assignments: Vec::new(),
        system_role: system_role(role.as_deref())?,
        only: types::optional_id("smart account id", account.as_deref())?,
    };
    let client = client.filter(|_| as_client);
    let until = Timestamp::from_naive(expires_at);
    Ok(Holder { actor, until, disabled, must_change_password, client })
}

/// A stored system role.
pub(super) fn system_role(text: Option<&str>) -> Result<Option<SystemRole>> {
    text.map(|text| types::word("system role", text, SystemRole::parse)).transpose()
}

/// Everybody with a role in a Smart Account, by login name.
pub fn members(conn: &mut Conn, account: SmartAccountId) -> Result<Vec<Actor>> {
    let ids: Vec<String> = role_assignments::table
        .inner_join(users::table.on(users::id.eq(role_assignments::user_id)))
        .filter(role_assignments::account_id.eq(account.to_string()))
        .select(role_assignments::user_id)
        .distinct()
        .load(conn)?;
    let ids: BTreeSet<String> =
        ids.into_iter().chain(super::roles::members_by_groups(conn, account)?).collect();
    let mut members = Vec::new();
    for id in ids {
        let id = types::id("user id", &id)?;
        members.push(actor(conn, id)?.ok_or_else(|| Error::corrupt("user id", "a missing row"))?);
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}
