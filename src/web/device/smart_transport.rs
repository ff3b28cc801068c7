//! Smart Transport: one JSON message posted, one answered.

use super::answer::{Answer, answer, too_long};
use crate::web::extract::OnSite;
use actix_web::error::PayloadError;
use actix_web::http::header::ALLOW;
use actix_web::web::{self, Bytes, PayloadConfig, ServiceConfig};
use actix_web::{Error, HttpResponse};

/// The path of Smart Transport on CSSM.
// device-protocol.md 1.1: PROVEN by tech-support outputs.
const PATH: &str = "/licservice/license";

/// The longest message, in bytes.
// device-protocol.md 1.2: the limit of Call Home in real configurations (PROVEN there).
pub(super) const LIMIT: usize = 3_145_728;

/// Mounts the device URL of CSSM.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(
        web::resource(PATH)
            .app_data(PayloadConfig::new(LIMIT))
            .route(web::post().to(receive))
            .default_service(web::to(only_post)),
    );
}

/// Takes a message of a device, whatever content type it claims, and answers it.
async fn receive(OnSite(engine): OnSite, body: Result<Bytes, Error>) -> HttpResponse {
    let message = match body {
        Ok(message) => answer(&engine, &message).await,
        Err(error) => too_long(&engine, &problem(&error)),
    };
    match message {
        Answer::Message(text) => HttpResponse::Ok().content_type("application/json").body(text),
        Answer::Unreadable(text) => {
            HttpResponse::BadRequest().content_type("application/json").body(text)
        }
    }
}

async fn only_post() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((ALLOW, "POST"))
        .json(serde_json::json!({ "message": "Devices post their messages here." }))
}

fn problem(error: &Error) -> String {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => format!("it is longer than {LIMIT} bytes"),
        _ => "it did not arrive whole".to_owned(),
    }
}
