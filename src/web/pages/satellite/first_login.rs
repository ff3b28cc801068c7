//! The first login of a new satellite (B-SHL-02): one page for each step.

use super::form::{FormPage, Input, Kind};
use super::password::rules;
use crate::domain::first_login::{FirstLogin, LANGUAGES, Step};
use crate::engine;
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Sent, act, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::help;
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;

/// Where it begins.
pub const FIRST: &str = "/first-login";

/// The address of a step.
fn at(step: Step) -> &'static str {
    match step {
        Step::Language => "/first-login/language",
        Step::Password => "/first-login/password",
        Step::Host => "/first-login/host",
        Step::Review => "/first-login/review",
    }
}

/// Leads to the first step that is not done.
pub async fn begin(ask: Ask) -> HttpResponse {
    act(&ask, async { next(&ask).await }).await
}

async fn next(ask: &Ask) -> Result<HttpResponse, Failure> {
    let first = ask.engine().first_login(&ask.visit.who).await?;
    Ok(ask.go(at(first.next())))
}

/// The language.
pub async fn language(ask: Ask) -> HttpResponse {
    show(&ask, async { step_page(&ask, Step::Language, None).await }).await
}

/// Another password.
pub async fn password(ask: Ask) -> HttpResponse {
    show(&ask, async { step_page(&ask, Step::Password, None).await }).await
}

/// The host common name.
pub async fn host(ask: Ask) -> HttpResponse {
    show(&ask, async { step_page(&ask, Step::Host, None).await }).await
}

/// Keeps the language.
pub async fn set_language(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = ask.engine().choose_language(&ask.visit.who, fields.get("language")).await;
        finish(ask, Step::Language, made, fields.get("language")).await
    })
    .await
}

/// Replaces the start password.
pub async fn set_password(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        ask.engine().first_login(&ask.visit.who).await?;
        let new = (fields.get("password"), fields.get("confirm"));
        let made = ask.engine().change_password(&ask.visit.who, fields.get("present"), new).await;
        finish(ask, Step::Password, made, "").await
    })
    .await
}

/// Keeps the host common name.
pub async fn set_host(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let made = ask.engine().choose_host(&ask.visit.who, fields.get("host")).await;
        finish(ask, Step::Host, made, fields.get("host")).await
    })
    .await
}

/// On to what comes next, or the step again with what is wrong.
async fn finish(
    ask: &Ask,
    step: Step,
    made: engine::Result<()>,
    typed: &str,
) -> Result<HttpResponse, Failure> {
    match made {
        Ok(()) => next(ask).await,
        Err(error @ engine::Error::Unauthenticated(_)) => Err(error.into()),
        Err(error) => {
            let page = step_page(ask, step, Some(typed)).await?.refuse(&error);
            Ok(ask.visit.render_with(status(&error).0, &page))
        }
    }
}

/// What was chosen, before it is in effect.
pub async fn review(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let first = ask.engine().first_login(&ask.visit.who).await?;
        if first.next() != Step::Review {
            return Ok(ask.go(at(first.next())));
        }
        Ok(ask.visit.render(&review_page(&ask, first).await?))
    })
    .await
}

/// Puts it in effect.
pub async fn end(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        ask.engine().finish_first_login(&ask.visit.who).await?;
        Ok(ask.done("/admin", "The satellite is set up.".into()))
    })
    .await
}

async fn review_page(ask: &Ask, first: FirstLogin) -> Result<ConfirmPage, Failure> {
    Ok(ConfirmPage {
        frame: ask.viewer_frame().await?,
        title: "First login, step 4 of 4: review".into(),
        facts: vec![
            ("Language".into(), first.language.unwrap_or_default()),
            ("Password".into(), "Replaced".into()),
            ("Host common name".into(), first.host.unwrap_or_default()),
        ],
        consequence:
            "The host common name stands in the certificate of this satellite's HTTPS from \
                      the next start on; products have to reach it by that name."
                .into(),
        refused: false,
        blockers: Vec::new(),
        action: at(Step::Review).into(),
        button: "Finish".into(),
        destroys: false,
        topic: help::FIRST_LOGIN,
        cancel: at(Step::Host).into(),
    })
}

async fn step_page(ask: &Ask, step: Step, typed: Option<&str>) -> Result<FormPage, Failure> {
    let first = ask.engine().first_login(&ask.visit.who).await?;
    let (number, what, inputs) = match step {
        Step::Language => (1, "language", language_inputs(typed)),
        Step::Password => (2, "new password", password_inputs(ask).await?),
        Step::Host | Step::Review => (3, "host common name", host_inputs(&first, typed)),
    };
    Ok(FormPage {
        frame: ask.viewer_frame().await?,
        title: format!("First login, step {number} of 4: {what}"),
        lead: "Nothing else is open before the last step.".into(),
        action: at(step).into(),
        inputs,
        refused: None,
        button: "Next".into(),
        cancel: "/login".into(),
        topic: help::FIRST_LOGIN,
    })
}

fn language_inputs(typed: Option<&str>) -> Vec<Input> {
    let chosen = typed.unwrap_or(LANGUAGES[0]);
    let choice = |name: &str| Choice::new(name, name, name == chosen);
    let kind = Kind::Choice(LANGUAGES.map(choice).into());
    vec![Input::new("language", "Language", kind, "").hint("Others are not written yet.")]
}

async fn password_inputs(ask: &Ask) -> Result<Vec<Input>, Failure> {
    let asked = rules(&ask.engine().password_rules().await?);
    Ok(vec![
        Input::secret("present", "Start password"),
        Input::secret("password", "New password").hint(asked),
        Input::secret("confirm", "New password again"),
    ])
}

fn host_inputs(first: &FirstLogin, typed: Option<&str>) -> Vec<Input> {
    let known = typed.or(first.host.as_deref()).unwrap_or_default();
    vec![
        Input::new("host", "Host common name", Kind::Line("text"), known)
            .hint("A DNS name or an IPv4 address, as products reach this satellite."),
    ]
}
