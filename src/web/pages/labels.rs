//! Names on the pages that general product knowledge gave us (tag K).
//!
//! They are in one place so that a better source can rename them cheaply; what a satellite calls
//! otherwise is in `words`.
//! Classic names; what the portals of 2025–26 call the same thing stands in
//! `help`.

pub mod local_account;
pub mod manage;
pub mod synchronization;

/// The tab bar of the CSSM portal.
pub mod tab {
    /// Alerts of the Smart Account and its virtual accounts.
    pub const ALERTS: &str = "Alerts";
    /// Virtual accounts and what they hold.
    pub const INVENTORY: &str = "Inventory";
    /// Satellites whose local accounts are registered.
    pub const ON_PREM: &str = "On-Prem Accounts";
    /// What happened in the Smart Account.
    pub const ACTIVITY: &str = "Activity";
}

/// The tabs under a virtual account.
pub mod inventory {
    /// Properties and registration tokens.
    pub const GENERAL: &str = "General";
    /// License pool.
    pub const LICENSES: &str = "Licenses";
    /// Registered products.
    pub const INSTANCES: &str = "Product Instances";
    /// History of the virtual account.
    pub const EVENTS: &str = "Event Log";
}

/// Properties of a virtual account.
pub mod account {
    /// Free text.
    pub const DESCRIPTION: &str = "Description";
    /// Public or private.
    pub const ACCESS: &str = "Access Level";
    /// The virtual account it is nested under.
    pub const PARENT: &str = "Parent Account";
    /// Labels of people's own.
    pub const TAGS: &str = "Tags";
    /// Labels whose values are given, and one of them.
    pub const CUSTOM_TAGS: &str = "Custom Tags";
    /// The column of their names.
    pub const CUSTOM_TAG: &str = "Custom Tag";
    /// What it may say.
    pub const VALUES: &str = "Allowed values";
    /// The title of the form, and with three dots the button that opens it.
    pub const NEW_CUSTOM_TAG: &str = "New Custom Tag";
    /// Where products that report by policy send to.
    pub const TENANT: &str = "CSLU transport URL";
    /// The satellite it is attached to.
    pub const SATELLITE: &str = "SSM On-Prem";
}

/// Registration tokens.
pub mod token {
    /// Above the table.
    pub const TABLE: &str = "Product Instance Registration Tokens";
    /// The button that opens the form.
    pub const NEW: &str = "New Token…";
    /// Title of that way.
    pub const GENERATE_DIALOG: &str = "Generate Registration Tokens";
    /// Its virtual accounts.
    pub const TARGETS: &str = "Virtual Accounts";
    /// Title of the form.
    pub const DIALOG: &str = "Create Registration Token";
    /// The button of the form.
    pub const CREATE: &str = "Create Token";
    /// The token itself, shortened.
    pub const TOKEN: &str = "Token";
    /// Date and days left.
    pub const EXPIRES: &str = "Expiration Date";
    /// `3 of 10`, or `3`.
    pub const USES: &str = "Uses";
    /// Allowed or Not Allowed.
    pub const EXPORT: &str = "Export-Controlled";
    /// Free text.
    pub const DESCRIPTION: &str = "Description";
    /// A user's name.
    pub const CREATED_BY: &str = "Created By";
    /// Active, Expired, Revoked or Exhausted.
    pub const STATUS: &str = "Status";
    /// The export flag is set.
    pub const ALLOWED: &str = "Allowed";
    /// The export flag is not set.
    pub const NOT_ALLOWED: &str = "Not Allowed";
    /// Field: whole days.
    pub const EXPIRE_AFTER: &str = "Expire After";
    /// Field: registrations the token is good for.
    pub const MAX_USES: &str = "Max. Number of Uses";
    /// The export check box.
    pub const EXPORT_BOX: &str =
        "Allow export-controlled functionality on the products registered with this token";
}

