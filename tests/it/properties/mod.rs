//! What holds whatever happens: random worlds, random sequences.

mod conservation;
mod dump;
mod races;
mod steps;
