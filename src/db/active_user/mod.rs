//! Active User contracts, stored.

pub mod contracts;
pub mod hostings;
pub mod ledger;
pub mod orders;
pub mod people;
pub mod runs;

/// Rows that one statement adds or looks for.
const TOGETHER: usize = 500;
