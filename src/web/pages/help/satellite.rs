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