/// The license table and a license's own page.
pub mod license {
    /// Name, a link.
    pub const LICENSE: &str = "License";
    /// Prepaid or Usage.
    pub const BILLING: &str = "Billing";
    /// Not Enforced, Enforced or Export-Controlled.
    pub const ENFORCEMENT: &str = "Enforcement";
    /// Consumption and reservations.
    pub const IN_USE: &str = "In Use";
    /// Signed difference.
    pub const BALANCE: &str = "Balance";
    /// Counts per severity.
    pub const ALERTS: &str = "Alerts";
    /// The menu at the end of a row.
    pub const ACTIONS: &str = "Actions";
    /// The word beside a balance below zero.
    pub const INSUFFICIENT: &str = "Insufficient";
    /// The word for a balance of at least zero.
    pub const IN_COMPLIANCE: &str = "In Compliance";
    /// Perpetual, Term, Subscription, Demo.
    pub const TYPE: &str = "Type";
    /// How many licenses a line holds.
    pub const COUNT: &str = "Count";
    /// First day of a line.
    pub const STARTS: &str = "Start Date";
    /// Last day of a line.
    pub const EXPIRES: &str = "Expiration";
    /// The line never ends.
    pub const NEVER: &str = "Never";
    /// Order number and stock keeping unit.
    pub const SOURCE: &str = "Source";
    /// Loans between tiers.
    pub const SUBSTITUTION: &str = "Substitution";
    /// The button that opens the form of the tags.
    pub const MANAGE_TAGS: &str = "Manage License Tags";
    /// What was ordered and moved.
    pub const ORDERS: &str = "Order History";
    /// Facts about one license.
    pub const OVERVIEW: &str = "Overview";
}

/// Moving licenses and instances.
pub mod transfer {
    /// Row action.
    pub const ACTION: &str = "Transfer…";
    /// Action of a shortage alert.
    pub const FROM_ACTION: &str = "Transfer From…";
    /// Give to the other virtual account.
    pub const TO: &str = "Transfer To";
    /// Take from the other virtual account.
    pub const FROM: &str = "Transfer From";
    /// Button that shows before and after.
    pub const PREVIEW: &str = "Show Preview";
    /// What the giving virtual account owns.
    pub const PURCHASED: &str = "Purchased";
    /// How many may move.
    pub const TRANSFERABLE: &str = "Transferable";
    /// How many are to move.
    pub const QUANTITY: &str = "Quantity";
}

/// Product instances.
pub mod instance {
    /// Host name or unique device identifier.
    pub const NAME: &str = "Name";
    /// Product family.
    pub const PRODUCT: &str = "Product Type";
    /// When it last spoke to us.
    pub const LAST_CONTACT: &str = "Last Contact";
    /// Row action.
    pub const REMOVE: &str = "Remove…";
    /// Title of the question before a removal.
    pub const REMOVE_DIALOG: &str = "Confirm Remove Product Instance";
    /// Title where restricted licenses hold a removal back.
    pub const RESTRICTED_DIALOG: &str = "Restricted Licenses in Use";
    /// What the instance consumes.
    pub const USAGE: &str = "License Usage";
    /// The units that stand behind it.
    pub const GROUP: &str = "High Availability";
    /// What a unit does.
    pub const ROLE: &str = "Role";
    /// Which device a unit is.
    pub const DEVICE: &str = "Device";
    /// Its keys for export-restricted licenses.
    pub const KEYS: &str = "Export Authorization Keys";
    /// How a key stands.
    pub const KEY_STATE: &str = "Status";
    /// Since when it stands so.
    pub const KEY_SINCE: &str = "Since";
    /// The product has it.
    pub const KEY_HELD: &str = "Held";
    /// The product asked for it, and none is free.
    pub const KEY_WAITING: &str = "Not available";
    /// How many of a license it asked for.
    pub const REQUIRED: &str = "Required";
    /// Facts about the instance.
    pub const GENERAL: &str = "General";
}

/// Logs.
pub mod event {
    /// What happened.
    pub const MESSAGE: &str = "Message";
    /// When it happened.
    pub const TIME: &str = "Time";
    /// User, device name or System.
    pub const USER: &str = "User";
    /// Button beside the filter.
    pub const FILTER: &str = "Filter";
}

/// The alert tables.
pub mod alert {
    /// Severity.
    pub const SEVERITY: &str = "Sev";
    /// What is wrong.
    pub const MESSAGE: &str = "Message";
    /// Where it is wrong.
    pub const SOURCE: &str = "Source";
    /// Until when to act.
    pub const DUE: &str = "Action Due";
    /// What one can do about it.
    pub const ACTIONS: &str = "Actions";
    /// Red.
    pub const MAJOR: &str = "Major";
    /// Yellow.
    pub const MINOR: &str = "Minor";
    /// Neither.
    pub const INFORMATIONAL: &str = "Informational";
    /// Nothing can wait.
    pub const NOW: &str = "Now";
    /// Action of an alert that a person may put away.
    pub const DISMISS: &str = "Dismiss";
    /// Action of an agreement's alert.
    pub const ACCEPT: &str = "View/Accept";
    /// Leaves the alert list of a virtual account.
    pub const HIDE: &str = "Hide Alerts";
}

