//! Control Hub and Partner Hub: organizations, who reaches them, the languages.

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use serde_json::json;

on_both_databases!(
    everybody_is_led_to_their_organizations,
    roles_are_given_and_taken_by_a_full_admin,
    nobody_else_gives_roles,
    a_role_is_checked_field_by_field,
    scripts_give_and_take_roles,
    the_hub_speaks_dutch,
);

/// The names of the organizations that somebody can choose.
async fn chosen(browser: &Browser) -> Vec<String> {
    browser.get("/hub").await.texts(".cards h2")
}

/// Fills the form that gives a role.
async fn give(browser: &Browser, user: &str, role: &str, customer: &str) -> Page {
    let form = browser.get("/hub/relay/people/new").await.form("main form");
    let form = form.set("user", user).set("role", role).set("customer", customer);
    browser.submit(form).await
}

/// AS-58, F-FU-13: partners first, a sales admin's partner too, and nothing to those without a
/// role; what is not theirs is not there.
async fn everybody_is_led_to_their_organizations(app: &TestApp) {
    for (who, expected) in [
        ("paula", &["Relay Partners"][..]),
        ("frank", &["Relay Partners"]),
        ("sally", &["Relay Partners", "Altair Shipping", "Vega Foods"]),
        ("rita", &["Relay Partners"]),
        ("vic", &["Vega Foods"]),
    ] {
        let browser = app.sign_in(who).await;
        assert_eq!(chosen(&browser).await, expected, "{who}");
        let home = browser.get("/").await;
        assert_eq!(home.attributes("main a[href='/hub']", "href").len(), 1, "{who}");
    }
    let ann = app.sign_in("ann").await;
    assert!(ann.get("/").await.attributes("main a[href='/hub']", "href").is_empty());
    assert!(ann.get("/hub").await.text().contains("No organization"));
    let vic = app.sign_in("vic").await;
    assert_eq!(vic.get("/hub/vega/activity").await.status, 200);
    for path in ["/hub/altair/activity", "/hub/relay/activity", "/hub/nobody/activity"] {
        let gone = vic.get(path).await;
        assert_eq!(gone.status, 404, "{path}: {}", gone.text());
    }
    assert_eq!(app.sign_in("sally").await.get("/hub/vega/activity").await.status, 403);
}

/// AS-58: a role counts from the next click on, both steps are in the log of the partner.
async fn roles_are_given_and_taken_by_a_full_admin(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    let bob = app.sign_in("bob").await;
    assert!(chosen(&bob).await.is_empty());
    let listed = give(&paula, "bob", "Sales admin", "deneb").await;
    assert!(listed.text().contains("bob is Sales admin of Deneb Schools."), "{}", listed.text());
    assert_eq!(chosen(&bob).await, ["Relay Partners", "Deneb Schools"]);
    let again = give(&paula, "bob", "Sales admin", "deneb").await;
    let rows = again.table("User");
    assert_eq!(rows.iter().filter(|row| row[0] == "bob").count(), 1, "{rows:?}");

    let own = again.attributes("tbody a[href$='/remove']", "href");
    let index = rows.iter().position(|row| row[0] == "bob").unwrap();
    let question = paula.get(&own[index]).await;
    let gone = paula.submit(question.form("main form")).await;
    assert!(gone.text().contains("bob is not Sales admin of Deneb Schools any more."));
    assert!(chosen(&bob).await.is_empty());
    let log = paula.get("/hub/relay/activity").await.table("Message");
    let facts: Vec<_> = log.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
    assert_eq!(
        facts,
        [
            ("bob is not Sales admin of Deneb Schools any more.", "paula"),
            ("bob is Sales admin of Deneb Schools.", "paula"),
        ]
    );
}

