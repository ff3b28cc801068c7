//! `EXPORT_KEY`: a key for an export-restricted license, asked for and given back.
// device-protocol.md 2.7: that a product requests, returns and cancels by the name of a feature is
// DOCUMENTED; the type of the message and its members are not public, and ours.

use super::answers::Millis;
use super::fields::{Object, Read};
use serde::Serialize;

/// What a product wants with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// To have one.
    Request,
    /// To give it back.
    Return,
    /// Not to wait for one any more.
    Cancel,
}

impl Action {
    /// All.
    pub const ALL: [Self; 3] = [Self::Request, Self::Return, Self::Cancel];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Return => "RETURN",
            Self::Cancel => "CANCEL",
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportKey {
    /// The wish.
    pub action: Action,
    /// The entitlement tag of the license.
    pub license: String,
}

/// What is answered; a wish that is not granted is a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportKeyAnswer {
    /// The tag of the request.
    pub license: String,
    /// Its name for people; null when nobody knows it.
    pub display_name: Option<String>,
    /// Since when the product holds a key for it; null when it holds none now.
    pub granted_at: Option<Millis>,
}

impl ExportKey {
    pub(super) fn read(data: &Object<'_>) -> Read<Self> {
        let name = data.text_of("action", 40)?;
        let action = Action::ALL.into_iter().find(|action| action.name() == name);
        let problem = || format!("must be REQUEST, RETURN or CANCEL, is {name}");
        Ok(Self {
            action: action.ok_or_else(|| data.complain("action", problem()))?,
            license: data.text_of("license", 512)?,
        })
    }
}

impl ExportKeyAnswer {
    pub(super) fn read(data: &Object<'_>) -> Read<Self> {
        Ok(Self {
            license: data.text("license")?,
            display_name: data.optional_text("display_name")?,
            granted_at: data.optional_millis("granted_at")?.map(Millis),
        })
    }
}
