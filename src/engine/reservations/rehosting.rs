//! *Rehost Licenses from a Failed Product* (A-RSV-18, A-RSV-19).

use super::issuing::Issued;
use super::reading::Request;
use super::reserving::Making;
use super::stock::families;
use super::{Case, listed, must_be_enabled};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::InstanceId;
use crate::domain::reservation::{Ground, Holder, Kind, Plan, Refusal, Wanted, may_rehost, plan};
use crate::engine::Engine;
use crate::engine::access::{Place, Who};
use crate::engine::error::Result;

/// A rehost as its wizard asks for it.
#[derive(Clone, Debug)]
pub struct Rehost {
    /// The request code of the replacement.
    pub code: String,
    /// Why.
    pub notes: String,
}

/// The longest note (ours).
const NOTES: usize = 1_000;

impl Engine {
    /// Whether the licenses of a failed product may go to the device of a request code: the
    /// wizard's system check. Answers how many of them are missing in stock; nothing is changed.
    pub async fn check_rehost(
        &self,
        who: &Who,
        domain: &str,
        failed: InstanceId,
        wanted: Rehost,
    ) -> Result<i64> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let case = Case::to_change(conn, &place, failed)?;
            Ok(engine.plan_rehost(conn, (&place, now), &case, &wanted)?.2)
        })
        .await
    }

    /// Reserves the same licenses for a replacement; the failed product's return is then pending.
    pub async fn rehost(
        &self,
        who: &Who,
        domain: &str,
        failed: InstanceId,
        wanted: Rehost,
    ) -> Result<Issued> {
        let engine = self.clone();
        self.write_across(who, domain, move |conn, place, now| {
            let case = Case::to_change(conn, &place, failed)?;
            let (request, plan, _) = engine.plan_rehost(conn, (&place, now), &case, &wanted)?;
            let at = case.instance.virtual_account;
            let making = Making { engine: &engine, place: &place, at, now };
            let mut ledger = making.ledger();
            let issued = making.give(conn, &mut ledger, &request, &plan, &wanted.notes)?;
            db::reservations::save_holder(conn, &Holder { return_pending: true, ..case.holder })?;
            for id in [case.instance.id, issued.instance.id] {
                let message = said(&case, &issued, &wanted.notes);
                ledger.note(Fact::new(at, EventKind::ReservationRehosted, message).about(id));
            }
            ledger.close(conn)?;
            Ok(issued)
        })
        .await
    }

    fn plan_rehost(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        case: &Case,
        wanted: &Rehost,
    ) -> Result<(Request, Plan, i64)> {
        must_be_enabled(self, conn, place)?;
        case.must_be_settled()?;
        if wanted.notes.chars().count() > NOTES {
            let problem = format!("at most {NOTES} characters are the rule");
            return Err(crate::domain::Error::invalid("notes", problem).into());
        }
        let request = Request::read(conn, self.edition(), &wanted.code)?;
        if request.kind != case.holder.kind {
            return Err(Refusal::Kind(
                "The replacement asks for another kind of reservation than the failed product had.",
            )
            .into());
        }
        if request.kind == Kind::Universal {
            return Ok((request, Plan::default(), 0));
        }
        let families = families(conn, case.instance.virtual_account)?;
        let same = |held: &crate::domain::reservation::Held| Wanted {
            entitlement: held.entitlement,
            line: held.line,
            quantity: held.quantity,
        };
        let rows: Vec<Wanted> = case.held.iter().map(same).collect();
        let ground = Ground { families: &families, held: &[], may_lack: true, now };
        let plan = plan(ground, &rows)?;
        let (reserving, pending) = db::reservations::count(conn, place.account.id)?;
        let short = plan.lacking(ground);
        may_rehost(self.settings().rehost_threshold, reserving, pending, short)?;
        Ok((request, plan, short))
    }
}

fn said(case: &Case, issued: &Issued, notes: &str) -> String {
    let notes = if notes.is_empty() { String::new() } else { format!(" Notes: {notes}") };
    let what = match issued.kind {
        Kind::Specific => listed(issued.licenses.iter()),
        Kind::Universal => "Everything".to_owned(),
    };
    format!(
        "{what} of the failed product {} were reserved for its replacement {}; the return of {} is \
         pending.{notes}",
        case.name(),
        issued.instance.name(),
        case.name()
    )
}
