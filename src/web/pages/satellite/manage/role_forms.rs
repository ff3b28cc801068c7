//! The dialogs of a role: give, change, take away; alike for people and for groups.

use super::{GROUPS, PROPERTIES, USERS, at, inside};
use crate::domain::id::RoleId;
use crate::domain::membership::ROLES;
use crate::domain::people::Role;
use crate::domain::{self, Error};
use crate::engine::{self, AccountRoles, RoleRow, RoleWish, VaRef, WishedHolder};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::help;
use crate::web::pages::labels::manage;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;

/// A role as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleLine {
    /// Its identity in addresses.
    pub id: String,
    /// Its name.
    pub role: &'static str,
    /// The local virtual account; empty for the whole local account.
    pub place: String,
    /// Whether it reaches what is nested there.
    pub nested: bool,
    /// Whether the viewer may change it.
    pub may_change: bool,
}

impl RoleLine {
    /// From what the engine tells.
    pub fn of(row: &RoleRow) -> Self {
        Self {
            id: row.held.id.to_string(),
            role: row.held.assignment.role.name(),
            place: row.place.as_ref().map_or_else(String::new, |(_, name)| name.clone()),
            nested: row.held.assignment.nested,
            may_change: row.may_change,
        }
    }

    /// Where it reaches, in words.
    pub fn reach(&self) -> String {
        match (self.place.is_empty(), self.nested) {
            (true, _) => "The whole local account".to_owned(),
            (false, false) => self.place.clone(),
            (false, true) => format!("{} and what is nested in it", self.place),
        }
    }
}

/// Whose roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Of people.
    Users,
    /// Of groups.
    Groups,
}

