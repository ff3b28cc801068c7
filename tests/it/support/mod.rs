//! What the tests stand on.

pub mod databases;
mod postgres;
mod tools;
