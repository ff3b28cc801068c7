//! What time does to a license line: it begins, is about to end, ends, and has ended a while ago.

use super::line::{Booking, Line, LineStatus};
use super::time::{Timestamp, soonest};
use chrono::Days;

/// Days before its last day from which a line counts as expiring (A-ALK-11; ours for the page).
pub const EXPIRING_DAYS: u64 = 90;
/// Days that *Licenses Expired* is shown (A-ALK-12).
pub const EXPIRED_SHOWN_DAYS: u64 = 30;

impl Line {
    /// `now`, or what the line has lived through already when the clock was set back.
    pub(super) fn reached(&self, now: Timestamp) -> Timestamp {
        self.settled_at.map_or(now, |settled| settled.max(now))
    }

    /// Whether it is active and ends within the window of *Licenses Expiring*.
    pub fn is_expiring(&self, now: Timestamp) -> bool {
        self.status(now) == LineStatus::Active
            && self.expiring_from().is_some_and(|begin| self.reached(now) >= begin)
    }

    /// Whether it ended so short ago that *Licenses Expired* is shown.
    pub fn is_freshly_expired(&self, now: Timestamp) -> bool {
        self.booking == Booking::Booked
            && self.status(now) == LineStatus::Expired
            && self
                .over_at()
                .is_some_and(|over| self.reached(now) < over.plus_days(EXPIRED_SHOWN_DAYS))
    }

    /// How many of it devices hold reserved although it is over (A-ALK-13).
    pub fn held_after_its_end(&self, now: Timestamp) -> i64 {
        let over = self.over_at().is_some_and(|over| self.reached(now) >= over);
        if over { self.reserved } else { 0 }
    }

    /// Midnight after its last day.
    pub fn over_at(&self) -> Option<Timestamp> {
        Some(Timestamp::midnight(self.ends?.checked_add_days(Days::new(1))?))
    }

    fn expiring_from(&self) -> Option<Timestamp> {
        Some(Timestamp::midnight(self.ends?.checked_sub_days(Days::new(EXPIRING_DAYS))?))
    }

    /// The next instant after `now` at which time changes something about it.
    pub fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        if self.booking == Booking::Cancelled {
            return None;
        }
        let over = self.over_at();
        let instants = [
            Some(Timestamp::midnight(self.starts)),
            self.expiring_from(),
            over,
            over.map(|over| over.plus_days(EXPIRED_SHOWN_DAYS)),
        ];
        soonest(instants, self.reached(now))
    }

    /// The same line when all is done that its dates cause until `at`.
    #[must_use]
    pub fn settled(mut self, at: Timestamp) -> Self {
        self.settled_at = Some(self.reached(at));
        self.scheduled(at)
    }

    /// The same line with its deadline set as of `now`.
    #[must_use]
    pub fn scheduled(mut self, now: Timestamp) -> Self {
        self.due_at = self.next_due(now);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::license::LicenseType;
    use crate::domain::line::samples::line;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// AS-49: with the clock behind, a line that has ended stays ended, one that has begun stays
    /// begun, and goods that join it share that.
    #[test]
    fn what_its_dates_have_caused_stays_caused() {
        let term = line(LicenseType::Term, 5, "2026-02-01", Some("2026-06-30"));
        let begun = term.clone().settled(at("2026-02-01T00:00:00Z"));
        assert_eq!(begun.status(at("2026-01-10T00:00:00Z")), LineStatus::Active);
        assert_eq!(begun.due_at, Some(at("2026-04-01T00:00:00Z")));
        let ended = term.clone().settled(at("2026-07-01T00:00:00Z"));
        let back = at("2026-03-01T00:00:00Z");
        assert_eq!(ended.status(back), LineStatus::Expired);
        assert!(ended.is_freshly_expired(back) && !ended.is_expiring(back));
        assert_eq!(ended.next_due(back), Some(at("2026-07-31T00:00:00Z")));
        let mut joined = term;
        joined.take_in(&begun);
        assert_eq!((joined.quantity, joined.settled_at), (10, begun.settled_at));
    }

    /// AS-48: the deadlines of a term line, one after the other, and then none.
    #[test]
    fn the_deadlines_of_a_term_line_come_one_after_the_other() {
        let term = line(LicenseType::Term, 5, "2026-01-05", Some("2026-06-30"));
        let mut now = at("2026-01-05T09:00:00Z");
        for due in ["2026-04-01", "2026-07-01", "2026-07-31"] {
            let next = term.next_due(now).unwrap();
            assert_eq!(next, Timestamp::midnight(due.parse().unwrap()));
            now = next;
        }
        assert_eq!(term.next_due(now), None);
        assert!(term.is_expiring(at("2026-04-01T00:00:00Z")));
        assert!(!term.is_expiring(at("2026-03-31T23:59:59Z")));
        assert!(!term.is_freshly_expired(at("2026-07-31T00:00:00Z")));
    }
}
