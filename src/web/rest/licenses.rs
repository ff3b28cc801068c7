//! Licenses: L1 to L3 of rest-api 6.

use super::super::wire::{Bad, Fields};
use super::call::{Call, ok};
use super::family::{Answer, Failure, Lists, Transfers};
use super::outcomes::ItemStatus;
use crate::domain::Timestamp;
use crate::domain::license::LicenseType;
use crate::domain::line::{Line, LineStatus};
use crate::domain::transfer::Precedence;
use crate::engine::{LineRow, ListedLicense, NamedLoan, NamedTransfer, TransferPreview};
use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde::Serialize;

/// The most kinds of license in one transfer (documented; rest-api L3).
const MOST_KINDS: usize = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    total_records: usize,
    status: &'static str,
    status_message: &'static str,
    licenses: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    license: &'a str,
    virtual_account: &'a str,
    quantity: i64,
    in_use: i64,
    available: i64,
    status: &'static str,
    billing_type: &'static str,
    aha_apps: bool,
    pending_quantity: i64,
    reserved: i64,
    is_portable: bool,
    license_substitutions: Vec<Substitution<'a>>,
    license_details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    license_type: &'static str,
    quantity: i64,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    subscription_id: Option<&'a str>,
    status: &'static str,
    customer: Option<&'a str>,
    order_number: Option<&'a str>,
    license_sku: &'a str,
    bill_to_po: Option<&'a str>,
    end_customer_po: Option<&'a str>,
    order_line_identifier: Option<&'a str>,
    ship_to: Option<&'a str>,
}

/// So many of the higher tier `license` stand in for `substituted_license`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are those of the wire")]
struct Substitution<'a> {
    license: &'a str,
    substituted_license: &'a str,
    substituted_quantity: i64,
    substitution_type: &'static str,
}

impl<'a> From<&NamedLoan<'a>> for Substitution<'a> {
    fn from(loan: &NamedLoan<'a>) -> Self {
        Self {
            license: loan.from,
            substituted_license: loan.to,
            substituted_quantity: loan.quantity,
            // No client shows a value; the word is ours.
            substitution_type: "TIER",
        }
    }
}

impl<'a> Row<'a> {
    fn new(row: &ListedLicense<'a>, now: Timestamp) -> Self {
        let (standing, row, loans) = (row.standing, row.stock, &row.loans);
        Self {
            license: &row.pool.entitlement.name,
            virtual_account: row.virtual_account.name.as_str(),
            quantity: standing.usable,
            in_use: standing.in_use,
            available: standing.balance,
            status: standing.status.name(),
            billing_type: row.pool.entitlement.billing.name(),
            aha_apps: false,
            pending_quantity: standing.pending,
            reserved: standing.reserved,
            is_portable: false,
            license_substitutions: loans.iter().map(Substitution::from).collect(),
            license_details: row.pool.lines.iter().map(|line| Detail::new(line, now)).collect(),
        }
    }
}

impl<'a> Detail<'a> {
    fn new(line: &'a Line, now: Timestamp) -> Self {
        Self {
            license_type: line.license_type.name(),
            quantity: line.quantity,
            // Perpetual lines have null dates (proven; rest-api L1).
            start_date: line.ends.map(|_| line.starts),
            end_date: line.ends,
            subscription_id: line.origin.subscription_id.as_deref(),
            status: line.status(now).name(),
            customer: None,
            order_number: line.origin.order_number.as_deref(),
            license_sku: line.origin.sku.as_deref().unwrap_or_default(),
            bill_to_po: None,
            end_customer_po: None,
            order_line_identifier: None,
            ship_to: None,
        }
    }
}

