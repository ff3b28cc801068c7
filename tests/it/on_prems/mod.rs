//! CSSM's end of satellites, over real HTTP on both databases; the satellite is the test's own.

mod attached;
pub mod by_file;
mod registering;
mod rules;
mod taking;
mod time;
