//! Active User contracts of the Flex Plan: how many people host meetings, and what follows from
//! it once a year (True Forward; features 6.1).
//!
//! All arithmetic is in whole numbers and exact fractions. Every step of it is an [`Entry`] of the
//! contract's ledger with the rule that it follows; the portal renders them in words.

pub mod account;
pub mod contract;
pub mod fraction;
pub mod hosting;
pub mod ledger;
pub mod money;
pub mod months;
pub mod offer;
pub mod opening;
pub mod order;
pub mod person;
pub mod renewal;
pub mod settings;
pub mod true_forward;
pub mod variant;

pub use account::Account;
pub use contract::{Contract, State, Term};
pub use fraction::{Fraction, Rounding};
pub use hosting::{Deployment, Hosting, Launch, SessionType, Verdict};
pub use ledger::{Entry, Remark, Rule, Step};
pub use money::{Currency, Price};
pub use months::{MonthRule, Months, Span};
pub use opening::NewContract;
pub use order::{Adjustment, Order, OrderLine};
pub use person::{Person, Standing};
pub use renewal::Renewal;
pub use settings::{Deployed, Missing, Settings};
pub use true_forward::{Measured, MonthCount, Outcome, Run, RunState};
pub use variant::{Basis, Counting, Migrating, People, Remainder, Terms, Variant};

/// The largest number of people, accounts or licenses that is taken (ours): products with a
/// price stay far below what 64 bits hold.
pub const MOST: i64 = 10_000_000;

/// Days after the anniversary on which an Enterprise Agreement is billed (F-AU-21).
pub const INVOICE_DAYS: u64 = 60;

/// A number of people or licenses from `least` on.
fn counted(field: &'static str, number: i64, least: i64) -> crate::domain::Result<i64> {
    if (least..=MOST).contains(&number) {
        return Ok(number);
    }
    let rule = format!("{number} is not from {least} to {MOST}");
    Err(crate::domain::Error::invalid(field, rule))
}

/// A text of 1 to 100 characters, trimmed.
fn text(field: &'static str, text: &str) -> crate::domain::Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        let rule = "it has 1 to 100 characters, none of them a control character";
        return Err(crate::domain::Error::invalid(field, rule));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;
