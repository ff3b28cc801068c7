//! Keys for export-restricted licenses: from the message to the use case and back.

use crate::domain::export_key::Wish;
use crate::engine::{self, Engine, Origin};
use crate::protocol::answers::{AnswerBody, Millis};
use crate::protocol::export_key::{Action, ExportKey, ExportKeyAnswer};
use uuid::Uuid;

/// Answers an `EXPORT_KEY`.
pub(super) async fn grant(
    engine: &Engine,
    body: &ExportKey,
    origin: Origin,
) -> engine::Result<(Uuid, AnswerBody)> {
    let wish = match body.action {
        Action::Request => Wish::Request,
        Action::Return => Wish::Return,
        Action::Cancel => Wish::Cancel,
    };
    let license = body.license.clone();
    let told = engine.export_key(engine::ExportKeyRequest { origin, wish, license }).await?;
    let answer = ExportKeyAnswer {
        license: body.license.clone(),
        display_name: Some(told.license.name),
        granted_at: told.granted_at.map(Millis),
    };
    Ok((told.instance.id.0, AnswerBody::ExportKey(answer)))
}
