//! The form of a new contract.

use super::base;
use crate::domain;
use crate::domain::Error;
use crate::domain::active_user::{
    Contract, Currency, Deployed, Missing, MonthRule, NewContract, Price, Remainder, Rounding,
    Settings, Variant,
};
use crate::domain::hub::Organization;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::help;
use crate::web::pages::hub::frame::outside;
use crate::web::pages::satellite::form::{FormPage, Input, Kind, number, refused};
use crate::web::pages::view::Choice;
use actix_web::HttpResponse;

const ADDRESS: &str = "/flex/contracts/new";

/// The empty form.
pub async fn blank(ask: Ask) -> HttpResponse {
    show(&ask, contract_form(&ask, &Fields::default())).await
}

/// Opens the contract, or says what is wrong.
pub async fn open(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let key = fields.get("organization");
        let opened = match wish(fields) {
            Ok(wish) => ask.engine().au_open(&ask.visit.who, key, wish).await,
            Err(error) => Err(error.into()),
        };
        match opened {
            Ok(one) => Ok(ask.done(&base(one.id), begun(&one))),
            Err(error) => refused(ask, &error, contract_form(ask, fields)).await,
        }
    })
    .await
}

fn begun(one: &Contract) -> String {
    format!("{} begins with an AU Minimum of {}.", one.name, one.minimum)
}

/// A number that may be left out.
pub(super) fn optional(fields: &Fields, key: &'static str) -> domain::Result<Option<i64>> {
    fields.some(key).map(|_| number(fields, key)).transpose()
}

fn wish(fields: &Fields) -> domain::Result<NewContract> {
    let variant = Variant::of("variant", fields.get("variant"))?;
    let starts = fields.get("starts");
    let currency = Currency::of("currency", fields.get("currency"))?;
    let affiliates = fields.get("affiliates").lines().map(str::trim);
    Ok(NewContract {
        name: fields.get("name").to_owned(),
        variant,
        settings: settings(fields, variant)?,
        starts: starts
            .parse()
            .map_err(|_| Error::invalid("starts", format!("'{starts}' is not like 2026-01-15")))?,
        months: number(fields, "months")?,
        headcount_kw: optional(fields, "headcount_kw")?,
        employees: optional(fields, "employees")?,
        active_users: optional(fields, "active_users")?,
        migrating: optional(fields, "migrating")?,
        affiliates: affiliates.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        price: Price::parse(fields.get("price"), currency)?,
    })
}

fn settings(fields: &Fields, variant: Variant) -> domain::Result<Settings> {
    let remainder = match fields.some("remainder") {
        Some(code) => Remainder::of("remainder", code)?,
        None => variant.terms().remainder,
    };
    Ok(Settings {
        rounding: Rounding::of("rounding", fields.get("rounding"))?,
        months: MonthRule::of("month_rule", fields.get("month_rule"))?,
        remainder,
        deployed: Deployed::of("deployed", fields.get("deployed"))?,
        missing: Missing::of("missing", fields.get("missing"))?,
        enterprise_agreement: fields.yes("enterprise_agreement"),
    })
}

async fn contract_form(ask: &Ask, fields: &Fields) -> Result<FormPage, Failure> {
    let places = ask.engine().au_places(&ask.visit.who).await?;
    if places.is_empty() {
        return Err(Error::not_found("customer for whom you open contracts", "you").into());
    }
    let mut inputs = what(&places, fields);
    inputs.extend(numbers(fields));
    inputs.extend(setting_inputs(fields));
    Ok(FormPage {
        frame: outside(ask).await?,
        title: "New Contract".to_owned(),
        lead:
            "The clause decides what a minimum is made of; the settings decide what it leaves open."
                .to_owned(),
        action: ADDRESS.to_owned(),
        inputs,
        refused: None,
        button: "Open Contract".to_owned(),
        cancel: "/flex/contracts".to_owned(),
        topic: help::CONTRACT,
    })
}

