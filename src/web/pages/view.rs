//! Small things that many pages show: instants, states, counts, fields, pagers.
//!
//! All of it is plain display data. Handlers turn engine results into these
//! values; templates only place them.

use crate::domain::Timestamp;
use chrono::NaiveDate;

/// The four state colours; each comes with an icon, never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Look at it soon.
    Attention,
    /// Something is wrong now.
    Bad,
    /// A fact without judgement.
    Neutral,
}

impl Tone {
    /// The class of the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }

    /// The name of the icon that goes with the colour.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Attention => "warning",
            Self::Bad => "alert",
            Self::Neutral => "dot",
        }
    }
}

/// A state in a word, with its colour and icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// How it is coloured.
    pub tone: Tone,
    /// The word.
    pub text: String,
}

impl Badge {
    /// A badge that says `text`.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// An instant as pages show it: date and time, how far away, the exact value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// ISO 8601, for `datetime` and `title`.
    pub iso: String,
    /// `2026-02-04 09:00`, or the day alone.
    pub text: String,
    /// `in 30 days`, `2 hours ago`, `now`.
    pub relative: String,
}

impl When {
    /// Date and time of `instant`, seen from `now`.
    pub fn at(instant: Timestamp, now: Timestamp) -> Self {
        Self {
            iso: instant.iso(),
            text: instant.utc().format("%Y-%m-%d %H:%M").to_string(),
            relative: relative(instant, now),
        }
    }

    /// A day without an hour, such as a license's last one.
    pub fn day(day: NaiveDate, now: Timestamp) -> Self {
        let text = day.format("%Y-%m-%d").to_string();
        let relative = match (day - now.date()).num_days() {
            0 => "today".to_owned(),
            days => distance(days > 0, days.abs(), "day"),
        };
        Self { iso: text.clone(), text, relative }
    }
}

/// How far `instant` is from `now`, rounded to the unit a person would use.
fn relative(instant: Timestamp, now: Timestamp) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let seconds = (instant - now).num_seconds();
    let distance = seconds.abs();
    let (unit, name) = match distance {
        0..MINUTE => return "now".to_owned(),
        MINUTE..HOUR => (MINUTE, "minute"),
        HOUR..DAY => (HOUR, "hour"),
        _ => (DAY, "day"),
    };
    self::distance(seconds > 0, (distance + unit / 2) / unit, name)
}

fn distance(ahead: bool, n: i64, unit: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    if ahead { format!("in {n} {unit}{plural}") } else { format!("{n} {unit}{plural} ago") }
}

/// How many alerts of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// Red.
    pub major: i64,
    /// Yellow.
    pub minor: i64,
}

impl Severities {
    /// Whether there is nothing to show.
    pub fn none(self) -> bool {
        self.major == 0 && self.minor == 0
    }
}

/// What the last action did, shown once at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// Good for done, bad for refused.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

/// A typed value, kept, with the rule it broke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What was typed, or the default.
    pub value: String,
    /// Why it was refused.
    pub error: Option<String>,
}

impl Field {
    /// A field that holds `value` and no error.
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }

    /// The same value with the rule it broke, as a sentence.
    #[must_use]
    pub fn refused(self, error: &str) -> Self {
        Self { error: Some(sentence(error)), ..self }
    }
}

/// A rule as a sentence: with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
    let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}

/// One entry of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it is the present one.
    pub selected: bool,
}

impl Choice {
    /// An entry; `selected` marks the present one.
    pub fn new(value: impl Into<String>, label: impl Into<String>, selected: bool) -> Self {
        Self { value: value.into(), label: label.into(), selected }
    }
}

/// One of the page sizes 20, 50 and 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// Rows on a page.
    pub rows: i64,
    /// The same list with that many rows.
    pub href: String,
    /// Whether it is the present one.
    pub current: bool,
}

/// Where one is in a long table; a link that leads nowhere is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The newest or first rows.
    pub first: Option<String>,
    /// The rows before these.
    pub previous: Option<String>,
    /// The rows after these.
    pub next: Option<String>,
    /// The last rows.
    pub last: Option<String>,
    /// Page sizes; empty hides the choice.
    pub sizes: Vec<PageSize>,
    /// What is shown, in words: `1–20 of 134`.
    pub summary: String,
}

impl Pager {
    /// Whether all rows are on this one page.
    pub fn single(&self) -> bool {
        self.first.is_none()
            && self.previous.is_none()
            && self.next.is_none()
            && self.last.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// A-TOK-02: the expiration date comes with "in n days".
    #[test]
    fn an_instant_says_its_date_and_its_distance() {
        let now = at("2026-01-05T09:00:00Z");
        let cases = [
            ("2026-02-04T09:00:00Z", "2026-02-04 09:00", "in 30 days"),
            ("2026-02-04T08:59:00Z", "2026-02-04 08:59", "in 30 days"),
            ("2026-01-06T09:00:00Z", "2026-01-06 09:00", "in 1 day"),
            ("2026-01-05T11:00:00Z", "2026-01-05 11:00", "in 2 hours"),
            ("2026-01-05T09:00:30Z", "2026-01-05 09:00", "now"),
            ("2026-01-05T08:59:00Z", "2026-01-05 08:59", "1 minute ago"),
            ("2025-12-31T09:00:00Z", "2025-12-31 09:00", "5 days ago"),
        ];
        for (instant, text, relative) in cases {
            let when = When::at(at(instant), now);
            assert_eq!(
                (when.iso.as_str(), when.text.as_str(), when.relative.as_str()),
                (instant, text, relative)
            );
        }
        for (day, relative) in [
            ("2026-01-05", "today"),
            ("2026-01-06", "in 1 day"),
            ("2026-06-30", "in 176 days"),
            ("2026-01-03", "2 days ago"),
        ] {
            let when = When::day(day.parse().unwrap(), now);
            assert_eq!((when.text.as_str(), when.relative.as_str()), (day, relative));
        }
    }
}
