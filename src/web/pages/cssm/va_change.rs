//! Changing a virtual account, and moving everything out of it (A-MSA-03, A-MSA-04).

use super::custom_tags;
use super::general::access;
use super::inventory::in_tree_order;
use super::place::frame;
use super::virtual_accounts::{find, home, value_of};
use crate::domain::virtual_account::{Access, Name};
use crate::domain::{Error, tag, token};
use crate::engine::{self, Emptied, Overview, VaRef, VirtualAccountChange, VirtualAccountRow};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::{Choice, Field};
use actix_web::HttpResponse;
use askama::Template;

/// The form of a virtual account that is there.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/edit.html")]
pub struct EditVirtualAccountPage {
    /// The frame.
    pub frame: Frame,
    /// The number in addresses.
    pub id: i64,
    /// Its present name.
    pub known_as: String,
    /// 1 to 100 characters, unique.
    pub name: Field,
    /// Free text.
    pub description: Field,
    /// Public or Private.
    pub access: Vec<Choice>,
    /// The top level, or a virtual account to nest under.
    pub parents: Vec<Choice>,
    /// Why it cannot be nested there.
    pub parent_error: Option<String>,
    /// Labels with commas.
    pub tags: Field,
    /// How they are written.
    pub tags_hint: String,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The question where everything shall go.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/empty.html")]
pub struct EmptyVirtualAccountPage {
    /// The frame.
    pub frame: Frame,
    /// The number in addresses.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Licenses in it.
    pub licenses: i64,
    /// Product instances in it.
    pub instances: i64,
    /// Active tokens.
    pub tokens: i64,
    /// Virtual accounts nested in it.
    pub children: i64,
    /// Where it can go.
    pub targets: Vec<Choice>,
    /// Why it did not.
    pub refused: Option<String>,
}

/// The form with what is there.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (overview, row) = find(&ask).await?;
        let fields = present(&row, &overview);
        EditVirtualAccountPage::of(&ask, (&overview, &row), &fields).await
    })
    .await
}

