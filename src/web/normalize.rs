//! Addresses as real clients write them (rest-api 0.1 to 0.3, 0.13).
//!
//! Repeated slashes are merged, any number of leading `/services/api` and a
//! slash at the end are taken away. Percent-encoding stays as it is, and U+0000 is refused.

use super::error::ApiError;
use crate::domain;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::Next;

/// The prefix of the gateway that clients write once, twice, or not at all.
const PREFIX: &str = "/services/api";

/// Brings the address of a request into its one form, before it is routed.
pub async fn normalize<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.uri().path_and_query().is_some_and(|text| text.as_str().contains("%00")) {
        // PostgreSQL cannot store it, so no site takes it.
        return Err(ApiError(domain::Error::invalid("address", "U+0000 is no text").into()).into());
    }
    if let Some(path) = normal(request.uri().path())
        && let Some(uri) = with_path(request.uri(), &path)
    {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    next.call(request).await
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

/// The one form of a path, unless it has it already.
fn normal(path: &str) -> Option<String> {
    let crooked =
        path.contains("//") || (path.len() > 1 && path.ends_with('/')) || path.starts_with(PREFIX);
    if !crooked {
        return None;
    }
    let mut merged = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        merged.push('/');
        merged.push_str(segment);
    }
    let mut rest = merged.as_str();
    while let Some(after) = rest.strip_prefix(PREFIX) {
        // `/services/apiary` is another path.
        if !after.is_empty() && !after.starts_with('/') {
            break;
        }
        rest = after;
    }
    Some(if rest.is_empty() { "/".to_owned() } else { rest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// rest-api 0.1, 0.2, 0.3, 0.13: every spelling leads to one path.
    #[test]
    fn every_spelling_leads_to_one_path() {
        let wanted = "/smart-accounts-and-licensing/v2/accounts";
        for spelling in [
            "/services/api/smart-accounts-and-licensing/v2/accounts",
            "//services/api/smart-accounts-and-licensing/v2/accounts",
            "/services/api/services/api/smart-accounts-and-licensing/v2/accounts",
            "/services/api//services/api//smart-accounts-and-licensing///v2/accounts//",
            "/smart-accounts-and-licensing/v2/accounts/",
        ] {
            assert_eq!(normal(spelling).as_deref(), Some(wanted), "{spelling}");
        }
        assert_eq!(normal(wanted), None);
        assert_eq!(normal("/"), None);
        assert_eq!(normal("//").as_deref(), Some("/"));
        assert_eq!(normal("/services/api").as_deref(), Some("/"));
        assert_eq!(normal("/services/apiary/x").as_deref(), Some("/services/apiary/x"));
        assert_eq!(normal("/a%2F%2Fb%20c/").as_deref(), Some("/a%2F%2Fb%20c"));
    }

    /// The query is none of the path's business.
    #[test]
    fn the_query_is_kept() {
        let uri: Uri = "http://swapi.cisco.com//x/?a=//b/".parse().unwrap();
        let path = normal(uri.path()).unwrap();
        assert_eq!(with_path(&uri, &path).unwrap(), "http://swapi.cisco.com/x?a=//b/");
    }
}
