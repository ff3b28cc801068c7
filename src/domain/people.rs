//! People, their roles, and the one table that says who may do what.

use super::error::{Error, Result};
use super::id::{SmartAccountId, UserId, VirtualAccountId};
use super::system::{Refusal, SystemPermission, SystemRole};
use super::time::Timestamp;
use std::fmt;

/// A role, as the portal names it (documented; features 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything in the Smart Account.
    SmartAccountAdministrator,
    /// Accepts agreements, nothing else.
    SmartAccountApprover,
    /// Works with the assets of all virtual accounts.
    SmartAccountUser,
    /// Sees all, changes nothing.
    SmartAccountViewer,
    /// Everything in one virtual account.
    VirtualAccountAdministrator,
    /// Works with the assets of one virtual account.
    VirtualAccountUser,
    /// Sees one virtual account.
    VirtualAccountViewer,
}

impl Role {
    /// All roles, in the order of the portal.
    pub const ALL: [Self; 7] = [
        Self::SmartAccountAdministrator,
        Self::SmartAccountApprover,
        Self::SmartAccountUser,
        Self::SmartAccountViewer,
        Self::VirtualAccountAdministrator,
        Self::VirtualAccountUser,
        Self::VirtualAccountViewer,
    ];

    /// The name on pages and in the REST API (proven; rest-api A1).
    pub fn name(self) -> &'static str {
        match self {
            Self::SmartAccountAdministrator => "Smart Account Administrator",
            Self::SmartAccountApprover => "Smart Account Approver",
            Self::SmartAccountUser => "Smart Account User",
            Self::SmartAccountViewer => "Smart Account Viewer",
            Self::VirtualAccountAdministrator => "Virtual Account Administrator",
            Self::VirtualAccountUser => "Virtual Account User",
            Self::VirtualAccountViewer => "Virtual Account Viewer",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role belongs to one virtual account.
    pub fn is_virtual(self) -> bool {
        matches!(
            self,
            Self::VirtualAccountAdministrator
                | Self::VirtualAccountUser
                | Self::VirtualAccountViewer
        )
    }

    /// The role matrix: what the role may do inside its scope.
    pub fn grants(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::SmartAccountAdministrator => true,
            Self::SmartAccountApprover => matches!(permission, P::AcceptAgreement),
            Self::SmartAccountUser | Self::VirtualAccountUser => matches!(
                permission,
                P::View | P::ManageTokens | P::Transfer | P::ManageInstances | P::TagLicenses
            ),
            Self::SmartAccountViewer | Self::VirtualAccountViewer => permission == P::View,
            Self::VirtualAccountAdministrator => matches!(
                permission,
                P::View
                    | P::ManageTokens
                    | P::Transfer
                    | P::ManageInstances
                    | P::NestVirtualAccount
                    | P::TagLicenses
                    | P::ManageOnPrems
                    | P::ManageRoles
            ),
        }
    }
}

/// Something that a role may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See inventory, alerts and events.
    View,
    /// Accept agreements.
    AcceptAgreement,
    /// Create, revoke and remove registration tokens.
    ManageTokens,
    /// Move licenses and product instances between virtual accounts.
    Transfer,
    /// Remove product instances.
    ManageInstances,
    /// Create, rename, star and delete virtual accounts.
    ManageVirtualAccounts,
    /// Create a virtual account below one's own.
    NestVirtualAccount,
    /// Label licenses.
    TagLicenses,
    /// Register, synchronize, rename and remove On-Prems.
    ManageOnPrems,
    /// Give roles to people and groups, and take them back.
    ManageRoles,
    /// Move the clock of the world (ours).
    MoveClock,
}

impl Permission {
    /// All of them, for tests that walk the matrix.
    pub const ALL: [Self; 11] = [
        Self::View,
        Self::AcceptAgreement,
        Self::ManageTokens,
        Self::Transfer,
        Self::ManageInstances,
        Self::ManageVirtualAccounts,
        Self::NestVirtualAccount,
        Self::TagLicenses,
        Self::ManageOnPrems,
        Self::ManageRoles,
        Self::MoveClock,
    ];
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view inventory",
            Self::AcceptAgreement => "accept agreements",
            Self::ManageTokens => "manage registration tokens",
            Self::Transfer => "transfer licenses or product instances",
            Self::ManageInstances => "remove product instances",
            Self::ManageVirtualAccounts => "manage virtual accounts",
            Self::NestVirtualAccount => "create nested virtual accounts",
            Self::TagLicenses => "tag licenses",
            Self::ManageOnPrems => "manage On-Prem accounts",
            Self::ManageRoles => "manage users and their roles",
            Self::MoveClock => "move the clock",
        })
    }
}

