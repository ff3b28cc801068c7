//! The one table from a failure to a status, and the JSON that carries it.
//!
//! REST, pages and the lab's own endpoints render the same table.

use crate::domain;
use crate::domain::hub::Refusal as Hub;
use crate::domain::on_prem::Refusal as OnPrem;
use crate::domain::registration::Refusal;
use crate::domain::reservation::Refusal as Reservation;
use crate::domain::standing::Refusal as Sync;
use crate::domain::system::Refusal as System;
use crate::engine::{Error, OAuthRefusal, SignInRefusal};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;
use std::fmt;

/// The status of a failure and its short code.
pub fn status(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::Domain(refusal) => domain_status(refusal),
        Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        Error::SignIn(SignInRefusal::Locked { .. } | SignInRefusal::Disabled(_)) => {
            (StatusCode::UNAUTHORIZED, "unauthenticated")
        }
        Error::SignIn(SignInRefusal::PasswordMustChange) => {
            (StatusCode::FORBIDDEN, "password_must_change")
        }
        Error::OAuth(OAuthRefusal::InvalidClient | OAuthRefusal::ClientEnded) => {
            (StatusCode::UNAUTHORIZED, "invalid_client")
        }
        Error::OAuth(OAuthRefusal::InvalidGrant(_)) => (StatusCode::BAD_REQUEST, "invalid_grant"),
        Error::OAuth(OAuthRefusal::UnsupportedGrant(_)) => {
            (StatusCode::BAD_REQUEST, "unsupported_grant_type")
        }
        Error::OAuth(OAuthRefusal::InvalidRequest(_)) => {
            (StatusCode::BAD_REQUEST, "invalid_request")
        }
        Error::Csr(_) => (StatusCode::BAD_REQUEST, "invalid_csr"),
        Error::Store(_) | Error::File(_) | Error::Crypto(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "internal")
        }
    }
}

fn domain_status(error: &domain::Error) -> (StatusCode, &'static str) {
    use domain::Error as D;
    match error {
        D::NotFound { .. } => (StatusCode::NOT_FOUND, "not_found"),
        D::Forbidden { .. } | D::Hub(Hub::Forbidden { .. }) => (StatusCode::FORBIDDEN, "forbidden"),
        D::Invalid { .. } | D::Hub(Hub::Misplaced { .. }) => (StatusCode::BAD_REQUEST, "invalid"),
        D::Conflict(_) | D::Hub(Hub::LastAdmin(_)) => (StatusCode::CONFLICT, "conflict"),
        D::Token(_) => (StatusCode::CONFLICT, "token_refused"),
        D::Transfer(_) => (StatusCode::CONFLICT, "transfer_refused"),
        D::Reservation(refusal) => (reservation_status(refusal), "reservation_refused"),
        D::Sync(refusal) => (sync_status(refusal), "synchronization_refused"),
        D::System(System::Forbidden { .. } | System::ApiOff | System::OtherAccount { .. }) => {
            (StatusCode::FORBIDDEN, "forbidden")
        }
        D::System(System::LastAdmin(_) | System::OwnRole | System::OwnUser) => {
            (StatusCode::CONFLICT, "conflict")
        }
        D::OnPrem(refusal) => (on_prem_status(refusal), "on_prem_refused"),
        D::Registration(Refusal::UnknownIdentity(_)) => (StatusCode::NOT_FOUND, "not_registered"),
        D::Registration(
            Refusal::AlreadyRegistered { .. }
            | Refusal::Reserved(_)
            | Refusal::CertificateExpired(_)
            | Refusal::ClockSkew { .. }
            | Refusal::Replayed
            | Refusal::BadSignature
            | Refusal::SiteNotRegistered
            | Refusal::Group { .. }
            | Refusal::NotConsuming { .. }
            | Refusal::Export(_)
            | Refusal::NotInCompliance { .. },
        ) => (StatusCode::CONFLICT, "registration_refused"),
    }
}

