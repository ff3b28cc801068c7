//! Updates: the second of two phases, or their end without it (A-RSV-12 to A-RSV-14, A-RSV-17).

use super::{Case, Tried, become_states, refused, reserve_of_line};
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::InstanceId;
use crate::domain::instance::Instance;
use crate::domain::reservation::{Authorization, Held, Refusal, Settlement, State, confirmed_by};
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Place, Who, Within};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::engine::support::{Operator, named};
use crate::protocol::codes;

impl Engine {
    /// Enters a confirmation code: the update is in force. A wrong one changes nothing, and is in
    /// the event log.
    pub async fn confirm_reservation(
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
                engine.confirm(conn, (&place, now), &case, &code)
            })
            .await?;
        Ok(tried?)
    }

    pub(super) fn confirm(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        case: &Case,
        code: &str,
    ) -> Result<Tried<Instance>> {
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        let code = codes::is_confirmation(code);
        let (id, state) = match confirmed_by(&case.authorizations, &case.name(), code.as_deref()) {
            Ok(authorization) => (authorization.id, authorization.state),
            Err(refusal) => return refused(conn, ledger, &case.instance, refusal),
        };
        if state == State::Pending {
            settle(conn, &mut ledger, case, Settlement::Accepted)?;
        }
        db::authorizations::become_state(conn, id, State::Confirmed)?;
        let message = format!("The confirmation code of {} was entered.", case.name());
        let at = case.instance.virtual_account;
        ledger
            .note(Fact::new(at, EventKind::ReservationConfirmed, message).about(case.instance.id));
        ledger.close(conn)?;
        Ok(Ok(case.instance.clone()))
    }

    /// Cancels an update: what it took comes back, and its code is void.
    pub async fn cancel_reservation_update(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let case = Case::to_change(conn, &place, id)?;
            pending(&case)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            settle(conn, &mut ledger, &case, Settlement::RolledBack)?;
            let message =
                format!("The update of the reservation of {} was cancelled.", case.name());
            let at = case.instance.virtual_account;
            ledger.note(
                Fact::new(at, EventKind::ReservationCancelled, message).about(case.instance.id),
            );
            ledger.close(conn)?;
            Ok(case.instance)
        })
        .await
    }

    /// Ends an update whose confirmation code is lost, for the support desk of the lab: whoever is
    /// signed in may do it, and the event names them.
    pub async fn support_settle(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
        how: Settlement,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let case = Case::open(conn, place.account.id, id)?;
            engine.resolve(conn, &case, how, (&Operator::of(&place), now))
        })
        .await
    }

    /// The same for the lab's own tools, which say who acts: it asks for no permission.
    pub async fn lab_settle(
        &self,
        domain: String,
        id: InstanceId,
        how: Settlement,
        operator: Option<String>,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let operator = Operator::told(operator)?;
            let account = named(conn, &domain)?.id;
            let case = Case::open(conn, account, id)?;
            engine.resolve(conn, &case, how, (&operator, now))
        })
        .await
    }

    fn resolve(
        &self,
        conn: &mut Conn,
        case: &Case,
        how: Settlement,
        (operator, now): (&Operator, Timestamp),
    ) -> Result<Instance> {
        pending(case)?;
        let mut ledger = Ledger::open(self, case.instance.account, &operator.actor, now);
        settle(conn, &mut ledger, case, how)?;
        let what = match how {
            Settlement::Accepted => "accepted",
            Settlement::RolledBack => "rolled back",
        };
        let message =
            format!("{} {what} the update of the reservation of {}.", operator.name, case.name());
        let fact =
            Fact::new(case.instance.virtual_account, EventKind::ReservationResolved, message);
        ledger.note(fact.about(case.instance.id));
        ledger.close(conn)?;
        Ok(case.instance.clone())
    }
}

fn pending(case: &Case) -> Result<&Authorization, Error> {
    case.pending().ok_or_else(|| Refusal::NothingPending(case.name()).into())
}

/// Ends an update: quantities, lines and codes.
fn settle(conn: &mut Conn, ledger: &mut Ledger, case: &Case, how: Settlement) -> Result<()> {
    let at = case.instance.virtual_account;
    ledger.watch_all(conn, at, case.held.iter().map(|held| held.entitlement))?;
    for held in &case.held {
        let after: Held = held.settled(how);
        if let Some(line) = held.line {
            let change = after.held() - held.held();
            reserve_of_line(conn, ledger, &case.name(), line, change)?;
        }
        db::reservations::save(conn, &after)?;
    }
    become_states(conn, case, |state| state.settled(how))
}
