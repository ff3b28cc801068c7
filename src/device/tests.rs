//! The product against a server that these tests play, over real HTTP.

mod flow;
mod lab;
mod trust;

use super::*;
use lab::{Lab, start};

fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap()
}

fn device() -> Device {
    Device::simulated("SIM000001", KeyKind::P256).unwrap()
}
