//! Updates: the first of two phases (A-RSV-10, A-RSV-11, A-RSV-13).

use super::issuing::{Draft, Issued, ReservedLicense, issue, licenses};
use super::stock::families;
use super::{Case, inventory, listed, must_be_enabled, reserve_of_line};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{EntitlementId, InstanceId, ReservationId};
use crate::domain::reservation::{Change, Ground, Held, Kind, Plan, Refusal, State, Wanted, plan};
use crate::engine::Engine;
use crate::engine::access::{Place, Who};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

impl Engine {
    /// Gives an instance other quantities of all lines; what is not named it shall not hold.
    /// Increases leave the pool now, decreases come back with the confirmation code.
    pub async fn update_reservation(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
        add: Vec<(EntitlementId, i64)>,
        rows: Vec<Wanted>,
    ) -> Result<Issued> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let case = Case::to_change(conn, &place, id)?;
            engine.update(conn, (&place, now), &case, &add, rows)
        })
        .await
    }

    pub(super) fn update(
        &self,
        conn: &mut Conn,
        (place, now): (&Place, Timestamp),
        case: &Case,
        add: &[(EntitlementId, i64)],
        mut rows: Vec<Wanted>,
    ) -> Result<Issued> {
        may_be_updated(self, conn, (place, case))?;
        let at = case.instance.virtual_account;
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        if let Some(product) = db::products::by_tag(conn, &case.instance.software_tag)? {
            let (context, of) = ((place, at, now), (&product, &case.instance.udi));
            rows.extend(inventory::add(self, conn, &mut ledger, context, of, add)?);
        }
        let families = families(conn, at)?;
        let ground = Ground { families: &families, held: &case.held, may_lack: false, now };
        let plan = plan(ground, &rows)?;
        if plan.changes.iter().all(|change| change.before == change.after) {
            return Err(Refusal::Unchanged.into());
        }
        for change in &plan.changes {
            ledger.watch(conn, at, &change.entitlement)?;
            self.put_in_transit(conn, &ledger, case, change, now)?;
        }
        let licenses = licenses(&plan);
        let draft = Draft {
            instance: &case.instance,
            kind: case.holder.kind,
            licenses: &licenses,
            state: State::Pending,
            actor: &place.actor.name,
            notes: "",
            now,
        };
        let authorization = issue(self, conn, &draft)?;
        note(&mut ledger, case, &plan);
        ledger.close(conn)?;
        let instance = case.instance.clone();
        Ok(Issued { instance, kind: case.holder.kind, authorization, licenses })
    }

    fn put_in_transit(
        &self,
        conn: &mut Conn,
        ledger: &Ledger,
        case: &Case,
        change: &Change,
        now: Timestamp,
    ) -> Result<()> {
        let line = change.line.as_ref().map(|line| line.id);
        if let Some(line) = line {
            reserve_of_line(conn, ledger, &case.name(), line, change.taken())?;
        }
        let of = change.entitlement.id;
        let own = case.held.iter().find(|held| held.entitlement == of && held.line == line);
        if let Some(held) = own {
            let held = Held { next: Some(change.after), ..*held };
            return Ok(db::reservations::save(conn, &held)?);
        }
        let held = Held {
            id: ReservationId(self.ids().uuid(now)),
            instance: case.instance.id,
            entitlement: of,
            line,
            quantity: 0,
            next: Some(change.after),
        };
        Ok(db::reservations::insert(conn, &held)?)
    }
}

pub(super) fn may_be_updated(
    engine: &Engine,
    conn: &mut Conn,
    (place, case): (&Place, &Case),
) -> Result<()> {
    must_be_enabled(engine, conn, place)?;
    case.must_be_settled()?;
    match case.holder.kind {
        Kind::Specific => Ok(()),
        Kind::Universal => Err(Refusal::Kind(
            "A universal reservation has no quantities: return it and reserve anew to change it.",
        )
        .into()),
    }
}

/// One event for what is more, one for what is less (A-EVT-03).
fn note(ledger: &mut Ledger, case: &Case, plan: &Plan) {
    let (at, name) = (case.instance.virtual_account, case.name());
    let part = |more: bool| -> Vec<ReservedLicense> {
        let changed = plan.changes.iter().filter(|change| {
            if more { change.after > change.before } else { change.after < change.before }
        });
        let license = |change: &Change| ReservedLicense {
            entitlement: change.entitlement.clone(),
            line: change.line.clone(),
            quantity: (change.after - change.before).abs(),
        };
        changed.map(license).collect()
    };
    let (more, less) = (part(true), part(false));
    if !more.is_empty() {
        let message = format!("{} more are to be reserved for {name}.", listed(more.iter()));
        let fact = Fact::new(at, EventKind::ReservationIncreased, message);
        ledger.note(fact.about(case.instance.id));
    }
    if !less.is_empty() {
        let message = format!(
            "{} less are to be reserved for {name}; they come back with its confirmation code.",
            listed(less.iter())
        );
        let fact = Fact::new(at, EventKind::ReservationDecreased, message);
        ledger.note(fact.about(case.instance.id));
    }
}
