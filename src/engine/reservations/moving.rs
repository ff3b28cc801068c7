//! A product instance moves with its reserved licenses (A-PIN-10, AS-31).

use super::issuing::ReservedLicense;
use super::{Case, listed};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::{LineId, TransactionId};
use crate::domain::instance::Instance;
use crate::domain::line::Line;
use crate::domain::local_account::Decision;
use crate::domain::reservation::{Held, Refusal};
use crate::domain::virtual_account::VirtualAccount;
use crate::engine::Engine;
use crate::engine::access::Place;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// Moves an instance and what it holds; the lines are divided.
pub(in crate::engine) fn move_reserved(
    engine: &Engine,
    conn: &mut Conn,
    (place, now): (&Place, Timestamp),
    instance: &Instance,
    target: &VirtualAccount,
) -> Result<Instance> {
    let case = Case::of(conn, instance.clone())?;
    case.must_be_settled()?;
    // Its licenses move along.
    engine.decides_locally(conn, place.account.id, Decision::Licenses)?;
    let (from, ids) = (instance.virtual_account, case.held.iter().map(|held| held.entitlement));
    let mut ledger = Ledger::open(engine, place.account.id, &place.actor.name, now);
    for va in [from, target.id] {
        ledger.watch_all(conn, va, ids.clone())?;
    }
    let lines = portable_lines(conn, &case)?;
    let mut moved = Vec::new();
    for (held, line) in lines {
        let arrived = divide(engine, conn, (held, &line), target, now)?;
        let id = TransactionId(engine.ids().uuid(now));
        let transaction = Transaction {
            kind: TransactionKind::Transfer,
            source: Some(from),
            reference: Some(case.name()),
            actor: place.actor.name.clone(),
            ..Transaction::order(id, &Line { quantity: held.held(), ..arrived.clone() }, now)
        };
        db::transactions::append(conn, &transaction)?;
        moved.push((held.entitlement, arrived, held.held()));
    }
    let after = Instance { virtual_account: target.id, ..instance.clone() };
    db::instances::save(conn, &after)?;
    ledger.instance(Some(instance), None);
    ledger.instance(None, Some(&after));
    let message = format!(
        "Product instance {} moved with its reserved licenses from {} to {}: {}.",
        instance.name(),
        place.name_of(from),
        target.name.as_str(),
        told(conn, moved)?
    );
    for va in [from, target.id] {
        ledger.note(Fact::new(va, EventKind::ReservationMoved, &message).about(instance.id));
    }
    ledger.close(conn)?;
    Ok(after)
}

fn told(
    conn: &mut Conn,
    moved: Vec<(crate::domain::id::EntitlementId, Line, i64)>,
) -> Result<String> {
    let mut licenses = Vec::new();
    for (id, line, quantity) in moved {
        if let Some(entitlement) = db::licenses::entitlement(conn, id)? {
            licenses.push(ReservedLicense { entitlement, line: Some(line), quantity });
        }
    }
    Ok(listed(licenses.iter()))
}

fn portable_lines(conn: &mut Conn, case: &Case) -> Result<Vec<(Held, Line)>> {
    let mut lines = Vec::new();
    for held in &case.held {
        let Some(line) = held.line else { continue };
        let Some(line) = db::licenses::line(conn, line)? else { continue };
        if !line.portable {
            let name = db::licenses::entitlement(conn, held.entitlement)?.map(|of| of.name);
            let what = format!("{} {}", held.held(), name.unwrap_or_default());
            return Err(Refusal::NotPortable(what).into());
        }
        lines.push((*held, line));
    }
    Ok(lines)
}

/// Takes what is held out of its line into a line of the same goods at the target, or a new one.
fn divide(
    engine: &Engine,
    conn: &mut Conn,
    (held, line): (Held, &Line),
    target: &VirtualAccount,
    now: Timestamp,
) -> Result<Line> {
    let part = held.held();
    let arriving =
        Line { quantity: part, reserved: part, virtual_account: target.id, ..line.clone() };
    let present = db::licenses::lines_of(conn, target.id, line.entitlement)?;
    let same = present.into_iter().find(|known| known.same_goods(&arriving));
    let arrived = if let Some(mut known) = same {
        known.take_in(&arriving);
        known.reserved += part;
        db::licenses::save_line(conn, &known)?;
        known
    } else {
        let id = LineId(engine.ids().uuid(now));
        let fresh = Line { id, ..arriving };
        db::licenses::insert_line(conn, &fresh)?;
        fresh
    };
    db::reservations::save(conn, &Held { line: Some(arrived.id), ..held })?;
    let (quantity, reserved) = (line.quantity - part, line.reserved - part);
    if quantity <= 0 && reserved <= 0 {
        db::licenses::delete_line(conn, line.id)?;
    } else {
        db::licenses::save_line(conn, &Line { quantity, reserved, ..line.clone() })?;
    }
    Ok(arrived)
}
