//! What the tests stand on.

pub mod agent;
pub mod air_gap;
pub mod app;
pub mod browser;
pub mod chromium;
pub mod databases;
pub mod device;
pub mod facade;
pub mod keeping;
pub mod line;
pub mod link;
pub mod mirrors;
pub mod on_prem;
pub mod paper;
mod postgres;
pub mod process;
pub mod proxy;
pub mod rest;
pub mod satellite;
pub mod shown;
pub mod sites;
pub mod tools;
pub mod two_sides;
pub mod views;