/// L1: the licenses of the named virtual accounts, or of all that the caller sees.
pub async fn list(call: Call<Lists>) -> Answer<Lists> {
    let (names, window) = (call.fields.texts("virtualAccounts")?, call.window()?);
    let list = call.engine.license_list(&call.who, &call.domain()?, names).await?;
    let now = call.engine.now();
    let rows = window.cut(list.figures(now));
    Ok(ok(&Listed {
        total_records: list.stocks.len(),
        status: "COMPLETE",
        status_message: "",
        licenses: rows.iter().map(|row| Row::new(row, now)).collect(),
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending<R> {
    total_records: usize,
    status: &'static str,
    status_message: &'static str,
    license_subscriptions: Vec<R>,
}

/// PAN requires each of these fields not to be null (proven; rest-api L2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndingRow<'a> {
    virtual_account: &'a str,
    license: &'a str,
    billing_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    start_date: NaiveDate,
    end_date: NaiveDate,
    status: &'static str,
    subscription_id: &'a str,
}

impl<'a> From<&'a LineRow> for EndingRow<'a> {
    fn from(row: &'a LineRow) -> Self {
        Self {
            virtual_account: row.virtual_account.name.as_str(),
            license: &row.entitlement.name,
            billing_type: row.entitlement.billing.name(),
            quantity: Some(row.line.quantity),
            start_date: row.line.starts,
            end_date: row.line.ends.unwrap_or(row.line.starts),
            status: row.status.word(),
            subscription_id: row.line.origin.subscription_id.as_deref().unwrap_or_default(),
        }
    }
}

/// L2: the license lines that end, the only report of what expires.
pub async fn subscriptions(call: Call<Lists>) -> Answer<Lists> {
    let (total, rows) = ending(&call).await?;
    Ok(listed(total, rows.iter().map(EndingRow::from)))
}

/// All lines that end and are asked for, by number, and the window of them.
async fn ending(call: &Call<Lists>) -> Result<(usize, Vec<LineRow>), Failure<Lists>> {
    let (names, window) = (call.fields.texts("virtualAccounts")?, call.window()?);
    let wanted = statuses(&call.fields)?;
    let rows = call.engine.ending_lines(&call.who, &call.domain()?, names, wanted).await?;
    Ok((rows.len(), window.cut(rows)))
}

fn listed<R: Serialize>(total_records: usize, rows: impl Iterator<Item = R>) -> HttpResponse {
    ok(&Ending {
        total_records,
        status: "COMPLETE",
        status_message: "",
        license_subscriptions: rows.collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewerRow<'a> {
    #[serde(flatten)]
    row: EndingRow<'a>,
    /// A text in this family (documented; rest-api 13.2).
    quantity: String,
}

/// L2 as the newer gateway tells it: the quantity is a text.
pub async fn subscription_usage(call: Call<Lists>) -> Answer<Lists> {
    let (total, rows) = ending(&call).await?;
    Ok(listed(total, rows.iter().map(NewerRow::from)))
}

impl<'a> From<&'a LineRow> for NewerRow<'a> {
    fn from(row: &'a LineRow) -> Self {
        Self {
            row: EndingRow { quantity: None, ..row.into() },
            quantity: row.line.quantity.to_string(),
        }
    }
}

/// The states asked for; `None` for all.
fn statuses(fields: &Fields) -> Result<Option<Vec<LineStatus>>, Bad> {
    let words = fields.texts("status")?;
    let mut wanted = Vec::new();
    for text in &words {
        // Clients write both spellings (proven; rest-api L2).
        let word = match text.trim() {
            word if word.eq_ignore_ascii_case("canceled") => "cancelled",
            word => word,
        };
        wanted.push(LineStatus::parse(word).ok_or_else(|| {
            let rule = "Active, Canceled, Expired, Future or Pending";
            Bad::field("status", format!("{text} is not one of {rule}"))
        })?);
    }
    Ok((!words.is_empty()).then_some(wanted))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transferred {
    status: &'static str,
    status_message: String,
    licenses_transfer_status: Vec<ItemStatus>,
}

/// L3: transfers licenses by name and type, all or nothing.
pub async fn transfer(call: Call<Transfers>) -> Answer<Transfers> {
    let wanted: Vec<NamedTransfer> =
        call.fields.objects("licenses", MOST_KINDS)?.iter().map(asked).collect::<Result<_, _>>()?;
    let (domain, from) = (call.domain()?, call.va()?);
    let done = call.engine.transfer_named(&call.who, &domain, from, wanted).await?;
    let quantity: i64 = done.iter().map(|preview| preview.plan.quantity).sum();
    Ok(ok(&Transferred {
        status: "SUCCESS",
        status_message: format!("{quantity} licenses transferred successfully"),
        licenses_transfer_status: done.iter().map(transferred).collect(),
    }))
}

fn asked(entry: &Fields) -> Result<NamedTransfer, Bad> {
    let types = "PERPETUAL, TERM, SUBSCRIPTION or DEMO";
    let orders = "LONGEST_TERM_FIRST or LONGEST_TERM_LAST";
    let precedence = entry.word("precedence", precedence, orders)?;
    Ok(NamedTransfer {
        license: entry.needed("license")?.to_owned(),
        license_type: entry.needed_word("licenseType", LicenseType::parse, types)?,
        quantity: entry.amount("quantity")?,
        to: entry.needed("targetVirtualAccount")?.to_owned(),
        // What clients send when they send anything (proven; rest-api 8).
        precedence: precedence.unwrap_or(Precedence::LongestTermFirst),
    })
}

/// In which order lines serve a request.
pub(super) fn precedence(word: &str) -> Option<Precedence> {
    match word.to_ascii_uppercase().as_str() {
        "LONGEST_TERM_FIRST" => Some(Precedence::LongestTermFirst),
        "LONGEST_TERM_LAST" => Some(Precedence::LongestTermLast),
        _ => None,
    }
}

fn transferred(preview: &TransferPreview) -> ItemStatus {
    ItemStatus {
        status: "SUCCESS",
        status_message: format!(
            "{} {} transferred from {} to {}",
            preview.plan.quantity,
            preview.entitlement.name,
            preview.from.name.as_str(),
            preview.to.name.as_str()
        ),
    }
}
