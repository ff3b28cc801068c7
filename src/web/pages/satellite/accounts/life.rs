//! Deactivating, activating and deleting a local account (B-ACC-09 to -11).

use super::{HERE, at, number};
use crate::domain::local_account::LocalState;
use crate::engine::Deletion;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::confirm::{Blocker, ConfirmPage};
use crate::web::pages::help;
use crate::web::pages::labels::{self, local_account as label};
use crate::web::pages::satellite::admin::frame;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, refused};
use actix_web::HttpResponse;

/// Asks for a reason.
pub async fn ask_deactivate(ask: Ask) -> HttpResponse {
    show(&ask, deactivate_page(&ask, "")).await
}

/// Deactivates it, or says why not.
pub async fn deactivate(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (number, reason) = (number(ask)?, fields.get("reason"));
        match ask.engine().deactivate_local_account(&ask.visit.who, number, reason.into()).await {
            Ok(account) => Ok(ask.done(HERE, format!("{} is deactivated.", account.name))),
            Err(error) => refused(ask, &error, deactivate_page(ask, reason)).await,
        }
    })
    .await
}

async fn deactivate_page(ask: &Ask, reason: &str) -> Result<FormPage, Failure> {
    let view = ask.engine().local_account(&ask.visit.who, number(ask)?).await?;
    let (name, to) = (&view.account.name, &view.account.email);
    Ok(FormPage {
        frame: frame(ask, HERE).await?,
        title: format!("Deactivate {name}"),
        lead: "Its products get no answers and it does not synchronize until it is activated; \
               its deadline in CSSM goes on."
            .into(),
        action: format!("{}/deactivate", at(view.account.number)),
        inputs: vec![
            Input::new("reason", "Reason", Kind::Lines, reason)
                .hint(format!("It is mailed to {to}.")),
        ],
        refused: None,
        button: format!("Deactivate {name}"),
        cancel: HERE.into(),
        topic: help::ACCOUNT_LIFE,
    })
}

/// Lets it work again.
pub async fn activate(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let account = ask.engine().activate_local_account(&ask.visit.who, number(ask)?).await?;
        Ok(ask.done(HERE, format!("{} is active again.", account.name)))
    })
    .await
}

/// Asks before it is deleted, or says what keeps it.
pub async fn ask_delete(ask: Ask) -> HttpResponse {
    show(&ask, delete_page(&ask)).await
}

/// Deletes it, or says what keeps it.
pub async fn delete(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, page) = (&ask.visit.who, delete_page(ask).await?);
        match ask.engine().delete_local_account(who, number(ask)?).await {
            Ok(()) => {
                Ok(ask.done(HERE, "The account is deleted; remove its On-Prem in CSSM.".into()))
            }
            Err(error) => {
                let page = ConfirmPage { refused: true, consequence: message(&error), ..page };
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn delete_page(ask: &Ask) -> Result<ConfirmPage, Failure> {
    let found = ask.engine().local_account_deletion(&ask.visit.who, number(ask)?).await?;
    let (account, blockers) = (&found.view.account, blockers(&found));
    let consequence = if blockers.is_empty() {
        "Its virtual accounts, licenses and tokens go from this satellite. In CSSM its On-Prem stays \
         until it is removed there."
    } else {
        "It cannot be deleted yet. In this order:"
    };
    Ok(ConfirmPage {
        frame: frame(ask, HERE).await?,
        title: format!("Delete {}", account.name),
        facts: vec![
            (label::VIRTUAL_ACCOUNT.into(), account.virtual_accounts.join(", ")),
            (labels::inventory::INSTANCES.into(), found.view.instances.to_string()),
        ],
        consequence: consequence.into(),
        refused: !blockers.is_empty(),
        blockers,
        action: format!("{}/delete", at(account.number)),
        button: format!("Delete {}", account.name),
        destroys: true,
        topic: help::ACCOUNT_LIFE,
        cancel: super::list_of(&found.view).into(),
    })
}

/// What has to be done before, in this order (B-ACC-10).
fn blockers(found: &Deletion) -> Vec<Blocker> {
    let (view, mut all) = (&found.view, Vec::new());
    let mut add = |what: String, href: Option<String>| all.push(Blocker { what, href });
    if view.instances > 0 {
        add(format!("Remove its product instances: {}.", view.instances), None);
    }
    if found.untold || view.instances > 0 {
        add("Synchronize it, so that CSSM knows of the removals.".to_owned(), None);
    }
    let own = at(view.account.number);
    match view.account.state {
        LocalState::Pending => {
            add(
                "It is only asked for: reject the request.".to_owned(),
                Some(format!("{own}/reject")),
            );
        }
        LocalState::Active => {
            add("Deactivate it, with a reason.".to_owned(), Some(format!("{own}/deactivate")));
        }
        LocalState::Inactive | LocalState::Expired => {}
    }
    all
}
