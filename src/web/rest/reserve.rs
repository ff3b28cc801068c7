//! License reservation: R1 to R3 of rest-api 8, and the forms of the newer gateway (13.3).
//!
//! The array that clients index is there in refusals too (proven): SLA reads the text of its first
//! entry, EZ its code. When nothing at all was done the status is not 200, because the published
//! `mcssmapi` tells success from failure by the status alone.

use super::super::error;
use super::super::wire::{Bad, Fields};
use super::call::Call;
use super::devices::{Sudi, device};
use super::family::{Answer, Reservations};
use super::licenses::precedence;
use super::outcomes::{ItemStatus, overall};
use crate::domain;
use crate::domain::reservation::Kind;
use crate::domain::transfer::Precedence;
use crate::engine::{
    self, Issued, NamedConfirmation, NamedLicense, NamedReservation, NamedUpdate, ReservedLicense,
    VaRef,
};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

/// The most reservations in one call, and the most licenses in one of them (ours).
const MOST: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuance<'a> {
    status: &'static str,
    status_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_codes: Option<Vec<Item<'a>>>,
    /// The newer gateway's own spelling for updates in v1 (documented).
    #[serde(rename = "autorizationCodes", skip_serializing_if = "Option::is_none")]
    misspelled: Option<Vec<Item<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(flatten)]
    outcome: ItemStatus,
    authorization_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_code: Option<&'a str>,
    sudi: Option<Sudi<'a>>,
    product_tag_name: Option<&'a str>,
    product_instance: Option<String>,
    product_type: Option<&'a str>,
    licenses: Vec<Reserved<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reserved<'a> {
    license_type: &'static str,
    quantity: i64,
    end_date: Option<String>,
    name: &'a str,
}

impl<'a> From<&'a ReservedLicense> for Reserved<'a> {
    fn from(license: &'a ReservedLicense) -> Self {
        let line = license.line.as_ref();
        Self {
            license_type: line.map_or("PERPETUAL", |line| line.license_type.name()),
            quantity: license.quantity,
            end_date: line.and_then(|line| line.ends).map(|day| day.to_string()),
            name: &license.entitlement.name,
        }
    }
}

impl<'a> Item<'a> {
    fn of(outcome: &'a Result<Issued, domain::Error>, asked: Option<&'a str>) -> Self {
        let issued = outcome.as_ref().ok();
        Self {
            outcome: ItemStatus::new(outcome, "Authorization code generated successfully"),
            authorization_code: issued.map(|issued| issued.authorization.code.as_str()),
            reservation_code: asked,
            sudi: issued.map(|issued| Sudi::from(&issued.instance.udi)),
            product_tag_name: issued.map(|issued| issued.instance.software_tag.as_str()),
            product_instance: issued.map(|issued| issued.instance.name()),
            product_type: issued.map(|issued| issued.instance.product_name.as_str()),
            licenses: issued
                .map(|issued| issued.licenses.iter().map(Reserved::from).collect())
                .unwrap_or_default(),
        }
    }
}

/// 200 when anything was done, else the status of the first refusal.
fn status<T>(outcomes: &[Result<T, domain::Error>]) -> StatusCode {
    let refusals = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let first = refusals.clone().next().filter(|_| refusals.count() == outcomes.len());
    let Some(first) = first else { return StatusCode::OK };
    match error::status(&engine::Error::Domain(first.clone())).0 {
        StatusCode::CONFLICT => StatusCode::UNPROCESSABLE_ENTITY,
        other => other,
    }
}

fn answer(outcomes: &[Result<Issued, domain::Error>], asked: &[String]) -> HttpResponse {
    let (overall, good) = overall(outcomes);
    let codes = outcomes.iter().enumerate();
    let codes = codes.map(|(i, outcome)| Item::of(outcome, asked.get(i).map(String::as_str)));
    HttpResponse::build(status(outcomes)).json(Issuance {
        status: overall,
        status_message: format!("{good} reservation requests processed successfully"),
        authorization_codes: Some(codes.collect()),
        misspelled: None,
    })
}

/// R1: reserves for request codes in one virtual account.
pub async fn reserve(call: Call<Reservations>) -> Answer<Reservations> {
    let va = call.place()?;
    let wanted = requests(&call.fields, &va)?;
    reserve_all(call, wanted).await
}

/// The same in several virtual accounts (documented; 13.3).
pub async fn reserve_bulk(call: Call<Reservations>) -> Answer<Reservations> {
    let mut wanted = Vec::new();
    for place in call.fields.objects("virtualAccounts", MOST)? {
        let va = VaRef::Name(place.needed("name")?.to_owned());
        wanted.extend(requests(&place, &va)?);
    }
    reserve_all(call, wanted).await
}

async fn reserve_all(
    call: Call<Reservations>,
    wanted: Vec<(VaRef, NamedReservation)>,
) -> Answer<Reservations> {
    let asked: Vec<String> = wanted.iter().map(|(_, named)| named.code.clone()).collect();
    let outcomes = call.engine.reserve_named(&call.who, &call.domain()?, wanted).await?;
    Ok(answer(&outcomes, &asked))
}

