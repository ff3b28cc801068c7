//! The texts behind "What is this?", one per tab and dialog.

mod accounts;
mod contracts;
mod hub;
mod on_prems;
mod satellite;
mod usage;

pub use accounts::{
    ACCESS_REQUESTS, ACCOUNT_AGREEMENTS, ACCOUNT_GROUPS, ACCOUNT_LIFE, ACCOUNT_REQUESTS,
    ACCOUNT_USERS, MANAGE_ACCOUNT, MANUAL_REGISTRATION,
};
pub use contracts::{
    CONTRACT, CONTRACT_LEDGER, CONTRACT_ORDER, CONTRACT_PEOPLE, CONTRACT_TERM, CONTRACTS,
    TRUE_FORWARD,
};
pub use hub::{HUB, HUB_ACTIVITY, HUB_PEOPLE};
pub use on_prems::{FILE_SYNC, NEW_ON_PREM, ON_PREMS};
pub use satellite::{
    ADMINISTRATION, API_TOOLKIT, FIRST_LOGIN, FORGOTTEN_PASSWORD, LOCAL_ACCOUNTS,
    MESSAGE_OF_THE_DAY, OUTBOX, OWN_PASSWORD, SECURITY, SYNC_BY_FILE, SYNC_PRIVACY, SYNC_SCHEDULES,
    SYNCHRONIZATION, SYSTEM_EVENTS, SYSTEM_USERS, USER_GROUPS,
};

pub use usage::{
    CLUSTERS, CUSTOMER_USAGE, CUSTOMERS, USAGE, clusters_topic, customer_usage_topic,
    customers_topic, usage_topic,
};

use super::ask::Ask;
use super::frame::Frame;
use actix_web::HttpResponse;
use askama::Template;

/// What a page is for, what happens next, and its name in the newer portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Anchor on the help page.
    pub id: &'static str,
    /// Heading on the help page.
    pub title: &'static str,
    /// Two sentences.
    pub what: &'static str,
    /// What happens after one has used it.
    pub next: &'static str,
    /// What the portals of 2025–26 call it; empty when nothing changed.
    pub renamed: &'static str,
}

/// The list of alerts.
pub const ALERTS: Topic = Topic {
    id: "alerts",
    title: "Alerts",
    what: "Alerts are states, not messages: each one is here for as long as its cause is. Major \
           ones cost you compliance or a device, minor ones will do so later.",
    next: "Remove the cause, for instance by transferring licenses, and the alert goes by itself. \
           Both moments are written to the event log.",
    renamed: "",
};

/// The General tab: properties and tokens.
pub const TOKENS: Topic = Topic {
    id: "tokens",
    title: "Registration tokens",
    what: "A product proves with a registration token that it may join this virtual account. One \
           token serves several products until its days or its uses run out.",
    next: "Give the token to the product. Once registered it needs the token no longer: revoking \
           the token keeps strangers out and unregisters nobody.",
    renamed: "Devices > Token Management > Generate a Token (Cisco License Central)",
};

/// The form for a new token.
pub const NEW_TOKEN: Topic = Topic {
    id: "new-token",
    title: "Create Registration Token",
    what: "A token is a secret that lets products into one virtual account, for a number of days \
           and, if you wish, for a number of registrations. The export box is copied to every \
           product that registers with it and stays with that product.",
    next: "The token is shown in full. Paste it into the product, or hand it to whoever sets the \
           product up.",
    renamed: "Devices > Token Management > Generate a Token (Cisco License Central)",
};

/// Tokens for several virtual accounts.
pub const GENERATE_TOKENS: Topic = Topic {
    id: "generate-tokens",
    title: "Generate Registration Tokens",
    what: "Several virtual accounts get a token each, alike in days, uses, export box and \
           description. A token still leads into one virtual account only, so every one of them \
           has a text of its own.",
    next: "All of them are made, or none: when one virtual account is refused, nothing is \
           created. Afterwards each token is revoked and removed by itself.",
    renamed: "Devices > Token Management > Generate a Token (Cisco License Central)",
};

/// The Licenses tab.
pub const LICENSES: Topic = Topic {
    id: "licenses",
    title: "Licenses",
    what: "A virtual account is a pool: every product registered here draws from it, and no other \
           virtual account lends to it. Balance is what it owns less what is in use.",
    next: "Below zero, the products keep running but are told Out of Compliance at their next \
           authorization. A transfer or an order brings them back.",
    renamed: "License Inventory (Cisco License Central)",
};

/// The clock of the world.
pub const CLOCK: Topic = Topic {
    id: "clock",
    title: "World clock",
    what: "Every date in this lab comes from this clock: tokens, certificates, license terms, \
           alerts, sessions. It can run ahead of the wall, or stand still.",
    next: "When it moves, everything that falls due in between happens in its own order and under \
           its own time, before the page comes back. Products notice at their next contact.",
    renamed: "",
};

