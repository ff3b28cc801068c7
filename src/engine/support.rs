//! The support desk of the lab: what only the vendor's support can change.

use super::Engine;
use super::access::{Place, Who, Within};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::account::SmartAccount;
use crate::domain::event::{EventKind, Fact};
use crate::domain::site::Edition;
use crate::domain::{Error, Timestamp};

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

/// Whoever acts at the support desk of the lab, as the event log names them.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    /// In the column of users.
    pub(super) actor: String,
    /// In sentences.
    pub(super) name: String,
}

/// The longest name of an operator (ours).
const NAME: usize = 60;

impl Operator {
    /// A person who is signed in.
    pub(super) fn of(place: &Place) -> Self {
        Self::named(place.actor.name.clone())
    }

    fn named(name: String) -> Self {
        Self { actor: format!("{SUPPORT} ({name})"), name }
    }

    /// Whoever the lab's own tools say; without a name, the support.
    pub(super) fn told(name: Option<String>) -> Result<Self, Error> {
        let Some(name) = name else {
            return Ok(Self { actor: SUPPORT.into(), name: SUPPORT.into() });
        };
        let length = name.trim().chars().count();
        if length == 0 || length > NAME || name.chars().any(char::is_control) {
            let problem =
                format!("1 to {NAME} characters are the rule, none of them a control one");
            return Err(Error::invalid("operator", problem));
        }
        Ok(Self::named(name.trim().to_owned()))
    }
}

const SUPPORT: &str = "Support";

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
            let account = named(conn, &domain)?;
            let operator = Operator::told(None)?;
            engine.switch(conn, account, change, (&operator, now))
        })
        .await
    }

    /// The same for whoever is signed in and has a role in the Smart Account; the events name
    /// them.
    pub async fn support_change_account(
        &self,
        who: &Who,
        domain: &str,
        change: AccountChange,
    ) -> Result<SmartAccount> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let operator = Operator::of(&place);
            engine.switch(conn, place.account, change, (&operator, now))
        })
        .await
    }

    fn switch(
        &self,
        conn: &mut Conn,
        mut account: SmartAccount,
        change: AccountChange,
        (operator, now): (&Operator, Timestamp),
    ) -> Result<SmartAccount> {
        if self.edition() == Edition::Satellite {
            let told = "Export control, license reservation and Add to Inventory are switched at \
                        the support desk of CSSM; what it decides comes with a synchronization.";
            return Err(Error::Conflict(told.to_owned()).into());
        }
        let mut ledger = Ledger::open(self, account.id, &operator.actor, now);
        let attributes = [
            (
                "Entitlement to export-controlled functionality",
                &mut account.export_entitled,
                change.export_entitled,
            ),
            ("License reservation", &mut account.reservation_enabled, change.reservation_enabled),
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
    }
}

/// The Smart Account of that domain.
pub(super) fn named(conn: &mut Conn, domain: &str) -> Result<SmartAccount> {
    let found = db::accounts::find_by_domain(conn, domain)?;
    Ok(found.ok_or_else(|| Error::not_found("Smart Account", domain))?)
}
