//! The clock of a world: the only reader of wall time.

use crate::domain::Timestamp;
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// What time it is in a world. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mode>);

#[derive(Debug)]
enum Mode {
    /// Wall time plus an offset in milliseconds.
    Running(AtomicI64),
    /// Stands still until it is moved; milliseconds since 1970.
    Frozen(AtomicI64),
}

/// Wall time. For what follows real time even in a world: TLS certificates of listeners.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads wall time")]
pub fn wall_time() -> Timestamp {
    Timestamp::new(chrono::Utc::now())
}

impl Clock {
    /// Wall time.
    pub fn wall() -> Self {
        Self(Arc::new(Mode::Running(AtomicI64::new(0))))
    }

    /// Stands at `now`.
    pub fn frozen(now: Timestamp) -> Self {
        Self(Arc::new(Mode::Frozen(AtomicI64::new(now.millis()))))
    }

    /// The present instant of the world.
    pub fn now(&self) -> Timestamp {
        let wall = wall_time();
        match &*self.0 {
            Mode::Running(offset) => wall + TimeDelta::milliseconds(offset.load(Ordering::Relaxed)),
            Mode::Frozen(millis) => {
                Timestamp::from_millis(millis.load(Ordering::Relaxed)).unwrap_or(wall)
            }
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        match &*self.0 {
            Mode::Running(millis) | Mode::Frozen(millis) => {
                millis.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
            }
        }
    }

    /// Moves the clock to an instant.
    pub fn set(&self, to: Timestamp) {
        match &*self.0 {
            Mode::Running(offset) => {
                offset.store((to - wall_time()).num_milliseconds(), Ordering::Relaxed);
            }
            Mode::Frozen(millis) => millis.store(to.millis(), Ordering::Relaxed),
        }
    }

    /// Whether the world's time is wall time.
    pub fn is_wall(&self) -> bool {
        matches!(&*self.0, Mode::Running(offset) if offset.load(Ordering::Relaxed) == 0)
    }
}
