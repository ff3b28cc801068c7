//! The users of the satellite: the list, and what is done to one of them (B-ADM-01, B-ADM-03).

use super::admin::frame;
use crate::domain::Timestamp;
use crate::domain::id::UserId;
use crate::domain::system::SystemUser;
use crate::domain::{self, Error};
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Severities, Tone, When};
use actix_web::HttpResponse;
use askama::Template;

/// One user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The identity in addresses.
    pub id: String,
    /// The login name.
    pub name: String,
    /// First and last name.
    pub person: String,
    /// Mail address.
    pub email: String,
    /// The system role's name.
    pub role: &'static str,
    /// Active, Disabled or Locked.
    pub status: Badge,
    /// When they signed in last.
    pub last_login: Option<When>,
    /// Whether they are kept out.
    pub disabled: bool,
    /// Whether there is a lock, or a count of failures, to end.
    pub may_unlock: bool,
}

/// The list of users; also the address of the widget's tab.
pub const USERS: &str = "/admin/users";
/// The list of groups.
pub const GROUPS: &str = "/admin/user-groups";

/// The tabs of the widget (B-ADM-01).
pub fn tabs(here: &str) -> Vec<NavItem> {
    let item = |(label, href): (&'static str, &str)| NavItem {
        label,
        href: href.to_owned(),
        current: href == here,
        alerts: Severities::default(),
    };
    [("Users", USERS), ("User Groups", GROUPS), ("Event Log", USER_EVENTS)].map(item).into()
}

/// What the log tells of users and groups.
const USER_EVENTS: &str = "/admin/events?area=Users";

/// The list of users.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/users.html")]
pub struct UsersPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The users, by login name.
    pub users: Vec<UserRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let all = ask.engine().system_users(&ask.visit.who).await?;
        let (users, pager) = cut(&ask, all, |user| user.id.to_string(), "user")?;
        let users = users.iter().map(|user| UserRow::of(user, ask.now())).collect();
        Ok(UsersPage { frame: frame(&ask, USERS).await?, tabs: tabs(USERS), users, pager })
    })
    .await
}

/// The user in the address.
pub fn id(ask: &Ask) -> domain::Result<UserId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("user", text))
}

/// What is asked before a user is kept out or forgotten.
async fn question(ask: &Ask, remove: bool) -> Result<ConfirmPage, Failure> {
    let user = ask.engine().system_user(&ask.visit.who, id(ask)?).await?;
    let (verb, path) = if remove { ("Remove", "remove") } else { ("Disable", "disable") };
    let consequence = if remove {
        "The user is forgotten, with all roles in local accounts. API clients that they created stay."
    } else {
        "All sessions of the user end, and nobody can sign in under this name until it is enabled."
    };
    Ok(ConfirmPage {
        frame: frame(ask, "/admin/users").await?,
        title: format!("{verb} user"),
        facts: vec![
            (labels::event::USER.into(), user.name.clone()),
            ("System role".into(), user.facts.role.name().into()),
        ],
        consequence: consequence.into(),
        refused: false,
        blockers: Vec::new(),
        action: format!("/admin/users/{}/{path}", user.id),
        button: format!("{verb} {}", user.name),
        destroys: true,
        topic: help::SYSTEM_USERS,
        cancel: "/admin/users".into(),
    })
}

/// Asks before a user is kept out.
pub async fn ask_disable(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask, false)).await
}

/// Asks before a user is forgotten.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask, true)).await
}

/// Keeps a user out.
pub async fn disable(sent: Sent) -> HttpResponse {
    set_disabled(sent, true).await
}

/// Lets a user in again.
pub async fn enable(sent: Sent) -> HttpResponse {
    set_disabled(sent, false).await
}

async fn set_disabled(sent: Sent, off: bool) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let user = ask.engine().set_user_disabled(&ask.visit.who, id(ask)?, off).await?;
        let word = if off { "disabled" } else { "enabled" };
        Ok(ask.done("/admin/users", format!("{} is {word}.", user.name)))
    })
    .await
}

/// Ends a lock.
pub async fn unlock(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let user = ask.engine().unlock_user(&ask.visit.who, id(ask)?).await?;
        Ok(ask.done("/admin/users", format!("{} is unlocked.", user.name)))
    })
    .await
}

/// Forgets a user.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let name = ask.engine().remove_user(&ask.visit.who, id(ask)?).await?;
        Ok(ask.done("/admin/users", format!("{name} was removed.")))
    })
    .await
}

impl UserRow {
    fn of(user: &SystemUser, now: Timestamp) -> Self {
        let status = if user.disabled {
            Badge::new(Tone::Neutral, "Disabled")
        } else if user.is_locked(now) {
            Badge::new(Tone::Bad, "Locked")
        } else if user.must_change_password {
            Badge::new(Tone::Attention, "Must change password")
        } else {
            Badge::new(Tone::Good, "Active")
        };
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            person: format!("{} {}", user.facts.first_name, user.facts.last_name),
            email: user.facts.email.clone(),
            role: user.facts.role.name(),
            status,
            last_login: user.last_login.map(|at| When::at(at, now)),
            disabled: user.disabled,
            may_unlock: user.failures > 0,
        }
    }
}
