//! The timers of an agent: one table of settings, each with its evidence.
//!
//! What the server decides (renew after 180 and 30 days, expire after 365 and 90) comes with its
//! answers and is a setting of the site; here is what the agent decides by itself.

use crate::domain::time::parse_duration;
use crate::protocol::error_codes::Mark;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One of the agent's own timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// How much use without a registration is free.
    Evaluation,
    /// From the registration to the first authorization, at least.
    FirstAuthorization,
    /// The same, at most.
    FirstAuthorizationLatest,
    /// How often the product reports its use by itself; zero = only when the server asks for it.
    Reporting,
    /// From a failed authorization to the first retry.
    AuthorizationRetry,
    /// The longest pause between retries of an authorization.
    AuthorizationRetryLongest,
    /// From a failed renewal of the certificate to the first retry.
    IdentityRetry,
    /// The longest pause between retries of a renewal.
    IdentityRetryLongest,
    /// From a registration that reached no server to the first retry.
    RegistrationRetry,
    /// The longest pause between retries of a registration.
    RegistrationRetryLongest,
    /// From an export authorization key that was not free to the next request.
    ExportRetry,
    /// How long a clock may leave the certificate's dates before the certificate is removed.
    OutOfRange,
    /// How far the server's time may be off.
    ClockSkew,
}

/// A timer with what it is unless set otherwise, and how we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub timer: Timer,
    /// Its name in profiles, state files and on the command line.
    pub name: &'static str,
    /// Its default, in seconds.
    pub seconds: i64,
    /// How sure we are.
    pub mark: Mark,
    /// Where it comes from.
    pub evidence: &'static str,
}

/// How far a retry may be from its pause, in percent: 29 s and 15 min 39 s are the two samples.
pub(super) const JITTER_PERCENT: i64 = 5;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Every timer (device-protocol.md 3.1).
pub const TABLE: [Setting; 13] = {
    use Mark::{Documented, Ours, Proven};
    use Timer as T;
    [
        row(T::Evaluation, "evaluation", 90 * DAY, Proven, "XE-YANG; outputs of ESA and NSO"),
        row(T::FirstAuthorization, "first_authorization", 4, Proven, "five traces: 4 to 14 s"),
        row(T::FirstAuthorizationLatest, "first_authorization_latest", 14, Proven, "the same"),
        row(T::Reporting, "reporting", 0, Documented, "by product: 6 h, 8 h, 15 min, or on change"),
        row(T::AuthorizationRetry, "authorization_retry", 30, Proven, "one sample: 29 s"),
        row(T::AuthorizationRetryLongest, "authorization_retry_longest", HOUR, Ours, "silent"),
        row(T::IdentityRetry, "identity_retry", 900, Proven, "one sample: 15 min 39 s"),
        row(T::IdentityRetryLongest, "identity_retry_longest", HOUR, Ours, "silent"),
        row(T::RegistrationRetry, "registration_retry", 900, Ours, "not public: 15 min"),
        row(T::RegistrationRetryLongest, "registration_retry_longest", HOUR, Ours, "then hourly"),
        row(T::ExportRetry, "export_retry", HOUR, Ours, "documented that it is tried again"),
        row(T::OutOfRange, "out_of_range", HOUR, Proven, "XE-YANG registration-out-of-range"),
        row(T::ClockSkew, "clock_skew", HOUR, Documented, "trust codes: less than one hour"),
    ]
};

const fn row(
    timer: Timer,
    name: &'static str,
    seconds: i64,
    mark: Mark,
    evidence: &'static str,
) -> Setting {
    Setting { timer, name, seconds, mark, evidence }
}

/// The timers of one product: what differs from the table, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Timers(BTreeMap<Timer, i64>);

impl Timers {
    /// The value of a timer.
    pub fn get(&self, timer: Timer) -> TimeDelta {
        let default = TABLE.iter().find(|row| row.timer == timer).map_or(0, |row| row.seconds);
        TimeDelta::seconds(self.0.get(&timer).copied().unwrap_or(default))
    }

    /// Sets the timer of that name to a duration such as `15m`, `6h` or `90d`, or to 0.
    ///
    /// # Errors
    /// No timer has that name, or the duration is not one.
    pub fn set(&mut self, name: &str, duration: &str) -> Result<(), String> {
        let row = TABLE.iter().find(|row| row.name == name).ok_or_else(|| {
            let names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
            format!("the timer '{name}' is not known: must be one of {}", names.join(", "))
        })?;
        let seconds = match duration {
            "0" => 0,
            text => parse_duration(text).map_err(|error| format!("{name}: {error}"))?.num_seconds(),
        };
        self.0.insert(row.timer, seconds);
        Ok(())
    }
}

/// Profiles write durations, state files write seconds: both are read.
impl<'de> Deserialize<'de> for Timers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Seconds(i64),
            Text(String),
        }
        let mut timers = Self::default();
        for (name, value) in BTreeMap::<String, Value>::deserialize(deserializer)? {
            let text = match value {
                Value::Seconds(0) => "0".to_owned(),
                Value::Seconds(seconds) => format!("{seconds}s"),
                Value::Text(text) => text,
            };
            timers.set(&name, &text).map_err(serde::de::Error::custom)?;
        }
        Ok(timers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// device-protocol.md 3.1: every timer stands in the table once, under the name of its file.
    #[test]
    fn every_timer_has_one_row_and_one_name() {
        for row in TABLE {
            assert_eq!(serde_json::to_value(row.timer).unwrap(), row.name);
            assert_eq!(TABLE.iter().filter(|other| other.timer == row.timer).count(), 1);
            assert_eq!(Timers::default().get(row.timer).num_seconds(), row.seconds);
        }
    }

    #[test]
    fn a_timer_is_set_by_name_and_kept() {
        let mut timers = Timers::default();
        timers.set("reporting", "6h").unwrap();
        assert_eq!(timers.get(Timer::Reporting), TimeDelta::hours(6));
        let kept = serde_json::to_string(&timers).unwrap();
        assert_eq!(serde_json::from_str::<Timers>(&kept).unwrap(), timers);
        assert!(timers.set("reports", "6h").unwrap_err().contains("must be one of evaluation"));
        assert!(timers.set("reporting", "-6h").is_err());
        assert!(timers.set("reporting", "soon").is_err());
    }
}
