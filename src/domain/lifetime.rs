//! What time does to a product instance: the 30 and 90 days of its authorization, the 180 and
//! 365 days of its certificate (A-SEM-10, A-SEM-11; documented). Devices with a reservation
//! do not talk to us and are left alone.

use super::instance::Instance;
use super::registration::Periods;
use super::time::{Timestamp, soonest};
use chrono::TimeDelta;

/// What falls due for a product instance at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its identity certificate ended: it is removed.
    Removal,
    /// Its authorization ended: its licenses are released.
    Release,
    /// An alert may begin; nothing else changes.
    Look,
}

/// How long a product instance has been late with its renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// Beyond the day of renewal.
    Late,
    /// So long that it is Major.
    VeryLate,
}

impl Instance {
    /// When it last renewed its authorization, or registered.
    pub fn silent_since(&self) -> Timestamp {
        self.authorization.map_or(self.registered_at, |told| told.at)
    }

    /// When its licenses are released unless it renews (A-ALK-02).
    pub fn release_at(&self, periods: &Periods) -> Timestamp {
        self.silent_since().plus_days(periods.authorization_days)
    }

    /// Since when *Failed to Connect* is shown.
    fn late_at(&self, periods: &Periods) -> Timestamp {
        self.silent_since().plus_days(periods.authorization_renewal_days)
            + TimeDelta::hours(periods.late_after_hours)
    }

    /// Since when *Failed to Renew* is shown (A-ALK-03).
    fn renewal_warning_at(&self, periods: &Periods) -> Timestamp {
        self.identity.expires_at.minus_days(periods.certificate_warning_days)
    }

    /// Whether it is late with its renewal at `now`.
    pub fn lateness(&self, periods: &Periods, now: Timestamp) -> Option<Lateness> {
        let reached = later(now, self.settled.silence);
        if self.reserved || reached < self.late_at(periods) {
            return None;
        }
        let major = self.silent_since().plus_days(periods.late_major_days);
        Some(if reached < major { Lateness::Late } else { Lateness::VeryLate })
    }

    /// Whether its certificate is about to end without having been renewed.
    pub fn failed_to_renew(&self, periods: &Periods, now: Timestamp) -> bool {
        let reached = later(now, self.settled.certificate);
        !self.reserved && reached >= self.renewal_warning_at(periods)
    }

    /// What has fallen due by `now`; a release stays due until it renews, and costs nothing twice.
    pub fn due(&self, periods: &Periods, now: Timestamp) -> Due {
        if self.reserved {
            Due::Look
        } else if now >= self.identity.expires_at {
            Due::Removal
        } else if now >= self.release_at(periods) {
            Due::Release
        } else {
            Due::Look
        }
    }

    /// The next instant after `now` at which time changes something about it.
    pub fn next_due(&self, periods: &Periods, now: Timestamp) -> Option<Timestamp> {
        if self.reserved {
            return None;
        }
        let of_silence = [self.late_at(periods), self.release_at(periods)];
        let of_certificate = [self.renewal_warning_at(periods), self.identity.expires_at];
        let next = [
            soonest(of_silence.map(Some), later(now, self.settled.silence)),
            soonest(of_certificate.map(Some), later(now, self.settled.certificate)),
        ];
        next.into_iter().flatten().min()
    }

    /// Whether its stored deadline would come too late for what it is now.
    pub fn needs_schedule(&self, periods: &Periods, now: Timestamp) -> bool {
        match (self.due_at, self.next_due(periods, now)) {
            (Some(stored), Some(next)) => next < stored,
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }

    /// The same instance when all is done that time causes until `at`.
    #[must_use]
    pub fn settled(mut self, periods: &Periods, at: Timestamp) -> Self {
        if at >= self.late_at(periods) {
            self.settled.silence = self.settled.silence.max(Some(at));
        }
        if at >= self.renewal_warning_at(periods) {
            self.settled.certificate = self.settled.certificate.max(Some(at));
        }
        self.scheduled(periods, at)
    }

    /// The same instance with its deadline and its alert mark set as of `now`.
    #[must_use]
    pub fn scheduled(mut self, periods: &Periods, now: Timestamp) -> Self {
        self.due_at = self.next_due(periods, now);
        self.alerting = self.is_alerting(periods, now);
        self
    }

    /// Whether it has an alert.
    pub fn is_alerting(&self, periods: &Periods, now: Timestamp) -> bool {
        self.lateness(periods, now).is_some() || self.failed_to_renew(periods, now)
    }
}

fn later(now: Timestamp, settled: Option<Timestamp>) -> Timestamp {
    settled.map_or(now, |settled| settled.max(now))
}

#[cfg(test)]
pub(crate) mod samples {
    use crate::domain::Timestamp;
    use crate::domain::id::{InstanceId, SmartAccountId, VirtualAccountId};
    use crate::domain::instance::{Identity, Instance, Settled, Udi};
    use uuid::Uuid;

