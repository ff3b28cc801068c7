//! Syncom: an emulator of Cisco Smart Software Manager and of SSM On-Prem.

pub mod crypto;
pub mod db;
pub mod domain;
pub mod protocol;
