//! Clusters of Unified CM whose use is collected, and publishers that are found.

use super::{LONGEST, named};
use crate::domain::Timestamp;
use crate::domain::error::{Error, Result};
use crate::domain::id::OrganizationId;
use chrono::{NaiveDate, TimeDelta};

/// The hour, UTC, at which new publishers are looked for once a day (the sources say periodic; the
/// hour is ours).
const SYNC_HOUR: i64 = 2;
/// The major release whose publishers are found (documented).
const FOUND: &str = "12";

/// A cluster of a customer (F-FU-16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The number in addresses, and that daily snapshots refer to.
    pub number: i64,
    /// The customer.
    pub organization: OrganizationId,
    /// The subscription that it uses; known once it is verified.
    pub subscription: Option<i64>,
    /// Its name; unique at the customer.
    pub name: String,
    /// The data centre.
    pub region: String,
    /// The release of its publisher, such as `12.5.1`.
    pub version: String,
    /// The publisher's host name.
    pub publisher: String,
    /// When it became known.
    pub added_at: Timestamp,
    /// Whether the daily look found it; else somebody registered it.
    pub found: bool,
    /// When it was verified: from that day on its use is collected.
    pub verified_at: Option<Timestamp>,
    /// Digest of the secret of its agent; an agent without one has nothing to show.
    pub secret: Option<String>,
}

impl Cluster {
    /// Fails unless its agent may tell of that day: from the day of verification until today.
    pub fn takes(&self, day: NaiveDate, today: NaiveDate) -> Result<()> {
        let Some(verified) = self.verified_at else {
            let problem =
                format!("Cluster {} is not verified yet; nothing is collected.", self.name);
            return Err(Error::Conflict(problem));
        };
        let first = verified.date();
        if day < first {
            let problem = format!("{day} is before {first}, when collecting began");
            return Err(Error::invalid("day", problem));
        }
        if day > today {
            return Err(Error::invalid("day", format!("{day} is after the present day {today}")));
        }
        Ok(())
    }
}

/// What somebody says of a cluster, or of a publisher that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCluster {
    /// Its name.
    pub name: String,
    /// The data centre.
    pub region: String,
    /// The release.
    pub version: String,
    /// The publisher's host name.
    pub publisher: String,
}

impl NewCluster {
    /// The same, cut to what is kept; fails when a field is none.
    pub fn check(&self) -> Result<Self> {
        let version = named("version", &self.version)?;
        let plain =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
        let major = version.split('.').next().unwrap_or_default();
        let number = major.chars().all(|c| c.is_ascii_digit());
        if !number || version.len() > LONGEST || !version.split(['.', '-']).all(plain) {
            let problem = format!("'{version}' is not a release such as 12.5.1");
            return Err(Error::invalid("version", problem));
        }
        Ok(Self {
            name: named("name", &self.name)?,
            region: named("region", &self.region)?,
            version,
            publisher: named("publisher", &self.publisher)?,
        })
    }
}

/// A publisher that somebody installed for a customer, and that the daily look may find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// Its number.
    pub number: i64,
    /// The customer.
    pub organization: OrganizationId,
    /// What it is.
    pub is: NewCluster,
    /// When it was installed.
    pub added_at: Timestamp,
    /// The look that saw it.
    pub looked_at: Option<Timestamp>,
    /// The cluster that it became.
    pub cluster: Option<i64>,
}

impl Publisher {
    /// Whether the daily look takes it: release 12.x (documented).
    pub fn is_found(&self) -> bool {
        self.is.version.split('.').next() == Some(FOUND)
    }
}

/// The next look for publishers after an instant.
pub fn next_sync(now: Timestamp) -> Timestamp {
    let today = Timestamp::midnight(now.date()) + TimeDelta::hours(SYNC_HOUR);
    if today > now { today } else { today.plus_days(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn new(version: &str) -> NewCluster {
        NewCluster {
            name: "Paris".into(),
            region: "EU West".into(),
            version: version.into(),
            publisher: "cucm-1.paris.example".into(),
        }
    }

    /// F-FU-16: once a day, at two o'clock; only 12.x.
    #[test]
    fn the_daily_look_finds_release_12() {
        for (now, next) in [
            ("2026-01-05T01:59:59Z", "2026-01-05T02:00:00Z"),
            ("2026-01-05T02:00:00Z", "2026-01-06T02:00:00Z"),
            ("2026-12-31T09:00:00Z", "2027-01-01T02:00:00Z"),
        ] {
            assert_eq!(next_sync(at(now)), at(next));
        }
        for (version, found) in
            [("12.5.1", true), ("12.0", true), ("12", true), ("11.5.1", false), ("120.1", false)]
        {
            let one = Publisher {
                number: 1,
                organization: OrganizationId(Uuid::nil()),
                is: new(version).check().unwrap(),
                added_at: at("2026-01-05T09:00:00Z"),
                looked_at: None,
                cluster: None,
            };
            assert_eq!(one.is_found(), found, "{version}");
        }
        for version in ["", "twelve", "12.", "12..5", "v12.5", "12 5"] {
            assert!(new(version).check().is_err(), "{version}");
        }
    }

    /// F-FU-01: collecting begins with the day of verification; no day is told ahead.
    #[test]
    fn days_are_taken_from_verification_until_today() {
        let mut one = Cluster {
            number: 1,
            organization: OrganizationId(Uuid::nil()),
            subscription: None,
            name: "Paris".into(),
            region: "EU West".into(),
            version: "12.5.1".into(),
            publisher: "cucm-1".into(),
            added_at: at("2026-01-01T09:00:00Z"),
            found: false,
            verified_at: None,
            secret: None,
        };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-01-05");
        assert!(matches!(one.takes(today, today), Err(Error::Conflict(_))));
        one.verified_at = Some(at("2026-01-03T23:59:59Z"));
        for (told, taken) in [
            ("2026-01-02", false),
            ("2026-01-03", true),
            ("2026-01-05", true),
            ("2026-01-06", false),
        ] {
            assert_eq!(one.takes(day(told), today).is_ok(), taken, "{told}");
        }
    }
}
