//! A product's state in words and dates, computed once for all styles.

use super::manner::{self, Manner};
use crate::device::machine::{AuthorizationState, RegistrationState};
use crate::device::profile::Style;
use crate::device::reservation::{Installed, Reserved};
use crate::device::state::{Attempt, Identity, State, Usage};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// A state as it is seen at an instant.
pub(super) struct View<'a> {
    pub(super) state: &'a State,
    pub(super) now: Timestamp,
    pub(super) style: Style,
    pub(super) manner: Manner,
}

/// A license of a product, in use or not.
pub(super) struct License<'a> {
    /// The entitlement tag.
    pub(super) tag: &'a str,
    /// The name inside the tag.
    pub(super) short: String,
    /// Its name, if known.
    pub(super) name: Option<&'a str>,
    /// A longer text, if known.
    pub(super) description: Option<&'a str>,
    /// What the product calls it.
    pub(super) feature: String,
    pub(super) count: u64,
    pub(super) version: &'a str,
    pub(super) status: Mode,
    pub(super) restricted: bool,
    pub(super) term: bool,
}

/// How a license stands.
// device-protocol.md 2.4 (PROVEN): names and numbers of the MIB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    NotInUse,
    Waiting,
    Authorized,
    OutOfCompliance,
    Evaluation,
    EvaluationExpired,
    AuthorizationExpired,
    Reserved,
    InvalidTag,
    NotAuthorized,
}

impl<'a> View<'a> {
    pub(super) fn of(state: &'a State, style: Style, now: Timestamp) -> Self {
        Self { state, now, style, manner: Manner::of(style) }
    }

