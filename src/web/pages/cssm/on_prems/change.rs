//! Renaming and removing an On-Prem, and attaching another virtual account to it.

use crate::domain::Error;
use crate::domain::people::Permission;
use crate::engine::{self, OnPremView, Overview};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::cssm::place::{forbidden, frame};
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::view::{Choice, Field};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// The form for another name.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/rename.html")]
pub struct RenameOnPremPage {
    /// The frame.
    pub frame: Frame,
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub known_as: String,
    /// The name.
    pub name: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The form for another virtual account.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/attach.html")]
pub struct AttachPage {
    /// The frame.
    pub frame: Frame,
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub known_as: String,
    /// Unused virtual accounts.
    pub places: Vec<Choice>,
    /// A new one.
    pub place: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// Fails unless the viewer manages the On-Prem: no form is shown to those it would refuse.
pub(super) fn must_manage(overview: &Overview, view: &OnPremView) -> Result<(), Failure> {
    if view.may_manage {
        return Ok(());
    }
    Err(forbidden(overview, Permission::ManageOnPrems, &view.on_prem.name).into())
}

async fn managed(ask: &Ask) -> Result<(Frame, OnPremView), Failure> {
    let (overview, number) = (ask.overview().await?, ask.on_prem()?);
    let view = ask.engine().on_prem(&ask.visit.who, ask.domain(), number).await?;
    must_manage(&overview, &view)?;
    Ok((frame(ask, &overview, Tab::OnPrem), view))
}

fn details(ask: &Ask) -> Result<String, Failure> {
    Ok(format!("/sa/{}/on-prem/{}", ask.domain(), ask.on_prem()?))
}

/// The form for another name.
pub async fn ask_rename(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (frame, view) = managed(&ask).await?;
        let name = Field::of(&view.on_prem.name);
        Ok(RenameOnPremPage::of(frame, &view, name))
    })
    .await
}

/// Gives it another name.
pub async fn rename(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, number, name) = (&ask.visit.who, ask.on_prem()?, fields.get("name"));
        match ask.engine().rename_on_prem(who, ask.domain(), number, name.to_owned()).await {
            Ok(one) => Ok(ask.done(&details(ask)?, format!("It is called {} now.", one.name))),
            Err(error) => {
                let (frame, view) = managed(ask).await?;
                let page = RenameOnPremPage::of(frame, &view, Field::of(name)).refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

/// The form for another virtual account.
pub async fn ask_attach(ask: Ask) -> HttpResponse {
    show(&ask, async { attach_page(&ask, Field::default()).await }).await
}

/// Attaches another virtual account.
pub async fn attach(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, number) = (&ask.visit.who, ask.on_prem()?);
        let typed = fields.some("new_place").unwrap_or_else(|| fields.get("place"));
        match ask.engine().attach_virtual_account(who, ask.domain(), number, typed.into()).await {
            Ok(va) => Ok(ask.done(&details(ask)?, format!("{} is attached.", va.name.as_str()))),
            Err(error) => {
                let field = Field::of(fields.get("new_place"));
                let page = attach_page(ask, field).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn attach_page(ask: &Ask, place: Field) -> Result<AttachPage, Failure> {
    let (frame, view) = managed(ask).await?;
    let unused = ask.engine().on_prems(&ask.visit.who, ask.domain()).await?.unused;
    let choice = |va: &crate::domain::virtual_account::VirtualAccount| {
        Choice::new(va.name.as_str(), va.name.as_str(), false)
    };
    Ok(AttachPage {
        frame,
        id: view.on_prem.number,
        known_as: view.on_prem.name,
        places: unused.iter().map(choice).collect(),
        place,
        refused: None,
    })
}

/// Asks before it is removed.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (frame, view) = managed(&ask).await?;
        removal(&ask, frame, &view)
    })
    .await
}

/// Removes it.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, number) = (&ask.visit.who, ask.on_prem()?);
        let one = ask.engine().remove_on_prem(who, ask.domain(), number).await?;
        let to = format!("/sa/{}/on-prem", ask.domain());
        Ok(ask.done(&to, format!("{} is removed; its virtual accounts are ordinary.", one.name)))
    })
    .await
}

fn removal(ask: &Ask, frame: Frame, view: &OnPremView) -> Result<ConfirmPage, Failure> {
    let (name, names) = (&view.on_prem.name, super::names(view).join(", "));
    Ok(ConfirmPage {
        title: format!("Remove On-Prem {name}"),
        facts: vec![
            (labels::on_prem::PLACES.to_owned(), names),
            (labels::inventory::INSTANCES.to_owned(), view.instances.to_string()),
        ],
        consequence: "Its virtual accounts become ordinary ones, all at once, and keep their \
                      licenses. Its product instances are not listed here any more, and its \
                      registration tokens are void here. The satellite has to register again."
            .to_owned(),
        refused: view.on_prem.state.is_over(),
        blockers: vec![],
        action: format!("{}/remove", details(ask)?),
        button: format!("Remove {name}"),
        destroys: true,
        topic: help::ON_PREMS,
        cancel: details(ask)?,
        frame,
    })
}

/// Asks before one that is gone is put away.
pub async fn ask_dismiss(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (frame, view) = managed(&ask).await?;
        put_away(&ask, frame, &view)
    })
    .await
}

fn put_away(ask: &Ask, frame: Frame, view: &OnPremView) -> Result<ConfirmPage, Failure> {
    let name = &view.on_prem.name;
    Ok(ConfirmPage {
        title: format!("Dismiss {name}"),
        facts: vec![],
        consequence: "It leaves the list and its alert goes. The event log keeps it.".to_owned(),
        refused: !view.on_prem.state.is_over(),
        action: format!("{}/dismiss", details(ask)?),
        button: format!("Dismiss {name}"),
        destroys: false,
        ..removal(ask, frame, view)?
    })
}

/// Puts one that is gone away.
pub async fn dismiss(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, number) = (&ask.visit.who, ask.on_prem()?);
        let one = ask.engine().dismiss_on_prem(who, ask.domain(), number).await?;
        let to = format!("/sa/{}/on-prem", ask.domain());
        Ok(ask.done(&to, format!("{} is dismissed.", one.name)))
    })
    .await
}

impl RenameOnPremPage {
    fn of(frame: Frame, view: &OnPremView, name: Field) -> Self {
        let (id, known_as) = (view.on_prem.number, view.on_prem.name.clone());
        Self { frame, id, known_as, name, refused: None }
    }

    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "name", problem }) => {
                self.name = self.name.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}

impl AttachPage {
    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "name", problem }) => {
                self.place = self.place.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
