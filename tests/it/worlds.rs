//! Sites and worlds: what one has, another does not.

use crate::support::app::{TestApp, instant};
use crate::support::databases::{Database, Ground as _, on_both_databases};
use serde_json::{Value, json};
use syncom::lab::worlds::World;

on_both_databases!(sites_know_nothing_of_each_other, worlds_know_nothing_of_each_other);

const TOKENS: &str = "/services/api/smart-accounts-and-licensing/v1/accounts/lab.example\
                      /virtual-accounts/Berlin/tokens";
const WORLD: &str = "X-Syncom-World";

/// Gets a path of a site, in a world if one is named.
async fn get(base: &str, path: &str, world: Option<&str>, bearer: Option<&str>) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.get(format!("{base}{path}"));
    if let Some(world) = world {
        request = request.header(WORLD, world);
    }
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// A credential, a session and a token of one site open nothing on the other.
async fn sites_know_nothing_of_each_other(app: &TestApp) {
    let ann = app.rest_as("ann").await;
    ann.post(TOKENS, &json!({"expiresAfterDays": 30, "description": "ours"})).await;
    let (status, _) = get(&app.satellite_url(), TOKENS, None, ann.bearer()).await;
    assert!([401, 404].contains(&status), "{status}");
    let (status, _) = get(&app.satellite_url(), "/sa/lab.example/on-prem", None, None).await;
    assert_eq!(status, 404, "the satellite has none of what is CSSM's alone");
    for (base, site) in [(app.url(), "cssm"), (app.satellite_url(), "sat-a")] {
        assert_eq!(get(&base, "/_syncom/health", None, None).await.1["site"], site);
    }
    let satellite = &app.running.site("sat-a").unwrap().engine;
    assert!(!satellite.token_works(app.lab().token.as_deref().unwrap()).await.unwrap());
}

/// Another world has its own clock, people and tokens; an unknown one is an error and never
/// the default one.
async fn worlds_know_nothing_of_each_other(app: &TestApp) {
    let other = TestApp::start(Database::sqlite(), |config| {
        config.seed = Some("another".into());
    })
    .await;
    other.set_clock("2027-06-01T00:00:00Z");
    let theirs = other.running.worlds.get("default").unwrap();
    app.running.worlds.add(World { name: "theirs".into(), ..theirs });

    let now = async |world| get(&app.url(), "/_syncom/ready", world, None).await.1["now"].clone();
    assert_eq!(now(None).await, app.now().iso());
    assert_eq!(now(Some("theirs")).await, instant("2027-06-01T00:00:00Z").iso());
    let (status, _) = get(&app.url(), "/_syncom/ready", Some("nowhere"), None).await;
    assert_eq!(status, 404);

    let (ours, their_ann) = (app.rest_as("ann").await, other.rest_as("ann").await);
    ours.post(TOKENS, &json!({"expiresAfterDays": 30, "description": "ours"})).await;
    let listed = async |world, bearer| get(&app.url(), TOKENS, world, bearer).await;
    assert_eq!(listed(None, ours.bearer()).await.1["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(listed(Some("theirs"), their_ann.bearer()).await.1["tokens"], json!([]));
    assert_eq!(listed(Some("theirs"), ours.bearer()).await.0, 401);
    assert_eq!(listed(None, their_ann.bearer()).await.0, 401);
    other.running.stop().await;
}

/// A clock whose setting cannot be kept is not moved: a restart would find another one.
#[actix_web::test]
async fn a_clock_that_cannot_be_kept_stays_where_it_is() {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let world = app.running.worlds.get("default").unwrap();
    let nowhere = std::path::PathBuf::from("/nowhere/clock.json");
    let world = World { clock_file: Some(nowhere), ..world };
    app.running.worlds.add(world);
    let before = app.now();
    let refused = app.rest().post("/_syncom/clock", &json!({"advance":"1d"})).await;
    assert_eq!((refused.status, app.now()), (500, before), "{refused:?}");
    app.leave().await;
}

/// The lab's own endpoints refuse with problem details, also what they do not know.
#[actix_web::test]
async fn the_labs_endpoints_refuse_in_one_shape() {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let client = reqwest::Client::new();
    for (method, path, world) in [
        ("GET", "/_syncom/health", "nowhere"),
        ("GET", "/_syncom/explain?license=CUWL", "nowhere"),
        ("POST", "/_syncom/orders", "nowhere"),
        ("GET", "/_syncom/weather", "default"),
        ("DELETE", "/_syncom/health", "default"),
    ] {
        let url = format!("{}{path}", app.url());
        let request = client.request(method.parse().unwrap(), url).header("X-Syncom-World", world);
        let answer = request.header("Content-Type", "application/json").body("{}").send().await;
        let answer = answer.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), &*kind), (404, "application/problem+json"), "{path}");
    }
    app.leave().await;
}