    pub(super) fn identity(&self) -> Option<&'a Identity> {
        self.state.registration.identity.as_ref()
    }

    /// The authorization code that is installed.
    pub(super) fn installed(&self) -> Option<&'a Installed> {
        self.state.reservation.installed.as_ref()
    }

    fn reserved(&self, tag: &str) -> Option<&'a Reserved> {
        self.installed()?.licenses.iter().find(|license| license.tag == tag)
    }

    /// `  Name (short):` of what is reserved.
    pub(super) fn reserved_title(&self, tag: &str) -> String {
        let name = self.reserved(tag).map(|license| &license.display_name);
        match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("  {name} ({}):", short(tag)),
            None => format!("  ({}):", short(tag)),
        }
    }

    /// A longer text of what is reserved.
    pub(super) fn reserved_text(&self, tag: &str) -> &'a str {
        let Some(license) = self.reserved(tag) else { return "<none>" };
        let texts = [&license.description, &license.display_name];
        texts.into_iter().find(|text| !text.is_empty()).map_or("<none>", String::as_str)
    }

    pub(super) fn date(&self, instant: Timestamp) -> String {
        format!("{} UTC", instant.utc().format(self.manner.date))
    }

    /// A date, or the word for none.
    pub(super) fn date_or(&self, instant: Option<Timestamp>, none: &str) -> String {
        instant.map_or_else(|| none.to_owned(), |instant| self.date(instant))
    }

    /// `SUCCEEDED on <date>`, `FAILED on <date>`, or the word for none.
    pub(super) fn attempt(&self, attempt: Option<&Attempt>, none: &str) -> String {
        match attempt {
            None => none.to_owned(),
            Some(attempt) => format!("{} on {}", outcome(attempt), self.date(attempt.at)),
        }
    }

    /// Why an attempt failed, in the words of a device; none if it did not.
    ///
    /// Brackets are round in no reason: readers take `(…):` for a license.
    pub(super) fn reason(&self, attempt: Option<&Attempt>) -> Option<String> {
        let failure = attempt?.failure.as_deref()?;
        let transport = self.state.settings.transport;
        let text = match split(failure) {
            Cause::Unreachable => manner::unreachable(self.style, transport).to_owned(),
            Cause::Other(text) => text.to_owned(),
        };
        let words: Vec<_> = text.split_whitespace().collect();
        Some(words.join(" ").replace('(', "[").replace(')', "]"))
    }

    pub(super) fn export_allowed(&self) -> &'static str {
        let [allowed, not] = self.manner.export;
        match self.identity() {
            Some(identity) if identity.export_control_allowed => allowed,
            Some(_) | None => not,
        }
    }

    /// What the product may use by an export authorization key, by its own names; a key counts
    /// while the product is registered.
    pub(super) fn export_features(&self) -> Vec<String> {
        let tags = self.state.export.keys.keys().filter(|_| self.identity().is_some());
        tags.map(|tag| self.license(tag, None).feature).collect()
    }

    pub(super) fn registration(&self) -> &'static str {
        // device-protocol.md 3.2 (PROVEN, but REGISTERING and RETRY: recall).
        match self.state.registration_state() {
            RegistrationState::NotRegistered => "UNREGISTERED",
            RegistrationState::InProgress => "REGISTERING - REGISTRATION IN PROGRESS",
            RegistrationState::Complete => "REGISTERED",
            RegistrationState::Retry => "UNREGISTERED - RETRY IN PROGRESS",
            RegistrationState::Failed => "UNREGISTERED - REGISTRATION FAILED",
            RegistrationState::Expired => "UNREGISTERED - REGISTRATION EXPIRED",
            RegistrationState::Reserving => "RESERVATION IN PROGRESS",
            RegistrationState::SpecificReservation => "REGISTERED - SPECIFIC LICENSE RESERVATION",
            RegistrationState::UniversalReservation => "REGISTERED - UNIVERSAL LICENSE RESERVATION",
        }
    }

    pub(super) fn authorization_state(&self) -> AuthorizationState {
        self.state.authorization_state(self.now)
    }

    /// The authorization without a date.
    pub(super) fn authorization(&self) -> &'static str {
        // device-protocol.md 3.2 (PROVEN, but WAITING and AUTHORIZATION EXPIRED: ours).
        match self.authorization_state() {
            AuthorizationState::None => "No Licenses in Use",
            AuthorizationState::Eval => "EVAL MODE",
            AuthorizationState::EvalExpired => "EVAL EXPIRED",
            AuthorizationState::Waiting => "WAITING",
            AuthorizationState::Authorized => "AUTHORIZED",
            AuthorizationState::OutOfCompliance => "OUT OF COMPLIANCE",
            AuthorizationState::AuthorizationExpired => "AUTHORIZATION EXPIRED",
            AuthorizationState::Reserved => "AUTHORIZED - RESERVED",
            AuthorizationState::NotAuthorized if self.installed().is_some() => {
                "NOT AUTHORIZED - RESERVED"
            }
            AuthorizationState::NotAuthorized => "NOT AUTHORIZED",
        }
    }

    /// Since when the authorization is what it is, where a device says so.
    pub(super) fn authorization_since(&self) -> Option<Timestamp> {
        let authorization = &self.state.authorization;
        match self.authorization_state() {
            AuthorizationState::Authorized | AuthorizationState::OutOfCompliance => {
                authorization.answered_at
            }
            AuthorizationState::AuthorizationExpired => authorization.deadline,
            AuthorizationState::Reserved => self.installed().map(|code| code.installed_at),
            AuthorizationState::None
            | AuthorizationState::Eval
            | AuthorizationState::EvalExpired
            | AuthorizationState::Waiting
            | AuthorizationState::NotAuthorized => None,
        }
    }

    /// The authorization with its date.
    pub(super) fn authorization_on(&self) -> String {
        match self.authorization_since() {
            Some(since) => format!("{} on {}", self.authorization(), self.date(since)),
            None => self.authorization().to_owned(),
        }
    }

    pub(super) fn evaluation_left(&self) -> String {
        duration(self.state.evaluation_left(self.now))
    }

    /// What is in use.
    pub(super) fn in_use(&self) -> Vec<License<'a>> {
        let used = self.state.usage.iter().filter(|(_, usage)| usage.count > 0);
        used.map(|(tag, usage)| self.license(tag, Some(usage))).collect()
    }

    /// What is in use and what could be, the profile's own first.
    pub(super) fn licenses(&self) -> Vec<License<'a>> {
        let own = self.state.profile.licenses.iter().map(|feature| feature.tag.as_str());
        let is_own = |tag: &str| self.state.profile.feature(tag).is_some();
        let others = self.state.usage.keys().map(String::as_str).filter(|tag| !is_own(tag));
        own.chain(others).map(|tag| self.license(tag, self.state.usage.get(tag))).collect()
    }

    fn license(&self, tag: &'a str, usage: Option<&'a Usage>) -> License<'a> {
        let feature = self.state.profile.licenses.iter().find(|feature| feature.tag == tag);
        let short = short(tag);
        let known = feature.filter(|_| self.manner.knows_names);
        let some = |text: &'a String| Some(text.as_str()).filter(|text| !text.is_empty());
        let reserved = self.reserved(tag);
        let told = usage.and_then(|usage| usage.display_name.as_deref());
        let told = told.or(reserved.and_then(|license| some(&license.display_name)));
        let described = usage.and_then(|usage| usage.description.as_deref());
        let described = described.or(reserved.and_then(|license| some(&license.description)));
        let own = known.map(|feature| feature.description.as_str());
        License {
            tag,
            name: told.or(known.map(|feature| feature.title.as_str())),
            description: described.or(own).filter(|text| !text.is_empty()),
            feature: feature.map_or_else(|| short.clone(), |feature| feature.name.clone()),
            short,
            count: usage.map_or(0, |usage| usage.count),
            version: usage.and_then(|usage| usage.version.as_deref()).unwrap_or("1.0"),
            status: self.mode(tag, usage),
            restricted: usage.is_some_and(|usage| usage.export_restricted),
            term: usage.is_some_and(|usage| usage.term_end.is_some())
                || reserved.is_some_and(|license| license.last_day.is_some()),
        }
    }

    fn mode(&self, tag: &str, usage: Option<&Usage>) -> Mode {
        let Some(usage) = usage.filter(|usage| usage.count > 0) else { return Mode::NotInUse };
        if let Some(installed) = self.installed() {
            let covered = installed.covers(tag, usage.count, self.now);
            return if covered { Mode::Reserved } else { Mode::NotAuthorized };
        }
        match self.authorization_state() {
            AuthorizationState::None => Mode::NotInUse,
            AuthorizationState::Reserved => Mode::Reserved,
            AuthorizationState::Eval => Mode::Evaluation,
            AuthorizationState::EvalExpired => Mode::EvaluationExpired,
            AuthorizationState::Waiting => Mode::Waiting,
            AuthorizationState::AuthorizationExpired => Mode::AuthorizationExpired,
            AuthorizationState::NotAuthorized => Mode::NotAuthorized,
            AuthorizationState::Authorized | AuthorizationState::OutOfCompliance => {
                match usage.enforce_mode.as_deref() {
                    None => Mode::Waiting,
                    Some("in-compliance") => Mode::Authorized,
                    Some("out-of-compliance") => Mode::OutOfCompliance,
                    Some("reservation-in-compliance") => Mode::Reserved,
                    Some("invalid-tag") => Mode::InvalidTag,
                    Some(_) => Mode::NotAuthorized,
                }
            }
        }
    }

    /// `PID:…,SN:…` of the product itself, with its UUID if it has one.
    pub(super) fn udi(&self) -> String {
        self.state.product.sudi.key()
    }
}

