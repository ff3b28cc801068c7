//! The `Date` header of answers follows the world, not the wall.

use super::extract::site;
use crate::domain::Timestamp;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{DATE, HeaderValue};
use actix_web::middleware::Next;

/// Sets the date of an answer to that of the world which the request names.
pub async fn dated<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let now = site(request.request()).ok().map(|engine| engine.now());
    let mut answer = next.call(request).await?;
    if let Some(value) = now.and_then(imf_fixdate) {
        answer.headers_mut().insert(DATE, value);
    }
    Ok(answer)
}

/// `Mon, 05 Jan 2026 09:00:00 GMT` (RFC 9110).
fn imf_fixdate(now: Timestamp) -> Option<HeaderValue> {
    HeaderValue::from_str(&now.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}
