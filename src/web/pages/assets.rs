//! Stylesheet, script and pictures, embedded in the binary.

use super::ask::Ask;
use super::error::nowhere;
use crate::crypto::secret::digest;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

/// A file that every page may load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The name below `/static/`.
    pub name: &'static str,
    /// The media type.
    pub content_type: &'static str,
    /// The text of the file.
    pub body: &'static str,
}

/// All of them; there is no other file below `/static/`.
pub const ALL: [Asset; 5] = [
    Asset {
        name: "syncom.css",
        content_type: "text/css; charset=utf-8",
        body: include_str!("../../../templates/static/syncom.css"),
    },
    Asset {
        name: "syncom.js",
        content_type: "text/javascript; charset=utf-8",
        body: include_str!("../../../templates/static/syncom.js"),
    },
    Asset {
        name: "icons.svg",
        content_type: "image/svg+xml",
        body: include_str!("../../../templates/static/icons.svg"),
    },
    Asset {
        name: "mark.svg",
        content_type: "image/svg+xml",
        body: include_str!("../../../templates/static/mark.svg"),
    },
    Asset {
        name: "mark-satellite.svg",
        content_type: "image/svg+xml",
        body: include_str!("../../../templates/static/mark-satellite.svg"),
    },
];

/// Serves an asset. Browsers ask each time whether it changed, so that a new
/// version of the program never meets an old stylesheet.
pub async fn deliver(request: HttpRequest, ask: Ask) -> HttpResponse {
    let Some(asset) = find(ask.file()) else { return nowhere(request, ask).await };
    let tag = format!("\"{}\"", digest(asset.body));
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| known == tag);
    let mut answer = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-cache"));
    answer.insert_header((CONTENT_TYPE, asset.content_type));
    if same { answer.finish() } else { answer.body(asset.body) }
}

/// The asset called `name`.
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-SHL-08: pages stay light enough to be usable anywhere.
    #[test]
    fn the_stylesheet_and_the_script_stay_small() {
        let size = |name| find(name).unwrap().body.len();
        assert!(size("syncom.css") < 30 * 1024, "{}", size("syncom.css"));
        assert!(size("syncom.js") < 20 * 1024, "{}", size("syncom.js"));
        for asset in ALL.iter().filter(|a| a.content_type.starts_with("image/")) {
            assert!(asset.body.len() < 10 * 1024, "{}", asset.name);
        }
    }

    /// A policy of `default-src 'self'` would block them.
    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for asset in &ALL {
            for forbidden in ["data:", "@import", "url(http", "eval(", "innerHTML"] {
                assert!(!asset.body.contains(forbidden), "{} has {forbidden}", asset.name);
            }
        }
    }
}
