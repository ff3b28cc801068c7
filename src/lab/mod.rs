//! What only an emulator has: worlds, fixtures and the lab's own tools.

pub mod worlds;
