//! What becomes of a request: registered over the network, or rejected (B-ACC-05, -06); and
//! registering again (B-ACC-12).

use super::{HERE, REQUESTS, at, list_of, number};
use crate::domain::local_account::LocalState;
use crate::domain::standing::SyncState;
use crate::engine::LocalAccountView;
use crate::engine::uplink::Login;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::help;
use crate::web::pages::labels::local_account as label;
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use actix_web::HttpResponse;

/// Asks for a user of CSSM.
pub async fn ask_approve(ask: Ask) -> HttpResponse {
    show(&ask, approve_page(&ask, "")).await
}

/// Registers it over the network and synchronizes it, or says why not.
pub async fn approve(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, number, login) = (&ask.visit.who, number(ask)?, login(fields));
        let user = login.user.clone();
        match ask.engine().approve_local_account(who, number, login).await {
            Ok(_) => registered(ask, number).await,
            Err(error) => refused(ask, &error, approve_page(ask, &user)).await,
        }
    })
    .await
}

fn login(fields: &Fields) -> Login {
    let (user, password) = (fields.get("user").trim(), fields.get("password"));
    Login { user: user.to_owned(), password: password.to_owned() }
}

/// It is registered, whatever became of its first synchronization.
async fn registered(ask: &Ask, number: i64) -> Result<HttpResponse, Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number).await?;
    let failed = view.standing.filter(|one| one.state == SyncState::Failed);
    let rest = failed.map_or_else(
        || " and synchronized.".to_owned(),
        |one| format!("; its first synchronization failed: {}", one.problem),
    );
    let sentence = format!("{} is registered with CSSM{rest}", view.account.name);
    Ok(ask.done(HERE, sentence))
}

async fn approve_page(ask: &Ask, user: &str) -> Result<FormPage, Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number(ask)?).await?;
    let first = view.account.state == LocalState::Pending;
    let verb = if first { "Approve" } else { "Re-Register" };
    let mut inputs = facts(&view);
    inputs.push(
        Input::new("user", "CSSM user name", Kind::Line("text"), user)
            .hint("An administrator of the Smart Account, or of the virtual account."),
    );
    inputs.push(
        Input::secret("password", "CSSM password").hint(
            "It is used once and not kept; CSSM gives a credential for later synchronizations.",
        ),
    );
    Ok(FormPage {
        frame: frame(ask, HERE).await?,
        title: format!("{verb} {}", view.account.name),
        lead: "Registers it with CSSM over the network and synchronizes it for the first time."
            .into(),
        action: format!("{}/approve", at(view.account.number)),
        inputs,
        refused: None,
        button: verb.into(),
        cancel: list_of(&view).into(),
        topic: help::ACCOUNT_REQUESTS,
    })
}

/// What was asked for.
fn facts(view: &LocalAccountView) -> Vec<Input> {
    let account = &view.account;
    let shown = |key, label, value: &str| Input::new(key, label, Kind::Shown, value);
    let mut facts = vec![
        shown("smart_account", label::SMART_ACCOUNT, &account.smart_account),
        shown("virtual_account", label::VIRTUAL_ACCOUNT, &account.virtual_accounts.join(", ")),
        shown("requested_by", label::REQUESTED_BY, &account.requested_by),
    ];
    if !account.message.is_empty() {
        facts.push(shown("message", label::MESSAGE, &account.message));
    }
    facts
}

/// Asks for a reason.
pub async fn ask_reject(ask: Ask) -> HttpResponse {
    show(&ask, reject_page(&ask, "")).await
}

/// Rejects it, or says why not.
pub async fn reject(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (number, reason) = (number(ask)?, fields.get("reason"));
        let view = ask.engine().local_account(&ask.visit.who, number).await?;
        match ask.engine().reject_local_account(&ask.visit.who, number, reason.into()).await {
            Ok(()) => Ok(ask.done(REQUESTS, format!("{} is rejected.", view.account.name))),
            Err(error) => refused(ask, &error, reject_page(ask, reason)).await,
        }
    })
    .await
}

async fn reject_page(ask: &Ask, reason: &str) -> Result<FormPage, Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number(ask)?).await?;
    let mut inputs = facts(&view);
    let to = format!("It is mailed to {}.", view.account.email);
    inputs.push(Input::new("reason", "Reason", Kind::Lines, reason).hint(to));
    Ok(FormPage {
        frame: frame(ask, HERE).await?,
        title: format!("Reject {}", view.account.name),
        lead: "The request goes. Whoever asked may ask again.".into(),
        action: format!("{}/reject", at(view.account.number)),
        inputs,
        refused: None,
        button: format!("Reject {}", view.account.name),
        cancel: list_of(&view).into(),
        topic: help::ACCOUNT_REQUESTS,
    })
}