    /// A product instance that registered at `now`, for tests of the rules.
    pub(crate) fn instance(now: Timestamp) -> Instance {
        Instance {
            id: InstanceId(Uuid::from_u128(9)),
            account: SmartAccountId(Uuid::from_u128(2)),
            virtual_account: VirtualAccountId(Uuid::from_u128(3)),
            udi: Udi { pid: Some("SIM".into()), serial: Some("000001".into()), ..Udi::default() },
            software_tag: "regid.sim".into(),
            product_name: "SIM".into(),
            hostname: Some("dev-1".into()),
            export_allowed: true,
            token: None,
            registered_at: now,
            last_contact_at: now,
            identity: Identity {
                serial: 1,
                public_key: String::new(),
                issued_at: now,
                expires_at: now.plus_days(365),
                last_message_at: now,
            },
            authorization: None,
            reserved: false,
            due_at: None,
            alerting: false,
            settled: Settled::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::instance;
    use super::*;
    use crate::domain::instance::{Authorized, Identity, Settled};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// AS-16, A-SEM-10, A-SEM-11, A-ALK-02, A-ALK-03: the life of a silent device, day by day.
    #[test]
    fn a_silent_device_is_late_then_released_then_removed() {
        let periods = Periods::default();
        let silent = instance(at("2026-01-05T09:00:00Z"));
        for (when, lateness, renew) in [
            ("2026-02-04T09:00:00Z", None, false),
            ("2026-02-05T00:00:00Z", Some(Lateness::Late), false),
            ("2026-03-06T08:59:59Z", Some(Lateness::Late), false),
            ("2026-03-07T00:00:00Z", Some(Lateness::VeryLate), false),
            ("2026-11-06T08:59:59Z", Some(Lateness::VeryLate), false),
            ("2026-11-06T09:00:00Z", Some(Lateness::VeryLate), true),
        ] {
            assert_eq!(silent.lateness(&periods, at(when)), lateness, "{when}");
            assert_eq!(silent.failed_to_renew(&periods, at(when)), renew, "{when}");
        }
        let mut now = silent.registered_at;
        for (due, what) in [
            ("2026-02-04T21:00:00Z", Due::Look),
            ("2026-04-05T09:00:00Z", Due::Release),
            ("2026-11-06T09:00:00Z", Due::Release),
            ("2027-01-05T09:00:00Z", Due::Removal),
        ] {
            now = silent.next_due(&periods, now).unwrap();
            assert_eq!((now, silent.due(&periods, now)), (at(due), what));
        }
        assert_eq!(silent.next_due(&periods, now), None);
    }

    /// AS-49: with the clock behind, what its silence caused lasts until its next authorization,
    /// what its certificate caused until the next certificate, and neither is due again before.
    #[test]
    fn what_time_has_caused_stays_caused() {
        let periods = Periods::default();
        let start = at("2026-01-05T09:00:00Z");
        let warned = instance(start).settled(&periods, at("2026-11-06T09:00:00Z"));
        let back = at("2026-02-01T09:00:00Z");
        assert_eq!(warned.lateness(&periods, back), Some(Lateness::VeryLate));
        assert!(warned.failed_to_renew(&periods, back));
        assert_eq!(warned.next_due(&periods, back), Some(at("2027-01-05T09:00:00Z")));

        let mut heard = warned;
        let expires_at = back.plus_days(90);
        heard.authorize(Authorized { at: back, expires_at, in_compliance: true });
        assert_eq!(heard.lateness(&periods, back), None);
        assert!(heard.failed_to_renew(&periods, back), "its certificate is the same");
        assert_eq!(heard.next_due(&periods, back), Some(at("2026-03-03T21:00:00Z")));
        heard.identify(Identity { expires_at: back.plus_days(365), ..heard.identity.clone() });
        assert!(!heard.failed_to_renew(&periods, back));
        let early = instance(start).settled(&periods, start.plus_days(1));
        assert_eq!(early.settled, Settled::default(), "nothing happened: nothing stays");
    }

    /// A-RSV-08: a device with a reservation is never late.
    #[test]
    fn a_reserved_device_has_no_deadlines() {
        let periods = Periods::default();
        let reserved = Instance { reserved: true, ..instance(at("2026-01-05T09:00:00Z")) };
        let later = at("2036-01-05T09:00:00Z");
        assert_eq!(reserved.next_due(&periods, reserved.registered_at), None);
        assert!(!reserved.is_alerting(&periods, later));
        assert_eq!(reserved.due(&periods, later), Due::Look);
    }
}
