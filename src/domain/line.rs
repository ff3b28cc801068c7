//! License lines: what was bought, where it came from, and for how long.

use super::error::{Error, Result};
use super::id::{EntitlementId, LineId, SmartAccountId, VirtualAccountId};
use super::license::LicenseType;
pub use super::origin::{Origin, Source};
use super::time::Timestamp;
use chrono::{Datelike, NaiveDate};

/// The state of a line at an instant (proven; A-SEM-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// It has not begun; shown as pending quantity.
    Future,
    /// Ordered, and not provisioned yet.
    Pending,
    /// It counts.
    Active,
    /// Its last day is over.
    Expired,
    /// The order was cancelled.
    Cancelled,
}

impl LineStatus {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Future, Self::Pending, Self::Active, Self::Expired, Self::Cancelled];

    /// As the REST API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Future => "FUTURE",
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Expired => "EXPIRED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Future => "Future",
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Expired => "Expired",
            Self::Cancelled => "Cancelled",
        }
    }

    /// From text in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(text))
    }
}

/// What people did to a line, beside which its dates count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Booking {
    /// Provisioned: its dates decide.
    #[default]
    Booked,
    /// Ordered, and not provisioned yet.
    Pending,
    /// Cancelled; it stays for the record.
    Cancelled,
}

impl Booking {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Pending => "pending",
            Self::Cancelled => "cancelled",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Booked, Self::Pending, Self::Cancelled].into_iter().find(|b| b.code() == code)
    }
}

/// A license line of one virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Identity.
    pub id: LineId,
    /// Its Smart Account.
    pub account: SmartAccountId,
    /// The virtual account that owns it.
    pub virtual_account: VirtualAccountId,
    /// What it is a quantity of.
    pub entitlement: EntitlementId,
    /// Its type.
    pub license_type: LicenseType,
    /// How many.
    pub quantity: i64,
    /// How many of them are reserved for single devices.
    pub reserved: i64,
    /// First day.
    pub starts: NaiveDate,
    /// Last day, inclusive, UTC; `None` for perpetual.
    pub ends: Option<NaiveDate>,
    /// What people did to it.
    pub booking: Booking,
    /// Whether it came with an enterprise agreement (A-SEM-01).
    pub enterprise_agreement: bool,
    /// Whether it may leave its virtual account (A-LIC-13).
    pub portable: bool,
    /// Where it came from.
    pub origin: Origin,
    /// Never later than the next instant at which time changes something about it.
    pub due_at: Option<Timestamp>,
    /// The last instant at which time changed something about it. What its dates have caused
    /// until then stays caused, also while the clock is behind (AS-49).
    pub settled_at: Option<Timestamp>,
}

impl Line {
    /// The state at `now`: the last day counts until midnight UTC (A-SEM-04).
    pub fn status(&self, now: Timestamp) -> LineStatus {
        let today = self.reached(now).date();
        match self.booking {
            Booking::Cancelled => LineStatus::Cancelled,
            _ if self.ends.is_some_and(|last| today > last) => LineStatus::Expired,
            Booking::Pending => LineStatus::Pending,
            Booking::Booked if today < self.starts => LineStatus::Future,
            Booking::Booked => LineStatus::Active,
        }
    }

