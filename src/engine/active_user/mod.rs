//! Active User contracts: who may see and change them, and what they look like.

mod changing;
mod opening;
mod people;
mod reporting;
mod settling;

pub use people::{PersonRow, PersonWish};
pub use reporting::{Reported, SessionWish};
pub use settling::Ran;

use super::Engine;
use super::access::{Who, Within};
use super::error::Result;
use super::hub::{Desk, member};
use crate::db::active_user::ledger::Posting;
use crate::db::active_user::{contracts, hostings, ledger, orders, people as people_rows, runs};
use crate::db::{self, Conn};
use crate::domain::active_user::ledger::Posted;
use crate::domain::active_user::{
    Contract, Entry, Measured, MonthCount, Order, Outcome, Run, State, months,
};
use crate::domain::hub::{Due, Member, Organization, OrganizationKind, Permission};
use crate::domain::id::ContractId;
use crate::domain::{Error, Timestamp};
use chrono::NaiveDate;

/// A contract in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractRow {
    /// The contract.
    pub contract: Contract,
    /// Whose it is.
    pub organization: Organization,
}

/// What the next True Forward would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What has been measured so far.
    pub measured: Measured,
    /// What comes of it.
    pub outcome: Outcome,
}

/// Everything about a contract.
#[derive(Clone, Debug)]
pub struct ContractView {
    /// The contract.
    pub contract: Contract,
    /// The caller, where the contract is.
    pub desk: Desk,
    /// The twelve months of the year shown, with how many sessions were reported in each.
    pub months: Vec<(MonthCount, i64)>,
    /// The year shown, from 1.
    pub year: i64,
    /// People of the contract.
    pub people: i64,
    /// Accounts that are enabled.
    pub enabled: i64,
    /// What the next True Forward would do; nothing when the contract has ended.
    pub preview: Option<Preview>,
    /// True Forwards, newest first.
    pub runs: Vec<Run>,
    /// Orders, newest first.
    pub orders: Vec<Order>,
}

/// The caller at a contract.
pub(super) struct AtContract {
    pub(super) desk: Desk,
    pub(super) contract: Contract,
}

/// Brings a caller to a contract; who has no role at its organization hears that there is none.
fn enter(conn: &mut Conn, who: &Who, id: ContractId, now: Timestamp) -> Result<AtContract> {
    let member = member(conn, who, now)?;
    let none = || Error::not_found("contract", id.to_string());
    let contract = contracts::find(conn, id)?.ok_or_else(none)?;
    let organization = db::hub::organizations::find(conn, contract.organization)?
        .filter(|organization| member.belongs_to(organization))
        .ok_or_else(none)?;
    Ok(AtContract { desk: Desk { member, organization }, contract })
}

/// The organizations whose contracts somebody sees, by name.
fn seen(conn: &mut Conn, member: &Member) -> Result<Vec<Organization>> {
    let mut found: Vec<Organization> = Vec::new();
    for held in &member.roles {
        let Some(own) = db::hub::organizations::find(conn, held.organization)? else { continue };
        if own.kind == OrganizationKind::Partner {
            found.extend(db::hub::organizations::customers(conn, own.id)?);
        }
        found.push(own);
    }
    found.retain(|organization| member.may(Permission::ViewContracts, organization));
    found.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    found.dedup_by(|one, other| one.id == other.id);
    Ok(found)
}

impl Engine {
    async fn read_contract<T, F>(&self, who: &Who, id: ContractId, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, AtContract, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let who = who.clone();
        self.look(move |conn, now| {
            let at = enter(conn, &who, id, now)?;
            at.desk.require(Permission::ViewContracts)?;
            work(conn, at, now)
        })
        .await
    }

