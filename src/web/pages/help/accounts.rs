//! The texts about local accounts of a satellite.

use super::Topic;

/// The widget of local accounts.
pub const ACCOUNT_LIFE: Topic = Topic {
    id: "account-life",
    title: "Accounts",
    what: "A local account is asked for, registered with CSSM, and works until somebody \
           deactivates it or it expires because it did not synchronize until its deadline.",
    next: "To delete one: remove its product instances, synchronize, deactivate it, delete it here, \
           and then remove the On-Prem in CSSM. One that has expired registers again and keeps its \
           products.",
    renamed: "",
};

/// Asking for a local account, and the decision.
pub const ACCOUNT_REQUESTS: Topic = Topic {
    id: "account-requests",
    title: "Account Requests",
    what: "Whoever may sign in may ask for a local account, naming a Smart Account and a virtual \
           account of CSSM. The virtual account is made if there is none of that name; it has to be \
           without product instances, and no other local account may have it.",
    next: "A System Administrator approves the request with a user and password of CSSM, registers \
           it by files, or rejects it; the reason of a rejection is mailed.",
    renamed: "",
};

/// Asking for a role in a local account, and the decision.
pub const ACCESS_REQUESTS: Topic = Topic {
    id: "access-requests",
    title: "Requests for access",
    what: "Whoever may sign in may ask for a role in a local account that is registered. Its Smart \
           Account Administrators decide, and whoever manages the accounts of the satellite.",
    next: "The decision is mailed. With a role, the account stands on your first page.",
    renamed: "",
};

/// Registering by files.
pub const MANUAL_REGISTRATION: Topic = Topic {
    id: "manual-registration",
    title: "Manual Registration",
    what: "Two files do what the network does otherwise: the registration file tells CSSM of the \
           local account, the authorization file of CSSM lets it work. Nothing here opens a \
           connection.",
    next: "The authorization file is good for the last registration file alone. Afterwards the \
           account synchronizes by files too.",
    renamed: "",
};

/// Manage Account: properties and log.
pub const MANAGE_ACCOUNT: Topic = Topic {
    id: "manage-account",
    title: "Manage Account",
    what: "Here a local account itself is looked after: how it is divided, who works in it, and \
           what was decided. What it is called and where it belongs in CSSM was said when it was \
           asked for.",
    next: "To register it again, to deactivate or to delete it is for the administrators of the \
           satellite, in the Administration Workspace.",
    renamed: "",
};

/// Roles of people in a local account.
pub const ACCOUNT_USERS: Topic = Topic {
    id: "account-users",
    title: "Users of a local account",
    what: "A person works in a local account with a role in it: for all of it, or for one local \
           virtual account and, if you wish, those nested there. Roles by a group are listed too \
           and are changed with the group.",
    next: "Roles are in effect at once. Administrators of a local virtual account give the roles \
           of that one only, and somebody always stays administrator of the whole.",
    renamed: "",
};

/// Roles of groups in a local account.
pub const ACCOUNT_GROUPS: Topic = Topic {
    id: "account-groups",
    title: "User groups of a local account",
    what: "A group of the satellite may be given a role here; then everybody in it has that role. \
           Groups and their members are kept in the Administration Workspace, by System Admins.",
    next: "Who joins a group has its roles at once, who leaves it loses them; both are written in \
           the log of this account.",
    renamed: "",
};

/// Agreements of a local account.
pub const ACCOUNT_AGREEMENTS: Topic = Topic {
    id: "account-agreements",
    title: "Account Agreements",
    what: "The agreement of Smart Licensing is accepted in CSSM, by an administrator or approver \
           of the Smart Account. This is what the last synchronization told of it.",
    next: "A newer version is accepted in CSSM; it stands here after the next synchronization.",
    renamed: "",
};
