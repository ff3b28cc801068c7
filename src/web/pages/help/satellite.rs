//! Texts for the pages of a satellite.

use super::Topic;

/// The Licensing Workspace before an account is chosen.
pub const LOCAL_ACCOUNTS: Topic = Topic {
    id: "local-accounts",
    title: "Local accounts",
    what: "A local account is this satellite's side of one CSSM virtual account: its products \
           register here, and its licenses come from there. One satellite can serve several.",
    next: "Once an account is registered with CSSM, its inventory can be opened from here.",
    renamed: "Licensing Workspace > Smart Licensing (SSM On-Prem 8)",
};

/// The home of the Administration Workspace.
pub const ADMINISTRATION: Topic = Topic {
    id: "administration",
    title: "Administration Workspace",
    what: "Here the satellite itself is looked after, not its licenses: who may sign in, under \
           which rules, and which programs may call it. Only System Admins and System Operators \
           come here.",
    next: "What you may change depends on your system role; licenses are managed in the Licensing \
           Workspace, with a role in the account.",
    renamed: "",
};

/// The list of users and its forms.
pub const SYSTEM_USERS: Topic = Topic {
    id: "system-users",
    title: "Users of a satellite",
    what: "Each person has a system role: System Admins do everything, System Operators the daily \
           work, System Users nothing but ask for an account. Roles in local accounts come on top.",
    next: "A new user signs in with the first password and may have to change it at once. The last \
           active System Admin cannot be disabled, removed or made something else.",
    renamed: "",
};

/// Groups of users.
pub const USER_GROUPS: Topic = Topic {
    id: "user-groups",
    title: "User groups",
    what: "A group has members and roles: in local accounts it is given roles as a person is, and \
           its members have them. System roles are not given to groups.",
    next: "Create the group here, with its members; then an administrator of a local account \
           assigns a role to it under Manage Account, User Groups.",
    renamed: "",
};

/// The security rules.
pub const SECURITY: Topic = Topic {
    id: "security",
    title: "Security rules",
    what: "The first tab says when a user is locked, how long a session may idle and how many \
           there may be. The second says what a password has to look like and how long it lasts.",
    next: "Rules are in effect at once; passwords that exist stay until they are changed or end.",
    renamed: "",
};

/// Changing one's own password.
pub const OWN_PASSWORD: Topic = Topic {
    id: "own-password",
    title: "Change password",
    what: "A password has to be changed when it is over, or when somebody else has set it.",
    next: "All your other sessions end; this one goes on.",
    renamed: "",
};

/// The first login.
pub const FIRST_LOGIN: Topic = Topic {
    id: "first-login",
    title: "First login",
    what: "A new satellite has one user, admin, with a start password. Before anything else it asks \
           for language, another password and the name by which products reach it.",
    next: "After the last step the Administration Workspace opens. A satellite of a fixture that \
           names its users has no first login.",
    renamed: "",
};

/// A forgotten password.
pub const FORGOTTEN_PASSWORD: Topic = Topic {
    id: "forgotten-password",
    title: "Forgotten password",
    what: "A code is mailed to the address of the user, and whoever has it sets another password. \
           Nothing here tells whether there is a user of that name.",
    next: "The code works once, for an hour. Mails of the lab go nowhere but into its outbox: a \
           System Admin reads the code there, or sets a password directly.",
    renamed: "",
};

/// The Message of the Day.
pub const MESSAGE_OF_THE_DAY: Topic = Topic {
    id: "message-of-the-day",
    title: "Message of the Day",
    what: "One text stands on the login page, for everybody who opens it; the other one on the \
           first page of who has signed in. Lines stay as they are typed.",
    next: "It is in effect at once. Switched off, the texts stay here and nobody else sees them.",
    renamed: "",
};

/// The mails that were sent.
pub const OUTBOX: Topic = Topic {
    id: "outbox",
    title: "Outbox",
    what: "Every mail that this satellite would send: decisions about requests, and codes for \
           forgotten passwords. No mail server is asked; mails stay here.",
    next: "Only System Admins read it, because a code opens what a password does.",
    renamed: "",
};

/// The API toolkit.
pub const API_TOOLKIT: Topic = Topic {
    id: "api-toolkit",
    title: "API Toolkit",
    what: "Programs call this satellite with a client ID and a secret, which belong to one local \
           account. Nothing answers them until API access is switched on.",
    next: "The program gets a bearer token at /backend/oauth/token and calls /api/v1 with it. A \
           revoked or expired client gets none, and its tokens end.",
    renamed: "",
};

/// The system event log.
pub const SYSTEM_EVENTS: Topic = Topic {
    id: "system-events",
    title: "System event log",
    what: "Who signed in, who was kept out, and what was set on this satellite. What happens to \
           licenses is in the log of its account.",
    next: "Nothing in it can be changed; the file holds what is filtered here.",
    renamed: "",
};

/// The list of synchronizations, and doing it now.
pub const SYNCHRONIZATION: Topic = Topic {
    id: "synchronization",
    title: "Synchronization",
    what: "This satellite tells CSSM which products use what, and hears which licenses it has. A \
           standard synchronization tells what has changed since the last one, a full one tells \
           everything and heals what has diverged.",
    next: "Thirty days after the last one it is overdue; at the deadline CSSM removes the local \
           account. Until then products keep working from what this satellite knows.",
    renamed: "Initiate network (online) sync; Initiate manual (offline) sync",
};

/// Synchronizing by files.
pub const SYNC_BY_FILE: Topic = Topic {
    id: "sync-by-file",
    title: "Manual synchronization",
    what: "Where there is no network to CSSM, files are carried: download a request file here, \
           upload it in CSSM under On-Prem Accounts, File Sync, download the response file there \
           and upload it here. Nothing of it opens a connection.",
    next: "A response fits only the last request of this local account: downloading another one, or \
           synchronizing over the network, makes those before it stale. Once a month is enough.",
    renamed: "Initiate manual (offline) sync",
};

/// When synchronizations begin by themselves.
pub const SYNC_SCHEDULES: Topic = Topic {
    id: "sync-schedules",
    title: "Schedules",
    what: "Local accounts synchronize over the network by themselves: each day, on a day of the \
           week or of the month. They follow the schedule of the satellite unless they have their \
           own; those that were registered by files never begin by themselves.",
    next: "It works as long as the login behind it lasts, 180 days unless set otherwise. Then it \
           fails until somebody synchronizes now with a CSSM user and password.",
    renamed: "",
};

/// What goes up without.
pub const SYNC_PRIVACY: Topic = Topic {
    id: "sync-privacy",
    title: "Data privacy",
    what: "What is hidden here stays on this satellite: CSSM lists the product instances without \
           it. Licenses are counted all the same.",
    next: "It is in effect from the next synchronization; a full one also takes away what CSSM \
           knows from before.",
    renamed: "",
};
