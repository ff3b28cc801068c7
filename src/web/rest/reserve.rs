//! License reservation: R1 to R3 of rest-api 8, which this version does not have.
//!
//! The refusal carries the array that clients index (proven): SLA reads the text
//! of its first entry. Its status is not 200, because the published `mcssmapi`
//! tells success from failure by the status alone.

use super::call::Call;
use super::family::{Answer, Failure, Reservations};
use actix_web::http::StatusCode;

const TEXT: &str = "License reservation is not available in this version of Syncom.";

/// R1 to R3: says that there is no reservation here.
pub async fn refuse(call: Call<Reservations>) -> Answer<Reservations> {
    call.engine.virtual_account(&call.who, &call.domain()?, call.va()?).await?;
    Err(Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "not_available", TEXT))
}
