//! The report: what is used of what was bought, type by type.

use super::{Counts, FlexType, Model, Range};
use chrono::NaiveDate;
use std::fmt;

/// The use of each day of a range, summed over clusters. Somebody who is known on two clusters
/// counts on each (F-FU-23).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    range: Range,
    days: Vec<Option<Counts>>,
}

impl Series {
    /// Nothing yet.
    pub fn over(range: Range) -> Self {
        let days = usize::try_from(range.days()).unwrap_or(0);
        Self { range, days: vec![None; days] }
    }

    /// Adds what one cluster used on a day; other days than those of the range do not count.
    pub fn add(&mut self, day: NaiveDate, counts: Counts) {
        let index = usize::try_from((day - self.range.from).num_days()).ok();
        if let Some(sum) = index.and_then(|index| self.days.get_mut(index)) {
            *sum = Some(sum.unwrap_or_default() + counts);
        }
    }

    /// The days on which something was reported.
    pub fn reported(&self) -> impl Iterator<Item = (NaiveDate, Counts)> {
        let days = self.range.from.iter_days().zip(&self.days);
        days.filter_map(|(day, counts)| counts.map(|counts| (day, counts)))
    }

    /// The days in one: peak, sum, last.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.reported().for_each(|(day, counts)| tally = tally.merge(Tally::of(day, counts)));
        tally
    }
}

/// What days come to: a day, or several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The largest of each type.
    pub peak: Counts,
    /// The sum of each type.
    pub sum: Counts,
    /// The last day that was reported, and its use.
    pub last: Option<(NaiveDate, Counts)>,
    /// How many days were reported.
    pub days: i64,
}

impl Tally {
    /// One day.
    pub fn of(day: NaiveDate, counts: Counts) -> Self {
        Self { peak: counts, sum: counts, last: Some((day, counts)), days: 1 }
    }

    /// Two stretches of days without a common one.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let last = match (self.last, other.last) {
            (Some(one), Some(two)) => Some(if one.0 > two.0 { one } else { two }),
            (one, two) => one.or(two),
        };
        Self {
            peak: self.peak.max(other.peak),
            sum: self.sum + other.sum,
            last,
            days: self.days + other.days,
        }
    }
}

/// An exact average: a sum, and of how many days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Average {
    /// The sum.
    pub sum: i64,
    /// The days; zero when there is none.
    pub days: i64,
}

impl Average {
    /// Ten times the average, rounded half up.
    fn tenths(self) -> i64 {
        if self.days == 0 { 0 } else { (self.sum * 20 + self.days) / (self.days * 2) }
    }
}

/// With one place: `100.3`.
impl fmt::Display for Average {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        write!(f, "{}.{}", tenths / 10, tenths % 10)
    }
}

/// One license type of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeUsage {
    /// The type.
    pub kind: FlexType,
    /// What was bought.
    pub purchased: i64,
    /// What counts as consumed: the peak of the daily snapshots (F-FU-19; ours).
    pub consumed: i64,
    /// The average of the days.
    pub average: Average,
    /// The last day's.
    pub last: i64,
}

impl TypeUsage {
    /// What is consumed beyond what was bought (F-FU-18).
    pub fn overage(&self) -> i64 {
        (self.consumed - self.purchased).max(0)
    }

    /// Whether nothing is.
    pub fn is_compliant(&self) -> bool {
        self.overage() == 0
    }
}

/// A subscription's report over some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The license model.
    pub model: Model,
    /// Its types, in the order of the model.
    pub types: Vec<TypeUsage>,
    /// How many days were reported; none before the clusters are verified (F-FU-02).
    pub days: i64,
    /// The last day that was reported.
    pub last_day: Option<NaiveDate>,
}

impl Report {
    /// What was bought beside what the days come to.
    pub fn of(model: Model, purchased: &Counts, tally: &Tally) -> Self {
        let last = tally.last.map(|(_, counts)| counts).unwrap_or_default();
        let row = |kind: &FlexType| TypeUsage {
            kind: *kind,
            purchased: purchased.get(*kind),
            consumed: tally.peak.get(*kind),
            average: Average { sum: tally.sum.get(*kind), days: tally.days },
            last: last.get(*kind),
        };
        Self {
            model,
            types: model.types().iter().map(row).collect(),
            days: tally.days,
            last_day: tally.last.map(|(day, _)| day),
        }
    }

    /// Whether anything was reported.
    pub fn is_collected(&self) -> bool {
        self.days > 0
    }

    /// All that was bought.
    pub fn purchased(&self) -> i64 {
        self.types.iter().map(|row| row.purchased).sum()
    }

    /// All that is consumed: the sum of what the types consume.
    pub fn consumed(&self) -> i64 {
        self.types.iter().map(|row| row.consumed).sum()
    }

    /// The overages of all types; one type's surplus does not help another (F-FU-18).
    pub fn overage(&self) -> i64 {
        self.types.iter().map(TypeUsage::overage).sum()
    }

    /// Whether every type is compliant.
    pub fn is_compliant(&self) -> bool {
        self.types.iter().all(TypeUsage::is_compliant)
    }

    /// What would be short if higher tiers stood in for lower ones, as Smart Software Manager lets
    /// them; nothing where a model has no tiers. It does not change the report.
    pub fn overage_with_substitution(&self) -> Option<i64> {
        if self.model != Model::NamedUser {
            return None;
        }
        let tiers = [FlexType::Professional, FlexType::Enhanced, FlexType::Access];
        let balance = |kind: FlexType| {
            let row = self.types.iter().find(|row| row.kind == kind);
            row.map_or(0, |row| row.purchased - row.consumed)
        };
        // What a tier has too many of goes down, whoever lends: only sums are told.
        let (mut free, mut short) = (0, 0);
        for kind in tiers {
            let left = balance(kind) + free;
            free = left.max(0);
            short += (-left).max(0);
        }
        let rooms = self.types.iter().filter(|row| !tiers.contains(&row.kind));
        Some(short + rooms.map(TypeUsage::overage).sum::<i64>())
    }
}

#[cfg(test)]
mod tests;
