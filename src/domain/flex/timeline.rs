//! Which days a report is about.

use crate::domain::error::{Error, Result};
use chrono::{Datelike, Days, Months, NaiveDate};

/// The fewest days of a report over several days (documented).
const FEWEST_DAYS: i64 = 7;
/// The most days of a report (documented).
pub const MOST_DAYS: i64 = 90;

/// Which days somebody asks for (F-FU-11, F-FU-12, F-FU-14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timeline {
    /// The present day.
    #[default]
    Today,
    /// So many days that end with the present one.
    Last(i64),
    /// From the first to the last of these.
    Between(NaiveDate, NaiveDate),
    /// A calendar month; the present one until the present day. Any day of it.
    Month(NaiveDate),
}

/// Days that a report is about, first and last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Range {
    /// How many days.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// One day.
    pub fn of(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }

    /// Whether a day belongs to it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Timeline {
    /// The days, if the rules allow them (F-FU-20).
    pub fn range(self, today: NaiveDate) -> Result<Range> {
        let (field, range) = match self {
            Self::Today => return Ok(Range::of(today)),
            Self::Last(days) => ("timeline", last(days, today)?),
            Self::Between(from, to) => ("range", between(from, to, today)?),
            Self::Month(day) => ("month", month(day, today)?),
        };
        let days = range.days();
        if !(FEWEST_DAYS..=MOST_DAYS).contains(&days) {
            return Err(Error::invalid(field, too_long_or_short(days)));
        }
        Ok(range)
    }

    /// Reads what an address asks for: `today` or a number of days; or the first and the last day;
    /// or a month such as `2026-01`. What is empty is not told.
    pub fn parse(timeline: &str, from: &str, to: &str, month: &str) -> Result<Self> {
        let ways = [!timeline.is_empty(), !(from.is_empty() && to.is_empty()), !month.is_empty()];
        if ways.into_iter().filter(|told| *told).count() > 1 {
            let problem = "give a number of days, or the first and the last day, or a month";
            return Err(Error::invalid("timeline", problem));
        }
        if !month.is_empty() {
            let first = format!("{month}-01").parse();
            let problem = || format!("'{month}' is not a month such as 2026-01");
            return Ok(Self::Month(first.map_err(|_| Error::invalid("month", problem()))?));
        }
        if !(from.is_empty() && to.is_empty()) {
            return Ok(Self::Between(day("from", from)?, day("to", to)?));
        }
        match timeline {
            "" | "today" => Ok(Self::Today),
            text => text.parse().map(Self::Last).map_err(|_| {
                let problem = format!("'{text}' is neither today nor a number of days");
                Error::invalid("timeline", problem)
            }),
        }
    }
}

fn too_long_or_short(days: i64) -> String {
    let noun = if days == 1 { "day" } else { "days" };
    format!("{days} {noun}; a report is about today, or about {FEWEST_DAYS} to {MOST_DAYS} days")
}

fn last(days: i64, today: NaiveDate) -> Result<Range> {
    let before = u64::try_from(days.saturating_sub(1)).ok().filter(|_| days <= MOST_DAYS);
    let from = before.and_then(|before| today.checked_sub_days(Days::new(before)));
    let from = from.ok_or_else(|| Error::invalid("timeline", too_long_or_short(days)))?;
    Ok(Range { from, to: today })
}

