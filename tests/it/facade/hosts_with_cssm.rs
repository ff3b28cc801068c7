//! A meetings server whose host licenses CSSM counts, from its installation to its end.

use crate::scenarios::grounds::HundredHosts;
use crate::scenarios::{V1, figures, token};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::facade::{TestFacade, product};
use chrono::TimeDelta;
use serde_json::{Value, json};

on_both_databases!(a_meetings_server_from_beginning_to_end);

const LICENSES: &str = "/system/licenses";
const HOST: &str = "Meetings Host";

async fn press(admin: &Browser, page: &str, form: &str) -> Page {
    admin.submit(admin.get(page).await.form(&format!("form[action$='{form}']"))).await
}

async fn renew(admin: &Browser) -> Page {
    let page = press(admin, "/system/licenses/authorization", "/renew").await;
    assert!(page.text().contains("The authorization is renewed."), "{}", page.text());
    page
}

fn emails(of: std::ops::RangeInclusive<u32>) -> Vec<String> {
    of.map(|n| format!("host{n:03}@lab.example")).collect()
}

async fn registers(app: &TestApp, admin: &Browser) {
    let tokyo = token(&app.rest_as("ann").await, "Tokyo", json!({})).await;
    let form = admin.get(LICENSES).await.form("form[action$='/register']");
    let page = admin.submit(form.set("token", &tokyo)).await;
    assert!(page.text().contains("The product is registered."), "{}", page.text());
}

/// 120 users who have been imported at once, each of whom hosts.
async fn host(facade: &TestFacade, admin: &Browser) {
    let form = admin.get("/users/add").await.form("main form");
    let page = admin.submit(form.set("users", &emails(1..=120).join("\n"))).await;
    assert!(page.text().contains("120 users are added."), "{}", page.text());
    let bearer = facade.bearer().await;
    let all = json!({"users": emails(1..=120)});
    let hosted = facade.hosts(&bearer, "POST", "/hosting", &all).await;
    assert_eq!((hosted.status, &hosted.json["report_problem"]), (200, &Value::Null), "{hosted:?}");
    assert_eq!(hosted.json["assigned"]["permanent"], 120);
}

async fn moves_twenty(app: &TestApp) {
    let ulf = app.rest_as("ulf").await;
    let body = json!({"licenses":[{"license":HOST,"licenseType":"PERPETUAL","quantity":20,
        "targetVirtualAccount":"Tokyo","precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/Vault/licenses/transfer");
    let moved = ulf.post(&path, &body).await;
    assert_eq!(moved.json["status"], "SUCCESS", "{moved:?}");
}

async fn in_tokyo(app: &TestApp) -> (i64, i64, i64, String) {
    figures(&app.rest_as("ann").await, "Tokyo", HOST).await
}

/// Nothing but licensing works, and every other page says so.
async fn is_closed(facade: &TestFacade, admin: &Browser) {
    for path in ["/", "/users", "/users/add", "/users/host001@lab.example", "/host-licenses"] {
        let page = admin.get(path).await;
        assert_eq!(page.path, LICENSES, "{path}");
        assert!(page.text().contains("only license management works"), "{}", page.text());
    }
    let bearer = facade.bearer().await;
    let all = json!({"users": emails(1..=1)});
    let refused = facade.hosts(&bearer, "POST", "/hosting", &all).await;
    assert_eq!(
        (refused.status, &refused.json["type"]),
        (409, &json!("urn:syncom:problem:only-licensing"))
    );
    let user = facade.hosts(&bearer, "GET", "/users/host001@lab.example", &Value::Null).await;
    assert_eq!(user.json["license"]["kind"], "expired");
}

/// AS-60, HL-9, F-HL-02, F-HL-17, F-HL-18, X-05: 40 days of evaluation used, 120 hosts on 100
/// licenses, 20 moved in, left on day 200: 50 days are left, and at their end only licensing
/// works; registered again, everybody hosts as before.
async fn a_meetings_server_from_beginning_to_end(ground: &HundredHosts) {
    let app = &ground.0;
    let folder = tempfile::tempdir().unwrap();
    let device = product("cwms", &app.url());
    let facade = TestFacade::start(device, folder.path(), &app.running.clock);
    let admin = facade.sign_in().await;
    assert!(admin.get("/host-licenses").await.text().contains("2026-04-05 09:00"), "90 days");
    app.advance(TimeDelta::days(40));
    assert!(admin.get(LICENSES).await.text().contains("50 days"), "40 of 90 are used");
    registers(app, &admin).await;
    host(&facade, &admin).await;
    assert_eq!(in_tokyo(app).await, (100, 120, -20, "Out Of Compliance".into()));
    let page = admin.get(LICENSES).await;
    assert!(page.text().contains("Out of compliance"), "{}", page.text());
    assert!(admin.get("/meetings").await.text().contains("120 scheduled or under way"));

    moves_twenty(app).await;
    assert!(renew(&admin).await.text().contains("Authorized"));
    assert_eq!(in_tokyo(app).await, (120, 120, 0, "In Compliance".into()));
    // Day 40 + 5 times 32 = day 200; it reports on the way.
    for _ in 0..5 {
        app.advance(TimeDelta::days(32));
        renew(&admin).await;
    }
    let page = press(&admin, "/system/licenses/registration/deregister", "/deregister").await;
    assert!(page.text().contains("The product is de-registered."), "{}", page.text());
    assert!(page.text().contains("50 days"), "{}", page.text());
    assert_eq!(in_tokyo(app).await.1, 0);
    assert!(admin.get("/users").await.text().contains("Trial"), "assignments stay");

    app.advance(TimeDelta::days(50) - TimeDelta::seconds(1));
    assert_eq!(admin.get("/users").await.path, "/users");
    app.advance(TimeDelta::seconds(1));
    is_closed(&facade, &admin).await;
    registers(app, &admin).await;
    assert_eq!(in_tokyo(app).await, (120, 120, 0, "In Compliance".into()));
    assert_eq!(admin.get("/users").await.path, "/users");
    facade.stop().await;
}
