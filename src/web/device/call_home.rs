//! Smart Call Home: the same messages in an envelope of XML.

use super::answer::{Answer, answer, unreadable};
use super::body::read;
use crate::engine::Engine;
use crate::protocol::call_home::CallHomeMessage;
use crate::web::extract::OnSite;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpResponse, HttpResponseBuilder};

/// Takes an envelope, whatever content type it claims, and answers with one.
pub(super) async fn receive(OnSite(engine): OnSite, body: Payload) -> HttpResponse {
    let refuse = |status, problem| unreadable(&engine, status, "envelope", problem);
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err((status, problem)) => return sent(&engine, None, refuse(status, problem)),
    };
    match CallHomeMessage::parse(&bytes) {
        Ok(message) => {
            let answered = answer(&engine, message.attachment.as_bytes()).await;
            sent(&engine, Some(&message), answered)
        }
        Err(bad) => sent(&engine, None, refuse(StatusCode::BAD_REQUEST, bad.to_string())),
    }
}

/// An answer in an envelope of its own.
fn sent(engine: &Engine, request: Option<&CallHomeMessage>, answer: Answer) -> HttpResponse {
    let now = engine.now();
    let id = format!("A:{}", engine.ids().uuid(now));
    let envelope = CallHomeMessage::answer(request, id, now, answer.text);
    HttpResponseBuilder::new(answer.status)
        .content_type("text/xml; charset=utf-8")
        .body(envelope.to_xml())
}