fn between(from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Result<Range> {
    if from > to {
        return Err(Error::invalid("from", format!("{from} is after the last day {to}")));
    }
    if to > today {
        return Err(Error::invalid("to", format!("{to} is after the present day {today}")));
    }
    Ok(Range { from, to })
}

fn month(day: NaiveDate, today: NaiveDate) -> Result<Range> {
    let from = day.with_day(1).unwrap_or(day);
    if from > today {
        return Err(Error::invalid("month", format!("{from} is after the present day {today}")));
    }
    let next = from.checked_add_months(Months::new(1));
    let end = next.and_then(|next| next.pred_opt()).unwrap_or(today);
    Ok(Range { from, to: end.min(today) })
}

fn day(field: &'static str, text: &str) -> Result<NaiveDate> {
    let problem = || format!("'{text}' is not a day such as 2026-01-05");
    text.parse().map_err(|_| Error::invalid(field, problem()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// FU-5, F-FU-11, F-FU-20: 7 to 90 days, the first not after the last, none in the future.
    #[test]
    fn ranges_are_checked() {
        let today = d("2026-03-31");
        let found = |timeline: Timeline| {
            let range = timeline.range(today);
            range.map(Range::days).map_err(|error| error.to_string())
        };
        for (days, ok) in [(0, false), (6, false), (7, true), (90, true), (91, false)] {
            let rule = "a report is about today, or about 7 to 90 days";
            let refused = Err(format!("timeline: {days} days; {rule}"));
            assert_eq!(found(Timeline::Last(days)), if ok { Ok(days) } else { refused });
        }
        assert!(
            found(Timeline::Last(i64::MAX)).is_err() && found(Timeline::Last(i64::MIN)).is_err()
        );
        assert_eq!(found(Timeline::Today), Ok(1));
        for (from, to, said) in [
            ("2026-03-26", "2026-03-31", Err("range: 6 days;")),
            ("2026-03-25", "2026-03-31", Ok(7)),
            ("2026-01-01", "2026-03-31", Ok(90)),
            ("2025-12-31", "2026-03-31", Err("range: 91 days;")),
            ("2026-03-31", "2026-03-25", Err("from: 2026-03-31 is after the last day")),
            ("2026-03-25", "2026-04-01", Err("to: 2026-04-01 is after the present day")),
        ] {
            let range = found(Timeline::Between(d(from), d(to)));
            match (range, said) {
                (Ok(days), Ok(wanted)) => assert_eq!(days, wanted),
                (Err(text), Err(wanted)) => assert!(text.starts_with(wanted), "{text}"),
                (range, said) => panic!("{range:?}, not {said:?}"),
            }
        }
    }

    /// F-FU-14: a month is a month, and the present one goes until today.
    #[test]
    fn a_month_goes_until_today_at_most() {
        let range = |month: &str, today: &str| {
            let timeline = Timeline::parse("", "", "", month)?;
            timeline.range(d(today)).map(|range| (range.from.to_string(), range.to.to_string()))
        };
        let february = Ok(("2026-02-01".to_owned(), "2026-02-28".to_owned()));
        assert_eq!(range("2026-02", "2026-03-31"), february);
        assert_eq!(range("2026-03", "2026-03-07").unwrap().1, "2026-03-07");
        for (month, today) in [("2026-03", "2026-03-06"), ("2026-04", "2026-03-31")] {
            assert!(range(month, today).is_err(), "{month}");
        }
        assert!(range("march", "2026-03-31").is_err());
    }

    /// F-FU-20: what cannot be meant is refused by its name.
    #[test]
    fn what_is_asked_is_read() {
        let read = |asked: [&str; 4]| {
            let [timeline, from, to, month] = asked;
            Timeline::parse(timeline, from, to, month).map_err(|error| error.to_string())
        };
        assert_eq!(read(["", "", "", ""]), Ok(Timeline::Today));
        assert_eq!(read(["30", "", "", ""]), Ok(Timeline::Last(30)));
        for (asked, field) in [
            (["soon", "", "", ""], "timeline"),
            (["7", "2026-01-01", "2026-01-09", ""], "timeline"),
            (["", "2026-01-01", "", ""], "to"),
            (["", "", "2026-01-09", ""], "from"),
            (["", "2026-02-30", "2026-03-09", ""], "from"),
        ] {
            let said = read(asked).unwrap_err();
            assert!(said.starts_with(field), "{said}");
        }
    }
}