/// A choice of some words; the first one unless something was sent.
fn choice(
    key: &'static str,
    label: &'static str,
    rows: &[(&str, String)],
    fields: &Fields,
) -> Input {
    let sent = fields.get(key);
    let choices = rows.iter().map(|(code, text)| Choice::new(*code, text, *code == sent));
    Input::new(key, label, Kind::Choice(choices.collect()), sent)
}

fn what(places: &[Organization], fields: &Fields) -> Vec<Input> {
    let customers = places.iter().filter(|place| place.partner.is_some());
    let customers: Vec<(&str, String)> =
        customers.map(|place| (place.key.as_str(), place.name.clone())).collect();
    let variant = |one: Variant| {
        let terms = one.terms();
        (one.code(), format!("{} (clause {})", terms.name, terms.clause))
    };
    let terms: Vec<(&str, String)> = ["12", "24", "36", "48", "60"]
        .into_iter()
        .map(|months| (months, format!("{months} months")))
        .collect();
    let line = |key, label, hint: &str| {
        Input::new(key, label, Kind::Line("text"), fields.get(key)).hint(hint)
    };
    vec![
        choice("organization", "Customer", &customers, fields),
        line("name", "Name", "Unique at the customer."),
        choice("variant", "Clause", &Variant::ALL.map(variant), fields),
        line("starts", "First day", "Such as 2026-01-15; months and anniversaries count from it."),
        choice("months", "Term", &terms, fields),
    ]
}

fn numbers(fields: &Fields) -> Vec<Input> {
    let count = |key, label, hint: &str| {
        Input::new(key, label, Kind::Number(""), fields.get(key)).hint(hint)
    };
    vec![
        count("headcount_kw", "Knowledge workers", "For the 15 % clauses: at least 250."),
        count("employees", "Employees", "For the 10 % clause."),
        count("active_users", "Active Users ordered", "For clauses without a minimum."),
        count("migrating", "Active Users of the older subscription", "Only for those who migrate."),
        Input::new(
            "price",
            "Price of an Active User and month",
            Kind::Line("text"),
            fields.get("price"),
        )
        .hint("Such as 10 or 9.50."),
        choice(
            "currency",
            "Currency",
            &Currency::ALL.map(|one| (one.code(), one.code().to_owned())),
            fields,
        ),
        Input::new("affiliates", "Affiliates on the order", Kind::Lines, fields.get("affiliates"))
            .hint("One on each line; their people count."),
    ]
}

fn setting_inputs(fields: &Fields) -> Vec<Input> {
    let rows = |rows: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        rows.iter().map(|(code, text)| (*code, (*text).to_owned())).collect()
    };
    let rounding =
        rows(&[("ceil", "Up"), ("half_up", "To the nearest, a half up"), ("floor", "Down")]);
    let months = rows(&[("anchored", "From the first day on"), ("calendar", "Of the calendar")]);
    let remainder = rows(&[
        ("", "As the clause says"),
        ("renewal_term", "The annual Renewal Term"),
        ("subscription_term", "The subscription term"),
    ]);
    let deployed =
        rows(&[("month_11", "When month 11 ends"), ("anniversary", "When the year ends")]);
    let missing = rows(&[("confirm", "The True Forward waits"), ("zero", "It counts 0")]);
    let agreement = fields.get("enterprise_agreement");
    vec![
        choice("rounding", "Fractions become whole", &rounding, fields),
        choice("month_rule", "Months", &months, fields),
        choice("remainder", "Fees are owed for the rest of", &remainder, fields),
        choice("deployed", "Knowledge workers are counted", &deployed, fields),
        choice("missing", "A month without data", &missing, fields),
        Input::new(
            "enterprise_agreement",
            "Part of an Enterprise Agreement: billed 60 days after the anniversary",
            Kind::Tick,
            agreement,
        ),
    ]
}