/// The licensing agreement.
pub const AGREEMENT: Topic = Topic {
    id: "agreement",
    title: "Smart Licensing agreement",
    what: "A Smart Account accepts the agreement once, and again when a newer text is published. \
           Administrators and approvers may do it.",
    next: "The alert about it goes at once. Nothing else depends on it here: the text of this lab \
           binds nobody.",
    renamed: "Account Management > Account Agreements (Cisco License Central)",
};

/// Tags of licenses and virtual accounts.
pub const TAGS: Topic = Topic {
    id: "tags",
    title: "Tags",
    what: "Tags are labels of your own on virtual accounts and on licenses in a virtual account. \
           The search By Tag finds by their first letters. Custom tags are names with the values \
           that they may have: Region: EMEA.",
    next: "They change no balance and no right; they are there to find things again.",
    renamed: "Custom tags (Cisco License Central)",
};

/// The arithmetic of a balance.
pub const EXPLAIN: Topic = Topic {
    id: "explain",
    title: "How the balance comes about",
    what: "Every license line, every product instance, every reservation and every loan between \
           tiers, with its number. They add up to the balance.",
    next: "Where a number surprises you, follow its link: the line's order, the product's page, \
           the other license.",
    renamed: "",
};

/// The license transfer.
pub const TRANSFER: Topic = Topic {
    id: "transfer",
    title: "Transfer Between Virtual Accounts",
    what: "A transfer moves licenses from one pool to another within the account. You may \
           move what is in use, but not what is reserved, expired or not yet started.",
    next: "Both event logs get an entry at once. Products learn of it at their next authorization, \
           by default within 30 days, or when they renew it themselves.",
    renamed: "License Inventory > Edit Virtual Account assignment (Cisco License Central)",
};

/// The Product Instances tab.
pub const INSTANCES: Topic = Topic {
    id: "instances",
    title: "Product Instances",
    what: "A product instance is one device or application that registered with a token. It \
           renews its authorization every 30 days and its certificate every 6 months.",
    next: "An instance that stays silent for 90 days loses its licenses. Removing it frees them at \
           once, and it has to register again.",
    renamed: "Device Inventory (Cisco License Central)",
};

/// Moving a product instance.
pub const INSTANCE_TRANSFER: Topic = Topic {
    id: "instance-transfer",
    title: "Transfer of a product instance",
    what: "The product instance moves to another virtual account and draws its licenses from the \
           pool there from now on. The licenses of the old pool stay where they are.",
    next: "The product keeps its certificate and hears of its new place at its next \
           authorization. Either pool may fall short or recover by the move.",
    renamed: "Device Inventory > Edit Virtual Account assignment (Cisco License Central)",
};

/// Removing a product instance.
pub const INSTANCE_REMOVE: Topic = Topic {
    id: "instance-remove",
    title: "Removal of a product instance",
    what: "Removing is for products that cannot deregister themselves any more: broken, lost, \
           sold. The service forgets the product and its licenses are free at once.",
    next: "A product that still lives is told at its next contact that it is not registered, and \
           goes on in its evaluation period if days are left.",
    renamed: "",
};

/// Events of a virtual account or of the whole Smart Account.
pub const EVENTS: Topic = Topic {
    id: "events",
    title: "Event Log",
    what: "Every change that a person could notice is written here in the moment it happens, with \
           who did it. Entries keep the names as they were and are never changed.",
    next: "Use the filter to follow one license or one product instance.",
    renamed: "",
};

/// License Transactions.
pub const TRANSACTIONS: Topic = Topic {
    id: "transactions",
    title: "License Transactions",
    what: "The ledger of quantities: each order, transfer and expiry with its plus and minus. What \
           products consume is not in it, because consumption changes no ownership.",
    next: "The sum over all virtual accounts changes only by orders, conversions and expiry.",
    renamed: "",
};

/// Reserving licenses for a device without a network.
pub const RESERVATION: Topic = Topic {
    id: "reservation",
    title: "Smart License Reservation",
    what: "A device without a network shows a request code; you choose licenses for it, and it gets \
           an authorization code back. What is reserved leaves the pool at once and serves that \
           device alone; nothing is borrowed from higher tiers.",
    next: "Install the authorization code on the device. It needs no contact until you change or \
           return what it holds.",
    renamed: "License Inventory > Reserve Licenses (Cisco License Central)",
};

/// Changing what a device holds.
pub const RESERVATION_UPDATE: Topic = Topic {
    id: "reservation-update",
    title: "Update Reserved Licenses",
    what: "An update is in two steps: a new authorization code goes to the device, and the \
           confirmation code that the device then shows comes back here. In between the update is \
           pending: what is more has left the pool, what is less is not back yet.",
    next: "Enter the confirmation code, or cancel the update. If the code is lost, the device shows \
           it again; if the device is lost, the support desk of this lab ends the update.",
    renamed: "",
};

/// Giving a reservation back.
pub const RESERVATION_RETURN: Topic = Topic {
    id: "reservation-return",
    title: "Return of reserved licenses",
    what: "A device that holds reserved licenses is removed with the return code that it makes when \
           its reservation is given back. The code proves that the device does not use them any \
           more.",
    next: "The licenses are available again at once. For a device that can make no code any more \
           there is Rehost, or the support desk of this lab.",
    renamed: "",
};

