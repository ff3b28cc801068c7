//! The security rules of a satellite: who gets in, for how long, and with which passwords
//! (B-ADM-17, B-ADM-18). Passwords themselves are compared elsewhere.

use super::error::{Error, Result};
use super::time::Timestamp;
use chrono::TimeDelta;
use std::fmt;

/// The longest password, in characters: hashing costs time (ours).
pub const LONGEST_PASSWORD: usize = 128;

/// Rules of signing in (B-ADM-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRules {
    /// Wrong passwords in a row that lock a name; 0 for never.
    pub lock_after: i64,
    /// Minutes that a name stays locked.
    pub lock_minutes: i64,
    /// Minutes without a request after which a session is over.
    pub idle_minutes: i64,
    /// Sessions of one person at the same time; one more ends the oldest.
    pub max_sessions: i64,
}

/// Rules of passwords (B-ADM-18).
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the page")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Characters at least.
    pub min_length: i64,
    /// Whether an upper-case letter is needed.
    pub upper: bool,
    /// Whether a lower-case letter is needed.
    pub lower: bool,
    /// Whether a digit is needed.
    pub digit: bool,
    /// Whether something else than letters and digits is needed.
    pub special: bool,
    /// How many of the last passwords, the present one included, may not come again.
    pub remembered: i64,
    /// Days that a password lasts; 0 for ever.
    pub expiry_days: i64,
    /// Days before its end from which on people are warned.
    pub warn_days: i64,
    /// Whether a password that somebody else has set must be changed at the first login.
    pub change_at_first_login: bool,
}

/// All of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecurityRules {
    /// The tab Account.
    pub account: AccountRules,
    /// The tab Password.
    pub password: PasswordRules,
}

impl Default for AccountRules {
    fn default() -> Self {
        Self { lock_after: 5, lock_minutes: 15, idle_minutes: 15, max_sessions: 3 }
    }
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            min_length: 12,
            upper: true,
            lower: true,
            digit: true,
            special: true,
            remembered: 5,
            expiry_days: 180,
            warn_days: 14,
            change_at_first_login: true,
        }
    }
}

/// Fails unless a number is inside its bounds.
fn within(field: &'static str, value: i64, least: i64, most: i64) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("{value} is outside the rule: {least} to {most}")))
}

/// What one more wrong password does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Wrong passwords in a row, this one included.
    pub failures: i64,
    /// Until when the name is locked now.
    pub locked_until: Option<Timestamp>,
}

impl AccountRules {
    /// Checks the bounds (ours).
    ///
    /// # Errors
    /// Names the number that is outside.
    pub fn checked(self) -> Result<Self> {
        within("lock_after", self.lock_after, 0, 100)?;
        within("lock_minutes", self.lock_minutes, 1, 10_080)?;
        within("idle_minutes", self.idle_minutes, 1, 1_440)?;
        within("max_sessions", self.max_sessions, 1, 100)?;
        Ok(self)
    }

    /// Counts a wrong password. A lock that is over has wiped the count before it out.
    pub fn fail(self, failures: i64, locked_until: Option<Timestamp>, now: Timestamp) -> Failed {
        let before = if locked_until.is_some_and(|until| until <= now) { 0 } else { failures };
        let failures = before.saturating_add(1);
        let locks = self.lock_after > 0 && failures >= self.lock_after;
        let until = now + TimeDelta::minutes(self.lock_minutes);
        Failed { failures, locked_until: locks.then_some(until) }
    }

    /// When a session ends that is used now.
    pub fn idle_end(self, now: Timestamp) -> Timestamp {
        now + TimeDelta::minutes(self.idle_minutes)
    }

    /// Whether the end of a session is to be written again: at most once a minute, because
    /// writing costs more than reading.
    pub fn wants_extension(self, ends: Timestamp, now: Timestamp) -> bool {
        now < ends && self.idle_end(now) - ends >= TimeDelta::minutes(1)
    }

