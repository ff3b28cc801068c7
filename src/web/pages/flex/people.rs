//! People of a contract and their accounts.

use super::{base, id, sections};
use crate::domain::active_user::Standing;
use crate::domain::active_user::person::Employment;
use crate::domain::hub::Permission;
use crate::domain::{self, Error};
use crate::engine::{PersonRow, PersonWish};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::filters;
use crate::web::pages::frame::{Frame, NavItem};
use crate::web::pages::hub::frame::at;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use crate::web::pages::view::{Choice, When};
use crate::web::pages::{help, labels};
use crate::web::tenant::segment;
use actix_web::HttpResponse;
use askama::Template;

/// People on a page (ours).
const ROWS: i64 = 50;

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonItem {
    /// The key.
    pub key: String,
    /// The same, for addresses.
    pub part: String,
    /// The name.
    pub name: String,
    /// What they are to the customer.
    pub standing: String,
    /// Their account.
    pub account: Option<String>,
    /// When they left.
    pub left: Option<When>,
}

/// The people.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/flex/people.html")]
pub struct PeoplePage {
    /// The frame.
    pub frame: Frame,
    /// The pages of the contract.
    pub tabs: Vec<NavItem>,
    /// The address of the contract.
    pub base: String,
    /// Its name.
    pub name: String,
    /// Whether the viewer may change them.
    pub may_manage: bool,
    /// How many there are.
    pub total: i64,
    /// Those of this page, by their keys.
    pub rows: Vec<PersonItem>,
    /// Where the next ones are.
    pub next: Option<String>,
    /// Where the first ones are, if these are others.
    pub first: Option<String>,
}

/// The people.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, people_page(&ask)).await
}

async fn people_page(ask: &Ask) -> Result<PeoplePage, Failure> {
    let after = ask.query.get("after").to_owned();
    let part = (after.clone(), ROWS + 1);
    let found = ask.engine().au_people(&ask.visit.who, id(ask)?, part).await?;
    let (desk, contract, mut rows, total) = found;
    let address = format!("{}/people", base(contract.id));
    let more = rows.len() > usize::try_from(ROWS).unwrap_or_default();
    if more {
        rows.pop();
    }
    let last = rows.last().filter(|_| more);
    Ok(PeoplePage {
        frame: at(ask, &desk, "contracts").await?,
        tabs: sections(contract.id, "/people"),
        base: base(contract.id),
        name: contract.name,
        may_manage: desk.may(Permission::ManageOrders),
        total,
        next: last.map(|last| format!("{address}?after={}", segment(&last.person.key))),
        first: (!after.is_empty()).then_some(address),
        rows: rows.iter().map(|row| PersonItem::of(row, ask)).collect(),
    })
}

impl PersonItem {
    fn of(row: &PersonRow, ask: &Ask) -> Self {
        let person = &row.person;
        let standing = match &person.standing {
            Standing::Employee => "Employee".to_owned(),
            Standing::Contractor { on_behalf: true, under_contract: true, has_access: true } => {
                "Contractor".to_owned()
            }
            Standing::Contractor { .. } => "Contractor who does not count".to_owned(),
            Standing::Affiliate(name) => format!("Of {name}"),
        };
        Self {
            key: person.key.clone(),
            part: segment(&person.key),
            name: person.name.clone(),
            standing,
            account: row.account.as_ref().map(|account| account.name.clone()),
            left: person.left_at.map(|at| When::at(at, ask.now())),
        }
    }
}

/// A form of the people of a contract.
async fn form(
    ask: &Ask,
    (path, title, lead): (String, &str, String),
    inputs: Vec<Input>,
) -> Result<FormPage, Failure> {
    let view = ask.engine().au_contract(&ask.visit.who, id(ask)?, None).await?;
    view.desk.require(Permission::ManageOrders)?;
    let address = format!("{}/people", base(view.contract.id));
    Ok(FormPage {
        frame: at(ask, &view.desk, "contracts").await?,
        title: title.to_owned(),
        lead,
        action: format!("{address}/{path}"),
        inputs,
        refused: None,
        button: title.to_owned(),
        cancel: address,
        topic: help::CONTRACT_PEOPLE,
    })
}

/// The form of somebody new.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, adding(&ask, &Fields::default())).await
}

async fn adding(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let sent = fields.get("employment");
    let kinds = [
        (Employment::Employee, "Employee"),
        (Employment::Contractor, "Contractor"),
        (Employment::Affiliate, "Employee of an affiliate"),
    ];
    let kinds = kinds.map(|(one, text)| Choice::new(one.code(), text, one.code() == sent));
    let line = |key, label, hint: &str| {
        Input::new(key, label, Kind::Line("text"), fields.get(key)).hint(hint)
    };
    let tick = |key, label| Input::new(key, label, Kind::Tick, fields.get(key));
    let inputs = vec![
        line("key", "Key", "What reports call them, such as a mail address."),
        line("name", "Name", ""),
        Input::new("employment", "Is", Kind::Choice(kinds.into()), sent),
        tick("on_behalf", "Contractor: works on the customer's behalf"),
        tick("under_contract", "Contractor: under its control by a written contract"),
        tick("has_access", "Contractor: has access to its systems"),
        line("affiliate", "Affiliate", "For employees of one."),
        line("account", "Account", "Enabled at once; empty for none. It costs nothing."),
    ];
    let lead = "Somebody whose key is known is changed.".to_owned();
    form(ask, ("new".to_owned(), "Add Person", lead), inputs).await
}

