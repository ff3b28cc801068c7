//! Accounts of the service: as many as one likes, at no fee; one for each person (F-AU-06, -07).

use super::person::Person;
use crate::domain::id::{AccountId, ContractId, PersonId};
use crate::domain::{Error, Result, Timestamp};

/// That somebody has an account, or had one: one row for each holder and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identity.
    pub id: AccountId,
    /// The contract.
    pub contract: ContractId,
    /// Its name, such as a mail address; unique in the contract, in any case.
    pub name: String,
    /// Who has it.
    pub person: PersonId,
    /// Since when.
    pub enabled_at: Timestamp,
    /// Until when.
    pub disabled_at: Option<Timestamp>,
}

impl Account {
    /// Whether it was enabled when this instant came.
    pub fn was_enabled(&self, at: Timestamp) -> bool {
        self.enabled_at < at && self.disabled_at.is_none_or(|end| end >= at)
    }
}

/// Fails unless a person may have an account of a name now. `own` is the account that the person
/// has, `last` the one who had the name last.
///
/// One account for each person, not shared, and somebody else's only after they have left
/// (F-AU-07).
pub fn may_enable(person: &Person, own: Option<&Account>, last: Option<&Person>) -> Result<()> {
    person.must_be_there()?;
    if let Some(account) = own {
        let problem = format!(
            "{} has the account {} already: one account for each person.",
            person.name, account.name
        );
        return Err(Error::Conflict(problem));
    }
    match last {
        Some(other) if other.id != person.id && other.left_at.is_none() => {
            let problem = format!(
                "The account belongs to {}: accounts are not shared, and pass on only when their \
                 holder has left.",
                other.name
            );
            Err(Error::Conflict(problem))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::active_user::Standing;
    use uuid::Uuid;

    fn person(number: u128, left: Option<&str>) -> Person {
        Person {
            id: PersonId(Uuid::from_u128(number)),
            contract: ContractId(Uuid::nil()),
            key: number.to_string(),
            name: format!("P{number}"),
            standing: Standing::Employee,
            left_at: left.map(|at| Timestamp::parse(at).unwrap()),
        }
    }

    fn account(of: &Person) -> Account {
        Account {
            id: AccountId(Uuid::nil()),
            contract: of.contract,
            name: "p@lab.example".to_owned(),
            person: of.id,
            enabled_at: Timestamp::parse("2026-01-15T00:00:00Z").unwrap(),
            disabled_at: Some(Timestamp::parse("2026-02-15T00:00:00Z").unwrap()),
        }
    }

    /// F-AU-07: one account for each person, not shared, passed on only after its holder left.
    #[test]
    fn an_account_is_one_persons_until_they_leave() {
        let (one, other) = (person(1, None), person(2, None));
        let gone = person(3, Some("2026-03-01T00:00:00Z"));
        assert!(may_enable(&one, None, None).is_ok());
        assert!(may_enable(&one, None, Some(&one)).is_ok(), "enabled again");
        assert!(may_enable(&one, Some(&account(&one)), None).is_err(), "a second one");
        assert!(may_enable(&one, None, Some(&other)).is_err(), "shared");
        assert!(may_enable(&one, None, Some(&gone)).is_ok(), "passed on");
        assert!(may_enable(&gone, None, None).is_err(), "left");
    }

    /// F-AU-33: an account counts at an instant if it was enabled before and not yet disabled.
    #[test]
    fn an_account_is_enabled_between_two_instants() {
        let account = account(&person(1, None));
        let at = |text: &str| account.was_enabled(Timestamp::parse(text).unwrap());
        assert!(!at("2026-01-15T00:00:00Z"));
        assert!(at("2026-01-15T00:00:00.001Z") && at("2026-02-15T00:00:00Z"));
        assert!(!at("2026-02-15T00:00:00.001Z"));
    }
}
