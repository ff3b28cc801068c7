//! The JSON of host licenses: strict, and each rule with its status.

use crate::support::app::{T0, instant};
use crate::support::facade::{TestFacade, product, trusting};
use crate::support::rest::Answer;
use serde_json::{Value, json};
use syncom::clock::Clock;
use syncom::device::situations::portal::license;

struct Lab {
    facade: TestFacade,
    bearer: String,
    clock: Clock,
    _folder: tempfile::TempDir,
}

impl Lab {
    async fn new(device: syncom::device::Device) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::frozen(instant(T0));
        let facade = TestFacade::start(device, folder.path(), &clock);
        let bearer = facade.bearer().await;
        Self { facade, bearer, clock, _folder: folder }
    }

    async fn of(profile: &str) -> Self {
        crate::support::app::install_crypto();
        Self::new(product(profile, "http://127.0.0.1:9")).await
    }

    async fn calls(&self, method: &str, path: &str, body: Value) -> Answer {
        self.facade.hosts(&self.bearer, method, path, &body).await
    }

    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.calls(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        answer.json
    }

    async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, String, String) {
        let answer = self.calls(method, path, body).await;
        let text = |key: &str| answer.json[key].as_str().unwrap_or_default().to_owned();
        let code = text("type").replace("urn:syncom:problem:", "");
        (answer.status, code, text("detail"))
    }

    async fn adds(&self, names: &[&str]) {
        let users: Vec<Value> = names.iter().map(|name| json!({"email": at(name)})).collect();
        self.done("POST", "/users", json!({"users": users})).await;
    }
}

fn at(name: &str) -> String {
    format!("{name}@lab.example")
}

fn named(names: &[&str]) -> Value {
    json!({"users": names.iter().map(|name| at(name)).collect::<Vec<_>>()})
}

/// HL-11, F-HL-04, F-HL-05, F-HL-06: a demonstration beside permanent licenses, the directory, and
/// who holds what on the day after.
#[actix_web::test]
async fn a_demonstration_ends_over_http() {
    let lab = Lab::of("cwms2").await;
    lab.done("POST", "/licenses", json!({"kind": "permanent", "count": 2})).await;
    lab.done("POST", "/trial/end", Value::Null).await;
    lab.adds(&["a", "b"]).await;
    let remote = json!({"users": [{"email": at("c"), "name": "Cara", "active": true}]});
    lab.done("PUT", "/directory", remote).await;
    lab.done("POST", "/hosting", named(&["a", "b"])).await;
    lab.done("POST", "/licenses", json!({"kind": "demonstration", "count": 2, "days": 30})).await;
    let whole = lab.done("POST", "/hosting", named(&["c"])).await;
    assert_eq!(whole["assigned"]["demonstration"], 1);
    assert_eq!(whole["managed"], json!({"local": 2, "remote": 1}));
    lab.clock.advance(chrono::TimeDelta::days(30));
    let whole = lab.done("GET", "", Value::Null).await;
    assert_eq!((&whole["bought"], &whole["free"]), (&json!(2), &json!(0)));
    assert_eq!(whole["demonstrations"], json!([]));
    assert_eq!(
        whole["assigned"],
        json!({"permanent":2,"trial":0,"grace":0,"demonstration":0,
        "expired":1})
    );
    let (status, code, detail) = lab.refused("POST", "/hosting", named(&["c"])).await;
    assert_eq!((status, code.as_str()), (409, "license-expired"), "{detail}");
    let (status, code, _) =
        lab.refused("PATCH", &format!("/users/{}", at("c")), json!({"active": false})).await;
    assert_eq!((status, code.as_str()), (409, "conflict"), "the directory decides");
    lab.done("PUT", "/directory", json!({"users": []})).await;
    let user = lab.done("GET", &format!("/users/{}", at("c")), Value::Null).await;
    assert_eq!((&user["active"], &user["license"]), (&json!(false), &Value::Null));
    assert_eq!(user["if_hosts_now"]["allowed"], false);
    let log = lab.done("GET", "/log", Value::Null).await;
    assert_eq!(
        log["log"][0]["text"],
        "c@lab.example was deactivated and released the expired license"
    );
    lab.facade.stop().await;
}