    /// Whether a session lasts longer than the rules allow now.
    pub fn wants_shortening(self, ends: Timestamp, now: Timestamp) -> bool {
        ends > self.idle_end(now)
    }

    /// How many sessions end before one more begins.
    pub fn too_many(self, sessions: usize) -> usize {
        let most = usize::try_from(self.max_sessions).unwrap_or(1).max(1);
        (sessions + 1).saturating_sub(most)
    }
}

/// A rule that a password does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// It is shorter than that.
    Short(i64),
    /// It is longer than [`LONGEST_PASSWORD`].
    Long,
    /// It has no upper-case letter.
    Upper,
    /// It has no lower-case letter.
    Lower,
    /// It has no digit.
    Digit,
    /// It has letters and digits only.
    Special,
    /// It is one of the last so many.
    Used(i64),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(least) => write!(f, "at least {least} characters"),
            Self::Long => write!(f, "at most {LONGEST_PASSWORD} characters"),
            Self::Upper => f.write_str("an upper-case letter"),
            Self::Lower => f.write_str("a lower-case letter"),
            Self::Digit => f.write_str("a digit"),
            Self::Special => f.write_str("a special character"),
            Self::Used(1) => f.write_str("another than the present one"),
            Self::Used(n) => write!(f, "none of the last {n}"),
        }
    }
}

/// How a password stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordAge {
    /// It lasts.
    Fine,
    /// It ends in so many days, the present one included.
    Ending(i64),
    /// It is over.
    Over,
}

impl PasswordRules {
    /// Checks the bounds (ours).
    ///
    /// # Errors
    /// Names the number that is outside.
    pub fn checked(self) -> Result<Self> {
        within("min_length", self.min_length, 1, 64)?;
        within("remembered", self.remembered, 0, 24)?;
        within("expiry_days", self.expiry_days, 0, 3_650)?;
        within("warn_days", self.warn_days, 0, 365)?;
        Ok(self)
    }

    /// Every rule that a password does not meet; `used` says that it is one of the remembered ones.
    pub fn unmet(&self, password: &str, used: bool) -> Vec<Unmet> {
        let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
        let lacks = |wanted: bool, is: fn(char) -> bool| wanted && !password.chars().any(is);
        let special = |c: char| !c.is_alphanumeric() && !c.is_control();
        let rules = [
            (length < self.min_length, Unmet::Short(self.min_length)),
            (length > i64::try_from(LONGEST_PASSWORD).unwrap_or(i64::MAX), Unmet::Long),
            (lacks(self.upper, char::is_uppercase), Unmet::Upper),
            (lacks(self.lower, char::is_lowercase), Unmet::Lower),
            (lacks(self.digit, |c| c.is_ascii_digit()), Unmet::Digit),
            (lacks(self.special, special), Unmet::Special),
            (self.remembered > 0 && used, Unmet::Used(self.remembered)),
        ];
        rules.into_iter().filter(|(broken, _)| *broken).map(|(_, rule)| rule).collect()
    }

    /// Fails with all rules that a password does not meet.
    ///
    /// # Errors
    /// Names the field and lists what is missing.
    pub fn require(&self, field: &'static str, password: &str, used: bool) -> Result<()> {
        let unmet = self.unmet(password, used);
        if unmet.is_empty() {
            return Ok(());
        }
        let rules: Vec<String> = unmet.iter().map(ToString::to_string).collect();
        Err(Error::invalid(field, format!("it needs: {}", rules.join("; "))))
    }

    /// How a password that was set then stands now.
    pub fn age(&self, changed: Option<Timestamp>, now: Timestamp) -> PasswordAge {
        let Some(changed) = changed.filter(|_| self.expiry_days > 0) else {
            return PasswordAge::Fine;
        };
        let ends = changed + TimeDelta::days(self.expiry_days);
        if now >= ends {
            return PasswordAge::Over;
        }
        let left = (ends - now).num_seconds().saturating_add(86_399) / 86_400;
        if left <= self.warn_days { PasswordAge::Ending(left) } else { PasswordAge::Fine }
    }
}

#[cfg(test)]
mod tests;
