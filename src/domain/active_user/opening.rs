//! Opening a contract: its first minimum (F-AU-08 to -11, F-AU-18).

use super::contract::{Contract, State, Term};
use super::ledger::{Entry, Remark, Step};
use super::money::Price;
use super::settings::Settings;
use super::variant::{Basis, Migrating, Variant};
use super::{Fraction, counted, text};
use crate::domain::id::{ContractId, OrganizationId};
use crate::domain::{Error, Result, Timestamp};
use chrono::{Datelike, NaiveDate};

/// A contract that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContract {
    /// What people call it.
    pub name: String,
    /// The clause that it follows.
    pub variant: Variant,
    /// What it settles beyond the clause.
    pub settings: Settings,
    /// Its first day.
    pub starts: NaiveDate,
    /// Months of its term.
    pub months: i64,
    /// The knowledge workers on the order.
    pub headcount_kw: Option<i64>,
    /// The employees.
    pub employees: Option<i64>,
    /// The Active Users ordered, where the clause states no minimum.
    pub active_users: Option<i64>,
    /// The Active Users of the older subscription, for those who migrate.
    pub migrating: Option<i64>,
    /// Affiliates on the order.
    pub affiliates: Vec<String>,
    /// For one Active User and month.
    pub price: Price,
}

/// A number that a variant needs, or must not have.
fn given(field: &'static str, number: Option<i64>, wanted: bool) -> Result<Option<i64>> {
    match (number, wanted) {
        (None, true) => Err(Error::invalid(field, "it is needed for this variant")),
        (Some(_), false) => Err(Error::invalid(field, "this variant has no use for it")),
        (number, _) => Ok(number),
    }
}

impl NewContract {
    /// The headcount that the variant wants; the others must not be given.
    fn headcount(&self) -> Result<i64> {
        let basis = self.variant.terms().basis;
        let workers = matches!(basis, Basis::KnowledgeWorkers(_));
        let employees = matches!(basis, Basis::Employees(_));
        let kw = given("headcount_kw", self.headcount_kw, workers)?;
        let number = given("employees", self.employees, employees)?;
        given("active_users", self.active_users, basis == Basis::Plain)?;
        match basis {
            Basis::KnowledgeWorkers(_) => counted("headcount_kw", kw.unwrap_or_default(), 1),
            Basis::Employees(_) => counted("employees", number.unwrap_or_default(), 1),
            Basis::Plain => Ok(0),
        }
    }

    /// The contract with its first minimum, and the arithmetic of it.
    pub fn open(
        mut self,
        (id, organization): (ContractId, OrganizationId),
        by: &str,
        now: Timestamp,
    ) -> Result<(Contract, Vec<Entry>)> {
        self.name = text("name", &self.name)?;
        if !(2000..2100).contains(&self.starts.year()) {
            let problem = format!("{} is not from 2000-01-01 to 2099-12-31", self.starts);
            return Err(Error::invalid("starts", problem));
        }
        let known = self.variant.terms().migrating != Migrating::Unknown;
        if let Some(number) = given("migrating", self.migrating, known && self.migrating.is_some())?
        {
            counted("migrating", number, 0)?;
        }
        let affiliates = self.affiliates.iter().map(|name| text("affiliates", name));
        let contract = Contract {
            id,
            organization,
            variant: self.variant,
            settings: self.settings,
            anchor: self.starts,
            term: Term::of(0, self.months)?,
            headcount: self.headcount()?,
            affiliates: affiliates.collect::<Result<_>>()?,
            price: Price::per_month(self.price.minor, self.price.currency)?,
            migrating: self.migrating,
            minimum: 0,
            year: 1,
            state: State::Running,
            renewal: None,
            created_at: now,
            created_by: by.to_owned(),
            name: self.name,
        };
        let ordered = counted("active_users", self.active_users.unwrap_or_default(), 0)?;
        let (minimum, entries) = contract.first_minimum(ordered)?;
        Ok((Contract { minimum, ..contract }, entries))
    }
}

impl Contract {
    /// The minimum that a term begins with, and the arithmetic of it. `ordered` is for variants
    /// without a minimum.
    pub(super) fn first_minimum(&self, ordered: i64) -> Result<(i64, Vec<Entry>)> {
        let (terms, of) = (self.variant.terms(), self.headcount);
        let mut steps = Vec::new();
        if let Some(from) = terms.eligible_from {
            if of < from {
                let problem = format!("{of} knowledge workers are too few: at least {from}");
                return Err(Error::invalid(self.headcount_field(), problem));
            }
            steps.push(Step::Eligible { headcount: of, from });
        }
        let opened = match terms.basis {
            Basis::Plain => (ordered, Remark::Ordered),
            Basis::KnowledgeWorkers(percent) | Basis::Employees(percent) => {
                self.opened(&mut steps, percent)
            }
        };
        steps.push(Step::Opened { minimum: opened.0, because: opened.1 });
        let rule = self.clause();
        Ok((opened.0, steps.into_iter().map(|step| Entry::of(step, rule)).collect()))
    }

    fn opened(&self, steps: &mut Vec<Step>, percent: i64) -> (i64, Remark) {
        let (terms, of, rounding) = (self.variant.terms(), self.headcount, self.settings.rounding);
        let older = self.migrating.inspect(|number| {
            steps.push(Step::Migrating { active_users: *number });
        });
        if let (Some(number), Migrating::Replaces) = (older, terms.migrating) {
            return (number, Remark::Migrated);
        }
        let share = Fraction::percent(percent, of);
        let whole = share.rounded(rounding);
        steps.push(Step::Share { percent, of, share });
        steps.push(Step::Rounded { from: share, rounding, to: whole });
        steps.push(Step::Floor { minimum: terms.floor });
        let mut best = (terms.floor, Remark::Floor);
        let others = [(whole, Remark::Share), (older.unwrap_or_default(), Remark::Migrated)];
        for other in others {
            if other.0 > best.0 {
                best = other;
            }
        }
        best
    }
}