/// HL-8, F-HL-02, X-16: an evaluation of 90 times 24 hours, from the installation.
#[actix_web::test]
async fn an_evaluation_ends_over_http() {
    let lab = Lab::of("cwms").await;
    lab.adds(&["a"]).await;
    let whole = lab.done("GET", "", Value::Null).await;
    assert_eq!(
        (&whole["licensing"], &whole["trial_ends"]),
        (&json!("evaluation"), &json!("2026-04-05T09:00:00Z"))
    );
    lab.clock.set(instant("2026-04-05T08:59:59Z"));
    lab.done("POST", "/hosting", named(&["a"])).await;
    lab.clock.set(instant("2026-04-05T09:00:00Z"));
    let (status, code, detail) = lab.refused("POST", "/hosting", named(&["a"])).await;
    assert_eq!((status, code.as_str()), (409, "only-licensing"), "{detail}");
    assert_eq!(lab.done("GET", "", Value::Null).await["licensing"], "evaluation_over");
    // A later release begins another one, and keeps who has a license.
    let whole = lab.done("POST", "/upgrade", json!({"release": "4.1"})).await;
    assert_eq!(
        (&whole["trial_ends"], &whole["assigned"]["trial"]),
        (&json!("2026-07-04T09:00:00Z"), &json!(1))
    );
    lab.facade.stop().await;
}

