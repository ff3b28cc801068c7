//! The True Forward: two meters against the minimum, once a year (F-AU-12 to -18).

use super::contract::Contract;
use super::ledger::{Entry, Remark, Rule, Step};
use super::money::Price;
use super::months::Span;
use super::settings::{Deployed, Missing};
use super::variant::Basis;
use super::{Fraction, INVOICE_DAYS};
use crate::domain::Timestamp;
use crate::domain::coded::coded;
use crate::domain::id::{ContractId, TrueForwardId};
use chrono::{Days, NaiveDate};

/// The Active Users of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthCount {
    /// The month.
    pub span: Span,
    /// How many; 0 without data.
    pub active: i64,
    /// Whether there is data.
    pub reported: bool,
}

/// What a True Forward looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Months 9, 10 and 11.
    pub months: [MonthCount; 3],
    /// Persons with an enabled account, when that is asked.
    pub deployed: i64,
}

impl Measured {
    /// The numbers of the months without data.
    pub fn missing(&self) -> Vec<i64> {
        let missing = self.months.iter().filter(|month| !month.reported);
        missing.map(|month| month.span.of_year()).collect()
    }
}

/// What a True Forward comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Meter 1.
    pub average: Fraction,
    /// Meter 2; a plain variant has none.
    pub share: Option<Fraction>,
    /// The minimum until the anniversary.
    pub before: i64,
    /// The minimum from then on.
    pub after: i64,
    /// Months for which what is added is owed.
    pub months: i64,
    /// What is owed.
    pub fee: Price,
    /// When it is billed; nothing is billed for nothing.
    pub invoice_on: Option<NaiveDate>,
    /// The arithmetic.
    pub entries: Vec<Entry>,
}

coded! {
    /// Where a True Forward stands.
    RunState {
        /// It waits for a confirmation.
        Waiting = "waiting",
        /// It is done.
        Done = "done",
    }
}

/// One True Forward of a contract; there is one for each anniversary (F-AU-35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Identity.
    pub id: TrueForwardId,
    /// The contract.
    pub contract: ContractId,
    /// The anniversary.
    pub effective: NaiveDate,
    /// The year that is over, from 1.
    pub year: i64,
    /// Where it stands.
    pub state: RunState,
    /// Active Users of months 9, 10 and 11.
    pub counts: [i64; 3],
    /// The numbers of the months without data.
    pub missing: Vec<i64>,
    /// What meter 2 is a share of: knowledge workers deployed, or employees.
    pub headcount: i64,
    /// The minimum before.
    pub before: i64,
    /// The minimum after.
    pub after: i64,
    /// Months for which what is added is owed.
    pub months: i64,
    /// What is owed.
    pub fee: Price,
    /// When it is billed.
    pub invoice_on: Option<NaiveDate>,
    /// When it was done, or began to wait.
    pub at: Timestamp,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
}

impl Contract {
    /// The instant as of which knowledge workers deployed are counted for the next True Forward.
    pub fn deployed_at(&self) -> Timestamp {
        let [_, _, last] = self.months().measured(self.year);
        match self.settings.deployed {
            Deployed::Month11 => last.over_at(),
            Deployed::Anniversary => Timestamp::midnight(self.effective()),
        }
    }

    /// Whether a True Forward must wait for somebody's word.
    pub fn must_wait(&self, measured: &Measured) -> bool {
        self.settings.missing == Missing::Confirm && !measured.missing().is_empty()
    }

    /// What meter 2 is a share of.
    pub fn headcount_at(&self, measured: &Measured) -> i64 {
        match self.variant.terms().basis {
            Basis::KnowledgeWorkers(_) => measured.deployed,
            Basis::Employees(_) | Basis::Plain => self.headcount,
        }
    }

