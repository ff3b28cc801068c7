//! License reservations (A-RSV-01 ff.): one file for each thing that a person does.
//!
//! `docs/RESERVATIONS.md` has the flow; the rules are in `domain::reservation`.

mod checking;
mod factory;
mod inventory;
mod issuing;
mod listing;
mod moving;
mod named;
mod products;
mod reading;
mod rehosting;
mod reserving;
mod returning;
mod settling;
mod stock;
mod updating;

pub use factory::FactoryDevice;
pub use issuing::{Issued, ReservedLicense};
pub use listing::{ReservationStanding, ReservedInstance};
pub use named::{NamedConfirmation, NamedLicense, NamedReservation, NamedUpdate};
pub use products::KnownProduct;
pub use reading::{RequestView, ReservationView};
pub use rehosting::Rehost;
pub use reserving::Reserve;
pub use stock::StockRow;

pub(super) use moving::move_reserved;
pub(super) use products::learn_from;

use super::Engine;
use super::access::Place;
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact, TransactionKind};
use crate::domain::id::{InstanceId, LineId, SmartAccountId};
use crate::domain::instance::Instance;
use crate::domain::line::Line;
use crate::domain::people::Permission;
use crate::domain::reservation::{Authorization, Held, Holder, Refusal, State};
use crate::domain::{self, Error};

/// A product instance with a reservation, and all that was ever said about it.
struct Case {
    instance: Instance,
    holder: Holder,
    held: Vec<Held>,
    authorizations: Vec<Authorization>,
}

impl Case {
    /// The reservation of an instance of the Smart Account.
    fn open(conn: &mut Conn, account: SmartAccountId, id: InstanceId) -> Result<Self> {
        let found = db::instances::find(conn, id)?.filter(|i| i.account == account);
        let instance = found.ok_or_else(|| Error::not_found("product instance", id.to_string()))?;
        Self::of(conn, instance)
    }

    fn of(conn: &mut Conn, instance: Instance) -> Result<Self> {
        let holder = db::reservations::holder(conn, instance.id)?
            .ok_or_else(|| Refusal::NotReserved(instance.name()))?;
        let held = db::reservations::of_instance(conn, instance.id)?;
        let authorizations = db::authorizations::of_instance(conn, instance.id)?;
        Ok(Self { instance, holder, held, authorizations })
    }

    /// The same, for somebody who may change it.
    fn to_change(conn: &mut Conn, place: &Place, id: InstanceId) -> Result<Self> {
        let case = Self::open(conn, place.account.id, id)?;
        place.require_in(Permission::ManageInstances, case.instance.virtual_account)?;
        Ok(case)
    }

    fn name(&self) -> String {
        self.instance.name()
    }

    /// The update that waits for its confirmation code.
    fn pending(&self) -> Option<&Authorization> {
        self.authorizations.iter().rev().find(|a| a.state == State::Pending)
    }

    /// The authorization in force.
    fn in_force(&self) -> Option<&Authorization> {
        self.authorizations.iter().rev().find(|a| a.state.in_force())
    }

    /// A-RSV-13, A-RSV-18: fails while something else has to end first.
    fn must_be_settled(&self) -> Result<(), Refusal> {
        match self.pending() {
            Some(_) => Err(Refusal::Pending(self.name())),
            None if self.holder.return_pending => Err(Refusal::ReturnPending(self.name())),
            None => Ok(()),
        }
    }
}

/// A-RSV-01: fails unless support has switched reservation on. A local account that is not active
/// gives nothing out, by paper no more than by message; what comes back is taken.
fn must_be_enabled(engine: &Engine, conn: &mut Conn, place: &Place) -> Result<()> {
    if !place.account.reservation_enabled {
        return Err(Refusal::NotEnabled(place.account.name.clone()).into());
    }
    engine.works(conn, place.account.id)
}

/// The outcome of a code: what it did, or why it did nothing; both are committed, because the
/// attempt is in the log.
type Tried<T> = Result<T, domain::Error>;

/// Notes a refused code in the event log, and hands the refusal on.
fn refused<T>(
    conn: &mut Conn,
    ledger: Ledger,
    instance: &Instance,
    refusal: Refusal,
) -> Result<Tried<T>> {
    let mut ledger = ledger;
    let message = format!("A code for {} was refused. {refusal}", instance.name());
    let fact = Fact::new(instance.virtual_account, EventKind::ReservationCodeRefused, message);
    ledger.note(fact.about(instance.id));
    ledger.close(conn)?;
    Ok(Err(refusal.into()))
}

/// `10 Meetings Host, 2 Meetings Host until 2026-06-30`.
fn listed<'a>(licenses: impl Iterator<Item = &'a ReservedLicense>) -> String {
    let one = |license: &ReservedLicense| {
        let ends = license.line.as_ref().and_then(|line| line.ends);
        let until = ends.map_or_else(String::new, |day| format!(" until {day}"));
        format!("{} {}{until}", license.quantity, license.entitlement.name)
    };
    licenses.filter(|license| license.quantity > 0).map(one).collect::<Vec<_>>().join(", ")
}

/// Writes what becomes of all that an instance was ever authorized to.
fn become_states(conn: &mut Conn, case: &Case, after: impl Fn(State) -> State) -> Result<()> {
    for authorization in &case.authorizations {
        let state = after(authorization.state);
        if state != authorization.state {
            db::authorizations::become_state(conn, authorization.id, state)?;
        }
    }
    Ok(())
}

/// Changes what is reserved of a line, for a device.
fn reserve_of_line(
    conn: &mut Conn,
    ledger: &Ledger,
    device: &str,
    line: LineId,
    change: i64,
) -> Result<()> {
    if change == 0 {
        return Ok(());
    }
    let line = db::licenses::line(conn, line)?
        .ok_or_else(|| Error::not_found("license line", line.to_string()))?;
    let kind = match change {
        1.. => TransactionKind::Reservation,
        _ => TransactionKind::ReservationReturn,
    };
    ledger.transact(conn, kind, (&line, change.abs()), device)?;
    let reserved = line.reserved + change;
    Ok(db::licenses::save_line(conn, &Line { reserved, ..line })?)
}
