//! Roles of Control Hub and Partner Hub: the matrix of features 6.3.

use super::super::error::{Error, Result};
use super::{Organization, OrganizationKind, Refusal};
use crate::domain::id::OrganizationId;
use std::fmt;

/// A role at a partner or at a customer (documented; features 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything of the partner and of all its customers.
    FullAdmin,
    /// Opens every customer; sees no figures of all of them together.
    FullSalesAdmin,
    /// Opens the customers that were assigned; held at each of them.
    SalesAdmin,
    /// Looks at everything but the Custom report.
    PartnerReadOnly,
    /// Sees the own organization.
    CustomerAdmin,
}

impl Role {
    /// All of them, in the order of the matrix.
    pub const ALL: [Self; 5] = [
        Self::FullAdmin,
        Self::FullSalesAdmin,
        Self::SalesAdmin,
        Self::PartnerReadOnly,
        Self::CustomerAdmin,
    ];

    /// The name on pages (documented).
    pub fn name(self) -> &'static str {
        match self {
            Self::FullAdmin => "Full admin",
            Self::FullSalesAdmin => "Full sales admin",
            Self::SalesAdmin => "Sales admin",
            Self::PartnerReadOnly => "Partner read-only",
            Self::CustomerAdmin => "Customer admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Where it is held.
    pub fn belongs_to(self) -> OrganizationKind {
        match self {
            Self::FullAdmin | Self::FullSalesAdmin | Self::PartnerReadOnly => {
                OrganizationKind::Partner
            }
            Self::SalesAdmin | Self::CustomerAdmin => OrganizationKind::Customer,
        }
    }

    /// The matrix (documented, its lost marks resolved in features 6.3; contracts and orders are
    /// ours).
    pub fn grants(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::FullAdmin => true,
            Self::FullSalesAdmin | Self::SalesAdmin => matches!(
                permission,
                P::ListCustomers | P::Launch | P::ViewUsage | P::DownloadUsage | P::ViewClusters
            ),
            Self::PartnerReadOnly => matches!(
                permission,
                P::ViewAggregate
                    | P::ListCustomers
                    | P::Launch
                    | P::ViewUsage
                    | P::DownloadUsage
                    | P::ViewClusters
                    | P::ViewContracts
                    | P::ViewActivity
            ),
            Self::CustomerAdmin => matches!(
                permission,
                P::ViewUsage
                    | P::DownloadUsage
                    | P::ViewClusters
                    | P::ViewContracts
                    | P::ViewActivity
            ),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that a role may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the use of all customers together.
    ViewAggregate,
    /// Make the Custom report of several customers.
    DownloadAggregate,
    /// See a customer in the list, and its panel.
    ListCustomers,
    /// Go from the Partner Hub into a customer.
    Launch,
    /// See a customer's usage report.
    ViewUsage,
    /// Download a customer's usage report.
    DownloadUsage,
    /// See a customer's clusters.
    ViewClusters,
    /// Give roles to people, and take them back.
    AssignRoles,
    /// Place orders, verify clusters, run contracts (ours).
    ManageOrders,
    /// See Active User contracts (ours).
    ViewContracts,
    /// See what has happened (ours).
    ViewActivity,
}

impl Permission {
    /// All of them, for tests that walk the matrix.
    pub const ALL: [Self; 11] = [
        Self::ViewAggregate,
        Self::DownloadAggregate,
        Self::ListCustomers,
        Self::Launch,
        Self::ViewUsage,
        Self::DownloadUsage,
        Self::ViewClusters,
        Self::AssignRoles,
        Self::ManageOrders,
        Self::ViewContracts,
        Self::ViewActivity,
    ];
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ViewAggregate => "see the license usage of all customers",
            Self::DownloadAggregate => "make the Custom report",
            Self::ListCustomers => "see the customers",
            Self::Launch => "open the pages",
            Self::ViewUsage => "see the usage report",
            Self::DownloadUsage => "download the usage report",
            Self::ViewClusters => "see the clusters",
            Self::AssignRoles => "give and take the roles",
            Self::ManageOrders => "manage orders, clusters and contracts",
            Self::ViewContracts => "see the contracts",
            Self::ViewActivity => "see the activity",
        })
    }
}

/// A role that somebody holds at an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The role.
    pub role: Role,
    /// Where.
    pub organization: OrganizationId,
}

