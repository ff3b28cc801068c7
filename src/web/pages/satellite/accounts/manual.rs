//! Registration by files (B-ACC-07).

use super::{HERE, at, list_of, number};
use crate::domain::Error;
use crate::domain::local_account::LocalState;
use crate::engine;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::sent_sync::{SentSync, download};
use crate::web::pages::view::{Field, Tone};
use crate::web::pages::{help, labels};
use actix_web::HttpResponse;
use askama::Template;

/// The three steps of registering by files.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/satellite/accounts/manual.html")]
pub struct ManualPage {
    /// The frame.
    pub frame: Frame,
    /// The local account's name.
    pub name: String,
    /// Its Smart Account in CSSM.
    pub smart_account: String,
    /// Its virtual accounts there.
    pub virtual_accounts: String,
    /// Whether it was registered before.
    pub again: bool,
    /// Whether a registration file waits for its authorization file.
    pub waits: bool,
    /// The address of the account.
    pub own: String,
    /// The list it stands in.
    pub back: &'static str,
    /// Why the file was refused.
    pub file: Field,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The steps.
pub async fn page(ask: Ask) -> HttpResponse {
    show(&ask, steps(&ask)).await
}

/// Makes the registration file.
pub async fn registration(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, number) = (&ask.visit.who, number(ask)?);
        let view = ask.engine().local_account(who, number).await?;
        match ask.engine().local_registration_file(who, number).await {
            Ok(file) => Ok(download(&view.account.name, "registration", file)),
            Err(error) => refused(ask, &error).await,
        }
    })
    .await
}

/// Takes the authorization file, or says why not.
pub async fn upload(sent: SentSync) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, number) = (&ask.visit.who, number(ask)?);
        match ask.engine().take_authorization(who, number, sent.bytes()).await {
            Ok(account) => Ok(ask.done(HERE, registered(&account.name))),
            Err(error) => refused(ask, &error).await,
        }
    })
    .await
}

fn registered(name: &str) -> String {
    format!("{name} is registered with CSSM. Synchronize it by files now.")
}

async fn refused(ask: &Ask, error: &engine::Error) -> Result<HttpResponse, Failure> {
    let page = steps(ask).await?.refuse(error);
    Ok(ask.visit.render_with(status(error).0, &page))
}

async fn steps(ask: &Ask) -> Result<ManualPage, Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number(ask)?).await?;
    let account = &view.account;
    Ok(ManualPage {
        frame: frame(ask, HERE).await?,
        name: account.name.clone(),
        smart_account: account.smart_account.clone(),
        virtual_accounts: account.virtual_accounts.join(", "),
        again: account.state != LocalState::Pending,
        waits: account.registration_nonce.is_some(),
        own: at(account.number),
        back: list_of(&view),
        file: Field::default(),
        refused: None,
    })
}

impl ManualPage {
    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Sync(refusal)) => {
                self.file = self.file.refused(&refusal.to_string());
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
