//! Pages of Smart Software Manager, one file per tab.

pub mod activity;
pub mod alerts;
pub mod events;
pub mod general;
pub mod instances;
pub mod inventory;
pub mod licenses;
pub mod sign_in;
pub mod transfers;
pub mod virtual_accounts;
