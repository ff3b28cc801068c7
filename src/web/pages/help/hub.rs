//! Control Hub and Partner Hub.

use super::Topic;

/// The choice of organizations.
pub const HUB: Topic = Topic {
    id: "hub",
    title: "Control Hub and Partner Hub",
    what: "A customer's Control Hub shows what the customer has bought and uses; a partner's \
           Partner Hub shows it for all customers. Both are apart from Smart Accounts: a role \
           here says nothing about licenses there.",
    next: "Choose an organization. What you may do in it is what its roles allow.",
    renamed: "",
};

/// Roles of the hub.
pub const HUB_PEOPLE: Topic = Topic {
    id: "hub-people",
    title: "Administrators of a partner",
    what: "A Full admin does everything, a Full sales admin opens every customer, a Sales admin \
           the assigned ones, Partner read-only looks and changes nothing, a Customer admin sees \
           the own organization.",
    next: "A role counts from the next click of the person on. The last Full admin stays.",
    renamed: "",
};

/// The log of an organization.
pub const HUB_ACTIVITY: Topic = Topic {
    id: "hub-activity",
    title: "Activity of an organization",
    what: "Each change to an organization is written down with who made it; what time has caused \
           is written under the instant at which it was due.",
    next: "Nothing here is changed or removed. The event log of a Smart Account is another one.",
    renamed: "",
};
