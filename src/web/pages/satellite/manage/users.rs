//! Users of a local account: who has which role in it (B-LWS-08).

use super::role_forms::{RoleLine, Side};
use super::{USERS, inside, tabs};
use crate::domain::membership::Holder;
use crate::domain::system::SystemUser;
use crate::engine::AccountRoles;
use crate::web::pages::ask::{Ask, Sent, show};
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Tone};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// A person with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserLine {
    /// The login name.
    pub name: String,
    /// First and last name.
    pub person: String,
    /// Mail address.
    pub email: String,
    /// Whether they cannot sign in.
    pub disabled: bool,
    /// The group that gives the role; empty for one of their own.
    pub group: String,
    /// The role.
    pub role: RoleLine,
}

/// Users.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/manage/users.html")]
pub struct AccountUsersPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of Manage Account.
    pub tabs: Vec<NavItem>,
    /// One row for each role of each person.
    pub users: Vec<UserLine>,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let roles = ask.engine().roles(&ask.visit.who, ask.domain()).await?;
        let (users, pager) = cut(&ask, lines(&roles), UserLine::key, "role")?;
        let frame = inside(&ask).await?;
        Ok(AccountUsersPage { tabs: tabs(&frame, USERS), frame, users, pager })
    })
    .await
}

/// Every role of every person, those by groups included; by login name.
fn lines(roles: &AccountRoles) -> Vec<UserLine> {
    let mut lines = Vec::new();
    for user in &roles.people {
        for row in &roles.roles {
            let group = match row.held.holder {
                Holder::User(id) if id == user.id => String::new(),
                Holder::Group(id) => {
                    let groups = roles.groups.iter().find(|group| group.id == id);
                    let Some(group) = groups else { continue };
                    if group.members.iter().all(|(member, _)| *member != user.id) {
                        continue;
                    }
                    group.name.clone()
                }
                Holder::User(_) => continue,
            };
            lines.push(UserLine::of(user, group, RoleLine::of(row)));
        }
    }
    lines
}

impl UserLine {
    fn of(user: &SystemUser, group: String, role: RoleLine) -> Self {
        Self {
            name: user.name.clone(),
            person: format!("{} {}", user.facts.first_name, user.facts.last_name),
            email: user.facts.email.clone(),
            disabled: user.disabled,
            group,
            role,
        }
    }

    fn key(&self) -> String {
        format!("{}:{}", self.name, self.role.id)
    }
}

/// The form of a new role.
pub async fn blank(ask: Ask) -> HttpResponse {
    Side::Users.blank(ask).await
}

/// Gives it.
pub async fn give(sent: Sent) -> HttpResponse {
    Side::Users.give(sent).await
}

/// The form of a role that somebody has.
pub async fn edit(ask: Ask) -> HttpResponse {
    Side::Users.edit(ask).await
}

/// Changes it.
pub async fn change(sent: Sent) -> HttpResponse {
    Side::Users.change(sent).await
}

/// Asks before it is taken away.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    Side::Users.ask_take(ask).await
}

/// Takes it away.
pub async fn remove(sent: Sent) -> HttpResponse {
    Side::Users.take(sent).await
}
