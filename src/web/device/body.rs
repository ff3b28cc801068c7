//! The bytes of a message, as far as they are read.

use crate::protocol::message::LIMIT;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ALLOW;
use actix_web::web::Payload;
use futures_util::StreamExt as _;

/// How much of a message beyond the limit is still read, in bytes. Who is answered while still
/// sending may lose the answer with the connection.
const PATIENCE: usize = 10 * LIMIT;

/// Reads a whole message, or tells what is wrong with its delivery.
pub(super) async fn read(mut body: Payload) -> Result<Vec<u8>, (StatusCode, String)> {
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

/// Every other method at a device URL.
pub(super) async fn only_post() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((ALLOW, "POST"))
        .json(serde_json::json!({ "message": "Devices post their messages here." }))
}
