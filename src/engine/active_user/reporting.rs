//! Reports of sessions: in bulk, each taken once (F-AU-01 to -05, F-AU-31).

use crate::db::Conn;
use crate::db::active_user::hostings::{self, Active, Judged, MonthOf};
use crate::db::active_user::people;
use crate::domain::active_user::months::YEAR;
use crate::domain::active_user::{
    Contract, Deployment, Hosting, Launch, Person, SessionType, Verdict,
};
use crate::domain::hub::HubEventKind as Kind;
use crate::domain::id::{ContractId, PersonId};
use crate::domain::{self, Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Sessions that are taken at once (ours).
const MOST: usize = 5_000;

/// A session as somebody reports it; people are named by their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionWish {
    /// What it is called.
    pub id: String,
    /// Whose session it is.
    pub host: String,
    /// Who ran it instead.
    pub alternate: Option<String>,
    /// Who scheduled it.
    pub scheduled_by: Option<String>,
    /// Its kind.
    pub session_type: SessionType,
    /// How it was started.
    pub launch: Launch,
    /// Whether it was scheduled.
    pub scheduled: bool,
    /// Where it ran.
    pub deployment: Deployment,
    /// When it began.
    pub started_at: Timestamp,
}

/// What came of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Sessions that were new.
    pub taken: usize,
    /// Sessions that were known.
    pub known: usize,
    /// What the new ones came to.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// Active Users that are new in their month.
    pub new_active_users: i64,
}

impl Engine {
    /// Takes sessions, and the numbers of months that had none. The same report again changes
    /// nothing.
    pub async fn au_report(
        &self,
        who: &Who,
        id: ContractId,
        (wishes, empty): (Vec<SessionWish>, Vec<i64>),
    ) -> Result<Reported> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            if wishes.len() > MOST {
                let rule = format!("{} sessions are more than {MOST}", wishes.len());
                return Err(Error::invalid("sessions", rule).into());
            }
            let mut months = without_sessions(&at.contract, &empty, now)?;
            let (judged, known) = judge(conn, &at.contract, wishes, now)?;
            hostings::insert(conn, &judged)?;
            let mut told = Reported { taken: judged.len(), known, ..Reported::default() };
            for one in &judged {
                *told.verdicts.entry(one.verdict.code()).or_default() += 1;
                note(&mut months, &at.contract, one);
            }
            for month in months.values() {
                told.new_active_users += hostings::add_to_month(conn, month)?;
            }
            if !months.is_empty() {
                let (taken, name) = (told.taken, &at.contract.name);
                let text = format!("{taken} sessions of {name} were reported.");
                at.desk.note(&engine, conn, (Kind::SessionsReported, text), now)?;
            }
            Ok(told)
        })
        .await
    }
}

/// Months that are over and had no sessions, as somebody says.
fn without_sessions(
    contract: &Contract,
    numbers: &[i64],
    now: Timestamp,
) -> Result<BTreeMap<NaiveDate, MonthOf>> {
    let mut months = BTreeMap::new();
    for number in numbers {
        let span = (1..=contract.term.until()).contains(number);
        let span = span.then(|| contract.months().month(*number));
        let Some(span) = span.filter(|span| span.over_at() <= now) else {
            let rule = format!("{number} is no month of the contract that is over");
            return Err(Error::invalid("empty_months", rule).into());
        };
        must_be_open(contract, span.number)?;
        months.insert(span.from, month_of(contract, span.from));
    }
    Ok(months)
}

fn month_of(contract: &Contract, begins: NaiveDate) -> MonthOf {
    MonthOf { contract: contract.id, begins, sessions: 0, actives: Vec::new() }
}

/// A month of a year whose True Forward is done is not changed any more (F-AU-35).
fn must_be_open(contract: &Contract, number: i64) -> domain::Result<()> {
    let settled = (contract.year - 1) * YEAR;
    if number > settled {
        return Ok(());
    }
    let year = (number - 1) / YEAR + 1;
    Err(Error::Conflict(format!(
        "Month {number} belongs to year {year}, whose True Forward is done. Correct it by an \
         adjustment."
    )))
}