fn wish(fields: &Fields) -> domain::Result<PersonWish> {
    let standing = match Employment::of("employment", fields.get("employment"))? {
        Employment::Employee => Standing::Employee,
        Employment::Contractor => Standing::Contractor {
            on_behalf: fields.yes("on_behalf"),
            under_contract: fields.yes("under_contract"),
            has_access: fields.yes("has_access"),
        },
        Employment::Affiliate => Standing::Affiliate(fields.get("affiliate").to_owned()),
    };
    let account = fields.some("account").map(str::to_owned);
    let (key, name) = (fields.get("key").to_owned(), fields.get("name").to_owned());
    Ok(PersonWish { key, name, standing, account })
}

/// Adds somebody, or says what is wrong.
pub async fn add(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let id = id(ask)?;
        let done = match wish(fields) {
            Ok(wish) => ask.engine().au_put_people(&ask.visit.who, id, vec![wish]).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(_) => Ok(ask.done(&own(ask)?, added(fields))),
            Err(error) => refused(ask, &error, adding(ask, fields)).await,
        }
    })
    .await
}

fn added(fields: &Fields) -> String {
    format!("{} is in the contract.", fields.get("name"))
}

fn own(ask: &Ask) -> domain::Result<String> {
    Ok(format!("{}/people", base(id(ask)?)))
}

/// The form of an account for somebody.
pub async fn ask_enable(ask: Ask) -> HttpResponse {
    show(&ask, enabling(&ask, &Fields::default())).await
}

async fn enabling(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let key = ask.query.get("key");
    let path = format!("enable?key={}", segment(key));
    let account = fields.some("account").unwrap_or(key);
    let input = Input::new("account", "Account", Kind::Line("text"), account)
        .hint("Not that of somebody else, unless they have left.");
    form(ask, (path, "Enable Account", format!("For {key}; it costs nothing.")), vec![input]).await
}

/// Enables an account, or says why not.
pub async fn enable(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (key, name) = (ask.query.get("key").to_owned(), fields.get("account").to_owned());
        match ask.engine().au_enable(&ask.visit.who, id(ask)?, (key, name)).await {
            Ok(one) => Ok(ask.done(&own(ask)?, format!("{} has an account.", one.name))),
            Err(error) => refused(ask, &error, enabling(ask, fields)).await,
        }
    })
    .await
}

/// The question before a change of one person.
async fn question(
    ask: &Ask,
    (path, title, consequence): (&str, &str, &str),
) -> Result<ConfirmPage, Failure> {
    let key = ask.query.get("key");
    let view = ask.engine().au_contract(&ask.visit.who, id(ask)?, None).await?;
    view.desk.require(Permission::ManageOrders)?;
    if key.is_empty() {
        return Err(Error::not_found("person", key).into());
    }
    Ok(ConfirmPage {
        frame: at(ask, &view.desk, "contracts").await?,
        title: title.to_owned(),
        facts: vec![("Person".to_owned(), key.to_owned())],
        consequence: consequence.to_owned(),
        refused: false,
        blockers: Vec::new(),
        action: format!("{}/{path}?key={}", own(ask)?, segment(key)),
        button: format!("{title}: {key}"),
        destroys: true,
        topic: help::CONTRACT_PEOPLE,
        cancel: own(ask)?,
    })
}

const DISABLE: (&str, &str, &str) = (
    "disable",
    "Disable account",
    "The person keeps the right to it and may get it back. Nobody else gets it.",
);
const LEAVE: (&str, &str, &str) = (
    "leave",
    "Person leaves",
    "The account is disabled and may pass to somebody else. Meetings of before count on.",
);

/// Asks before an account is disabled.
pub async fn ask_disable(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask, DISABLE)).await
}

/// Disables an account.
pub async fn disable(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let key = ask.query.get("key").to_owned();
        match ask.engine().au_disable(&ask.visit.who, id(ask)?, key).await {
            Ok(one) => Ok(ask.done(&own(ask)?, format!("{} has no account.", one.name))),
            Err(error) => again(ask, &error, DISABLE).await,
        }
    })
    .await
}

/// Asks before somebody leaves.
pub async fn ask_leave(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask, LEAVE)).await
}

/// Somebody leaves.
pub async fn leave(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let key = ask.query.get("key").to_owned();
        match ask.engine().au_leave(&ask.visit.who, id(ask)?, key).await {
            Ok(one) => Ok(ask.done(&own(ask)?, format!("{} has left.", one.name))),
            Err(error) => again(ask, &error, LEAVE).await,
        }
    })
    .await
}

async fn again(
    ask: &Ask,
    error: &crate::engine::Error,
    what: (&str, &str, &str),
) -> Result<HttpResponse, Failure> {
    let (consequence, asked) = (message(error), question(ask, what).await?);
    let page = ConfirmPage { consequence, refused: true, ..asked };
    Ok(ask.visit.render_with(status(error).0, &page))
}
