//! The rules of licensing, pure: time, ids and dice are arguments.

pub mod time;