/// The sessions that are new, with what they come to; and how many are known.
fn judge(
    conn: &mut Conn,
    contract: &Contract,
    wishes: Vec<SessionWish>,
    now: Timestamp,
) -> Result<(Vec<Judged>, usize)> {
    let people = named(conn, contract.id, &wishes)?;
    let mut new: BTreeMap<String, Judged> = BTreeMap::new();
    let total = wishes.len();
    for wish in wishes {
        let one = judged(contract, &people, &wish, now)?;
        let session = one.hosting.session.clone();
        if let Some(twin) = new.insert(session, one.clone()).filter(|twin| *twin != one) {
            return Err(differs(&twin.hosting.session).into());
        }
    }
    let names: Vec<String> = new.keys().cloned().collect();
    for known in hostings::known(conn, contract.id, &names)? {
        let session = &known.hosting.session;
        match new.remove(session) {
            Some(again) if again.hosting != known.hosting => return Err(differs(session).into()),
            Some(_) | None => {}
        }
    }
    for one in new.values() {
        must_be_open(contract, one.hosting.month(contract)?)?;
    }
    let known = total - new.len();
    Ok((new.into_values().collect(), known))
}

fn differs(session: &str) -> Error {
    Error::invalid("sessions", format!("{session} was reported before, with other facts"))
}

type People = HashMap<String, Person>;

fn named(conn: &mut Conn, of: ContractId, wishes: &[SessionWish]) -> Result<People> {
    let of_wish = |wish: &SessionWish| {
        let others = [wish.alternate.clone(), wish.scheduled_by.clone()];
        std::iter::once(wish.host.clone()).chain(others.into_iter().flatten())
    };
    let mut keys: Vec<String> =
        wishes.iter().flat_map(of_wish).map(|key| key.trim().to_lowercase()).collect();
    keys.sort_unstable();
    keys.dedup();
    let found = people::by_keys(conn, of, &keys)?;
    Ok(found.into_iter().map(|person| (person.key.to_lowercase(), person)).collect())
}

fn judged(
    contract: &Contract,
    people: &People,
    wish: &SessionWish,
    now: Timestamp,
) -> Result<Judged> {
    let find = |key: &str| {
        let found = people.get(&key.trim().to_lowercase());
        let nobody = || Error::invalid("sessions", format!("{}: nobody goes by '{key}'", wish.id));
        found.ok_or_else(nobody)
    };
    let other = |key: &Option<String>| -> domain::Result<Option<PersonId>> {
        key.as_deref().map(|key| find(key).map(|person| person.id)).transpose()
    };
    if wish.started_at > now {
        let problem = format!("{} begins at {}, which is still to come", wish.id, wish.started_at);
        return Err(Error::invalid("sessions", problem).into());
    }
    let hosting = Hosting {
        contract: contract.id,
        scheduled_by: other(&wish.scheduled_by)?,
        host: find(&wish.host)?.id,
        alternate: other(&wish.alternate)?,
        session_type: wish.session_type,
        launch: wish.launch,
        scheduled: wish.scheduled,
        deployment: wish.deployment,
        started_at: wish.started_at,
        session: wish.id.clone(),
    };
    let hosting = hosting.checked()?;
    let host = find(wish.alternate.as_deref().unwrap_or(&wish.host))?;
    if host.left_at.is_some_and(|left| left <= hosting.started_at) {
        let problem = format!("{}: {} had left when it began", wish.id, host.name);
        return Err(Error::invalid("sessions", problem).into());
    }
    let verdict = hosting.verdict(contract, host);
    let begins = contract.months().month(hosting.month(contract)?).from;
    Ok(Judged { hosting, begins, verdict })
}

fn note(months: &mut BTreeMap<NaiveDate, MonthOf>, contract: &Contract, one: &Judged) {
    let month = months.entry(one.begins).or_insert_with(|| month_of(contract, one.begins));
    month.sessions += 1;
    if one.verdict != Verdict::Counted {
        return;
    }
    let (person, first_at) = (one.hosting.hosted_by(), one.hosting.started_at);
    let slot = one.hosting.slot(contract.variant.terms().counting);
    match month.actives.iter_mut().find(|of| of.person == person && of.slot == slot) {
        Some(known) => known.first_at = known.first_at.min(first_at),
        None => month.actives.push(Active { person, slot, first_at }),
    }
}
