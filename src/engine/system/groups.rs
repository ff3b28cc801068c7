//! Groups of a satellite's users (B-ADM-01): who is a member has the group's roles.

use super::super::Engine;
use super::super::access::{Who, Within};
use super::super::error::Result;
use super::super::ledger::Ledger;
use super::super::roles::described;
use super::admit;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{SmartAccountId, UserGroupId, UserId};
use crate::domain::membership::{self, UserGroup};
use crate::domain::people::{Actor, Assignment};
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind as Kind;
use crate::domain::{Error, Timestamp};
use std::collections::BTreeSet;

/// A group with the roles that it gives.
#[derive(Clone, Debug)]
pub struct GroupView {
    /// The group.
    pub group: UserGroup,
    /// Each role in words, with its local account.
    pub roles: Vec<String>,
}

/// A group as its form describes it.
#[derive(Clone, Debug)]
pub struct GroupWish {
    /// What it is called.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Login names.
    pub members: Vec<String>,
}

/// The longest description (ours).
const LONGEST: usize = 255;

impl Engine {
    /// All groups, by name.
    pub async fn user_groups(&self, who: &Who) -> Result<Vec<GroupView>> {
        let who = who.clone();
        self.look(move |conn, now| {
            admit(conn, &who, SystemPermission::ManageUsers, now)?;
            let all = db::user_groups::all(conn)?;
            all.into_iter().map(|group| view(conn, group)).collect()
        })
        .await
    }

    /// One group.
    pub async fn user_group(&self, who: &Who, id: UserGroupId) -> Result<GroupView> {
        let who = who.clone();
        self.look(move |conn, now| {
            admit(conn, &who, SystemPermission::ManageUsers, now)?;
            let group = stored(conn, id)?;
            view(conn, group)
        })
        .await
    }

    /// Creates a group; it has no role before an account gives it one.
    pub async fn create_group(&self, who: &Who, wish: GroupWish) -> Result<UserGroup> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = admit(conn, &who, SystemPermission::ManageUsers, now)?;
            let group = checked(conn, UserGroupId(engine.ids().uuid(now)), &wish)?;
            db::user_groups::insert(conn, &group)?;
            let text = format!("Created the group {}: {}.", group.name, members(&group));
            engine.note(conn, Kind::GroupCreated, &actor.name, text, now)?;
            Ok(group)
        })
        .await
    }

    /// Changes name, description and members. Roles follow at once.
    pub async fn change_group(
        &self,
        who: &Who,
        id: UserGroupId,
        wish: GroupWish,
    ) -> Result<UserGroup> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = admit(conn, &who, SystemPermission::ManageUsers, now)?;
            let old = stored(conn, id)?;
            let new = checked(conn, id, &wish)?;
            if new == old {
                return Ok(new);
            }
            keeping(conn, &old, |conn| Ok(db::user_groups::save(conn, &new)?))?;
            engine.tell_accounts(conn, (&new, &moved(&old, &new)), (&actor, now))?;
            let text = format!("Changed the group {}: {}.", old.name, differences(&old, &new));
            engine.note(conn, Kind::GroupChanged, &actor.name, text, now)?;
            Ok(new)
        })
        .await
    }

    /// Removes a group; its members lose its roles.
    pub async fn remove_group(&self, who: &Who, id: UserGroupId) -> Result<String> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = admit(conn, &who, SystemPermission::ManageUsers, now)?;
            let group = stored(conn, id)?;
            let told = vec![(EventKind::RoleTaken, format!("The group {}", group.name))];
            engine.tell_accounts(conn, (&group, &told), (&actor, now))?;
            keeping(conn, &group, |conn| Ok(db::user_groups::remove(conn, id)?))?;
            let text = format!("Removed the group {}: {}.", group.name, members(&group));
            engine.note(conn, Kind::GroupRemoved, &actor.name, text, now)?;
            Ok(group.name)
        })
        .await
    }

    /// Writes into the logs of the accounts who has a role there now by the group, or no more.
    fn tell_accounts(
        &self,
        conn: &mut Conn,
        (group, told): (&UserGroup, &[(EventKind, String)]),
        (by, now): (&Actor, Timestamp),
    ) -> Result<()> {
        for role in db::roles::of_group(conn, group.id)? {
            let what = placed(conn, &role)?;
            let mut ledger = Ledger::open(self, role.account, &by.name, now);
            for (kind, subject) in told {
                let verb = if *kind == EventKind::RoleGiven { "is" } else { "is no longer" };
                let text = format!("{subject} {verb} {what}.");
                ledger.note(match role.virtual_account {
                    Some(va) => Fact::new(va, *kind, text),
                    None => Fact::of_account(*kind, text),
                });
            }
            ledger.close(conn)?;
        }
        Ok(())
    }
}

