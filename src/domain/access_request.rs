//! Somebody asks for a role in a local account that is there (B-ACC-13).

use super::id::{AccessRequestId, SmartAccountId, UserId};
use super::people::Role;
use super::time::Timestamp;

/// A request for access that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRequest {
    /// Its identity.
    pub id: AccessRequestId,
    /// The rows of the local account.
    pub account: SmartAccountId,
    /// Who asks.
    pub user: UserId,
    /// What they say.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// Roles that a decision may give: those of a whole local account. Roles in a single local virtual
/// account are given inside the account (ours).
pub const ROLES: [Role; 3] =
    [Role::SmartAccountUser, Role::SmartAccountViewer, Role::SmartAccountAdministrator];

/// The role of that name, if a decision may give it.
pub fn role(name: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| role.name() == name)
}
