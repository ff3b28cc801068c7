//! Failures of our own calls: problem details (RFC 9457).

use crate::device::DeviceError;
use crate::domain::host::Refusal;
use crate::facade::api::Caller;
use crate::facade::faults::Fault;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use serde_json::json;
use std::fmt;
use std::future::Ready;

/// A failure.
#[derive(Debug)]
pub struct Problem(Fault);

impl<F: Into<Fault>> From<F> for Problem {
    fn from(fault: F) -> Self {
        Self(fault.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Problem {
    /// By which programs tell failures apart.
    fn code(&self) -> &'static str {
        match &self.0 {
            Fault::Device(DeviceError::Host(refusal)) => refused(refusal),
            Fault::Invalid { .. } | Fault::Upload(_) => "invalid",
            Fault::Stranger | Fault::WrongPassword | Fault::Forged => "not-signed-in",
            Fault::NotFound(_) => "not-found",
            Fault::Method(_) => "method",
            Fault::Device(_) => "not-now",
            Fault::Internal => "internal",
        }
    }
}

fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid { .. } => "invalid",
        Refusal::NoUser { .. } | Refusal::NoMeeting(_) => "not-found",
        Refusal::Closed(_) => "only-licensing",
        Refusal::Deactivated { .. } => "deactivated",
        Refusal::AttendeeOnly { .. } => "attendee-only",
        Refusal::TwoMeetings { .. } => "two-meetings",
        Refusal::Expired { .. } => "license-expired",
        Refusal::NoLicense { .. } => "no-license",
        Refusal::HostWithoutLicense { .. } => "host-without-license",
        Refusal::Conflict(_) => "conflict",
        Refusal::NoCapacityLicense { .. } => "no-capacity-license",
        Refusal::Size { .. } => "size",
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status()
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code) = (self.0.status(), self.code());
        let problem = json!({
            "type": format!("urn:syncom:problem:{code}"),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        HttpResponse::build(status).content_type("application/problem+json").json(problem)
    }
}

/// Somebody with a bearer, as the agent's own JSON gives them.
pub struct Guest(pub Caller);

impl FromRequest for Guest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload).into_inner();
        std::future::ready(caller.map(Self).map_err(Problem::from))
    }
}
