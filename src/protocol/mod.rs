//! The device protocol, pure: bytes to typed messages and back.
//!
//! No HTTP, no database, no keys of its own. `docs/PROTOCOL.md` specifies what is written here and marks
//! each part as proven, documented or ours.

pub mod answers;
pub mod bodies;
pub mod call_home;
pub mod codes;
pub mod error_codes;
pub mod export_key;
pub mod fields;
pub mod message;
pub mod response;
pub mod sudi;
pub mod sync;
pub mod third_party;

#[cfg(test)]
mod tests;
