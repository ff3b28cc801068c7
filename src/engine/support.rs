//! The support desk of the lab: what only the vendor's support can change.

use super::Engine;
use super::access::Within;
use super::error::Result;
use super::ledger::Ledger;
use crate::db;
use crate::domain::Error;
use crate::domain::account::SmartAccount;
use crate::domain::event::{EventKind, Fact};

/// What support changes; `None` leaves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Whether tokens may allow export-controlled functionality (A-EXP-01).
    pub export_entitled: Option<bool>,
    /// Whether license reservation is switched on (A-RSV-01).
    pub reservation_enabled: Option<bool>,
    /// Whether reserving may bring licenses into the inventory (A-RSV-02).
    pub add_to_inventory: Option<bool>,
}

impl Engine {
    /// Changes attributes of a Smart Account. For the lab's own tools: it asks for no
    /// permission. What instances have been given stays (A-EXP-02).
    pub async fn change_account(
        &self,
        domain: String,
        change: AccountChange,
    ) -> Result<SmartAccount> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| {
            let mut account = db::accounts::find_by_domain(conn, &domain)?
                .ok_or_else(|| Error::not_found("Smart Account", &domain))?;
            let mut ledger = Ledger::open(&engine, account.id, "Support", now);
            let attributes = [
                (
                    "Entitlement to export-controlled functionality",
                    &mut account.export_entitled,
                    change.export_entitled,
                ),
                (
                    "License reservation",
                    &mut account.reservation_enabled,
                    change.reservation_enabled,
                ),
                ("Add to Inventory", &mut account.add_to_inventory, change.add_to_inventory),
            ];
            for (what, present, wanted) in attributes {
                let Some(wanted) = wanted.filter(|wanted| wanted != present) else { continue };
                *present = wanted;
                let message = format!("{what} was switched {}.", if wanted { "on" } else { "off" });
                ledger.note(Fact::of_account(EventKind::AccountChanged, message));
            }
            db::accounts::save(conn, &account)?;
            ledger.close(conn)?;
            Ok(account)
        })
        .await
    }
}
