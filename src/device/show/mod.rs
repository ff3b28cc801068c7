//! What a product shows of its licensing: in plain words, as JSON, and as `show license …` in the
//! manner of its style, so that what others wrote to read real devices reads it too.
//!
//! Every style looks at the same `View` and puts the same sections together in its own
//! order; which of it is proven by which public output stands at the head of each file.

mod asa;
mod eventlog;
mod ios_xe;
mod json;
mod manner;
mod nx_os;
mod page;
mod plain;
pub mod reservation;
mod sections;
pub mod syslog;
mod tech;
mod ucm;
mod view;

use super::profile::Style;
use super::state::State;
use crate::domain::time::Timestamp;
use page::Page;
use std::str::FromStr;
use view::View;
pub use view::duration;

/// Which part is shown in Syncom's own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Registration, authorization and evaluation.
    #[default]
    Status,
    /// Everything.
    All,
    /// What is in use.
    Usage,
    /// How the product names itself.
    Udi,
}

/// What follows `show license`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Everything.
    All,
    /// Registration, authorization, transport and privacy.
    Status,
    /// The most important of it, and a table of licenses.
    Summary,
    /// What is in use.
    Usage,
    /// How the product names itself.
    Udi,
    /// What is reserved, and the codes of it.
    Reservation,
    /// Everything, with jobs, counters and settings of the agent.
    TechSupport,
    /// What happened; of the last days only, if a number is given.
    Eventlog(Option<u16>),
}

impl Topic {
    /// All, with the whole event log.
    pub const ALL: [Self; 8] = [
        Self::All,
        Self::Status,
        Self::Summary,
        Self::Usage,
        Self::Udi,
        Self::Reservation,
        Self::TechSupport,
        Self::Eventlog(None),
    ];

    /// The words behind `show license`.
    pub fn words(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Status => "status".to_owned(),
            Self::Summary => "summary".to_owned(),
            Self::Usage => "usage".to_owned(),
            Self::Udi => "udi".to_owned(),
            Self::Reservation => "reservation".to_owned(),
            Self::TechSupport => "tech support".to_owned(),
            Self::Eventlog(None) => "eventlog".to_owned(),
            Self::Eventlog(Some(days)) => format!("eventlog {days}"),
        }
    }
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.to_ascii_lowercase();
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            ["all"] => Ok(Self::All),
            ["status"] => Ok(Self::Status),
            ["summary"] => Ok(Self::Summary),
            ["usage"] => Ok(Self::Usage),
            ["udi"] => Ok(Self::Udi),
            ["reservation"] => Ok(Self::Reservation),
            ["tech" | "tech-support"] | ["tech", "support"] => Ok(Self::TechSupport),
            ["eventlog"] => Ok(Self::Eventlog(None)),
            ["eventlog", days] if days.parse::<u16>().is_ok() => {
                Ok(Self::Eventlog(days.parse().ok()))
            }
            _ => Err(format!(
                "'show license {text}': must be one of all, status, summary, usage, udi, \
                 reservation, tech support, eventlog [DAYS]"
            )),
        }
    }
}

/// The chosen part at the instant `now`, in Syncom's own words and under its own name.
pub fn text(state: &State, part: Part, now: Timestamp) -> String {
    let view = View::of(state, Style::Plain, now);
    let mut page = Page::default();
    page.heading("Syncom simulated product", 24);
    match part {
        Part::Status => plain::status(&mut page, &view),
        Part::Usage => plain::usage(&mut page, &view),
        Part::Udi => plain::udi(&mut page, &view),
        Part::All => everything(&mut page, &view),
    }
    page.finish()
}

/// `show license …` at the instant `now`, in the manner of the product's profile: what a device
/// of that kind prints, and nothing else.
pub fn license(state: &State, topic: Topic, now: Timestamp) -> String {
    let view = View::of(state, state.profile.style, now);
    let texts = match state.profile.style {
        Style::Plain | Style::Webex => return in_plain_words(&view, topic),
        Style::IosXe => ios_xe::TEXTS,
        Style::Asa => asa::TEXTS,
        Style::NxOs => nx_os::TEXTS,
        Style::Ucm => ucm::TEXTS,
    };
    match topic {
        Topic::All => (texts.all)(&view),
        Topic::Status => (texts.status)(&view),
        Topic::Summary => (texts.summary)(&view),
        Topic::Usage => (texts.usage)(&view),
        Topic::Udi => (texts.udi)(&view),
        Topic::Reservation => reservation::reservation(&view),
        Topic::TechSupport => tech::support(&view),
        Topic::Eventlog(days) => eventlog::eventlog(&view, days),
    }
}

/// The texts that each style with a command line has of its own.
struct Texts {
    all: fn(&View<'_>) -> String,
    status: fn(&View<'_>) -> String,
    summary: fn(&View<'_>) -> String,
    usage: fn(&View<'_>) -> String,
    udi: fn(&View<'_>) -> String,
}

/// The same topics in plain words.
fn in_plain_words(view: &View<'_>, topic: Topic) -> String {
    let mut page = Page::default();
    match topic {
        Topic::All => everything(&mut page, view),
        Topic::Status => plain::status(&mut page, view),
        Topic::Summary => {
            plain::status(&mut page, view);
            page.gap();
            sections::table(&mut page, view, "Entitlement tag");
        }
        Topic::Usage => plain::usage(&mut page, view),
        Topic::Udi => plain::udi(&mut page, view),
        Topic::Reservation => return reservation::reservation(view),
        Topic::TechSupport => {
            everything(&mut page, view);
            plain::statistics(&mut page, view);
            plain::eventlog(&mut page, view, None);
        }
        Topic::Eventlog(days) => plain::eventlog(&mut page, view, days),
    }
    page.finish().trim_start().to_owned()
}

fn everything(page: &mut Page, view: &View<'_>) {
    plain::status(page, view);
    plain::usage(page, view);
    plain::reservation(page, view);
    plain::udi(page, view);
    plain::settings(page, view);
}

/// Everything at the instant `now`, as JSON with ISO 8601 dates.
pub fn json(state: &State, now: Timestamp) -> serde_json::Value {
    json::json(state, now)
}

#[cfg(test)]
mod tests;
