//! The dialog *Manual Synchronization…*: files that are carried (B-SYN-06).

use super::details::request as in_words;
use super::{frame, home, number, registered};
use crate::domain::Error;
use crate::domain::standing::SyncKind;
use crate::engine;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::sent_sync::{SentSync, download};
use crate::web::pages::view::{Choice, Field, When};
use actix_web::HttpResponse;
use askama::Template;

/// The dialog.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/sync/manual.html")]
pub struct ManualSyncPage {
    /// The frame.
    pub frame: Frame,
    /// The local account.
    pub name: String,
    /// Its number.
    pub id: i64,
    /// Standard or full.
    pub kinds: Vec<Choice>,
    /// The request that waits for its response: in words, and when it was made.
    pub open: Option<(String, When)>,
    /// Why a response was refused.
    pub file: Field,
    /// Why there is no request file.
    pub refused: Option<String>,
}

/// The dialog.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, ManualSyncPage::of(&ask, "")).await
}

/// Makes a request file to be carried to CSSM.
pub async fn request(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match make(ask, fields).await {
            Ok(made) => {
                let what = format!("request-{}", made.request.sequence);
                Ok(download(&made.name, &what, made.file))
            }
            Err(error) => {
                let page = ManualSyncPage::of(ask, fields.get("kind")).await?;
                let page = ManualSyncPage { refused: Some(message(&error)), ..page };
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn make(ask: &Ask, fields: &Fields) -> engine::Result<engine::RequestFile> {
    let word = fields.get("kind");
    let kind = SyncKind::parse(word);
    let problem = format!("'{word}' is neither standard nor full");
    let kind = kind.ok_or_else(|| Error::invalid("kind", problem))?;
    ask.engine().download_request(&ask.visit.who, number(ask)?, kind).await
}

/// Takes the response file of CSSM, or says why not.
pub async fn response(sent: SentSync) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        match take(ask, sent.bytes()).await {
            Ok(()) => {
                let sentence = "The response is taken: the local account is synchronized.";
                Ok(ask.done(&home(number(ask)?), sentence.to_owned()))
            }
            Err(error) => {
                let page = ManualSyncPage::of(ask, "").await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn take(ask: &Ask, file: Vec<u8>) -> engine::Result<()> {
    if file.is_empty() {
        return Err(Error::invalid("file", "choose the response file that CSSM has made").into());
    }
    ask.engine().upload_response(&ask.visit.who, number(ask)?, file).await
}

impl ManualSyncPage {
    async fn of(ask: &Ask, chosen: &str) -> Result<Self, Failure> {
        let (view, stands) = registered(ask).await?;
        // What only a full one heals is offered as such (AS-45).
        let only_full = stands.base.is_none() || stands.needs_full;
        let full = if chosen.is_empty() { only_full } else { chosen == "full" };
        let standard = "Standard: what has changed since the last synchronization";
        Ok(Self {
            frame: frame(ask).await?,
            name: view.account.name.clone(),
            id: view.account.number,
            kinds: vec![
                Choice::new(SyncKind::Standard.code(), standard, !full),
                Choice::new(SyncKind::Full.code(), "Full: everything", full),
            ],
            open: view.open.last().map(|one| (in_words(one), When::at(one.made_at, ask.now()))),
            file: Field::default(),
            refused: None,
        })
    }

    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Sync(refusal)) => {
                self.file = self.file.refused(&refusal.to_string());
            }
            engine::Error::Domain(Error::Invalid { field: "file", problem }) => {
                self.file = self.file.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }

    /// The address below which its dialogs live.
    pub fn base(&self) -> String {
        home(self.id)
    }
}
