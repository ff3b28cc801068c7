//! Smart Transport: one JSON message posted, one answered.

use super::answer::{Answer, answer, unreadable};
use crate::web::extract::OnSite;
use actix_web::http::StatusCode;
use actix_web::http::header::ALLOW;
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::StreamExt as _;

/// The path of Smart Transport on CSSM.
// device-protocol.md 1.1: PROVEN by tech-support outputs.
const PATH: &str = "/licservice/license";

/// The longest message, in bytes.
// device-protocol.md 1.2: the limit of Call Home in real configurations (PROVEN there).
const LIMIT: usize = 3_145_728;

/// How much of a message beyond the limit is still read, in bytes. Who is answered while still
/// sending may lose the answer with the connection.
const PATIENCE: usize = 10 * LIMIT;

/// Mounts the device URL of CSSM.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(
        web::resource(PATH).route(web::post().to(receive)).default_service(web::to(only_post)),
    );
}

/// Takes a message of a device, whatever content type it claims, and answers it.
async fn receive(OnSite(engine): OnSite, body: Payload) -> HttpResponse {
    let (status, text) = match read(body).await {
        Ok(message) => match answer(&engine, &message).await {
            Answer::Message(text) => (StatusCode::OK, text),
            Answer::Unreadable(text) => (StatusCode::BAD_REQUEST, text),
        },
        Err((status, problem)) => (status, unreadable(&engine, problem)),
    };
    HttpResponseBuilder::new(status).content_type("application/json").body(text)
}

async fn only_post() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((ALLOW, "POST"))
        .json(serde_json::json!({ "message": "Devices post their messages here." }))
}

async fn read(mut body: Payload) -> Result<Vec<u8>, (StatusCode, String)> {
    let (mut message, mut length) = (Vec::new(), 0_usize);
    while let Some(chunk) = body.next().await {
        let chunk =
            chunk.map_err(|_| (StatusCode::BAD_REQUEST, "it did not arrive whole".to_owned()))?;
        length = length.saturating_add(chunk.len());
        if length <= LIMIT {
            message.extend_from_slice(&chunk);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > LIMIT {
        let problem = format!("it is longer than {LIMIT} bytes");
        return Err((StatusCode::PAYLOAD_TOO_LARGE, problem));
    }
    Ok(message)
}
