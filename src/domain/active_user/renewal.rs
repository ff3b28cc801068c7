//! What follows an anniversary: the next year, a new term, or the end.

use super::contract::{Contract, State, Term};
use super::ledger::{Entry, Rule, Step};
use super::variant::Basis;
use crate::domain::{Error, Result, Timestamp};

/// A term that somebody has ordered to follow the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// Months that it has.
    pub months: i64,
    /// The headcount that it begins with.
    pub headcount: Option<i64>,
    /// Whether its minimum is made anew of the headcount; it goes on with the present one
    /// otherwise. Only a new term may do so.
    pub reset: bool,
}

/// What an anniversary was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The next year of the same term began.
    Year,
    /// A new term began.
    Term,
    /// The term ended.
    End,
}

impl Contract {
    /// Checks a renewal. It begins when the present term ends, or today if that has ended.
    pub fn plan(&self, mut renewal: Renewal) -> Result<Renewal> {
        Term::of(0, renewal.months)?;
        let of = match renewal.headcount {
            Some(number) => self.headcount_from(number)?,
            None => self.headcount,
        };
        if renewal.reset {
            if self.variant.terms().basis == Basis::Plain {
                let rule = "this variant has no minimum that could be made anew";
                return Err(Error::invalid("reset", rule));
            }
            let tried = Self { headcount: of, migrating: None, ..self.clone() };
            tried.first_minimum(0)?;
            // It has to be good when it begins, too, whatever is ordered until then.
            renewal.headcount = Some(of);
        }
        Ok(renewal)
    }

    /// Goes over the anniversary of a year whose True Forward is done.
    pub fn pass(&mut self) -> (Turn, Vec<Entry>) {
        let end = self.ends_next();
        self.year += 1;
        self.state = State::Running;
        match self.renewal.take() {
            planned if !end => {
                self.renewal = planned;
                (Turn::Year, Vec::new())
            }
            None => {
                self.state = State::Ended;
                (Turn::End, Vec::new())
            }
            Some(renewal) => {
                self.term = Term { before: self.term.until(), months: renewal.months };
                (Turn::Term, self.begin(renewal))
            }
        }
    }

    /// Begins a new term of a contract that has ended, today.
    pub fn resume(&mut self, renewal: Renewal, now: Timestamp) -> Vec<Entry> {
        self.anchor = now.date().max(self.term_ends());
        self.term = Term { before: 0, months: renewal.months };
        self.year = 1;
        self.state = State::Running;
        self.begin(renewal)
    }

    fn begin(&mut self, renewal: Renewal) -> Vec<Entry> {
        let Renewal { months, headcount, reset } = renewal;
        let from = self.term_begins();
        let mut entries = vec![Entry::of(Step::Renewed { from, months, reset }, self.clause())];
        if let Some(after) = headcount.filter(|after| *after != self.headcount) {
            let before = std::mem::replace(&mut self.headcount, after);
            entries.push(Entry::of(Step::Headcount { before, after }, self.clause()));
        }
        // It was tried when it was planned.
        if let Some((minimum, steps)) = reset.then(|| self.anew()).flatten() {
            let before = std::mem::replace(&mut self.minimum, minimum);
            entries.extend(steps);
            entries.push(Entry::of(Step::Minimum { before, after: minimum }, Rule::Ours));
        }
        entries
    }

    fn anew(&mut self) -> Option<(i64, Vec<Entry>)> {
        self.migrating = None;
        self.first_minimum(0).ok()
    }
}