/// One role given to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The role.
    pub role: Role,
    /// The Smart Account it belongs to.
    pub account: SmartAccountId,
    /// The virtual account it is limited to; `None` for account-wide roles.
    pub virtual_account: Option<VirtualAccountId>,
    /// Whether it also reaches the virtual accounts nested below.
    pub nested: bool,
}

/// Where a permission is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The Smart Account.
    pub account: SmartAccountId,
    /// The virtual account and its ancestors, nearest first; empty for the whole account.
    pub path: Vec<VirtualAccountId>,
    /// What people call the place.
    pub name: String,
}

/// A person, or an API client acting with a person's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub id: UserId,
    /// The login name; event logs show it.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// All roles of this person, in all Smart Accounts.
    pub assignments: Vec<Assignment>,
    /// The role in the system; on a satellite only.
    pub system_role: Option<SystemRole>,
    /// The only account that the credential reaches; on a satellite, for API clients.
    pub only: Option<SmartAccountId>,
}

impl Actor {
    /// Whether the matrix allows it here.
    pub fn may(&self, permission: Permission, scope: &Scope) -> bool {
        if permission == Permission::View && self.belongs_to(scope.account) && self.sees_all() {
            return true;
        }
        self.assignments.iter().any(|a| {
            a.account == scope.account && a.role.grants(permission) && a.reaches(&scope.path)
        })
    }

    /// Fails with `Forbidden` unless the matrix allows it here.
    pub fn require(&self, permission: Permission, scope: &Scope) -> Result<()> {
        if self.may(permission, scope) {
            return Ok(());
        }
        Err(Error::Forbidden { user: self.name.clone(), permission, place: scope.name.clone() })
    }

    /// Whether the person may move the clock: with that right in some Smart Account (ours).
    pub fn may_move_clock(&self) -> bool {
        self.allows(SystemPermission::ManageSettings)
            || self.assignments.iter().any(|a| a.role.grants(Permission::MoveClock))
    }

    /// Whether the person has any role in the account, or sees all accounts.
    pub fn belongs_to(&self, account: SmartAccountId) -> bool {
        let reached = self.only.is_none_or(|only| only == account);
        reached && (self.sees_all() || self.assignments.iter().any(|a| a.account == account))
    }

    /// Whether the system role alone opens every account for looking (features 4.2).
    fn sees_all(&self) -> bool {
        self.allows(SystemPermission::ViewAccounts)
    }

    /// Whether the system role allows it.
    pub fn allows(&self, permission: SystemPermission) -> bool {
        self.system_role.is_some_and(|role| role.grants(permission))
    }

    /// Fails with a refusal unless the system role allows it, with a credential of the person.
    pub fn require_system(&self, permission: SystemPermission) -> Result<()> {
        if self.allows(permission) && self.only.is_none() {
            return Ok(());
        }
        Err(Refusal::Forbidden { user: self.name.clone(), permission }.into())
    }
}

impl Assignment {
    fn reaches(&self, path: &[VirtualAccountId]) -> bool {
        match self.virtual_account {
            None => true,
            Some(own) if self.nested => path.contains(&own),
            Some(own) => path.first() == Some(&own),
        }
    }
}

/// A person as stored, with the hash that proves a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who it is.
    pub id: UserId,
    /// The login name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// argon2id in PHC form.
    pub password_hash: String,
}

/// An API client: acts with the rights of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClient {
    /// The public identifier (`client_id`).
    pub client_id: String,
    /// SHA-256 of the secret, in hex.
    pub secret_digest: String,
    /// What people call it.
    pub name: String,
    /// Whose rights it has.
    pub user: UserId,
    /// Where an authorization code may be sent; exact matches only.
    pub redirect_uris: Vec<String>,
    /// What a satellite's API toolkit knows of it; such a client acts for an account, no user.
    pub toolkit: Option<Toolkit>,
}

/// What the API toolkit of a satellite knows of a client (B-ADM-21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolkit {
    /// The local account it belongs to.
    pub account: SmartAccountId,
    /// Free text.
    pub description: String,
    /// Login name.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// From this instant on it opens nothing.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Toolkit {
    /// Whether the client opens anything at that instant.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests;
