//! Identifiers: one type each, so that none can stand where another belongs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A Smart Account.
    SmartAccountId,
    /// A virtual account.
    VirtualAccountId,
    /// A person.
    UserId,
    /// A registration token.
    TokenId,
    /// A kind of license, known by its entitlement tag.
    EntitlementId,
    /// A license line: one order line of one virtual account.
    LineId,
    /// A product instance; the `product_instance_identifier` of the protocol.
    InstanceId,
    /// A row of an event log.
    EventId,
    /// A row of the system event log.
    SystemEventId,
    /// A row of the license transactions.
    TransactionId,
    /// What a product instance holds of one license line.
    ReservationId,
    /// An authorization code that was given out.
    AuthorizationId,
    /// A request for access to a local account.
    AccessRequestId,
    /// A role that somebody holds.
    RoleId,
    /// A group of a satellite's users.
    UserGroupId,
    /// A custom tag of an account.
    CustomTagId,
    /// An On-Prem: the registration of one local account of a satellite.
    OnPremUid,
    /// A partner or a customer of the hub.
    OrganizationId,
    /// A role that somebody holds at an organization.
    HubRoleId,
    /// A row of an organization's log.
    HubEventId,
    /// An Active User contract.
    ContractId,
    /// A person of an Active User contract.
    PersonId,
    /// That such a person has an account.
    AccountId,
    /// An order of an Active User contract.
    ContractOrderId,
    /// A True Forward of an Active User contract.
    TrueForwardId,
}