/// AS-58: the matrix; the last Full admin stays.
async fn nobody_else_gives_roles(app: &TestApp) {
    for (who, status) in [("frank", 403), ("rita", 403), ("sally", 404), ("vic", 404), ("ann", 404)]
    {
        let page = app.sign_in(who).await.get("/hub/relay/people").await;
        assert_eq!(page.status, status, "{who}: {}", page.text());
        let body = json!({"user":"bob","role":"Full admin"});
        let answer = app.rest_as(who).await.post("/_syncom/hub/relay/roles", &body).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text);
    }
    let stranger = app.rest().get("/_syncom/hub").await;
    assert_eq!(stranger.status, 401, "{}", stranger.text);
    let paula = app.sign_in("paula").await;
    let people = paula.get("/hub/relay/people").await;
    let index = people.table("User").iter().position(|row| row[1] == "Full admin").unwrap();
    let own = people.attributes("tbody a[href$='/remove']", "href");
    let question = paula.get(&own[index]).await;
    let refused = paula.submit(question.form("main form")).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("paula is the last Full admin"), "{}", refused.text());
}

/// AS-58: what is wrong stands beside its field, and what was typed stays.
async fn a_role_is_checked_field_by_field(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    for (user, role, customer, said) in [
        ("nobody", "Full admin", "", "Nobody signs in as 'nobody'"),
        ("bob", "Full admin", "vega", "Full admin is a role at a partner"),
        ("bob", "Customer admin", "", "Customer admin is a role at a customer"),
    ] {
        let refused = give(&paula, user, role, customer).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert!(refused.text().contains(said), "{}", refused.text());
        let form = refused.form("main form");
        assert_eq!((form.value("user"), form.value("role")), (Some(user), Some(role)));
    }
    let rest = app.rest_as("paula").await;
    for (body, field) in [
        (json!({"user":"bob","role":"King"}), "role"),
        (json!({"user":"bob","role":"Customer admin","customer":"terra"}), "customer"),
        (json!({"user":"bob","role":"Full admin","rank":1}), "rank"),
        (json!({"role":"Full admin"}), "user"),
    ] {
        let refused = rest.post("/_syncom/hub/relay/roles", &body).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains(field), "{field}: {}", refused.text);
    }
}

/// AS-58: the same for scripts.
async fn scripts_give_and_take_roles(app: &TestApp) {
    let rest = app.rest_as("paula").await;
    let body = json!({"user":"tom","role":"Customer admin","customer":"mira"});
    let given = rest.post("/_syncom/hub/relay/roles", &body).await;
    assert_eq!(given.status, 201, "{}", given.text);
    let tom = app.rest_as("tom").await.get("/_syncom/hub").await.json;
    let own = json!([{"key":"mira","name":"Mira Clinics","kind":"customer",
        "roles":["Customer admin"]}]);
    assert_eq!(tom["organizations"], own);
    let roles = rest.get("/_syncom/hub/relay/roles").await.json;
    let held = roles["roles"].as_array().unwrap().iter().find(|role| role["user"] == "tom");
    let path = format!("/_syncom/hub/relay/roles/{}", held.unwrap()["id"].as_str().unwrap());
    assert_eq!(rest.delete(&path).await.status, 200);
    assert_eq!(rest.delete(&path).await.status, 404);
    let log = rest.get("/_syncom/hub/relay/events?rows=1").await.json;
    assert_eq!(log["events"][0]["kind"], "role_taken", "{log}");
    assert_eq!(rest.get("/_syncom/hub/relay/events?rows=0").await.status, 400);
}

/// F-FU-03: the choice of a language stays, and leads nowhere but to this site.
async fn the_hub_speaks_dutch(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    let english = paula.get("/hub/relay/people").await;
    assert_eq!(english.attributes("html", "lang"), ["en"]);
    let dutch = paula.get(&english.link("Nederlands")).await;
    assert_eq!((dutch.path.as_str(), dutch.one("h1")), ("/hub/relay/people", "Beheerders".into()));
    assert_eq!(dutch.attributes("html", "lang"), ["nl"]);
    assert_eq!(paula.get("/hub/relay/activity").await.one("h1"), "Activiteit");
    assert_eq!(paula.get("/sa/lab.example/alerts").await.status, 404, "no account is hers");
    let back = paula.get("/hub/language/en?next=//evil.example").await;
    assert_eq!((back.path.as_str(), back.one("h1")), ("/hub", "Organizations".into()));
    assert_eq!(paula.get("/hub/language/de").await.status, 404);
}
