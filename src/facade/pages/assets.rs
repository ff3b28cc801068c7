//! Stylesheet, script and pictures: those of the portal, and the colours of a product.

use crate::crypto::secret::digest;
use crate::facade::faults::Fault;
use crate::web::pages::assets::{Asset, find};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

const OWN: [Asset; 2] = [
    Asset {
        name: "device.css",
        content_type: "text/css; charset=utf-8",
        body: include_str!("../../../templates/static/device.css"),
    },
    Asset {
        name: "mark-device.svg",
        content_type: "image/svg+xml",
        body: include_str!("../../../templates/static/mark-device.svg"),
    },
];

/// Serves a file; browsers ask each time whether it changed.
pub async fn deliver(request: HttpRequest, file: Path<String>) -> Result<HttpResponse, Fault> {
    let own = OWN.iter().find(|asset| asset.name == file.as_str());
    let asset = own.or_else(|| find(&file));
    let asset = asset.ok_or_else(|| Fault::NotFound(format!("file {file}")))?;
    let tag = format!("\"{}\"", digest(asset.body));
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| known == tag);
    let mut answer = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-cache"));
    answer.insert_header((CONTENT_TYPE, asset.content_type));
    Ok(if same { answer.finish() } else { answer.body(asset.body) })
}
