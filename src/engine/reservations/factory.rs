//! Reservations that are made where the device is built (A-RSV-09).

use super::issuing::{Draft, ReservedLicense, issue};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::instance::Instance;
use crate::domain::reservation::{Kind, State};
use crate::engine::Engine;
use crate::engine::access::Within;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// Who makes them.
const FACTORY: &str = "Factory";

impl Engine {
    /// Gives each instance that came with a reservation its authorization code; answers how many
    /// these were. For the lab's own tools: it asks for no permission.
    pub async fn ship_reservations(&self) -> Result<usize> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let all = db::reservations::without_code(conn)?;
            all.iter().try_for_each(|instance| engine.ship(conn, instance, now))?;
            Ok(all.len())
        })
        .await
    }

    fn ship(&self, conn: &mut Conn, instance: &Instance, now: Timestamp) -> Result<()> {
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
        let mut ledger = Ledger::open(self, instance.account, FACTORY, now);
        let message = format!(
            "{} were reserved for {} in the factory.",
            super::listed(licenses.iter()),
            instance.name()
        );
        let fact = Fact::new(instance.virtual_account, EventKind::LicensesReserved, message);
        ledger.note(fact.about(instance.id));
        ledger.close(conn)
    }
}
