//! `/_syncom/sync/…`: files that a person carries, for `syncom sync`. Ours, not Cisco's.

use super::on_prem::{Basic, File};
use crate::domain;
use crate::domain::standing::SyncKind;
use crate::engine::Carried;
use crate::engine::uplink::Login;
use crate::web::error::Problem;
use crate::web::extract::LabSite;
use crate::web::pages::sent_sync::download;
use actix_web::web::{Json, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::json;

/// Mounts the endpoints.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(export).service(import);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    account: String,
    #[serde(default = "standard")]
    kind: String,
}

fn standard() -> String {
    SyncKind::Standard.code().to_owned()
}

/// The file of a local account, or of an On-Prem, that is to be carried to the other side.
#[post("/sync/export")]
async fn export(
    LabSite(engine): LabSite,
    Basic(by): Basic,
    Json(asked): Json<Export>,
) -> Result<HttpResponse, Problem> {
    let kind = SyncKind::parse(&asked.kind).ok_or_else(|| {
        domain::Error::invalid("kind", format!("'{}' is neither standard nor full", asked.kind))
    })?;
    let login = Login { user: by.user, password: by.password };
    Ok(answer(engine.export_file(login, asked.account, kind).await?))
}

/// Takes a file that came from the other side.
#[post("/sync/import")]
async fn import(
    LabSite(engine): LabSite,
    Basic(by): Basic,
    File(file): File,
) -> Result<HttpResponse, Problem> {
    let login = Login { user: by.user, password: by.password };
    Ok(answer(engine.import_file(login, file).await?))
}

fn answer(carried: Carried) -> HttpResponse {
    match carried {
        Carried::File { name, what, file } => download(&name, &what, file),
        Carried::Taken(said) => HttpResponse::Ok().json(json!({ "said": said })),
    }
}