    /// Whether it never counts again: expired or cancelled.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        matches!(self.status(now), LineStatus::Expired | LineStatus::Cancelled)
    }

    /// How many may leave the virtual account: not the reserved ones, none of an expired,
    /// cancelled, pending or demo line, none that is not portable (A-TRF-02, A-TRF-04, A-LIC-13).
    pub fn transferable(&self, now: Timestamp) -> i64 {
        let open = matches!(self.status(now), LineStatus::Active | LineStatus::Future);
        if self.license_type == LicenseType::Demo || !self.portable || !open {
            return 0;
        }
        (self.quantity - self.reserved).max(0)
    }

    /// Whether quantities of both lines are the same goods.
    pub fn same_goods(&self, other: &Self) -> bool {
        self.entitlement == other.entitlement
            && self.license_type == other.license_type
            && self.starts == other.starts
            && self.ends == other.ends
            && self.booking == other.booking
            && self.enterprise_agreement == other.enterprise_agreement
            && self.portable == other.portable
            && self.origin == other.origin
    }

    /// Adds the quantity of a line of the same goods.
    pub fn take_in(&mut self, other: &Self) {
        self.quantity += other.quantity;
        self.settled_at = self.settled_at.max(other.settled_at);
    }

    /// Checks that an open line is provisioned once, or cancelled once with nothing reserved.
    pub fn may_become(&self, booking: Booking, now: Timestamp) -> Result<()> {
        let status = self.status(now);
        let fits = match booking {
            Booking::Pending => false,
            Booking::Booked => status == LineStatus::Pending,
            Booking::Cancelled => !matches!(status, LineStatus::Cancelled | LineStatus::Expired),
        };
        if !fits {
            let word = status.word();
            return Err(Error::Conflict(format!(
                "The license line is {word}; this cannot be done."
            )));
        }
        if booking == Booking::Cancelled && self.reserved > 0 {
            let reserved = self.reserved;
            let problem =
                format!("{reserved} of the license line are reserved; return them first.");
            return Err(Error::Conflict(problem));
        }
        Ok(())
    }

    /// Checks what an order or a fixture says: a quantity, and dates that fit the type.
    pub fn check(&self) -> Result<()> {
        if !(1..=1_000_000_000).contains(&self.quantity) {
            let problem = format!("{}; 1 to 1,000,000,000 is the rule", self.quantity);
            return Err(Error::invalid("quantity", problem));
        }
        check_year("starts", self.starts)?;
        if let Some(ends) = self.ends {
            check_year("ends", ends)?;
        }
        match (self.license_type, self.ends) {
            (LicenseType::Perpetual, Some(_)) => {
                Err(Error::invalid("ends", "perpetual licenses have no end"))
            }
            (LicenseType::Perpetual, None) => Ok(()),
            (_, None) => Err(Error::invalid("ends", "this license type needs a last day")),
            (_, Some(ends)) if ends < self.starts => {
                let problem = format!("{ends} is before the first day {}", self.starts);
                Err(Error::invalid("ends", problem))
            }
            (_, Some(_)) => Ok(()),
        }
    }
}

/// Databases and people agree on years of four digits.
fn check_year(field: &'static str, date: NaiveDate) -> Result<()> {
    if (1970..=9999).contains(&date.year()) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("{date}: a year from 1970 to 9999 is the rule")))
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use uuid::Uuid;

    /// A line of entitlement 1 in virtual account 3, for tests of the rules.
    pub(crate) fn line(
        license_type: LicenseType,
        quantity: i64,
        starts: &str,
        ends: Option<&str>,
    ) -> Line {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        Line {
            id: LineId(Uuid::from_u128(7)),
            account: SmartAccountId(Uuid::from_u128(2)),
            virtual_account: VirtualAccountId(Uuid::from_u128(3)),
            entitlement: EntitlementId(Uuid::from_u128(1)),
            license_type,
            quantity,
            reserved: 0,
            starts: date(starts),
            ends: ends.map(date),
            booking: Booking::Booked,
            enterprise_agreement: false,
            portable: true,
            origin: Origin::default(),
            due_at: None,
            settled_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::line;
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// A-SEM-02: all five states, and who wins.
    #[test]
    fn a_line_has_five_states() {
        use LineStatus as S;
        let term = line(LicenseType::Term, 5, "2026-08-01", Some("2026-12-31"));
        let pending = Line { booking: Booking::Pending, ..term.clone() };
        let cancelled = Line { booking: Booking::Cancelled, ..term.clone() };
        for (line, when, status) in [
            (&term, "2026-07-31T23:59:59Z", S::Future),
            (&term, "2026-08-01T00:00:00Z", S::Active),
            (&term, "2026-12-31T23:59:59Z", S::Active),
            (&term, "2027-01-01T00:00:00Z", S::Expired),
            (&pending, "2026-09-01T00:00:00Z", S::Pending),
            (&pending, "2027-01-01T00:00:00Z", S::Expired),
            (&cancelled, "2026-09-01T00:00:00Z", S::Cancelled),
        ] {
            assert_eq!(line.status(at(when)), status, "{when} {:?}", line.booking);
        }
    }

    /// A-TRF-04, A-LIC-13, AS-48: demo, expired, pending and non-portable lines stay.
    #[test]
    fn only_portable_open_lines_leave() {
        let now = at("2026-02-01T00:00:00Z");
        let term = line(LicenseType::Term, 5, "2026-01-05", Some("2026-06-30"));
        assert_eq!(Line { reserved: 2, ..term.clone() }.transferable(now), 3);
        for stays in [
            Line { portable: false, ..term.clone() },
            Line { booking: Booking::Pending, ..term.clone() },
            Line { booking: Booking::Cancelled, ..term.clone() },
            line(LicenseType::Demo, 5, "2026-01-05", Some("2026-06-30")),
            line(LicenseType::Term, 5, "2025-01-05", Some("2026-01-31")),
        ] {
            assert_eq!(stays.transferable(now), 0, "{stays:?}");
        }
    }
}