    async fn write_contract<T, F>(&self, who: &Who, id: ContractId, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn, AtContract, Timestamp) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let who = who.clone();
        self.change(Within::Site, move |conn, now| {
            let at = enter(conn, &who, id, now)?;
            at.desk.require(Permission::ManageOrders)?;
            work(conn, at, now)
        })
        .await
    }

    /// The contracts that the caller sees, by organization and name.
    pub async fn au_contracts(&self, who: &Who) -> Result<Vec<ContractRow>> {
        let who = who.clone();
        self.look(move |conn, now| {
            let member = member(conn, &who, now)?;
            let mut rows = Vec::new();
            for organization in seen(conn, &member)? {
                for contract in contracts::of_organization(conn, organization.id)? {
                    rows.push(ContractRow { contract, organization: organization.clone() });
                }
            }
            Ok(rows)
        })
        .await
    }

    /// The organizations at which the caller may open contracts, by name.
    pub async fn au_places(&self, who: &Who) -> Result<Vec<Organization>> {
        let who = who.clone();
        self.look(move |conn, now| {
            let member = member(conn, &who, now)?;
            let mut places = seen(conn, &member)?;
            places.retain(|place| member.may(Permission::ManageOrders, place));
            Ok(places)
        })
        .await
    }

    /// A contract with the months of a year; of the present one unless another is asked for.
    pub async fn au_contract(
        &self,
        who: &Who,
        id: ContractId,
        year: Option<i64>,
    ) -> Result<ContractView> {
        self.read_contract(who, id, move |conn, at, now| view(conn, at, year, now)).await
    }

    /// The newest entries of a contract's ledger before a number, newest first.
    pub async fn au_ledger(
        &self,
        who: &Who,
        id: ContractId,
        (before, rows): (i64, i64),
    ) -> Result<(Desk, Contract, Vec<Posted>)> {
        self.read_contract(who, id, move |conn, at, _| {
            let posted = ledger::page(conn, id, before, rows)?;
            Ok((at.desk, at.contract, posted))
        })
        .await
    }
}

fn view(
    conn: &mut Conn,
    AtContract { desk, contract }: AtContract,
    year: Option<i64>,
    now: Timestamp,
) -> Result<ContractView> {
    let last = contract.term.until() / months::YEAR;
    let present = contract.year.clamp(1, last);
    let year = year.unwrap_or(present);
    if !(1..=last).contains(&year) {
        return Err(Error::invalid("year", format!("{year} is not from 1 to {last}")).into());
    }
    let of = contract.months();
    let spans: Vec<_> =
        (1..=months::YEAR).map(|n| of.month((year - 1) * months::YEAR + n)).collect();
    let known = hostings::counts(conn, contract.id, &spans, now)?;
    let month = |(span, known): (months::Span, Option<hostings::Known>)| {
        let (reported, known) = (known.is_some(), known.unwrap_or_default());
        (MonthCount { span, active: known.active, reported }, known.sessions)
    };
    let preview = match contract.state {
        State::Running | State::Waiting => Some(preview(conn, &contract, now)?),
        State::Ended => None,
    };
    Ok(ContractView {
        months: spans.into_iter().zip(known).map(month).collect(),
        year,
        people: people_rows::count(conn, contract.id)?,
        enabled: people_rows::deployed(conn, contract.id, now)?,
        preview,
        runs: runs::of_contract(conn, contract.id)?,
        orders: orders::of_contract(conn, contract.id)?,
        contract,
        desk,
    })
}

fn preview(conn: &mut Conn, contract: &Contract, now: Timestamp) -> Result<Preview> {
    let measured = measured(conn, contract, now)?;
    let outcome = contract.true_forward(&measured);
    Ok(Preview { measured, outcome })
}

/// What the next True Forward of a contract looks at, as far as it is known.
fn measured(conn: &mut Conn, contract: &Contract, now: Timestamp) -> Result<Measured> {
    let spans = contract.months().measured(contract.year);
    let mut known = hostings::counts(conn, contract.id, &spans, now)?.into_iter();
    let months = spans.map(|span| {
        let known = known.next().flatten();
        MonthCount {
            span,
            active: known.map_or(0, |known| known.active),
            reported: known.is_some(),
        }
    });
    let deployed = people_rows::deployed(conn, contract.id, contract.deployed_at().min(now))?;
    Ok(Measured { months, deployed })
}

/// Writes a contract, and when it is due.
fn save(conn: &mut Conn, contract: &Contract) -> Result<()> {
    contracts::save(conn, contract)?;
    schedule(conn, contract)
}

fn schedule(conn: &mut Conn, contract: &Contract) -> Result<()> {
    let (id, due) = (contract.id.0, contract.next_due());
    Ok(db::hub::deadlines::set(conn, Due::TrueForward, id, due)?)
}

/// Adds a contract that was opened, and when it is due. For fixtures too.
pub fn add_contract(
    conn: &mut Conn,
    contract: &Contract,
    entries: &[Entry],
    at: Timestamp,
) -> Result<()> {
    contracts::insert(conn, contract)?;
    schedule(conn, contract)?;
    post(conn, (contract.id, None), entries, (&contract.created_by, at))
}

/// Writes entries into a contract's ledger.
fn post(
    conn: &mut Conn,
    (contract, effective): (ContractId, Option<NaiveDate>),
    entries: &[Entry],
    (by, at): (&str, Timestamp),
) -> Result<()> {
    Ok(ledger::append(conn, Posting { contract, at, by, effective }, entries)?)
}
