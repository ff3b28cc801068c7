//! True Forwards: on their anniversary, once, in order (F-AU-12 to -18, F-AU-34, F-AU-35).

use super::{measured, post, save};
use crate::db::Conn;
use crate::db::active_user::{contracts, runs};
use crate::db::hub::deadlines;
use crate::domain::active_user::renewal::Turn;
use crate::domain::active_user::{Contract, Entry, Measured, Rule, Run, RunState, State, Step};
use crate::domain::hub::{Due, HubEventKind as Kind};
use crate::domain::id::{ContractId, TrueForwardId};
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;
use crate::engine::hub::note;

/// Who does what time has caused.
const SYSTEM: &str = "system";

/// A True Forward that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The run.
    pub run: Run,
    /// Whether it was done before, and shows the same again.
    pub repeated: bool,
}

impl Engine {
    /// Carries out the True Forward that is due, or lets it wait; answers what has happened.
    pub(in crate::engine) fn true_forward_is_due(
        &self,
        conn: &mut Conn,
        id: ContractId,
        at: Timestamp,
    ) -> Result<Vec<Kind>> {
        let Some(mut contract) = contracts::find(conn, id)? else {
            deadlines::set(conn, Due::TrueForward, id.0, None)?;
            return Ok(Vec::new());
        };
        if contract.next_due() != Some(at) {
            save(conn, &contract)?;
            return Ok(Vec::new());
        }
        let seen = measured(conn, &contract, at)?;
        let run = TrueForwardId(self.ids().uuid(at));
        if !contract.must_wait(&seen) {
            let run = contract.run(run, &seen, RunState::Done, at);
            runs::insert(conn, &run)?;
            return self.settle_run(conn, &mut contract, (&seen, &run), (SYSTEM, at));
        }
        runs::insert(conn, &contract.run(run, &seen, RunState::Waiting, at))?;
        contract.state = State::Waiting;
        save(conn, &contract)?;
        let months = listed(&seen.missing());
        let told = format!(
            "The True Forward of {} waits: there is no data of months {months}.",
            contract.name
        );
        let kind = Kind::TrueForwardWaits;
        note(self, conn, (contract.organization, kind, told), (SYSTEM, at))?;
        Ok(vec![kind])
    }

    /// Settles a run that is done: minimum, ledger, the anniversary.
    fn settle_run(
        &self,
        conn: &mut Conn,
        contract: &mut Contract,
        (seen, run): (&Measured, &Run),
        (by, at): (&str, Timestamp),
    ) -> Result<Vec<Kind>> {
        let mut entries = contract.true_forward(seen).entries;
        if let Some(by) = &run.confirmed_by {
            let step = Step::Confirmed { by: by.clone(), months: run.missing.clone() };
            entries.insert(0, Entry::of(step, Rule::Ours));
        }
        contract.minimum = run.after;
        let (turn, more) = contract.pass();
        entries.extend(more);
        post(conn, (contract.id, Some(run.effective)), &entries, (by, at))?;
        save(conn, contract)?;
        let Run { before, after, fee, effective, .. } = run;
        let told = format!(
            "True Forward of {} on {effective}: AU Minimum {before} to {after}, fee {fee}.",
            contract.name
        );
        let mut told = vec![(Kind::TrueForwardDone, told)];
        match turn {
            Turn::Year => {}
            Turn::Term => {
                let (name, until) = (&contract.name, contract.term_ends());
                told.push((Kind::TermBegan, format!("A new term of {name} runs until {until}.")));
            }
            Turn::End => {
                let text = format!("{} has ended and was not renewed.", contract.name);
                told.push((Kind::TermEnded, text));
            }
        }
        let kinds = told.iter().map(|(kind, _)| *kind).collect();
        for (kind, text) in told {
            note(self, conn, (contract.organization, kind, text), (by, at))?;
        }
        Ok(kinds)
    }

    /// The True Forward that waits, if `confirmed`; the newest one again if none waits.
    pub async fn au_true_forward(&self, who: &Who, id: ContractId, confirmed: bool) -> Result<Ran> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let mut contract = at.contract;
            if contract.state != State::Waiting {
                let run = runs::of_contract(conn, id)?.into_iter().next();
                let run = run.ok_or_else(|| not_yet(&contract))?;
                return Ok(Ran { run, repeated: true });
            }
            let waiting = runs::at(conn, id, contract.effective())?;
            let waiting = waiting.ok_or_else(|| not_yet(&contract))?;
            let seen = as_of(conn, &contract, &waiting, now)?;
            let missing = seen.missing();
            if !confirmed && !missing.is_empty() {
                let months = listed(&missing);
                let problem = format!(
                    "There is no data of months {months}; they count 0. Report them, or confirm."
                );
                return Err(Error::Conflict(problem).into());
            }
            let by = at.desk.member.name;
            let done = contract.run(waiting.id, &seen, RunState::Done, now);
            let run = Run { confirmed_by: Some(by.clone()), ..done };
            runs::save(conn, &run)?;
            engine.settle_run(conn, &mut contract, (&seen, &run), (&by, now))?;
            Ok(Ran { run, repeated: false })
        })
        .await
    }
}

/// What is known now of the months of a run that waits; the headcount of its anniversary stays.
fn as_of(conn: &mut Conn, contract: &Contract, waiting: &Run, now: Timestamp) -> Result<Measured> {
    let seen = measured(conn, contract, now)?;
    Ok(Measured { deployed: waiting.headcount, ..seen })
}

fn not_yet(contract: &Contract) -> Error {
    let (name, on) = (&contract.name, contract.effective());
    Error::Conflict(format!("The first True Forward of {name} takes effect on {on}."))
}

fn listed(months: &[i64]) -> String {
    let texts: Vec<String> = months.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
