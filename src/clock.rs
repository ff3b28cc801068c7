//! The clock of a world: the only reader of wall time.

use crate::domain::Timestamp;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What time it is in a world. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Setting>>);

/// How a clock goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mode {
    /// Wall time plus an offset in milliseconds.
    Running(i64),
    /// Stands at an instant until it is moved.
    Frozen(Timestamp),
}

/// Where a clock stands; kept over a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// How it goes.
    pub mode: Mode,
    /// The latest instant it has shown before it was set back; `None` if it never was.
    pub latest: Option<Timestamp>,
}

/// Wall time. For what follows real time even in a world: TLS certificates of listeners.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads wall time")]
pub fn wall_time() -> Timestamp {
    Timestamp::new(chrono::Utc::now())
}

impl Setting {
    fn now(&self) -> Timestamp {
        match self.mode {
            Mode::Running(offset) => wall_time() + TimeDelta::milliseconds(offset),
            Mode::Frozen(at) => at,
        }
    }

    /// The same going, at another instant.
    #[must_use]
    pub fn at(&self, to: Timestamp) -> Self {
        let now = self.now();
        let latest = self.latest.map_or(now, |latest| latest.max(now));
        let mode = match self.mode {
            Mode::Running(_) => Mode::Running((to - wall_time()).num_milliseconds()),
            Mode::Frozen(_) => Mode::Frozen(to),
        };
        Self { mode, latest: (latest > to).then_some(latest) }
    }

    /// It stands at the present instant.
    #[must_use]
    pub fn frozen(&self) -> Self {
        Self { mode: Mode::Frozen(self.now()), ..*self }
    }

    /// It goes on from the present instant.
    #[must_use]
    pub fn resumed(&self) -> Self {
        let mode = match self.mode {
            running @ Mode::Running(_) => running,
            Mode::Frozen(at) => Mode::Running((at - wall_time()).num_milliseconds()),
        };
        Self { mode, ..*self }
    }
}

impl Clock {
    /// Wall time.
    pub fn wall() -> Self {
        Self::from_setting(Setting { mode: Mode::Running(0), latest: None })
    }

    /// Stands at `now`.
    pub fn frozen(now: Timestamp) -> Self {
        Self::from_setting(Setting { mode: Mode::Frozen(now), latest: None })
    }

    /// As it was kept.
    pub fn from_setting(setting: Setting) -> Self {
        Self(Arc::new(Mutex::new(setting)))
    }

    /// Where it stands, to be kept.
    pub fn setting(&self) -> Setting {
        *self.lock()
    }

    /// The present instant of the world.
    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// The latest instant the clock has shown: later than now after it was set back. What was
    /// due until then has happened.
    pub fn latest(&self) -> Timestamp {
        let setting = self.lock();
        let now = setting.now();
        setting.latest.map_or(now, |latest| latest.max(now))
    }

    /// Whether it was set back and has not caught up again.
    pub fn is_behind(&self) -> bool {
        let setting = self.lock();
        setting.latest.is_some_and(|latest| latest > setting.now())
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        let mut setting = self.lock();
        *setting = setting.at(setting.now() + by);
    }

    /// Moves the clock to an instant.
    pub fn set(&self, to: Timestamp) {
        let mut setting = self.lock();
        *setting = setting.at(to);
    }

    /// Goes as it is told from now on.
    pub fn put(&self, setting: Setting) {
        *self.lock() = setting;
    }

    /// Whether it stands.
    pub fn is_frozen(&self) -> bool {
        matches!(self.lock().mode, Mode::Frozen(_))
    }

    /// Whether the world's time is wall time.
    pub fn is_wall(&self) -> bool {
        self.lock().mode == Mode::Running(0)
    }

    fn lock(&self) -> MutexGuard<'_, Setting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t0() -> Timestamp {
        Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
    }

    /// A frozen clock stands, moves by hand, and goes on from there.
    #[test]
    fn a_clock_stands_moves_and_goes_on() {
        let clock = Clock::frozen(t0());
        clock.advance(TimeDelta::days(30));
        assert_eq!(clock.now(), t0().plus_days(30));
        clock.put(clock.setting().resumed());
        assert!(!clock.is_frozen() && clock.now() >= t0().plus_days(30));
        clock.put(clock.setting().frozen());
        let stands = clock.now();
        assert_eq!(clock.now(), stands);
        assert_eq!(Clock::from_setting(clock.setting()).now(), stands, "kept over a restart");
    }

    /// AS-49: a clock that was set back knows how far it had come, until it is there again.
    #[test]
    fn a_clock_that_was_set_back_knows_it() {
        let clock = Clock::frozen(t0().plus_days(100));
        clock.set(t0());
        assert!(clock.is_behind());
        assert_eq!((clock.now(), clock.latest()), (t0(), t0().plus_days(100)));
        clock.set(t0().plus_days(50));
        assert_eq!(clock.latest(), t0().plus_days(100));
        clock.advance(TimeDelta::days(51));
        assert!(!clock.is_behind());
        assert_eq!(clock.latest(), t0().plus_days(101));
    }
}