/// Does it, unless an account in which the group has a role would lose its last administrator.
fn keeping(
    conn: &mut Conn,
    group: &UserGroup,
    work: impl FnOnce(&mut Conn) -> Result<()>,
) -> Result<()> {
    let roles = db::roles::of_group(conn, group.id)?;
    let accounts: BTreeSet<SmartAccountId> = roles.iter().map(|role| role.account).collect();
    let mut before = Vec::new();
    for account in accounts {
        before.push((account, db::roles::administrators(conn, account)?));
    }
    work(conn)?;
    for (account, count) in before {
        let after = db::roles::administrators(conn, account)?;
        membership::keeps_administrator(&account_name(conn, account)?, count, after)?;
    }
    Ok(())
}

/// Who came into a group and who went, as the beginnings of sentences.
fn moved(old: &UserGroup, new: &UserGroup) -> Vec<(EventKind, String)> {
    let lacks = |group: &UserGroup, id: UserId| group.members.iter().all(|(one, _)| *one != id);
    let came = new.members.iter().filter(|(id, _)| lacks(old, *id));
    let went = old.members.iter().filter(|(id, _)| lacks(new, *id));
    let say = |kind, name: &str| (kind, format!("By the group {}, {name}", new.name));
    let came = came.map(|(_, name)| say(EventKind::RoleGiven, name));
    came.chain(went.map(|(_, name)| say(EventKind::RoleTaken, name))).collect()
}

fn stored(conn: &mut Conn, id: UserGroupId) -> Result<UserGroup> {
    let found = db::user_groups::find(conn, id)?;
    Ok(found.ok_or_else(|| Error::not_found("user group", id.to_string()))?)
}

/// What the form says, with all members that it names.
fn checked(conn: &mut Conn, id: UserGroupId, wish: &GroupWish) -> Result<UserGroup> {
    let name = membership::group_name(&wish.name)?;
    if let Some(same) = db::user_groups::named(conn, &name)?.filter(|same| same.id != id) {
        let problem = format!("there is a group {} already", same.name);
        return Err(Error::invalid("name", problem).into());
    }
    let description = wish.description.trim().to_owned();
    let length = description.chars().count();
    if length > LONGEST {
        let problem = format!("{length} characters; at most {LONGEST}");
        return Err(Error::invalid("description", problem).into());
    }
    let mut members = Vec::new();
    for name in &wish.members {
        let known = db::system_users::named(conn, name)?.map(|stored| stored.user);
        let user = known.ok_or_else(|| {
            Error::invalid("members", format!("there is no user '{name}' on this satellite"))
        })?;
        members.push((user.id, user.name));
    }
    members.sort_by(|a, b| a.1.cmp(&b.1));
    members.dedup();
    Ok(UserGroup { id, name, description, members })
}

fn members(group: &UserGroup) -> String {
    let names: Vec<&str> = group.members.iter().map(|(_, name)| name.as_str()).collect();
    if names.is_empty() { "no members".to_owned() } else { names.join(", ") }
}

/// What differs, for the log.
fn differences(old: &UserGroup, new: &UserGroup) -> String {
    let mut texts = Vec::new();
    if old.name != new.name {
        texts.push(format!("it is called {} now", new.name));
    }
    if old.description != new.description {
        texts.push("another description".to_owned());
    }
    if old.members != new.members {
        texts.push(format!("members were {}, are {}", members(old), members(new)));
    }
    texts.join("; ")
}

fn account_name(conn: &mut Conn, id: SmartAccountId) -> Result<String> {
    let account = db::accounts::find(conn, id)?;
    Ok(account.ok_or_else(|| Error::not_found("local account", id.to_string()))?.name)
}

/// A role of a group with its place.
fn placed(conn: &mut Conn, role: &Assignment) -> Result<String> {
    let tree = db::virtual_accounts::tree(conn, role.account)?;
    let va = role.virtual_account.and_then(|id| tree.get(id));
    Ok(described(role, va.map(|va| va.name.as_str())))
}

fn view(conn: &mut Conn, group: UserGroup) -> Result<GroupView> {
    let mut roles = Vec::new();
    for role in db::roles::of_group(conn, group.id)? {
        let (what, account) = (placed(conn, &role)?, account_name(conn, role.account)?);
        roles.push(format!("{account}: {what}"));
    }
    Ok(GroupView { group, roles })
}
