//! The dialogs *Standard* and *Full Synchronization Now…* (B-SYN-02, B-SYN-05).

use super::{frame, home, number, registered};
use crate::domain::local_account::LocalAccount;
use crate::domain::standing::SyncKind;
use crate::domain::{self, Error, Timestamp};
use crate::engine;
use crate::engine::uplink::Login;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::help;
use crate::web::pages::satellite::form::{FormPage, Input, Kind};
use actix_web::HttpResponse;

/// The dialog.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, dialog(&ask, "")).await
}

/// Synchronizes, or says why not.
pub async fn synchronize(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (view, _) = registered(ask).await?;
        match run(ask, fields, &view.account).await {
            Ok(()) => {
                let sentence = format!("{} is synchronized with CSSM.", view.account.name);
                Ok(ask.done(&home(view.account.number), sentence))
            }
            Err(error) => {
                let page = dialog(ask, fields.get("user")).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn run(ask: &Ask, fields: &Fields, account: &LocalAccount) -> engine::Result<()> {
    let (kind, login) = (kind(ask)?, login(fields, account, ask.now())?);
    ask.engine().synchronize_now(&ask.visit.who, number(ask)?, kind, login).await
}

fn kind(ask: &Ask) -> domain::Result<SyncKind> {
    let word = ask.segment("kind");
    SyncKind::parse(word).ok_or_else(|| Error::not_found("kind of synchronization", word))
}

/// Whether CSSM has to be told who is asking.
fn needs_login(account: &LocalAccount, now: Timestamp) -> bool {
    let alive = account.credential_ends.is_some_and(|ends| now < ends);
    account.credential.is_none() || !alive
}

/// The user of CSSM who was typed; asked for only when the credential is gone.
fn login(fields: &Fields, account: &LocalAccount, now: Timestamp) -> domain::Result<Option<Login>> {
    let (user, password) = (fields.get("user").trim(), fields.get("password"));
    if user.is_empty() && !needs_login(account, now) {
        return Ok(None);
    }
    for (field, text) in [("user", user), ("password", password)] {
        if text.is_empty() {
            return Err(Error::invalid(field, "a value is needed"));
        }
    }
    Ok(Some(Login { user: user.to_owned(), password: password.to_owned() }))
}

async fn dialog(ask: &Ask, user: &str) -> Result<FormPage, Failure> {
    let kind = kind(ask)?;
    let (view, _) = registered(ask).await?;
    let account = &view.account;
    let mut inputs = Vec::new();
    if needs_login(account, ask.now()) {
        let name = Input::new("user", "CSSM user name", Kind::Line("text"), user);
        inputs.push(name.hint("Somebody who may manage its virtual accounts there."));
        inputs
            .push(Input::secret("password", "Password").hint("It is used once and kept nowhere."));
    }
    let base = home(account.number);
    Ok(FormPage {
        frame: frame(ask).await?,
        title: format!("{} synchronization of {}", kind.word(), account.name),
        lead: lead(kind, account, ask.now()),
        action: format!("{base}/now/{}", kind.code()),
        inputs,
        refused: None,
        button: "Synchronize Now".into(),
        cancel: base,
        topic: help::SYNCHRONIZATION,
    })
}

fn lead(kind: SyncKind, account: &LocalAccount, now: Timestamp) -> String {
    let what = match kind {
        SyncKind::Standard => "CSSM is told what has changed since the last synchronization.",
        SyncKind::Full => "CSSM is told everything, which heals what has diverged.",
    };
    let login = match (account.by_file, account.credential_ends) {
        _ if !needs_login(account, now) => "",
        (true, _) => {
            " This local account was synchronized by files until now: sign in with a CSSM user, \
             and it uses the network from here on."
        }
        (false, _) => " The login for CSSM has ended: sign in again with a CSSM user and password.",
    };
    format!("{what}{login}")
}
