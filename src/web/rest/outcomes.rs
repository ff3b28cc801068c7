//! Actions with items: each has its own outcome (rest-api 14).

use crate::domain::Error;
use serde::Serialize;

/// The outcome for one item of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemStatus {
    pub(super) status: &'static str,
    pub(super) status_message: String,
}

impl ItemStatus {
    /// Success with `done`, or the refusal.
    pub(super) fn new<T>(outcome: &Result<T, Error>, done: &str) -> Self {
        match outcome {
            Ok(_) => Self { status: "SUCCESS", status_message: done.to_owned() },
            Err(error) => Self { status: "ERROR", status_message: error.to_string() },
        }
    }
}

/// The status above a list of outcomes, and how many are good.
pub(super) fn overall<T>(outcomes: &[Result<T, Error>]) -> (&'static str, usize) {
    let good = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let status = match good {
        0 => "ERROR",
        some if some < outcomes.len() => "WARNING",
        _ => "SUCCESS",
    };
    (status, good)
}

/// The answer to an action without items.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    status: &'static str,
    status_message: String,
}

impl Done {
    /// Success, told in a sentence.
    pub(super) fn new(status_message: String) -> Self {
        Self { status: "SUCCESS", status_message }
    }
}
