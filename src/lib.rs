//! Syncom: an emulator of Cisco Smart Software Manager and of SSM On-Prem.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod device;
pub mod domain;
pub mod engine;
pub mod facade;
pub mod ids;
pub mod lab;
pub mod link;
pub mod machine;
pub mod protocol;
pub mod web;
