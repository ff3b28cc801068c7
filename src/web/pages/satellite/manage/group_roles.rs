//! User groups in a local account: which of them has which role in it (B-LWS-08). Groups
//! themselves and their members are kept in the Administration Workspace.

use super::role_forms::{RoleLine, Side};
use super::{GROUPS, inside, tabs};
use crate::domain::membership::Holder;
use crate::domain::system::SystemPermission;
use crate::engine::AccountRoles;
use crate::web::pages::ask::{Ask, Sent, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::paging::cut;
use crate::web::pages::view::Pager;
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// A group with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupLine {
    /// Its name.
    pub name: String,
    /// Login names of its members, with commas; may be empty.
    pub members: String,
    /// The role.
    pub role: RoleLine,
}

/// User Groups.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/groups.html")]
pub struct AccountGroupsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// One row for each role of each group.
    pub groups: Vec<GroupLine>,
    /// Whether the satellite has any groups.
    pub any: bool,
    /// Whether the viewer keeps the groups of the satellite.
    pub keeps: bool,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let roles = ask.engine().roles(&ask.visit.who, ask.domain()).await?;
        let lines = lines(&roles);
        let (groups, pager) = cut(&ask, lines, |line| line.role.id.clone(), "role")?;
        let keeps = ask.engine().admitted(&ask.visit.who, SystemPermission::ManageUsers).await;
        let frame = inside(&ask).await?;
        let (tabs, any, keeps) = (tabs(&frame, GROUPS), !roles.groups.is_empty(), keeps.is_ok());
        Ok(AccountGroupsPage { frame, tabs, groups, any, keeps, pager })
    })
    .await
}

fn lines(roles: &AccountRoles) -> Vec<GroupLine> {
    let line = |row: &crate::engine::RoleRow| {
        let Holder::Group(id) = row.held.holder else { return None };
        let group = roles.groups.iter().find(|group| group.id == id)?;
        let names: Vec<&str> = group.members.iter().map(|(_, name)| name.as_str()).collect();
        Some(GroupLine {
            name: group.name.clone(),
            members: names.join(", "),
            role: RoleLine::of(row),
        })
    };
    roles.roles.iter().filter_map(line).collect()
}

/// The form of a new role.
pub async fn blank(ask: Ask) -> HttpResponse {
    Side::Groups.blank(ask).await
}

/// Gives it.
pub async fn give(sent: Sent) -> HttpResponse {
    Side::Groups.give(sent).await
}

/// The form of a role that a group has.
pub async fn edit(ask: Ask) -> HttpResponse {
    Side::Groups.edit(ask).await
}

/// Changes it.
pub async fn change(sent: Sent) -> HttpResponse {
    Side::Groups.change(sent).await
}

/// Asks before it is taken away.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    Side::Groups.ask_take(ask).await
}

/// Takes it away.
pub async fn remove(sent: Sent) -> HttpResponse {
    Side::Groups.take(sent).await
}