/// The Activity tab.
pub mod activity {
    /// Sub-tab.
    pub const TRANSACTIONS: &str = "License Transactions";
    /// Sub-tab.
    pub const EVENTS: &str = "Event Log";
    /// When.
    pub const DATE: &str = "Date";
    /// Order, transfer, expiry …
    pub const TRANSACTION: &str = "Transaction";
    /// Stock keeping unit.
    pub const SKU: &str = "SKU";
    /// Signed quantity.
    pub const QUANTITY: &str = "Quantity";
    /// Virtual account that gave.
    pub const FROM: &str = "Source";
    /// Virtual account that received.
    pub const TO: &str = "Target";
}

/// License reservations.
pub mod reservation {
    /// The button on the Licenses tab.
    pub const RESERVE: &str = "License Reservation…";
    /// Title of its wizard.
    pub const DIALOG: &str = "Smart License Reservation";
    /// What a device shows.
    pub const REQUEST_CODE: &str = "Reservation Request Code";
    /// Row action.
    pub const UPDATE: &str = "Update Reserved Licenses…";
    /// Title of its wizard.
    pub const UPDATE_DIALOG: &str = "Update License Reservation";
    /// Row action.
    pub const CONFIRM: &str = "Enter Confirmation Code…";
    /// Title of its page.
    pub const CONFIRM_DIALOG: &str = "Enter Confirmation Code";
    /// Its field.
    pub const CONFIRMATION_CODE: &str = "Reservation Confirmation Code";
    /// Row action.
    pub const SHOW_CODE: &str = "Show Reservation Authorization Code";
    /// Row action.
    pub const DOWNLOAD_CODE: &str = "Download Reservation Authorization Code";
    /// Row action.
    pub const CANCEL_UPDATE: &str = "Cancel Update…";
    /// Row action, and title of its wizard.
    pub const REHOST: &str = "Rehost Licenses from a Failed Product…";
    /// Title of its wizard.
    pub const REHOST_DIALOG: &str = "Rehost Licenses from a Failed Product";
    /// Title and button of a removal.
    pub const REMOVE_DIALOG: &str = "Remove Product Instance";
    /// Its field.
    pub const RETURN_CODE: &str = "Reservation Return Code";
    /// The button that reserves.
    pub const GENERATE: &str = "Generate Authorization Code";
    /// Column and field.
    pub const QUANTITY: &str = "Quantity to Reserve";
    /// Column and field.
    pub const ADD: &str = "Quantity to Add";
    /// What a virtual account owns of a line.
    pub const PURCHASED: &str = "Purchased";
    /// What can be reserved of it.
    pub const AVAILABLE: &str = "Available";
    /// What the device holds.
    pub const RESERVED: &str = "Reserved";
    /// Choice of all.
    pub const UNIVERSAL: &str = "Reserve everything (universal)";
    /// Choice of single licenses.
    pub const SPECIFIC: &str = "Reserve a specific license";
    /// The same in an update.
    pub const UPDATE_SPECIFIC: &str = "Update a specific license";
    /// Mark of an instance.
    pub const UPDATE_PENDING: &str = "Update pending";
    /// Mark of an instance.
    pub const RETURN_PENDING: &str = "Return pending";
    /// The lab's page of what only support can do.
    pub const SUPPORT: &str = "Support desk";
}

/// The On-Prem Accounts tab.
pub mod on_prem {
    /// The button that registers one.
    pub const NEW: &str = "New On-Prem…";
    /// The name.
    pub const NAME: &str = "On-Prem Name";
    /// Version of the satellite.
    pub const VERSION: &str = "Product Version";
    /// When it synchronized last.
    pub const LAST: &str = "Last Synchronization";
    /// By when it has to.
    pub const DUE: &str = "Synchronization Due";
    /// Its alerts.
    pub const ALERTS: &str = "Alerts";
    /// The file that the satellite has made.
    pub const FILE: &str = "Registration File";
    /// What it gets.
    pub const PLACES: &str = "Virtual Accounts";
    /// Where mails go.
    pub const EMAIL: &str = "Email for notification";
    /// The button of the dialog.
    pub const GENERATE: &str = "Generate Authorization File";
    /// Upload of a request.
    pub const FILE_SYNC: &str = "File Sync…";
    /// Download of the authorization file.
    pub const DOWNLOAD: &str = "Download Authorization File";
    /// Another virtual account.
    pub const ATTACH: &str = "Add Virtual Account…";
    /// Another name.
    pub const RENAME: &str = "Rename…";
    /// Its end.
    pub const REMOVE: &str = "Remove…";
}
