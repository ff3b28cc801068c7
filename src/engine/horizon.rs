//! The earliest deadline of the site, remembered, so that asking whether something is due
//! costs a comparison.

use crate::domain::Timestamp;
use std::sync::{Mutex, PoisonError};

/// What is known of the earliest deadline.
#[derive(Default)]
pub(super) struct Horizon(Mutex<Known>);

#[derive(Clone, Copy, Default)]
enum Earliest {
    #[default]
    Unknown,
    Never,
    At(Timestamp),
}

#[derive(Default)]
struct Known {
    earliest: Earliest,
    /// Rises whenever it is forgotten.
    version: u64,
}

impl Horizon {
    /// Whether something may be due at `now`; yes, when it is not known.
    pub(super) fn may_be_due(&self, now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.earliest {
            Earliest::Unknown => true,
            Earliest::Never => false,
            Earliest::At(due) => due <= now,
        }
    }

    /// A number to hand back to [`Horizon::put`], drawn before the database is asked.
    pub(super) fn version(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).version
    }

    /// Remembers what was read, unless a write has come in between.
    pub(super) fn put(&self, version: u64, earliest: Option<Timestamp>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version == version {
            known.earliest = earliest.map_or(Earliest::Never, Earliest::At);
        }
    }

    /// Forgets: a commit may have set an earlier deadline.
    pub(super) fn forget(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.version += 1;
        known.earliest = Earliest::Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deadline is due from its instant on, and a reader that was overtaken changes nothing.
    #[test]
    fn a_slow_reader_does_not_hide_a_new_deadline() {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let horizon = Horizon::default();
        assert!(horizon.may_be_due(now), "not known");
        let version = horizon.version();
        horizon.forget();
        horizon.put(version, None);
        assert!(horizon.may_be_due(now), "the slow reader was overtaken");
        horizon.put(horizon.version(), Some(now));
        assert!(horizon.may_be_due(now) && !horizon.may_be_due(now.just_before()));
    }
}
