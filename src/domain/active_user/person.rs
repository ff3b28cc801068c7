//! The people of a contract, and whether they count (F-AU-04).

use super::text;
use crate::domain::coded::coded;
use crate::domain::id::{ContractId, PersonId};
use crate::domain::{Error, Result, Timestamp};

coded! {
    /// What somebody is to the customer.
    Employment {
        /// Its own employee.
        Employee = "employee",
        /// Somebody under contract.
        Contractor = "contractor",
        /// An employee of an affiliate.
        Affiliate = "affiliate",
    }
}

/// What somebody is to the customer, with what decides whether they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Counts.
    Employee,
    /// Counts if all three are so.
    Contractor {
        /// (a) Works on the customer's behalf.
        on_behalf: bool,
        /// (b) Is under the customer's control by a written contract.
        under_contract: bool,
        /// (c) Has access to the customer's systems.
        has_access: bool,
    },
    /// Counts if the affiliate is on the order.
    Affiliate(String),
}

/// Why somebody's meetings do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// A contractor who does not fulfil all of (a), (b) and (c).
    Contractor,
    /// The affiliate is not on the order.
    Affiliate,
}

impl Standing {
    /// Its word.
    pub fn employment(&self) -> Employment {
        match self {
            Self::Employee => Employment::Employee,
            Self::Contractor { .. } => Employment::Contractor,
            Self::Affiliate(_) => Employment::Affiliate,
        }
    }

    /// Whether somebody counts, given the affiliates on the order.
    pub fn counts(&self, affiliates: &[String]) -> std::result::Result<(), Outside> {
        match self {
            Self::Contractor { on_behalf, under_contract, has_access }
                if !(*on_behalf && *under_contract && *has_access) =>
            {
                Err(Outside::Contractor)
            }
            Self::Affiliate(name) if !affiliates.iter().any(|own| same(own, name)) => {
                Err(Outside::Affiliate)
            }
            Self::Employee | Self::Contractor { .. } | Self::Affiliate(_) => Ok(()),
        }
    }
}

/// Whether two names are the same, in any case.
pub fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// A person of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// The contract.
    pub contract: ContractId,
    /// What reports call them, such as a mail address; unique in the contract, in any case.
    pub key: String,
    /// What people call them.
    pub name: String,
    /// What they are to the customer.
    pub standing: Standing,
    /// When they left.
    pub left_at: Option<Timestamp>,
}

impl Person {
    /// The same with its texts checked.
    pub fn checked(mut self) -> Result<Self> {
        self.key = text("key", &self.key)?;
        self.name = text("name", &self.name)?;
        if let Standing::Affiliate(name) = &self.standing {
            self.standing = Standing::Affiliate(text("affiliate", name)?);
        }
        Ok(self)
    }

    /// Fails for those who have left.
    pub fn must_be_there(&self) -> Result<()> {
        match self.left_at {
            None => Ok(()),
            Some(at) => {
                let problem = format!("{} has left on {}.", self.name, at.date());
                Err(Error::Conflict(problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-AU-04, AUC-5, AUC-6: a contractor fulfils all three, an affiliate is on the order.
    #[test]
    fn contractors_fulfil_all_three_and_affiliates_are_on_the_order() {
        let affiliates = ["Subsidiary Ltd".to_owned()];
        for bits in 0..8_u8 {
            let [a, b, c] = [1, 2, 4].map(|bit| bits & bit != 0);
            let contractor =
                Standing::Contractor { on_behalf: a, under_contract: b, has_access: c };
            let counts = contractor.counts(&affiliates);
            assert_eq!(counts.is_ok(), bits == 7, "{contractor:?}");
        }
        let of = |name: &str| Standing::Affiliate(name.to_owned()).counts(&affiliates);
        assert_eq!(of("subsidiary ltd"), Ok(()));
        assert_eq!(of("Elsewhere Inc"), Err(Outside::Affiliate));
        assert_eq!(Standing::Employee.counts(&[]), Ok(()));
    }
}
