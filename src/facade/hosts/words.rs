//! Host licenses in words: what happens if somebody hosts now, and why.

use crate::domain::Timestamp;
use crate::domain::host::{Decision, Kind, Managed, Reason, Refusal, Role};
use crate::web::pages::view::{Badge, Tone};

/// An answer to "what happens if this user hosts now?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How good that is.
    pub tone: Tone,
    /// In a few words.
    pub title: String,
    /// Why, with the numbers.
    pub why: String,
}

fn day(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M").to_string()
}

/// What would happen.
pub fn answer(decided: &Result<Decision, Refusal>) -> Answer {
    match decided {
        Ok(decision) => granted(decision),
        Err(refusal) => Answer {
            tone: Tone::Bad,
            title: "The meeting cannot be started".to_owned(),
            why: refusal.to_string(),
        },
    }
}

fn granted(decision: &Decision) -> Answer {
    let until = decision.until.map(|until| format!(", until {}", day(until))).unwrap_or_default();
    let kind = decision.kind;
    let title = match decision.reason {
        Reason::Holds { since } => {
            format!("Nothing changes: a {kind} license is held since {}{until}", day(since))
        }
        _ => format!("A {kind} license is assigned{until}"),
    };
    let tone = match decision.kind {
        Kind::Permanent => Tone::Good,
        Kind::Trial | Kind::Demonstration => Tone::Neutral,
        Kind::Grace => Tone::Attention,
        Kind::Expired => Tone::Bad,
    };
    Answer { tone, title, why: reason(&decision.reason) }
}

fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Holds { .. } => {
            "One license is enough for two meetings at the same time.".to_owned()
        }
        Reason::Trial => {
            "The trial runs: everybody who hosts gets a trial license, as many as are needed."
                .to_owned()
        }
        Reason::Free { free, bought } => format!(
            "{free} of {bought} permanent licenses {} free, and a free one comes first: nobody \
             gets a grace license then. It stays with this user until the account is deactivated.",
            are(*free)
        ),
        Reason::Demonstration { free } => format!(
            "No permanent license is free, but {free} of a demonstration {}. It ends with it.",
            are(*free)
        ),
        Reason::Grace { bought, used, limit } => format!(
            "All {bought} permanent licenses are assigned. {used} of {limit} grace licenses are in \
             use; this one ends after 180 days unless licenses are bought or one is reserved for \
             this user."
        ),
        Reason::Registered { in_use } => format!(
            "The product is registered: {in_use} host licenses will be in use, and more than were \
             bought may be. Smart Software Manager says afterwards whether they are covered."
        ),
        Reason::Reserved { in_use, limit: Some(limit) } => format!(
            "{limit} licenses are reserved and {in_use} will be in use. More than are reserved is \
             refused."
        ),
        Reason::Reserved { in_use, limit: None } => {
            format!("All licenses are reserved: {in_use} will be in use.")
        }
    }
}

/// A license for people.
pub fn license(kind: Kind) -> Badge {
    match kind {
        Kind::Permanent => Badge::new(Tone::Good, "Permanent"),
        Kind::Trial => Badge::new(Tone::Neutral, "Trial"),
        Kind::Grace => Badge::new(Tone::Attention, "Grace"),
        Kind::Demonstration => Badge::new(Tone::Neutral, "Demonstration"),
        Kind::Expired => Badge::new(Tone::Bad, "Expired"),
    }
}

/// A role for people.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Host => "Host",
        Role::AttendeeOnly => "Attendee only",
    }
}

/// Where a user and the license are managed.
pub fn managed(managed: Managed) -> &'static str {
    match managed {
        Managed::Local => "Local",
        Managed::Remote => "Remote (directory)",
    }
}