    /// What the next True Forward comes to. It changes nothing.
    pub fn true_forward(&self, measured: &Measured) -> Outcome {
        let (counts, clause) = (measured.months.map(|month| month.active), self.clause());
        let average = Fraction::mean(&counts);
        let mut entries: Vec<Entry> = measured.months.iter().map(month).collect();
        entries.push(Entry::of(Step::Average { months: counts, average }, Rule::Offer));
        let share = self.meter(self.headcount_at(measured), &mut entries);
        let (after, because) = self.greater(average, share.unwrap_or(Fraction::whole(0)));
        let meters = std::iter::once(average).chain(share).collect();
        let minimum = self.minimum;
        entries.push(Entry::of(Step::Compared { meters, minimum, because }, clause));
        let after = after.map_or(minimum, |greater| self.rounded(greater, &mut entries));
        entries.push(Entry::of(Step::Minimum { before: minimum, after }, clause));
        let (fee, invoice_on) = self.owed((after - minimum).max(0), &mut entries);
        let months = self.remaining();
        Outcome { average, share, before: minimum, after, months, fee, invoice_on, entries }
    }

    fn meter(&self, of: i64, entries: &mut Vec<Entry>) -> Option<Fraction> {
        match self.variant.terms().basis {
            Basis::KnowledgeWorkers(percent) | Basis::Employees(percent) => {
                let share = Fraction::percent(percent, of);
                entries.push(Entry::of(Step::Meter { percent, of, share }, self.clause()));
                Some(share)
            }
            Basis::Plain => None,
        }
    }

    /// What the minimum becomes, before it is rounded, and why; `None` where it stays.
    fn greater(&self, average: Fraction, share: Fraction) -> (Option<Fraction>, Remark) {
        let terms = self.variant.terms();
        let meter =
            if share > average { (share, Remark::Share) } else { (average, Remark::Average) };
        let floor = Fraction::whole(terms.floor);
        match terms.basis {
            Basis::Plain => (Some(average), Remark::Follows),
            _ if terms.ratchet && meter.0 <= Fraction::whole(self.minimum) => {
                (None, Remark::NotGreater)
            }
            Basis::KnowledgeWorkers(_) | Basis::Employees(_)
                if meter.0 < floor && !terms.ratchet =>
            {
                (Some(floor), Remark::Floor)
            }
            Basis::KnowledgeWorkers(_) | Basis::Employees(_) => (Some(meter.0), meter.1),
        }
    }

    fn rounded(&self, from: Fraction, entries: &mut Vec<Entry>) -> i64 {
        let rounding = self.settings.rounding;
        let to = from.rounded(rounding);
        entries.push(Entry::of(Step::Rounded { from, rounding, to }, Rule::Ours));
        if self.variant.terms().ratchet { to.max(self.minimum) } else { to }
    }

    /// Fees go forward only: from the anniversary on (F-AU-15).
    fn owed(&self, added: i64, entries: &mut Vec<Entry>) -> (Price, Option<NaiveDate>) {
        let (months, price, clause) = (self.remaining(), self.price, self.clause());
        let fee = price.times(added, months);
        if added == 0 {
            return (fee, None);
        }
        let term = self.settings.remainder;
        entries.push(Entry::of(Step::Remainder { term, months }, clause));
        entries.push(Entry::of(Step::Fee { added, months, price, fee }, clause));
        if fee.minor == 0 {
            return (fee, None);
        }
        let days = if self.settings.enterprise_agreement { INVOICE_DAYS } else { 0 };
        let on = self.effective().checked_add_days(Days::new(days)).unwrap_or(self.effective());
        if days > 0 {
            entries.push(Entry::of(Step::Invoice { on }, Rule::Enterprise));
        }
        (fee, Some(on))
    }

    /// The next True Forward as a row: done, or waiting with what is known so far.
    pub fn run(
        &self,
        id: TrueForwardId,
        measured: &Measured,
        state: RunState,
        at: Timestamp,
    ) -> Run {
        let outcome = self.true_forward(measured);
        let done = state == RunState::Done;
        Run {
            id,
            contract: self.id,
            effective: self.effective(),
            year: self.year,
            state,
            counts: measured.months.map(|month| month.active),
            missing: measured.missing(),
            headcount: self.headcount_at(measured),
            before: outcome.before,
            after: if done { outcome.after } else { outcome.before },
            months: outcome.months,
            fee: if done { outcome.fee } else { Price { minor: 0, ..outcome.fee } },
            invoice_on: outcome.invoice_on.filter(|_| done),
            at,
            confirmed_by: None,
        }
    }
}

fn month(month: &MonthCount) -> Entry {
    let MonthCount { span, active, reported } = *month;
    let (number, from, last) = (span.of_year(), span.from, span.last());
    Entry::of(Step::Month { number, from, last, active_users: active, reported }, Rule::Offer)
}
