//! What callers hear.

use crate::domain::active_user::ledger::Posted;
use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{
    Contract, Entry, MonthCount, Order, Price, Run, Standing, Variant,
};
use crate::domain::hub::Organization;
use crate::engine::{ContractView, PersonRow, Preview};
use crate::web::pages::flex::words;
use serde_json::{Value, json};

pub(super) fn variant(one: Variant) -> Value {
    let terms = one.terms();
    json!({"variant":one.code(),"clause":terms.clause,"name":terms.name,"summary":terms.summary,
           "eligible_from":terms.eligible_from,"floor":terms.floor,
           "never_reduces":terms.ratchet,"remainder":terms.remainder.code()})
}

pub(super) fn service(one: Service) -> Value {
    json!({"service":one.code(),"name":one.name(),"contents":one.contents()})
}

fn price(price: Price) -> Value {
    json!({"minor":price.minor,"currency":price.currency.code()})
}

pub(super) fn contract(contract: &Contract, of: &Organization) -> Value {
    let settings = &contract.settings;
    json!({
        "id": contract.id,
        "organization": of.key,
        "name": contract.name,
        "variant": contract.variant.code(),
        "state": contract.state.code(),
        "settings": {
            "rounding": settings.rounding.code(),
            "months": settings.months.code(),
            "remainder": settings.remainder.code(),
            "deployed": settings.deployed.code(),
            "missing": settings.missing.code(),
            "enterprise_agreement": settings.enterprise_agreement,
        },
        "starts": contract.term_begins(),
        "ends": contract.term_ends(),
        "months": contract.term.months,
        (contract.headcount_field()): contract.headcount,
        "migrating": contract.migrating,
        "affiliates": contract.affiliates,
        "price": price(contract.price),
        "au_minimum": contract.minimum,
        "next_true_forward": contract.next_due().map(|_| contract.effective()),
        "renewal": contract.renewal.map(|renewal| json!({
            "months": renewal.months, "headcount": renewal.headcount, "reset": renewal.reset,
        })),
    })
}

pub(super) fn view(view: &ContractView) -> Value {
    let mut told = contract(&view.contract, &view.desk.organization);
    let months: Vec<_> = view.months.iter().map(month).collect();
    let orders: Vec<_> = view.orders.iter().map(order).collect();
    let runs: Vec<_> = view.runs.iter().map(run).collect();
    let more = json!({
        "year": view.year,
        "measured_months": months,
        "people": view.people,
        "enabled_accounts": view.enabled,
        "true_forwards": runs,
        "orders": orders,
    });
    if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
        told.extend(more);
    }
    told
}

fn month((month, sessions): &(MonthCount, i64)) -> Value {
    let MonthCount { span, active, reported } = month;
    json!({"month":span.of_year(),"from":span.from,"last":span.last(),"active_users":active,
           "reported":reported,"sessions":sessions})
}

pub(super) fn order(order: &Order) -> Value {
    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|line| json!({"service":line.service.code(),"quantity":line.quantity}))
        .collect();
    json!({"id":order.id,"number":order.number,"lines":lines,"headcount":order.headcount,
           "at":order.at.iso(),"by":order.by})
}

pub(super) fn run(run: &Run) -> Value {
    json!({
        "effective": run.effective,
        "year": run.year,
        "state": run.state.code(),
        "active_users": run.counts,
        "missing_months": run.missing,
        "headcount": run.headcount,
        "minimum_before": run.before,
        "minimum_after": run.after,
        "months": run.months,
        "fee": price(run.fee),
        "invoice_on": run.invoice_on,
        "at": run.at.iso(),
        "confirmed_by": run.confirmed_by,
    })
}

pub(super) fn preview(contract: &Contract, preview: &Preview) -> Value {
    let outcome = &preview.outcome;
    let steps: Vec<_> = outcome.entries.iter().map(entry).collect();
    json!({
        "effective": contract.effective(),
        "waiting": contract.must_wait(&preview.measured),
        "missing_months": preview.measured.missing(),
        "meter_1": outcome.average.to_string(),
        "meter_2": outcome.share.map(|share| share.to_string()),
        "minimum_before": outcome.before,
        "minimum_after": outcome.after,
        "months": outcome.months,
        "fee": price(outcome.fee),
        "invoice_on": outcome.invoice_on,
        "steps": steps,
    })
}

fn entry(entry: &Entry) -> Value {
    json!({"rule":entry.rule.code(),"step":entry.step,"text":words::step(&entry.step)})
}

pub(super) fn posted(posted: &Posted) -> Value {
    let mut told = entry(&posted.entry);
    if let Value::Object(told) = &mut told {
        told.insert("number".into(), json!(posted.number));
        told.insert("at".into(), json!(posted.at.iso()));
        told.insert("by".into(), json!(posted.by));
        told.insert("effective".into(), json!(posted.effective));
    }
    told
}

pub(super) fn person(row: &PersonRow) -> Value {
    let person = &row.person;
    let facts = match &person.standing {
        Standing::Employee => json!({}),
        Standing::Contractor { on_behalf, under_contract, has_access } => json!({
            "on_behalf": on_behalf, "under_contract": under_contract, "has_access": has_access,
        }),
        Standing::Affiliate(name) => json!({"affiliate":name}),
    };
    json!({"key":person.key,"name":person.name,
           "employment":person.standing.employment().code(),"facts":facts,
           "left_at":person.left_at.map(crate::domain::Timestamp::iso),
           "account":row.account.as_ref().map(|account| &account.name)})
}
