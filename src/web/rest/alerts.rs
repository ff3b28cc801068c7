//! Alerts and expiring lines of the newer gateway (documented; rest-api 13.2).

use super::super::wire::Bad;
use super::call::{Call, ok};
use super::family::{Answer, Lists};
use crate::domain::Timestamp;
use crate::domain::alert::Alert;
use crate::domain::cause::{ActionDue, Cause, Severity};
use chrono::NaiveDate;
use serde::Serialize;

/// What `limit: -1` gives at most (documented; rest-api 13.2).
const MOST: usize = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    status: &'static str,
    status_message: &'static str,
    total_records: usize,
    alerts: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    virtual_account: String,
    message: String,
    license: Option<String>,
    severity: &'static str,
    message_type: &'static str,
    license_start_date: Option<String>,
    license_end_date: Option<String>,
    action_due: String,
    source: String,
    source_type: &'static str,
    product_instance_host_name: Option<String>,
    satellite_name: Option<String>,
}

/// The alerts of the named virtual accounts, or of all that the caller sees.
pub async fn list(call: Call<Lists>) -> Answer<Lists> {
    let (names, window) = (call.fields.texts("virtualAccounts")?, call.window()?);
    let wanted = severities(&call.fields.texts("severity")?)?;
    let found = call.engine.alerts_of(&call.who, &call.domain()?, names).await?;
    let fits = |alert: &Alert| wanted.is_empty() || wanted.contains(&alert.cause.severity());
    let rows: Vec<Alert> = found.alerts.into_iter().filter(fits).collect();
    let total_records = rows.len();
    let alerts = window.cut(rows).iter().take(MOST).map(Row::from).collect();
    Ok(ok(&Listed { status: "COMPLETE", status_message: "", total_records, alerts }))
}

fn severities(words: &[String]) -> Result<Vec<Severity>, Bad> {
    let known = |word: &String| {
        Severity::parse(word)
            .filter(|severity| *severity != Severity::Informational)
            .ok_or_else(|| Bad::field("severity", format!("{word} is not minor or major")))
    };
    words.iter().map(known).collect()
}

impl From<&Alert> for Row {
    fn from(alert: &Alert) -> Self {
        let cause = &alert.cause;
        let of_account = alert.virtual_account.is_none();
        Self {
            virtual_account: if of_account { String::new() } else { alert.source.clone() },
            message: alert.message(),
            license: license(cause),
            severity: cause.severity().name(),
            message_type: cause.kind(),
            license_start_date: cause.ending().map(|ending| long(ending.starts)),
            license_end_date: cause.ending().map(|ending| long(ending.ends)),
            action_due: match cause.action_due() {
                ActionDue::Now => "Now".to_owned(),
                ActionDue::By(at) => long(Timestamp::date(at)),
                ActionDue::Never => String::new(),
            },
            source: alert.source.clone(),
            source_type: match cause {
                Cause::OnPrem(_) => "Satellite",
                _ if of_account => "Smart Account",
                _ => "Virtual Account",
            },
            product_instance_host_name: instance(cause),
            satellite_name: satellite(cause),
        }
    }
}

fn license(cause: &Cause) -> Option<String> {
    match cause {
        Cause::Insufficient { license, .. } | Cause::RestrictedNotAvailable { license, .. } => {
            Some(license.clone())
        }
        other => other.ending().map(|ending| ending.license.clone()),
    }
}

fn instance(cause: &Cause) -> Option<String> {
    match cause {
        Cause::FailedToConnect { name, .. }
        | Cause::FailedToRenew { name, .. }
        | Cause::RestrictedNotAvailable { name, .. } => Some(name.clone()),
        Cause::Insufficient { .. }
        | Cause::UpdatedAgreement { .. }
        | Cause::AgreementPending
        | Cause::Expiring(_)
        | Cause::Expired { .. }
        | Cause::ReservedExpired(_)
        | Cause::OnPrem(_)
        | Cause::Local { .. }
        | Cause::Notice { .. } => None,
    }
}

fn satellite(cause: &Cause) -> Option<String> {
    match cause {
        Cause::OnPrem(cause) => Some(cause.name.clone()),
        _ => None,
    }
}

/// `Jun 10, 2019`.
fn long(date: NaiveDate) -> String {
    date.format("%b %-d, %Y").to_string()
}
