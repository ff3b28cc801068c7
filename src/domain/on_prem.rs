//! On-Premises accounts of CSSM: satellites whose local accounts are registered here.

use super::error::{Error, Result};
use super::id::{OnPremUid, SmartAccountId};
use super::time::Timestamp;
use super::virtual_account::{Contents, VirtualAccount, key};
pub use accept::Standing;
pub use refusal::Refusal;

mod accept;
mod refusal;

/// The longest name of an On-Prem and of a local account, in characters (ours).
pub const NAME_LIMIT: usize = 100;

/// How virtual accounts of CSSM and of the satellite belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// One virtual account for each local account, local virtual accounts inside.
    #[default]
    OnPrem8,
    /// Several virtual accounts, each also one on the satellite.
    Classic,
}

impl Mode {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OnPrem8, Self::Classic];

    /// The code in rows, forms and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::OnPrem8 => "onprem8",
            Self::Classic => "classic",
        }
    }

    /// From the code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// When a synchronization is due, and until when it has to come (B-SYN-11, X-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Days after the last one at which it is due.
    pub due_days: u64,
    /// Days after the last one at which the On-Prem is removed.
    pub deadline_days: u64,
}

/// Days before the deadline at which it is told (A-ALK-07).
const NOTICE_DAYS: u64 = 30;

impl Profile {
    /// 30 and 90 days (documented: CSSM's help).
    pub const CLASSIC: Self = Self { due_days: 30, deadline_days: 90 };
    /// 30 and 365 days (general knowledge of On-Prem 8).
    pub const ON_PREM_8: Self = Self { due_days: 30, deadline_days: 365 };

    /// The code in the configuration.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "classic30_90" => Some(Self::CLASSIC),
            "onprem8_30_365" => Some(Self::ON_PREM_8),
            _ => None,
        }
    }

    /// The dates after a synchronization.
    pub fn after(self, last: Timestamp) -> Dates {
        Dates { due: last.plus_days(self.due_days), deadline: last.plus_days(self.deadline_days) }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::CLASSIC
    }
}

/// By when an On-Prem has to synchronize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// From here on it is overdue.
    pub due: Timestamp,
    /// From here on it is removed.
    pub deadline: Timestamp,
}

/// How late a synchronization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overdue {
    /// It is not due.
    No,
    /// It is due (A-ALK-06, minor).
    Due,
    /// The deadline is near (A-ALK-07; A-ALK-06 is major).
    Near,
    /// The deadline has passed (A-ALK-08).
    Over,
}

impl Dates {
    /// When the deadline is told.
    pub fn notice(self) -> Timestamp {
        self.deadline.minus_days(NOTICE_DAYS).max(self.due)
    }

    /// How late it is at an instant.
    pub fn overdue(self, now: Timestamp) -> Overdue {
        if now >= self.deadline {
            Overdue::Over
        } else if now >= self.notice() {
            Overdue::Near
        } else if now >= self.due {
            Overdue::Due
        } else {
            Overdue::No
        }
    }

    /// The next instant after `now` at which that changes.
    pub fn next_change(self, now: Timestamp) -> Option<Timestamp> {
        [self.due, self.notice(), self.deadline].into_iter().filter(|at| *at > now).min()
    }
}

/// What has become of an On-Prem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPremState {
    /// Its authorization file was made, and it has not been heard of.
    Authorized,
    /// It synchronizes.
    Active,
    /// A person removed it.
    Removed,
    /// It did not synchronize until the deadline.
    Expired,
}

impl OnPremState {
    const ALL: [Self; 4] = [Self::Authorized, Self::Active, Self::Removed, Self::Expired];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::Active => "active",
            Self::Removed => "removed",
            Self::Expired => "expired",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it is gone.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Removed | Self::Expired)
    }
}

/// The last request that was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastRequest {
    /// Its number; 0 when there was none. It is not always the highest that was accepted.
    pub sequence: i64,
    /// Its nonce.
    pub nonce: Option<uuid::Uuid>,
    /// When the satellite made it.
    pub made_at: Option<Timestamp>,
    /// `standard` or `full`.
    pub kind: Option<String>,
    /// When it was accepted here.
    pub at: Option<Timestamp>,
}

