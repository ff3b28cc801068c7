//! `/_syncom/explain`: the arithmetic that led to a balance, part by part.

use crate::domain::explain::Explanation;
use crate::engine::Explained;
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Value, json};

/// Mounts the endpoint.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(explain);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    smart_account: String,
    virtual_account: String,
    /// Name or entitlement tag.
    license: String,
}

/// Why a license of a virtual account stands as it does.
#[get("/explain")]
async fn explain(LabSite(engine): LabSite, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let Asked { smart_account, virtual_account, license } = asked.into_inner();
    let explained = engine.explain_for_lab(smart_account, virtual_account, license).await?;
    Ok(HttpResponse::Ok().json(told(&explained)))
}

fn told(explained: &Explained) -> Value {
    let parts = &explained.parts;
    let sums = &parts.standing;
    json!({
        "virtual_account": explained.virtual_account.name.as_str(),
        "license": explained.entitlement.name,
        "tag": explained.entitlement.tag,
        "at": parts.at.iso(),
        "billing": parts.billing.name(),
        "lines": lines(parts),
        "instances": instances(parts),
        "reservations": reservations(parts),
        "loans": loans(parts),
        "usable": sums.usable,
        "pending": sums.pending,
        "reserved": sums.reserved,
        "reported": sums.in_use - sums.reserved,
        "in_use": sums.in_use,
        "borrowed": sums.borrowed,
        "lent": sums.lent,
        "balance": sums.balance,
        "status": sums.status.name(),
        "adds_up": parts.adds_up(),
    })
}

fn lines(parts: &Explanation) -> Vec<Value> {
    let line = |line: &crate::domain::explain::LinePart| {
        json!({"id": line.id, "type": line.license_type.name(), "status": line.status.name(),
               "starts": line.starts, "ends": line.ends, "quantity": line.quantity,
               "counted": line.counted, "reserved": line.reserved})
    };
    parts.lines.iter().map(line).collect()
}

fn instances(parts: &Explanation) -> Vec<Value> {
    let used = parts.instances.iter();
    used.map(|part| json!({"id": part.instance, "name": part.name, "quantity": part.quantity}))
        .collect()
}

fn reservations(parts: &Explanation) -> Vec<Value> {
    let held = parts.reservations.iter();
    held.map(|part| {
        json!({"id": part.instance, "name": part.name, "line": part.line,
               "quantity": part.quantity, "counted": part.counted})
    })
    .collect()
}

fn loans(parts: &Explanation) -> Vec<Value> {
    let loans = parts.loans.iter();
    loans.map(|loan| json!({"license": loan.name, "quantity": loan.quantity})).collect()
}
