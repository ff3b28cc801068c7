//! Active User contracts of a fixture, with people and a year of sessions made of the seed.

use super::fixture_load::{Calendar, Loading};
use crate::db::active_user::hostings::{self, Active, Judged, MonthOf};
use crate::db::active_user::people;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::active_user::{
    Account, Contract, Currency, Deployment, Hosting, Launch, NewContract, Person, Price,
    SessionType, Settings, Span, Standing, Variant, Verdict,
};
use crate::domain::error::Error;
use crate::domain::id::{AccountId, ContractId, PersonId};
use crate::engine;
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

/// A contract.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YamlContract {
    /// The key of the customer.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// The clause that it follows, such as `clause_6`.
    pub variant: String,
    /// Its first day.
    pub starts: NaiveDate,
    /// Months of its term.
    pub months: i64,
    /// Knowledge workers on the order.
    pub headcount_kw: Option<i64>,
    /// Employees.
    pub employees: Option<i64>,
    /// The price of an Active User and month, in minor units.
    pub price_minor: i64,
    /// Its currency.
    pub currency: String,
    /// How many employees have an account from the first day on.
    #[serde(default)]
    pub accounts: u32,
    /// How many of them host in each month, from the first on. What lies ahead is seen when it
    /// has come.
    #[serde(default)]
    pub active_users: Vec<u32>,
}

/// Loads the contracts. Everything in them obeys the rules that people obey.
pub(super) fn load(
    conn: &mut Conn,
    all: &[YamlContract],
    with: &Loading,
    calendar: Calendar,
) -> engine::Result<()> {
    for yaml in all {
        let contract = contract(conn, yaml, with, calendar)?;
        let own = people_of(conn, &contract, yaml, with, calendar)?;
        for (number, wanted) in (1_i64..).zip(&yaml.active_users) {
            month(conn, &contract, &own, (contract.months().month(number), *wanted))?;
        }
    }
    Ok(())
}

fn contract(
    conn: &mut Conn,
    yaml: &YamlContract,
    with: &Loading,
    calendar: Calendar,
) -> engine::Result<Contract> {
    let of = db::hub::organizations::of_key(conn, &yaml.organization)?
        .ok_or_else(|| Error::not_found("organization", &yaml.organization))?;
    let variant = Variant::of("variant", &yaml.variant)?;
    let id = with.ids.named(calendar.anchor, &format!("contract/{}/{}", of.key, yaml.name));
    let wanted = NewContract {
        name: yaml.name.clone(),
        variant,
        settings: Settings::of(variant),
        starts: yaml.starts + calendar.shift,
        months: yaml.months,
        headcount_kw: yaml.headcount_kw,
        employees: yaml.employees,
        active_users: None,
        migrating: None,
        affiliates: Vec::new(),
        price: Price::new(yaml.price_minor, Currency::of("currency", &yaml.currency)?),
    };
    let (contract, entries) = wanted.open((ContractId(id), of.id), "system", with.now)?;
    engine::add_contract(conn, &contract, &entries, with.now)?;
    Ok(contract)
}

fn people_of(
    conn: &mut Conn,
    contract: &Contract,
    yaml: &YamlContract,
    with: &Loading,
    calendar: Calendar,
) -> engine::Result<Vec<PersonId>> {
    let named = |what: &str, number| {
        with.ids.named(calendar.anchor, &format!("contract/{}/{what}/{number}", contract.id))
    };
    let person = |number| Person {
        id: PersonId(named("person", number)),
        contract: contract.id,
        key: format!("worker-{number:03}@{}.example", yaml.organization),
        name: format!("Worker {number:03}"),
        standing: Standing::Employee,
        left_at: None,
    };
    let own: Vec<Person> = (1..=yaml.accounts).map(person).collect();
    let account = |(number, person): (u32, &Person)| Account {
        id: AccountId(named("account", number)),
        contract: contract.id,
        name: person.key.clone(),
        person: person.id,
        enabled_at: Timestamp::midnight(contract.anchor),
        disabled_at: None,
    };
    let accounts: Vec<Account> = (1..).zip(&own).map(account).collect();
    people::insert(conn, &own)?;
    people::insert_accounts(conn, &accounts)?;
    Ok(own.iter().map(|person| person.id).collect())
}

/// One session for each Active User of a month; others host in the next one.
fn month(
    conn: &mut Conn,
    contract: &Contract,
    own: &[PersonId],
    (span, wanted): (Span, u32),
) -> engine::Result<()> {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    if wanted > own.len() {
        let problem = format!("{wanted} hosts of {} people with an account", own.len());
        return Err(Error::invalid("active_users", problem).into());
    }
    let turn = usize::try_from(span.number * 37).unwrap_or_default() % own.len().max(1);
    let hosts = own.iter().cycle().skip(turn).take(wanted);
    let judged: Vec<Judged> = (0_i64..)
        .zip(hosts)
        .map(|(place, host)| session(contract, (&span, place), *host))
        .collect();
    let counting = contract.variant.terms().counting;
    let active = |one: &Judged| Active {
        person: one.hosting.host,
        slot: one.hosting.slot(counting),
        first_at: one.hosting.started_at,
    };
    hostings::insert(conn, &judged)?;
    hostings::add_to_month(
        conn,
        &MonthOf {
            contract: contract.id,
            begins: span.from,
            sessions: i64::try_from(judged.len()).unwrap_or(i64::MAX),
            actives: judged.iter().map(active).collect(),
        },
    )?;
    Ok(())
}

/// Every month has 28 days.
fn session(contract: &Contract, (span, place): (&Span, i64), host: PersonId) -> Judged {
    let day = TimeDelta::days(place % 28) + TimeDelta::hours(8 + place % 9);
    let hosting = Hosting {
        contract: contract.id,
        session: format!("{}-{:04}", span.from, place + 1),
        scheduled_by: None,
        host,
        alternate: None,
        session_type: SessionType::Meetings,
        launch: Launch::App,
        scheduled: true,
        deployment: Deployment::Cloud,
        started_at: Timestamp::midnight(span.from) + day,
    };
    Judged { hosting, begins: span.from, verdict: Verdict::Counted }
}
