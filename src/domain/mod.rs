//! The rules of licensing, pure: time, ids and dice are arguments.

pub mod account;
pub mod alert;
pub mod authorization;
pub mod cause;
pub mod credential;
pub mod error;
pub mod event;
pub mod explain;
pub mod export_key;
pub mod group;
pub mod id;
pub mod instance;
pub mod lending;
pub mod license;
pub mod lifetime;
pub mod line;
pub mod origin;
pub mod paging;
pub mod people;
pub mod pool;
pub mod registration;
pub mod removal;
pub mod reservation;
pub mod site;
pub mod substitution;
pub mod tag;
pub mod term;
pub mod time;
pub mod token;
pub mod transfer;
pub mod virtual_account;
pub mod voucher;

pub use error::{Error, Result};
pub use time::Timestamp;
