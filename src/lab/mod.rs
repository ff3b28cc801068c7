//! What only an emulator has: worlds, fixtures and the lab's own tools.

pub mod catalogue;
pub mod fixture;
pub mod fixture_contracts;
pub mod fixture_hub;
pub mod fixture_load;
mod fixture_load_parts;
pub mod fixture_usage;
pub mod satellite_people;
pub mod worlds;
