//! No route of the portal or of the API answers a stranger, the next one included: the routes
//! are read from the files that mount them.

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::databases::{Database, run};
use serde_json::json;
use std::collections::BTreeSet;

const PAGES: &str = include_str!("../../src/web/pages/cssm/mod.rs");
const HUB: &str = include_str!("../../src/web/pages/hub/mod.rs");
const FLEX: &str = include_str!("../../src/web/pages/flex/mod.rs");
const USAGE: &str = include_str!("../../src/web/pages/hub/usage/mod.rs");
const BOTH: &str = include_str!("../../src/web/pages/licensing.rs");
const ON_PREM: &str = include_str!("../../src/web/pages/satellite/mod.rs");
const REST: &str = include_str!("../../src/web/rest/mod.rs");
/// What strangers are for.
const OPEN: [&str; 5] =
    ["/login", "/logout", "/password/forgot", "/password/reset", "/hub/language/nl"];

/// A method and a path, its parameters filled in.
type Route = (&'static str, String);

fn filled(path: &str) -> String {
    let id = "00000000-0000-7000-8000-000000000000";
    let path = path.replace("{domain}", "lab.example").replace("{type}", "customer");
    path.replace("{va}", "100002")
        .replace("{id}", id)
        .replace("{number}", "1")
        .replace("{kind}", "full")
        .replace("{key}", "relay")
        .replace("{code}", "nl")
        .replace("{customer}", "vega")
}

/// The text between the first pair of quotes.
fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// `.route("/path", get()…)`, `.route(&at("rest"), post()…)` and `.route(LIST, get()…)`.
fn pages(file: &'static str) -> BTreeSet<Route> {
    let (mut base, mut slash, mut routes) = ("", "", BTreeSet::new());
    for line in file.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("const ").and_then(quoted) {
            base = text;
        } else if line.starts_with("let at =") {
            slash = if line.contains("}/{") { "/" } else { "" };
        }
        for part in line.split(".route(").skip(1) {
            let method = if part.contains(", get()") { "GET" } else { "POST" };
            let path = match part.split(',').next().unwrap() {
                at if at.starts_with("&at(") => format!("{base}{slash}{}", quoted(at).unwrap()),
                literal if literal.starts_with('"') => quoted(literal).unwrap().to_owned(),
                _ => base.to_owned(),
            };
            routes.insert((method, filled(&path)));
        }
    }
    routes
}

/// The calls of every version, and those of one.
fn calls() -> BTreeSet<Route> {
    let api = "/services/api/smart-accounts-and-licensing/v1";
    let mut routes = BTreeSet::new();
    for call in REST.split("\"/accounts").skip(1) {
        let rest = call.split('"').next().unwrap();
        let path = filled(&format!("{api}/accounts{rest}")).replace("{{", "{");
        let methods = call.split('"').nth(1).unwrap();
        for (word, method) in [("web::get()", "GET"), ("web::post()", "POST")] {
            if methods.contains(word) && !path.contains('{') {
                routes.insert((method, path.clone()));
            }
        }
    }
    for line in REST.lines().map(str::trim).filter(|line| line.contains("\", web::post().to(")) {
        let action = quoted(line).filter(|action| !action.starts_with('/'));
        let base = format!("{api}/accounts/lab.example/virtual-accounts/Berlin");
        routes.extend(action.map(|action| ("POST", format!("{base}/{action}"))));
    }
    routes
}

/// A person is led to the login; a form that no page of ours made changes nothing.
#[actix_web::test]
async fn every_page_turns_strangers_away() {
    run(Database::sqlite(), async |app: &TestApp| {
        let (cloud, on_prem, both) = (pages(PAGES), pages(ON_PREM), pages(BOTH));
        let flex = pages(FLEX);
        assert!(flex.len() >= 23, "only {} routes were read: {flex:#?}", flex.len());
        let hub: BTreeSet<Route> = pages(HUB).into_iter().chain(pages(USAGE)).collect();
        assert!(hub.len() >= 18, "only {} routes were read: {hub:#?}", hub.len());
        assert!(both.len() >= 66, "only {} routes were read: {both:#?}", both.len());
        assert!(cloud.len() >= 23, "only {} routes were read", cloud.len());
        assert!(on_prem.len() >= 60, "only {} routes were read: {on_prem:#?}", on_prem.len());
        let hub = hub.iter().chain(&flex);
        let cloud = cloud.iter().chain(&both).chain(hub).map(|route| (app.url(), route));
        let on_prem = on_prem.iter().chain(&both).map(|route| (app.satellite_url(), route));
        let closed = |(_, (_, path)): &(String, &Route)| !OPEN.contains(&&path[..]);
        for (site, (method, path)) in cloud.chain(on_prem).filter(closed) {
            let stranger = Browser::new(&site);
            let page = match *method {
                "GET" => stranger.get(path).await,
                _ => stranger.post(path, &[("csrf", "guessed")]).await,
            };
            let away = page.path.starts_with("/login") || [401, 403].contains(&page.status);
            assert!(away, "{method} {path}: {} {}", page.status, page.text());
        }
    })
    .await;
}

/// Without a bearer every call is a 401 in JSON, whatever else is wrong with it.
#[actix_web::test]
async fn every_call_turns_strangers_away() {
    run(Database::sqlite(), async |app: &TestApp| {
        let routes = calls();
        assert!(routes.len() >= 18, "only {} routes were read: {routes:#?}", routes.len());
        let rest = app.rest();
        for (method, path) in &routes {
            let answer = match *method {
                "GET" => rest.get(path).await,
                _ => rest.post(path, &json!({})).await,
            };
            assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
            assert!(answer.json.is_object(), "{method} {path}: {}", answer.text);
        }
    })
    .await;
}
