//! Opening a contract.

use super::add_contract;
use crate::db::Conn;
use crate::db::active_user::contracts;
use crate::domain::active_user::{Contract, NewContract};
use crate::domain::hub::{HubEventKind as Kind, OrganizationKind, Permission};
use crate::domain::id::ContractId;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;
use crate::engine::hub::Desk;

impl Engine {
    /// Opens a contract of a customer.
    pub async fn au_open(&self, who: &Who, key: &str, wish: NewContract) -> Result<Contract> {
        let engine = self.clone();
        self.write_hub(who, key, move |conn, desk, now| {
            desk.require(Permission::ManageOrders)?;
            engine.open(conn, &desk, wish, now)
        })
        .await
    }

    fn open(
        &self,
        conn: &mut Conn,
        desk: &Desk,
        wish: NewContract,
        now: Timestamp,
    ) -> Result<Contract> {
        let of = &desk.organization;
        if of.kind != OrganizationKind::Customer {
            let rule = format!("{} is a partner; contracts are those of customers", of.name);
            return Err(Error::invalid("organization", rule).into());
        }
        let id = ContractId(self.ids().uuid(now));
        let (contract, entries) = wish.open((id, of.id), &desk.member.name, now)?;
        if contracts::named(conn, of.id, &contract.name)?.is_some() {
            let problem = format!("{} has a contract {} already", of.name, contract.name);
            return Err(Error::invalid("name", problem).into());
        }
        add_contract(conn, &contract, &entries, now)?;
        let told = format!(
            "The contract {} begins on {} with an AU Minimum of {}.",
            contract.name, contract.anchor, contract.minimum
        );
        desk.note(self, conn, (Kind::ContractOpened, told), now)?;
        Ok(contract)
    }
}
