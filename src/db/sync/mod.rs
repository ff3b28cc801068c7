//! Synchronization in bulk: what a satellite tells, and what CSSM keeps of it.
//!
//! Both sides go by the order of the ids, so that the rows and indexes that a hundred thousand
//! instances touch lie beside each other, and neither holds more than a page of them.

mod merge;
mod rows;
mod snapshot;
mod statements;
mod stored;

pub use merge::{Counts, Merge, Merged, Told, Unmerged};
pub use snapshot::{Used, page, these};
