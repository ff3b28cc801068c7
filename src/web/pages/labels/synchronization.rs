//! Synchronization of a satellite with CSSM (general product knowledge).

/// The tab.
pub const TAB: &str = "Synchronization";
/// The first part of it.
pub const ACCOUNTS: &str = "Accounts";
/// The second.
pub const SCHEDULES: &str = "Schedules";
/// The third.
pub const LOG: &str = "Event Log";
/// The column of names.
pub const NAME: &str = "Local Account";
/// What is going on.
pub const STATUS: &str = "Sync Status";
/// When it begins by itself.
pub const NEXT: &str = "Next Synchronization";
/// Over the network, what has changed.
pub const STANDARD: &str = "Standard Synchronization Now…";
/// Over the network, everything.
pub const FULL: &str = "Full Synchronization Now…";
/// By files.
pub const MANUAL: &str = "Manual Synchronization…";
/// When it begins by itself, for one local account.
pub const SCHEDULE: &str = "Schedule…";
/// What goes up without.
pub const PRIVACY: &str = "Data Privacy…";
