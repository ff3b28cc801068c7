//! Orders and corrections.

use crate::db::conn::on_backend;
use crate::db::schema::{
    au_adjustments as adjustments, au_order_lines as lines, au_orders as table,
};
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{Adjustment, Order, OrderLine};
use crate::domain::id::{ContractId, ContractOrderId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// The columns of an order but those to find it by.
type Told = (String, String, Option<i64>, NaiveDateTime, String);

/// Adds an order with its lines.
pub fn insert(conn: &mut Conn, order: &Order) -> Result<()> {
    let row = (
        table::id.eq(order.id.to_string()),
        table::contract_id.eq(order.contract.to_string()),
        table::number.eq(&order.number),
        table::number_key.eq(order.number.to_lowercase()),
        table::headcount.eq(order.headcount),
        table::at.eq(order.at.naive()),
        table::placed_by.eq(&order.by),
    );
    on_backend!(conn => diesel::insert_into(table::table).values(row).execute(conn))?;
    for (place, line) in (1_i64..).zip(&order.lines) {
        let row = (
            lines::order_id.eq(order.id.to_string()),
            lines::place.eq(place),
            lines::service.eq(line.service.code()),
            lines::quantity.eq(line.quantity),
        );
        on_backend!(conn => diesel::insert_into(lines::table).values(row).execute(conn))?;
    }
    Ok(())
}

/// Whether a contract has an order of that number, in any case.
pub fn exists(conn: &mut Conn, of: ContractId, number: &str) -> Result<bool> {
    let known = table::table
        .filter(table::contract_id.eq(of.to_string()))
        .filter(table::number_key.eq(number.trim().to_lowercase()));
    Ok(known.count().get_result::<i64>(conn)? > 0)
}

/// The orders of a contract, newest first.
pub fn of_contract(conn: &mut Conn, of: ContractId) -> Result<Vec<Order>> {
    let rows: Vec<Told> = table::table
        .filter(table::contract_id.eq(of.to_string()))
        .order((table::at.desc(), table::id.desc()))
        .select((table::id, table::number, table::headcount, table::at, table::placed_by))
        .load(conn)?;
    let ids: Vec<&String> = rows.iter().map(|row| &row.0).collect();
    let own =
        lines::table.filter(lines::order_id.eq_any(ids)).order((lines::order_id, lines::place));
    let all: Vec<(String, i64, String, i64)> = on_backend!(conn => own.load(conn))?;
    rows.into_iter().map(|row| told(of, row, &all)).collect()
}

fn told(of: ContractId, row: Told, all: &[(String, i64, String, i64)]) -> Result<Order> {
    let (key, number, headcount, at, by) = row;
    let own = all.iter().filter(|line| line.0 == key);
    let line = |(_, _, service, quantity): &(String, i64, String, i64)| {
        let service = types::word("service", service, Service::parse)?;
        Ok(OrderLine { service, quantity: *quantity })
    };
    Ok(Order {
        id: types::id::<ContractOrderId>("order id", &key)?,
        contract: of,
        number,
        lines: own.map(line).collect::<Result<_>>()?,
        headcount,
        at: Timestamp::from_naive(at),
        by,
    })
}

/// Adds a correction.
pub fn insert_adjustment(conn: &mut Conn, of: ContractId, new: &Adjustment) -> Result<()> {
    let row = (
        adjustments::contract_id.eq(of.to_string()),
        adjustments::reference_key.eq(new.reference.to_lowercase()),
        adjustments::reference.eq(&new.reference),
        adjustments::minimum.eq(new.minimum),
        adjustments::fee_minor.eq(new.fee_minor),
        adjustments::reason.eq(&new.reason),
    );
    on_backend!(conn => diesel::insert_into(adjustments::table).values(row).execute(conn))?;
    Ok(())
}

/// The correction of that name, in any case.
pub fn adjustment(conn: &mut Conn, of: ContractId, name: &str) -> Result<Option<Adjustment>> {
    let found: Option<(String, i64, i64, String)> = adjustments::table
        .find((of.to_string(), name.trim().to_lowercase()))
        .select((
            adjustments::reference,
            adjustments::minimum,
            adjustments::fee_minor,
            adjustments::reason,
        ))
        .get_result(conn)
        .optional()?;
    Ok(found.map(|(reference, minimum, fee_minor, reason)| Adjustment {
        reference,
        minimum,
        fee_minor,
        reason,
    }))
}
