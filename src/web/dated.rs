//! The `Date` header of answers follows the world, not the wall.

use super::extract::site;
use crate::domain::Timestamp;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{DATE, HeaderValue};
use actix_web::middleware::Next;
use chrono::{Datelike as _, Timelike as _};

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

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Mon, 05 Jan 2026 09:00:00 GMT` (RFC 9110). Every answer has one, so no format is read for it.
fn imf_fixdate(now: Timestamp) -> Option<HeaderValue> {
    let now = now.utc();
    let month = MONTHS.into_iter().nth(usize::try_from(now.month0()).ok()?)?;
    let (weekday, day, year) = (now.weekday(), now.day(), now.year());
    let (hour, minute, second) = (now.hour(), now.minute(), now.second());
    let text =
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
    HeaderValue::try_from(text).ok()
}