/// Licenses of a dead device for its replacement.
pub const REHOST: Topic = Topic {
    id: "rehost",
    title: "Rehost Licenses from a Failed Product",
    what: "The replacement of a failed product gets the same licenses out of the stock. The failed \
           one keeps its own until its return code is entered: its return is pending.",
    next: "Install the new code on the replacement, and return the failed product when you can. \
           When the stock does not suffice, only a few returns may be pending.",
    renamed: "",
};

/// The support desk of the lab.
pub const SUPPORT: Topic = Topic {
    id: "support",
    title: "Support desk",
    what: "Some things only the vendor's support can do. In this lab you are the support: this page \
           flips what they flip and ends what they end.",
    next: "Each step is in the event log with your name.",
    renamed: "",
};

/// The list of virtual accounts.
pub const VIRTUAL_ACCOUNTS: Topic = Topic {
    id: "virtual-accounts",
    title: "Virtual Accounts",
    what: "Virtual accounts divide an account by region, team or purpose, each with its own \
           licenses, products and people. Exactly one is the default, where orders without a \
           virtual account arrive.",
    next: "A virtual account can be deleted when it is empty. One that is attached to a satellite \
           can be neither default nor deleted.",
    renamed: "Account Management > Virtual Accounts (Cisco License Central)",
};

/// The choice of a Smart Account.
pub const SMART_ACCOUNTS: Topic = Topic {
    id: "smart-accounts",
    title: "Smart Accounts",
    what: "A Smart Account belongs to one company and is named by its domain. Everything else, \
           licenses, virtual accounts, users and agreements, lives inside one.",
    next: "Choose one to see its inventory. You see those in which you hold a role.",
    renamed: "",
};

/// A satellite that has no account yet.
pub const SATELLITE: Topic = Topic {
    id: "satellite",
    title: "SSM On-Prem (satellite)",
    what: "A satellite answers products on your own network and tells CSSM about them by \
           synchronizing. Before it can do so, one of its local accounts has to be registered \
           with a virtual account of a Smart Account.",
    next: "Until then products that contact it are refused. They can register with CSSM directly.",
    renamed: "Cisco License On-Prem (CLP)",
};

/// Every topic, in the order of the help page.
pub const ALL: [&Topic; 64] = [
    &SMART_ACCOUNTS,
    &ALERTS,
    &TOKENS,
    &NEW_TOKEN,
    &GENERATE_TOKENS,
    &LICENSES,
    &TRANSFER,
    &INSTANCES,
    &INSTANCE_TRANSFER,
    &INSTANCE_REMOVE,
    &RESERVATION,
    &RESERVATION_UPDATE,
    &RESERVATION_RETURN,
    &REHOST,
    &SUPPORT,
    &EVENTS,
    &TRANSACTIONS,
    &VIRTUAL_ACCOUNTS,
    &HUB,
    &HUB_PEOPLE,
    &HUB_ACTIVITY,
    &CONTRACTS,
    &CONTRACT,
    &CONTRACT_PEOPLE,
    &TRUE_FORWARD,
    &CONTRACT_LEDGER,
    &CONTRACT_TERM,
    &CONTRACT_ORDER,
    &CUSTOMERS,
    &CUSTOMER_USAGE,
    &USAGE,
    &CLUSTERS,
    &SATELLITE,
    &LOCAL_ACCOUNTS,
    &ADMINISTRATION,
    &ACCOUNT_LIFE,
    &ACCOUNT_REQUESTS,
    &ACCESS_REQUESTS,
    &MANUAL_REGISTRATION,
    &SYSTEM_USERS,
    &USER_GROUPS,
    &FIRST_LOGIN,
    &FORGOTTEN_PASSWORD,
    &MESSAGE_OF_THE_DAY,
    &OUTBOX,
    &MANAGE_ACCOUNT,
    &ACCOUNT_USERS,
    &ACCOUNT_GROUPS,
    &ACCOUNT_AGREEMENTS,
    &SECURITY,
    &OWN_PASSWORD,
    &API_TOOLKIT,
    &SYNCHRONIZATION,
    &SYNC_BY_FILE,
    &SYNC_SCHEDULES,
    &SYNC_PRIVACY,
    &SYSTEM_EVENTS,
    &ON_PREMS,
    &NEW_ON_PREM,
    &FILE_SYNC,
    &CLOCK,
    &AGREEMENT,
    &TAGS,
    &EXPLAIN,
];

/// Every help text on one page, with an anchor each.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/help.html")]
pub struct HelpPage {
    /// The frame.
    pub frame: Frame,
}

impl HelpPage {
    /// The topics in order.
    pub fn topics(&self) -> &'static [&'static Topic] {
        &ALL
    }
}

/// The help page; nobody has to sign in to read it.
pub async fn page(ask: Ask) -> HttpResponse {
    let frame = ask.viewer_frame().await.unwrap_or_else(|_| ask.frame());
    ask.visit.render(&HelpPage { frame })
}