impl Assigned {
    /// Whether it reaches an organization: its own, or for a partner's role every customer.
    fn reaches(self, of: &Organization) -> bool {
        let own = self.organization == of.id;
        let through = self.role.belongs_to() == OrganizationKind::Partner;
        own || (through && of.partner == Some(self.organization))
    }
}

/// A person of the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The login name.
    pub name: String,
    /// All roles of the person.
    pub roles: Vec<Assigned>,
}

impl Member {
    /// Whether some role allows it at that organization.
    pub fn may(&self, permission: Permission, at: &Organization) -> bool {
        self.roles.iter().any(|held| held.role.grants(permission) && held.reaches(at))
    }

    /// Whether any role reaches the organization.
    pub fn belongs_to(&self, at: &Organization) -> bool {
        self.roles.iter().any(|held| held.reaches(at))
    }

    /// Fails unless some role allows it; who has nothing to do there hears that there is no such
    /// organization.
    pub fn require(&self, permission: Permission, at: &Organization) -> Result<()> {
        if self.may(permission, at) {
            return Ok(());
        }
        if !self.belongs_to(at) {
            return Err(Error::not_found("organization", at.key.clone()));
        }
        let (user, place) = (self.name.clone(), at.name.clone());
        Err(Refusal::Forbidden { user, permission, place }.into())
    }

    /// The roles that reach an organization.
    pub fn roles_at(&self, at: &Organization) -> Vec<Role> {
        self.roles.iter().filter(|held| held.reaches(at)).map(|held| held.role).collect()
    }
}

impl Organization {
    /// Fails unless a role can be held here.
    pub fn takes(&self, role: Role) -> Result<()> {
        if role.belongs_to() == self.kind {
            return Ok(());
        }
        Err(Refusal::Misplaced { role }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn organization(id: u128, kind: OrganizationKind, partner: Option<u128>) -> Organization {
        Organization {
            id: OrganizationId(Uuid::from_u128(id)),
            key: format!("o{id}"),
            name: format!("O{id}"),
            kind,
            partner: partner.map(|id| OrganizationId(Uuid::from_u128(id))),
        }
    }

    /// AS-58, F-FU-14: the matrix, role by role; a letter for each permission in order.
    #[test]
    fn the_matrix_is_that_of_the_table() {
        for (role, granted) in [
            (Role::FullAdmin, "yyyyyyyyyyy"),
            (Role::FullSalesAdmin, "--yyyyy----"),
            (Role::SalesAdmin, "--yyyyy----"),
            (Role::PartnerReadOnly, "y-yyyyy--yy"),
            (Role::CustomerAdmin, "----yyy--yy"),
        ] {
            let word = |p: &Permission| if role.grants(*p) { 'y' } else { '-' };
            let row: String = Permission::ALL.iter().map(word).collect();
            assert_eq!(row, granted, "{role}");
        }
    }

    /// AS-58: a partner's role reaches its customers and no others; a role at a customer reaches
    /// that one, and not the partner.
    #[test]
    fn roles_reach_no_further() {
        let partner = organization(1, OrganizationKind::Partner, None);
        let (own, other) = (
            organization(2, OrganizationKind::Customer, Some(1)),
            organization(3, OrganizationKind::Customer, Some(1)),
        );
        let foreign = organization(4, OrganizationKind::Customer, Some(9));
        let member = |role, at: &Organization| Member {
            name: "sally".into(),
            roles: vec![Assigned { role, organization: at.id }],
        };
        let admin = member(Role::FullAdmin, &partner);
        for reached in [&partner, &own, &other] {
            assert!(admin.require(Permission::ManageOrders, reached).is_ok());
        }
        let gone = admin.require(Permission::ViewUsage, &foreign);
        assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
        let sales = member(Role::SalesAdmin, &own);
        assert!(sales.may(Permission::ViewUsage, &own));
        assert!(!sales.belongs_to(&partner) && !sales.belongs_to(&other));
        let refused = sales.require(Permission::AssignRoles, &own);
        let text = refused.map_err(|error| error.to_string());
        assert_eq!(text, Err("sally may not give and take the roles of O2.".to_owned()));
        assert!(partner.takes(Role::SalesAdmin).is_err() && own.takes(Role::FullAdmin).is_err());
        assert!(partner.takes(Role::FullAdmin).is_ok() && own.takes(Role::CustomerAdmin).is_ok());
    }
}
