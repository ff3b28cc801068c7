//! *Add to Inventory*: licenses that a device brings along, once each (A-RSV-02).

use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact, Transaction};
use crate::domain::id::{EntitlementId, LineId, TransactionId, VirtualAccountId};
use crate::domain::instance::Udi;
use crate::domain::license::{Entitlement, LicenseType};
use crate::domain::line::{Booking, Line, Origin};
use crate::domain::reservation::{Product, Refusal, Wanted};
use crate::engine::Engine;
use crate::engine::access::Place;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// What a device may still bring.
pub(super) fn offered(
    conn: &mut Conn,
    place: &Place,
    product: &Product,
    device: &Udi,
) -> Result<Vec<(Entitlement, i64)>> {
    if !place.account.add_to_inventory {
        return Ok(Vec::new());
    }
    let brought = db::products::added(conn, &device.key())?;
    let all = db::products::inventory(conn, &product.software_tag)?;
    Ok(all.into_iter().filter(|(of, _)| !brought.contains(&of.id)).collect())
}

/// What a device is to bring, checked against what it may.
pub(super) fn check(
    offers: &[(Entitlement, i64)],
    wanted: &[(EntitlementId, i64)],
) -> Result<Vec<(Entitlement, i64)>, Refusal> {
    let mut checked = Vec::new();
    for (id, quantity) in wanted.iter().filter(|(_, quantity)| *quantity != 0) {
        let offer = offers.iter().find(|(of, _)| of.id == *id);
        let (of, most) = offer.ok_or_else(|| {
            Refusal::Inventory("This license was added already, or cannot be added.".into())
        })?;
        if !(1..=*most).contains(quantity) {
            let problem =
                format!("{quantity} {} cannot be added: 1 to {most} is the rule.", of.name);
            return Err(Refusal::Inventory(problem));
        }
        checked.push((of.clone(), *quantity));
    }
    Ok(checked)
}

/// Adds what a device brings to the inventory; answers rows that reserve it for the device.
pub(super) fn add(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &mut Ledger,
    (place, at, now): (&Place, VirtualAccountId, Timestamp),
    (product, device): (&Product, &Udi),
    wanted: &[(EntitlementId, i64)],
) -> Result<Vec<Wanted>> {
    let mut rows = Vec::new();
    for (of, quantity) in check(&offered(conn, place, product, device)?, wanted)? {
        ledger.watch(conn, at, &of)?;
        let line = brought(engine, (place, at, now), of.id, quantity, device);
        db::licenses::insert_line(conn, &line)?;
        db::products::note_added(conn, &device.key(), of.id)?;
        let transaction = TransactionId(engine.ids().uuid(now));
        db::transactions::append(conn, &Transaction::order(transaction, &line, now))?;
        let device = device.display();
        let message =
            format!("{quantity} {} were added to the inventory by {}.", of.name, device.trim_end());
        ledger.note(Fact::new(at, EventKind::InventoryAdded, message).of(of.id));
        rows.push(Wanted { entitlement: of.id, line: Some(line.id), quantity });
    }
    Ok(rows)
}

fn brought(
    engine: &Engine,
    (place, at, now): (&Place, VirtualAccountId, Timestamp),
    entitlement: EntitlementId,
    quantity: i64,
    device: &Udi,
) -> Line {
    let line = Line {
        id: LineId(engine.ids().uuid(now)),
        account: place.account.id,
        virtual_account: at,
        entitlement,
        license_type: LicenseType::Perpetual,
        quantity,
        reserved: 0,
        starts: now.date(),
        ends: None,
        booking: Booking::Booked,
        enterprise_agreement: false,
        portable: true,
        origin: Origin { product_serial: device.serial.clone(), ..Origin::default() },
        due_at: None,
        settled_at: None,
    };
    line.scheduled(now)
}