impl License<'_> {
    /// A text that is never empty, because readers of it take no empty one.
    pub(super) fn described(&self) -> &str {
        self.description.or(self.name).unwrap_or(&self.short)
    }

    /// `Name (short):`
    pub(super) fn title(&self) -> String {
        match self.name {
            Some(name) => format!("{name} ({}):", self.short),
            None => format!("({}):", self.short),
        }
    }
}

impl Mode {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NotInUse => "NOT IN USE",
            Self::Waiting => "WAITING",
            Self::Authorized => "AUTHORIZED",
            Self::OutOfCompliance => "OUT OF COMPLIANCE",
            Self::Evaluation => "EVAL MODE",
            Self::EvaluationExpired => "EVAL EXPIRED",
            Self::AuthorizationExpired => "AUTHORIZATION EXPIRED",
            Self::Reserved => "AUTHORIZED - RESERVED",
            Self::InvalidTag => "INVALID TAG",
            Self::NotAuthorized => "NOT AUTHORIZED",
        }
    }
}

/// What lies behind a failure.
enum Cause<'a> {
    Unreachable,
    Other(&'a str),
}

/// A stored failure without what we put before it.
fn split(failure: &str) -> Cause<'_> {
    if failure.starts_with("cannot reach the server") {
        return Cause::Unreachable;
    }
    Cause::Other(failure.strip_prefix("FAILED: ").unwrap_or(failure))
}

pub(super) fn outcome(attempt: &Attempt) -> &'static str {
    if attempt.failure.is_some() { "FAILED" } else { "SUCCEEDED" }
}

/// `C9300_DNA` of `regid.2026-01.com.cisco.C9300_DNA,1.0_…`, in one word.
fn short(tag: &str) -> String {
    let name = tag.split_once(',').map_or(tag, |(name, _)| name);
    let name = name.rsplit_once('.').map_or(name, |(_, last)| last);
    name.replace(|c: char| c.is_whitespace() || c == '(' || c == ')', "_")
}

/// A duration in the manner of the devices: `89 days, 1 hours, 33 minutes, 51 seconds`.
// PROVEN: NTC ASA 3.
pub fn duration(delta: TimeDelta) -> String {
    let (hours, minutes) = (delta.num_hours() % 24, delta.num_minutes() % 60);
    let (days, seconds) = (delta.num_days(), delta.num_seconds() % 60);
    format!("{days} days, {hours} hours, {minutes} minutes, {seconds} seconds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::DeviceError;

    #[test]
    fn a_failure_is_told_without_our_words_before_it() {
        let lost = DeviceError::Unreachable("no route".to_owned()).to_string();
        assert!(matches!(split(&lost), Cause::Unreachable), "{lost}");
        assert!(matches!(split("FAILED: no"), Cause::Other("no")));
    }

    #[test]
    fn the_short_name_stands_between_the_domain_and_the_version() {
        assert_eq!(short("regid.2017-05.com.cisco.C9300_48P,1.0_60783b06"), "C9300_48P");
        assert_eq!(short("odd one"), "odd_one");
    }
}
