//! The Webex hub: partners and their customers, and who may do what for them.

mod due;
mod event;
mod role;

pub use due::Due;
pub use event::{HubEvent, HubEventKind};
pub use role::{Assigned, Member, Permission, Role};

use super::coded::coded;
use super::error::{Error, Result};
use super::id::OrganizationId;
use thiserror::Error as ThisError;

coded! {
    /// What an organization is to the others.
    OrganizationKind {
        /// Looks after customers.
        Partner = "partner",
        /// Uses what it has bought.
        Customer = "customer",
    }
}

/// A partner, or a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Which one.
    pub id: OrganizationId,
    /// How addresses name it; unique.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Partner or customer.
    pub kind: OrganizationKind,
    /// The partner of a customer, if it has one.
    pub partner: Option<OrganizationId>,
}

/// The longest name and key, in characters (ours).
const LONGEST: usize = 64;

impl Organization {
    /// Fails unless name and key can stand on a page and in an address.
    pub fn check(&self) -> Result<()> {
        let length = self.name.trim().chars().count();
        if !(1..=LONGEST).contains(&length) {
            return Err(Error::invalid("name", format!("has to be of 1 to {LONGEST} characters")));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.key.is_empty() || self.key.len() > LONGEST || !self.key.chars().all(plain) {
            let rule = format!("'{}' has to be of 1 to {LONGEST} of a-z, 0-9 and -", self.key);
            return Err(Error::invalid("key", rule));
        }
        match (self.kind, self.partner) {
            (OrganizationKind::Partner, Some(_)) => {
                Err(Error::invalid("partner", "a partner has no partner"))
            }
            (OrganizationKind::Partner, None) | (OrganizationKind::Customer, _) => Ok(()),
        }
    }
}

/// Why the hub says no.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The caller's roles do not reach this far.
    #[error("{user} may not {permission} of {place}.")]
    Forbidden {
        /// Who asked.
        user: String,
        /// What was asked.
        permission: Permission,
        /// The organization's name.
        place: String,
    },
    /// A role that belongs to the other kind of organization.
    #[error("role: {role} is a role at a {}.", .role.belongs_to().code())]
    Misplaced {
        /// The role.
        role: Role,
    },
    /// Nobody would be left who gives roles.
    #[error("{0} is the last Full admin of the partner; give somebody else that role first.")]
    LastAdmin(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn organization(name: &str, key: &str) -> Organization {
        Organization {
            id: OrganizationId(Uuid::from_u128(1)),
            key: key.into(),
            name: name.into(),
            kind: OrganizationKind::Customer,
            partner: None,
        }
    }

    /// F-FU-14: what a customer is called on pages and in addresses.
    #[test]
    fn names_and_keys_are_checked() {
        assert!(organization("Vega Foods", "vega-2").check().is_ok());
        for (name, key, field) in [
            (" ", "vega", "name"),
            (&"x".repeat(65), "vega", "name"),
            ("Vega", "", "key"),
            ("Vega", "Vega", "key"),
            ("Vega", "vega/..", "key"),
        ] {
            let Err(Error::Invalid { field: said, .. }) = organization(name, key).check() else {
                panic!("{name} {key} passed");
            };
            assert_eq!(said, field);
        }
        let id = Some(OrganizationId(Uuid::from_u128(2)));
        let of = Organization { partner: id, ..organization("Relay", "relay") };
        assert!(of.check().is_ok());
        assert!(Organization { kind: OrganizationKind::Partner, ..of }.check().is_err());
    }
}
