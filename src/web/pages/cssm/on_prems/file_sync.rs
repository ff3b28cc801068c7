//! The dialog *File Sync…* (A-OPA-05).

use crate::domain::Error;
use crate::engine::{self, OnPremView, RequestBy};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::cssm::place::frame;
use crate::web::pages::frame::{Frame, Tab};
use crate::web::pages::help;
use crate::web::pages::sent_sync::SentSync;
use crate::web::pages::view::{Field, When};
use actix_web::HttpResponse;
use askama::Template;

/// The form.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/on_prems/sync.html")]
pub struct FileSyncPage {
    /// The frame.
    pub frame: Frame,
    /// The On-Prem.
    pub name: String,
    /// Its number.
    pub id: i64,
    /// When it synchronized last, and under which number.
    pub last: Option<(When, i64)>,
    /// Why the file was refused.
    pub file: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The form for a request file.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async { FileSyncPage::of(&ask).await }).await
}

/// Takes a request file, or says why not.
pub async fn upload(sent: SentSync) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let by = by(ask)?;
        match ask.engine().take_request(by, sent.bytes()).await {
            Ok(_) => taken(ask),
            Err(error) => {
                let page = FileSyncPage::of(ask).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

fn by(ask: &Ask) -> Result<RequestBy, Failure> {
    let (who, domain) = (ask.visit.who.clone(), ask.domain().to_owned());
    Ok(RequestBy::Person { who, domain, on_prem: ask.on_prem()? })
}

fn taken(ask: &Ask) -> Result<HttpResponse, Failure> {
    let to = format!("/sa/{}/on-prem/{}", ask.domain(), ask.on_prem()?);
    let sentence = "The file is taken. Download the response file and upload it on the satellite.";
    Ok(ask.done(&to, sentence.to_owned()))
}

impl FileSyncPage {
    async fn of(ask: &Ask) -> Result<Self, Failure> {
        let (overview, number) = (ask.overview().await?, ask.on_prem()?);
        let view = ask.engine().on_prem(&ask.visit.who, ask.domain(), number).await?;
        super::change::must_manage(&overview, &view)?;
        Ok(Self { frame: frame(ask, &overview, Tab::OnPrem), ..Self::empty(ask, &view) })
    }

    fn empty(ask: &Ask, view: &OnPremView) -> Self {
        let one = &view.on_prem;
        Self {
            frame: ask.frame(),
            name: one.name.clone(),
            id: one.number,
            last: one.last.at.map(|at| (When::at(at, ask.now()), one.last.sequence)),
            file: Field::default(),
            refused: None,
        }
    }

    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::OnPrem(refusal)) => {
                self.file = self.file.refused(&refusal.to_string());
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
