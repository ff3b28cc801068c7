//! People of a contract and their accounts (F-AU-04, -06, -07).

use super::AtContract;
use crate::db::Conn;
use crate::db::active_user::people;
use crate::domain::active_user::account::may_enable;
use crate::domain::active_user::{Account, Contract, Person, Standing};
use crate::domain::hub::HubEventKind as Kind;
use crate::domain::id::{AccountId, ContractId, PersonId};
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;
use crate::engine::hub::Desk;
use std::collections::HashMap;

/// People that are taken at once (ours).
const MOST: usize = 5_000;

/// Somebody to be added to a contract, or changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonWish {
    /// What reports call them.
    pub key: String,
    /// What people call them.
    pub name: String,
    /// What they are to the customer.
    pub standing: Standing,
    /// The account to enable for them.
    pub account: Option<String>,
}

/// A person with the account that they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The person.
    pub person: Person,
    /// The account.
    pub account: Option<Account>,
}

impl Engine {
    /// People of a contract in the order of their keys, from after a key on; and how many there are.
    pub async fn au_people(
        &self,
        who: &Who,
        id: ContractId,
        (after, rows): (String, i64),
    ) -> Result<(Desk, Contract, Vec<PersonRow>, i64)> {
        self.read_contract(who, id, move |conn, at, _| {
            let found = people::page(conn, id, &after, rows)?;
            let ids: Vec<PersonId> = found.iter().map(|person| person.id).collect();
            let accounts = people::accounts_of(conn, &ids)?;
            let mut accounts: HashMap<PersonId, Account> =
                accounts.into_iter().map(|account| (account.person, account)).collect();
            let row = |person: Person| PersonRow { account: accounts.remove(&person.id), person };
            let rows = found.into_iter().map(row).collect();
            Ok((at.desk, at.contract, rows, people::count(conn, id)?))
        })
        .await
    }

    /// Adds people, or changes those that are known by their key. The same again changes nothing.
    pub async fn au_put_people(
        &self,
        who: &Who,
        id: ContractId,
        wishes: Vec<PersonWish>,
    ) -> Result<usize> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            if wishes.is_empty() || wishes.len() > MOST {
                let rule = format!("{} people are not from 1 to {MOST}", wishes.len());
                return Err(Error::invalid("people", rule).into());
            }
            let changed = engine.put_people(conn, id, wishes, now)?;
            if changed > 0 {
                let told = format!("{changed} people of {} were changed.", at.contract.name);
                at.desk.note(&engine, conn, (Kind::ContractPeople, told), now)?;
            }
            Ok(changed)
        })
        .await
    }

    fn put_people(
        &self,
        conn: &mut Conn,
        contract: ContractId,
        wishes: Vec<PersonWish>,
        now: Timestamp,
    ) -> Result<usize> {
        let keys: Vec<String> = wishes.iter().map(|wish| wish.key.trim().to_owned()).collect();
        let known = people::by_keys(conn, contract, &keys)?;
        let mut known: HashMap<String, Person> =
            known.into_iter().map(|person| (person.key.to_lowercase(), person)).collect();
        let mut changed = 0;
        for wish in wishes {
            let PersonWish { key, name, standing, account } = wish;
            let old = known.get(&key.trim().to_lowercase()).cloned();
            let id = old.as_ref().map_or_else(|| PersonId(self.ids().uuid(now)), |old| old.id);
            let left_at = old.as_ref().and_then(|old| old.left_at);
            let person = Person { id, contract, key, name, standing, left_at }.checked()?;
            let is_new = old.is_none();
            let differs = old.is_none_or(|old| old != person);
            if is_new {
                people::insert(conn, std::slice::from_ref(&person))?;
            } else if differs {
                people::save(conn, &person)?;
            }
            let enabled = match &account {
                Some(name) => self.enable_unless(conn, &person, name, now)?,
                None => false,
            };
            changed += usize::from(differs || enabled);
            known.insert(person.key.to_lowercase(), person);
        }
        Ok(changed)
    }

    /// Enables an account for somebody; answers whether they did not have it.
    fn enable_unless(
        &self,
        conn: &mut Conn,
        person: &Person,
        name: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::invalid("account", "it has 1 to 100 characters").into());
        }
        let own = people::accounts_of(conn, &[person.id])?.into_iter().next();
        let same = |own: &Account| own.name.to_lowercase() == name.to_lowercase();
        if own.as_ref().is_some_and(same) {
            return Ok(false);
        }
        let last = people::last_holder(conn, person.contract, &name)?;
        may_enable(person, own.as_ref(), last.as_ref())?;
        let account = Account {
            id: AccountId(self.ids().uuid(now)),
            contract: person.contract,
            name,
            person: person.id,
            enabled_at: now,
            disabled_at: None,
        };
        people::insert_accounts(conn, &[account])?;
        Ok(true)
    }

    /// Enables an account for somebody.
    pub async fn au_enable(
        &self,
        who: &Who,
        id: ContractId,
        (key, name): (String, String),
    ) -> Result<Person> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let person = person(conn, id, &key)?;
            if engine.enable_unless(conn, &person, &name, now)? {
                engine.log_people(
                    conn,
                    &at,
                    format!("{} has the account {name}.", person.name),
                    now,
                )?;
            }
            Ok(person)
        })
        .await
    }

    /// Disables the account of somebody, who may get it back.
    pub async fn au_disable(&self, who: &Who, id: ContractId, key: String) -> Result<Person> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let person = person(conn, id, &key)?;
            if end_account(conn, &person, now)? {
                let told = format!("The account of {} is disabled.", person.name);
                engine.log_people(conn, &at, told, now)?;
            }
            Ok(person)
        })
        .await
    }

    /// Somebody leaves: the account is disabled, and may pass on.
    pub async fn au_leave(&self, who: &Who, id: ContractId, key: String) -> Result<Person> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let person = person(conn, id, &key)?;
            if person.left_at.is_some() {
                return Ok(person);
            }
            end_account(conn, &person, now)?;
            let person = Person { left_at: Some(now), ..person };
            people::save(conn, &person)?;
            let told = format!("{} has left {}.", person.name, at.desk.organization.name);
            engine.log_people(conn, &at, told, now)?;
            Ok(person)
        })
        .await
    }

    fn log_people(
        &self,
        conn: &mut Conn,
        at: &AtContract,
        told: String,
        now: Timestamp,
    ) -> Result<()> {
        at.desk.note(self, conn, (Kind::ContractPeople, told), now)
    }
}

fn person(conn: &mut Conn, of: ContractId, key: &str) -> Result<Person> {
    let found = people::by_keys(conn, of, &[key.trim().to_owned()])?.into_iter().next();
    Ok(found.ok_or_else(|| Error::not_found("person", key))?)
}

fn end_account(conn: &mut Conn, person: &Person, now: Timestamp) -> Result<bool> {
    let Some(own) = people::accounts_of(conn, &[person.id])?.into_iter().next() else {
        return Ok(false);
    };
    people::save_account(conn, &Account { disabled_at: Some(now), ..own })?;
    Ok(true)
}
