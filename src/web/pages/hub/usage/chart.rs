//! A picture of the use of one license type: plain shapes, without any script or style.

use crate::domain::flex::Range;
use chrono::NaiveDate;

/// The width of the drawing.
const WIDTH: i64 = 240;
/// Its height.
const HEIGHT: i64 = 48;
/// The room above the highest line.
const ROOM: i64 = 4;

/// Days of use with the line of what was bought, ready to be placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// One bar for each reported day: its place, width, top, and whether it is over the line.
    pub bars: Vec<Bar>,
    /// The height of the line.
    pub bought: i64,
    /// The whole in words.
    pub text: String,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its left side, in tenths.
    pub x: String,
    /// Its width, in tenths.
    pub width: String,
    /// Its top.
    pub y: i64,
    /// Its height.
    pub height: i64,
    /// Whether more was used than bought.
    pub over: bool,
}

impl Chart {
    /// What of these days to draw.
    pub fn of(
        range: Range,
        days: impl Iterator<Item = (NaiveDate, i64)> + Clone,
        (bought, text): (i64, String),
    ) -> Self {
        let most = days.clone().map(|(_, used)| used).fold(bought, i64::max).max(1);
        let top = |value: i64| HEIGHT - value * (HEIGHT - ROOM) / most;
        let all = range.days();
        let tenths = |value: i64| format!("{}.{}", value / 10, value % 10);
        let bar = |(day, used): (NaiveDate, i64)| {
            let place = (day - range.from).num_days();
            let (left, right) = (place * WIDTH * 10 / all, (place + 1) * WIDTH * 10 / all);
            let gap = if all > 1 { 5 } else { 0 };
            let y = top(used);
            Bar {
                x: tenths(left),
                width: tenths(right - left - gap),
                y,
                height: HEIGHT - y,
                over: used > bought,
            }
        };
        Self { bars: days.map(bar).collect(), bought: top(bought), text }
    }

    /// The drawing's width.
    pub fn width(&self) -> i64 {
        WIDTH
    }

    /// The drawing's height.
    pub fn height(&self) -> i64 {
        HEIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-FU-04: a day over the line is drawn over it and said to be; all days stand side by side.
    #[test]
    fn days_stand_side_by_side_and_over_the_line() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let range = Range { from: day("2026-01-01"), to: day("2026-01-07") };
        let days = [(day("2026-01-05"), 98), (day("2026-01-06"), 104), (day("2026-01-07"), 99)];
        let chart = Chart::of(range, days.into_iter(), (100, "text".into()));
        let over: Vec<bool> = chart.bars.iter().map(|bar| bar.over).collect();
        assert_eq!(over, [false, true, false]);
        for bar in &chart.bars {
            assert_eq!(bar.y < chart.bought, bar.over, "{bar:?}");
            assert_eq!(bar.y + bar.height, HEIGHT);
        }
        assert_eq!(chart.bars.last().map(|bar| bar.x.as_str()), Some("205.7"));
        let empty = Chart::of(Range::of(day("2026-01-01")), std::iter::empty(), (0, String::new()));
        assert!(empty.bars.is_empty());
    }
}
