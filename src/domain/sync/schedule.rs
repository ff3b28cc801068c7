//! When a satellite synchronizes by itself (B-SYN-04).

use crate::domain::error::{Error, Result};
use crate::domain::time::Timestamp;
use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike};
use std::fmt;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Every day.
    Daily,
    /// On one day of the week, 1 (Monday) to 7.
    Weekly(u32),
    /// On one day of the month, 1 to 31; in shorter months on the last.
    Monthly(u32),
}

/// A schedule: a rhythm and a time of day, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Whether it is on.
    pub enabled: bool,
    /// How often.
    pub rhythm: Rhythm,
    /// Hour and minute.
    pub time: NaiveTime,
}

impl Default for Schedule {
    /// On, on the first of each month at 02:00 (ours).
    fn default() -> Self {
        let time = NaiveTime::from_hms_opt(2, 0, 0).unwrap_or_default();
        Self { enabled: true, rhythm: Rhythm::Monthly(1), time }
    }
}

impl Schedule {
    /// From the fields of a form.
    pub fn read(enabled: bool, rhythm: &str, day: &str, time: &str) -> Result<Self> {
        let number = |most: u32| {
            let number = day.trim().parse().ok().filter(|day| (1..=most).contains(day));
            number.ok_or_else(|| Error::invalid("day", format!("a number from 1 to {most}")))
        };
        let rhythm = match rhythm {
            "daily" => Rhythm::Daily,
            "weekly" => Rhythm::Weekly(number(7)?),
            "monthly" => Rhythm::Monthly(number(31)?),
            other => {
                let problem = format!("{other} is not daily, weekly or monthly");
                return Err(Error::invalid("rhythm", problem));
            }
        };
        let time = NaiveTime::parse_from_str(time.trim(), "%H:%M")
            .map_err(|_| Error::invalid("time", "a time of day like 02:00, UTC"))?;
        Ok(Self { enabled, rhythm, time })
    }

    /// The stored text.
    pub fn code(self) -> String {
        let state = if self.enabled { "on" } else { "off" };
        let (rhythm, day) = self.words();
        format!("{state} {rhythm} {day} {}", self.time.format("%H:%M"))
    }

    /// The rhythm's word and its day, 0 for every day.
    pub fn words(self) -> (&'static str, u32) {
        match self.rhythm {
            Rhythm::Daily => ("daily", 0),
            Rhythm::Weekly(day) => ("weekly", day),
            Rhythm::Monthly(day) => ("monthly", day),
        }
    }

    /// The day of the week in a word, 1 (Monday) to 7.
    pub const WEEKDAYS: [&'static str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// From the stored text.
    pub fn parse(code: &str) -> Option<Self> {
        let mut words = code.split(' ');
        let enabled = words.next()? == "on";
        let (rhythm, day, time) = (words.next()?, words.next()?, words.next()?);
        Self::read(enabled, rhythm, day, time).ok()
    }

    /// The first instant after `now`; none while it is off.
    pub fn next_after(self, now: Timestamp) -> Option<Timestamp> {
        let days =
            std::iter::successors(Some(now.date()), |day| day.checked_add_days(Days::new(1)));
        let minutes = i64::from(self.time.num_seconds_from_midnight()) / 60;
        let at = |day| Timestamp::midnight(day) + chrono::TimeDelta::minutes(minutes);
        let fits = days.take(64).filter(|day| self.falls_on(*day)).map(at);
        fits.filter(|_| self.enabled).find(|at| *at > now)
    }

    fn falls_on(self, day: NaiveDate) -> bool {
        match self.rhythm {
            Rhythm::Daily => true,
            Rhythm::Weekly(wanted) => day.weekday().number_from_monday() == wanted,
            Rhythm::Monthly(wanted) => {
                let last = day.checked_add_days(Days::new(1)).is_none_or(|next| next.day() == 1);
                day.day() == wanted || (last && day.day() < wanted)
            }
        }
    }
}

impl fmt::Display for Schedule {
    /// `Weekly on Monday at 02:00 UTC`, or `Off`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.enabled {
            return f.write_str("Off");
        }
        match self.rhythm {
            Rhythm::Daily => f.write_str("Daily"),
            Rhythm::Weekly(day) => {
                let at = usize::try_from(day).ok().and_then(|day| day.checked_sub(1));
                let name = at.and_then(|at| Self::WEEKDAYS.get(at)).copied().unwrap_or_default();
                write!(f, "Weekly on {name}")
            }
            Rhythm::Monthly(day) => write!(f, "Monthly on day {day}"),
        }?;
        write!(f, " at {} UTC", self.time.format("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(code: &str, now: &str) -> String {
        let schedule = Schedule::parse(code).unwrap();
        assert_eq!(schedule.code(), code);
        let next = schedule.next_after(Timestamp::parse(now).unwrap());
        next.map_or_else(|| "never".to_owned(), |at| at.to_string())
    }

    /// B-SYN-04: a schedule in words.
    #[test]
    fn a_schedule_is_told_in_words() {
        for (code, words) in [
            ("on daily 0 02:00", "Daily at 02:00 UTC"),
            ("on weekly 7 23:59", "Weekly on Sunday at 23:59 UTC"),
            ("on monthly 31 02:00", "Monthly on day 31 at 02:00 UTC"),
            ("off daily 0 02:00", "Off"),
        ] {
            assert_eq!(Schedule::parse(code).unwrap().to_string(), words, "{code}");
        }
    }

    /// B-SYN-04: days, weekdays, and months that are too short.
    #[test]
    fn the_next_one_is_found() {
        for (code, now, wanted) in [
            ("on daily 0 02:00", "2026-01-05T09:00:00Z", "2026-01-06T02:00:00Z"),
            ("on daily 0 09:00", "2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z"),
            ("on daily 0 09:01", "2026-01-05T09:00:00Z", "2026-01-05T09:01:00Z"),
            ("on weekly 7 02:00", "2026-01-05T09:00:00Z", "2026-01-11T02:00:00Z"),
            ("on monthly 31 02:00", "2026-01-31T09:00:00Z", "2026-02-28T02:00:00Z"),
            ("on monthly 1 02:00", "2026-12-05T09:00:00Z", "2027-01-01T02:00:00Z"),
        ] {
            let wanted = Timestamp::parse(wanted).unwrap().to_string();
            assert_eq!(next(code, now), wanted, "{code} after {now}");
        }
        assert_eq!(next("off daily 0 02:00", "2026-01-05T09:00:00Z"), "never");
        for (rhythm, day, time) in [
            ("weekly", "8", "02:00"),
            ("monthly", "0", "02:00"),
            ("daily", "", "25:00"),
            ("x", "", "02:00"),
        ] {
            assert!(Schedule::read(true, rhythm, day, time).is_err(), "{rhythm} {day} {time}");
        }
    }
}
