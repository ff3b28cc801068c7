//! What time it is for the products: that of the world they talk to.

use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// How the world's clock goes, as it was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// It stands.
    Stands(Timestamp),
    /// It runs, so far ahead of real time.
    Runs(TimeDelta),
}

/// The world's time.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// How it goes.
    pub going: Going,
    /// Reads real time.
    pub real: fn() -> Timestamp,
}

impl Time {
    /// What time it is.
    pub fn now(&self) -> Timestamp {
        match self.going {
            Going::Stands(at) => at,
            Going::Runs(ahead) => (self.real)() + ahead,
        }
    }
}
