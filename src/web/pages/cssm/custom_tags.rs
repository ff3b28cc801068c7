//! Custom tags of an account, in both portals (A-MSA-09, B-LWS-08).

use super::place::frame;
use super::virtual_accounts::managers_only;
use crate::domain::custom_tag::CustomTag;
use crate::domain::id::CustomTagId;
use crate::domain::{self, Error};
use crate::engine::{self, CustomTagRow, CustomTagWish};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::{Frame, NavItem, Tab};
use crate::web::pages::labels::account as label;
use crate::web::pages::paging::cut;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use crate::web::pages::satellite::manage;
use crate::web::pages::view::Pager;
use crate::web::pages::{filters, help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One custom tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomTagLine {
    /// The identity in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The values that it may have.
    pub values: Vec<String>,
    /// Labels of it on virtual accounts.
    pub virtual_accounts: usize,
    /// Labels of it on licenses.
    pub licenses: usize,
}

/// The list of custom tags.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/custom_tags.html")]
pub struct CustomTagsPage {
    /// The frame.
    pub frame: Frame,
    /// The tabs of *Manage Account*; none in CSSM.
    pub tabs: Vec<NavItem>,
    /// The custom tags, by name.
    pub lines: Vec<CustomTagLine>,
    /// Whether the viewer may change them.
    pub may_change: bool,
    /// Where one is.
    pub pager: Pager,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let frame = frame(&ask, &overview, Tab::Outside);
        let lines = rows(&ask).await?.iter().map(CustomTagLine::of).collect();
        let (lines, pager) =
            cut(&ask, lines, |line: &CustomTagLine| line.id.clone(), "custom tag")?;
        let tabs = manage::tabs(&frame, manage::CUSTOM_TAGS);
        Ok(CustomTagsPage { frame, tabs, lines, may_change: overview.may_manage, pager })
    })
    .await
}

/// The form of a new one.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, new_page(&ask, &Fields::default())).await
}

/// Creates one, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match ask.engine().create_custom_tag(&ask.visit.who, ask.domain(), wish(fields)).await {
            Ok(one) => Ok(ask.done(&home(ask), format!("Custom tag {} is created.", one.name))),
            Err(error) => refused(ask, &error, new_page(ask, fields)).await,
        }
    })
    .await
}

/// The form of one that is there.
pub async fn edit(ask: Ask) -> HttpResponse {
    show(&ask, edit_page(&ask, None)).await
}

/// Gives one other values, or says what is wrong.
pub async fn change(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, values) = (&ask.visit.who, fields.get("values").to_owned());
        match ask.engine().change_custom_tag(who, ask.domain(), id(ask)?, values).await {
            Ok(one) => Ok(ask.done(&home(ask), format!("Custom tag {} is changed.", one.name))),
            Err(error) => refused(ask, &error, edit_page(ask, Some(fields))).await,
        }
    })
    .await
}

/// Asks before one is removed.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask)).await
}

/// Removes one.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let one = ask.engine().remove_custom_tag(&ask.visit.who, ask.domain(), id(ask)?).await?;
        Ok(ask.done(&home(ask), format!("Custom tag {} is removed.", one.name)))
    })
    .await
}

/// What stands below a field for labels: the custom tags, and how they are written.
pub(super) async fn hint(ask: &Ask) -> engine::Result<String> {
    let all = ask.engine().custom_tags(&ask.visit.who, ask.domain()).await?;
    let each = |one: &CustomTag| format!("{}: {}", one.name, one.values.join(" | "));
    let known: Vec<String> = all.iter().map(each).collect();
    let own = "Labels, with commas between them.";
    Ok(match known.as_slice() {
        [] => own.to_owned(),
        some => format!("{own} Custom tags take one of their values: {}.", some.join("; ")),
    })
}

async fn rows(ask: &Ask) -> engine::Result<Vec<CustomTagRow>> {
    ask.engine().custom_tag_uses(&ask.visit.who, ask.domain()).await
}

fn home(ask: &Ask) -> String {
    format!("{}/{}", ask.base(), manage::CUSTOM_TAGS)
}

fn id(ask: &Ask) -> domain::Result<CustomTagId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("custom tag", text))
}

/// The one of the address, for those who may change it.
async fn find(ask: &Ask) -> Result<(Frame, CustomTagLine), Failure> {
    let frame = manager(ask).await?;
    let id = id(ask)?;
    let found = rows(ask).await?.iter().find(|row| row.custom.id == id).map(CustomTagLine::of);
    Ok((frame, found.ok_or_else(|| Error::not_found("custom tag", id.to_string()))?))
}

async fn manager(ask: &Ask) -> Result<Frame, Failure> {
    let overview = ask.overview().await?;
    if !overview.may_manage {
        return Err(managers_only(&overview));
    }
    Ok(frame(ask, &overview, Tab::Outside))
}

fn wish(fields: &Fields) -> CustomTagWish {
    let of = |key| fields.get(key).to_owned();
    CustomTagWish { name: of("name"), values: of("values") }
}

fn values(text: &str) -> Input {
    Input::new("values", label::VALUES, Kind::Lines, text)
        .hint("One on a line or with commas, each at most 24 characters.")
}

async fn new_page(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let name = Input::new("name", "Name", Kind::Line("text"), fields.get("name"))
        .hint("At most 24 characters, unique whatever the case. It cannot be changed later.");
    Ok(FormPage {
        frame: manager(ask).await?,
        title: label::NEW_CUSTOM_TAG.into(),
        lead: "Whoever labels a virtual account or a license with it picks one of its values."
            .into(),
        action: format!("{}/new", home(ask)),
        inputs: vec![name, values(fields.get("values"))],
        refused: None,
        button: "Create Custom Tag".into(),
        cancel: home(ask),
        topic: help::TAGS,
    })
}

async fn edit_page(ask: &Ask, typed: Option<&Fields>) -> Result<FormPage, Failure> {
    let (frame, line) = find(ask).await?;
    let known = line.values.join("\n");
    Ok(FormPage {
        frame,
        title: format!("Change {}", line.name),
        lead: "Values that a label has stay; take the label away first.".into(),
        action: format!("{}/{}/edit", home(ask), line.id),
        inputs: vec![values(typed.map_or(&known, |fields| fields.get("values")))],
        refused: None,
        button: "Save".into(),
        cancel: home(ask),
        topic: help::TAGS,
    })
}

async fn question(ask: &Ask) -> Result<ConfirmPage, Failure> {
    let (frame, line) = find(ask).await?;
    Ok(ConfirmPage {
        frame,
        title: "Remove custom tag".into(),
        facts: vec![
            ("Custom tag".into(), line.name.clone()),
            (label::VALUES.into(), line.values.join(", ")),
            ("Labels on virtual accounts".into(), line.virtual_accounts.to_string()),
            ("Labels on licenses".into(), line.licenses.to_string()),
        ],
        consequence: "Its labels stay where they are and may be changed to anything.".into(),
        refused: false,
        blockers: Vec::new(),
        action: format!("{}/{}/remove", home(ask), line.id),
        button: format!("Remove {}", line.name),
        destroys: true,
        topic: help::TAGS,
        cancel: home(ask),
    })
}

impl CustomTagLine {
    fn of(row: &CustomTagRow) -> Self {
        let CustomTagRow { custom, virtual_accounts, licenses } = row.clone();
        let id = custom.id.to_string();
        Self { id, name: custom.name, values: custom.values, virtual_accounts, licenses }
    }
}