impl Side {
    fn path(self) -> &'static str {
        match self {
            Self::Users => USERS,
            Self::Groups => GROUPS,
        }
    }

    /// The list, or what is still open to somebody who gave the own role away.
    async fn home(self, ask: &Ask) -> String {
        if ask.engine().roles(&ask.visit.who, ask.domain()).await.is_ok() {
            return at(ask, self.path());
        }
        match ask.overview().await {
            Ok(_) => at(ask, PROPERTIES),
            Err(_) => "/".to_owned(),
        }
    }

    fn topic(self) -> help::Topic {
        match self {
            Self::Users => help::ACCOUNT_USERS,
            Self::Groups => help::ACCOUNT_GROUPS,
        }
    }

    pub(super) async fn blank(self, ask: Ask) -> HttpResponse {
        show(&ask, self.new_page(&ask, &Fields::default())).await
    }

    pub(super) async fn give(self, sent: Sent) -> HttpResponse {
        sent.act(async {
            let (ask, fields) = sent.parts()?;
            let made = async {
                let wish = self.wish(fields)?;
                ask.engine().give_role(&ask.visit.who, ask.domain(), wish).await
            };
            match made.await {
                Ok(held) => {
                    let told = format!("{} is {} now.", held.name, held.assignment.role.name());
                    Ok(ask.done(&at(ask, self.path()), told))
                }
                Err(error) => refused(ask, &error, self.new_page(ask, fields)).await,
            }
        })
        .await
    }

    pub(super) async fn edit(self, ask: Ask) -> HttpResponse {
        show(&ask, self.edit_page(&ask, None)).await
    }

    pub(super) async fn change(self, sent: Sent) -> HttpResponse {
        sent.act(async {
            let (ask, fields) = sent.parts()?;
            let wanted = (fields.get("role").to_owned(), fields.yes("nested"));
            let (who, account) = (&ask.visit.who, ask.domain());
            match ask.engine().change_role(who, account, id(ask)?, wanted).await {
                Ok(row) => {
                    let role = row.held.assignment.role.name();
                    let told = format!("{} is {role} now.", row.held.name);
                    Ok(ask.done(&self.home(ask).await, told))
                }
                Err(error) => refused(ask, &error, self.edit_page(ask, Some(fields))).await,
            }
        })
        .await
    }

    pub(super) async fn ask_take(self, ask: Ask) -> HttpResponse {
        show(&ask, self.question(&ask)).await
    }

    pub(super) async fn take(self, sent: Sent) -> HttpResponse {
        sent.act(async {
            let (ask, _) = sent.parts()?;
            match ask.engine().take_role(&ask.visit.who, ask.domain(), id(ask)?).await {
                Ok(row) => {
                    let role = row.held.assignment.role.name();
                    let told = format!("{} is not {role} any more.", row.held.name);
                    Ok(ask.done(&self.home(ask).await, told))
                }
                Err(error) => self.stays(ask, &error).await,
            }
        })
        .await
    }

    /// The question again, with why the role stays.
    async fn stays(self, ask: &Ask, error: &engine::Error) -> Result<HttpResponse, Failure> {
        let (consequence, question) = (message(error), self.question(ask).await?);
        let page = ConfirmPage { consequence, refused: true, ..question };
        Ok(ask.visit.render_with(status(error).0, &page))
    }

    fn wish(self, fields: &Fields) -> domain::Result<RoleWish> {
        let place = fields.some("virtual_account").map(|text| {
            let number = text.parse().map(VaRef::Number);
            number.map_err(|_| Error::not_found("virtual account", text))
        });
        let holder = match self {
            Self::Users => WishedHolder::User(fields.get("user").to_owned()),
            Self::Groups => {
                let text = fields.get("group");
                let id = text.parse().map_err(|_| Error::invalid("group", "choose a group"))?;
                WishedHolder::Group(id)
            }
        };
        Ok(RoleWish {
            holder,
            role: fields.get("role").to_owned(),
            virtual_account: place.transpose()?,
            nested: fields.yes("nested"),
        })
    }

    async fn new_page(self, ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
        let roles = ask.engine().roles(&ask.visit.who, ask.domain()).await?;
        let holder = match self {
            Self::Users => Input::new("user", "User name", Kind::Line("text"), fields.get("user"))
                .hint("The login name of somebody who may sign in on this satellite."),
            Self::Groups => Input::new("group", "Group", Kind::Choice(groups(&roles, fields)), "")
                .hint("Everybody in it has the role, also who joins later."),
        };
        let wanted = fields.some("role").unwrap_or(Role::VirtualAccountUser.name());
        let offered = ROLES.into_iter().filter(|role| roles.whole || role.is_virtual());
        let role = Input::new("role", manage::ROLE, choices(offered, wanted), "");
        let place = Input::new("virtual_account", manage::PLACE, places(&roles, fields), "")
            .hint("Roles of a Smart Account reach the whole local account.");
        let (frame, path) = (inside(ask).await?, at(ask, self.path()));
        let nested = if fields.yes("nested") { "yes" } else { "" };
        Ok(FormPage {
            frame,
            title: manage::GIVE_ROLE.into(),
            lead: "A role says what somebody may do here; it is in effect at once.".into(),
            action: format!("{path}/new"),
            inputs: vec![holder, role, place, Input::new("nested", NESTED, Kind::Tick, nested)],
            refused: None,
            button: manage::GIVE_ROLE.into(),
            cancel: path,
            topic: self.topic(),
        })
    }

    async fn edit_page(self, ask: &Ask, typed: Option<&Fields>) -> Result<FormPage, Failure> {
        let row = ask.engine().role(&ask.visit.who, ask.domain(), id(ask)?).await?;
        let (given, line) = (&row.held.assignment, RoleLine::of(&row));
        let wanted = typed.map_or(given.role.name(), |fields| fields.get("role"));
        let local = given.virtual_account.is_some();
        let offered = ROLES.into_iter().filter(|role| role.is_virtual() == local);
        let nested = typed.map_or(given.nested, |fields| fields.yes("nested"));
        let shown = |key, label, value: &str| Input::new(key, label, Kind::Shown, value);
        let mut inputs = vec![
            shown("holder", "Who", &row.held.name),
            shown("place", manage::PLACE, &RoleLine { nested: false, ..line.clone() }.reach()),
            Input::new("role", manage::ROLE, choices(offered, wanted), ""),
        ];
        if local {
            let tick = if nested { "yes" } else { "" };
            inputs.push(Input::new("nested", NESTED, Kind::Tick, tick));
        }
        let (frame, path) = (inside(ask).await?, at(ask, self.path()));
        Ok(FormPage {
            frame,
            title: format!("Change the role of {}", row.held.name),
            lead: "It is in effect at once, also in sessions that are open.".into(),
            action: format!("{path}/{}/edit", line.id),
            inputs,
            refused: None,
            button: "Save".into(),
            cancel: path,
            topic: self.topic(),
        })
    }

    async fn question(self, ask: &Ask) -> Result<ConfirmPage, Failure> {
        let row = ask.engine().role(&ask.visit.who, ask.domain(), id(ask)?).await?;
        let (line, name, path) = (RoleLine::of(&row), &row.held.name, at(ask, self.path()));
        Ok(ConfirmPage {
            frame: inside(ask).await?,
            title: "Take a role away".into(),
            facts: vec![
                ("Who".into(), name.clone()),
                (manage::ROLE.into(), line.role.to_owned()),
                (manage::PLACE.into(), line.reach()),
            ],
            consequence: "It ends at once, also in sessions that are open. Nobody is removed from \
                          the satellite."
                .into(),
            refused: false,
            blockers: Vec::new(),
            action: format!("{path}/{}/remove", line.id),
            button: format!("Take the role from {name}"),
            destroys: true,
            topic: self.topic(),
            cancel: path,
        })
    }
}

const NESTED: &str = "Also in the local virtual accounts that are nested there";

/// The role in the address.
fn id(ask: &Ask) -> domain::Result<RoleId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("role", text))
}

fn choices(offered: impl Iterator<Item = Role>, wanted: &str) -> Kind {
    let choice = |role: Role| Choice::new(role.name(), role.name(), role.name() == wanted);
    Kind::Choice(offered.map(choice).collect())
}

/// The whole account, for those who may give that, and the local virtual accounts.
fn places(roles: &AccountRoles, fields: &Fields) -> Kind {
    let wanted = fields.get("virtual_account");
    let whole = roles.whole.then(|| Choice::new("", "The whole local account", wanted.is_empty()));
    let places = roles.places.iter().map(|(number, name)| {
        let number = number.to_string();
        Choice::new(number.clone(), name.as_str(), number == wanted)
    });
    Kind::Choice(whole.into_iter().chain(places).collect())
}

fn groups(roles: &AccountRoles, fields: &Fields) -> Vec<Choice> {
    let wanted = fields.get("group");
    let choice = |group: &crate::domain::membership::UserGroup| {
        let id = group.id.to_string();
        let chosen = id == wanted;
        Choice::new(id, group.name.as_str(), chosen)
    };
    roles.groups.iter().map(choice).collect()
}
