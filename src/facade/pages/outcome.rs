//! What a page says after the product was asked for something.

use crate::device::machine::NotNow;
use crate::device::{DeviceError, live::UnderWay};
use crate::web::pages::view::{Flash, Tone};
use std::time::Duration;

/// How long a page waits for the server before it says that it waits (ours).
const PATIENCE: Duration = Duration::from_secs(3);

/// How it went so far.
pub enum Outcome {
    /// Done.
    Done,
    /// The server has not answered yet.
    Waiting,
    /// It failed.
    Failed(DeviceError),
}

/// Waits a little.
pub async fn of(asked: Result<UnderWay, DeviceError>) -> Outcome {
    let under_way = match asked {
        Ok(under_way) => under_way,
        Err(error) => return Outcome::Failed(error),
    };
    match tokio::time::timeout(PATIENCE, under_way.answered()).await {
        Ok(Ok(())) => Outcome::Done,
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => Outcome::Waiting,
    }
}

impl Outcome {
    /// The message on the next page; `done` is said after a success.
    pub fn flash(&self, done: &str) -> Flash {
        match self {
            Self::Done => Flash { tone: Tone::Good, text: done.to_owned() },
            Self::Waiting => Flash {
                tone: Tone::Neutral,
                text: "The server has not answered yet. This page shows when it has.".to_owned(),
            },
            Self::Failed(error) => Flash { tone: Tone::Bad, text: reason(error) },
        }
    }
}

/// A failure for people: the server's own words where it spoke.
pub fn reason(error: &DeviceError) -> String {
    match error {
        DeviceError::Refused { .. } => {
            format!("The server refused: {}", error.server_texts().join(" "))
        }
        DeviceError::NotNow(_)
        | DeviceError::Host(_)
        | DeviceError::Unreachable(_)
        | DeviceError::BadAnswer(_)
        | DeviceError::Usage(_) => {
            let text = error.to_string();
            let mut letters = text.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            let end = if text.ends_with('.') { "" } else { "." };
            format!("{first}{}{end}", letters.as_str())
        }
    }
}

/// Whether the failure is that such a product instance exists already: here, or on the server.
// device-protocol.md 3.4: the server's text.
pub fn exists_already(error: &DeviceError) -> bool {
    match error {
        DeviceError::NotNow(text) => *text == NotNow::AlreadyRegistered.to_string(),
        DeviceError::Refused { message, .. } => message.contains("has already been registered"),
        DeviceError::Host(_)
        | DeviceError::Unreachable(_)
        | DeviceError::BadAnswer(_)
        | DeviceError::Usage(_) => false,
    }
}