/// Changes a virtual account, or shows the form again with what is wrong.
pub async fn change(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (overview, row) = find(ask).await?;
        match carry_out(ask, fields).await {
            Ok(name) => Ok(ask.done(&home(ask), format!("{name} is changed."))),
            Err(error) => {
                let page = EditVirtualAccountPage::of(ask, (&overview, &row), fields).await?;
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

/// Asks where everything shall go.
pub async fn ask_empty(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (overview, row) = find(&ask).await?;
        Ok(EmptyVirtualAccountPage::of(&ask, &overview, &row, ""))
    })
    .await
}

/// Moves everything, or says why not.
pub async fn empty(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (overview, row) = find(ask).await?;
        let (engine, who, to) = (ask.engine(), &ask.visit.who, target(fields)?);
        match engine.move_everything(who, ask.domain(), ask.va()?, to).await {
            Ok(done) => Ok(ask.done(&home(ask), told(&done))),
            Err(error) => {
                let page = EmptyVirtualAccountPage::of(ask, &overview, &row, fields.get("to"));
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

fn told(done: &Emptied) -> String {
    let (from, to) = (done.from.name.as_str(), done.to.name.as_str());
    format!("Everything of {from} is in {to} now.")
}

async fn carry_out(ask: &Ask, fields: &Fields) -> engine::Result<String> {
    let (engine, who) = (ask.engine(), &ask.visit.who);
    let va = engine.change_virtual_account(who, ask.domain(), ask.va()?, wanted(fields)?).await?;
    Ok(va.name.as_str().to_owned())
}

fn target(fields: &Fields) -> Result<VaRef, Error> {
    let text = fields.get("to");
    text.parse().map(VaRef::Number).map_err(|_| Error::not_found("virtual account", text))
}

fn wanted(fields: &Fields) -> Result<VirtualAccountChange, Error> {
    let parent = fields.some("parent").map(|text| {
        text.parse().map(VaRef::Number).map_err(|_| Error::not_found("virtual account", text))
    });
    let level = fields.get("access");
    Ok(VirtualAccountChange {
        name: Name::parse(fields.get("name"))?,
        description: token::parse_description(fields.get("description"))?,
        access: Access::parse(level)
            .ok_or_else(|| Error::invalid("access", format!("{level}; public or private")))?,
        parent: parent.transpose()?,
        tags: tag::parse(fields.get("tags"))?,
    })
}

/// The fields as they stand.
fn present(row: &VirtualAccountRow, overview: &Overview) -> Fields {
    let va = &row.virtual_account;
    let parent = overview.virtual_accounts.iter().find(|r| Some(r.virtual_account.id) == va.parent);
    let number = parent.map_or_else(String::new, |r| r.virtual_account.number.to_string());
    let fields = [
        ("name", va.name.as_str().to_owned()),
        ("description", va.description.clone()),
        ("access", value_of(va.access).to_owned()),
        ("parent", number),
        ("tags", row.tags.join(", ")),
    ];
    Fields(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

/// All virtual accounts but this one, in order of the tree.
fn others(overview: &Overview, row: &VirtualAccountRow, wanted: &str) -> Vec<Choice> {
    let all = in_tree_order(&overview.virtual_accounts).into_iter();
    let other = all.filter(|(_, r)| r.virtual_account.id != row.virtual_account.id);
    let choice = |(_, r): (usize, &VirtualAccountRow)| {
        let number = r.virtual_account.number.to_string();
        let selected = number == wanted;
        Choice::new(number, r.virtual_account.name.as_str(), selected)
    };
    other.map(choice).collect()
}

impl EditVirtualAccountPage {
    async fn of(
        ask: &Ask,
        (overview, row): (&Overview, &VirtualAccountRow),
        fields: &Fields,
    ) -> Result<Self, Failure> {
        let va = &row.virtual_account;
        let parent = fields.get("parent");
        let chosen = Access::parse(fields.get("access")).unwrap_or(va.access);
        let level = |value| Choice::new(value_of(value), access(value), value == chosen);
        let top = Choice::new("", "Top level", parent.is_empty());
        Ok(Self {
            frame: frame(ask, overview, Tab::Outside),
            id: va.number,
            known_as: va.name.as_str().to_owned(),
            name: Field::of(fields.get("name")),
            description: Field::of(fields.get("description")),
            access: [Access::Public, Access::Private].map(level).into(),
            parents: std::iter::once(top).chain(others(overview, row, parent)).collect(),
            parent_error: None,
            tags: Field::of(fields.get("tags")),
            tags_hint: custom_tags::hint(ask).await?,
            refused: None,
        })
    }

    /// The same form with what is wrong, beside its field where it has one.
    fn refuse(mut self, error: &engine::Error) -> Self {
        let engine::Error::Domain(Error::Invalid { field, problem }) = error else {
            return Self { refused: Some(message(error)), ..self };
        };
        match *field {
            "name" => self.name = self.name.refused(problem),
            "description" => self.description = self.description.refused(problem),
            "tags" => self.tags = self.tags.refused(problem),
            "parent" => self.parent_error = Some(problem.clone()),
            _ => self.refused = Some(message(error)),
        }
        self
    }
}

impl EmptyVirtualAccountPage {
    fn refuse(self, error: &engine::Error) -> Self {
        Self { refused: Some(message(error)), ..self }
    }

    fn of(ask: &Ask, overview: &Overview, row: &VirtualAccountRow, wanted: &str) -> Self {
        let free = |choice: &Choice| {
            let rows = &overview.virtual_accounts;
            let found = rows.iter().find(|r| r.virtual_account.number.to_string() == choice.value);
            found.is_some_and(|r| r.virtual_account.satellite.is_none())
        };
        let mut targets = others(overview, row, wanted);
        targets.retain(free);
        let contents = row.contents;
        Self {
            frame: frame(ask, overview, Tab::Outside),
            id: row.virtual_account.number,
            name: row.virtual_account.name.as_str().to_owned(),
            licenses: contents.licenses,
            instances: contents.instances,
            tokens: contents.tokens,
            children: contents.children,
            targets,
            refused: None,
        }
    }
}
