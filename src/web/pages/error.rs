//! What a person sees when a page cannot be shown.

use super::ask::Ask;
use super::frame::{Frame, base};
use crate::domain;
use crate::web::error::ApiError;
use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

/// A page that says what went wrong and where to go from there.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The frame, without an account when none is known.
    pub frame: Frame,
    /// The HTTP status.
    pub status: u16,
    /// The name of the problem: `Page not found`.
    pub title: String,
    /// What happened and which rule says so.
    pub message: String,
    /// What to try next, with its address and its label.
    pub way_out: Option<(String, String)>,
}

impl ErrorPage {
    /// The page for a status, with a way back to the inventory or to the start.
    pub fn of(frame: Frame, status: StatusCode, message: String) -> Self {
        let titles = [
            (StatusCode::NOT_FOUND, "Not found"),
            (StatusCode::FORBIDDEN, "Not allowed"),
            (StatusCode::BAD_REQUEST, "That could not be read"),
            (StatusCode::CONFLICT, "Not possible now"),
            (StatusCode::INTERNAL_SERVER_ERROR, "Something failed on our side"),
        ];
        let title = titles.iter().find(|(known, _)| *known == status).map(|(_, title)| *title);
        let title = title.or(status.canonical_reason()).unwrap_or("No answer");
        let way_out = match &frame.account {
            Some(account) => Some((
                format!("{}/inventory", base(&account.domain)),
                "To the inventory".to_owned(),
            )),
            None => Some(("/".to_owned(), "To the start".to_owned())),
        };
        Self { frame, status: status.as_u16(), title: title.to_owned(), message, way_out }
    }
}

/// An address that leads nowhere: a page for browsers, JSON for programs.
pub async fn nowhere(request: HttpRequest, ask: Ask) -> HttpResponse {
    let missing = domain::Error::not_found("page", request.path());
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return ApiError(missing.into()).error_response();
    }
    let frame = ask.viewer_frame().await.unwrap_or_else(|_| ask.frame());
    let page = ErrorPage::of(frame, StatusCode::NOT_FOUND, missing.to_string());
    ask.visit.render_with(StatusCode::NOT_FOUND, &page)
}
