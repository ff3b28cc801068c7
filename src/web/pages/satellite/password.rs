//! Changing one's own password.

use super::first_login::FIRST;
use super::form::{FormPage, Input};
use crate::domain::security::PasswordRules;
use crate::engine;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Sent, act};
use crate::web::pages::help;
use actix_web::HttpResponse;

/// The form.
pub async fn form(ask: Ask) -> HttpResponse {
    act(&ask, async {
        if ask.engine().first_login(&ask.visit.who).await.is_ok() {
            return Ok(ask.go(FIRST));
        }
        Ok(ask.visit.render(&own_form(&ask).await?))
    })
    .await
}

/// Changes it, or lists what the new one lacks.
pub async fn change(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let new = (fields.get("password"), fields.get("confirm"));
        match ask.engine().change_password(&ask.visit.who, fields.get("present"), new).await {
            Ok(()) => Ok(ask.done("/", "Your password was changed.".into())),
            Err(error @ engine::Error::Unauthenticated(_)) => Err(error.into()),
            Err(error) => {
                let page = own_form(ask).await?.refuse(&error);
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

async fn own_form(ask: &Ask) -> Result<FormPage, Failure> {
    let profile = ask.engine().profile(&ask.visit.who).await?;
    let lead = if profile.user.must_change_password {
        "It is over, or somebody else has set it. Nothing else is open to you before."
    } else {
        "All your other sessions end."
    };
    Ok(FormPage {
        frame: ask.viewer_frame().await?,
        title: "Change password".into(),
        lead: lead.into(),
        action: "/password".into(),
        inputs: vec![
            Input::secret("present", "Present password"),
            Input::secret("password", "New password")
                .hint(rules(&ask.engine().password_rules().await?)),
            Input::secret("confirm", "New password again"),
        ],
        refused: None,
        button: "Change password".into(),
        cancel: "/".into(),
        topic: help::OWN_PASSWORD,
    })
}

/// What a password has to look like, in a sentence.
pub fn rules(rules: &PasswordRules) -> String {
    let unmet = rules.unmet("", true);
    let texts: Vec<String> = unmet.iter().map(ToString::to_string).collect();
    format!("Rules: {}.", texts.join("; "))
}
