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
