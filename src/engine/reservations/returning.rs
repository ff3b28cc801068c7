//! Returns: the licenses come back with the return code, or by support (A-RSV-15 to A-RSV-17).

use super::{Case, Tried, become_states, refused, reserve_of_line};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::InstanceId;
use crate::domain::instance::Instance;
use crate::domain::reservation::{Refusal, State, returned_by};
use crate::engine::Engine;
use crate::engine::access::{Place, Who, Within};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::engine::support::{Operator, named};
use crate::protocol::codes;

impl Engine {
    /// Removes an instance with its return code, and frees what it held. A wrong code changes
    /// nothing, and is in the event log.
    pub async fn return_reservation(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
        code: String,
    ) -> Result<Instance> {
        let engine = self.clone();
        let tried = self
            .write_in(who, domain, move |conn, place, now| {
                let case = Case::to_change(conn, &place, id)?;
                engine.give_back(conn, (&place, now), &case, &code)
            })
            .await?;
        Ok(tried?)
    }

    pub(in crate::engine) fn give_back_instance(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        instance: Instance,
        code: &str,
    ) -> Result<Tried<Instance>> {
        let case = Case::of(conn, instance)?;
        self.give_back(conn, (place, now), &case, code)
    }

    fn give_back(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        case: &Case,
        code: &str,
    ) -> Result<Tried<Instance>> {
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        if case.pending().is_some() {
            return refused(conn, ledger, &case.instance, Refusal::Pending(case.name()));
        }
        let code = codes::is_return(code);
        let foreign = match &code {
            Ok(code) => db::authorizations::has_return_code(conn, place.account.id, code)?,
            Err(_) => false,
        };
        let code = code.as_deref().map_err(|problem| *problem);
        if let Err(refusal) = returned_by(&case.authorizations, foreign, code) {
            return refused(conn, ledger, &case.instance, refusal);
        }
        free(conn, &mut ledger, case)?;
        ledger.close(conn)?;
        Ok(Ok(case.instance.clone()))
    }

    /// Removes an instance whose device is dead, for the support desk of the lab.
    pub async fn support_remove(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let case = Case::open(conn, place.account.id, id)?;
            engine.bury(conn, &case, (&Operator::of(&place), now))
        })
        .await
    }

    /// The same for the lab's own tools, which say who acts: it asks for no permission.
    pub async fn lab_remove(
        &self,
        domain: String,
        id: InstanceId,
        operator: Option<String>,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let operator = Operator::told(operator)?;
            let account = named(conn, &domain)?.id;
            let case = Case::open(conn, account, id)?;
            engine.bury(conn, &case, (&operator, now))
        })
        .await
    }

    fn bury(
        &self,
        conn: &mut Conn,
        case: &Case,
        (operator, now): (&Operator, Timestamp),
    ) -> Result<Instance> {
        let mut ledger = Ledger::open(self, case.instance.account, &operator.actor, now);
        let message = format!("{} removed {} without a return code.", operator.name, case.name());
        let at = case.instance.virtual_account;
        let fact = Fact::new(at, EventKind::ReservationResolved, message);
        ledger.note(fact.about(case.instance.id));
        free(conn, &mut ledger, case)?;
        ledger.close(conn)?;
        Ok(case.instance.clone())
    }
}

/// Frees all that an instance holds, and removes it.
fn free(conn: &mut Conn, ledger: &mut Ledger, case: &Case) -> Result<()> {
    let (at, id) = (case.instance.virtual_account, case.instance.id);
    ledger.watch_all(conn, at, case.held.iter().map(|held| held.entitlement))?;
    let mut freed = 0;
    for held in &case.held {
        if let Some(line) = held.line {
            reserve_of_line(conn, ledger, &case.name(), line, -held.held())?;
            freed += held.held();
        }
    }
    db::reservations::delete_of(conn, id)?;
    become_states(conn, case, State::freed)?;
    db::instances::delete(conn, id)?;
    ledger.instance(Some(&case.instance), None);
    let message = format!(
        "Reserved Licenses Returned to Smart Account: {freed} licenses of {} are available again.",
        case.name()
    );
    ledger.note(Fact::new(at, EventKind::ReservationReturned, message).about(id));
    Ok(())
}
