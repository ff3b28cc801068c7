//! What time does to an On-Prem, and what its end does to its virtual accounts.

use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::event::{EventKind, Fact};
use crate::domain::on_prem::{OnPrem, OnPremState};
use crate::domain::virtual_account::VirtualAccount;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;

/// What falls due at an instant: the authorization file is ready, the synchronization is
/// overdue, the deadline is near, it has passed (A-ALK-06 to A-ALK-10, A-OPA-11).
pub(in crate::engine) fn on_prem_is_due(
    conn: &mut Conn,
    ledger: &mut Ledger,
    before: &OnPrem,
    at: Timestamp,
) -> Result<()> {
    let mut after = before.clone();
    if at >= before.dates.deadline {
        let freed = disassociate(conn, ledger, before)?;
        after.state = OnPremState::Expired;
        let message = format!(
            "The On-Prem {} failed to synchronize until {} and was removed; {freed}.",
            before.name, before.dates.deadline
        );
        ledger.note(Fact::of_account(EventKind::OnPremExpired, message).of_on_prem(before.uid));
    }
    let after = OnPrem { settled_at: Some(at), ..after }.scheduled(at);
    ledger.on_prem(Some(before), Some(&after));
    Ok(db::on_prems::save(conn, &after)?)
}

/// Lets all its virtual accounts go: their licenses stay, what it has told of goes. Answers
/// that in words.
pub(super) fn disassociate(conn: &mut Conn, ledger: &mut Ledger, one: &OnPrem) -> Result<String> {
    let tree = db::virtual_accounts::tree(conn, one.account)?;
    let own: Vec<&VirtualAccount> =
        tree.all().iter().filter(|va| va.on_prem == Some(one.uid)).collect();
    for va in &own {
        for pool in db::pools::list(conn, Places::these(&[va.id]))? {
            ledger.watch(conn, va.id, &pool.entitlement)?;
        }
    }
    let instances = db::mirrors::forget(conn, one.uid)?;
    for va in &own {
        let free = VirtualAccount { on_prem: None, satellite: None, ..(*va).clone() };
        db::virtual_accounts::save(conn, &free)?;
        let message = format!(
            "Virtual account {} does not belong to the On-Prem {} any more; its licenses can \
             be used directly.",
            va.name.as_str(),
            one.name
        );
        ledger.note(Fact::new(va.id, EventKind::OnPremDetached, message).of_on_prem(one.uid));
    }
    let names: Vec<&str> = own.iter().map(|va| va.name.as_str()).collect();
    Ok(format!(
        "{} {} ordinary again, and {instances} product instances are not listed here any more",
        names.join(", "),
        if names.len() == 1 { "is" } else { "are" }
    ))
}
