//! Reserving for a device that has shown its request code (A-RSV-02 to A-RSV-08).

use super::issuing::{Draft, Issued, issue, licenses};
use super::reading::Request;
use super::stock::families;
use super::{inventory, listed, must_be_enabled, reserve_of_line};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{EntitlementId, InstanceId, ReservationId, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::people::Permission;
use crate::domain::reservation::{Ground, Held, Holder, Kind, Plan, Refusal, State, Wanted, plan};
use crate::engine::Engine;
use crate::engine::access::{Place, VaRef, Who};
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// What shall be reserved.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The reservation request code.
    pub code: String,
    /// Single licenses or all, as the person chose; the code must be for it.
    pub kind: Kind,
    /// What the device brings into the inventory first; all of it is reserved for the device.
    pub add: Vec<(EntitlementId, i64)>,
    /// How many of which line.
    pub rows: Vec<Wanted>,
}

/// A reservation that is being made.
pub(super) struct Making<'a> {
    pub(super) engine: &'a Engine,
    pub(super) place: &'a Place,
    pub(super) at: VirtualAccountId,
    pub(super) now: Timestamp,
}

impl Engine {
    /// Reserves licenses and makes the authorization code; the licenses leave the pool at once.
    pub async fn reserve(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        wanted: Reserve,
    ) -> Result<Issued> {
        let engine = self.clone();
        self.write_across(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            must_be_enabled(&engine, conn, &place)?;
            let request = Request::read(conn, engine.edition(), &wanted.code)?;
            let making = Making { engine: &engine, place: &place, at, now };
            making.reserve(conn, &request, &wanted)
        })
        .await
    }
}

impl Making<'_> {
    pub(super) fn ledger(&self) -> Ledger {
        Ledger::open(self.engine, self.place.account.id, &self.place.actor.name, self.now)
    }

    pub(super) fn reserve(
        &self,
        conn: &mut Conn,
        request: &Request,
        wanted: &Reserve,
    ) -> Result<Issued> {
        check_kind(request.kind, wanted.kind)?;
        let mut ledger = self.ledger();
        let context = (self.place, self.at, self.now);
        let product = (&request.product, &request.device);
        let added = inventory::add(self.engine, conn, &mut ledger, context, product, &wanted.add)?;
        let rows: Vec<Wanted> = wanted.rows.iter().copied().chain(added).collect();
        let plan = match request.kind {
            Kind::Specific => {
                let families = families(conn, self.at)?;
                let (held, now) = (&[][..], self.now);
                plan(Ground { families: &families, held, may_lack: false, now }, &rows)?
            }
            Kind::Universal => Plan::default(),
        };
        let issued = self.give(conn, &mut ledger, request, &plan, "")?;
        let message = said(&issued);
        let fact = Fact::new(self.at, EventKind::LicensesReserved, message);
        ledger.note(fact.about(issued.instance.id));
        ledger.close(conn)?;
        Ok(issued)
    }

    /// Makes the instance, takes the licenses and writes the code.
    pub(super) fn give(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        request: &Request,
        plan: &Plan,
        notes: &str,
    ) -> Result<Issued> {
        let instance = self.instance(request);
        db::instances::insert(conn, &instance)?;
        let holder = Holder { instance: instance.id, kind: request.kind, return_pending: false };
        db::reservations::insert_holder(conn, &holder)?;
        for change in &plan.changes {
            ledger.watch(conn, self.at, &change.entitlement)?;
            if let Some(line) = &change.line {
                reserve_of_line(conn, ledger, &instance.name(), line.id, change.after)?;
            }
            let held = Held {
                id: ReservationId(self.engine.ids().uuid(self.now)),
                instance: instance.id,
                entitlement: change.entitlement.id,
                line: change.line.as_ref().map(|line| line.id),
                quantity: change.after,
                next: None,
            };
            db::reservations::insert(conn, &held)?;
        }
        ledger.instance(None, Some(&instance));
        let licenses = licenses(plan);
        let draft = Draft {
            instance: &instance,
            kind: request.kind,
            licenses: &licenses,
            state: State::Current,
            actor: &self.place.actor.name,
            notes,
            now: self.now,
        };
        let authorization = issue(self.engine, conn, &draft)?;
        Ok(Issued { kind: request.kind, authorization, licenses, instance })
    }

    fn instance(&self, request: &Request) -> Instance {
        let id = InstanceId(self.engine.ids().uuid(self.now));
        let owner = (self.place.account.id, self.at);
        Instance::reserved(id, owner, request.device.clone(), &request.product, self.now)
    }
}

/// A universal code is for everything and a specific one for single licenses (A-RSV-04).
pub(super) fn check_kind(code: Kind, chosen: Kind) -> Result<(), Refusal> {
    match (code, chosen) {
        (Kind::Specific, Kind::Universal) => Err(Refusal::Kind(
            "This request code is for specific licenses: choose Reserve a specific license.",
        )),
        (Kind::Universal, Kind::Specific) => Err(Refusal::Kind(
            "This request code is universal: it is for everything that the product can do, not \
             for single licenses.",
        )),
        (Kind::Specific, Kind::Specific) | (Kind::Universal, Kind::Universal) => Ok(()),
    }
}

/// The event's sentence, with the last day of terms (A-EVT-03).
pub(super) fn said(issued: &Issued) -> String {
    let name = issued.instance.name();
    match issued.kind {
        Kind::Universal => format!("Everything was reserved for {name}: a universal reservation."),
        Kind::Specific => {
            format!("{} were reserved for {name}.", listed(issued.licenses.iter()))
        }
    }
}
