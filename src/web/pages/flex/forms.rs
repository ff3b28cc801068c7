//! Renewals, orders and corrections.

use super::new::optional;
use super::{base, id};
use crate::domain;
use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{Adjustment, Contract, OrderLine, Renewal};
use crate::domain::hub::Permission;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::help::{self, Topic};
use crate::web::pages::hub::frame::at;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, number, refused};
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;

/// A form of a contract.
async fn form(
    ask: &Ask,
    (path, title, lead): (&str, &str, &str),
    inputs: Vec<Input>,
    topic: Topic,
) -> Result<FormPage, Failure> {
    let view = ask.engine().au_contract(&ask.visit.who, id(ask)?, None).await?;
    view.desk.require(Permission::ManageOrders)?;
    let address = base(view.contract.id);
    Ok(FormPage {
        frame: at(ask, &view.desk, "contracts").await?,
        title: format!("{title} {}", view.contract.name),
        lead: lead.to_owned(),
        action: format!("{address}/{path}"),
        inputs,
        refused: None,
        button: title.to_owned(),
        cancel: address,
        topic,
    })
}

/// The form of a renewal.
pub async fn ask_renew(ask: Ask) -> HttpResponse {
    show(&ask, renewal(&ask, &Fields::default())).await
}

async fn renewal(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let months = ["12", "24", "36", "48", "60"].map(|months| {
        Choice::new(months, format!("{months} months"), months == fields.get("months"))
    });
    let headcount = Input::new("headcount", "Headcount", Kind::Number(""), fields.get("headcount"));
    let reset = "Make the minimum anew of the headcount";
    let inputs = vec![
        Input::new("months", "Term", Kind::Choice(months.into()), fields.get("months")),
        headcount.hint("Knowledge workers or employees, as the clause has it; empty keeps it."),
        Input::new("reset", reset, Kind::Tick, fields.get("reset")),
    ];
    let lead = "The term that follows the present one.";
    form(ask, ("renew", "Renew", lead), inputs, help::CONTRACT_TERM).await
}

/// Renews, or says what is wrong.
pub async fn renew(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, id) = (&ask.visit.who, id(ask)?);
        let done = match term(fields) {
            Ok(wish) => ask.engine().au_renew(who, id, wish).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(one) => Ok(ask.done(&base(id), format!("{} is renewed.", one.name))),
            Err(error) => refused(ask, &error, renewal(ask, fields)).await,
        }
    })
    .await
}

fn term(fields: &Fields) -> domain::Result<Renewal> {
    let (months, headcount) = (number(fields, "months")?, optional(fields, "headcount")?);
    Ok(Renewal { months, headcount, reset: fields.yes("reset") })
}

/// The form of an order.
pub async fn ask_order(ask: Ask) -> HttpResponse {
    show(&ask, ordering(&ask, &Fields::default())).await
}

async fn ordering(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let sent = fields.get("service");
    let none = Choice::new("", "None", sent.is_empty());
    let services = Service::ALL.map(|one| Choice::new(one.code(), one.name(), one.code() == sent));
    let services = std::iter::once(none).chain(services).collect();
    let line = Input::new("number", "Order number", Kind::Line("text"), fields.get("number"));
    let headcount = Input::new("headcount", "Headcount", Kind::Number(""), fields.get("headcount"));
    let inputs = vec![
        line.hint("Unique in the contract."),
        Input::new("service", "Service", Kind::Choice(services), sent),
        Input::new("quantity", "Quantity", Kind::Number(""), fields.get("quantity")),
        headcount.hint("If it has changed; it counts at the next True Forward."),
    ];
    let lead = "Entitlements to a service, or another headcount.";
    form(ask, ("order", "Order for", lead), inputs, help::CONTRACT_ORDER).await
}

/// Places an order, or says what is wrong.
pub async fn place_order(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, id) = (&ask.visit.who, id(ask)?);
        let done = match lines(fields) {
            Ok(wish) => ask.engine().au_order(who, id, wish).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(one) => Ok(ask.done(&base(id), format!("Order {} came in.", one.number))),
            Err(error) => refused(ask, &error, ordering(ask, fields)).await,
        }
    })
    .await
}

fn lines(fields: &Fields) -> domain::Result<(String, Vec<OrderLine>, Option<i64>)> {
    let line = match fields.some("service") {
        None => None,
        Some(code) => {
            let quantity = number(fields, "quantity")?;
            Some(OrderLine { service: Service::of("service", code)?, quantity })
        }
    };
    let lines = line.into_iter().collect();
    Ok((fields.get("number").to_owned(), lines, optional(fields, "headcount")?))
}

/// The form of a correction.
pub async fn ask_adjust(ask: Ask) -> HttpResponse {
    show(&ask, correcting(&ask, &Fields::default())).await
}

async fn correcting(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let line = |key, label| Input::new(key, label, Kind::Line("text"), fields.get(key));
    let count = |key, label| Input::new(key, label, Kind::Number(""), fields.get(key));
    let inputs = vec![
        line("reference", "Reference").hint("A correction of that name is made once."),
        count("minimum", "Change of the AU Minimum").hint("Such as -5; empty leaves it."),
        count("fee_minor", "Fee in minor units").hint("A credit is negative; empty is none."),
        line("reason", "Reason"),
    ];
    let lead = "What was settled stays; the correction is a row beside it.";
    form(ask, ("adjust", "Correct", lead), inputs, help::CONTRACT_ORDER).await
}

/// Corrects, or says what is wrong.
pub async fn adjust(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let (who, id) = (&ask.visit.who, id(ask)?);
        let done = match correction(fields) {
            Ok(wish) => ask.engine().au_adjust(who, id, wish).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(one) => Ok(ask.done(&base(id), corrected(&one))),
            Err(error) => refused(ask, &error, correcting(ask, fields)).await,
        }
    })
    .await
}

fn corrected(one: &Contract) -> String {
    format!("The AU Minimum of {} is {}.", one.name, one.minimum)
}

fn correction(fields: &Fields) -> domain::Result<Adjustment> {
    Ok(Adjustment {
        reference: fields.get("reference").to_owned(),
        minimum: optional(fields, "minimum")?.unwrap_or_default(),
        fee_minor: optional(fields, "fee_minor")?.unwrap_or_default(),
        reason: fields.get("reason").to_owned(),
    })
}