/// What is wrong with a file is 400, what the state of things or CSSM forbids is 409, and a CSSM
/// that does not answer is 502.
fn sync_status(refusal: &Sync) -> StatusCode {
    match refusal {
        Sync::BadFile(_) | Sync::WrongDirection { .. } => StatusCode::BAD_REQUEST,
        Sync::OtherOnPrem { .. }
        | Sync::NothingOpen(_)
        | Sync::Stale { .. }
        | Sync::Busy(_)
        | Sync::FullNeeded(_)
        | Sync::SignIn
        | Sync::NoLink
        | Sync::Cssm(_) => StatusCode::CONFLICT,
        Sync::Link(_) => StatusCode::BAD_GATEWAY,
    }
}

/// What is wrong with a file is 400, what the state of things forbids is 409; over a credential one
/// signs in again.
fn on_prem_status(refusal: &OnPrem) -> StatusCode {
    match refusal {
        OnPrem::Unknown(_) => StatusCode::NOT_FOUND,
        OnPrem::Unreadable(_) | OnPrem::Signature(_) | OnPrem::Content(_) => {
            StatusCode::BAD_REQUEST
        }
        OnPrem::Direction { .. }
        | OnPrem::OtherOnPrem { .. }
        | OnPrem::Replayed(_)
        | OnPrem::Older { .. }
        | OnPrem::FullNeeded { .. }
        | OnPrem::Future { .. } => StatusCode::CONFLICT,
        OnPrem::Credential | OnPrem::CredentialEnded(_) => StatusCode::UNAUTHORIZED,
    }
}

/// What is wrong with a value is 400, what the state of things forbids is 409.
fn reservation_status(refusal: &Reservation) -> StatusCode {
    match refusal {
        Reservation::RequestCode(_)
        | Reservation::UnknownProduct
        | Reservation::Kind(_)
        | Reservation::UniversalHere
        | Reservation::Nothing
        | Reservation::Negative(_)
        | Reservation::TooLarge(_)
        | Reservation::WrongCode { .. }
        | Reservation::Inventory(_) => StatusCode::BAD_REQUEST,
        Reservation::NoSuchLine(_) => StatusCode::NOT_FOUND,
        Reservation::NotEnabled(_) => StatusCode::FORBIDDEN,
        Reservation::DeviceKnown { .. }
        | Reservation::Unchanged
        | Reservation::TooMany { .. }
        | Reservation::Ended { .. }
        | Reservation::Pending(_)
        | Reservation::NothingPending(_)
        | Reservation::AlreadyConfirmed
        | Reservation::NotReserved(_)
        | Reservation::ReturnPending(_)
        | Reservation::PreviousReturnPending { .. }
        | Reservation::NotPortable(_) => StatusCode::CONFLICT,
    }
}

/// The sentence for the caller. Failures of ours keep their cause for the log.
pub fn message(error: &Error) -> String {
    match error {
        Error::Store(cause) => internal(cause),
        Error::File(_) => internal(error),
        Error::Crypto(cause) => internal(cause),
        Error::Domain(_)
        | Error::Unauthenticated(_)
        | Error::SignIn(_)
        | Error::OAuth(_)
        | Error::Csr(_) => error.to_string(),
    }
}

fn internal(cause: &dyn fmt::Display) -> String {
    tracing::error!(%cause, "a request failed");
    "Something failed inside Syncom; its log has the cause.".to_owned()
}

/// A failure as the REST API tells it: the family's own `status` and
/// `statusMessage`, and `message` for clients of the newer gateway.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(&self.0).0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, _) = status(&self.0);
        let message = message(&self.0);
        HttpResponse::build(status)
            .json(json!({"status":"ERROR","statusMessage":message,"message":message}))
    }
}

/// A failure at one of our own endpoints: problem details (RFC 9457).
#[derive(Debug)]
pub struct Problem(pub Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(&self.0).0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code) = status(&self.0);
        let detail = message(&self.0);
        let mut problem = json!({
            "type": format!("urn:syncom:problem:{code}"),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": detail,
        });
        // A satellite acts on the reason, people read the sentence.
        if let Error::Domain(domain::Error::OnPrem(refusal)) = &self.0
            && let Some(members) = problem.as_object_mut()
        {
            members.insert("reason".to_owned(), json!(refusal.reason()));
            members.extend(refusal.accepted().map(|n| ("accepted_sequence".into(), json!(n))));
        }
        HttpResponse::build(status).content_type("application/problem+json").json(problem)
    }
}