/// HL-10, F-HL-18, X-05: by reservation, no more than is reserved.
#[actix_web::test]
async fn a_reservation_is_a_limit_over_http() {
    let (device, portal) = trusting("cwms");
    let tag = device.state().profile.licenses[0].tag.clone();
    let sudi = device.state().product.sudi.clone();
    let lab = Lab::new(device).await;
    let names: Vec<String> = (0..=100).map(|n| format!("u{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    lab.adds(&names).await;
    let code = portal.specific(&sudi, instant(T0), &[license(&tag, 100, None)]).unwrap();
    let code = json!(code).to_string();
    for (method, path, body) in [
        ("PUT", "licensing/reservation/mode", "true"),
        ("POST", "licensing/reservation/request", ""),
        ("POST", "licensing/reservation/complete", &code),
    ] {
        let answer = lab.facade.call(&lab.bearer, method, path, body).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
    }
    let whole = lab.done("POST", "/reserve", named(&names[..100])).await;
    assert_eq!(
        (&whole["licensing"], &whole["assigned"]["permanent"]),
        (&json!("reserved"), &json!(100))
    );
    let (status, code, detail) = lab.refused("POST", "/hosting", named(&["u100"])).await;
    assert_eq!((status, code.as_str()), (409, "no-license"));
    assert!(detail.contains("100 of 100 reserved licenses are assigned"), "{detail}");
    let features = lab.facade.status(&lab.bearer).await;
    assert_eq!(features["features"][0]["in_use"], 100);
    let by_hand = json!({tag: 1}).to_string();
    let refused = lab.facade.call(&lab.bearer, "PATCH", "licensing/features", &by_hand).await;
    assert_eq!(refused.status, 400, "the count follows the users: {refused:?}");
    lab.facade.stop().await;
}

/// HL-6, HL-7, F-HL-12, F-HL-13, F-HL-14: meetings.
#[actix_web::test]
async fn meetings_over_http() {
    let lab = Lab::of("cwms").await;
    lab.adds(&["h", "a"]).await;
    let new = json!({"topic": "Weekly", "host": at("h"), "alternate": at("a"),
        "starts": "2026-01-05T10:00:00Z", "minutes": 30});
    let meeting = lab.done("POST", "/meetings", new).await;
    assert_eq!((&meeting["number"], &meeting["ends"]), (&json!(1), &json!("2026-01-05T10:30:00Z")));
    let present =
        |names: &[&str]| json!({"present": names.iter().map(|name| at(name)).collect::<Vec<_>>()});
    let early = lab.refused("POST", "/meetings/1/start", present(&["h"])).await;
    assert!(early.2.contains("begins at 2026-01-05 10:00"), "{early:?}");
    lab.clock.set(instant("2026-01-05T10:00:00Z"));
    let absent = lab.refused("POST", "/meetings/1/start", present(&["a"])).await;
    assert_eq!(absent.1, "host-without-license");
    lab.done("POST", "/reserve", named(&["h"])).await;
    let whole = lab.done("POST", "/meetings/1/start", present(&["a"])).await;
    assert_eq!(whole["assigned"]["trial"], 2);
    lab.done("POST", "/hosting", named(&["h", "h"])).await;
    let third = lab.refused("POST", "/hosting", named(&["h"])).await;
    assert_eq!((third.0, third.1.as_str()), (409, "two-meetings"));
    lab.done("POST", "/meetings/2/end", Value::Null).await;
    lab.clock.set(instant("2026-01-05T10:30:00Z"));
    let meetings = lab.done("GET", "/meetings", Value::Null).await;
    assert_eq!(meetings["meetings"][0]["phase"], "ended", "at its planned end");
    assert_eq!(meetings["meetings"][2]["hosted_by"], at("h"));
    lab.facade.stop().await;
}

/// F-HL-19: sizes and data centres.
#[actix_web::test]
async fn sizes_over_http() {
    let lab = Lab::of("cwms").await;
    let extended = || json!({"size": "extended"});
    assert_eq!(lab.refused("PUT", "/size", extended()).await.1, "size");
    lab.done("PUT", "/size", json!({"size": "large"})).await;
    assert_eq!(lab.refused("PUT", "/size", extended()).await.1, "no-capacity-license");
    lab.done("POST", "/licenses", json!({"kind": "extended_capacity"})).await;
    let whole = lab.done("PUT", "/size", extended()).await;
    assert_eq!(whole["capacity"]["ports"], 4000);
    lab.done("PUT", "/size", json!({"size": "large"})).await;
    let join = json!({"name": "South", "users": [{"email": at("s"), "hosts": true}]});
    let trial = lab.refused("POST", "/join", join).await;
    assert!(trial.2.contains("no trial for several data centres"), "{trial:?}");
    lab.facade.stop().await;
}

/// Method, path and body; the status that they get, and words of it.
type Wrong = (&'static str, &'static str, Value, u16, &'static str);

fn wrong() -> Vec<Wrong> {
    vec![
        ("POST", "/users", json!({"users": [{"email": "nobody"}]}), 400, "must be an address"),
        ("POST", "/users", json!({"users": [{"email": at("b"), "rule": 1}]}), 400, "unknown field"),
        ("POST", "/users", json!({"users": []}), 400, "must be from 1 to 1000"),
        ("POST", "/users", json!({"users": [{"email": at("a")}]}), 409, "is a user already"),
        ("POST", "/users", Value::Null, 400, "body: "),
        ("GET", "/users?rows=9", Value::Null, 400, "rows: it is not known"),
        ("GET", "/users/nobody@lab.example", Value::Null, 404, "There is no user"),
        ("GET", "/users/nobody", Value::Null, 400, "must be an address"),
        ("PATCH", "/users/a@lab.example", json!({}), 400, "one of active and role"),
        ("PATCH", "/users/a@lab.example", json!({"active": true}), 409, "is active already"),
        ("PATCH", "/users/a@lab.example", json!({"role": "boss"}), 400, "unknown variant `boss`"),
        ("POST", "/hosting", json!({"users": [at("x")]}), 404, "There is no user"),
        ("POST", "/meetings/x/start", json!({"present": []}), 400, "must be a whole number"),
        ("POST", "/meetings/9/end", Value::Null, 404, "There is no meeting 9"),
        (
            "POST",
            "/meetings",
            json!({"topic": "t", "host": at("a"), "minutes": 0}),
            400,
            "minutes: ",
        ),
        ("POST", "/licenses", json!({"kind": "permanent", "count": 1}), 409, "not installed here"),
        ("POST", "/trial/end", Value::Null, 409, "There is no trial"),
        ("PUT", "/settings", json!({"grace_upgrade": "never"}), 400, "unknown variant `never`"),
        ("PUT", "/size", json!({"size": "huge"}), 400, "unknown variant `huge`"),
        ("POST", "/upgrade", json!({"release": "4"}), 400, "must be like 4.0"),
        ("POST", "/upgrade", json!({"release": "4.0"}), 400, "must be later than 4.0"),
        ("DELETE", "/users", Value::Null, 405, "method DELETE"),
        ("GET", "/other", Value::Null, 404, "/_syncom/hosts/other"),
    ]
}

/// Bad input of every kind is named, and never our fault.
#[actix_web::test]
async fn what_does_not_fit_is_named() {
    let lab = Lab::of("cwms").await;
    lab.adds(&["a"]).await;
    for (method, path, body, status, words) in wrong() {
        let refused = lab.refused(method, path, body).await;
        assert_eq!(refused.0, status, "{method} {path}: {refused:?}");
        assert!(refused.2.contains(words), "{method} {path}: {refused:?}");
    }
    let stranger = lab.facade.hosts("", "GET", "", &Value::Null).await;
    assert_eq!(
        (stranger.status, &stranger.json["type"]),
        (401, &json!("urn:syncom:problem:not-signed-in"))
    );
    lab.facade.stop().await;
    let lab = Lab::of("webex").await;
    let none = lab.refused("GET", "", Value::Null).await;
    assert!(none.0 == 404 && none.2.contains("profile webex; cwms has them"), "{none:?}");
    lab.facade.stop().await;
}
