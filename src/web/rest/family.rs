//! How each family of calls says no (rest-api 14).

use super::super::error;
use super::super::wire::Bad;
use crate::engine::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};
use std::fmt;
use std::marker::PhantomData;

/// A family of calls: its answers share one shape.
pub trait Family: fmt::Debug + 'static {
    /// The body of a refusal, from its short code and its sentence.
    fn refusal(code: &str, text: &str) -> Value;
}

/// Lists and plain actions. `message` is there for clients of the newer gateway,
/// which read it first (rest-api 2.1).
#[derive(Debug)]
pub struct Lists;

impl Family for Lists {
    fn refusal(_: &str, text: &str) -> Value {
        json!({"status":"ERROR","statusMessage":text,"message":text})
    }
}

/// Actions with items: the array that clients index is there in refusals too.
macro_rules! with_items {
    ($($(#[$doc:meta])* $name:ident, $key:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Family for $name {
            fn refusal(_: &str, text: &str) -> Value {
                json!({"status":"ERROR","statusMessage":text,"message":text,
                       ($key):[{"status":"ERROR","statusMessage":text}]})
            }
        }
    )+};
}

with_items! {
    /// License transfers.
    Transfers, "licensesTransferStatus";
    /// Token revocations.
    Revocations, "tokensRevokeStatus";
    /// Product instance transfers (the key is ours, after the removals).
    Moves, "productInstancesTransferStatus";
    /// Product instance removals.
    Removals, "removeProductInstancesStatus";
}

/// License reservations: of the first entry, SLA reads the text and EZ the code.
#[derive(Debug)]
pub struct Reservations;

impl Family for Reservations {
    fn refusal(_: &str, text: &str) -> Value {
        let code = json!({"status":"ERROR","statusMessage":text,"authorizationCode":null});
        json!({"status":"ERROR","statusMessage":text,"message":text,"authorizationCodes":[code]})
    }
}

/// Smart Licensing Using Policy (rest-api 9).
#[derive(Debug)]
pub struct Policy;

impl Family for Policy {
    fn refusal(code: &str, text: &str) -> Value {
        json!({"status":"FAILED","message_code":code,"message":text,"localized_message":text})
    }
}

/// The token endpoint (RFC 6749).
#[derive(Debug)]
pub struct Tokens;

impl Family for Tokens {
    fn refusal(code: &str, text: &str) -> Value {
        json!({"error":code,"error_description":text})
    }
}

/// A refusal in the shape of its family.
#[derive(Debug)]
pub struct Failure<F> {
    status: StatusCode,
    code: &'static str,
    text: String,
    /// Closes the connection after the answer.
    close: bool,
    family: PhantomData<F>,
}

/// The outcome of a handler.
pub type Answer<F> = Result<HttpResponse, Failure<F>>;

impl<F> Failure<F> {
    /// A refusal that no use case has made.
    pub fn new(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), close: false, family: PhantomData }
    }
}

impl<F, E: Into<Error>> From<E> for Failure<F> {
    fn from(error: E) -> Self {
        let error = error.into();
        let (status, code) = error::status(&error);
        // The document of the service names 400 and 422, never 409 (rest-api 16).
        let status = match status {
            StatusCode::CONFLICT => StatusCode::UNPROCESSABLE_ENTITY,
            other => other,
        };
        Self::new(status, code, as_rest_says(error::message(&error)))
    }
}

impl<F> From<Bad> for Failure<F> {
    fn from(bad: Bad) -> Self {
        Self { close: bad.unread, ..Self::new(bad.status, "invalid_request", bad.text) }
    }
}

/// Rules name the fields of forms; callers of the REST API know others.
fn as_rest_says(text: String) -> String {
    let names = [
        ("expire_after: ", "expiresAfterDays: "),
        ("max_uses: ", "numberofUses: "),
        ("export_controlled: ", "exportControlled: "),
    ];
    for (form, rest) in names {
        if let Some(problem) = text.strip_prefix(form) {
            return format!("{rest}{problem}");
        }
    }
    text
}

impl<F> fmt::Display for Failure<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<F: Family> ResponseError for Failure<F> {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((CACHE_CONTROL, "no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = if self.code == "invalid_client" { "Basic" } else { "Bearer" };
            answer.insert_header((WWW_AUTHENTICATE, format!("{scheme} realm=\"Syncom\"")));
        }
        if self.close {
            answer.force_close();
        }
        answer.json(F::refusal(self.code, &self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain;

    /// rest-api 8, 14: the array is there in errors too.
    #[test]
    fn every_family_refuses_in_its_own_shape() {
        let text = |value: &Value, pointer: &str| {
            value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
        };
        let slr = Reservations::refusal("x", "No.");
        assert_eq!(text(&slr, "/status").as_deref(), Some("ERROR"));
        assert_eq!(text(&slr, "/authorizationCodes/0/statusMessage").as_deref(), Some("No."));
        assert_eq!(slr.pointer("/authorizationCodes/0/authorizationCode"), Some(&Value::Null));
        let transfer = Transfers::refusal("x", "No.");
        assert_eq!(text(&transfer, "/licensesTransferStatus/0/status").as_deref(), Some("ERROR"));
        assert_eq!(text(&Policy::refusal("x", "No."), "/status").as_deref(), Some("FAILED"));
        assert_eq!(text(&Tokens::refusal("x", "No."), "/error").as_deref(), Some("x"));
        assert_eq!(text(&Lists::refusal("x", "No."), "/statusMessage").as_deref(), Some("No."));
    }

    /// rest-api 16: no 409, and the field's name is the one of the REST API.
    #[test]
    fn a_refusal_speaks_the_words_of_the_rest_api() {
        let days = domain::Error::invalid("expire_after", "0 is outside the rule");
        let failure: Failure<Lists> = days.into();
        assert_eq!(failure.to_string(), "expiresAfterDays: 0 is outside the rule");
        let conflict: Failure<Lists> = domain::Error::Conflict("no".into()).into();
        assert_eq!(conflict.status_code(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
