//! Smart Transport: one JSON message posted, one answered.

use super::answer::{Answer, answer, unreadable};
use super::body::read;
use crate::web::extract::OnSite;
use actix_web::web::Payload;
use actix_web::{HttpResponse, HttpResponseBuilder};

/// Takes a message of a device, whatever content type it claims, and answers it.
pub(super) async fn receive(OnSite(engine): OnSite, body: Payload) -> HttpResponse {
    let Answer { status, text } = match read(body).await {
        Ok(message) => answer(&engine, &message).await,
        Err((status, problem)) => unreadable(&engine, status, "message", problem),
    };
    HttpResponseBuilder::new(status).content_type("application/json").body(text)
}
