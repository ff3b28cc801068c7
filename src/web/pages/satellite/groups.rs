//! Groups of the satellite's users: the list, the form, the end (B-ADM-01).

use super::admin::frame;
use super::form::{FormPage, Input, Kind, refused};
use super::users::{GROUPS, USERS, tabs};
use crate::domain::id::UserGroupId;
use crate::domain::membership::login_names;
use crate::domain::system::SystemPermission;
use crate::domain::{self, Error};
use crate::engine::{GroupView, GroupWish};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::paging::cut;
use crate::web::pages::view::Pager;
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The identity in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Free text; may be empty.
    pub description: String,
    /// Login names with commas; may be empty.
    pub members: String,
    /// Each role with its local account.
    pub roles: Vec<String>,
}

/// The list of groups.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/groups.html")]
pub struct GroupsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of the widget.
    pub tabs: Vec<NavItem>,
    /// The groups, by name.
    pub groups: Vec<GroupRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let all = ask.engine().user_groups(&ask.visit.who).await?;
        let rows = all.iter().map(GroupRow::of).collect();
        let (groups, pager) = cut(&ask, rows, |row: &GroupRow| row.id.clone(), "group")?;
        let frame = frame(&ask, USERS).await?;
        Ok(GroupsPage { frame, tabs: tabs(GROUPS), groups, pager })
    })
    .await
}

/// The form of a new group.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, new_page(&ask, &Fields::default())).await
}

/// Creates a group, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match ask.engine().create_group(&ask.visit.who, wish(fields)).await {
            Ok(group) => Ok(ask.done(GROUPS, format!("The group {} was created.", group.name))),
            Err(error) => refused(ask, &error, new_page(ask, fields)).await,
        }
    })
    .await
}

/// The form of a group that is there.
pub async fn edit(ask: Ask) -> HttpResponse {
    show(&ask, edit_page(&ask, None)).await
}

/// Changes a group, or says what is wrong.
pub async fn change(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match ask.engine().change_group(&ask.visit.who, id(ask)?, wish(fields)).await {
            Ok(group) => Ok(ask.done(GROUPS, format!("The group {} was changed.", group.name))),
            Err(error) => refused(ask, &error, edit_page(ask, Some(fields))).await,
        }
    })
    .await
}

/// Asks before a group is removed.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask)).await
}

/// Removes a group, or says why not.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        match ask.engine().remove_group(&ask.visit.who, id(ask)?).await {
            Ok(name) => Ok(ask.done(GROUPS, format!("The group {name} was removed."))),
            Err(error) => {
                let (consequence, asked) = (message(&error), question(ask).await?);
                let page = ConfirmPage { consequence, refused: true, ..asked };
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

fn id(ask: &Ask) -> domain::Result<UserGroupId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("user group", text))
}

fn wish(fields: &Fields) -> GroupWish {
    GroupWish {
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        members: login_names(fields.get("members")),
    }
}

fn inputs(fields: &Fields) -> Vec<Input> {
    let input = |key, label, kind| Input::new(key, label, kind, fields.get(key));
    vec![
        input("name", "Name", Kind::Line("text"))
            .hint("1 to 64 characters, unique whatever the case."),
        input("description", labels::account::DESCRIPTION, Kind::Line("text")).hint("Optional."),
        input("members", "Members", Kind::Lines)
            .hint("Login names, one on a line or with commas. They have the group's roles."),
    ]
}

async fn new_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    ask.engine().admitted(&ask.visit.who, SystemPermission::ManageUsers).await?;
    Ok(FormPage {
        frame: frame(ask, USERS).await?,
        title: "New Group".into(),
        lead: "Roles are given to it in the local accounts, by their administrators.".into(),
        action: format!("{GROUPS}/new"),
        inputs: inputs(fields),
        refused: None,
        button: "Create Group".into(),
        cancel: GROUPS.into(),
        topic: help::USER_GROUPS,
    })
}

async fn edit_page(ask: &Ask, typed: Option<&Fields>) -> Result<FormPage, Failure> {
    let GroupView { group, .. } = ask.engine().user_group(&ask.visit.who, id(ask)?).await?;
    let names: Vec<&str> = group.members.iter().map(|(_, name)| name.as_str()).collect();
    let known = Fields::default()
        .with("name", &group.name)
        .with("description", &group.description)
        .with("members", &names.join("\n"));
    Ok(FormPage {
        frame: frame(ask, USERS).await?,
        title: format!("Edit {}", group.name),
        lead: "Whoever joins has its roles at once, whoever leaves loses them.".into(),
        action: format!("{GROUPS}/{}/edit", group.id),
        inputs: inputs(typed.unwrap_or(&known)),
        refused: None,
        button: "Save".into(),
        cancel: GROUPS.into(),
        topic: help::USER_GROUPS,
    })
}

async fn question(ask: &Ask) -> Result<ConfirmPage, Failure> {
    let view = ask.engine().user_group(&ask.visit.who, id(ask)?).await?;
    let row = GroupRow::of(&view);
    let roles = if row.roles.is_empty() { "none".to_owned() } else { row.roles.join("; ") };
    let members = if row.members.is_empty() { "none".to_owned() } else { row.members };
    Ok(ConfirmPage {
        frame: frame(ask, USERS).await?,
        title: "Remove group".into(),
        facts: vec![
            ("Group".into(), row.name.clone()),
            ("Members".into(), members),
            ("Roles".into(), roles),
        ],
        consequence: "Its members lose its roles at once and stay users of the satellite.".into(),
        refused: false,
        blockers: Vec::new(),
        action: format!("{GROUPS}/{}/remove", row.id),
        button: format!("Remove {}", row.name),
        destroys: true,
        topic: help::USER_GROUPS,
        cancel: GROUPS.into(),
    })
}

impl GroupRow {
    fn of(view: &GroupView) -> Self {
        let group = &view.group;
        let names: Vec<&str> = group.members.iter().map(|(_, name)| name.as_str()).collect();
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            description: group.description.clone(),
            members: names.join(", "),
            roles: view.roles.clone(),
        }
    }
}
