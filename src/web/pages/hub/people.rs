//! Who has which role at a partner and its customers (features 6.3).

use super::frame::{at, base, lang};
use super::labels::Words;
use crate::domain::hub::{Organization, Role};
use crate::domain::id::HubRoleId;
use crate::domain::{self, Error};
use crate::engine::{HubPerson, RoleGift};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::frame::Frame;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use crate::web::pages::view::Choice;
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// One role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubPersonRow {
    /// The identity of the role in addresses.
    pub id: String,
    /// Login name.
    pub name: String,
    /// The role.
    pub role: &'static str,
    /// Where it is held.
    pub at: String,
}

/// The list of roles.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/hub/people.html")]
pub struct HubPeoplePage {
    /// The frame.
    pub frame: Frame,
    /// The texts.
    pub words: &'static Words,
    /// The address of the list.
    pub base: String,
    /// The roles, by name.
    pub people: Vec<HubPersonRow>,
}

/// The list.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (desk, people) = ask.engine().hub_people(&ask.visit.who, ask.segment("key")).await?;
        Ok(HubPeoplePage {
            frame: at(&ask, &desk, "people").await?,
            words: Words::of(lang(&ask)),
            base: own(&ask),
            people: people.iter().map(HubPersonRow::of).collect(),
        })
    })
    .await
}

/// The form that gives a role.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, form(&ask, &Fields::default())).await
}

/// Gives a role, or says what is wrong.
pub async fn give(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match ask.engine().give_hub_role(&ask.visit.who, ask.segment("key"), gift(fields)).await {
            Ok(text) => Ok(ask.done(&own(ask), text)),
            Err(error) => refused(ask, &error, form(ask, fields)).await,
        }
    })
    .await
}

/// Asks before a role is taken.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, question(&ask)).await
}

/// Takes a role, or says why not.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        match ask.engine().take_hub_role(&ask.visit.who, ask.segment("key"), id(ask)?).await {
            Ok(text) => Ok(ask.done(&own(ask), text)),
            Err(error) => {
                let (consequence, asked) = (message(&error), question(ask).await?);
                let page = ConfirmPage { consequence, refused: true, ..asked };
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

fn own(ask: &Ask) -> String {
    format!("{}/people", base(ask.segment("key")))
}

fn id(ask: &Ask) -> domain::Result<HubRoleId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("role", text))
}

fn gift(fields: &Fields) -> RoleGift {
    RoleGift {
        user: fields.get("user").trim().to_owned(),
        role: fields.get("role").to_owned(),
        customer: fields.some("customer").map(str::to_owned),
    }
}

async fn form(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let seen = ask.engine().hub_people(&ask.visit.who, ask.segment("key")).await?.0;
    let partner = ask.engine().partner_desk(&ask.visit.who, ask.segment("key")).await?;
    let words = Words::of(lang(ask));
    let frame = at(ask, &seen, "people").await?;
    Ok(blank_form(frame, words, (own(ask), inputs(words, &partner.customers, fields))))
}

fn blank_form(frame: Frame, words: &Words, (list, inputs): (String, Vec<Input>)) -> FormPage {
    FormPage {
        frame,
        title: words.give.to_owned(),
        lead: words.people_lead.to_owned(),
        action: format!("{list}/new"),
        inputs,
        refused: None,
        button: words.give.to_owned(),
        cancel: list,
        topic: help::HUB_PEOPLE,
    }
}

fn inputs(words: &Words, customers: &[Organization], fields: &Fields) -> Vec<Input> {
    let (role, customer) = (fields.get("role"), fields.get("customer"));
    let roles = Role::ALL.map(|one| Choice::new(one.name(), one.name(), one.name() == role));
    let mut places = vec![Choice::new("", words.whole_partner, customer.is_empty())];
    let place = |of: &Organization| Choice::new(&of.key, &of.name, of.key == customer);
    places.extend(customers.iter().map(place));
    let user = Input::new("user", words.user, Kind::Line("text"), fields.get("user"));
    vec![
        user.hint(words.user_hint),
        Input::new("role", words.role, Kind::Choice(roles.into()), role),
        Input::new("customer", words.customer, Kind::Choice(places), customer)
            .hint(words.customer_hint),
    ]
}

async fn question(ask: &Ask) -> Result<ConfirmPage, Failure> {
    let (desk, people) = ask.engine().hub_people(&ask.visit.who, ask.segment("key")).await?;
    let id = id(ask)?;
    let person = people.iter().find(|person| person.id == id);
    let person = person.ok_or_else(|| Error::not_found("role", id.to_string()))?;
    let words = Words::of(lang(ask));
    let (name, role, place) = (&person.name, person.role, &person.at.name);
    Ok(ConfirmPage {
        frame: at(ask, &desk, "people").await?,
        title: words.take.to_owned(),
        facts: vec![
            (words.user.to_owned(), name.clone()),
            (words.role.to_owned(), role.name().to_owned()),
            (words.organization.to_owned(), place.clone()),
        ],
        consequence: format!("{name} will not be {role} of {place} any more."),
        refused: false,
        blockers: Vec::new(),
        action: format!("{}/{id}/remove", own(ask)),
        button: format!("{}: {role}, {name}", words.take),
        destroys: true,
        topic: help::HUB_PEOPLE,
        cancel: own(ask),
    })
}

impl HubPersonRow {
    fn of(person: &HubPerson) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            role: person.role.name(),
            at: person.at.name.clone(),
        }
    }
}
