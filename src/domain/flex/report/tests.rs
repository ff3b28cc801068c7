use super::*;
use chrono::Days;
use proptest::prelude::*;

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number)
}

fn counts(model: Model, values: &[i64]) -> Counts {
    Counts::from_pairs(model.types().iter().copied().zip(values.iter().copied()))
}

/// The report of one cluster's days, one after the other.
fn report(model: Model, purchased: &[i64], days: &[&[i64]]) -> Report {
    clusters(model, purchased, &[days])
}

fn clusters(model: Model, purchased: &[i64], clusters: &[&[&[i64]]]) -> Report {
    let length = clusters.iter().map(|days| days.len()).max().unwrap();
    let last = u64::try_from(length).unwrap() - 1;
    let mut series = Series::over(Range { from: day(0), to: day(last) });
    for days in clusters {
        for (number, values) in (0..).zip(*days) {
            series.add(day(number), counts(model, values));
        }
    }
    Report::of(model, &counts(model, purchased), &series.tally())
}

fn overages(report: &Report) -> Vec<i64> {
    report.types.iter().map(TypeUsage::overage).collect()
}

struct Vector {
    name: &'static str,
    report: Report,
    totals: (i64, i64),
    overages: &'static [i64],
    compliant: bool,
}

/// FU-1, FU-2, FU-4, FU-6, F-FU-18, F-FU-19, F-FU-23: types do not offset, a range counts its
/// peak, clusters add up.
#[test]
fn the_vectors_hold() {
    let (flex, nu) = (Model::Flex20, Model::NamedUser);
    for vector in [
        Vector {
            name: "FU-1",
            report: report(flex, &[100, 10, 5], &[&[103, 7, 5]]),
            totals: (115, 115),
            overages: &[3, 0, 0],
            compliant: false,
        },
        Vector {
            name: "FU-2",
            report: report(nu, &[50, 100, 20, 2], &[&[40, 108, 20, 2]]),
            totals: (172, 170),
            overages: &[0, 8, 0, 0],
            compliant: false,
        },
        Vector {
            name: "FU-4 today",
            report: report(flex, &[100, 0, 0], &[&[99, 0, 0]]),
            totals: (100, 99),
            overages: &[0, 0, 0],
            compliant: true,
        },
        Vector {
            name: "FU-4 seven days",
            report: report(flex, &[100, 0, 0], &[&[98, 0, 0], &[104, 0, 0], &[99, 0, 0]]),
            totals: (100, 104),
            overages: &[4, 0, 0],
            compliant: false,
        },
        Vector {
            name: "FU-6",
            report: clusters(flex, &[100, 0, 0], &[&[&[60, 0, 0]], &[&[45, 0, 0]]]),
            totals: (100, 105),
            overages: &[5, 0, 0],
            compliant: false,
        },
        Vector {
            name: "exactly what was bought",
            report: report(flex, &[100, 10, 5], &[&[100, 10, 5]]),
            totals: (115, 115),
            overages: &[0, 0, 0],
            compliant: true,
        },
    ] {
        let Vector { name, report, totals, .. } = &vector;
        assert_eq!((report.purchased(), report.consumed()), *totals, "{name}");
        assert_eq!(overages(report), vector.overages, "{name}");
        assert_eq!(report.is_compliant(), vector.compliant, "{name}");
        assert_eq!(report.overage(), vector.overages.iter().sum::<i64>(), "{name}");
    }
}

/// FU-4, F-FU-19: average and last beside the peak; days without a report do not count.
#[test]
fn a_range_tells_peak_average_and_last() {
    let seven = report(Model::Flex20, &[100], &[&[98], &[104], &[99]]);
    let kw = seven.types.first().unwrap();
    assert_eq!((kw.consumed, kw.last, kw.overage()), (104, 99, 4));
    assert_eq!(kw.average, Average { sum: 301, days: 3 });
    assert_eq!(kw.average.to_string(), "100.3");
    assert_eq!((seven.days, seven.last_day), (3, Some(day(2))));
    for (sum, days, text) in [(0, 0, "0.0"), (1, 20, "0.1"), (1, 21, "0.0"), (599, 6, "99.8")] {
        assert_eq!(Average { sum, days }.to_string(), text);
    }
}

/// FU-2: Smart Software Manager would let ten free Professional stand in for eight Enhanced; the
/// report says both. A lower tier never stands in for a higher one.
#[test]
fn substitution_is_told_beside_the_report_and_changes_nothing() {
    for (used, plain, substituted) in [
        ([40, 108, 20, 2], 8, 0),
        ([40, 115, 20, 2], 15, 5),
        ([40, 100, 28, 2], 8, 0),
        ([51, 100, 0, 2], 1, 1),
        ([40, 100, 20, 3], 1, 1),
    ] {
        let report = report(Model::NamedUser, &[50, 100, 20, 2], &[&used]);
        assert_eq!(report.overage(), plain, "{used:?}");
        assert_eq!(report.overage_with_substitution(), Some(substituted), "{used:?}");
    }
    assert_eq!(report(Model::Flex20, &[1], &[&[1]]).overage_with_substitution(), None);
}

/// F-FU-02: before anything was reported there is what was bought, and no use.
#[test]
fn without_a_day_nothing_is_collected() {
    let empty = Report::of(
        Model::Flex20,
        &counts(Model::Flex20, &[100, 10, 5]),
        &Series::over(Range { from: day(0), to: day(6) }).tally(),
    );
    assert!(!empty.is_collected());
    assert_eq!((empty.purchased(), empty.consumed(), empty.last_day), (115, 0, None));
}

proptest! {
    /// F-FU-19, F-FU-23: a report over any range is that of its days, one by one, in any grouping,
    /// whichever cluster told first.
    #[test]
    fn a_report_over_a_range_is_that_of_its_days(
        told in prop::collection::vec((0_u64..20, 0_i64..500, 0_i64..50), 0..80),
        from in 0_u64..20,
        length in 1_u64..20,
        cut in 0_u64..20,
    ) {
        let range = Range { from: day(from), to: day(from + length - 1) };
        let mut series = Series::over(range);
        for (number, kw, ca) in told.iter().rev() {
            series.add(day(*number), counts(Model::Flex20, &[*kw, *ca]));
        }
        let one_day = |number: u64| {
            let mut one = Series::over(Range::of(day(number)));
            for (_, kw, ca) in told.iter().filter(|(told, ..)| *told == number) {
                one.add(day(number), counts(Model::Flex20, &[*kw, *ca]));
            }
            one.tally()
        };
        let fold = |from, to| {
            (from..to).map(one_day).fold(Tally::default(), Tally::merge)
        };
        let (end, cut) = (from + length, (from + cut).min(from + length));
        prop_assert_eq!(series.tally(), fold(from, end));
        prop_assert_eq!(series.tally(), fold(from, cut).merge(fold(cut, end)));
        prop_assert_eq!(series.tally(), fold(cut, end).merge(fold(from, cut)));
        let peak = told
            .iter()
            .map(|(number, ..)| *number)
            .filter(|number| range.contains(day(*number)))
            .map(|number| one_day(number).sum.knowledge_worker)
            .max();
        prop_assert_eq!(series.tally().peak.knowledge_worker, peak.unwrap_or(0));
    }
}