fn requests(fields: &Fields, va: &VaRef) -> Result<Vec<(VaRef, NamedReservation)>, Bad> {
    let one = |entry: &Fields| -> Result<(VaRef, NamedReservation), Bad> {
        let code = entry.needed("reservationCode")?.to_owned();
        let kind = entry.word("reservationType", Kind::parse, "SPECIFIC or UNIVERSAL")?;
        let licenses = match kind {
            Some(Kind::Specific) => licenses(entry)?,
            None if entry.has("licenses") => licenses(entry)?,
            // No list is needed, and none is looked at (proven: T2).
            Some(Kind::Universal) | None => Vec::new(),
        };
        Ok((va.clone(), NamedReservation { code, kind, licenses }))
    };
    fields.objects("reservationRequests", MOST)?.iter().map(one).collect()
}

fn licenses(entry: &Fields) -> Result<Vec<NamedLicense>, Bad> {
    let orders = "LONGEST_TERM_FIRST or LONGEST_TERM_LAST";
    let one = |entry: &Fields| -> Result<NamedLicense, Bad> {
        let order = entry.word("precedence", precedence, orders)?;
        Ok(NamedLicense {
            license: entry.needed("entitlementTag")?.to_owned(),
            quantity: entry.amount("quantity")?,
            precedence: order.unwrap_or(Precedence::LongestTermFirst),
        })
    };
    entry.objects("licenses", MOST)?.iter().map(one).collect()
}

/// R2: the first phase of an update.
pub async fn update(call: Call<Reservations>) -> Answer<Reservations> {
    let outcomes = updated(&call).await?;
    Ok(answer(&outcomes, &[]))
}

/// The same with the spelling of the newer gateway's v1 (documented; 13.3).
pub async fn update_misspelled(call: Call<Reservations>) -> Answer<Reservations> {
    let outcomes = updated(&call).await?;
    let (overall, good) = overall(&outcomes);
    Ok(HttpResponse::build(status(&outcomes)).json(Issuance {
        status: overall,
        status_message: format!("{good} reservation requests processed successfully"),
        authorization_codes: None,
        misspelled: Some(outcomes.iter().map(|outcome| Item::of(outcome, None)).collect()),
    }))
}

async fn updated(
    call: &Call<Reservations>,
) -> Result<Vec<Result<Issued, domain::Error>>, super::family::Failure<Reservations>> {
    let one = |entry: &Fields| -> Result<NamedUpdate, Bad> {
        Ok(NamedUpdate { device: device(entry)?, licenses: licenses(entry)? })
    };
    let entries = call.fields.objects("reservationUpdateRequests", MOST)?;
    let wanted = entries.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    let va = call.place()?;
    Ok(call.engine.update_named(&call.who, &call.domain()?, va, wanted).await?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Confirmed<'a> {
    status: &'static str,
    status_message: String,
    /// The first of them, which is all that the newer gateway answers (documented).
    data: Option<&'a ConfirmedDevice<'a>>,
    reservation_confirmation_status: &'a [ConfirmedDevice<'a>],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmedDevice<'a> {
    #[serde(flatten)]
    outcome: ItemStatus,
    #[serde(rename = "confirmation_code")]
    confirmation_code: &'a str,
    sudi: Sudi<'a>,
    product_tag_name: Option<&'a str>,
}

/// R3: the second phase of an update.
pub async fn confirm(call: Call<Reservations>) -> Answer<Reservations> {
    let one = |entry: &Fields| -> Result<NamedConfirmation, Bad> {
        let code = entry.needed("confirmationCode")?.to_owned();
        Ok(NamedConfirmation { device: device(entry)?, code })
    };
    let entries = call.fields.objects("reservationConfirmationRequests", MOST)?;
    let wanted = entries.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    let (va, domain) = (call.place()?, call.domain()?);
    let outcomes = call.engine.confirm_named(&call.who, &domain, va, wanted.clone()).await?;
    Ok(confirmed(&outcomes, &wanted))
}

fn confirmed<T>(
    outcomes: &[Result<T, domain::Error>],
    wanted: &[NamedConfirmation],
) -> HttpResponse {
    let all: Vec<ConfirmedDevice<'_>> = outcomes
        .iter()
        .zip(wanted)
        .map(|(outcome, named)| ConfirmedDevice {
            outcome: ItemStatus::new(outcome, "Update confirmed"),
            confirmation_code: &named.code,
            sudi: Sudi::from(&named.device.udi),
            product_tag_name: named.device.product.as_deref(),
        })
        .collect();
    let (overall, good) = overall(outcomes);
    HttpResponse::build(status(outcomes)).json(Confirmed {
        status: overall,
        status_message: format!("{good} updates confirmed"),
        data: all.first(),
        reservation_confirmation_status: &all,
    })
}
