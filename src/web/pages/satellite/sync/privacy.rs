//! The dialog *Data Privacy…*: what goes up without (B-SYN-09).

use super::{frame, home, number, registered};
use crate::domain::local_account::Privacy;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::help;
use crate::web::pages::satellite::form::{FormPage, Input, Kind};
use actix_web::HttpResponse;

/// The dialog.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (view, _) = registered(&ask).await?;
        dialog(&ask, view.account.privacy).await
    })
    .await
}

/// Sets it.
pub async fn set(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let [host_names, addresses, macs] = ["hostname", "ip", "mac"].map(|key| fields.yes(key));
        let privacy = Privacy { host_names, addresses, macs };
        match ask.engine().set_privacy(&ask.visit.who, number(ask)?, privacy).await {
            Ok(account) => Ok(ask.done(&home(account.number), "Data privacy is set.".to_owned())),
            Err(error) => {
                let page = dialog(ask, privacy).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn dialog(ask: &Ask, privacy: Privacy) -> Result<FormPage, Failure> {
    let (view, _) = registered(ask).await?;
    let tick =
        |key, label, on: bool| Input::new(key, label, Kind::Tick, if on { "yes" } else { "" });
    let base = home(view.account.number);
    Ok(FormPage {
        frame: frame(ask).await?,
        title: format!("Data privacy of {}", view.account.name),
        lead: "What is ticked is left out of all that CSSM is told about product instances.".into(),
        action: format!("{base}/privacy"),
        inputs: vec![
            tick("hostname", "Hide host names", privacy.host_names),
            tick("ip", "Hide host identifiers and IP addresses", privacy.addresses),
            tick("mac", "Hide MAC addresses", privacy.macs),
        ],
        refused: None,
        button: "Save".into(),
        cancel: base,
        topic: help::SYNC_PRIVACY,
    })
}
