//! The form of a new virtual account; on a satellite with the people who get a role in it
//! (A-MSA-02, B-LWS-08).

use super::general::access;
use super::place::frame;
use super::virtual_accounts::{home, managers_only, value_of};
use crate::domain::Error;
use crate::domain::local_account::Decision;
use crate::domain::membership;
use crate::domain::people::{Permission, Role};
use crate::domain::virtual_account::{Access, Name};
use crate::engine::{self, NewPeople, NewVirtualAccount, Overview, VaRef, VirtualAccountRow};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Field};
use actix_web::HttpResponse;
use askama::Template;

/// The form for a new virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/new.html")]
pub struct NewVirtualAccountPage {
    /// The frame.
    pub frame: Frame,
    /// 1 to 100 characters, unique.
    pub name: Field,
    /// Free text.
    pub description: Field,
    /// Public or Private.
    pub access: Vec<Choice>,
    /// The top level, or a virtual account to nest under.
    pub parents: Vec<Choice>,
    /// Who gets a role in it at once; typed login names.
    pub users: Field,
    /// The role that they get; empty where the viewer gives none.
    pub roles: Vec<Choice>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The form for a new virtual account.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        may_create(&overview)?;
        Ok(NewVirtualAccountPage::of(&ask, &overview, &Fields::default()))
    })
    .await
}

/// Creates a virtual account, or shows the form again with what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = match wanted(fields) {
            Ok(new) => ask.engine().create_virtual_account(&ask.visit.who, ask.domain(), new).await,
            Err(error) => Err(error.into()),
        };
        match made {
            Ok(va) => Ok(ask.done(&home(ask), format!("{} is created.", va.name.as_str()))),
            Err(error) => {
                let page = NewVirtualAccountPage::of(ask, &ask.overview().await?, fields);
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

/// Fails unless the viewer may make one somewhere.
pub(super) fn may_create(overview: &Overview) -> Result<(), Failure> {
    if !overview.may_manage && parents(overview, "").is_empty() {
        return Err(managers_only(overview));
    }
    Ok(overview.may_decide(Decision::VirtualAccounts)?)
}

fn wanted(fields: &Fields) -> Result<NewVirtualAccount, Error> {
    let parent = fields.some("parent").map(|text| {
        text.parse().map(VaRef::Number).map_err(|_| Error::not_found("virtual account", text))
    });
    let access = fields.get("access");
    let names = membership::login_names(fields.get("users"));
    Ok(NewVirtualAccount {
        name: Name::parse(fields.get("name"))?,
        description: crate::domain::token::parse_description(fields.get("description"))?,
        access: Access::parse(access)
            .ok_or_else(|| Error::invalid("access", format!("{access}; public or private")))?,
        parent: parent.transpose()?,
        is_default: false,
        people: (!names.is_empty())
            .then(|| NewPeople { names, role: fields.get("role").to_owned() }),
    })
}

fn parents(overview: &Overview, wanted: &str) -> Vec<Choice> {
    let rows = overview.virtual_accounts.iter();
    let may = rows.filter(|row| row.permissions.contains(&Permission::NestVirtualAccount));
    let choice = |row: &VirtualAccountRow| {
        let number = row.virtual_account.number.to_string();
        let selected = number == wanted;
        Choice::new(number, row.virtual_account.name.as_str(), selected)
    };
    may.map(choice).collect()
}

/// The roles that the viewer may give in a new one; on a satellite alone.
fn roles(overview: &Overview, chosen: Option<&str>) -> Vec<Choice> {
    if overview.workspace.is_none() || !overview.may_manage_roles {
        return Vec::new();
    }
    let chosen = chosen.unwrap_or(Role::VirtualAccountUser.name());
    let own = membership::ROLES.into_iter().filter(|role| role.is_virtual());
    own.map(|role| Choice::new(role.name(), role.name(), role.name() == chosen)).collect()
}

impl NewVirtualAccountPage {
    fn of(ask: &Ask, overview: &Overview, fields: &Fields) -> Self {
        let wanted = fields.get("parent");
        let top = overview.may_manage.then(|| Choice::new("", "Top level", wanted.is_empty()));
        let level = |value| {
            let chosen = Access::parse(fields.get("access")).unwrap_or(Access::Public);
            Choice::new(value_of(value), access(value), value == chosen)
        };
        Self {
            frame: frame(ask, overview, Tab::Outside),
            name: Field::of(fields.get("name")),
            description: Field::of(fields.get("description")),
            access: [Access::Public, Access::Private].map(level).into(),
            parents: top.into_iter().chain(parents(overview, wanted)).collect(),
            users: Field::of(fields.get("users")),
            roles: roles(overview, fields.some("role")),
            refused: None,
        }
    }

    /// The same form with what is wrong, beside its field where it has one.
    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "name", problem }) => {
                self.name = self.name.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "description", problem }) => {
                self.description = self.description.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "users", problem }) => {
                self.users = self.users.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
