//! Smart Licensing Using Policy: S1 to S3 of rest-api 9.
//!
//! The calls work as they do in the cloud; what they are for does not exist yet,
//! so each item of the answer says that it failed, and why.

use super::super::wire::{Bad, Fields};
use super::call::{Call, ok};
use super::family::{Answer, Policy};
use crate::engine::PollState;
use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Seconds between polls; clients ignore it (proven; rest-api S1).
const INTERVAL: i64 = 300;
/// The most product instances in one call (ours).
const MOST: usize = 1_000;

const AUTHORIZATIONS: &str = "authorizations";
const ACKNOWLEDGEMENTS: &str = "acknowledgements";

/// The first answer. `message` is null here and only here (proven; rest-api 0.9).
/// No text of ours holds a digit after a blank or a colon (proven; rest-api 0.7).
#[derive(Serialize)]
struct Accepted<'a> {
    status: &'static str,
    message_code: Option<&'a str>,
    message: Option<&'a str>,
    timestamp: Value,
    nonce: Value,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    poll_id: i64,
    poll_interval: i64,
    action: &'static str,
}

/// S1: asks for authorization codes.
pub async fn request_authorization(call: Call<Policy>) -> Answer<Policy> {
    let data = call.fields.object("data")?;
    let wanted = data.objects("licenses", MOST)?;
    let authorizations = wanted.iter().map(refused_authorization).collect();
    accept(&call, &data, AUTHORIZATIONS, &Authorizations { authorizations }).await
}

/// S2: reports usage.
pub async fn report_usage(call: Call<Policy>) -> Answer<Policy> {
    let data = call.fields.object("data")?;
    let reports = data.objects("reports", MOST)?;
    let acknowledgements = reports.iter().map(refused_acknowledgement).collect();
    accept(&call, &data, ACKNOWLEDGEMENTS, &Acknowledgements { acknowledgements }).await
}

async fn accept(
    call: &Call<Policy>,
    data: &Fields,
    action: &'static str,
    answer: &impl Serialize,
) -> Answer<Policy> {
    let (timestamp, nonce) = echoes(data)?;
    let answer = serde_json::to_string(answer)
        .map_err(|error| Bad::field("data", format!("it cannot be echoed: {error}")))?;
    let poll_id = call.engine.open_poll(&call.who, place(call)?, action, answer).await?;
    Ok(HttpResponse::Accepted().json(Accepted {
        status: "OK_POLL",
        message_code: None,
        message: None,
        timestamp,
        nonce,
        kind: None,
        poll_id,
        poll_interval: INTERVAL,
        action,
    }))
}

/// The place of a call, by the numbers of A3 (proven; rest-api 9).
fn place(call: &Call<Policy>) -> Result<(i64, Option<i64>), Bad> {
    let number = |name: &str| match call.header(name) {
        None => Ok(None),
        Some(text) => text.trim().parse::<i64>().map(Some).map_err(|_| {
            Bad::field(name, "it is not the number of an account, as accounts/search tells it")
        }),
    };
    let account = "X-CSW-SMART-ACCOUNT-ID";
    let missing = || Bad::field(account, "the header is missing");
    Ok((number(account)?.ok_or_else(missing)?, number("X-CSW-VIRTUAL-ACCOUNT-ID")?))
}

fn echoes(data: &Fields) -> Result<(Value, Value), Bad> {
    let timestamp = data.whole("timestamp")?.map_or(Value::Null, Value::from);
    data.text("nonce")?;
    Ok((timestamp, data.echo("nonce")))
}

#[derive(Serialize)]
struct Authorizations {
    authorizations: Vec<Authorization>,
}

#[derive(Serialize)]
struct Authorization {
    product_instance_identifier: Option<String>,
    sudi: Value,
    smart_license: Option<String>,
    auth_status: [(); 0],
    /// Null would read as success (proven; rest-api S3).
    error_code: &'static str,
    status: &'static str,
    status_message: &'static str,
}

#[derive(Serialize)]
struct Acknowledgements {
    acknowledgements: Vec<Acknowledgement>,
}

#[derive(Serialize)]
struct Acknowledgement {
    sudi: Value,
    software_tag_identifier: Value,
    smart_license: Option<String>,
    error_code: &'static str,
    status: &'static str,
    status_message: &'static str,
}

fn refused_authorization(entry: &Fields) -> Authorization {
    Authorization {
        product_instance_identifier: None,
        sudi: entry.echo("sudi"),
        smart_license: None,
        auth_status: [],
        error_code: "NOT_AVAILABLE",
        status: "FAILED",
        status_message: "Authorization codes are not available in this version of Syncom.",
    }
}

fn refused_acknowledgement(entry: &Fields) -> Acknowledgement {
    Acknowledgement {
        sudi: entry.echo("sudi"),
        software_tag_identifier: entry.echo("software_tag_identifier"),
        smart_license: None,
        error_code: "NOT_AVAILABLE",
        status: "FAILED",
        status_message: "Usage reports are not processed in this version of Syncom.",
    }
}

/// `message` is text while the work goes on: on null GVE crashes (proven; rest-api 0.9).
#[derive(Serialize)]
struct Working<'a> {
    status: &'static str,
    message_code: &'static str,
    message: &'static str,
    timestamp: Value,
    nonce: Value,
    #[serde(rename = "type")]
    kind: &'a str,
    poll_id: i64,
    poll_interval: i64,
    action: &'a str,
}

#[derive(Serialize)]
struct Complete<'a> {
    status: &'static str,
    message_code: &'static str,
    message: &'static str,
    timestamp: Value,
    nonce: Value,
    #[serde(rename = "type")]
    kind: &'a str,
    correlation_id: String,
    data: Box<RawValue>,
}

/// S3: asks what has become of a call; early polls work (proven; rest-api S1).
pub async fn poll(call: Call<Policy>) -> Answer<Policy> {
    let data = call.fields.object("data")?;
    let poll_id = data.amount("poll_id")?;
    let action = data.needed_word("action", action, "authorizations or acknowledgements")?;
    let echoes = echoes(&data)?;
    let state = call.engine.poll(&call.who, poll_id, action).await?;
    Ok(polled(&call, state, (poll_id, action), echoes))
}

fn action(word: &str) -> Option<&'static str> {
    [AUTHORIZATIONS, ACKNOWLEDGEMENTS].into_iter().find(|known| *known == word)
}

fn polled(
    call: &Call<Policy>,
    state: PollState,
    (poll_id, kind): (i64, &'static str),
    (timestamp, nonce): (Value, Value),
) -> HttpResponse {
    let (message_code, message) = ("", "");
    match state {
        PollState::Working => ok(&Working {
            status: "OK_POLL",
            message_code,
            message,
            timestamp,
            nonce,
            kind,
            poll_id,
            poll_interval: INTERVAL,
            action: kind,
        }),
        PollState::Done(answer) => ok(&Complete {
            status: "COMPLETE",
            message_code,
            message,
            timestamp,
            nonce,
            kind,
            correlation_id: call.engine.ids().uuid(call.engine.now()).to_string(),
            data: RawValue::from_string(answer).unwrap_or_default(),
        }),
    }
}
