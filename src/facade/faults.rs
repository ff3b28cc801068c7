//! The one table from a failure to a status, and the JSON that carries it.

use crate::device::DeviceError;
use crate::domain::host::Refusal;
use crate::web::multipart::BadUpload;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

/// Why a face does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A value breaks its rule.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field as the client named it.
        field: String,
        /// What is wrong with the value, and the rule.
        problem: String,
    },
    /// No session.
    #[error("Nobody is signed in, or the session has ended: POST /api/v0/authenticate begins one.")]
    Stranger,
    /// A session was asked for with a wrong name or password.
    #[error("Authentication failed: the user name and the password do not match.")]
    WrongPassword,
    /// A form did not come from one of our pages.
    #[error("The form has expired. Go back, reload the page and send it again.")]
    Forged,
    /// Nothing is there.
    #[error("There is no {0} here.")]
    NotFound(String),
    /// Something is there, but cannot be treated like that.
    #[error("The method {0} does not fit this address.")]
    Method(String),
    /// A form with a file is too large, or none.
    #[error("The upload is not taken: {0}.")]
    Upload(#[from] BadUpload),
    /// The product says no, or its server does.
    #[error("{0}")]
    Device(#[from] DeviceError),
    /// Our own failure.
    #[error("Something failed inside the simulated product; its log has the cause.")]
    Internal,
}

impl Fault {
    /// A value that breaks its rule.
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), problem: problem.into() }
    }

    /// The status.
    // device-protocol.md 4.5 (PROVEN: CML test): what does not fit the agent's state is 400 too.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. }
            | Self::Device(
                DeviceError::NotNow(_) | DeviceError::Usage(_) | DeviceError::Refused { .. },
            ) => StatusCode::BAD_REQUEST,
            Self::Device(DeviceError::Host(refusal)) => host_status(refusal),
            Self::Upload(bad) => bad.status(),
            Self::Stranger => StatusCode::UNAUTHORIZED,
            Self::WrongPassword | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Device(DeviceError::Unreachable(_) | DeviceError::BadAnswer(_)) => {
                StatusCode::BAD_GATEWAY
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What a rule of host licenses says no to.
fn host_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Invalid { .. } => StatusCode::BAD_REQUEST,
        Refusal::NoUser { .. } | Refusal::NoMeeting(_) => StatusCode::NOT_FOUND,
        Refusal::Closed(_)
        | Refusal::Deactivated { .. }
        | Refusal::AttendeeOnly { .. }
        | Refusal::TwoMeetings { .. }
        | Refusal::Expired { .. }
        | Refusal::NoLicense { .. }
        | Refusal::HostWithoutLicense { .. }
        | Refusal::Conflict(_)
        | Refusal::NoCapacityLicense { .. }
        | Refusal::Size { .. } => StatusCode::CONFLICT,
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Device(DeviceError::Host(refusal))
    }
}

impl From<crate::crypto::Error> for Fault {
    fn from(error: crate::crypto::Error) -> Self {
        tracing::error!(%error, "a request failed");
        Self::Internal
    }
}

/// The published client reads `description` (PROVEN: virl2-client).
impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status();
        let body = json!({"code": status.as_u16(), "description": self.to_string()});
        HttpResponse::build(status).json(body)
    }
}
