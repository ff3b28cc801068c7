//! Orders, renewals and corrections of a contract.

use super::{post, save};
use crate::db::active_user::orders;
use crate::domain::Error;
use crate::domain::active_user::{Adjustment, Contract, Order, OrderLine, Renewal, State};
use crate::domain::hub::HubEventKind as Kind;
use crate::domain::id::{ContractId, ContractOrderId};
use crate::engine::Engine;
use crate::engine::access::Who;
use crate::engine::error::Result;

impl Engine {
    /// Places an order: entitlements, and the headcount if it states one.
    pub async fn au_order(
        &self,
        who: &Who,
        id: ContractId,
        (number, lines, headcount): (String, Vec<OrderLine>, Option<i64>),
    ) -> Result<Order> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let (desk, mut contract) = (at.desk, at.contract);
            contract.must_go_on()?;
            if orders::exists(conn, id, &number)? {
                let problem = format!("{} has an order {number} already", contract.name);
                return Err(Error::invalid("number", problem).into());
            }
            let order = ContractOrderId(engine.ids().uuid(now));
            let by = desk.member.name.clone();
            let mut order =
                Order { id: order, contract: id, number, lines, headcount, at: now, by };
            let entries = order.enter(&mut contract)?;
            orders::insert(conn, &order)?;
            save(conn, &contract)?;
            post(conn, (id, None), &entries, (&desk.member.name, now))?;
            let told = format!("The order {} of {} came in.", order.number, contract.name);
            desk.note(&engine, conn, (Kind::ContractOrdered, told), now)?;
            Ok(order)
        })
        .await
    }

    /// Orders a term that follows the present one; it begins today if that has ended.
    pub async fn au_renew(&self, who: &Who, id: ContractId, wish: Renewal) -> Result<Contract> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let (desk, mut contract) = (at.desk, at.contract);
            let renewal = contract.plan(wish)?;
            let (months, name) = (renewal.months, contract.name.clone());
            let told = match contract.state {
                State::Ended => {
                    let entries = contract.resume(renewal, now);
                    post(conn, (id, None), &entries, (&desk.member.name, now))?;
                    format!("{name} begins anew on {} for {months} months.", contract.anchor)
                }
                State::Running | State::Waiting => {
                    contract.renewal = Some(renewal);
                    let from = contract.term_ends();
                    format!("{name} is renewed from {from} on for {months} months.")
                }
            };
            save(conn, &contract)?;
            desk.note(&engine, conn, (Kind::ContractRenewed, told), now)?;
            Ok(contract)
        })
        .await
    }

    /// Corrects a contract by hand: what was settled stays, and a row comes beside it. The same
    /// correction again changes nothing.
    pub async fn au_adjust(
        &self,
        who: &Who,
        id: ContractId,
        mut wish: Adjustment,
    ) -> Result<Contract> {
        let engine = self.clone();
        self.write_contract(who, id, move |conn, at, now| {
            let (desk, mut contract) = (at.desk, at.contract);
            if let Some(known) = orders::adjustment(conn, id, &wish.reference)? {
                let (minimum, fee) = (known.minimum, known.fee_minor);
                if (minimum, fee) == (wish.minimum, wish.fee_minor) {
                    return Ok(contract);
                }
                let problem = format!("{} changed other numbers already", known.reference);
                return Err(Error::invalid("reference", problem).into());
            }
            let before = contract.minimum;
            let entries = wish.enter(&mut contract)?;
            orders::insert_adjustment(conn, id, &wish)?;
            save(conn, &contract)?;
            post(conn, (id, None), &entries, (&desk.member.name, now))?;
            let (name, after) = (&contract.name, contract.minimum);
            let told =
                format!("{name} was corrected: AU Minimum {before} to {after}. {}", wish.reason);
            desk.note(&engine, conn, (Kind::ContractAdjusted, told), now)?;
            Ok(contract)
        })
        .await
    }
}
