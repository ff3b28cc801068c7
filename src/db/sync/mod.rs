//! Synchronization in bulk: what a satellite tells, and what CSSM keeps of it.
//!
//! Both sides go by the order of the ids, so that the rows and indexes that a hundred thousand
//! instances touch lie beside each other, and neither holds more than a page of them.

mod merge;
mod snapshot;
mod statements;

pub use merge::{Counts, Merge};
pub use snapshot::{Used, page, these};
