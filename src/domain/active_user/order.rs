//! Orders of a contract, and corrections by hand.

use super::contract::Contract;
use super::ledger::{Entry, Rule, Step};
use super::money::Price;
use super::offer::Service;
use super::{counted, text};
use crate::domain::id::{ContractId, ContractOrderId};
use crate::domain::{Error, Result, Timestamp};

/// So many of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The service.
    pub service: Service,
    /// For how many.
    pub quantity: i64,
}

/// An order: entitlements to services, and the headcount that it states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Identity.
    pub id: ContractOrderId,
    /// The contract.
    pub contract: ContractId,
    /// Its number; unique in the contract.
    pub number: String,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// The knowledge workers, or employees, that the customer has now.
    pub headcount: Option<i64>,
    /// When it was placed.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A correction: what was settled stays, and this comes beside it (F-AU-35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// What it is called; a correction of that name is made once.
    pub reference: String,
    /// By how many the minimum changes.
    pub minimum: i64,
    /// What is charged, or credited if negative, in minor units.
    pub fee_minor: i64,
    /// Why.
    pub reason: String,
}

impl Order {
    /// Checks it and enters it into a contract: what it entitles to, and the headcount. The
    /// minimum waits for the next True Forward.
    pub fn enter(&mut self, contract: &mut Contract) -> Result<Vec<Entry>> {
        self.number = text("number", &self.number)?;
        if self.lines.is_empty() && self.headcount.is_none() {
            return Err(Error::invalid("lines", "an order has lines, or states a headcount"));
        }
        let mut entries = Vec::new();
        for line in &self.lines {
            let quantity = counted("quantity", line.quantity, 1)?;
            let step = Step::Ordered {
                number: self.number.clone(),
                service: line.service.code().to_owned(),
                quantity,
            };
            entries.push(Entry::of(step, Rule::Offer));
        }
        if let Some(headcount) = self.headcount {
            let after = contract.headcount_from(headcount)?;
            let before = std::mem::replace(&mut contract.headcount, after);
            entries.push(Entry::of(Step::Headcount { before, after }, contract.clause()));
        }
        Ok(entries)
    }
}

impl Adjustment {
    /// Checks it and makes it.
    pub fn enter(&mut self, contract: &mut Contract) -> Result<Vec<Entry>> {
        self.reference = text("reference", &self.reference)?;
        self.reason = text("reason", &self.reason)?;
        if self.minimum == 0 && self.fee_minor == 0 {
            return Err(Error::invalid("minimum", "a correction changes the minimum or the fee"));
        }
        let (least, most) = (-super::MOST, super::MOST);
        for (field, number) in [("minimum", self.minimum), ("fee_minor", self.fee_minor)] {
            if !(least..=most).contains(&number) {
                return Err(Error::invalid(
                    field,
                    format!("{number} is not from {least} to {most}"),
                ));
            }
        }
        let (before, after) = (contract.minimum, contract.minimum.saturating_add(self.minimum));
        if !(0..=super::MOST).contains(&after) {
            let problem =
                format!("{before} and {} make {after}, which is no minimum", self.minimum);
            return Err(Error::invalid("minimum", problem));
        }
        contract.minimum = after;
        let fee = Price::new(self.fee_minor, contract.price.currency);
        let reference = self.reference.clone();
        let step = Step::Adjusted { reference, before, after, fee, reason: self.reason.clone() };
        Ok(vec![Entry::of(step, Rule::Ours)])
    }
}
