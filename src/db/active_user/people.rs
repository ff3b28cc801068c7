//! People of a contract and their accounts.

use super::TOGETHER;
use crate::db::conn::on_backend;
use crate::db::error::Error;
use crate::db::schema::{au_accounts as accounts, au_people as table};
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::person::Employment;
use crate::domain::active_user::{Account, Person, Standing};
use crate::domain::id::{AccountId, ContractId, PersonId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: String,
    contract_id: String,
    key: String,
    key_folded: String,
    name: String,
    employment: String,
    on_behalf: bool,
    under_contract: bool,
    has_access: bool,
    affiliate: Option<String>,
    left_at: Option<NaiveDateTime>,
}

impl From<&Person> for Row {
    fn from(person: &Person) -> Self {
        let (abc, affiliate) = match &person.standing {
            Standing::Employee => ([true; 3], None),
            Standing::Contractor { on_behalf, under_contract, has_access } => {
                ([*on_behalf, *under_contract, *has_access], None)
            }
            Standing::Affiliate(name) => ([true; 3], Some(name.clone())),
        };
        let [on_behalf, under_contract, has_access] = abc;
        Self {
            id: person.id.to_string(),
            contract_id: person.contract.to_string(),
            key: person.key.clone(),
            key_folded: person.key.to_lowercase(),
            name: person.name.clone(),
            employment: person.standing.employment().code().to_owned(),
            on_behalf,
            under_contract,
            has_access,
            affiliate,
            left_at: person.left_at.map(Timestamp::naive),
        }
    }
}

impl Row {
    fn domain(self) -> Result<Person> {
        let (on_behalf, under_contract) = (self.on_behalf, self.under_contract);
        let has_access = self.has_access;
        let standing = match types::word("employment", &self.employment, Employment::parse)? {
            Employment::Employee => Standing::Employee,
            Employment::Contractor => {
                Standing::Contractor { on_behalf, under_contract, has_access }
            }
            Employment::Affiliate => Standing::Affiliate(self.affiliate.unwrap_or_default()),
        };
        Ok(Person {
            id: types::id("person id", &self.id)?,
            contract: types::id("contract id", &self.contract_id)?,
            key: self.key,
            name: self.name,
            standing,
            left_at: types::instant(self.left_at),
        })
    }
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true, treat_none_as_default_value = false)]
struct AccountRow {
    id: String,
    contract_id: String,
    name: String,
    name_key: String,
    person_id: String,
    enabled_at: NaiveDateTime,
    disabled_at: Option<NaiveDateTime>,
}

impl From<&Account> for AccountRow {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            contract_id: account.contract.to_string(),
            name: account.name.clone(),
            name_key: account.name.to_lowercase(),
            person_id: account.person.to_string(),
            enabled_at: account.enabled_at.naive(),
            disabled_at: account.disabled_at.map(Timestamp::naive),
        }
    }
}

impl AccountRow {
    fn domain(self) -> Result<Account> {
        Ok(Account {
            id: types::id::<AccountId>("account id", &self.id)?,
            contract: types::id("contract id", &self.contract_id)?,
            name: self.name,
            person: types::id("person id", &self.person_id)?,
            enabled_at: Timestamp::from_naive(self.enabled_at),
            disabled_at: types::instant(self.disabled_at),
        })
    }
}

/// Adds people.
pub fn insert(conn: &mut Conn, people: &[Person]) -> Result<()> {
    for some in people.chunks(TOGETHER) {
        let rows: Vec<Row> = some.iter().map(Row::from).collect();
        on_backend!(conn => diesel::insert_into(table::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Writes a changed person.
pub fn save(conn: &mut Conn, person: &Person) -> Result<()> {
    let row = Row::from(person);
    let change = diesel::update(table::table.find(&row.id)).set(&row);
    on_backend!(conn => change.execute(conn))?;
    Ok(())
}

/// The people of a contract that go by these keys, in any case.
pub fn by_keys(conn: &mut Conn, of: ContractId, keys: &[String]) -> Result<Vec<Person>> {
    let mut found = Vec::new();
    for some in keys.chunks(TOGETHER) {
        let wanted = table::table
            .filter(table::contract_id.eq(of.to_string()))
            .filter(table::key_folded.eq_any(some.iter().map(|key| key.to_lowercase())));
        let rows = on_backend!(conn => wanted.load::<Row>(conn))?;
        found.extend(rows.into_iter().map(Row::domain).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// The person of that identity.
pub fn find(conn: &mut Conn, id: PersonId) -> Result<Option<Person>> {
    let row = table::table.find(id.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// A page of the people of a contract, in the order of their keys, from after a key on.
pub fn page(conn: &mut Conn, of: ContractId, after: &str, limit: i64) -> Result<Vec<Person>> {
    let rows = table::table
        .filter(table::contract_id.eq(of.to_string()))
        .filter(table::key_folded.gt(after.to_lowercase()))
        .order(table::key_folded)
        .limit(limit)
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::domain).collect()
}

/// How many people a contract has.
pub fn count(conn: &mut Conn, of: ContractId) -> Result<i64> {
    let own = table::table.filter(table::contract_id.eq(of.to_string()));
    own.count().get_result(conn).map_err(Error::from)
}

/// Adds holders of accounts.
pub fn insert_accounts(conn: &mut Conn, new: &[Account]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows: Vec<AccountRow> = some.iter().map(AccountRow::from).collect();
        on_backend!(conn => diesel::insert_into(accounts::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Writes a changed account.
pub fn save_account(conn: &mut Conn, account: &Account) -> Result<()> {
    let row = AccountRow::from(account);
    let change = diesel::update(accounts::table.find(&row.id)).set(&row);
    on_backend!(conn => change.execute(conn))?;
    Ok(())
}

/// The accounts that these people have now.
pub fn accounts_of(conn: &mut Conn, people: &[PersonId]) -> Result<Vec<Account>> {
    let mut found = Vec::new();
    for some in people.chunks(TOGETHER) {
        let own = accounts::table
            .filter(accounts::person_id.eq_any(some.iter().map(ToString::to_string)))
            .filter(accounts::disabled_at.is_null());
        let rows = on_backend!(conn => own.load::<AccountRow>(conn))?;
        found.extend(rows.into_iter().map(AccountRow::domain).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// Who has, or last had, the account of that name.
pub fn last_holder(conn: &mut Conn, of: ContractId, name: &str) -> Result<Option<Person>> {
    let last: Option<String> = accounts::table
        .filter(accounts::contract_id.eq(of.to_string()))
        .filter(accounts::name_key.eq(name.trim().to_lowercase()))
        .order((accounts::enabled_at.desc(), accounts::id.desc()))
        .select(accounts::person_id)
        .first(conn)
        .optional()?;
    match last {
        Some(key) => find(conn, types::id("person id", &key)?),
        None => Ok(None),
    }
}

/// How many accounts were enabled when an instant came.
pub fn deployed(conn: &mut Conn, of: ContractId, at: Timestamp) -> Result<i64> {
    let at = at.naive();
    let enabled = accounts::table
        .filter(accounts::contract_id.eq(of.to_string()))
        .filter(accounts::enabled_at.lt(at))
        .filter(accounts::disabled_at.is_null().or(accounts::disabled_at.ge(at)));
    on_backend!(conn => enabled.count().get_result(conn)).map_err(Error::from)
}
