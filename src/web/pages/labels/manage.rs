//! Labels of *Manage Account* in a local account of a satellite.

/// The heading above all its tabs.
pub const TITLE: &str = "Manage Account";
/// What the account is.
pub const PROPERTIES: &str = "Account Properties";
/// How it is divided.
pub const PLACES: &str = "Virtual Accounts";
/// Who works in it.
pub const USERS: &str = "Users";
/// Which groups do.
pub const GROUPS: &str = "User Groups";
/// Who wants to.
pub const REQUESTS: &str = "Requests";
/// What was accepted.
pub const AGREEMENTS: &str = "Account Agreements";
/// What was decided.
pub const EVENTS: &str = "Event Log";
/// A role.
pub const ROLE: &str = "Role";
/// Where it reaches.
pub const PLACE: &str = "Where";
/// The title of the form and its button.
pub const GIVE_ROLE: &str = "Assign Role";
