//! How long things took: a histogram of fixed size, however many there are.

/// Steps between two powers of two: what it tells is at most 1/64 above what was.
const STEPS: u32 = 64;
/// Bits of `STEPS`.
const STEP_BITS: u32 = 6;

/// Microseconds, counted by size.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    longest: u64,
}

impl Histogram {
    /// Counts a value.
    pub fn add(&mut self, micros: u64) {
        let at = place(micros);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.total += 1;
        self.longest = self.longest.max(micros);
    }

    /// Takes in what another has counted.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (own, others) in self.counts.iter_mut().zip(&other.counts) {
            *own += others;
        }
        self.total += other.total;
        self.longest = self.longest.max(other.longest);
    }

    /// How many values were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The largest value.
    pub fn longest(&self) -> u64 {
        self.longest
    }

    /// The value that so many percent of all do not exceed; 0 when there is none.
    pub fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.total * percent.min(100)).div_ceil(100).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return highest(at).min(self.longest);
            }
        }
        0
    }
}

/// Where a value is counted: exact below `STEPS`, then `STEPS` places for each doubling.
fn place(micros: u64) -> usize {
    let bits = u64::BITS - micros.leading_zeros();
    let shift = bits.saturating_sub(STEP_BITS + 1);
    let place = u64::from(shift) * u64::from(STEPS) + (micros >> shift);
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The largest value that is counted there.
fn highest(at: usize) -> u64 {
    let at = u64::try_from(at).unwrap_or(u64::MAX);
    let steps = u64::from(STEPS);
    if at < 2 * steps {
        return at;
    }
    let shift = at / steps - 1;
    let within = at - shift * steps;
    ((within + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is told is never below the true percentile, and at most 1/64 above it.
        #[test]
        fn percentiles_are_those_of_the_sorted_values(
            mut values in prop::collection::vec(0_u64..10_000_000, 1..400),
            percent in 1_u64..=100,
        ) {
            let mut all = Histogram::default();
            let (left, right) = values.split_at(values.len() / 2);
            for part in [left, right] {
                let mut some = Histogram::default();
                for value in part {
                    some.add(*value);
                }
                all.merge(&some);
            }
            values.sort_unstable();
            let rank = (values.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            let exact = values[rank - 1];
            let told = all.percentile(percent);
            prop_assert!(told >= exact && told <= exact + exact / 64 + 1, "{told} for {exact}");
            prop_assert_eq!(all.longest(), *values.last().unwrap());
            prop_assert_eq!(all.percentile(100), all.longest());
            prop_assert_eq!(usize::try_from(all.total()).unwrap(), values.len());
        }

        #[test]
        fn each_place_holds_what_is_put_there(value in 0_u64..(1 << 40)) {
            prop_assert!(highest(place(value)) >= value);
            prop_assert!(place(value) == 0 || highest(place(value) - 1) < value);
        }
    }

    #[test]
    fn nothing_counted_is_nothing_told() {
        let empty = Histogram::default();
        assert_eq!((empty.percentile(50), empty.longest(), empty.total()), (0, 0, 0));
    }
}
