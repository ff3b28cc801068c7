//! When to try again: pauses that double up to a longest one, spread a little.

use super::{Exchange, Step};
use crate::crypto::secret::hmac;
use crate::device::timers::{JITTER_PERCENT, Timer};
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

impl Step {
    /// When to repeat an exchange that has failed `attempts` times in a row, not before the
    /// pause that the server asks for.
    pub(super) fn retry(&self, exchange: Exchange, attempts: u32, asked: TimeDelta) -> Timestamp {
        let (first, longest) = match exchange {
            Exchange::Registration => (Timer::RegistrationRetry, Timer::RegistrationRetryLongest),
            Exchange::Authorization
            | Exchange::ThirdPartyKey
            | Exchange::ExportKey
            | Exchange::Deregistration => {
                (Timer::AuthorizationRetry, Timer::AuthorizationRetryLongest)
            }
            Exchange::IdCertRenew => (Timer::IdentityRetry, Timer::IdentityRetryLongest),
        };
        let (first, longest) = (self.state.timers.get(first), self.state.timers.get(longest));
        let doublings = attempts.saturating_sub(1).min(20);
        let pause = (first * 2_i32.pow(doublings)).min(longest.max(first)).max(asked);
        self.now + pause + self.spread(exchange, pause)
    }

    /// From nothing to `range`, by chance.
    pub(super) fn chance(&self, exchange: Exchange, range: TimeDelta) -> TimeDelta {
        let sent = self.state.counters.get(&exchange).map_or(0, |counter| counter.sent);
        let sudi = self.state.product.sudi.key();
        let what = format!("{sudi}/{exchange:?}/{sent}/{}", self.now.millis());
        let dice = hmac(self.state.settings.seed.as_bytes(), what.as_bytes());
        let dice = u32::from_be_bytes(dice.first_chunk().copied().unwrap_or_default());
        let part = i128::from(range.num_milliseconds()) * i128::from(dice) / i128::from(u32::MAX);
        TimeDelta::milliseconds(i64::try_from(part).unwrap_or(0))
    }

    /// Some percent more or less of a pause.
    pub(super) fn spread(&self, exchange: Exchange, pause: TimeDelta) -> TimeDelta {
        let most = TimeDelta::milliseconds(pause.num_milliseconds() * JITTER_PERCENT / 100);
        self.chance(exchange, most * 2) - most
    }
}
