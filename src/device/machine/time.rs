//! What time alone brings: evaluation, expiries, deadlines, warnings, clocks that were set.

use super::Step;
use crate::device::notices::Notice;
use crate::device::state::{Evaluation, Failure};
use crate::device::timers::Timer;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;

/// Days left at which the user is warned: then daily in the last week (PROVEN: XE-YANG).
const WARNING_DAYS: [i64; 11] = [60, 30, 21, 14, 7, 6, 5, 4, 3, 2, 1];

impl Step {
    /// Lets time pass until now; `clock_set` says that the clock was set to it.
    pub(super) fn pass_time(&mut self, clock_set: bool) {
        let before = self.state.last_seen.unwrap_or(self.now);
        let back = self.now < before;
        if clock_set || before - self.now >= self.state.timers.get(Timer::ClockSkew) {
            self.tell(Notice::ClockChanged);
        }
        self.check_range(clock_set || back);
        self.expire();
        self.deadline(before);
        self.end_terms(before);
        self.evaluate(before);
        self.state.last_seen = Some(self.now);
    }

    /// A clock that was set outside the certificate's dates has an hour to be put right.
    // device-protocol.md 3.1 (PROVEN: XE-YANG registration-out-of-range).
    fn check_range(&mut self, moved: bool) {
        let Some(identity) = &self.state.registration.identity else { return };
        let skew = self.state.timers.get(Timer::ClockSkew);
        let early = identity.issued_at - self.now >= skew;
        let outside = early || self.now >= identity.expires_at;
        let registration = &mut self.state.registration;
        match (outside, registration.out_of_range_since) {
            (true, None) if moved || early => {
                registration.out_of_range_since = Some(self.now);
                self.tell(Notice::OutOfRange);
            }
            // Set again: the hour begins anew.
            (true, Some(_)) if moved => registration.out_of_range_since = Some(self.now),
            (false, Some(_)) => {
                registration.out_of_range_since = None;
                self.tell(Notice::InRange);
            }
            (true, _) | (false, None) => {}
        }
    }

    /// The certificate expires, or is removed because the clock stayed outside its dates.
    fn expire(&mut self) {
        let Some(identity) = &self.state.registration.identity else { return };
        let notice = match self.state.registration.out_of_range_since {
            Some(since) if self.now - since >= self.state.timers.get(Timer::OutOfRange) => {
                Notice::OutOfRangeRemoved
            }
            None if self.now >= identity.expires_at => Notice::IdentityExpired,
            Some(_) | None => return,
        };
        let expired_at = identity.expires_at.min(self.now);
        self.forget_registration();
        self.state.registration.failure = Some(Failure::Expired);
        // The evaluation goes on from the moment of expiry, not from when it was noticed.
        if let Some(since) = &mut self.state.evaluation.running_since
            && notice == Notice::IdentityExpired
        {
            *since = expired_at;
        }
        self.tell(notice);
    }

    /// Tells a passed deadline and certificates that will expire.
    fn deadline(&mut self, before: Timestamp) {
        let Some(identity) = &self.state.registration.identity else { return };
        let (left_then, left) = (identity.expires_at - before, identity.expires_at - self.now);
        let deadline = self.state.authorization.deadline;
        if deadline.is_some_and(|deadline| before < deadline && deadline <= self.now) {
            self.tell(Notice::AuthorizationExpired);
        }
        if let Some(days) = crossed(left_then, left).filter(|_| left > TimeDelta::zero()) {
            self.tell(Notice::IdentityExpiring { days });
        }
    }

    /// Warns of the evaluation's end: on schedule, hourly on the last day, hourly after it.
    // device-protocol.md 3.1 (PROVEN: XE-YANG). One warning for all that a long time has passed.
    fn evaluate(&mut self, before: Timestamp) {
        let (left_then, left) = match self.state.evaluation.running_since {
            Some(since) => {
                let then = self.state.evaluation_left(before.max(since).min(self.now));
                (then, self.state.evaluation_left(self.now))
            }
            None => (TimeDelta::zero(), TimeDelta::zero()),
        };
        self.settle_evaluation();
        if left_then > TimeDelta::zero() {
            let last_day = left < TimeDelta::days(1) && left.num_hours() < left_then.num_hours();
            if left <= TimeDelta::zero() {
                self.state.evaluation.told_at = Some(self.now);
                self.tell(Notice::EvaluationExpired);
            } else if last_day || crossed(left_then, left).is_some() {
                self.tell(Notice::EvaluationLeft { seconds: left.num_seconds() });
            }
            return;
        }
        let expired = self.state.unlicensed()
            && self.state.evaluates()
            && self.state.evaluation_left(self.now) <= TimeDelta::zero();
        let told = self.state.evaluation.told_at.unwrap_or(self.now + TimeDelta::hours(-1));
        if expired && self.now - told >= TimeDelta::hours(1) {
            self.state.evaluation.told_at = Some(self.now);
            self.tell(Notice::EvaluationExpired);
        }
    }

    /// Books what has run so far; runs on only while in use and not registered.
    pub(super) fn settle_evaluation(&mut self) {
        let state = &mut self.state;
        let whole = state.timers.get(Timer::Evaluation);
        let used = state.evaluation_used(self.now).min(whole);
        let running = state.unlicensed() && state.evaluates() && used < whole;
        state.evaluation = Evaluation {
            used_ms: used.num_milliseconds(),
            running_since: running.then_some(self.now),
            told_at: state.evaluation.told_at,
        };
    }
}

/// The last day of the schedule that lies between what was left and what is.
fn crossed(left_then: TimeDelta, left: TimeDelta) -> Option<i64> {
    WARNING_DAYS.into_iter().rev().find(|days| {
        let days = TimeDelta::days(*days);
        left_then > days && left <= days
    })
}