/// One local account of a satellite, as CSSM knows it (A-OPA-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPrem {
    /// Identity; every file names it.
    pub uid: OnPremUid,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// The number in page addresses.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// How its virtual accounts belong to those of the satellite.
    pub mode: Mode,
    /// What has become of it.
    pub state: OnPremState,
    /// Version of the satellite's software.
    pub version: String,
    /// Where mails go.
    pub email: String,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// The satellite's public key, SPKI in base64: signs its files.
    pub public_key: String,
    /// The satellite's sub-CA certificate, PEM.
    pub certificate: String,
    /// The nonce of the registration file, for the authorization file.
    pub registration_nonce: uuid::Uuid,
    /// From when on the authorization file can be downloaded (A-OPA-03).
    pub ready_at: Timestamp,
    /// When it was downloaded first.
    pub fetched_at: Option<Timestamp>,
    /// Digest of the credential for synchronization over the network.
    pub credential: Option<String>,
    /// When that ends (B-ACC-08).
    pub credential_ends: Option<Timestamp>,
    /// The last request that was accepted.
    pub last: LastRequest,
    /// By when it has to synchronize.
    pub dates: Dates,
    /// Never later than the next instant at which time changes something about it.
    pub due_at: Option<Timestamp>,
    /// The last instant at which time did (AS-49).
    pub settled_at: Option<Timestamp>,
}

impl OnPrem {
    /// The same with its next deadline.
    #[must_use]
    pub fn scheduled(mut self, now: Timestamp) -> Self {
        // What time has caused stays caused while the clock is behind (AS-49).
        self.due_at = self.next_change(self.settled_at.map_or(now, |at| at.max(now)));
        self
    }

    fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        if self.state.is_over() {
            return None;
        }
        let waiting = self.state == OnPremState::Authorized && self.ready_at > now;
        let ready = waiting.then_some(self.ready_at);
        [ready, self.dates.next_change(now)].into_iter().flatten().min()
    }

    /// Whether its authorization file can be downloaded.
    pub fn is_ready(&self, now: Timestamp) -> bool {
        now >= self.ready_at
    }
}

/// A valid name of an On-Prem or of a local account: 1 to 100 characters, none of them a control
/// character, a stroke or a backslash, because it stands in addresses.
pub fn name(text: &str) -> Result<String> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(Error::invalid("name", "a name is needed"));
    }
    if length > NAME_LIMIT {
        let problem = format!("{length} characters; the limit is {NAME_LIMIT}");
        return Err(Error::invalid("name", problem));
    }
    if name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
        || name == "."
        || name == ".."
    {
        let problem = "control characters, '/' and '\\' are not allowed, nor '.' alone";
        return Err(Error::invalid("name", problem));
    }
    Ok(name.to_owned())
}

/// What two names share when they count as the same: case and blanks are ignored.
pub fn name_key(name: &str) -> String {
    key(name)
}

/// Fails unless the virtual account may be attached to an On-Prem (A-OPA-09, B-ACC-03).
pub fn may_be_attached(va: &VirtualAccount, holds: &Contents) -> Result<()> {
    let name = va.name.as_str();
    if let Some(satellite) = &va.satellite {
        return Err(Error::Conflict(format!(
            "Virtual account {name} is already used by the On-Prem {satellite}."
        )));
    }
    if va.is_default {
        return Err(Error::Conflict(format!(
            "{name} is the default virtual account, which cannot belong to an On-Prem."
        )));
    }
    if holds.instances > 0 {
        return Err(Error::Conflict(format!(
            "Virtual account {name} holds {} product instances; an On-Prem needs one without any.",
            holds.instances
        )));
    }
    if holds.tokens > 0 {
        return Err(Error::Conflict(format!(
            "Virtual account {name} has {} active registration tokens; revoke them first.",
            holds.tokens
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// AS-37, B-SYN-11, A-ALK-06, A-ALK-07: due after 30 days, told 30 days before the deadline.
    #[test]
    fn a_synchronization_is_due_told_and_over() {
        let dates = Profile::CLASSIC.after(at("2026-01-05T09:00:00Z"));
        for (now, wanted) in [
            ("2026-02-04T08:59:59Z", Overdue::No),
            ("2026-02-04T09:00:00Z", Overdue::Due),
            ("2026-03-06T08:59:59Z", Overdue::Due),
            ("2026-03-06T09:00:00Z", Overdue::Near),
            ("2026-04-05T08:59:59Z", Overdue::Near),
            ("2026-04-05T09:00:00Z", Overdue::Over),
        ] {
            assert_eq!(dates.overdue(at(now)), wanted, "{now}");
        }
        assert_eq!(dates.next_change(at("2026-02-04T09:00:00Z")), Some(dates.notice()));
        assert_eq!(dates.next_change(dates.deadline), None);
        let long = Profile::ON_PREM_8.after(at("2026-01-05T09:00:00Z"));
        assert_eq!(long.deadline, at("2027-01-05T09:00:00Z"));
    }

    /// B-ACC-02: names stand in addresses, so they hold no strokes.
    #[test]
    fn names_are_bounded() {
        assert_eq!(name(" Plant A ").unwrap(), "Plant A");
        for bad in ["", "  ", "a/b", "a\\b", "..", "a\u{7}", &"x".repeat(101)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
