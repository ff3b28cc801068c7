//! Reservations that are made where the device is built (A-RSV-09).

use super::issuing::{Draft, ReservedLicense, issue};
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::id::{InstanceId, ReservationId};
use crate::domain::instance::{Instance, Udi};
use crate::domain::line::{Booking, Line};
use crate::domain::reservation::{Held, Holder, Kind, State};
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Within;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// A device that is shipped with its licenses.
#[derive(Clone, Debug)]
pub struct FactoryDevice {
    /// The device.
    pub udi: Udi,
    /// Its software tag; none for the known product of its product identifier.
    pub product: Option<String>,
}

/// Who makes them.
const FACTORY: &str = "Factory";

impl Engine {
    /// Gives each instance that came with a reservation its authorization code; answers how many
    /// these were. For the lab's own tools: it asks for no permission.
    pub async fn ship_reservations(&self) -> Result<usize> {
        let waiting = self.db().read(db::reservations::without_code).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let all = db::reservations::without_code(conn)?;
            for instance in &all {
                let mut ledger = Ledger::open(&engine, instance.account, FACTORY, now);
                engine.ship(conn, &mut ledger, instance, now)?;
                ledger.close(conn)?;
            }
            Ok(all.len())
        })
        .await
    }

    /// Reserves all of an ordered line for the device that it is shipped with, in the ledger of the
    /// order: what is reserved as it arrives never covers anybody's shortage.
    pub(in crate::engine) fn install(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        line: Line,
        device: &FactoryDevice,
        now: Timestamp,
    ) -> Result<Line> {
        device.udi.check()?;
        if line.booking == Booking::Pending {
            let problem = "a pending order has not shipped, so no device has its licenses";
            return Err(Error::invalid("factory", problem).into());
        }
        let product = match (&device.product, &device.udi.pid) {
            (Some(tag), _) => db::products::by_tag(conn, tag)?,
            (None, Some(pid)) => db::products::by_pid(conn, pid)?,
            (None, None) => None,
        };
        let product =
            product.ok_or_else(|| Error::invalid("factory", "its product is not known"))?;
        if db::instances::find_by_udi(conn, &device.udi.key())?.is_some() {
            return Err(Error::invalid("factory", "the device is here already").into());
        }
        let id = InstanceId(self.ids().uuid(now));
        let owner = (line.account, line.virtual_account);
        let instance = Instance::reserved(id, owner, device.udi.clone(), &product, now);
        db::instances::insert(conn, &instance)?;
        let holder = Holder { instance: id, kind: Kind::Specific, return_pending: false };
        db::reservations::insert_holder(conn, &holder)?;
        let held = Held {
            id: ReservationId(self.ids().uuid(now)),
            instance: id,
            entitlement: line.entitlement,
            line: Some(line.id),
            quantity: line.quantity,
            next: None,
        };
        db::reservations::insert(conn, &held)?;
        super::reserve_of_line(conn, ledger, &instance.name(), line.id, line.quantity)?;
        self.ship(conn, ledger, &instance, now)?;
        Ok(Line { reserved: line.quantity, ..line })
    }

    fn ship(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        instance: &Instance,
        now: Timestamp,
    ) -> Result<()> {
        let mut licenses = Vec::new();
        for held in db::reservations::of_instance(conn, instance.id)? {
            let Some(entitlement) = db::licenses::entitlement(conn, held.entitlement)? else {
                continue;
            };
            let line = match held.line {
                Some(line) => db::licenses::line(conn, line)?,
                None => None,
            };
            licenses.push(ReservedLicense { entitlement, line, quantity: held.quantity });
        }
        let draft = Draft {
            instance,
            kind: Kind::Specific,
            licenses: &licenses,
            state: State::Current,
            actor: FACTORY,
            notes: "Factory-installed",
            now,
        };
        issue(self, conn, &draft)?;
        let message = format!(
            "{} were reserved for {} in the factory.",
            super::listed(licenses.iter()),
            instance.name()
        );
        let fact = Fact::new(instance.virtual_account, EventKind::LicensesReserved, message);
        ledger.note(fact.about(instance.id));
        Ok(())
    }
}
