//! The licensing agreement of a Smart Account (A-SHL-05, A-ALK-04, A-ALK-05).

use crate::engine::AgreementView;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Sent, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::view::When;
use actix_web::HttpResponse;
use askama::Template;

/// The agreement and its acceptance.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/agreement.html")]
pub struct AgreementPage {
    /// The frame.
    pub frame: Frame,
    /// The version in force.
    pub published: String,
    /// What was accepted: version, by whom, when.
    pub accepted: Option<(String, String, When)>,
    /// Whether that is the version in force.
    pub current: bool,
    /// Whether the viewer may accept.
    pub may_accept: bool,
    /// Where one came from.
    pub back: String,
    /// Why it was not accepted.
    pub refused: Option<String>,
}

/// Shows the agreement.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async { AgreementPage::of(&ask).await }).await
}

/// Accepts the agreement.
pub async fn accept(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let here = format!("/sa/{}/agreement", ask.domain());
        match ask.engine().accept_agreement(&ask.visit.who, ask.domain()).await {
            Ok(done) => Ok(ask.done(&here, format!("Version {} is accepted.", done.version))),
            Err(error) => {
                let page = AgreementPage::of(ask).await?;
                let page = AgreementPage { refused: Some(message(&error)), ..page };
                Ok(ask.visit.render_with(status(&error).0, &page))
            }
        }
    })
    .await
}

impl AgreementPage {
    async fn of(ask: &Ask) -> Result<Self, Failure> {
        let view = ask.engine().agreement(&ask.visit.who, ask.domain()).await?;
        let frame = ask.place().await?;
        let AgreementView { account, published, may_accept } = view;
        let accepted = account.agreement;
        let current = accepted.as_ref().is_some_and(|a| a.version == published.version);
        let now = ask.now();
        Ok(Self {
            back: if frame.sees_all { format!("{}/alerts", frame.base()) } else { "/".to_owned() },
            frame,
            published: published.version,
            accepted: accepted.map(|a| (a.version, a.accepted_by, When::at(a.accepted_at, now))),
            current,
            may_accept,
            refused: None,
        })
    }
}
