//! Asking for a local account: open to everybody who may sign in (B-ACC-02, B-SHL-04).

use super::accounts::requests::{request, wish_page};
use super::form::{FormPage, refused};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use actix_web::HttpResponse;

/// The form.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, form(&ask, &Fields::default())).await
}

/// Asks for a local account, or says what is wrong.
pub async fn create(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        match request(ask, fields).await {
            Ok(name) => Ok(ask.done("/", said(&name))),
            Err(error) => refused(ask, &error, form(ask, fields)).await,
        }
    })
    .await
}

fn said(name: &str) -> String {
    format!("You have asked for {name}. A System Administrator decides; the decision is mailed.")
}

async fn form(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let frame = ask.viewer_frame().await?;
    Ok(wish_page(frame, fields, ("Request an Account", "Request Account", "/accounts/new", "/")))
}
