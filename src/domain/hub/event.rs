//! What has happened in an organization of the hub.

use crate::domain::Timestamp;
use crate::domain::coded::coded;
use crate::domain::id::{HubEventId, OrganizationId};

coded! {
    /// What kind of fact it is; the code is stored and told.
    HubEventKind {
        /// Somebody was given a role.
        RoleGiven = "role_given",
        /// Somebody lost a role.
        RoleTaken = "role_taken",
        /// An Active User contract began.
        ContractOpened = "au_contract_opened",
        /// An order of a contract came in.
        ContractOrdered = "au_order_placed",
        /// People of a contract, or their accounts, were changed.
        ContractPeople = "au_people_changed",
        /// Sessions were reported.
        SessionsReported = "au_sessions_reported",
        /// A True Forward took effect.
        TrueForwardDone = "au_true_forward_done",
        /// A True Forward waits for months without data to be confirmed.
        TrueForwardWaits = "au_true_forward_waits",
        /// A renewal of a contract was ordered.
        ContractRenewed = "au_renewal_ordered",
        /// A new term of a contract began.
        TermBegan = "au_term_began",
        /// A contract ended.
        TermEnded = "au_term_ended",
        /// A contract was corrected by hand.
        ContractAdjusted = "au_adjusted",
        /// An order of Flex licenses came in.
        OrderPlaced = "flex_order_placed",
        /// What was bought with an order was changed.
        OrderChanged = "flex_order_changed",
        /// A subscription was cancelled.
        OrderCancelled = "flex_order_cancelled",
        /// A cluster was registered.
        ClusterRegistered = "flex_cluster_registered",
        /// The daily look found a publisher.
        ClusterFound = "flex_cluster_found",
        /// A cluster was verified: collecting began.
        ClusterVerified = "flex_cluster_verified",
        /// The agent of a cluster got another secret.
        AgentSecret = "flex_agent_secret",
        /// An agent told something else of a day than before.
        UsageCorrected = "flex_usage_corrected",
    }
}

/// A row of an organization's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubEvent {
    /// Which one; later ones are greater.
    pub id: HubEventId,
    /// Whose log.
    pub organization: OrganizationId,
    /// When.
    pub at: Timestamp,
    /// What kind of fact.
    pub kind: HubEventKind,
    /// The fact in a sentence.
    pub message: String,
    /// The login name; `system` for what time has caused.
    pub actor: String,
}
