//! The dialog *New On-Prem…* (A-OPA-02).

use crate::domain::Error;
use crate::domain::on_prem::OnPrem;
use crate::engine::{self, NewOnPrem, OnPremList, Overview};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Fields, show};
use crate::web::pages::cssm::place::{forbidden, frame};
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::sent_sync::SentSync;
use crate::web::pages::view::{Choice, Field};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// The form.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/new.html")]
pub struct NewOnPremPage {
    /// The frame.
    pub frame: Frame,
    /// The name; empty: that of the local account.
    pub name: Field,
    /// Why the file was refused.
    pub file: Field,
    /// Unused virtual accounts beside those that the file names.
    pub places: Vec<Choice>,
    /// A new one.
    pub place: Field,
    /// Where mails go.
    pub email: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The empty form.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let found = ask.engine().on_prems(&ask.visit.who, ask.domain()).await?;
        if !found.may_create {
            let what = crate::domain::people::Permission::ManageOnPrems;
            return Err(forbidden(&overview, what, &overview.account.name).into());
        }
        Ok(NewOnPremPage::of(&ask, &overview, &found, &Fields::default()))
    })
    .await
}

/// Registers it, or shows the form again with what is wrong.
pub async fn create(sent: SentSync) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, new) = (&ask.visit.who, wanted(fields, sent.bytes()));
        match ask.engine().create_on_prem(who, ask.domain(), new).await {
            Ok(one) => Ok(made(ask, &one)),
            Err(error) => {
                let found = ask.engine().on_prems(who, ask.domain()).await?;
                let page = NewOnPremPage::of(ask, &ask.overview().await?, &found, fields);
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

fn made(ask: &Ask, one: &OnPrem) -> HttpResponse {
    let to = format!("/sa/{}/on-prem/{}", ask.domain(), one.number);
    let next = if one.is_ready(ask.now()) {
        "download its authorization file"
    } else {
        "its authorization file will be ready later"
    };
    ask.done(&to, format!("{} is registered; {next}.", one.name))
}

fn wanted(fields: &Fields, file: Vec<u8>) -> NewOnPrem {
    let places = fields.all("place").chain(fields.some("new_place"));
    NewOnPrem {
        name: fields.get("name").to_owned(),
        file,
        virtual_accounts: places.map(str::to_owned).collect(),
        email: fields.get("email").to_owned(),
    }
}

impl NewOnPremPage {
    fn of(ask: &Ask, overview: &Overview, found: &OnPremList, fields: &Fields) -> Self {
        let chosen: Vec<&str> = fields.all("place").collect();
        let choice = |va: &crate::domain::virtual_account::VirtualAccount| {
            let name = va.name.as_str();
            Choice::new(name, name, chosen.contains(&name))
        };
        Self {
            frame: frame(ask, overview, Tab::OnPrem),
            name: Field::of(fields.get("name")),
            file: Field::default(),
            places: found.unused.iter().map(choice).collect(),
            place: Field::of(fields.get("new_place")),
            email: Field::of(fields.get("email")),
            refused: None,
        }
    }

    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "name", problem }) => {
                self.name = self.name.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "email", problem }) => {
                self.email = self.email.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "virtual_accounts", problem }) => {
                self.place = self.place.refused(problem);
            }
            engine::Error::Domain(Error::Invalid { field: "file", problem }) => {
                self.file = self.file.refused(problem);
            }
            engine::Error::Domain(Error::OnPrem(refusal)) => {
                self.file = self.file.refused(&refusal.to_string());
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
